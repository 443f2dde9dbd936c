"""The demo company's targets: asked of the region, given to hospitals half-year by half-year, adjusted on the way."""

from collections import Counter
from datetime import date, datetime, timedelta

from repcrm.core.periods import Period
from repcrm.demo.ambition import half_of, has_target, wanted
from repcrm.demo.world import World
from repcrm.targets.grid import Range
from repcrm.targets.service import CellEdit, ask_of_region, assign_targets


def plan_targets(world: World) -> None:
    """Put every half-year's planning on the agenda, the running one's to its end."""
    halves = dict.fromkeys(half_of(month) for month in world.months())
    for half in halves:
        at = max(world.instant(half.from_on - timedelta(days=12), 9), world.instant(world.begins_on, 9))
        for place, code in enumerate(world.products):
            _plan(world, half, code, at + timedelta(minutes=10 * place))
    adjusted_on = half_of(world.month).from_on + timedelta(days=75)
    _adjust(world, world.instant(world.next_working_day(adjusted_on), 14))


def _plan(world: World, half: Period, code: str, at: datetime) -> None:
    def plan() -> None:
        scope = world.scope(world.lead, at.date())
        edits = _cells(world, half, code)
        asked = _asked(world, half, edits)
        ask_of_region(world.session, scope, world.region.id, world.products[code].id, asked, now=at)
        assign_targets(world.session, scope, edits, now=at)

    world.happens(at, plan)


def _cells(world: World, half: Period, code: str) -> list[CellEdit]:
    cells = []
    for month in half.months():
        if month < world.first_month:
            continue
        for hospital in world.hospitals.values():
            packs = wanted(world, hospital, code, month) if has_target(world, hospital, month) else None
            if packs:
                cells.append(CellEdit(hospital.id, world.products[code].id, month.from_on, *packs))
    return cells


def _asked(world: World, half: Period, cells: list[CellEdit]) -> dict[date, Range]:
    """What the company asks: the sum of the hospitals, rounded up to hundreds in the half-year that runs."""
    floor: Counter[date] = Counter()
    stretch: Counter[date] = Counter()
    for cell in cells:
        floor[cell.month_on] += cell.floor_packs
        stretch[cell.month_on] += cell.stretch_packs
    step = 100 if half == half_of(world.month) else 1
    return {month: Range(-(-floor[month] // step) * step, -(-stretch[month] // step) * step) for month in sorted(floor)}


def _adjust(world: World, at: datetime) -> None:
    """Plan the rest of the half-year anew where a hospital is far behind (S20)."""
    months = [month for month in half_of(world.month).months() if month.from_on > at.date() + timedelta(days=12)]
    fixed = {row["hospital"] for row in world.facts.targets}
    hospitals = [hospital for hospital in world.hospitals.values() if hospital.code not in fixed][3::9]

    def adjust() -> None:
        for code, product in world.products.items():
            edits = [
                CellEdit(hospital.id, product.id, month.from_on, round(packs[0] * 0.93), packs[1])
                for hospital in hospitals
                for month in months
                if has_target(world, hospital, month) and (packs := wanted(world, hospital, code, month))
            ]
            if edits:
                scope = world.scope(world.lead, at.date())
                assign_targets(world.session, scope, edits, now=at, reason="季度滚动调整：按上季度达成重新安排")

    world.happens(at, adjust)
