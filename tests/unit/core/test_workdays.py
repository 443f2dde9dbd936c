"""Working days, with the calendar that comes with the product."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repcrm.core.errors import RuleBroken
from repcrm.core.workdays import DayKind, Doubt, SpecialDay, WorkCalendar, YearState
from repcrm.organisation.shipped import shipped_days

SPECIAL_DAYS = shipped_days("CN")
CHINA = WorkCalendar(SPECIAL_DAYS)
days = st.dates(date(2024, 6, 1), date(2028, 6, 1))


@pytest.mark.parametrize(("year", "working_days"), [(2025, 248), (2026, 248), (2027, 254)])
def test_the_working_days_of_a_year(year, working_days):
    # 2025: 261 weekdays - 18 on holidays + 5 make-up days. 2026: 261 - 19 + 6. 2027: 261 - 7, make-up days unknown.
    assert CHINA.count(date(year, 1, 1), date(year + 1, 1, 1)) == working_days


def test_national_day_of_2026_and_its_make_up_days():
    # 1 to 7 October off; Sunday 20 September and Saturday 10 October worked
    assert [day.day for day in CHINA.days(date(2026, 9, 28), date(2026, 10, 12))] == [28, 29, 30, 8, 9, 10]
    assert CHINA.is_working(date(2026, 9, 20))
    assert CHINA.count(date(2026, 10, 1), date(2026, 11, 1)) == 18


def test_the_week_across_october_and_november_2026():
    assert CHINA.count(date(2026, 10, 26), date(2026, 11, 1)) == 5
    assert CHINA.count(date(2026, 11, 1), date(2026, 11, 2)) == 0


def test_a_year_not_announced_is_provisional():
    assert CHINA.doubts(date(2024, 12, 31), date(2028, 1, 1)) == (
        Doubt(2024, YearState.MISSING),
        Doubt(2027, YearState.PROVISIONAL),
        Doubt(2028, YearState.MISSING),
    )


def test_a_year_without_rows_is_monday_to_friday():
    assert CHINA.is_working(date(2029, 10, 1))
    assert not CHINA.is_working(date(2029, 10, 6))


def test_no_days_have_no_working_days():
    assert CHINA.count(date(2026, 11, 23), date(2026, 11, 23)) == 0
    assert CHINA.count(date(2026, 11, 24), date(2026, 11, 23)) == 0
    assert CHINA.days(date(2026, 11, 24), date(2026, 11, 23)) == []


def test_the_last_20_working_days_reach_over_national_day():
    # back from Monday 19 October: 12-16 (5), 8-10 (3), 28-30 September (3), 21-24 (4: the 25th is Mid-Autumn),
    # Sunday the 20th (1), 15-18 (4)
    assert CHINA.start_of_last(20, date(2026, 10, 19)) == date(2026, 9, 15)


def test_a_window_of_no_days_is_refused():
    with pytest.raises(RuleBroken):
        CHINA.start_of_last(0, date(2026, 10, 19))


def test_a_holiday_on_a_weekend_takes_no_working_day():
    saturday = SpecialDay(date(2026, 11, 21), DayKind.HOLIDAY)
    assert WorkCalendar([saturday]).count(date(2026, 11, 16), date(2026, 11, 23)) == 5


def test_the_file_names_every_day_once_in_both_languages():
    assert len({day.on for day in SPECIAL_DAYS}) == len(SPECIAL_DAYS)
    assert all(day.name_zh and day.name_en for day in SPECIAL_DAYS)
    assert [day.on for day in SPECIAL_DAYS] == sorted(day.on for day in SPECIAL_DAYS)


def test_holidays_and_make_up_days_lie_where_they_make_a_difference():
    assert all(day.on.weekday() >= 5 for day in SPECIAL_DAYS if day.kind is DayKind.MAKEUP)


@given(days, days)
def test_counting_is_adding_up_the_days(one, other):
    from_on, until_on = sorted((one, other))
    every_day = [from_on + timedelta(n) for n in range((until_on - from_on).days)]
    worked = [day for day in every_day if CHINA.is_working(day)]
    assert CHINA.count(from_on, until_on) == len(worked)
    assert CHINA.days(from_on, until_on) == worked


@given(st.integers(1, 60), days)
def test_a_window_holds_the_days_asked_for_and_opens_on_a_working_day(count, until_on):
    opens_on = CHINA.start_of_last(count, until_on)
    assert CHINA.count(opens_on, until_on) == count
    assert CHINA.is_working(opens_on)
