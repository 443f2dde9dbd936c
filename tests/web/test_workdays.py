"""The page of working days: a year, its days, a notice that comes, and which country a region follows."""

from datetime import date

import pytest
from sqlalchemy import select

from repcrm.core.periods import Period
from repcrm.core.workdays import DayKind, YearState
from repcrm.db.journal import JournalEntry
from repcrm.organisation.calendar import read_year, work_calendar
from repcrm.organisation.models import CalendarDay, RegionCalendar
from repcrm.organisation.shipped import load_shipped
from tests.factories import NOW, make_snapshot

ENGLISH = {"Accept-Language": "en"}
NEW_DAY = {
    "day-country": "CN", "day-on": "2027-10-09", "day-kind": "makeup", "day-name_zh": "国庆节",
    "day-name_en": "National Day",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _monday(fixed_clock, session, save):
    fixed_clock("2026-11-23T10:00+08:00")
    load_shipped(session, now=NOW)
    save()


@pytest.fixture
def browser(client_as, admin, region):
    return client_as(admin)


def kind_of(session, on, country="CN"):
    session.expire_all()
    return session.scalar(select(CalendarDay.kind).where(CalendarDay.on == on, CalendarDay.country == country))


def test_a_year_shows_its_days_and_how_certain_they_are(browser):
    page = browser.get("/working-days", headers=ENGLISH).text
    assert "National Day" in page
    assert "248 working days in the year" in page  # 261 weekdays - 19 on holidays + 6 make-up days
    assert "Announced as shown" not in page
    page = browser.get("/working-days?year=2027", headers=ENGLISH).text
    assert "2027 is not announced yet" in page
    assert "254 working days in the year" in page  # 261 - 7
    assert "No public holidays on file for 2028" in browser.get("/working-days?year=2028", headers=ENGLISH).text


@pytest.mark.parametrize("address", ["?year=x", "?year=99999", "?country=XX"])
def test_an_address_that_names_no_calendar_is_not_found(browser, address):
    assert browser.get(f"/working-days{address}").status_code == 404


def test_a_day_to_come_is_added_at_once_and_the_months_it_changes_are_named(browser, session):
    answer = browser.post("/working-days/day", data=NEW_DAY, headers=ENGLISH)
    assert (answer.status_code, answer.location) == (302, "/working-days?country=CN&year=2027")
    assert kind_of(session, date(2027, 10, 9)) is DayKind.MAKEUP
    # October 2027: 21 weekdays less Friday the 1st (2 and 3 are a weekend) = 20, and the 9th
    assert "October 2027: 20 → 21" in browser.get(answer.location, headers=ENGLISH).text
    entry = session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc())).first()
    assert (entry.verb, entry.before["special_days"]) == ("set_calendar_days", {"2027-10-09": None})
    assert "make-up working day, 国庆节, National Day" in browser.get("/admin/journal", headers=ENGLISH).text


def test_a_day_is_edited_and_removed(browser, session):
    page = browser.get("/working-days?year=2027&day=2027-10-01", headers=ENGLISH).text
    assert 'value="2027-10-01"' in page
    browser.post("/working-days/day", data={**NEW_DAY, "day-on": "2027-10-01", "day-kind": "holiday"})
    assert read_year(session, "CN", 2027).days[-3].is_provisional is False
    assert browser.post("/working-days/day/remove", data={"country": "CN", "on": "2027-10-01"}).status_code == 302
    assert kind_of(session, date(2027, 10, 1)) is None
    assert browser.post("/working-days/day/remove", data={"country": "CN", "on": "2027-10-01"}).status_code == 404


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"day-on": "2027-10-08"}, "2027-10-08 is not a Saturday or Sunday"),
        ({"day-name_en": ""}, "Enter the name in both languages."),
        ({"day-on": ""}, "Enter the day."),
        ({"day-on": "9999-10-09"}, "This day is too far away."),
        ({"day-country": "XX"}, "error-summary"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(browser, session, change, reason):
    answer = browser.post("/working-days/day", data={**NEW_DAY, **change}, headers=ENGLISH)
    assert answer.status_code == 422
    assert reason in answer.text
    assert kind_of(session, date(2027, 10, 9)) is None


def test_a_month_begun_changes_only_after_its_effect_was_shown(browser, session, region, save):
    week = Period.parse("2026-W41")
    save(make_snapshot(session, region=region, period=str(week), from_on=week.from_on, until_on=week.until_on))
    sent = {"country": "CN", "on": "2026-10-10"}
    shown = browser.post("/working-days/day/remove", data=sent, headers=ENGLISH)
    assert shown.status_code == 200
    assert "Change working days?" in shown.text
    assert "2026-W41" in shown.text
    assert all(f">{count}<" in shown.text for count in (18, 17))
    assert kind_of(session, date(2026, 10, 10)) is DayKind.MAKEUP, "nothing is saved yet"
    assert browser.post("/working-days/day/remove", data={**sent, "confirmed": "y"}).status_code == 302
    assert kind_of(session, date(2026, 10, 10)) is None


def test_a_provisional_year_is_confirmed_with_one_yes(browser, session):
    assert browser.post("/working-days/year/confirm", data={"country": "CN", "year": "2027"}).status_code == 302
    session.expire_all()
    assert work_calendar(session, None).state(2027) is YearState.ANNOUNCED
    again = browser.post("/working-days/year/confirm", data={"country": "CN", "year": "2027"}, headers=ENGLISH)
    assert again.status_code == 422
    assert "Nothing in CN 2027 is provisional." in again.text


def test_another_countrys_year_starts_with_its_public_holidays_and_a_region_follows_it(browser, session, region):
    answer = browser.post("/working-days/year/start", data={"start-country": "JP", "start-year": "2027"})
    assert answer.location == "/working-days?country=JP&year=2027"
    assert read_year(session, "JP", 2027).state is YearState.PROVISIONAL
    follow = {"follow-region_id": region.id, "follow-country": "JP", "follow-from_on": "2027-01-01"}
    assert browser.post("/working-days/follow", data=follow).status_code == 302
    session.expire_all()
    assert not work_calendar(session, region.id).is_working(date(2027, 1, 11))  # Coming of Age Day
    assert browser.post("/working-days/follow", data=follow).status_code == 422
    page = browser.get("/working-days?country=JP&year=2027", headers=ENGLISH).text
    assert "Japan from 1 January 2027" in page or "Japan from 1 Jan 2027" in page
    gone = browser.post("/working-days/unfollow", data={"region_id": region.id, "from_on": "2027-01-01"})
    assert gone.status_code == 302
    assert session.scalar(select(RegionCalendar)) is None


def test_a_year_is_not_started_twice_nor_where_nothing_is_known(browser):
    for country, reason in (("CN", "CN 2027 has days on file already."), ("SA", "is not Monday to Friday")):
        sent = {"start-country": country, "start-year": "2027"}
        answer = browser.post("/working-days/year/start", data=sent, headers=ENGLISH)
        assert answer.status_code == 422
        assert reason in answer.text


def test_a_region_that_starts_to_follow_in_the_past_is_asked_first(browser, session, region):
    follow = {"follow-region_id": region.id, "follow-country": "JP", "follow-from_on": "2026-10-01"}
    shown = browser.post("/working-days/follow", data=follow, headers=ENGLISH)
    assert shown.status_code == 200
    assert "October 2026" in shown.text
    assert session.scalar(select(RegionCalendar)) is None
