"""A rep's cycle on one page."""

from datetime import date

import pytest

from repcrm.accounts.models import Tier
from repcrm.calls.models import CallResult, CallStatus
from repcrm.calls.terms import MissReason
from repcrm.core.errors import BadInput, NotFound
from repcrm.core.workdays import DayKind
from repcrm.planning.queries import get_board
from repcrm.planning.terms import PlanStatus, VisitState
from tests import factories as make
from tests.service.planning.conftest import NEXT, NOW, TODAY

RUNNING = date(2026, 11, 2)


def test_the_days_of_a_cycle_are_its_weekdays_and_what_else_is_worked(session, beat):
    make.make_calendar_day(session, on=date(2026, 12, 25), kind=DayKind.HOLIDAY, name_zh="节", name_en="Feast")
    make.make_calendar_day(session, on=date(2026, 12, 5), kind=DayKind.MAKEUP, name_zh="班", name_en="Make-up day")

    board = get_board(session, beat.scope(), beat.rep.id, NEXT, TODAY)

    assert [len(week) for week in board.weeks] == [6, 5, 5, 5]
    feast = next(day for day in board.days if day.day_on == date(2026, 12, 25))
    assert (feast.works, feast.holiday, feast.most_calls, feast.minutes_left) == (False, ("节", "Feast"), 0, 0)
    assert board.weeks[0][5].works
    assert board.plan is None


def test_a_visit_takes_call_entry_and_way_from_its_part(session, beat):
    first, second = beat.doctor(), beat.doctor(hospital=beat.clinic)
    plan = beat.plan()
    for doctor, place in ((first, beat.hospital), (second, beat.clinic)):
        make.make_visit(session, plan=plan, doctor=doctor, hospital=place, day_on=NEXT)

    day = get_board(session, beat.scope(), beat.rep.id, NEXT, TODAY).days[0]

    # 0.02 degrees are 2.22 km, on the road (x 1.35) 3.0 km at 15 km/h: 12.01 minutes, 13 begun ones
    hop = day.route[1].minutes
    assert hop == 13
    assert day.parts[0].minutes_left == 210 - 2 * 15 - 2 * 8 - hop
    assert (day.calls, day.hospitals) == (2, 2)
    assert [stop.calls for stop in day.route] == [1, 1]


def test_what_became_of_the_calls_of_a_published_plan(session, beat):
    done, missed, away, coming, late = (beat.doctor(tier=Tier.KEY) for _ in range(5))
    plan = beat.plan(RUNNING, status=PlanStatus.PUBLISHED, published_at=NOW)
    beat.call(done, date(2026, 11, 23), is_planned=True)
    beat.call(missed, date(2026, 11, 23), is_planned=True, result=CallResult.DOCTOR_NOT_MET)
    beat.call(
        away, date(2026, 11, 24), is_planned=True, status=CallStatus.CANCELLED, miss_reason=MissReason.DOCTOR_AWAY
    )
    beat.call(late, date(2026, 11, 24), is_planned=True, status=CallStatus.PLANNED)
    call = beat.call(coming, date(2026, 11, 27), is_planned=True, status=CallStatus.PLANNED)
    make.make_visit(
        session, plan=plan, doctor=coming, hospital=beat.hospital, day_on=date(2026, 11, 26), call_id=call.id
    )

    board = get_board(session, beat.scope(beat.lead), beat.rep.id, RUNNING, TODAY)

    visits = {visit.doctor_id: visit for day in board.days for visit in day.visits}
    assert [visits[doctor.id].state for doctor in (done, missed, away, late, coming)] == [
        VisitState.DONE, VisitState.MISSED, VisitState.MISSED, VisitState.UNRECORDED, VisitState.PLANNED,
    ]  # fmt: skip
    assert visits[coming.id].moved_from == date(2026, 11, 26)
    doctors = {doctor.id: doctor for doctor in board.doctors}
    # 18 of 20 working days are over: of 8 calls floor(7.2) = 7 are due
    assert (doctors[done.id].due, doctors[missed.id].due) == (6, 7)
    assert (doctors[done.id].done, doctors[missed.id].missed, doctors[coming.id].planned) == (1, 1, 1)
    assert doctors[done.id].days_unseen == 2
    assert doctors[away.id].last_call_on is None
    assert (board.coverage.total.goal, board.coverage.total.covered) == (40, 2)


def test_a_doctor_is_the_reps_only_while_post_and_territory_last(session, beat):
    place = make.make_hospital(session, region=beat.region, name="Third")
    make.make_assignment(
        session, hospital=place, product=beat.product, rep=beat.rep, from_on=date(2026, 12, 14), until_on=None
    )
    doctor = beat.doctor(hospital=place)

    ours = get_board(session, beat.scope(), beat.rep.id, NEXT, TODAY)
    before = get_board(session, beat.scope(), beat.rep.id, RUNNING, TODAY)

    assert [one.id for one in ours.doctors] == [doctor.id]
    assert not before.doctors


def test_the_board_is_for_its_rep_and_the_lead(session, beat):
    for who in (beat.stranger, make.make_admin(session)):
        with pytest.raises(NotFound):
            get_board(session, beat.scope(who), beat.rep.id, NEXT, TODAY)
    with pytest.raises(BadInput):
        get_board(session, beat.scope(), beat.rep.id, date(2026, 12, 1), TODAY)


def test_the_board_takes_a_fixed_number_of_statements(session, beat, query_counter, save):
    def statements():
        with query_counter() as queries:
            get_board(session, beat.scope(), beat.rep.id, NEXT, TODAY)
        return len(queries)

    plan = beat.plan()
    for weeks in range(2):
        for _ in range(3):
            doctor = beat.doctor()
            make.make_visit(session, plan=plan, doctor=doctor, hospital=beat.hospital, day_on=NEXT)
        save()
        session.expire_all()
        if weeks == 0:
            few = statements()
    assert statements() == few <= 26
