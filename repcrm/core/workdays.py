"""Working days: Monday to Friday, less public holidays, plus make-up days (调休)."""

import csv
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple, Protocol

from repcrm.core.errors import BadInput, RuleBroken
from repcrm.core.periods import Period, PeriodKind
from repcrm.core.words import N_, Term

ONE_DAY = timedelta(days=1)


class DayKind(Term):
    """How a day departs from the ordinary week."""

    HOLIDAY = "holiday", N_("public holiday")
    MAKEUP = "makeup", N_("make-up working day")


class YearState(Term):
    """How far the public holidays of a year can be relied on."""

    ANNOUNCED = "announced", N_("announced")
    PROVISIONAL = "provisional", N_("provisional")
    MISSING = "missing", N_("not on file")


DOUBTS = {
    YearState.PROVISIONAL: N_("The public holidays of %(year)s are not announced yet: working days may still move."),
    YearState.MISSING: N_(
        "There are no public holidays on file for %(year)s: Monday to Friday are counted as working days."
    ),
}
"""State -> what readers of figures that rest on such a year are told."""


class Doubt(NamedTuple):
    """A year whose working days are not certain."""

    year: int
    state: YearState

    @property
    def message(self) -> str:
        """The sentence to show, with a placeholder for the year."""
        return DOUBTS[self.state]


class CalendarRow(Protocol):
    """What a day of the calendar has to say, wherever it is kept."""

    @property
    def on(self) -> date: ...
    @property
    def kind(self) -> str: ...
    @property
    def is_provisional(self) -> bool: ...


class SpecialDay(NamedTuple):
    """A public holiday, or a weekend day that is worked in its place, as a plain value."""

    on: date
    kind: DayKind
    is_provisional: bool = False
    name_zh: str = ""
    name_en: str = ""


FILE_COLUMNS = ("day", "kind", "name_zh", "name_en", "provisional")


def read_special_days(lines: Iterable[str]) -> list[SpecialDay]:
    """Read the special days of a calendar file such as repcrm/organisation/workdays-cn.csv.

    lines   CSV with the columns day, kind (holiday or makeup), name_zh, name_en and provisional (yes or no)
    raises  BadInput naming the line if the file is not of that form, has no day or has one twice
    """
    reader = csv.DictReader(lines)
    if lacking := [name for name in FILE_COLUMNS if name not in (reader.fieldnames or ())]:
        raise BadInput(N_("The file has no column “%(column)s”."), column=lacking[0])
    days: dict[date, SpecialDay] = {}
    for row in reader:
        day = _read_line(row, reader.line_num)
        if day.on in days:
            raise BadInput(
                N_("Line %(line)s: %(day)s is in the file twice."), line=reader.line_num, day=day.on.isoformat()
            )
        days[day.on] = day
    if not days:
        raise BadInput(N_("The file has no days."))
    return list(days.values())


def _read_line(row: Mapping[str, str], line: int) -> SpecialDay:
    for name, allowed in (("kind", [kind.value for kind in DayKind]), ("provisional", ["yes", "no"])):
        if row[name] not in allowed:
            raise BadInput(
                N_("Line %(line)s, %(column)s: “%(value)s” is none of %(allowed)s."),
                line=line, column=name, value=row[name], allowed=", ".join(allowed),
            )  # fmt: skip
    try:
        on = date.fromisoformat(row["day"] or "")
    except ValueError:
        raise BadInput(N_("Line %(line)s: “%(value)s” is not a day."), line=line, value=row["day"]) from None
    day = SpecialDay(on, DayKind(row["kind"]), row["provisional"] == "yes", row["name_zh"] or "", row["name_en"] or "")
    check_special_day(day)
    return day


def check_special_day(day: SpecialDay) -> None:
    """Refuse a day that cannot be what it is said to be.

    raises  RuleBroken for a make-up day on a weekday, or a day without a name
    """
    if day.kind is DayKind.MAKEUP and _is_weekday(day.on):
        raise RuleBroken(
            N_("%(day)s is not a Saturday or Sunday, so it cannot be a make-up working day."),
            field="on",
            day=day.on.isoformat(),
        )
    if not (day.name_zh.strip() and day.name_en.strip()):
        raise RuleBroken(N_("%(day)s needs a name in both languages."), field="name_zh", day=day.on.isoformat())


class WorkCalendar:
    """Tells the working days, given the days that depart from the ordinary week.

    rows  one per special day: `on`, `kind` (holiday or makeup) and `is_provisional` (not announced yet)

    A year without rows is Monday to Friday, and its holidays are missing.
    """

    def __init__(self, rows: Iterable[CalendarRow]) -> None:
        works: dict[date, bool] = {}
        provisional: set[int] = set()
        for row in rows:
            works[row.on] = DayKind(row.kind) is DayKind.MAKEUP
            if row.is_provisional:
                provisional.add(row.on.year)
        self._fill(works, {
            year: YearState.PROVISIONAL if year in provisional else YearState.ANNOUNCED
            for year in {day.year for day in works}
        })  # fmt: skip

    @classmethod
    def joined(cls, parts: Sequence[tuple[date, "WorkCalendar"]]) -> "WorkCalendar":
        """Return the calendar of a region that follows one calendar after another.

        parts  (first day, calendar), in the order of days; the first one also holds before its day

        Where a year has parts of two calendars, its state is that of the one less certain.
        """
        firsts = [date.min, *(from_on for from_on, _ in parts[1:])]
        ends = [*firsts[1:], date.max]
        works: dict[date, bool] = {}
        for (_, part), first, end in zip(parts, firsts, ends, strict=True):
            works |= {day: is_worked for day, is_worked in part._works.items() if first <= day < end}
        states: dict[int, YearState] = {}
        for year in {year for _, part in parts for year in part._states}:
            opens, closes = date(year, 1, 1), date(year, 12, 31)
            touching = [
                part.state(year)
                for (_, part), first, end in zip(parts, firsts, ends, strict=True)
                if first <= closes and opens < end
            ]
            states[year] = max(touching, key=list(YearState).index)
        calendar = cls(())
        calendar._fill(works, states)
        return calendar

    def _fill(self, works: dict[date, bool], states: dict[int, YearState]) -> None:
        self._works = works
        self._states = states
        self._lost = sorted(day for day, is_worked in works.items() if not is_worked and _is_weekday(day))
        self._gained = sorted(day for day, is_worked in works.items() if is_worked and not _is_weekday(day))

    def is_working(self, day: date) -> bool:
        """Whether people work on a day."""
        return self._works.get(day, _is_weekday(day))

    def state(self, year: int) -> YearState:
        """How far the public holidays of a year can be relied on."""
        return self._states.get(year, YearState.MISSING)

    def doubts(self, from_on: date, to_on: date) -> tuple[Doubt, ...]:
        """The years that are not announced among those of some days, `to_on` included, in order."""
        years = range(from_on.year, to_on.year + 1)
        return tuple(Doubt(year, state) for year in years if (state := self.state(year)) is not YearState.ANNOUNCED)

    def count(self, from_on: date, until_on: date) -> int:
        """The number of working days from `from_on` up to but not with `until_on`; 0 if that is no day."""
        if until_on <= from_on:
            return 0
        weekdays = _weekdays_before(until_on) - _weekdays_before(from_on)
        return weekdays - _count_in(self._lost, from_on, until_on) + _count_in(self._gained, from_on, until_on)

    def days(self, from_on: date, until_on: date) -> list[date]:
        """The working days from `from_on` up to but not with `until_on`, in order."""
        span = (until_on - from_on).days
        return [day for n in range(span) if self.is_working(day := from_on + n * ONE_DAY)]

    def start_of_last(self, count: int, until_on: date) -> date:
        """The first of the last `count` working days before `until_on`: where the window of a run rate opens.

        count     working days, >= 1
        until_on  the day after the window
        raises    RuleBroken if count is below 1
        """
        if count < 1:
            raise RuleBroken(N_("A run rate needs at least one working day."))
        day = until_on
        while count:
            day -= ONE_DAY
            count -= self.is_working(day)
        return day


class MonthChange(NamedTuple):
    """A month that has another number of working days than before."""

    month: Period
    before: int
    after: int


def changed_months(before: WorkCalendar, after: WorkCalendar, from_on: date, until_on: date) -> list[MonthChange]:
    """Return the months whose number of working days differs between two calendars, in order.

    from_on, until_on  half-open; the months that have a day among these
    """
    changes = []
    month = Period.of(PeriodKind.MONTH, from_on)
    while month.from_on < until_on:
        counts = [calendar.count(month.from_on, month.until_on) for calendar in (before, after)]
        if counts[0] != counts[1]:
            changes.append(MonthChange(month, *counts))
        month = month.next()
    return changes


def _is_weekday(day: date) -> bool:
    return day.weekday() < 5


def _weekdays_before(day: date) -> int:
    """Mondays to Fridays since the Monday that Python's calendar begins with, up to but not with `day`."""
    weeks, days = divmod(day.toordinal() - 1, 7)
    return weeks * 5 + min(days, 5)


def _count_in(days: list[date], from_on: date, until_on: date) -> int:
    return bisect_left(days, until_on) - bisect_left(days, from_on)
