"""What distributors deliver to the demo company's hospitals, and the files in which they say so."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from repcrm.accounts.models import Hospital
from repcrm.core.apportion import apportion
from repcrm.core.periods import Period, PeriodKind
from repcrm.demo.ambition import is_supplied, sold
from repcrm.demo.files import refuse_file, take_file
from repcrm.demo.world import World
from repcrm.sales.models import DeliveryRhythm, Distributor, DistributorTier

DAILY, MONTHLY = "DC01", "DC02"
"""Codes of the distributors: one dates every delivery, one adds up the month."""


@dataclass(frozen=True)
class Delivery:
    """Packs that came to a hospital, and when the distributor tells us."""

    on: date
    told_at: datetime
    hospital: Hospital
    code: str
    packs: int
    value_fen: int | None
    document: str


def plan_flow(world: World) -> None:
    """Put every file on the agenda: the month's on the first of the next, this quarter's every Monday too."""
    daily: dict[Period, list[Delivery]] = {}
    monthly: dict[Period, list[Delivery]] = {}
    for month in world.months():
        daily[month] = sorted(_deliveries(world, month), key=lambda one: (one.on, one.hospital.code, one.code))
        monthly[month] = [one for one in _months_totals(world, month) if month < world.month]
    by_day, by_month = _enter_distributors(world)
    for month, lines in daily.items():
        for at in _posted(world, month):
            _send(world, by_day, month, lines, at)
    late = world.month.previous()
    for month, lines in monthly.items():
        day = month.until_on + timedelta(days=2 if month == late else 0)
        _send(world, by_month, month, lines, world.instant(day, 5, 30))
    spoilt_at = world.instant(world.today - timedelta(days=world.today.weekday() + 7), 8, 40)
    world.happens(spoilt_at, lambda: refuse_file(world, by_day, daily[world.month], spoilt_at))


def late_week(world: World) -> Period:
    """The week of which some deliveries became known only in the middle of the week after."""
    return Period.of(PeriodKind.WEEK, world.today).trail(3)[0]


def late_at(world: World) -> datetime:
    """When they became known."""
    return world.instant(late_week(world).until_on + timedelta(days=2), 9, 10)


def _posted(world: World, month: Period) -> list[datetime]:
    """When the distributor sends a month's file: every Monday lately, yesterday's state, and when the month is over."""
    until_on = min(month.until_on, world.today)
    days = {until_on}
    since_on = world.today - timedelta(weeks=world.size.weeks_frozen + 2)
    days |= {day for day in month.days()[1:] if day.weekday() == 0 and since_on < day <= until_on}
    instants = {world.instant(day, 5, 10) for day in days}
    if late_week(world).from_on.replace(day=1) <= month.from_on <= late_week(world).to_on:
        instants.add(late_at(world))
    return sorted(instants)


def _enter_distributors(world: World) -> list[Distributor]:
    distributors = [
        Distributor(
            code=row["code"], name=row["name"], tier=DistributorTier(row["tier"]),
            rhythm=DeliveryRhythm(row["rhythm"]), due_day=int(row["due_day"]),
        )
        for row in world.facts.distributors
    ]  # fmt: skip
    world.session.add_all(distributors)
    world.session.flush()
    return distributors


def _send(world: World, distributor: Distributor, month: Period, lines: list[Delivery], at: datetime) -> None:
    def send() -> None:
        known = [one for one in lines if one.told_at <= at]
        if known:
            take_file(world, distributor, month, known, at)

    world.happens(at, send)


def _supplied(world: World, distributor: str, month: Period) -> Iterator[tuple[Hospital, str, int]]:
    for hospital in world.hospitals.values():
        if world.hospital_rows[hospital.id]["distributor"] != distributor or not is_supplied(world, hospital, month):
            continue
        for code in world.products:
            if packs := sold(world, hospital, code, month):
                yield hospital, code, packs


def _months_totals(world: World, month: Period) -> Iterator[Delivery]:
    for hospital, code, packs in _supplied(world, MONTHLY, month):
        yield Delivery(month.from_on, world.instant(month.until_on, 0), hospital, code, packs, None, "")


def _deliveries(world: World, month: Period) -> Iterator[Delivery]:
    days = world.working_days(month.from_on, month.until_on)
    for hospital, code, packs in _supplied(world, DAILY, month):
        chance = world.rng("flow", hospital.code, code, month)
        count = min(2 + packs // 120, 6)
        parts = apportion(packs, {day: chance.randrange(6, 15) for day in sorted(chance.sample(days, count))})
        if chance.random() < 0.03:
            yield _delivery(world, hospital, code, days[-1], -max(1, packs // 25), chance)
        for day, part in parts.items():
            if part:
                yield _delivery(world, hospital, code, day, part, chance)


def _delivery(world: World, hospital: Hospital, code: str, day: date, packs: int, chance: Random) -> Delivery:
    told_at = world.instant(day + timedelta(days=1), 4)
    is_late = day in late_week(world) and hospital in list(world.hospitals.values())[4::9]
    value = packs * _price_fen(world, code, day) if chance.random() < 0.7 else None
    number = f"CJ{day:%y%m%d}{chance.randrange(10000):04}"
    return Delivery(day, late_at(world) if is_late else told_at, hospital, code, packs, value, number)


def _price_fen(world: World, code: str, day: date) -> int:
    valid = [
        int(row["price_fen"])
        for row in world.facts.prices
        if row["product"] == code and world.month.trail(int(row["months_ago"]) + 1)[0].from_on <= day
    ]
    return valid[-1]
