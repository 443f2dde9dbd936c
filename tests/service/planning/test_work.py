"""The worker proposes: asked for, done, kept with its reasons, or told why not."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import sessionmaker

from repcrm.accounts.models import Tier
from repcrm.core import clock
from repcrm.planning import service
from repcrm.planning.models import PlanProposal
from repcrm.planning.queries import list_visits
from repcrm.planning.terms import ProposalKind, ProposalState
from repcrm.work.models import WorkState
from repcrm.worker.kinds import KINDS
from repcrm.worker.runner import run_next
from tests.service.planning.conftest import NEXT, NOW, SHANGHAI


@pytest.fixture
def work(session, beat, save, fixed_clock):
    """A proposal the rep asked for."""
    fixed_clock(NOW.isoformat())
    for _ in range(3):
        beat.doctor(tier=Tier.KEY)
    asked = service.ask_for_proposal(session, beat.scope(), beat.rep, NEXT, ProposalKind.PROPOSE, now=NOW, seconds=1)
    return save(asked)


def run(session, engine, work):
    run_next(sessionmaker(engine), "worker", KINDS, zone=SHANGHAI)
    session.rollback()
    session.refresh(work)
    return session.scalar(select(PlanProposal))


def test_a_worker_keeps_what_the_planner_found_and_changes_nothing_else(session, engine, beat, work):
    proposal = run(session, engine, work)
    assert work.state is WorkState.DONE, work.error
    assert work.outcome == {"proposal_id": proposal.id, "plan_id": proposal.plan_id}
    assert (proposal.state, proposal.work_id, proposal.now_on) == (ProposalState.OPEN, work.id, NEXT)
    assert proposal.body["visits"]
    assert list_visits(session, beat.scope(), proposal.plan_id) == []


def test_a_rep_who_has_been_shut_out_gets_nothing(session, engine, beat, work, save):
    beat.rep.is_active = False
    save()
    assert run(session, engine, work) is None
    assert work.state is WorkState.FAILED
    assert work.error == "There is no such work here."


def test_work_whose_worker_is_gone_leaves_nothing_and_is_said_to_be_lost(session, engine, beat, work, save):
    work.state, work.worker, work.heartbeat_at = WorkState.RUNNING, "gone", clock.now() - timedelta(minutes=1)
    save()
    again = save(
        service.ask_for_proposal(session, beat.scope(), beat.rep, NEXT, ProposalKind.PROPOSE, now=NOW, seconds=1)
    )
    assert again.id != work.id
    proposal = run(session, engine, again)
    session.refresh(work)
    assert (work.state, again.state) == (WorkState.FAILED, WorkState.DONE)
    assert proposal.work_id == again.id
