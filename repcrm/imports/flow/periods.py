"""For which period a sales file answers: as a person said, or as its days and what was reported before tell."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from repcrm.core.periods import Period, PeriodKind


@dataclass(frozen=True)
class PeriodChoice:
    """What a file may answer for.

    period   as decided; None: a person has to choose among `choices`
    choices  the periods it could be, the likeliest first
    """

    period: Period | None
    choices: tuple[Period, ...] = ()


def decide_period(months: Collection[date], reported: Collection[Period]) -> PeriodChoice:
    """Decide which period a file answers for.

    months    first days of the months it has lines in, at least one
    reported  periods of the same distributor whose sales are applied

    One month is that month. Of several, lines of earlier months that the distributor has reported already are late
    ones: the file answers for what is left if that is one month. Where nothing was reported in the smallest
    period that holds all of them, it is that one. Anything else is asked.
    """
    ordered = sorted(Period.of(PeriodKind.MONTH, month) for month in months)
    last = ordered[-1]
    if len(ordered) == 1:
        return PeriodChoice(last)
    unreported = [month for month in ordered if not any(_share_days(month, one) for one in reported)]
    if unreported == [last] or not unreported:
        return PeriodChoice(last)
    whole = smallest_period(ordered)
    if not any(_share_days(whole, one) for one in reported):
        return PeriodChoice(whole)
    return PeriodChoice(None, (last, whole))


def smallest_period(months: Iterable[Period]) -> Period:
    """Return the shortest month, quarter, half-year or year that holds all the months; they lie in one year, or the
    year of the last one is returned."""
    ordered = sorted(months)
    for kind in (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.HALF, PeriodKind.YEAR):
        period = Period.of(kind, ordered[-1].from_on)
        if all(month.from_on in period for month in ordered):
            return period
    return Period.of(PeriodKind.YEAR, ordered[-1].from_on)


def lies_after(on: date, period: Period) -> bool:
    """Whether a line belongs to a time after the period its file answers for."""
    return on >= period.until_on


def _share_days(one: Period, other: Period) -> bool:
    return one.from_on < other.until_on and other.from_on < one.until_on
