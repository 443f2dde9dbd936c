"""A worker that is killed while it plans: the page is told so, and nothing of it is kept or published."""

import signal
import subprocess
import sys
import time
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from repcrm.accounts.models import ClinicSession, Tier
from repcrm.accounts.models import Session as DayPart
from repcrm.calls.models import Call
from repcrm.core import clock
from repcrm.planning import service
from repcrm.planning.cycle import Cycle
from repcrm.planning.models import CallPlan, PlanProposal, PlanVisit
from repcrm.planning.terms import PlanStatus, ProposalKind
from repcrm.settings import Settings
from repcrm.work.models import LongWork, WorkState
from repcrm.work.service import LEASE
from repcrm.worker.process import Attendant
from tests import factories as make

LONGEST = 90  # seconds
SECONDS = 30
"""So long the planner would search if nobody killed it."""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no polite kill")


def wait_for(session: Session, work: LongWork, *states: WorkState) -> WorkState:
    deadline = time.monotonic() + LONGEST
    while time.monotonic() < deadline:
        session.rollback()
        session.refresh(work)
        if work.state in states:
            return work.state
        time.sleep(0.02)
    raise AssertionError(f"still {work.state} after {LONGEST} s")


def rows(session: Session, *kinds: type) -> list[int]:
    session.rollback()
    return [session.scalar(select(func.count()).select_from(kind)) or 0 for kind in kinds]


@pytest.mark.thorough
@pytest.mark.slow
def test_a_worker_killed_while_it_plans_leaves_nothing_behind(session: Session, settings: Settings, save):
    today = clock.today(settings.zone)
    now, start_on = clock.now().astimezone(settings.zone), Cycle.of(today).next.start_on
    region = make.make_region(session)
    rep = make.make_rep(session, region=region)
    hospital, product = make.make_hospital(session, region=region), make.make_product(session)
    make.make_assignment(session, hospital=hospital, product=product, rep=rep, from_on=date(2020, 1, 1))
    for _ in range(40):
        department = make.make_department(session, hospital=hospital)
        doctor = make.make_doctor(session, tier=Tier.KEY)
        make.make_post(session, doctor=doctor, department=department)
        session.add_all(ClinicSession(doctor_id=doctor.id, weekday=day, session=DayPart.AM) for day in range(1, 6))
    who = make.scope_of(rep, today)
    work = save(service.ask_for_proposal(session, who, rep, start_on, ProposalKind.PROPOSE, now=now, seconds=SECONDS))
    attendant = Attendant(settings)
    attendant.start()
    try:
        wait_for(session, work, WorkState.RUNNING)
        child = attendant._child
        assert isinstance(child, subprocess.Popen)
        child.send_signal(signal.SIGKILL)
        child.wait()
        assert rows(session, PlanProposal, PlanVisit, Call) == [0, 0, 0]

        work.heartbeat_at = clock.now() - 2 * LEASE - timedelta(seconds=1)  # as if so much time had gone by
        session.commit()
        again = service.ask_for_proposal(session, who, rep, start_on, ProposalKind.PROPOSE, now=now, seconds=1)
        session.commit()
        assert wait_for(session, again, WorkState.DONE, WorkState.FAILED) is WorkState.DONE, again.error
        assert wait_for(session, work, WorkState.FAILED) is WorkState.FAILED
        assert "process" in work.error
        assert rows(session, PlanProposal, PlanVisit, Call) == [1, 0, 0]
        assert session.scalars(select(CallPlan.status)).all() == [PlanStatus.DRAFT]
    finally:
        attendant.shutdown()
