"""What the planner proposes, and what becomes of it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from repcrm.accounts.models import Session as DayPart
from repcrm.accounts.models import Tier
from repcrm.calls.models import Call, CallResult, CallStatus
from repcrm.core.errors import Conflict, RuleBroken
from repcrm.core.workdays import DayKind
from repcrm.diary.service import Absence, take_time_off
from repcrm.diary.terms import TimeOffKind
from repcrm.organisation.models import TerritoryAssignment
from repcrm.planning import service
from repcrm.planning.board import visit_key
from repcrm.planning.models import PlanProposal, PlanVisit
from repcrm.planning.policy import Policy
from repcrm.planning.proposal import Proposed, ProposedVisit
from repcrm.planning.queries import get_board, list_visits
from repcrm.planning.queries.case import case_of
from repcrm.planning.service.proposing import search
from repcrm.planning.terms import Change, PlanStatus, ProposalKind, ProposalState
from tests import factories as make
from tests.service.planning.conftest import NEXT, NOW, TODAY

TUESDAY, WEDNESDAY = date(2026, 12, 1), date(2026, 12, 2)


@pytest.fixture
def plan(session, beat):
    """A draft for six doctors, of whom two are key, one lives at the clinic and one has nothing missing."""
    for tier in (Tier.KEY, Tier.KEY, Tier.GENERAL, Tier.GENERAL):
        beat.doctor(tier=tier)
    beat.doctor(hospital=beat.clinic)
    beat.doctor(rating=1)
    return beat.plan()


def case(session, beat, plan, today=TODAY):
    return case_of(session, beat.scope(on=today), beat.rep, plan.start_on, plan, today)


def proposes(session, beat, plan, kind=ProposalKind.PROPOSE, now=NOW):
    found = search(case(session, beat, plan, now.date()), kind, plan.version, seconds=1)
    return service.keep_proposal(session, beat.scope(on=now.date()), plan, found, now=now)


def by_hand(plan, *visits, **more):
    """A proposal of a few visits that nobody searched for."""
    values = {"now_on": NEXT, "basis_version": plan.version, "basis": "", "objective": 1.0, "upper_bound": 2.0}
    return service.Result(
        kind=ProposalKind.PROPOSE, seconds=0.0, proposed=Proposed(visits, (), {}), **{**values, **more}
    )


def added(beat, doctor, day, change=Change.ADDED, from_on=None):
    part = DayPart.AM
    return ProposedVisit(doctor.id, beat.hospital.id, day, part, change, from_on, part if from_on else None)


def test_a_proposal_changes_nothing_until_it_is_accepted(session, beat, plan):
    proposal = proposes(session, beat, plan)
    assert list_visits(session, beat.scope(), plan.id) == []
    board = get_board(session, beat.scope(), beat.rep.id, NEXT, TODAY)
    ghosts = [ghost for day in board.days for part in day.parts for ghost in part.ghosts]
    assert board.proposal is not None
    assert board.proposal.changes == {Change.ADDED: len(ghosts), Change.MOVED: 0, Change.DROPPED: 0}
    assert board.coverage.total.percent == 0
    assert board.coverage.total.percent_after

    service.accept_proposal(session, beat.scope(), plan, proposal, now=NOW, seen_version=plan.version)

    board = get_board(session, beat.scope(), beat.rep.id, NEXT, TODAY)
    assert board.proposal is None
    assert {visit.key for day in board.days for visit in day.visits} == {ghost.key for ghost in ghosts}
    assert proposal.state is ProposalState.ACCEPTED


def test_single_changes_are_taken_one_by_one(session, beat, plan):
    one, two, three = beat.doctors[:3]
    wanted = by_hand(plan, *(added(beat, doctor, NEXT) for doctor in (one, two, three)))
    proposal = service.keep_proposal(session, beat.scope(), plan, wanted, now=NOW)
    for doctor, is_pinned in ((one, False), (two, True)):
        keys = [visit_key(doctor.id, NEXT)]
        service.accept_proposal(session, beat.scope(), plan, proposal, keys=keys, is_pinned=is_pinned, now=NOW)
    assert [(visit.doctor_id, visit.is_pinned) for visit in list_visits(session, beat.scope(), plan.id)] == [
        (one.id, False), (two.id, True),
    ]  # fmt: skip
    assert proposal.state is ProposalState.OPEN
    with pytest.raises(Conflict):
        service.accept_proposal(session, beat.scope(), plan, proposal, keys=[visit_key(one.id, NEXT)], now=NOW)
    service.accept_proposal(session, beat.scope(), plan, proposal, now=NOW)
    assert proposal.state is ProposalState.ACCEPTED
    with pytest.raises(Conflict, match="decided"):
        service.accept_proposal(session, beat.scope(), plan, proposal, now=NOW)


def test_a_proposal_for_another_version_is_refused(session, beat, plan):
    doctor = beat.doctors[0]
    proposal = service.keep_proposal(session, beat.scope(), plan, by_hand(plan, added(beat, doctor, NEXT)), now=NOW)
    service.add_visit(session, beat.scope(), plan, doctor.id, TUESDAY, DayPart.AM, now=NOW)
    board = get_board(session, beat.scope(), beat.rep.id, NEXT, TODAY)
    assert board.proposal is not None
    assert board.proposal.is_outdated
    with pytest.raises(Conflict, match="changed since"):
        service.accept_proposal(session, beat.scope(), plan, proposal, now=NOW)
    with pytest.raises(Conflict, match="changed since"):
        service.keep_proposal(session, beat.scope(), plan, by_hand(plan, basis_version=1), now=NOW)
    service.dismiss_proposal(session, beat.scope(), plan, proposal, now=NOW)
    assert proposal.state is ProposalState.DISMISSED


def test_what_has_come_up_since_stands_against_it_and_nothing_is_changed(session, beat, plan, save):
    proposal = proposes(session, beat, plan)
    take_time_off(session, beat.scope(), beat.rep, Absence(NEXT, date(2026, 12, 5), TimeOffKind.ANNUAL), now=NOW)
    save()
    with pytest.raises(Conflict, match="minutes"):
        service.accept_proposal(session, beat.scope(), plan, proposal, now=NOW)
    session.rollback()
    assert list_visits(session, beat.scope(), plan.id) == []


def test_two_visits_of_one_doctor_step_on_each_others_days(session, beat, plan):
    doctor = beat.doctors[0]
    days = [NEXT, WEDNESDAY, date(2026, 12, 4)]
    for day in days[:2]:
        make.make_visit(session, plan=plan, doctor=doctor, hospital=beat.hospital, day_on=day)
    moves = [
        added(beat, doctor, days[1], Change.MOVED, days[0]), added(beat, doctor, days[2], Change.MOVED, days[1]),
    ]  # fmt: skip
    proposal = service.keep_proposal(session, beat.scope(), plan, by_hand(plan, *moves), now=NOW)
    service.accept_proposal(session, beat.scope(), plan, proposal, now=NOW)
    assert [visit.day_on for visit in list_visits(session, beat.scope(), plan.id)] == days[1:]


def test_pins_stay_where_they_are(session, beat, plan):
    doctor = beat.doctors[2]
    service.add_visit(session, beat.scope(), plan, doctor.id, date(2026, 12, 10), DayPart.AM, now=NOW)
    service.pin_visit(session, beat.scope(), plan, doctor.id, date(2026, 12, 10), now=NOW)
    service.accept_proposal(session, beat.scope(), plan, proposes(session, beat, plan), now=NOW)
    pinned = [visit for visit in list_visits(session, beat.scope(), plan.id) if visit.is_pinned]
    assert [(visit.doctor_id, visit.day_on) for visit in pinned] == [(doctor.id, date(2026, 12, 10))]


def test_a_plan_is_made_of_what_the_cycle_allows(session, beat, plan):
    """Leave closes a week, a holiday a day, the clinic leaves the territory in the middle."""
    for segment in session.scalars(
        select(TerritoryAssignment).where(TerritoryAssignment.hospital_id == beat.clinic.id)
    ):
        segment.until_on = date(2026, 12, 14)
    make.make_calendar_day(session, on=date(2026, 12, 9))
    take_time_off(session, beat.scope(), beat.rep, Absence(NEXT, date(2026, 12, 5), TimeOffKind.ANNUAL), now=NOW)
    service.accept_proposal(session, beat.scope(), plan, proposes(session, beat, plan), now=NOW)

    visits = list_visits(session, beat.scope(), plan.id)
    days = {visit.day_on for visit in visits}
    assert min(days) >= date(2026, 12, 7)
    assert date(2026, 12, 9) not in days
    at_clinic = [visit for visit in visits if visit.hospital_id == beat.clinic.id]
    assert all(visit.day_on < date(2026, 12, 14) for visit in at_clinic)
    service.publish_plan(session, beat.scope(), plan, now=NOW)


def test_a_published_plan_is_mended_on_the_sheets(session, beat, plan):
    service.accept_proposal(session, beat.scope(), plan, proposes(session, beat, plan), now=NOW)
    service.publish_plan(session, beat.scope(), plan, now=NOW)
    baseline = [(visit.doctor_id, visit.day_on) for visit in list_visits(session, beat.scope(), plan.id)]
    later = NOW + timedelta(days=9)
    week = Absence(date(2026, 12, 7), date(2026, 12, 12), TimeOffKind.SICK)
    take_time_off(session, beat.scope(), beat.rep, week, now=NOW)

    mended = proposes(session, beat, plan, ProposalKind.MEND, later)
    service.accept_proposal(session, beat.scope(on=later.date()), plan, mended, now=later)

    planned = list(session.scalars(select(Call).where(Call.status == CallStatus.PLANNED)))
    assert not [call for call in planned if week.from_on <= call.day_on < week.until_on]
    assert [(visit.doctor_id, visit.day_on) for visit in list_visits(session, beat.scope(), plan.id)] == baseline


def test_a_score_counts_the_guarantees_that_are_kept(session, beat, plan):
    """Two key doctors have four guaranteed calls each; with leave from the second day on, most cannot be kept."""
    make.make_time_off(session, rep=beat.rep, from_on=NEXT + timedelta(days=1), until_on=NEXT + timedelta(days=28))
    found = search(case(session, beat, plan), ProposalKind.PROPOSE, plan.version, steps=10)
    assert case(session, beat, plan).problem.at_stake == 2 * 4 * Policy().must_price
    assert found.upper_bound is not None
    assert 0 < found.objective <= found.upper_bound


def test_a_make_up_saturday_belongs_to_its_own_week(session, beat, plan):
    """The cycle begins on 30 November; with Saturday the 5th its first week has six working days, the others five."""
    make.make_calendar_day(session, on=date(2026, 12, 5), kind=DayKind.MAKEUP, name_zh="班", name_en="Make-up day")
    problem = case(session, beat, plan).problem
    assert problem.week_of == (0,) * 6 + (1,) * 5 + (2,) * 5 + (3,) * 5


def test_a_doctor_who_has_moved_away_is_dropped_with_the_reason(session, beat, plan):
    service.accept_proposal(session, beat.scope(), plan, proposes(session, beat, plan), now=NOW)
    there = PlanVisit.hospital_id == beat.clinic.id
    doctor_id = session.scalars(select(PlanVisit.doctor_id).where(PlanVisit.plan_id == plan.id, there)).first()
    service.publish_plan(session, beat.scope(), plan, now=NOW)
    theirs = select(TerritoryAssignment).where(TerritoryAssignment.hospital_id == beat.clinic.id)
    for segment in session.scalars(theirs):
        segment.until_on = NOW.date()
    session.flush()

    mended = proposes(session, beat, plan, ProposalKind.MEND)
    dropped = [one for one in mended.body["visits"] if one["doctor"] == doctor_id]
    assert dropped
    assert {one["change"] for one in dropped} == {"dropped"}
    assert all(one["reasons"] == [{"code": "not_yours", "numbers": {}}] for one in dropped)
    service.accept_proposal(session, beat.scope(), plan, mended, now=NOW)
    left = select(Call.status).where(Call.main_doctor_id == doctor_id)
    assert set(session.scalars(left)) == {CallStatus.CANCELLED}


def test_what_is_asked_for_fits_the_plan(session, beat, plan):
    who = beat.scope()
    with pytest.raises(RuleBroken, match="nothing to mend"):
        service.ask_for_proposal(session, who, beat.rep, NEXT, ProposalKind.MEND, now=NOW)
    work = service.ask_for_proposal(session, who, beat.rep, NEXT, ProposalKind.PROPOSE, now=NOW, seconds=3)
    assert work.wish == {"plan_id": plan.id, "kind": "propose", "seconds": 3}
    again = service.ask_for_proposal(session, who, beat.rep, NEXT, ProposalKind.PROPOSE, now=NOW, seconds=3)
    assert again.id == work.id


def test_only_the_newest_proposal_is_open(session, beat, plan):
    first = proposes(session, beat, plan)
    second = proposes(session, beat, plan)
    states = {
        row.id: row.state for row in session.scalars(select(PlanProposal).execution_options(populate_existing=True))
    }
    assert states == {first.id: ProposalState.OUTDATED, second.id: ProposalState.OPEN}


def test_calls_made_today_leave_less_of_today(session, beat, plan):
    running = beat.plan(date(2026, 11, 2), status=PlanStatus.PUBLISHED, published_at=NOW)
    for doctor, result in ((beat.doctors[0], CallResult.GOAL_MET), (beat.doctors[1], CallResult.DOCTOR_NOT_MET)):
        beat.call(doctor, TODAY, is_planned=True, result=result)
    problem = case(session, beat, running).problem
    today = problem.now
    assert problem.max_calls[today] == 13 - 2
    assert problem.session_minutes[today] == (210 - 2 * 15, 240, 120)
    assert problem.done == {beat.doctors[0].id: (today,)}
