"""The review box: both versions side by side, chosen line by line."""

from datetime import date

import pytest

from repcrm.calls.models import Call
from tests import factories


@pytest.fixture(autouse=True)
def _monday(fixed_clock, rep):
    fixed_clock("2026-11-23T16:30+08:00")
    rep.language = "en"


@pytest.fixture
def call(session, region, rep) -> Call:
    hospital = factories.make_hospital(session, region=region)
    factories.make_assignment(session, hospital=hospital, rep=rep)
    doctor = factories.make_doctor(session, hospital=hospital, name="Li Min")
    return factories.make_call(
        session, rep=rep, day_on=date(2026, 11, 23), main_doctor=doctor, hospital=hospital, summary="From the tablet"
    )


@pytest.fixture
def conflict(session, call):
    return factories.make_conflict(session, call=call, theirs={"summary": "From the tablet"})


def test_both_versions_stand_beside_one_another(client_as, rep, conflict):
    browser = client_as(rep)
    page = browser.get("/decisions").text
    assert "From the phone" in page
    assert "From the tablet" in page
    assert 'href="/decisions"' in browser.get("/today").text


def test_the_chosen_words_count(client_as, rep, conflict, call, session):
    browser = client_as(rep)
    response = browser.post(f"/decisions/{conflict.id}", data={"summary": "both", "version": call.version})
    assert response.location == "/today"
    session.refresh(call)
    assert call.summary == "From the tablet\nFrom the phone"
    assert "Nothing to decide" in browser.get("/decisions").text


def test_without_a_choice_nothing_is_decided(client_as, rep, conflict, session):
    response = client_as(rep).post(f"/decisions/{conflict.id}", data={"summary": "x"})
    assert response.status_code == 422
    assert "Choose for each line" in response.text
    session.refresh(conflict)
    assert conflict.settled_at is None


def test_a_call_that_changed_meanwhile_is_shown_again(client_as, rep, conflict, call):
    assert client_as(rep).post(f"/decisions/{conflict.id}", data={"summary": "mine", "version": 7}).status_code == 409


def test_a_day_with_something_undecided_is_not_handed_in(client_as, rep, conflict):
    response = client_as(rep).post("/today/2026-11-23/submit", data={"version": ""})
    assert response.status_code == 422
    assert "Decide first" in response.text
