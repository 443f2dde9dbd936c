from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repcrm.core.errors import BadInput
from repcrm.core.workdays import DayKind, SpecialDay, WorkCalendar
from repcrm.planning.cycle import ANCHOR, Cycle, spacing_in_days_worked

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@given(DAYS)
def test_every_day_lies_in_one_cycle_and_the_next_begins_where_it_ends(day):
    cycle = Cycle.of(day)
    assert day in cycle
    assert cycle.start_on.weekday() == 0
    assert Cycle.of(cycle.last_on) == cycle
    assert Cycle.of(cycle.until_on) == cycle.next
    assert cycle.next.previous == cycle


def test_the_cycles_of_the_end_of_2026():
    assert Cycle.of(date(2026, 11, 29)) == Cycle(ANCHOR)
    assert Cycle(ANCHOR).next.mondays == (
        date(2026, 11, 30), date(2026, 12, 7), date(2026, 12, 14), date(2026, 12, 21),
    )  # fmt: skip
    assert Cycle(ANCHOR).week_of(date(2026, 11, 22)) == 2


@pytest.mark.parametrize("day", [date(2026, 11, 3), date(2026, 11, 9)])
def test_no_cycle_begins_in_the_middle_of_another(day):
    with pytest.raises(BadInput):
        Cycle(day)


def test_a_make_up_saturday_is_shown_and_a_holiday_stays_in_its_place():
    calendar = WorkCalendar(
        [SpecialDay(date(2026, 12, 5), DayKind.MAKEUP), SpecialDay(date(2026, 12, 7), DayKind.HOLIDAY)]
    )
    cycle = Cycle(date(2026, 11, 30))
    assert [len(week) for week in cycle.shown_days(calendar)] == [6, 5, 5, 5]
    assert len(cycle.working_days(calendar)) == 20


def test_spacing_is_counted_in_working_days_from_the_day_on_which_it_is_tightest():
    days = [ANCHOR + timedelta(days=n) for n in range(28) if n % 7 < 5]
    # three working days on are three calendar days from a Monday, five from a Friday: the Monday decides
    assert spacing_in_days_worked(days, 3) == 3
    # five working days on are always seven calendar days
    assert spacing_in_days_worked(days, 7) == 5
    assert spacing_in_days_worked(days, 1) == 1
    assert spacing_in_days_worked(days, 100) == 20
