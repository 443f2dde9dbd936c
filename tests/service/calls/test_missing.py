"""A planned call that did not come about, or is pinned to its day."""

from datetime import date

import pytest

from repcrm.accounts.models import Session as DayPart
from repcrm.calls import service
from repcrm.calls.models import CallStatus
from repcrm.calls.terms import MissReason
from repcrm.core.errors import Conflict, RuleBroken
from tests import factories as make

MONDAY = make.NEXT_MONDAY
TUESDAY = date(2026, 11, 24)


@pytest.fixture
def call(session, rep):
    sheet = make.make_sheet(session, rep=rep, day_on=MONDAY)
    call = make.make_call(session, sheet=sheet, status=CallStatus.PLANNED, is_planned=True)
    call.session = DayPart.PM
    session.flush()
    return call


def test_a_missed_call_says_why_and_can_be_taken_back(session, rep, call):
    who = make.scope_of(rep, MONDAY)
    service.miss_call(session, who, call, MissReason.CLINIC_CANCELLED, seen_version=1)
    assert (call.status, call.miss_reason, call.cancel_reason) == (
        CallStatus.CANCELLED, MissReason.CLINIC_CANCELLED, "",
    )  # fmt: skip
    with pytest.raises(RuleBroken):
        service.miss_call(session, who, call, MissReason.NO_TIME)
    with pytest.raises(Conflict):
        service.reopen_call(session, who, call, seen_version=1)
    service.reopen_call(session, who, call, seen_version=2)
    assert (call.status, call.miss_reason) == (CallStatus.PLANNED, None)
    with pytest.raises(RuleBroken):
        service.reopen_call(session, who, call)


def test_another_reason_needs_words(session, rep, call):
    who = make.scope_of(rep, MONDAY)
    with pytest.raises(RuleBroken, match="Say why"):
        service.miss_call(session, who, call, MissReason.OTHER, " ")
    service.miss_call(session, who, call, MissReason.OTHER, "Lift out of order")
    assert call.cancel_reason == "Lift out of order"


def test_a_call_is_not_taken_back_where_the_doctor_is_planned_anew(session, rep, call):
    who = make.scope_of(rep, MONDAY)
    service.miss_call(session, who, call, MissReason.DOCTOR_AWAY)
    make.make_call(
        session, sheet=call.sheet, status=CallStatus.PLANNED, is_planned=True, main_doctor_id=call.main_doctor_id
    )
    with pytest.raises(RuleBroken, match="on the plan of that day already"):
        service.reopen_call(session, who, call)


def test_a_move_keeps_the_part_of_the_day_unless_another_is_named(session, rep, call):
    who = make.scope_of(rep, MONDAY)
    service.pin_call(session, who, call)
    tuesday = service.open_sheet(session, who, TUESDAY)
    service.move_call(session, who, call, tuesday, now=make.NOW)
    assert (call.day_on, call.session, call.is_pinned) == (TUESDAY, DayPart.PM, True)
    service.move_call(session, who, call, tuesday, now=make.NOW, part=DayPart.AM)
    service.pin_call(session, who, call, False)
    assert (call.day_on, call.session, call.is_pinned) == (TUESDAY, DayPart.AM, False)
