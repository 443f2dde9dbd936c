"""Recording, changing and correcting a call through its pages."""

import re
from datetime import date, time
from typing import Any

import pytest
from sqlalchemy import select

from repcrm.accounts.models import AdoptionRating
from repcrm.calls.models import Amendment, Call, CallDoctor, CallProduct, CallStatus, FollowUp, SheetStatus
from repcrm.calls.terms import CallPurpose, CallResult, CallType
from tests.factories import (
    make_assignment,
    make_call,
    make_call_purpose,
    make_competitor,
    make_department,
    make_doctor,
    make_follow_up,
    make_hospital,
    make_product,
    make_rating,
    make_sheet,
)

EN = {"Accept-Language": "en"}
TODAY = date(2026, 11, 23)


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


@pytest.fixture
def doctor(session, ward):
    return make_doctor(session, name="Li Min", department=ward)


@pytest.fixture
def sheet(session, rep):
    return make_sheet(session, rep=rep, day_on=TODAY)


def words(**said: Any) -> dict[str, Any]:
    """What a thumb posts when it has only chosen the result."""
    return {"outcome": "goal_met", "call_type": "one_to_one", "purposes": ["increase_use"], "next_step": "", **said}


def test_the_form_is_filled_in_but_for_the_result(client_as, rep, doctor, product, session):
    make_rating(session, doctor=doctor, product=product, rating=5)
    page = client_as(rep).get(f"/calls/new?doctor_id={doctor.id}", headers=EN).text
    assert "Li Min" in page
    assert "East Hospital" in page
    assert "Cardiology" in page
    assert re.search(r'name="started_at_time"[^>]*value="10:20"', page)
    assert re.search(r'name="call_type"[^>]*value="one_to_one"[^>]*checked', page)
    assert re.search(rf'name="rating_{product.id}"[^>]*value="5"[^>]*checked', page)
    assert not re.search(r'name="outcome"[^>]*checked', page)


def test_an_unplanned_call_is_recorded_with_a_result_alone(client_as, rep, doctor, session):
    browser = client_as(rep)
    answer = browser.post(f"/calls/new?doctor_id={doctor.id}", data=words(), headers=EN)
    assert (answer.status_code, answer.location) == (302, "/today/2026-11-23")
    call = session.scalars(select(Call)).one()
    assert (call.is_planned, call.result, call.rep_id, call.day_on) == (False, CallResult.GOAL_MET, rep.id, TODAY)
    page = browser.get("/today", headers=EN).text
    assert "The call on Li Min is saved." in page
    assert f'action="/calls/{call.id}/undo"' in page


def test_all_that_was_chosen_is_kept(client_as, rep, doctor, ward, product, session):
    colleague = make_doctor(session, name="Wang Fang", department=ward)
    competitor = make_competitor(session, product=product)
    promise = make_follow_up(session, call=make_call(session, rep=rep, main_doctor=doctor), due_on=TODAY)
    said = words(
        outcome="partly",
        product_ids=[product.id],
        **{f"rating_{product.id}": "6", f"stock_{product.id}": "40"},
        next_step="14",
        follow_up_text="Bring the paper",
        summary="Wants the paper",
        started_at_time="09:30",
        other_doctor_ids=[colleague.id],
        competitor_ids=[competitor.id],
        competitor_note="new price",
        kept=[promise.id],
    )
    answer = client_as(rep).post(f"/calls/new?doctor_id={doctor.id}&day=2026-11-23", data=said, headers=EN)
    assert answer.status_code == 302
    call = session.scalars(select(Call).where(Call.day_on == TODAY)).one()
    assert (call.started_at_time, call.summary) == (time(9, 30), "Wants the paper")
    assert call.call_type is CallType.ONE_TO_SEVERAL
    assert len(session.scalars(select(CallDoctor).where(CallDoctor.call_id == call.id)).all()) == 2
    talk = session.scalars(select(CallProduct)).one()
    assert (talk.rating, talk.stock_packs) == (6, 40)
    assert session.scalars(select(AdoptionRating.rating)).all() == [6]
    step = session.scalars(select(FollowUp).where(FollowUp.call_id == call.id)).one()
    assert (step.due_on, step.text) == (date(2026, 12, 7), "Bring the paper")
    session.refresh(promise)
    assert promise.kept_by_call_id == call.id


def test_a_call_at_which_nobody_was_met_keeps_no_promise_and_rates_nobody(client_as, rep, doctor, product, session):
    promise = make_follow_up(session, call=make_call(session, rep=rep, main_doctor=doctor), due_on=TODAY)
    said = words(outcome="doctor_not_met", kept=[promise.id], product_ids=[product.id], **{f"rating_{product.id}": "3"})
    client_as(rep).post(f"/calls/new?doctor_id={doctor.id}", data=said)
    session.refresh(promise)
    assert promise.done_at is None
    assert session.scalars(select(AdoptionRating)).all() == []


def test_without_a_result_the_form_comes_back_with_what_was_typed(client_as, rep, doctor, session):
    said = words(outcome="", summary="Do not lose me", next_step="date")
    answer = client_as(rep).post(f"/calls/new?doctor_id={doctor.id}", data=said, headers=EN)
    assert answer.status_code == 422
    assert "Choose how the call ended." in answer.text
    assert "Choose the day." in answer.text
    assert "Do not lose me" in answer.text
    assert session.scalars(select(Call)).all() == []


def test_a_time_to_come_is_refused_beside_its_field(client_as, rep, doctor, session):
    answer = client_as(rep).post(f"/calls/new?doctor_id={doctor.id}", data=words(started_at_time="10:21"), headers=EN)
    assert answer.status_code == 422
    assert 'href="#started_at_time"' in answer.text
    assert session.scalars(select(Call)).all() == []


def test_a_planned_doctor_opens_the_planned_call(client_as, rep, doctor, sheet, hospital, session):
    call = make_call(
        session, sheet=sheet, main_doctor=doctor, hospital=hospital, status=CallStatus.PLANNED, is_planned=True
    )
    make_call_purpose(session, call=call, purpose=CallPurpose.SUPPORT_LISTING)
    browser = client_as(rep)
    answer = browser.get(f"/calls/new?doctor_id={doctor.id}")
    assert answer.location == f"/calls/{call.id}/record"
    page = browser.get(answer.location, headers=EN).text
    assert re.search(r'value="support_listing"[^>]*checked', page)
    answer = browser.post(answer.location, data=words(version=call.version), headers=EN)
    assert answer.status_code == 302
    session.refresh(call)
    assert (call.status, call.is_planned) == (CallStatus.DONE, True)


def test_undo_takes_the_call_back(client_as, rep, doctor, session):
    browser = client_as(rep)
    browser.post(f"/calls/new?doctor_id={doctor.id}", data=words())
    call = session.scalars(select(Call)).one()
    answer = browser.post(f"/calls/{call.id}/undo", data={"version": call.version}, headers=EN)
    assert answer.location == "/today/2026-11-23"
    session.expire_all()
    assert session.scalars(select(Call)).all() == []


def test_a_stale_form_is_a_conflict_that_keeps_what_was_typed(client_as, rep, doctor, sheet, hospital, session):
    call = make_call(session, sheet=sheet, main_doctor=doctor, hospital=hospital, summary="theirs", version=2)
    browser = client_as(rep)
    answer = browser.post(f"/calls/{call.id}/edit", data=words(version=1, summary="mine"), headers=EN)
    assert answer.status_code == 409
    assert "This call has changed meanwhile" in answer.text
    assert "mine" in answer.text
    assert "theirs" in answer.text
    assert re.search(r'name="version"[^>]*value="2"', answer.text)
    session.refresh(call)
    assert call.summary == "theirs"
    answer = browser.post(f"/calls/{call.id}/edit", data=words(version=2, summary="mine"), headers=EN)
    assert answer.status_code == 302
    session.refresh(call)
    assert call.summary == "mine"


def test_the_form_of_a_recorded_call_says_what_it_says(client_as, rep, doctor, sheet, hospital, session):
    call = make_call(
        session, sheet=sheet, main_doctor=doctor, hospital=hospital, summary="As it was", result=CallResult.NOT_MET
    )
    make_follow_up(session, call=call, due_on=date(2026, 12, 1), text="Paper")
    page = client_as(rep).get(f"/calls/{call.id}/edit", headers=EN).text
    assert "As it was" in page
    assert re.search(r'name="outcome"[^>]*value="not_met"[^>]*checked', page)
    assert re.search(r'name="follow_up_on"[^>]*value="2026-12-01"', page)


def test_a_call_on_a_locked_sheet_is_corrected_with_a_reason(client_as, rep, doctor, hospital, session):
    locked = make_sheet(session, rep=rep, day_on=TODAY, status=SheetStatus.SUBMITTED)
    call = make_call(session, sheet=locked, main_doctor=doctor, hospital=hospital)
    browser = client_as(rep)
    assert "Why it is corrected" in browser.get(f"/calls/{call.id}/edit", headers=EN).text
    said = words(version=1, outcome="not_met")
    answer = browser.post(f"/calls/{call.id}/edit", data=said, headers=EN)
    assert answer.status_code == 422
    assert "Say why." in answer.text
    answer = browser.post(f"/calls/{call.id}/edit", data=said | {"reason": "Mixed up"}, headers=EN)
    assert answer.status_code == 302
    assert session.scalars(select(Amendment)).one().reason == "Mixed up"
    page = browser.get(f"/calls/{call.id}", headers=EN).text
    assert "Mixed up" in page
    assert "goal met" in page
    assert "not met" in page
    assert "Take back" not in page


def test_a_planned_call_is_moved_and_cancelled(client_as, rep, doctor, sheet, hospital, session):
    call = make_call(session, sheet=sheet, main_doctor=doctor, hospital=hospital, status=CallStatus.PLANNED)
    browser = client_as(rep)
    assert browser.get(f"/calls/{call.id}/change").status_code == 200
    answer = browser.post(f"/calls/{call.id}/move", data={"version": 1, "day_on": "2026-11-20"}, headers=EN)
    assert answer.status_code == 422
    assert "cannot be planned for a day gone by" in answer.text
    assert browser.post(f"/calls/{call.id}/move", data={"version": 1, "day_on": "2026-11-24"}).status_code == 302
    session.refresh(call)
    assert call.day_on == date(2026, 11, 24)
    answer = browser.post(f"/calls/{call.id}/cancel", data={"version": 2, "reason": ""}, headers=EN)
    assert (answer.status_code, "Say why." in answer.text) == (422, True)
    assert browser.post(f"/calls/{call.id}/cancel", data={"version": 2, "reason": "Congress"}).status_code == 302
    session.refresh(call)
    assert (call.status, call.cancel_reason) == (CallStatus.CANCELLED, "Congress")


def test_the_doctor_of_an_unplanned_call_is_found_by_initials_within_the_territory(client_as, rep, ward, session):
    make_doctor(session, name="张思远", department=ward, name_pinyin="zhangsiyuan", name_initials="zsy")
    make_doctor(session, name="张思平", name_pinyin="zhangsiping", name_initials="zsp", hospital=make_hospital(session))
    browser = client_as(rep)
    page = browser.get("/calls/find?doctor_text=zs").text
    assert "张思远" in page
    assert "张思平" not in page
    partial = browser.get("/calls/find?q=zhangs", headers={"X-Requested-With": "fetch"}).text
    assert 'role="option"' in partial
    assert "<html" not in partial


@pytest.mark.parametrize("path", ["", "/edit", "/record", "/change"])
def test_another_reps_call_is_not_found(client_as, rep, other_rep, doctor, sheet, hospital, session, path):
    call = make_call(session, sheet=sheet, main_doctor=doctor, hospital=hospital)
    assert client_as(other_rep).get(f"/calls/{call.id}{path}").status_code == 404


def test_another_reps_call_is_not_written(client_as, other_rep, doctor, sheet, hospital, session):
    call = make_call(session, sheet=sheet, main_doctor=doctor, hospital=hospital, status=CallStatus.PLANNED)
    browser = client_as(other_rep)
    for path, data in {
        "record": words(),
        "edit": words(),
        "undo": {},
        "move": {"version": 1, "day_on": "2026-11-24"},
        "cancel": {"version": 1, "reason": "x"},
    }.items():
        assert browser.post(f"/calls/{call.id}/{path}", data=data).status_code == 404
    session.refresh(call)
    assert (call.status, call.version) == (CallStatus.PLANNED, 1)


def test_a_doctor_outside_the_territory_is_not_recorded(client_as, rep, session):
    stranger = make_doctor(session, hospital=make_hospital(session))
    browser = client_as(rep)
    assert browser.get(f"/calls/new?doctor_id={stranger.id}").status_code == 404
    assert browser.post(f"/calls/new?doctor_id={stranger.id}", data=words()).status_code == 404
    assert session.scalars(select(Call)).all() == []


def test_a_colleague_of_another_hospital_is_not_a_choice(client_as, rep, doctor, session):
    stranger = make_doctor(session, hospital=make_hospital(session))
    answer = client_as(rep).post(f"/calls/new?doctor_id={doctor.id}", data=words(other_doctor_ids=[stranger.id]))
    assert answer.status_code == 422
    assert session.scalars(select(Call)).all() == []


def test_the_lead_reads_a_call_and_cannot_change_it(client_as, lead, doctor, sheet, hospital, session):
    call = make_call(session, sheet=sheet, main_doctor=doctor, hospital=hospital)
    browser = client_as(lead)
    page = browser.get(f"/calls/{call.id}", headers=EN).text
    assert "Li Min" in page
    assert "Take back" not in page
    assert browser.get(f"/calls/{call.id}/edit").status_code == 403
