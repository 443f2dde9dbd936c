"""Working days: Monday to Friday, less public holidays, plus make-up days (调休)."""

import csv
from bisect import bisect_left
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple, Protocol

from repcrm.core.errors import RuleBroken
from repcrm.core.words import N_, Term

ONE_DAY = timedelta(days=1)


class DayKind(Term):
    """How a day departs from the ordinary week."""

    HOLIDAY = "holiday", N_("public holiday")
    MAKEUP = "makeup", N_("make-up working day")


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


def read_special_days(lines: Iterable[str]) -> list[SpecialDay]:
    """The special days of a calendar file such as seed/workdays.csv.

    lines   CSV with the columns day, kind, name_zh, name_en and provisional (yes or no)
    raises  ValueError or KeyError if a line is not of that form: the file is ours, not a user's
    """
    return [
        SpecialDay(
            on=date.fromisoformat(row["day"]),
            kind=DayKind(row["kind"]),
            is_provisional={"yes": True, "no": False}[row["provisional"]],
            name_zh=row["name_zh"],
            name_en=row["name_en"],
        )
        for row in csv.DictReader(lines)
    ]


class WorkCalendar:
    """Tells the working days, given the days that depart from the ordinary week.

    rows  one per special day: `on`, `kind` (holiday or makeup) and `is_provisional` (not announced yet)

    A year without rows is Monday to Friday and provisional: nobody has told us its holidays.
    """

    def __init__(self, rows: Iterable[CalendarRow]) -> None:
        self._works: dict[date, bool] = {}
        provisional: set[int] = set()
        for row in rows:
            self._works[row.on] = DayKind(row.kind) is DayKind.MAKEUP
            if row.is_provisional:
                provisional.add(row.on.year)
        self._announced = {day.year for day in self._works} - provisional
        self._lost = sorted(day for day, works in self._works.items() if not works and _is_weekday(day))
        self._gained = sorted(day for day, works in self._works.items() if works and not _is_weekday(day))

    def is_working(self, day: date) -> bool:
        """Whether people work on a day."""
        return self._works.get(day, _is_weekday(day))

    def is_provisional(self, year: int) -> bool:
        """Whether the holidays of a year are a guess: it has no rows, or one not announced yet."""
        return year not in self._announced

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


def _is_weekday(day: date) -> bool:
    return day.weekday() < 5


def _weekdays_before(day: date) -> int:
    """Mondays to Fridays since the Monday that Python's calendar begins with, up to but not with `day`."""
    weeks, days = divmod(day.toordinal() - 1, 7)
    return weeks * 5 + min(days, 5)


def _count_in(days: list[date], from_on: date, until_on: date) -> int:
    return bisect_left(days, until_on) - bisect_left(days, from_on)
