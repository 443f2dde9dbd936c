"""What a plan does not allow cannot be had through the pages of days and calls either."""

from datetime import date

import pytest
from sqlalchemy import func, select

from repcrm.accounts.models import Tier
from repcrm.calls.models import Call, CallStatus
from repcrm.planning.terms import PlanStatus
from tests.service.planning.conftest import NOW, Beat

EN = {"Accept-Language": "en"}
MONDAY, TUESDAY = date(2026, 11, 30), date(2026, 12, 1)
LAST_MONDAY = date(2026, 11, 23)
LOCKED = "Your lead has locked this plan"


@pytest.fixture(autouse=True)
def _wednesday(fixed_clock):
    fixed_clock("2026-11-25T09:00+08:00")


@pytest.fixture
def doctor(beat, save):
    return save(beat.doctor(name="Wang Qing", tier=Tier.KEY, rating=5))


@pytest.fixture
def call(beat, doctor, save) -> Call:
    """Of next Monday, in a published plan that the lead has locked."""
    save(_published(beat, MONDAY, locked_at=NOW, locked_by_id=beat.lead.id))
    return save(beat.call(doctor, MONDAY, status=CallStatus.PLANNED, is_planned=True))


def _published(beat: Beat, start_on: date, **values: object) -> object:
    return beat.plan(
        start_on, status=PlanStatus.PUBLISHED, published_at=NOW, published_by_id=beat.rep.id, **values
    )  # fmt: skip


def test_a_call_of_a_locked_plan_is_not_moved_from_its_own_page(client_as, beat, call, session):
    answer = client_as(beat.rep).post(
        f"/calls/{call.id}/move", data={"version": call.version, "day_on": TUESDAY}, headers=EN
    )
    assert (answer.status_code, LOCKED in answer.text) == (422, True)
    session.refresh(call)
    assert call.day_on == MONDAY


def test_nor_is_one_moved_into_its_days(client_as, beat, call, doctor, save, session):
    other = save(beat.call(doctor, date(2026, 11, 26), status=CallStatus.PLANNED, is_planned=True))
    answer = client_as(beat.rep).post(f"/calls/{other.id}/move", data={"version": other.version, "day_on": TUESDAY})
    session.refresh(other)
    assert (answer.status_code, other.day_on) == (422, date(2026, 11, 26))


def test_nobody_is_put_on_a_day_of_a_locked_plan(client_as, beat, call, doctor, session):
    answer = client_as(beat.rep).post(f"/today/{TUESDAY}/plan", data={"doctor_id": doctor.id}, headers=EN)
    assert LOCKED in answer.text
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Call)) == 1


def test_only_the_plan_says_that_a_call_was_planned_anew(client_as, beat, call, session):
    browser = client_as(beat.rep)
    answer = browser.post(f"/calls/{call.id}/miss", data={"version": call.version, "why": "replanned"})
    assert answer.status_code == 422
    assert 'value="replanned"' not in browser.get(f"/calls/{call.id}/change").text
    session.refresh(call)
    assert call.status is CallStatus.PLANNED


def test_what_became_of_it_is_said_all_the_same(client_as, beat, call, session):
    answer = client_as(beat.rep).post(f"/calls/{call.id}/miss", data={"version": call.version, "why": "doctor_away"})
    session.refresh(call)
    assert (answer.status_code, call.status) == (302, CallStatus.CANCELLED)


@pytest.mark.parametrize("what", ["remove", "place"])
def test_a_call_that_was_not_made_does_not_vanish_from_its_day(client_as, beat, doctor, save, session, what):
    save(_published(beat, date(2026, 11, 2)))
    missed = save(beat.call(doctor, LAST_MONDAY, status=CallStatus.PLANNED, is_planned=True))
    sent = {"version": 1, "doctor_id": doctor.id, "on": LAST_MONDAY, "slot": "2026-11-26.am"}
    answer = client_as(beat.rep).post(f"/plan/{beat.rep.id}/{LAST_MONDAY}/{what}", data=sent, headers=EN)
    assert "This day is gone by" in answer.text
    session.refresh(missed)
    assert (missed.day_on, missed.status) == (LAST_MONDAY, CallStatus.PLANNED)
