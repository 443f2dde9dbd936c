"""Working days by country and region: what counts where, what people change, and what a release brings."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from repcrm.core.errors import BadInput, NotFound, RuleBroken
from repcrm.core.workdays import DayKind, Doubt, MonthChange, SpecialDay, YearState
from repcrm.db.journal import JournalEntry
from repcrm.organisation import shipped, workdays
from repcrm.organisation.calendar import holidays_between, special_days, work_calendar
from repcrm.organisation.models import CalendarDay
from tests.factories import make_calendar_day, make_region

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
NEW_YEAR = SpecialDay(date(2027, 1, 1), DayKind.HOLIDAY, True, "元旦", "New Year's Day")
MAKE_UP = SpecialDay(date(2027, 1, 2), DayKind.MAKEUP, True, "元旦", "New Year's Day")
OCTOBER = date(2026, 10, 1), date(2026, 11, 1)


def entries(session):
    return session.scalar(select(func.count()).select_from(JournalEntry))


def test_loading_twice_changes_nothing(session):
    assert workdays.replace_years(session, None, "CN", [NEW_YEAR, MAKE_UP], now=NOW) == 2
    assert workdays.replace_years(session, None, "CN", [NEW_YEAR, MAKE_UP], now=NOW) == 0
    calendar = work_calendar(session, None)
    assert not calendar.is_working(date(2027, 1, 1))
    assert calendar.is_working(date(2027, 1, 2))
    assert calendar.state(2027) is YearState.PROVISIONAL
    assert entries(session) == 1


def test_an_announced_year_replaces_the_guess_and_leaves_other_years_alone(session):
    make_calendar_day(session, on=date(2026, 10, 1))
    workdays.replace_years(session, None, "CN", [NEW_YEAR, MAKE_UP], now=NOW)
    announced = NEW_YEAR._replace(is_provisional=False)
    assert workdays.replace_years(session, None, "CN", [announced], now=NOW) == 2  # one announced, one gone
    calendar = work_calendar(session, None)
    assert calendar.state(2027) is YearState.ANNOUNCED
    assert not calendar.is_working(date(2027, 1, 2))
    assert not calendar.is_working(date(2026, 10, 1))


# --- what a release brings ---


def test_the_release_brings_three_years_and_brings_them_once(session):
    assert shipped.load_shipped(session, now=NOW) == [("CN", 2025), ("CN", 2026), ("CN", 2027)]
    assert shipped.load_shipped(session, now=NOW) == []
    assert entries(session) == 3
    assert work_calendar(session, None).doubts(date(2025, 1, 1), date(2027, 12, 31)) == (
        Doubt(2027, YearState.PROVISIONAL),
    )


def test_a_year_that_somebody_changed_stays_as_it_is(session, monkeypatch, tmp_path):
    shipped.load_shipped(session, now=NOW)
    workdays.remove_day(session, None, "CN", date(2027, 2, 8), now=NOW)
    announce_2027(monkeypatch, tmp_path)
    assert shipped.load_shipped(session, now=NOW) == [("CN", 2028)]
    assert work_calendar(session, None).state(2027) is YearState.PROVISIONAL
    assert work_calendar(session, None).is_working(date(2027, 2, 8))


def test_a_year_that_nobody_changed_is_brought_up_to_the_next_release(session, monkeypatch, tmp_path):
    shipped.load_shipped(session, now=NOW)
    announce_2027(monkeypatch, tmp_path)
    assert shipped.load_shipped(session, now=NOW) == [("CN", 2027), ("CN", 2028)]
    assert work_calendar(session, None).doubts(date(2026, 1, 1), date(2028, 12, 31)) == ()


def test_a_year_that_was_entered_before_the_release_had_it_stays(session):
    make_calendar_day(session, on=date(2025, 10, 2), name_en="Founders' day")
    assert shipped.load_shipped(session, now=NOW) == [("CN", 2026), ("CN", 2027)]
    assert [day.name_en for day in special_days(session, None, date(2025, 1, 1), date(2026, 1, 1))] == ["Founders' day"]


def test_a_year_that_was_changed_and_changed_back_is_the_releases_again(session, monkeypatch, tmp_path):
    shipped.load_shipped(session, now=NOW)
    eve = next(day for day in shipped.shipped_days("CN") if day.on == date(2027, 2, 5))
    workdays.remove_day(session, None, "CN", eve.on, now=NOW)
    workdays.set_days(session, None, "CN", [eve], now=NOW)
    announce_2027(monkeypatch, tmp_path)
    assert ("CN", 2027) in shipped.load_shipped(session, now=NOW)


def announce_2027(monkeypatch, tmp_path):
    """The calendar of a later release: 2027 as announced, and 2028."""
    text = shipped.FILES["CN"].read_text("utf-8").replace(",yes\n", ",no\n")
    later = tmp_path / "workdays-cn.csv"
    later.write_text(text + "2028-01-03,holiday,元旦,New Year's Day,no\n", "utf-8")
    monkeypatch.setitem(shipped.FILES, "CN", later)


# --- what people change ---


def test_a_day_is_added_changed_and_removed_with_its_journal(session):
    assert workdays.set_days(session, None, "CN", [NEW_YEAR], now=NOW)
    assert not workdays.set_days(session, None, "CN", [NEW_YEAR], now=NOW)
    assert workdays.set_days(session, None, "CN", [NEW_YEAR._replace(name_en="New Year")], now=NOW)
    workdays.remove_day(session, None, "CN", NEW_YEAR.on, now=NOW)
    assert work_calendar(session, None).is_working(NEW_YEAR.on)
    last = session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc())).first()
    assert (last.verb, last.subject) == ("remove_calendar_day", "calendar_day")
    assert last.before["special_days"] == {"2027-01-01": ["holiday", "元旦", "New Year", "provisional"]}
    assert last.after["special_days"] == {"2027-01-01": None}
    assert entries(session) == 3


def test_a_make_up_day_is_a_saturday_or_sunday_and_every_day_has_two_names(session):
    monday = SpecialDay(date(2027, 1, 4), DayKind.MAKEUP, False, "班", "Make-up")
    with pytest.raises(RuleBroken, match="2027-01-04 is not a Saturday or Sunday"):
        workdays.set_days(session, None, "CN", [monday], now=NOW)
    with pytest.raises(RuleBroken, match="a name in both languages"):
        workdays.set_days(session, None, "CN", [NEW_YEAR._replace(name_zh=" ")], now=NOW)
    with pytest.raises(BadInput, match="“China” is not the two-letter code"):
        workdays.set_days(session, None, "China", [NEW_YEAR], now=NOW)
    with pytest.raises(NotFound):
        workdays.remove_day(session, None, "CN", NEW_YEAR.on, now=NOW)
    assert (session.scalars(select(CalendarDay)).all(), entries(session)) == ([], 0)


def test_a_year_is_confirmed_once(session):
    shipped.load_shipped(session, now=NOW)
    assert workdays.confirm_year(session, None, "CN", 2027, now=NOW) == 13
    assert work_calendar(session, None).state(2027) is YearState.ANNOUNCED
    with pytest.raises(RuleBroken, match="Nothing in CN 2027 is provisional"):
        workdays.confirm_year(session, None, "CN", 2027, now=NOW)


def test_a_year_is_started_only_where_there_is_none(session):
    assert workdays.start_year(session, None, "JP", 2027, [NEW_YEAR], now=NOW) == 1
    with pytest.raises(RuleBroken, match="JP 2027 has days on file already"):
        workdays.start_year(session, None, "JP", 2027, [NEW_YEAR], now=NOW)


# --- countries of regions ---


def test_a_region_follows_another_country_from_a_day_on(session):
    shipped.load_shipped(session, now=NOW)
    south, tokyo = make_region(session), make_region(session)
    health_day = SpecialDay(date(2026, 10, 12), DayKind.HOLIDAY, False, "体育日", "Sports Day")
    workdays.set_days(session, None, "JP", [health_day], now=NOW)
    workdays.follow_country(session, None, tokyo, "JP", date(2026, 10, 5), now=NOW)
    # China: 22 weekdays less 1, 2, 5, 6, 7 October, plus Saturday the 10th
    assert work_calendar(session, south.id).count(*OCTOBER) == 18
    # until the 4th as in China, without 1 and 2; then as in Japan, without the 12th
    assert work_calendar(session, tokyo.id).count(*OCTOBER) == 19
    assert holidays_between(session, tokyo.id, *OCTOBER) == {*(date(2026, 10, n) for n in range(1, 5)), health_day.on}
    assert work_calendar(session, tokyo.id).doubts(date(2026, 1, 1), date(2027, 12, 31)) == (
        Doubt(2027, YearState.MISSING),  # nobody has told us Japan's holidays, and China's no longer count
    )


def test_a_year_of_two_countries_is_as_certain_as_the_less_certain(session):
    shipped.load_shipped(session, now=NOW)
    region = make_region(session)
    workdays.follow_country(session, None, region, "JP", date(2026, 12, 1), now=NOW)
    assert work_calendar(session, region.id).state(2025) is YearState.ANNOUNCED
    assert work_calendar(session, region.id).state(2026) is YearState.MISSING


def test_following_is_changed_taken_back_and_refused_where_it_changes_nothing(session):
    region = make_region(session)
    with pytest.raises(RuleBroken, match="follows CN on 2026-10-05 already"):
        workdays.follow_country(session, None, region, "CN", date(2026, 10, 5), now=NOW)
    workdays.follow_country(session, None, region, "JP", date(2026, 10, 5), now=NOW)
    workdays.follow_country(session, None, region, "DE", date(2026, 10, 5), now=NOW)
    workdays.unfollow_country(session, None, region, date(2026, 10, 5), now=NOW)
    with pytest.raises(NotFound):
        workdays.unfollow_country(session, None, region, date(2026, 10, 5), now=NOW)
    assert [entry.verb for entry in session.scalars(select(JournalEntry).order_by(JournalEntry.id))] == [
        "follow_country", "follow_country", "unfollow_country",
    ]  # fmt: skip


def test_the_effect_of_a_change_is_known_before_it_is_made(session):
    shipped.load_shipped(session, now=NOW)
    east = make_region(session, code="A")
    abroad = make_region(session, code="B")
    workdays.follow_country(session, None, abroad, "JP", date(2025, 1, 1), now=NOW)
    effect = workdays.effect_of(
        session,
        lambda: workdays.remove_day(session, None, "CN", date(2026, 10, 10), now=NOW),
        date(2026, 1, 1),
        date(2027, 1, 1),
    )
    assert [(one.region, one.change[1:], str(one.change.month)) for one in effect] == [(east, (18, 17), "2026-10")]
    assert isinstance(effect[0].change, MonthChange)
    assert work_calendar(session, east.id).is_working(date(2026, 10, 10)), "nothing has happened yet"
