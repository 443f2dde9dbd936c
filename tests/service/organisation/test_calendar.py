"""The working calendar as the database keeps it."""

from datetime import date

from repcrm.core.workdays import DayKind, SpecialDay
from repcrm.organisation.calendar import load_workdays, work_calendar
from tests.factories import make_calendar_day

NEW_YEAR = SpecialDay(date(2027, 1, 1), DayKind.HOLIDAY, True, "元旦", "New Year's Day")
MAKE_UP = SpecialDay(date(2027, 1, 2), DayKind.MAKEUP, True, "元旦", "New Year's Day")


def test_loading_twice_changes_nothing(session):
    assert load_workdays(session, [NEW_YEAR, MAKE_UP]) == 2
    assert load_workdays(session, [NEW_YEAR, MAKE_UP]) == 0
    calendar = work_calendar(session)
    assert not calendar.is_working(date(2027, 1, 1))
    assert calendar.is_working(date(2027, 1, 2))
    assert calendar.is_provisional(2027)


def test_an_announced_year_replaces_the_guess_and_leaves_other_years_alone(session):
    make_calendar_day(session, on=date(2026, 10, 1))
    load_workdays(session, [NEW_YEAR, MAKE_UP])
    announced = NEW_YEAR._replace(is_provisional=False)
    assert load_workdays(session, [announced]) == 2  # one announced, one gone
    calendar = work_calendar(session)
    assert not calendar.is_provisional(2027)
    assert not calendar.is_working(date(2027, 1, 2))
    assert not calendar.is_working(date(2026, 10, 1))
