"""The cascade: year, half and quarter are sums of months; weeks, days and reps are slices of them."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple, Protocol, TypeVar

from repcrm.core.apportion import apportion
from repcrm.core.errors import RuleBroken
from repcrm.core.periods import Period, PeriodKind
from repcrm.core.words import N_
from repcrm.core.workdays import WorkCalendar

Key = TypeVar("Key", bound=Hashable)


class Holding(Protocol):
    """A rep holding a hospital x product for some days, such as a territory assignment."""

    @property
    def rep_id(self) -> int: ...
    @property
    def from_on(self) -> date: ...
    @property
    def until_on(self) -> date | None: ...


class WeekSlice(NamedTuple):
    """The days that a month shares with one ISO week: the finest unit of every target."""

    month: Period
    week: Period
    from_on: date
    until_on: date

    @property
    def last_on(self) -> date:
        """Its last day, for people to read."""
        return self.until_on - timedelta(days=1)


class Segment(NamedTuple):
    """The days of a slice that one rep holds a hospital x product; nobody holds it where `rep_id` is None."""

    rep_id: int | None
    from_on: date
    until_on: date


def slices_of(month: Period) -> list[WeekSlice]:
    """Cut a month where the week changes.

    month    a period of kind month
    returns  four to six slices in order; together they are the month, day for day
    """
    return [
        WeekSlice(month, week, max(week.from_on, month.from_on), min(week.until_on, month.until_on))
        for week in month.parts(PeriodKind.WEEK)
    ]


def slice_month(packs: int, month: Period, calendar: WorkCalendar) -> dict[WeekSlice, int]:
    """Divide a month's packs among its week slices, by working days.

    packs    of the month; a target, or what a monthly source reports (negative for returns)
    month    a period of kind month
    returns  every slice of the month with its packs; they sum to `packs` exactly

    A slice without a working day, such as the week of National Day, gets none.
    """
    return share_by_working_days(packs, slices_of(month), calendar)


def week_packs(week: Period, months: Mapping[Period, int], calendar: WorkCalendar) -> int:
    """Add up the slices of a week, which lies in one month or two.

    week    a period of kind week
    months  the packs of whole months; a month that is missing counts as 0
    """
    return sum(
        packs
        for month in week.months()
        for piece, packs in slice_month(months.get(month, 0), month, calendar).items()
        if piece.week == week
    )


def sum_of_months(period: Period, months: Mapping[Period, int]) -> int | None:
    """Add up the months of a year, half, quarter or month.

    returns  packs, or None if no month of the period has a figure: nothing was planned, which is not 0
    """
    found = [months[month] for month in period.months() if month in months]
    return sum(found) if found else None


def segments(from_on: date, until_on: date, holdings: Iterable[Holding]) -> list[Segment]:
    """Cut the days of a slice where the territory changes hands.

    from_on, until_on  the slice, half-open
    holdings           who held the hospital x product when; they do not overlap
    returns            in order; together they are the slice, day for day. Days that nobody held have rep None
    """
    found: list[Segment] = []
    day = from_on
    for holding in sorted(holdings, key=lambda holding: holding.from_on):
        start = max(holding.from_on, day)
        end = until_on if holding.until_on is None else min(holding.until_on, until_on)
        if start >= end:
            continue
        if day < start:
            found.append(Segment(None, day, start))
        found.append(Segment(holding.rep_id, start, end))
        day = end
    if day < until_on:
        found.append(Segment(None, day, until_on))
    return found


def slice_days(packs: int, from_on: date, until_on: date, calendar: WorkCalendar) -> dict[date, int]:
    """Divide a slice's packs among its days: what is asked of a single day.

    returns  every day of the slice; the values sum to `packs`
    """
    days = [Segment(None, from_on + timedelta(days=n), from_on + timedelta(days=n + 1))
            for n in range((until_on - from_on).days)]  # fmt: skip
    return {piece.from_on: share for piece, share in share_by_working_days(packs, days, calendar).items()}


SomeSpan = TypeVar("SomeSpan", WeekSlice, Segment)


def share_by_working_days(packs: int, spans: Sequence[SomeSpan], calendar: WorkCalendar) -> dict[SomeSpan, int]:
    """Divide packs among stretches of days by the working days in each.

    packs    may be negative
    spans    slices of a month, or segments of a slice; at least one
    returns  span -> packs, in order; the values sum to `packs` exactly

    Where no stretch has a working day, calendar days count, so that no pack is lost.
    """
    worked = {span: calendar.count(span.from_on, span.until_on) for span in spans}
    if not any(worked.values()):
        worked = {span: (span.until_on - span.from_on).days for span in spans}
    return apportion(packs, worked)


def spread(
    packs: int,
    weights: Mapping[Key, int | Fraction],
    kept: Mapping[Key, int] | None = None,
) -> dict[Key, int]:
    """Spread a longer period's figure over its months (or a region's over hospitals), leaving locked ones alone.

    packs    the whole figure, >= 0
    weights  month -> relative weight, see `even`, `like_last_year` and `like_run_rate`
    kept     month -> packs that stay as they are
    returns  month -> packs, in the order of `weights`; the values sum to `packs` exactly
    raises   RuleBroken if the locked ones already exceed the figure, or nothing is left to take the rest
    """
    kept = kept or {}
    left = packs - sum(kept[key] for key in weights if key in kept)
    if left < 0:
        raise RuleBroken(
            N_("The locked cells already add up to %(over)s more than %(packs)s."), over=-left, packs=packs
        )
    open_weights = {key: weight for key, weight in weights.items() if key not in kept}
    if not open_weights:
        if left:
            raise RuleBroken(N_("Every cell is locked: nothing can take the remaining %(left)s."), left=left)
        return {key: kept[key] for key in weights}
    shares = apportion(left, open_weights if any(open_weights.values()) else dict.fromkeys(open_weights, 1))
    return {key: kept[key] if key in kept else shares[key] for key in weights}


def even(keys: Iterable[Key]) -> dict[Key, int]:
    """Weights that give every month the same."""
    return dict.fromkeys(keys, 1)


def like_last_year(actuals: Mapping[Key, int | None]) -> dict[Key, int]:
    """Weights after last year's packs; a month without flow, or with more returned than sold, weighs nothing.

    actuals  month of this year -> packs of the same month of the last year; None: no flow
    returns  even weights if nothing was sold at all
    """
    weights = {key: max(packs or 0, 0) for key, packs in actuals.items()}
    return weights if any(weights.values()) else even(weights)


def like_run_rate(months: Iterable[Period], calendar: WorkCalendar) -> dict[Period, int]:
    """Weights after the working days of each month: what a steady pace a day would sell."""
    return {month: calendar.count(month.from_on, month.until_on) for month in months}
