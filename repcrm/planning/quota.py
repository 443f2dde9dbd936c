"""What is still missing of each doctor's part of the quota, at a price: what makes one call worth more than another."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction

from repcrm.core.periods import Period, PeriodKind
from repcrm.core.workdays import WorkCalendar
from repcrm.planning.cycle import Cycle
from repcrm.targets.attribution import attribute

Split = tuple[int, int, date]
"""Hospital, product and first day of the month of an approved split."""


def months_of(cycle: Cycle) -> list[Period]:
    """The months a cycle has days in."""
    first, last = (Period.of(PeriodKind.MONTH, day) for day in (cycle.start_on, cycle.last_on))
    return [first] if first == last else [first, last]


def parts_of_months(cycle: Cycle, calendar: WorkCalendar) -> dict[date, Fraction]:
    """First day of a month -> which part of its working days lies in the cycle."""
    return {
        month.from_on: Fraction(
            calendar.count(max(month.from_on, cycle.start_on), min(month.until_on, cycle.until_on)),
            calendar.count(month.from_on, month.until_on) or 1,
        )
        for month in months_of(cycle)
    }


def missing_fen(
    shares: Mapping[Split, Mapping[int, int]],
    flow: Mapping[Split, int],
    ratings: Mapping[tuple[int, int], int],
    factors: Mapping[int, int],
    prices: Mapping[int, int],
    parts: Mapping[date, Fraction],
) -> dict[int, int]:
    """Return what is missing of each doctor's parts, in fen, as far as the cycle can still make it up.

    shares   split -> doctor -> packs, approved ones
    flow     split's hospital, product and month -> packs sold
    ratings  (doctor, product) -> 1 to 7
    factors  rating -> permille, see `attribution`
    prices   product -> fen a pack; a product without a price is worth nothing
    parts    month -> which part of it lies in the cycle

    A doctor who is ahead with one product makes up for nothing of another.
    """
    missing: dict[int, Fraction] = defaultdict(Fraction)
    for (hospital_id, product_id, month_on), packs in shares.items():
        if not packs:
            continue
        known = {doctor: ratings[doctor, product_id] for doctor in packs if (doctor, product_id) in ratings}
        credited = attribute(flow.get((hospital_id, product_id, month_on), 0), packs, known, factors)
        for doctor, share in packs.items():
            gap = max(0, share - credited[doctor])
            missing[doctor] += gap * prices.get(product_id, 0) * parts.get(month_on, 0)
    return {doctor: int(fen) for doctor, fen in missing.items()}


def only_of(
    shares: Mapping[Split, Mapping[int, int]], held: Iterable[tuple[int, int]]
) -> dict[Split, Mapping[int, int]]:
    """The splits of the hospitals x products a rep holds."""
    pairs = set(held)
    return {split: packs for split, packs in shares.items() if split[:2] in pairs}
