"""The diary as pages: the week, time off, appointments, where a day starts."""

from datetime import date, time

import pytest
from sqlalchemy import func, select

from repcrm.accounts.models import Session as DayPart
from repcrm.diary.models import Appointment, RepBase, TimeOff
from repcrm.diary.terms import AppointmentKind, TimeOffKind
from tests.factories import (
    make_appointment,
    make_assignment,
    make_calendar_day,
    make_evening_duty,
    make_hospital,
    make_rep,
    make_rep_base,
    make_time_off,
)

EN = {"Accept-Language": "en"}
MONDAY, THURSDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 26), date(2026, 11, 27)
MOST_QUERIES = 12
"""Whatever is on the page, signing in included."""


@pytest.fixture(autouse=True)
def _monday(fixed_clock):
    fixed_clock("2026-11-23T10:20+08:00")


@pytest.fixture
def hospital(session, region, rep):
    hospital = make_hospital(session, region=region, name="East Hospital", latitude=31.2, longitude=121.4)
    make_assignment(session, hospital=hospital, rep=rep)
    return hospital


@pytest.fixture
def meeting(session, region):
    return make_appointment(session, region=region, starts_at_time=time(8, 30))


def leave(rep, **said):
    return {"rep_id": rep.id, "kind": "annual", "from_on": THURSDAY, "to_on": "", "part": "", "note": "", **said}


def visit(rep, **said):
    return {
        "rep_id": rep.id if rep else "", "kind": "department_meeting", "title": "", "from_on": THURSDAY, "weekday": "",
        "to_on": "", "part": "pm", "starts_at_time": "", "minutes": 45, "hospital_id": "", **said,
    }  # fmt: skip


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


# --- the week ---------------------------------------------------------------------------------------------------------


def test_a_rep_sees_the_own_week(client_as, rep, session, hospital, meeting):
    make_time_off(session, rep=rep, from_on=THURSDAY, until_on=FRIDAY, part=DayPart.PM)
    make_appointment(
        session, rep=rep, weekday=None, from_on=FRIDAY, until_on=date(2026, 11, 28), hospital=hospital,
        title="Cardiology", kind=AppointmentKind.DEPARTMENT_MEETING,
    )  # fmt: skip
    make_evening_duty(session, rep=rep, hospital=hospital, day_on=FRIDAY)
    make_calendar_day(session, on=date(2026, 11, 24), name_en="Some Festival")
    page = client_as(rep).get("/diary", headers=EN).text
    for words in (
        "My diary", "Monday meeting", "08:30", "annual leave", "afternoon", "Cardiology", "East Hospital",
        "Evening round", "Some Festival", "nothing fixed", "Nobody has said where your day starts",
    ):  # fmt: skip
        assert words in page, words


def test_what_falls_into_time_off_is_said_to_fall_out(client_as, rep, session, meeting):
    make_time_off(session, rep=rep, from_on=MONDAY, until_on=FRIDAY)
    assert "falls out" in client_as(rep).get("/diary/2026-W48", headers=EN).text
    assert "falls out" not in client_as(rep).get("/diary/2026-W49", headers=EN).text


def test_an_evening_round_of_somebody_away_wants_another(client_as, lead, rep, session, hospital):
    make_evening_duty(session, rep=rep, hospital=hospital, day_on=THURSDAY)
    assert "somebody else has to go" not in client_as(lead).get("/diary", headers=EN).text
    make_time_off(session, rep=rep, from_on=THURSDAY, until_on=FRIDAY)
    assert "somebody else has to go" in client_as(lead).get("/diary", headers=EN).text


def test_a_lead_sees_the_team_and_nobody_else(client_as, lead, rep, other_rep, session, meeting):
    make_time_off(session, rep=rep, from_on=THURSDAY, until_on=FRIDAY)
    make_rep_base(session, rep=rep, name="the office")
    make_rep(session, region=rep.region, name="Colleague", is_active=False)
    page = client_as(lead).get("/diary", headers=EN).text
    for words in ("Diary of the team", "everybody", rep.name, "annual leave", "starts at the office"):
        assert words in page, words
    assert other_rep.name not in page
    assert "Colleague" not in page


@pytest.mark.parametrize("week", ["2026-W60", "2026-11", "x", "9999-W60"])
def test_a_week_that_is_none_is_not_found(client_as, rep, week):
    assert client_as(rep).get(f"/diary/{week}").status_code == 404


@pytest.mark.parametrize("who", ["rep", "lead"])
def test_the_week_takes_few_statements(client_as, who, session, rep, hospital, meeting, query_counter, request):
    browser = client_as(request.getfixturevalue(who))
    for number in range(5):
        other = make_rep(session, region=rep.region)
        for one in (rep, other):
            make_time_off(session, rep=one, from_on=MONDAY, until_on=FRIDAY, part=list(DayPart)[number % 3])
            make_appointment(session, rep=one, hospital=hospital)
        make_evening_duty(session, rep=other, hospital=hospital, day_on=date(2026, 11, 23 + number))
    with query_counter() as queries:
        assert browser.get("/diary").status_code == 200
    assert len(queries) <= MOST_QUERIES


# --- time off ---------------------------------------------------------------------------------------------------------


def test_a_rep_takes_a_day_off_and_undoes_it(client_as, rep, session):
    browser = client_as(rep)
    assert f'value="{rep.id}"' in browser.get("/time-off/new?day=2026-11-26").text
    response = browser.post("/time-off/new", data=leave(rep))
    assert (response.status_code, response.location) == (302, "/diary/2026-W48")
    time_off = session.scalar(select(TimeOff))
    assert (time_off.from_on, time_off.until_on, time_off.part) == (THURSDAY, FRIDAY, None)
    assert f"/time-off/{time_off.id}/cancel" in browser.get("/diary").text
    assert browser.post(f"/time-off/{time_off.id}/cancel").status_code == 302
    assert count(session, TimeOff) == 0


def test_cancelled_time_off_comes_back_by_undoing(client_as, rep, session):
    time_off = make_time_off(
        session, rep=rep, from_on=THURSDAY, until_on=date(2026, 11, 29), kind=TimeOffKind.OTHER, note="moving house"
    )
    browser = client_as(rep)
    browser.post(f"/time-off/{time_off.id}/cancel")
    page = browser.get("/diary").text
    typed = {"from_on": "2026-11-26", "to_on": "2026-11-28", "kind": "other", "note": "moving house"}
    for name, value in typed.items():
        assert f'name="{name}" value="{value}"' in page, name


def test_a_lead_takes_it_for_a_rep_of_the_team_only(client_as, lead, rep, other_rep, session):
    browser = client_as(lead)
    assert browser.post("/time-off/new", data=leave(rep, kind="sick", part="am")).status_code == 302
    assert browser.post("/time-off/new", data=leave(other_rep)).status_code == 422
    assert [one.rep_id for one in session.scalars(select(TimeOff))] == [rep.id]


def test_a_rep_takes_none_for_a_colleague(client_as, rep, session):
    colleague = make_rep(session, region=rep.region)
    assert client_as(rep).post("/time-off/new", data=leave(colleague)).status_code == 422
    assert count(session, TimeOff) == 0


def test_being_away_twice_is_refused_beside_the_field(client_as, rep, session):
    make_time_off(session, rep=rep, from_on=THURSDAY, until_on=FRIDAY)
    response = client_as(rep).post("/time-off/new", data=leave(rep), headers=EN)
    assert response.status_code == 422
    assert "is away from 2026-11-26 to 2026-11-26 already." in response.text
    assert count(session, TimeOff) == 1


def test_the_page_of_time_off_offers_to_cancel_what_is_not_over(client_as, rep, session):
    coming = make_time_off(session, rep=rep, from_on=THURSDAY, until_on=FRIDAY)
    running = make_time_off(session, rep=rep, from_on=date(2026, 11, 20), until_on=THURSDAY)
    over = make_time_off(session, rep=rep, from_on=date(2026, 11, 2), until_on=date(2026, 11, 3))
    pages = [client_as(rep).get(f"/time-off/{one.id}", headers=EN).text for one in (coming, running, over)]
    assert ["Cancel the time off" in page for page in pages] == [True, True, False]
    assert "It has begun" in pages[1]
    assert "This time off is over." in pages[2]


# --- appointments -----------------------------------------------------------------------------------------------------


def test_a_rep_makes_an_own_appointment_in_a_hospital(client_as, rep, session, hospital):
    response = client_as(rep).post("/appointments/new", data=visit(rep, hospital_id=hospital.id))
    assert response.status_code == 302
    made = session.scalar(select(Appointment))
    assert (made.rep_id, made.hospital_id, made.weekday, made.until_on) == (rep.id, hospital.id, None, FRIDAY)


def test_a_lead_makes_a_weekly_one_for_everybody(client_as, lead, session):
    said = visit(
        None, kind="training", weekday="5", starts_at_time="15:00", minutes=60, to_on="2027-01-31", with_lead="y"
    )
    assert client_as(lead).post("/appointments/new", data=said).status_code == 302
    made = session.scalar(select(Appointment))
    assert (made.rep_id, made.weekday, made.until_on, made.with_lead) == (None, 5, date(2027, 2, 1), True)


def test_a_rep_makes_none_for_everybody(client_as, rep, session):
    assert client_as(rep).post("/appointments/new", data=visit(None)).status_code == 422
    assert count(session, Appointment) == 0


def test_an_hour_that_is_taken_is_refused_by_the_name_of_the_other(client_as, rep, session, meeting):
    said = visit(rep, from_on="2026-11-30", part="am", starts_at_time="08:45")
    response = client_as(rep).post("/appointments/new", data=said, headers=EN)
    assert response.status_code == 422
    assert "“Monday meeting” is at the same hour." in response.text


def test_what_the_lead_made_for_everybody_a_rep_only_looks_at(client_as, rep, lead, meeting):
    address = f"/appointments/{meeting.id}"
    page = client_as(rep).get(address, headers=EN).text
    assert "Your lead made it for everybody" in page
    assert f'action="{address}' not in page
    assert client_as(rep).post(f"{address}/cancel", data={"version": 1}).status_code == 404
    assert client_as(lead).get(address).text.count(f'action="{address}') == 6  # four days, change, cancel


def test_a_lead_changes_leaves_out_and_cancels(client_as, lead, session, meeting):
    browser, address = client_as(lead), f"/appointments/{meeting.id}"
    assert browser.post(f"{address}/skip", data={"day": "2026-12-07"}).status_code == 302
    session.expire_all()
    rest = session.scalar(select(Appointment).where(Appointment.id != meeting.id))
    assert (meeting.until_on, rest.from_on) == (date(2026, 12, 7), date(2026, 12, 14))
    said = visit(None, kind="team_meeting", from_on=rest.from_on, weekday="1", part="am", version=rest.version)
    assert browser.post(f"/appointments/{rest.id}", data=said).status_code == 302
    session.expire_all()
    assert rest.minutes == 45
    assert browser.post(f"{address}/cancel", data={"version": meeting.version}).status_code == 302
    session.expire_all()
    assert meeting.until_on == MONDAY
    page = browser.get("/diary").text
    for undo in ('name="weekday" value="1"', 'name="from_on" value="2026-11-23"', 'name="to_on" value="2026-12-06"'):
        assert undo in page, undo


def test_who_saw_an_older_version_is_told(client_as, lead, session, meeting):
    meeting.version = 2
    response = client_as(lead).post(f"/appointments/{meeting.id}/cancel", data={"version": 1})
    assert response.status_code == 409


def test_a_day_it_is_not_on_is_not_left_out(client_as, lead, meeting):
    for day in ("2026-11-24", "x"):
        assert client_as(lead).post(f"/appointments/{meeting.id}/skip", data={"day": day}).status_code == 422


# --- where a day starts -----------------------------------------------------------------------------------------------


def test_a_base_is_picked_by_a_hospital_or_typed_and_forgotten(client_as, rep, session, hospital):
    browser, address = client_as(rep), f"/diary/base/{rep.id}"
    assert browser.post(address, data={"hospital_id": hospital.id}).status_code == 302
    base = session.scalar(select(RepBase))
    assert (base.name, base.latitude, base.longitude) == ("East Hospital", 31.2, 121.4)
    typed = {"hospital_id": "", "name": "home", "latitude": "31.23456", "longitude": "121.5"}
    assert browser.post(address, data=typed).status_code == 302
    session.expire_all()
    assert (base.name, base.latitude) == ("home", 31.235)
    assert "never an address" in browser.get(address, headers=EN).text
    assert browser.post(f"{address}/forget").status_code == 302
    assert count(session, RepBase) == 0


def test_a_base_without_a_place_is_refused(client_as, rep, session, region):
    nowhere = make_hospital(session, region=region)
    make_assignment(session, hospital=nowhere, rep=rep)
    browser, address = client_as(rep), f"/diary/base/{rep.id}"
    for typed in (
        {"hospital_id": nowhere.id},
        {"name": "home", "latitude": "31"},
        {"name": "home", "latitude": "91", "longitude": "121"},
        {"name": "home", "latitude": "nan", "longitude": "inf"},
        {"name": "", "latitude": "31", "longitude": "121"},
    ):
        assert browser.post(address, data=typed).status_code == 422, typed
    assert count(session, RepBase) == 0
