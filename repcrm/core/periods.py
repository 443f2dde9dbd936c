"""The periods of the plan: year, half, quarter, month, ISO week and day."""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import total_ordering
from typing import NamedTuple

from repcrm.core.errors import BadInput
from repcrm.core.words import N_, Term


class PeriodKind(Term):
    """How long a period is."""

    YEAR = "year", N_("year")
    HALF = "half", N_("half-year")
    QUARTER = "quarter", N_("quarter")
    MONTH = "month", N_("month")
    WEEK = "week", N_("week")
    DAY = "day", N_("day")


_MONTHS_LONG = {PeriodKind.YEAR: 12, PeriodKind.HALF: 6, PeriodKind.QUARTER: 3, PeriodKind.MONTH: 1}
_DAYS_LONG = {PeriodKind.WEEK: 7, PeriodKind.DAY: 1}


@total_ordering
@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of whole days of one kind, half-open: `from_on` is in it, `until_on` is the day after.

    kind     year, half, quarter, month, week or day
    from_on  its first day
    raises   ValueError if a period of that kind does not begin on that day

    Weeks are ISO weeks: Monday to Sunday, numbered in the year that holds their Thursday, so 2026 has 53.
    They nest in no longer period. Of two periods the smaller is the one that ends first: the order in which
    periods are closed.
    """

    kind: PeriodKind
    from_on: date

    def __post_init__(self) -> None:
        if self.from_on != _first_day(self.kind, self.from_on):
            raise ValueError(f"no {self.kind} begins on {self.from_on}")

    @classmethod
    def of(cls, kind: PeriodKind, day: date) -> "Period":
        """The period of a kind that a day lies in."""
        return cls(kind, _first_day(kind, day))

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read `2026`, `2026-H2`, `2026-Q4`, `2026-11`, `2026-W47` or `2026-11-23`.

        raises  BadInput for anything else: week 53 of a year that has 52, a year before 1000 or after 2999
        """
        for pattern, read in _READERS:
            if found := pattern.fullmatch(text.strip()):
                try:
                    return read(*map(int, found.groups()))
                except ValueError:
                    break
        raise BadInput(N_("“%(text)s” is not a period such as 2026, 2026-H2, 2026-Q4, 2026-11 or 2026-W47."), text=text)

    def __str__(self) -> str:
        """As `parse` reads it: `2026-W47`."""
        return _WRITERS[self.kind](self.from_on)

    def __lt__(self, other: "Period") -> bool:
        return (self.until_on, self.from_on) < (other.until_on, other.from_on)

    def __contains__(self, day: date) -> bool:
        return self.from_on <= day < self.until_on

    @property
    def until_on(self) -> date:
        """The first day that is no longer in it."""
        if self.kind in _DAYS_LONG:
            return self.from_on + timedelta(days=_DAYS_LONG[self.kind])
        return _add_months(self.from_on, _MONTHS_LONG[self.kind])

    @property
    def to_on(self) -> date:
        """Its last day, for people to read; calculate with `until_on`."""
        return self.until_on - timedelta(days=1)

    def next(self) -> "Period":
        """The period of the same kind right after it."""
        return Period(self.kind, self.until_on)

    def previous(self) -> "Period":
        """The period of the same kind right before it."""
        return Period.of(self.kind, self.from_on - timedelta(days=1))

    def year_before(self) -> "Period":
        """The same period of the last year, to compare with: the week of the same number, the same month.

        Week 53 is compared with week 52 and 29 February with the 28th where the last year has none.
        """
        if self.kind is PeriodKind.WEEK:
            year, number, _ = self.from_on.isocalendar()
            return Period(self.kind, _monday(year - 1, min(number, _weeks_in(year - 1))))
        return Period.of(self.kind, _add_months(self.from_on, -12))

    def trail(self, count: int) -> list["Period"]:
        """The last `count` periods of its kind up to and with it, oldest first."""
        periods = [self]
        while len(periods) < count:
            periods.append(periods[-1].previous())
        return periods[::-1]

    def parts(self, kind: PeriodKind) -> list["Period"]:
        """The periods of another kind that share a day with it, in order.

        Months of a quarter nest; weeks at its edges reach over: see `slices` for the days they share.
        """
        periods = [Period.of(kind, self.from_on)]
        while periods[-1].until_on < self.until_on:
            periods.append(periods[-1].next())
        return periods

    def months(self) -> list["Period"]:
        """The months that share a day with it: one or two of a week, three of a quarter."""
        return self.parts(PeriodKind.MONTH)

    def days(self) -> list[date]:
        """Its days, in order."""
        return days_between(self.from_on, self.until_on)


def days_between(from_on: date, until_on: date) -> list[date]:
    """The days from `from_on` up to but not with `until_on`, in order."""
    return [from_on + timedelta(days=n) for n in range((until_on - from_on).days)]


class Slice(NamedTuple):
    """The days that a period shares with one month, half-open."""

    month: Period
    from_on: date
    until_on: date


def slices(period: Period) -> list[Slice]:
    """Cut a period where the month changes: the pieces in which targets are divided and added up.

    period   any kind; a week gives one slice, or two when it lies in two months
    returns  the slices in order; together they are the period, day for day
    """
    return [
        Slice(month, max(period.from_on, month.from_on), min(period.until_on, month.until_on))
        for month in period.months()
    ]


def _first_day(kind: PeriodKind, day: date) -> date:
    if kind is PeriodKind.DAY:
        return day
    if kind is PeriodKind.WEEK:
        return day - timedelta(days=day.weekday())
    months = _MONTHS_LONG[kind]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def _add_months(day: date, months: int) -> date:
    """The same day of the month some months on, or the last day of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _monday(year: int, week: int) -> date:
    return date.fromisocalendar(year, week, 1)


def _weeks_in(year: int) -> int:
    return date(year, 12, 28).isocalendar().week


def _part_of_year(kind: PeriodKind) -> Callable[[int, int], Period]:
    return lambda year, number: Period(kind, date(year, (number - 1) * _MONTHS_LONG[kind] + 1, 1))


def _reader(pattern: str) -> re.Pattern[str]:
    return re.compile("([12][0-9]{3})" + pattern)


_READERS: tuple[tuple[re.Pattern[str], Callable[..., Period]], ...] = (
    (_reader(""), lambda year: Period(PeriodKind.YEAR, date(year, 1, 1))),
    (_reader("-H([12])"), _part_of_year(PeriodKind.HALF)),
    (_reader("-Q([1-4])"), _part_of_year(PeriodKind.QUARTER)),
    (_reader("-([0-9]{2})"), _part_of_year(PeriodKind.MONTH)),
    (_reader("-W([0-9]{2})"), lambda year, week: Period(PeriodKind.WEEK, _monday(year, week))),
    (_reader("-([0-9]{2})-([0-9]{2})"), lambda *day: Period(PeriodKind.DAY, date(*day))),
)

_WRITERS: dict[PeriodKind, Callable[[date], str]] = {
    PeriodKind.YEAR: lambda first: f"{first.year}",
    PeriodKind.HALF: lambda first: f"{first.year}-H{(first.month + 5) // 6}",
    PeriodKind.QUARTER: lambda first: f"{first.year}-Q{(first.month + 2) // 3}",
    PeriodKind.MONTH: lambda first: f"{first.year}-{first.month:02}",
    PeriodKind.WEEK: lambda first: "{}-W{:02}".format(*first.isocalendar()[:2]),
    PeriodKind.DAY: date.isoformat,
}
