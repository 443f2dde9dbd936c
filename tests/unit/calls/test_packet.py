"""The five sheets of a week."""

from datetime import date

from repcrm.calls.packet import DayState, Filled, week_packet
from repcrm.calls.terms import SheetStatus
from repcrm.core.periods import Period
from repcrm.core.workdays import DayKind, SpecialDay, WorkCalendar

ORDINARY = WorkCalendar([])
WEEK = Period.parse("2026-W47")
"""16 to 22 November."""
NATIONAL_DAY = WorkCalendar(
    [SpecialDay(date(2026, 10, day), DayKind.HOLIDAY) for day in range(1, 8)]
    + [SpecialDay(date(2026, 9, 20), DayKind.MAKEUP), SpecialDay(date(2026, 10, 10), DayKind.MAKEUP)]
)


def filled(status: SheetStatus, done: int = 8) -> Filled:
    return Filled(1, status, planned=9, done=done, effective=done - 2, still_open=0)


def states(packet) -> list[str]:
    return [day.state.value for day in packet.days]


def test_a_week_gone_by_tells_which_sheets_are_missing() -> None:
    sheets = {
        date(2026, 11, 16): filled(SheetStatus.REVIEWED),
        date(2026, 11, 17): filled(SheetStatus.SUBMITTED),
        date(2026, 11, 18): filled(SheetStatus.DRAFT),
        date(2026, 11, 19): filled(SheetStatus.RETURNED),
    }
    packet = week_packet(WEEK, ORDINARY, sheets, date(2026, 11, 21))
    assert states(packet) == ["reviewed", "submitted", "missing", "returned", "missing"]
    assert packet.missing == (date(2026, 11, 18), date(2026, 11, 19), date(2026, 11, 20))
    assert (packet.handed_in, packet.needed, packet.is_complete) == (2, 5, False)
    assert packet.due_on == date(2026, 11, 23)
    assert (packet.total("done"), packet.total("effective")) == (32, 24)


def test_today_is_not_missing_and_tomorrow_is_still_to_come() -> None:
    packet = week_packet(WEEK, ORDINARY, {}, date(2026, 11, 18))
    assert states(packet) == ["missing", "missing", "draft", "future", "future"]


def test_a_weekend_day_with_calls_belongs_to_the_packet() -> None:
    packet = week_packet(WEEK, ORDINARY, {date(2026, 11, 21): filled(SheetStatus.DRAFT)}, date(2026, 11, 22))
    assert packet.days[-1].state is DayState.MISSING
    assert packet.needed == 6


def test_holidays_ask_for_no_sheet_and_a_make_up_saturday_does() -> None:
    packet = week_packet(Period.parse("2026-W41"), NATIONAL_DAY, {}, date(2026, 10, 12))
    assert states(packet) == ["off", "off", "off", "missing", "missing", "missing"]
    assert packet.days[-1].day_on == date(2026, 10, 10)
    assert packet.needed == 3


def test_a_packet_due_on_a_holiday_is_due_on_the_next_working_day() -> None:
    assert week_packet(Period.parse("2026-W40"), NATIONAL_DAY, {}, date(2026, 10, 8)).due_on == date(2026, 10, 8)


def test_a_week_of_sheets_handed_in_is_complete() -> None:
    sheets = {day: filled(SheetStatus.SUBMITTED) for day in WEEK.days()[:5]}
    assert week_packet(WEEK, ORDINARY, sheets, date(2026, 11, 23)).is_complete
