"""The week packet: the sheets of a working week, which of them are missing, and when they are due."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum, auto

from repcrm.calls.terms import SheetStatus
from repcrm.core.periods import Period
from repcrm.core.workdays import WorkCalendar

_HANDED_IN = (SheetStatus.SUBMITTED, SheetStatus.REVIEWED)


@dataclass(frozen=True)
class Filled:
    """A sheet there is: where it stands and what is on it."""

    sheet_id: int
    status: SheetStatus
    planned: int
    done: int
    effective: int
    still_open: int


class DayState(StrEnum):
    """How a day of the packet stands."""

    DRAFT = auto()
    SUBMITTED = auto()
    RETURNED = auto()
    REVIEWED = auto()
    MISSING = auto()
    """The day is over and its sheet was not handed in, or never begun."""
    FUTURE = auto()
    OFF = auto()
    """Nobody works that day."""


@dataclass(frozen=True)
class PacketDay:
    """One day of the packet; `sheet` is None where none was begun."""

    day_on: date
    state: DayState
    sheet: Filled | None


@dataclass(frozen=True)
class Packet:
    """A rep's sheets of one ISO week.

    days    Monday to Friday, and a weekend day that is worked or has a sheet
    due_on  the first working day after the week: the packet is handed in and discussed there
    """

    week: Period
    days: tuple[PacketDay, ...]
    due_on: date

    @property
    def needed(self) -> int:
        """Sheets the week asks for: one a working day, and any other that was begun."""
        return sum(day.state is not DayState.OFF for day in self.days)

    @property
    def handed_in(self) -> int:
        """Sheets handed in, reviewed or not."""
        return sum(day.state in (DayState.SUBMITTED, DayState.REVIEWED) for day in self.days)

    @property
    def missing(self) -> tuple[date, ...]:
        """Days gone by whose sheet is not in, those sent back among them."""
        return tuple(day.day_on for day in self.days if day.state in (DayState.MISSING, DayState.RETURNED))

    @property
    def is_complete(self) -> bool:
        """Whether every sheet of the week is in."""
        return self.handed_in == self.needed

    def total(self, what: str) -> int:
        """The sum of a figure (planned, done, effective, still_open) over the week's sheets."""
        return sum(getattr(day.sheet, what) for day in self.days if day.sheet)


def week_packet(week: Period, calendar: WorkCalendar, sheets: Mapping[date, Filled], today: date) -> Packet:
    """Lay out the packet of a week as it stands today.

    week    an ISO week
    sheets  day -> the rep's sheet of that day
    """
    days = tuple(
        PacketDay(day, _state(day, calendar.is_working(day), sheets.get(day), today), sheets.get(day))
        for day in week.days()
        if day.weekday() < 5 or calendar.is_working(day) or day in sheets
    )
    return Packet(week, days, _first_working_day(week.until_on, calendar))


def _state(day: date, works: bool, sheet: Filled | None, today: date) -> DayState:
    if sheet and (sheet.status in _HANDED_IN or sheet.status is SheetStatus.RETURNED):
        return DayState(sheet.status.value)
    if not works and sheet is None:
        return DayState.OFF
    if day > today:
        return DayState.FUTURE
    return DayState.MISSING if day < today else DayState.DRAFT


def _first_working_day(day: date, calendar: WorkCalendar) -> date:
    while not calendar.is_working(day):
        day += timedelta(days=1)
    return day
