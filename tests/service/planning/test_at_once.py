"""Two people at one plan at the same moment, on both databases: one wins whole, the other is told."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, sessionmaker

from repcrm.accounts.models import Session as DayPart
from repcrm.accounts.models import Tier
from repcrm.calls.models import Call
from repcrm.core.errors import Conflict, RepCRMError, RuleBroken
from repcrm.db.unit_of_work import unit_of_work
from repcrm.planning import service
from repcrm.planning.models import CallPlan, PlanProposal, PlanVisit
from repcrm.planning.queries.case import case_of
from repcrm.planning.service.proposing import search
from repcrm.planning.terms import ProposalKind, ProposalState
from tests.service.planning.conftest import NEXT, NOW, TODAY


def at_once(engine: Engine, *deeds: Callable[[Session], object]) -> list[object]:
    """Do these at the same moment, each in a unit of work of its own; returns each outcome or refusal."""
    barrier = Barrier(len(deeds))
    outcomes: list[object] = [None] * len(deeds)

    def do(place: int, deed: Callable[[Session], object]) -> None:
        barrier.wait()
        try:
            with unit_of_work(sessionmaker(engine)) as session:
                deed(session)
                outcomes[place] = "done"
        except RepCRMError as refusal:
            outcomes[place] = refusal

    threads = [Thread(target=do, args=item) for item in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.fixture
def proposal(session, beat, save):
    """An open proposal for four key doctors."""
    for _ in range(4):
        beat.doctor(tier=Tier.KEY)
    plan = beat.plan()
    case = case_of(session, beat.scope(), beat.rep, NEXT, plan, TODAY)
    found = search(case, ProposalKind.PROPOSE, plan.version, steps=0)
    return save(service.keep_proposal(session, beat.scope(), plan, found, now=NOW))


def test_two_devices_accept_one_proposal(session, engine, beat, proposal):
    plan_id, proposal_id, scope = proposal.plan_id, proposal.id, beat.scope()
    wanted = len(proposal.body["visits"])
    assert wanted

    def accept(session: Session) -> object:
        plan = session.get_one(CallPlan, plan_id)
        mine = session.get_one(PlanProposal, proposal_id)
        return service.accept_proposal(session, scope, plan, mine, now=NOW)

    outcomes = at_once(engine, accept, accept)

    session.rollback()
    assert sorted(str(type(one).__name__) for one in outcomes) == ["Conflict", "str"]
    assert session.scalar(select(func.count()).select_from(PlanVisit)) == wanted
    session.refresh(proposal)
    assert proposal.state is ProposalState.ACCEPTED


def test_a_plan_is_published_once(session, engine, beat, proposal, save):
    plan_id, scope = proposal.plan_id, beat.scope()
    service.accept_proposal(session, scope, proposal.plan, proposal, now=NOW)
    save()
    visits = session.scalar(select(func.count()).select_from(PlanVisit))

    def publish(session: Session) -> object:
        return service.publish_plan(session, scope, session.get_one(CallPlan, plan_id), now=NOW)

    outcomes = at_once(engine, publish, publish)

    session.rollback()
    assert sorted(str(type(one).__name__) for one in outcomes) == ["RuleBroken", "str"]
    assert session.scalar(select(func.count()).select_from(Call)) == visits


def test_the_lead_locks_while_the_rep_changes(session, engine, beat, proposal):
    plan_id, rep, lead, doctor_id = proposal.plan_id, beat.scope(), beat.scope(beat.lead), beat.doctors[0].id

    def add(session: Session) -> object:
        plan = session.get_one(CallPlan, plan_id)
        return service.add_visit(session, rep, plan, doctor_id, NEXT, DayPart.AM, now=NOW, seen_version=1)

    def lock(session: Session) -> object:
        return service.lock_plan(session, lead, session.get_one(CallPlan, plan_id), now=NOW)

    outcomes = at_once(engine, add, lock)

    session.rollback()
    assert outcomes[1] == "done"
    assert outcomes[0] == "done" or isinstance(outcomes[0], Conflict | RuleBroken)
    visits = session.scalar(select(func.count()).select_from(PlanVisit))
    assert visits == (1 if outcomes[0] == "done" else 0)
