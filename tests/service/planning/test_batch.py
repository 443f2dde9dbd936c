"""The night's batch: everybody on their own, nobody twice."""

from datetime import date

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.orm import sessionmaker

from repcrm.cli import main
from repcrm.organisation.models import TerritoryAssignment, User
from repcrm.planning import service
from repcrm.planning.models import CallPlan, PlanProposal
from repcrm.planning.service.batch import Ending, propose_for, reps_to_plan
from repcrm.planning.terms import PlanStatus, ProposalState
from tests import factories as make
from tests.service.planning.conftest import NEXT, NOW


@pytest.fixture
def night(engine, beat, save):
    """Propose for a rep as the batch does."""
    beat.doctor()
    save()

    def propose(rep: User):
        save()
        return propose_for(sessionmaker(engine), rep.id, NEXT, now=NOW, seconds=0, steps=0)

    return propose


def proposals(session):
    session.rollback()
    return list(session.scalars(select(PlanProposal).order_by(PlanProposal.id)))


def test_a_question_put_before_is_not_put_again(session, beat, night, save):
    assert night(beat.rep).ending is Ending.PROPOSED
    assert night(beat.rep).ending is Ending.AS_BEFORE
    [first] = proposals(session)
    assert first.state is ProposalState.OPEN
    beat.doctor()
    assert night(beat.rep).ending is Ending.PROPOSED
    assert [one.state for one in proposals(session)] == [ProposalState.OUTDATED, ProposalState.OPEN]
    plan = session.scalars(select(CallPlan)).one()
    service.accept_proposal(session, beat.scope(), plan, proposals(session)[1], now=NOW)
    assert night(beat.rep).ending is Ending.AS_BEFORE


def test_a_published_plan_and_a_rep_without_doctors_are_passed_over(session, beat, night):
    idle = make.make_rep(session, region=beat.region)
    assert night(idle).ending is Ending.NOBODY
    beat.plan(status=PlanStatus.PUBLISHED, published_at=NOW)
    assert night(beat.rep).ending is Ending.PUBLISHED
    assert proposals(session) == []


def test_only_active_reps_of_the_region_are_planned(session, beat):
    make.make_rep(session, region=beat.region, is_active=False)
    assert reps_to_plan(session, beat.region.id) == [beat.rep.id]
    assert set(reps_to_plan(session, None)) == {beat.rep.id, beat.stranger.id}


@pytest.mark.slow
def test_one_reps_failure_is_told_and_holds_up_nobody(session, beat, database, monkeypatch, save):
    monkeypatch.setenv("REPCRM_DATABASE_URL", database)
    monkeypatch.setenv("REPCRM_SECRET_KEY", "x1y2" * 8)
    beat.doctor()
    broken = make.make_rep(session, region=beat.region, code="BROKEN")
    far = make.make_hospital(session, region=beat.region, latitude=31.0, longitude=121.0)
    make.make_assignment(session, hospital=far, product=beat.product, rep=broken)
    beat.doctor(hospital=far)
    # a hospital that has come under another region is out of the rep's sight
    segment = session.scalars(select(TerritoryAssignment).where(TerritoryAssignment.rep_id == broken.id)).one()
    far.region_id = beat.stranger.region_id
    assert segment.from_on < date(2026, 1, 1)
    save()

    result = CliRunner().invoke(
        main, ["plan", "cycle", "--start", NEXT.isoformat(), "--region", "EAST", "--steps", "0", "--workers", "1"]
    )

    assert result.exit_code == 1, result.output
    lines = result.output.splitlines()
    assert any(line.startswith(f"1/2 {beat.rep.code} ") or f" {beat.rep.code} " in line for line in lines)
    assert any("BROKEN" in line and "failed (There is no such hospital.)" in line for line in lines)
    assert lines[-1].startswith("2 reps: 1 failed, 1 proposed; ")
    assert len(proposals(session)) == 1
    again = CliRunner().invoke(main, ["plan", "cycle", "--start", "2026-12-01"])
    assert (again.exit_code, again.output) == (1, "Error: No cycle begins on 2026-12-01.\n")
