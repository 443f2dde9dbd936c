"""The rota of evening rounds, reception hours and ways as pages."""

from datetime import date

import pytest
from sqlalchemy import func, select

from repcrm.accounts.models import Session as DayPart
from repcrm.diary import queries
from repcrm.diary.models import EveningDuty, TravelOverride
from tests.factories import (
    make_assignment,
    make_evening_duty,
    make_evening_round,
    make_hospital,
    make_reception_window,
    make_rep,
    make_travel_override,
    scope_of,
)

EN = {"Accept-Language": "en"}
MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
MOST_QUERIES = 10


@pytest.fixture(autouse=True)
def _monday(fixed_clock):
    fixed_clock("2026-11-23T10:20+08:00")


@pytest.fixture
def colleague(session, region):
    return make_rep(session, region=region, name="Colleague")


@pytest.fixture
def hospital(session, region, rep, colleague):
    """Both reps hold it; its evening round is on Tuesdays."""
    hospital = make_hospital(session, region=region, name="East Hospital", latitude=31.2, longitude=121.4)
    for one in (rep, colleague):
        make_assignment(session, hospital=hospital, rep=one)
    make_evening_round(session, hospital=hospital, weekday=2)
    return hospital


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


# --- the rota ---------------------------------------------------------------------------------------------------------


def test_a_lead_shares_weeks_out_and_reps_see_them(client_as, lead, rep, session, hospital):
    assert "nobody" in client_as(rep).get("/evenings", headers=EN).text
    response = client_as(lead).post("/evenings/share", data={"from_on": MONDAY, "weeks": 3, "most_a_week": 2})
    assert (response.status_code, response.location) == (302, "/evenings/2026-11")
    assert [duty.rep.name for duty in session.scalars(select(EveningDuty).order_by(EveningDuty.day_on))] == [
        rep.name, "Colleague", rep.name,
    ]  # fmt: skip
    for who in (lead, rep):
        assert "Colleague" in client_as(who).get("/evenings/2026-12", headers=EN).text


def test_evenings_nobody_can_take_are_named(client_as, lead, session, region):
    alone = make_hospital(session, region=region, name="Lonely Hospital")
    make_evening_round(session, hospital=alone, weekday=2)
    browser = client_as(lead)
    browser.post("/evenings/share", data={"from_on": MONDAY, "weeks": 1, "most_a_week": 2}, headers=EN)
    page = browser.get("/evenings/2026-11", headers=EN).text
    assert "0 evenings are shared out." in page
    assert "1 evening nobody can take: Tue 24 Nov Lonely Hospital" in page


@pytest.mark.parametrize(
    "typed",
    [
        {"from_on": "2026-11-01", "weeks": 1, "most_a_week": 2},
        {"from_on": "2026-11-23", "weeks": 14, "most_a_week": 2},
        {"from_on": "2026-11-23", "weeks": 1, "most_a_week": 0},
        {"from_on": "x", "weeks": 1, "most_a_week": 2},
    ],
)
def test_days_gone_by_and_too_many_are_refused(client_as, lead, session, hospital, typed):
    assert client_as(lead).post("/evenings/share", data=typed).status_code == 422
    assert count(session, EveningDuty) == 0


def test_a_rep_shares_nothing_out(client_as, rep):
    assert client_as(rep).post("/evenings/share", data={}).status_code == 403


def test_a_rep_takes_an_evening_over_from_a_colleague(client_as, rep, colleague, session, hospital):
    duty = make_evening_duty(session, hospital=hospital, rep=colleague, day_on=TUESDAY)
    address = f"/evenings/duties/{duty.id}"
    assert "I take it over" in client_as(rep).get(address, headers=EN).text
    assert "ask a colleague" in client_as(colleague).get(address, headers=EN).text
    assert client_as(rep).post(address, data={"rep_id": rep.id, "version": 1}).status_code == 302
    session.expire_all()
    assert (duty.rep_id, duty.is_locked) == (rep.id, True)
    assert client_as(colleague).post(address, data={"rep_id": colleague.id, "version": 1}).status_code == 409


def test_a_rep_gives_no_evening_to_somebody_else(client_as, rep, colleague, session, hospital):
    duty = make_evening_duty(session, hospital=hospital, rep=rep, day_on=TUESDAY)
    response = client_as(rep).post(f"/evenings/duties/{duty.id}", data={"rep_id": colleague.id, "version": 1})
    assert response.status_code == 422


def test_a_lead_gives_an_evening_only_to_who_can_take_it(client_as, lead, rep, colleague, session, hospital):
    stranger = make_rep(session, region=rep.region)
    duty = make_evening_duty(session, hospital=hospital, rep=rep, day_on=TUESDAY)
    browser, address = client_as(lead), f"/evenings/duties/{duty.id}"
    response = browser.post(address, data={"rep_id": stranger.id, "version": 1}, headers=EN)
    assert response.status_code == 422
    assert "does not hold this hospital on that day." in response.text
    assert browser.post(address, data={"rep_id": colleague.id, "version": 1}).status_code == 302
    past = make_evening_duty(session, hospital=hospital, rep=rep, day_on=date(2026, 11, 17))
    assert "This evening is gone by." in browser.get(f"/evenings/duties/{past.id}", headers=EN).text


@pytest.mark.parametrize("month", ["2026-13", "2026-W48", "x"])
def test_a_month_that_is_none_is_not_found(client_as, rep, month):
    assert client_as(rep).get(f"/evenings/{month}").status_code == 404


def test_the_rota_takes_few_statements(client_as, lead, session, hospital, rep, query_counter):
    for number in range(1, 15):
        make_evening_duty(session, hospital=hospital, rep=rep, day_on=date(2026, 11, number))
        make_evening_round(session, hospital=make_hospital(session, region=rep.region))
    browser = client_as(lead)
    with query_counter() as statements:
        assert browser.get("/evenings").status_code == 200
    assert len(statements) <= MOST_QUERIES


# --- reception and ways -----------------------------------------------------------------------------------------------


def test_hours_and_rounds_are_ticked_and_shown_on_the_hospitals_page(client_as, lead, rep, session, hospital):
    browser, address = client_as(lead), f"/reception/{hospital.id}"
    assert browser.post(address, data={"slots": ["2-am", "4-pm"], "rounds": ["1", "3"]}).status_code == 302
    who = scope_of(lead, MONDAY)
    assert queries.reception_of(session, who) == {hospital.id: {(2, DayPart.AM), (4, DayPart.PM)}}
    assert queries.evening_rounds_of(session, who) == {hospital.id: {1, 3}}
    page = client_as(rep).get(f"/hospitals/{hospital.id}", headers=EN).text
    assert page.count("receives reps") == 2
    assert "Mon · Wed" in page
    assert address not in page
    assert address in browser.get(f"/hospitals/{hospital.id}").text
    assert browser.post(address, data={}).status_code == 302
    assert queries.reception_of(session, who) == {}


def test_an_hour_that_is_none_is_refused(client_as, lead, hospital):
    for typed in ({"slots": ["9-am"]}, {"slots": ["1-night"]}, {"rounds": ["8"]}, {"rounds": ["x"]}):
        assert client_as(lead).post(f"/reception/{hospital.id}", data=typed).status_code == 422


def test_the_list_of_hours_takes_few_statements(client_as, admin, session, region, query_counter):
    for _number in range(10):
        make_reception_window(session, hospital=make_hospital(session, region=region))
    browser = client_as(admin)
    with query_counter() as statements:
        assert browser.get("/reception").status_code == 200
    assert len(statements) <= MOST_QUERIES


def test_a_way_is_noted_shown_beside_the_map_and_forgotten(client_as, lead, session, region, hospital):
    other = make_hospital(session, region=region, name="Far Hospital", latitude=31.3, longitude=121.4)
    browser = client_as(lead)
    typed = {"one_id": other.id, "other_id": hospital.id, "minutes": 17}
    assert browser.post("/travel", data=typed).status_code == 302
    way = session.scalar(select(TravelOverride))
    assert (way.one_id, way.other_id, way.minutes) == (hospital.id, other.id, 17)
    page = browser.get("/travel", headers=EN).text
    # 0.1 degrees are 11.12 km, x 1.35 = 15.01 km: 3 km at 15 km/h are 12 minutes, 7 at 24 are 17.5, 5.01 at 38 are 7.9.
    assert ">17</td>" in page
    assert ">38</td>" in page
    assert browser.post(f"/travel/{way.id}/forget").status_code == 302
    assert count(session, TravelOverride) == 0
    assert f'name="one_id" value="{hospital.id}"' in browser.get("/travel").text  # undo


def test_a_way_to_nowhere_is_refused(client_as, lead, session, hospital):
    elsewhere = make_hospital(session)
    for typed in (
        {"one_id": hospital.id, "other_id": hospital.id, "minutes": 5},
        {"one_id": hospital.id, "other_id": elsewhere.id, "minutes": 5},
        {"one_id": hospital.id, "other_id": hospital.id, "minutes": -5},
    ):
        assert client_as(lead).post("/travel", data=typed).status_code == 422
    assert count(session, TravelOverride) == 0


def test_ways_of_another_region_are_not_found(client_as, lead, session):
    way = make_travel_override(session)
    assert client_as(lead).post(f"/travel/{way.id}/forget").status_code == 404
