"""The calendar that comes with the product, compared with what two libraries know."""

from datetime import date, timedelta

import chinese_calendar
import pytest

from repcrm.core.errors import BadInput, RuleBroken
from repcrm.core.workdays import DayKind, WorkCalendar
from repcrm.organisation.public_holidays import COUNTRIES, expected_days
from repcrm.organisation.shipped import FILES, shipped_days

SHIPPED = WorkCalendar(shipped_days("CN"))


def days_of(year):
    first = date(year, 1, 1)
    return [first + timedelta(n) for n in range((date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize("year", [2025, 2026])
def test_every_day_of_an_announced_year_is_what_chinesecalendar_says(year):
    assert [day for day in days_of(year) if SHIPPED.is_working(day) != chinese_calendar.is_workday(day)] == []


@pytest.mark.parametrize("year", [2025, 2026])
def test_every_day_of_an_announced_year_is_what_holidays_says(year):
    expected = WorkCalendar(expected_days("CN", year))
    assert [day for day in days_of(year) if SHIPPED.is_working(day) != expected.is_working(day)] == []


def test_chinesecalendar_does_not_know_2027_yet():
    with pytest.raises(NotImplementedError):
        chinese_calendar.is_workday(date(2027, 1, 1))


def test_of_2027_the_days_moved_off_weekends_are_missing_until_the_notice_places_them():
    expected = WorkCalendar(expected_days("CN", 2027))
    # The statutory days are the same. `holidays` gives each that falls on a weekend the next weekday instead: two of
    # the Spring Festival (6 and 7 February), 1 and 2 May, 2 and 3 October. Where the State Council places them, and
    # which weekends are worked for longer breaks, stands in its notice of the autumn before.
    moved = {
        date(2027, 2, 9), date(2027, 2, 10), date(2027, 5, 3), date(2027, 5, 4), date(2027, 10, 4), date(2027, 10, 5),
    }  # fmt: skip
    assert {day for day in days_of(2027) if SHIPPED.is_working(day) != expected.is_working(day)} == moved
    assert all(day.is_provisional for day in shipped_days("CN") if day.on.year == 2027)


def test_every_shipped_country_is_known_and_its_days_are_in_order():
    assert set(FILES) <= set(COUNTRIES)
    for country in FILES:
        days = [day.on for day in shipped_days(country)]
        assert days == sorted(set(days))


# --- other countries ---


def test_another_country_begins_with_its_public_holidays_all_provisional():
    days = {day.on: day for day in expected_days("JP", 2027)}
    assert days[date(2027, 1, 11)].name_en == "Coming of Age Day"
    assert all(day.is_provisional and day.name_zh and day.name_en for day in days.values())


def test_names_are_chinese_where_the_library_has_them():
    new_year = expected_days("HK", 2027)[0]
    assert (new_year.kind, new_year.name_zh, new_year.name_en) == (DayKind.HOLIDAY, "一月一日", "New Year's Day")


def test_what_the_library_cannot_answer_is_refused():
    with pytest.raises(BadInput, match="“XX”"):
        expected_days("XX", 2027)
    with pytest.raises(BadInput, match="JP in 1850"):
        expected_days("JP", 1850)
    with pytest.raises(RuleBroken, match="SA is not Monday to Friday"):
        expected_days("SA", 2027)
