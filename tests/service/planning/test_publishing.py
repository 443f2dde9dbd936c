"""A plan becomes calls; a lead locks it and answers."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from repcrm.accounts.models import Session as DayPart
from repcrm.calls.models import Call, CallStatus
from repcrm.core.errors import Conflict, NotFound, RuleBroken
from repcrm.diary.service import Absence, take_time_off
from repcrm.diary.terms import TimeOffKind
from repcrm.organisation.models import TerritoryAssignment
from repcrm.planning import service
from repcrm.planning.queries import list_change_requests, list_visits
from repcrm.planning.terms import RequestState, Wish
from repcrm.planning.wishes import Wanted
from tests import factories as make
from tests.service.planning.conftest import NEXT, NOW, TODAY

TUESDAY = date(2026, 12, 1)


@pytest.fixture
def plan(session, beat):
    """Two doctors on the first Monday."""
    plan = beat.plan()
    for doctor in (beat.doctor(), beat.doctor(hospital=beat.clinic)):
        service.add_visit(session, beat.scope(), plan, doctor.id, NEXT, DayPart.AM, now=NOW)
    return plan


def calls(session):
    return list(session.scalars(select(Call).order_by(Call.id)))


def test_publishing_puts_every_visit_on_its_sheet(session, beat, plan):
    service.pin_visit(session, beat.scope(), plan, beat.doctors[0].id, NEXT, now=NOW)
    service.publish_plan(session, beat.scope(), plan, now=NOW)

    found = calls(session)
    assert [(call.main_doctor_id, call.day_on, call.session, call.status, call.is_planned) for call in found] == [
        (doctor.id, NEXT, DayPart.AM, CallStatus.PLANNED, True) for doctor in beat.doctors
    ]
    assert [call.hospital_id for call in found] == [beat.hospital.id, beat.clinic.id]
    assert [call.is_pinned for call in found] == [True, False]
    assert [visit.call_id for visit in list_visits(session, beat.scope(), plan.id)] == [call.id for call in found]
    with pytest.raises(RuleBroken, match="published already"):
        service.publish_plan(session, beat.scope(), plan, now=NOW)


def test_a_call_planned_already_becomes_the_visits(session, beat, plan):
    call = beat.call(beat.doctors[0], NEXT, is_planned=True, status=CallStatus.PLANNED)
    service.publish_plan(session, beat.scope(), plan, now=NOW)
    assert list_visits(session, beat.scope(), plan.id)[0].call_id == call.id
    assert len(calls(session)) == 2


def test_nothing_is_published_where_one_visit_cannot_be(session, beat, plan, save):
    save()
    take_time_off(session, beat.scope(), beat.rep, Absence(NEXT, TUESDAY, TimeOffKind.SICK), now=NOW)
    save()
    with pytest.raises(RuleBroken, match="nothing is open"):
        service.publish_plan(session, beat.scope(), plan, now=NOW)
    session.rollback()
    assert calls(session) == []
    assert not plan.is_published


def test_a_doctor_who_left_the_territory_is_named(session, beat, plan, save):
    for segment in session.scalars(
        select(TerritoryAssignment).where(TerritoryAssignment.hospital_id == beat.clinic.id)
    ):
        segment.until_on = NEXT
    save()
    with pytest.raises(RuleBroken, match="not in the rep's territory"):
        service.publish_plan(session, beat.scope(), plan, now=NOW)


def test_days_gone_by_are_not_published(session, beat, plan):
    late = NOW + timedelta(days=6)
    service.move_visit(session, beat.scope(), plan, beat.doctors[0].id, NEXT, date(2026, 12, 3), DayPart.AM, now=NOW)
    service.publish_plan(session, beat.scope(on=late.date()), plan, now=late)
    assert [call.day_on for call in calls(session)] == [date(2026, 12, 3)]
    assert len(list_visits(session, beat.scope(), plan.id)) == 1


def test_a_locked_plan_changes_only_by_asking(session, beat, plan):
    first = beat.doctors[0].id
    service.publish_plan(session, beat.scope(), plan, now=NOW)
    wanted = Wanted(Wish.MOVE, first, NEXT, TUESDAY, DayPart.AM)
    with pytest.raises(RuleBroken, match="not locked"):
        service.ask_change(session, beat.scope(), plan, wanted, "She is away", now=NOW)
    service.lock_plan(session, beat.scope(beat.lead), plan, now=NOW)
    with pytest.raises(RuleBroken, match="locked this plan"):
        service.move_visit(session, beat.scope(), plan, first, NEXT, TUESDAY, DayPart.AM, now=NOW)
    with pytest.raises(RuleBroken, match="Say why"):
        service.ask_change(session, beat.scope(), plan, wanted, " ", now=NOW)
    asked = service.ask_change(session, beat.scope(), plan, wanted, "She is away", now=NOW)
    assert list(list_change_requests(session, beat.scope(beat.lead))) == [asked]
    with pytest.raises(NotFound):
        service.answer_change(session, beat.scope(), asked, True, now=NOW)

    service.answer_change(session, beat.scope(beat.lead), asked, True, now=NOW)

    assert asked.state is RequestState.GRANTED
    assert [call.day_on for call in calls(session)] == [TUESDAY, NEXT]
    with pytest.raises(Conflict):
        service.answer_change(session, beat.scope(beat.lead), asked, False, "Too late", now=NOW)


def test_a_no_needs_words_and_changes_nothing(session, beat, plan):
    service.lock_plan(session, beat.scope(beat.lead), plan, now=NOW)
    wanted = Wanted(Wish.REMOVE, beat.doctors[0].id, NEXT)
    asked = service.ask_change(session, beat.scope(), plan, wanted, "No time", now=NOW)
    with pytest.raises(RuleBroken, match="Say why"):
        service.answer_change(session, beat.scope(beat.lead), asked, False, now=NOW)
    service.answer_change(session, beat.scope(beat.lead), asked, False, "He is key", now=NOW)
    assert asked.state is RequestState.REFUSED
    assert len(list_visits(session, beat.scope(), plan.id)) == 2
    service.unlock_plan(session, beat.scope(beat.lead), plan, now=NOW)
    service.remove_visit(session, beat.scope(), plan, beat.doctors[0].id, NEXT, now=NOW)


def test_only_the_lead_of_the_region_locks(session, beat, plan):
    for who in (beat.rep, make.make_lead(session)):
        with pytest.raises(NotFound):
            service.lock_plan(session, beat.scope(who), plan, now=NOW)
    assert plan.start_on > TODAY
