"""What the demo company wants of a hospital x product in a month, and what then comes of it."""

from datetime import timedelta

from repcrm.accounts.models import Hospital
from repcrm.core.periods import Period, PeriodKind
from repcrm.demo.world import World

Range = tuple[int, int]

SEASON = {1: 1.04, 2: 0.84, 3: 1.0, 4: 0.98, 5: 0.99, 6: 1.03, 7: 0.97, 8: 0.96, 9: 1.02, 10: 0.93, 11: 1.05, 12: 1.1}
GROWTH = 1.012
"""A month."""


def half_of(month: Period) -> Period:
    """The half-year a month lies in."""
    return Period.of(PeriodKind.HALF, month.from_on)


def wanted(world: World, hospital: Hospital, code: str, month: Period) -> Range | None:
    """Floor and stretch in packs; None before the hospital can order the product."""
    product = world.products[code]
    since_on = world.buying_from.get((hospital.id, product.id))
    if since_on is None or since_on + timedelta(days=10) > month.until_on:
        return None
    running = half_of(world.month)
    place = _months_between(Period.of(PeriodKind.MONTH, running.from_on), month) + 1
    given = {
        int(row["half_month"]): (int(row["floor_packs"]), int(row["stretch_packs"]))
        for row in world.facts.targets
        if (row["hospital"], row["product"]) == (hospital.code, code)
    }
    if given:
        return given[min(place, max(given))] if place >= 0 else _shrunk(given[0], -place)
    chance = world.rng("ambition", hospital.code, code)
    beds = int(world.hospital_rows[hospital.id]["beds"])
    usual = int(next(row for row in world.facts.products if row["code"] == code)["packs_per_1000_beds"])
    size = beds * usual / 1000 * chance.uniform(0.55, 1.2)
    floor = size * SEASON[month.from_on.month] * GROWTH**place
    step = 10 if floor > 100 else 5 if floor > 40 else 1
    floor = max(step, round(floor / step) * step)
    return int(floor), int(round(floor * chance.uniform(1.1, 1.25) / step) * step)


def sold(world: World, hospital: Hospital, code: str, month: Period) -> int:
    """Packs that a whole month brings: the floor, more or less, by territory, product, hospital and month."""
    floor = (wanted(world, hospital, code, month) or (0, 0))[0]
    territory = world.hospital_rows[hospital.id]["territory"]
    skill = {"T1": 1.02, "T2": 1.0, "T3": 0.97, "T4": 1.05, "T5": 0.9, "T6": 0.98, "T7": 0.86, "T8": 1.0}[territory]
    place = _months_between(month, world.month)
    uptake = max(0.72, 0.97 - 0.015 * place) if code == "P6" else 1.0
    kind = world.rng("hospital", hospital.code, code).uniform(0.86, 1.12)
    luck = world.rng("sold", hospital.code, code, _months_between(world.first_month, month)).uniform(0.82, 1.2)
    return round(floor * skill * uptake * kind * luck * 1.03)


def has_target(world: World, hospital: Hospital, month: Period) -> bool:
    """Whether a hospital was given targets at all: one of them was forgotten in the running half-year."""
    return hospital is not _hospital(world, -2) or half_of(month) != half_of(world.month)


def is_supplied(world: World, hospital: Hospital, month: Period) -> bool:
    """Whether a hospital orders: one of them stopped three months ago, but kept its targets."""
    return hospital is not _hospital(world, -3) or _months_between(month, world.month) > 2


def _hospital(world: World, place: int) -> Hospital:
    return list(world.hospitals.values())[place]


def _months_between(first: Period, second: Period) -> int:
    return (second.from_on.year - first.from_on.year) * 12 + second.from_on.month - first.from_on.month


def _shrunk(value: Range, months: int) -> Range:
    floor, stretch = (round(packs / GROWTH**months) for packs in value)
    return floor, stretch
