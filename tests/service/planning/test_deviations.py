"""What the lead sees of plans that went another way."""

from datetime import date
from typing import Any

from repcrm.accounts.models import DoctorClass, Tier
from repcrm.calls.models import CallResult, CallStatus
from repcrm.calls.terms import MissReason
from repcrm.planning.deviations import NOT_MET, Fate
from repcrm.planning.queries import get_deviations, list_unseen, route_of_day
from repcrm.planning.terms import PlanStatus
from tests import factories as make
from tests.service.planning.conftest import NOW, TODAY

RUNNING = date(2026, 11, 2)


def published(session, beat):
    return beat.plan(RUNNING, status=PlanStatus.PUBLISHED, published_at=NOW)


def test_a_published_plan_is_held_against_the_calls(session, beat):
    plan = published(session, beat)
    monday, tuesday, friday = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 27)
    fates: list[tuple[date, date, CallStatus, dict[str, Any]]] = [
        (monday, monday, CallStatus.DONE, {}),
        (monday, tuesday, CallStatus.DONE, {}),
        (monday, monday, CallStatus.DONE, {"result": CallResult.DOCTOR_NOT_MET}),
        (tuesday, tuesday, CallStatus.CANCELLED, {"miss_reason": MissReason.CLINIC_CANCELLED}),
        (tuesday, tuesday, CallStatus.CANCELLED, {"cancel_reason": "Agreed otherwise"}),
        (tuesday, tuesday, CallStatus.PLANNED, {}),
        (tuesday, friday, CallStatus.PLANNED, {}),
        (friday, friday, CallStatus.PLANNED, {}),
    ]
    for planned_on, made_on, status, more in fates:
        doctor = beat.doctor()
        call = beat.call(doctor, made_on, is_planned=True, status=status, **more)
        make.make_visit(
            session, plan=plan, doctor=doctor, hospital=beat.hospital, day_on=planned_on, call_id=call.id
        )  # fmt: skip
    make.make_visit(session, plan=plan, doctor=beat.doctor(), hospital=beat.hospital, day_on=monday)
    beat.call(beat.doctor(), tuesday)
    beat.call(beat.doctor(), friday, is_planned=True, status=CallStatus.PLANNED)

    [found] = get_deviations(session, beat.scope(beat.lead), RUNNING)

    assert found.found.published == 9
    assert found.found.done == 2
    assert found.found.counts == {
        Fate.AS_PLANNED: 1, Fate.OTHER_DAY: 1, Fate.MISSED: 2, Fate.CANCELLED: 2, Fate.UNRECORDED: 1, Fate.MOVED: 1,
        Fate.TO_COME: 1, Fate.UNPLANNED: 1, Fate.ADDED: 1,
    }  # fmt: skip
    assert found.found.reasons == {NOT_MET: 1, "clinic_cancelled": 1}
    assert len(found.found.lines) == 9
    assert all(line.doctor_id in found.doctors for line in found.found.lines)


def test_only_published_plans_within_scope_are_looked_at(session, beat):
    beat.plan(RUNNING)
    make.make_plan(session, rep=beat.stranger, start_on=RUNNING, status=PlanStatus.PUBLISHED, published_at=NOW)
    for who in (beat.lead, beat.rep, make.make_admin(session)):
        assert get_deviations(session, beat.scope(who), RUNNING) == []


def test_who_was_not_seen_for_longer_than_the_rhythm(session, beat):
    # key: 8 calls in 28 days, one in 4; rated 4: 4 calls, one in 7
    fresh, late, never = beat.doctor(tier=Tier.KEY), beat.doctor(tier=Tier.KEY), beat.doctor()
    weekly, not_met = beat.doctor(), beat.doctor(tier=Tier.KEY)
    beat.doctor(doctor_class=DoctorClass.NURSING)
    beat.call(fresh, date(2026, 11, 21))
    beat.call(late, date(2026, 11, 12))
    beat.call(weekly, date(2026, 11, 17))
    beat.call(not_met, date(2026, 11, 24), result=CallResult.DOCTOR_NOT_MET)

    found = list_unseen(session, beat.scope(beat.lead))

    assert [(one.doctor_id, one.rhythm_days, one.days_unseen) for one in found] == [
        (not_met.id, 4, None), (never.id, 7, None), (late.id, 4, 13), (weekly.id, 7, 8),
    ]  # fmt: skip
    assert {one.rep_id for one in found} == {beat.rep.id}
    assert list_unseen(session, beat.scope(beat.stranger)) == []
    assert list_unseen(session, beat.scope(make.make_admin(session))) == []


def test_the_way_of_a_day(session, beat):
    beat.call(beat.doctor(), TODAY, is_planned=True, status=CallStatus.PLANNED)
    day = route_of_day(session, beat.scope(), beat.rep.id, TODAY)
    assert day is not None
    assert [(stop.hospital_id, stop.minutes, stop.calls) for stop in day.route] == [(beat.hospital.id, 30, 1)]
    assert day.way_minutes == 60
    assert route_of_day(session, beat.scope(), beat.rep.id, date(2026, 11, 28)) is None
