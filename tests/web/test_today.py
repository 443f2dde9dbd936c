"""The rep's day, the week and the follow-ups as pages."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from repcrm.accounts.models import ClinicSession, Tier
from repcrm.accounts.models import Session as Part
from repcrm.calls.models import Call, CallSheet, CallStatus, SheetStatus
from repcrm.calls.terms import MissReason
from tests.factories import (
    make_assignment,
    make_call,
    make_department,
    make_doctor,
    make_flow,
    make_follow_up,
    make_hospital,
    make_product,
    make_rating,
    make_sheet,
    make_target,
)

EN = {"Accept-Language": "en"}
TODAY = date(2026, 11, 23)
MOST_QUERIES = 26
"""Whatever is on the page."""


@pytest.fixture(autouse=True)
def _monday(fixed_clock):
    fixed_clock("2026-11-23T10:20+08:00")


@pytest.fixture
def product(session):
    return make_product(session, name="Anfortan")


@pytest.fixture
def hospital(session, region, rep, product):
    hospital = make_hospital(session, region=region, name="East Hospital")
    make_assignment(session, hospital=hospital, rep=rep, product=product)
    return hospital


@pytest.fixture
def ward(session, hospital):
    return make_department(session, hospital=hospital, name="Cardiology")


def on_monday_morning(session, doctor):
    session.add(ClinicSession(doctor_id=doctor.id, weekday=1, session=Part.AM))
    return doctor


def test_an_empty_day_says_what_to_do(client_as, rep):
    page = client_as(rep).get("/today", headers=EN).text
    assert "No calls on this day" in page
    assert "0 / 0 done" in page
    assert 'href="/calls/find?day=2026-11-23"' in page


def test_the_plan_is_grouped_by_hospital_and_done_calls_fold(client_as, rep, hospital, ward, session):
    sheet = make_sheet(session, rep=rep, day_on=TODAY)
    for name, status in (("Li Min", CallStatus.PLANNED), ("Wang Fang", CallStatus.DONE)):
        make_call(
            session, sheet=sheet, main_doctor=make_doctor(session, name=name, department=ward), hospital=hospital,
            department=ward, status=status,
        )  # fmt: skip
    page = client_as(rep).get("/today", headers=EN).text
    assert "1 / 2 done" in page
    assert page.index("East Hospital") < page.index("Li Min") < page.index("Wang Fang")
    assert "Today: 1 made, 1 effective" not in page  # nothing to say of the month: no target, no flow


def test_who_is_in_clinic_today_is_suggested_with_the_reason(client_as, rep, ward, session):
    key = on_monday_morning(session, make_doctor(session, name="Li Min", department=ward, tier=Tier.KEY))
    make_doctor(session, name="Not today", department=ward)
    make_call(session, rep=rep, day_on=date(2026, 11, 11), main_doctor=key)
    make_rating(session, doctor=key, rating=6)
    page = client_as(rep).get("/today", headers=EN).text
    assert "Li Min" in page
    assert "Not today" not in page
    assert "last call 12 days ago · 1/8 this month · in clinic: morning" in page
    assert "rating 6 of 7" in page


def test_a_promise_due_is_on_the_page_with_its_words(client_as, rep, ward, session):
    doctor = make_doctor(session, name="Li Min", department=ward)
    call = make_call(session, rep=rep, day_on=date(2026, 11, 13), main_doctor=doctor)
    make_follow_up(session, call=call, due_on=date(2026, 11, 20), text="Bring the paper")
    page = client_as(rep).get("/today", headers=EN).text
    assert "Overdue since Fri 20 Nov: Bring the paper" in page


def test_what_is_left_for_the_month_stands_there(client_as, rep, hospital, product, session):
    make_target(session, hospital=hospital, product=product, floor_packs=100, stretch_packs=120)
    make_flow(session, hospital=hospital, product=product, on=date(2026, 11, 5), packs=62)
    page = client_as(rep).get("/today", headers=EN).text
    assert "Left this month" in page
    assert "<strong>38</strong>" in page
    assert "6 working days" in page
    assert "还剩 6 个工作日" in client_as(rep).get("/today", headers={"Accept-Language": "zh"}).text


def test_suggestions_are_planned_together_and_once(client_as, rep, ward, session):
    doctors = [make_doctor(session, department=ward) for _ in range(3)]
    browser = client_as(rep)
    data = {"doctor_id": [doctor.id for doctor in doctors] + [doctors[0].id]}
    for _ in range(2):
        assert browser.post("/today/2026-11-23/plan", data=data).status_code == 302
    calls = session.scalars(select(Call)).all()
    assert sorted(call.main_doctor_id for call in calls) == sorted(doctor.id for doctor in doctors)
    assert {(call.status, call.is_planned) for call in calls} == {(CallStatus.PLANNED, True)}


def test_a_doctor_out_of_scope_is_not_planned_nor_the_others_with_it(client_as, rep, ward, session):
    mine, stranger = make_doctor(session, department=ward), make_doctor(session, hospital=make_hospital(session))
    answer = client_as(rep).post("/today/2026-11-23/plan", data={"doctor_id": [mine.id, stranger.id]})
    assert answer.status_code == 404
    assert session.scalars(select(Call)).all() == []


def test_the_day_is_handed_in_and_locked(client_as, rep, hospital, session):
    sheet = make_sheet(session, rep=rep, day_on=TODAY)
    make_call(session, sheet=sheet, hospital=hospital)
    browser = client_as(rep)
    answer = browser.post("/today/2026-11-23/submit", data={"version": 1}, headers=EN)
    assert answer.status_code == 302
    session.refresh(sheet)
    assert sheet.status is SheetStatus.SUBMITTED
    page = browser.get("/today", headers=EN).text
    assert "This sheet is handed in" in page
    assert "Unplanned call" not in page


def test_a_day_with_open_calls_is_not_handed_in(client_as, rep, hospital, session):
    sheet = make_sheet(session, rep=rep, day_on=TODAY)
    doctor = make_doctor(session, name="Li Min", hospital=hospital)
    make_call(session, sheet=sheet, hospital=hospital, main_doctor=doctor, status=CallStatus.PLANNED)
    answer = client_as(rep).post("/today/2026-11-23/submit", data={"version": 1}, headers=EN)
    assert answer.status_code == 422
    assert "Still open: Li Min" in answer.text
    session.refresh(sheet)
    assert sheet.status is SheetStatus.DRAFT


def test_a_stale_page_and_a_day_to_come_are_not_handed_in(client_as, rep, session):
    make_sheet(session, rep=rep, day_on=TODAY, version=3)
    browser = client_as(rep)
    assert browser.post("/today/2026-11-23/submit", data={"version": 2}).status_code == 409
    assert browser.post("/today/2026-11-24/submit", data={}).status_code == 422
    assert {sheet.status for sheet in session.scalars(select(CallSheet))} == {SheetStatus.DRAFT}


def test_a_sheet_sent_back_shows_why(client_as, rep, session):
    make_sheet(session, rep=rep, day_on=TODAY, status=SheetStatus.RETURNED, review_comment="Two calls are missing")
    page = client_as(rep).get("/today", headers=EN).text
    assert "Two calls are missing" in page
    assert "Hand in sheet" in page


@pytest.mark.parametrize("address", ["/today/2026-13-01", "/today/yesterday", "/week/2026-W54", "/week/2026-11"])
def test_a_day_or_week_there_is_not_is_not_found(client_as, rep, address):
    assert client_as(rep).get(address).status_code == 404


def test_a_full_day_takes_no_more_queries_than_an_empty_one_may(
    client_as, rep, hospital, ward, product, session, query_counter
):
    sheet = make_sheet(session, rep=rep, day_on=TODAY)
    make_target(session, hospital=hospital, product=product)
    for number in range(30):
        doctor = on_monday_morning(session, make_doctor(session, department=ward))
        status = (CallStatus.PLANNED, CallStatus.DONE, CallStatus.CANCELLED)[number % 3]
        call = make_call(session, sheet=sheet, main_doctor=doctor, hospital=hospital, department=ward, status=status)
        make_follow_up(session, call=call, due_on=TODAY)
        make_rating(session, doctor=doctor, product=product)
        on_monday_morning(session, make_doctor(session, department=ward))
    browser = client_as(rep)
    with query_counter() as queries:
        assert browser.get("/today").status_code == 200
    assert len(queries) <= MOST_QUERIES, "\n".join(queries)


def test_the_week_tells_what_is_missing_and_when_it_is_due(client_as, rep, session, query_counter):
    make_sheet(session, rep=rep, day_on=date(2026, 11, 16), status=SheetStatus.SUBMITTED)
    make_call(session, sheet=make_sheet(session, rep=rep, day_on=date(2026, 11, 17)))
    browser = client_as(rep)
    with query_counter() as queries:
        page = browser.get("/week/2026-W47", headers=EN).text
    assert "1 of 5 sheets handed in" in page
    assert "4 sheets are missing" in page
    assert "Due on Mon 23 Nov 2026." in page
    assert len(queries) <= 8, "\n".join(queries)
    assert "The packet is due on Mon 30 Nov 2026." in browser.get("/week", headers=EN).text


def test_follow_ups_are_sorted_by_when_they_are_due_and_ticked_off(client_as, rep, ward, session):
    doctor = make_doctor(session, name="Li Min", department=ward)
    call = make_call(session, rep=rep, day_on=date(2026, 11, 13), main_doctor=doctor)
    late = make_follow_up(session, call=call, due_on=date(2026, 11, 20), text="The late one")
    make_follow_up(session, call=call, due_on=TODAY, text="The one of today")
    make_follow_up(session, call=call, due_on=date(2026, 11, 30), text="The next one")
    browser = client_as(rep)
    page = browser.get("/follow-ups", headers=EN).text
    assert page.index("The late one") < page.index("The one of today") < page.index("The next one")
    assert browser.post(f"/follow-ups/{late.id}/keep").status_code == 302
    session.refresh(late)
    assert late.done_at == datetime(2026, 11, 23, 2, 20, tzinfo=UTC)
    page = browser.get("/follow-ups", headers=EN).text
    assert page.index("The one of today") < page.index("The late one")
    browser.post(f"/follow-ups/{late.id}/reopen")
    session.refresh(late)
    assert late.done_at is None


def test_another_reps_follow_up_is_not_found(client_as, other_rep, rep, session):
    promise = make_follow_up(session, call=make_call(session, rep=rep))
    assert client_as(other_rep).post(f"/follow-ups/{promise.id}/keep").status_code == 404
    session.refresh(promise)
    assert promise.done_at is None


def test_no_follow_ups_say_so(client_as, rep):
    assert "Nothing is due" in client_as(rep).get("/follow-ups", headers=EN).text


class TestACallThatWasNotMade:
    """One tap says why; the visit is owed again."""

    @pytest.fixture
    def planned(self, session, rep, hospital, ward, save):
        sheet, doctor = make_sheet(session, rep=rep, day_on=TODAY), make_doctor(session, department=ward)
        return save(
            make_call(
                session, sheet=sheet, hospital=hospital, main_doctor=doctor, status=CallStatus.PLANNED, is_planned=True
            )
        )

    def test_a_tap_says_why_and_can_be_taken_back(self, client_as, rep, planned, session):
        browser = client_as(rep)
        assert f"/calls/{planned.id}/miss" in browser.get("/today").text
        answer = browser.post(f"/calls/{planned.id}/miss", data={"version": planned.version, "why": "clinic_cancelled"})
        session.refresh(planned)
        assert (answer.status_code, answer.location) == (302, f"/today/{planned.day_on}")
        session.refresh(planned)
        assert (planned.status, planned.miss_reason) == (CallStatus.CANCELLED, MissReason.CLINIC_CANCELLED)
        assert "Not made: clinic cancelled" in browser.get("/today", headers=EN).text
        browser.post(f"/calls/{planned.id}/reopen", data={"version": planned.version})
        session.refresh(planned)
        assert (planned.status, planned.miss_reason) == (CallStatus.PLANNED, None)

    def test_a_call_of_a_day_gone_by_is_asked_after_in_the_open(self, client_as, rep, planned, fixed_clock):
        fixed_clock("2026-11-24T10:00+08:00")
        assert 'class="today-missed"' in client_as(rep).get(f"/today/{planned.day_on}").text

    def test_another_reason_needs_words(self, client_as, rep, planned, session):
        answer = client_as(rep).post(f"/calls/{planned.id}/miss", data={"version": planned.version, "why": "other"})
        assert answer.status_code == 422
        session.refresh(planned)
        assert planned.status is CallStatus.PLANNED

    def test_nobody_else_may_say_so(self, client_as, other_rep, planned):
        sent = {"version": planned.version, "why": "leave"}
        assert client_as(other_rep).post(f"/calls/{planned.id}/miss", data=sent).status_code == 404
        assert client_as(other_rep).post(f"/calls/{planned.id}/reopen", data=sent).status_code == 404
