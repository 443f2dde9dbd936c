"""The worker as a process beside the server: killed in the middle, nothing is kept, and it is there again."""

import signal
import subprocess
import sys
import time

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from repcrm.core import clock
from repcrm.reports.models import ReportSnapshot
from repcrm.settings import Settings
from repcrm.work.models import LongWork, WorkState
from repcrm.work.service import LEASE
from repcrm.worker.process import Attendant
from tests import factories

LONGEST = 60  # seconds

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


def kill_worker(attendant: Attendant) -> None:
    child = attendant._child
    assert isinstance(child, subprocess.Popen)
    child.send_signal(signal.SIGKILL)


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_loses_its_work_and_another_does_the_next(
    session: Session, settings: Settings, save
):
    region = factories.make_region(session, code="EAST", name="East")
    factories.make_target(session, hospital=factories.make_hospital(session, region=region))
    lead = factories.make_lead(session, region=region)
    wish = {"period": "2026-W46", "region_id": region.id, "reason": None}
    work = save(factories.make_work(session, asked_by=lead, asked_at=clock.now(), wish=wish))
    attendant = Attendant(settings)
    attendant.start()
    try:
        wait_for(session, work, WorkState.RUNNING)
        kill_worker(attendant)
        session.rollback()
        assert session.scalar(select(func.count()).select_from(ReportSnapshot)) == 0
        session.refresh(work)
        assert work.state is WorkState.RUNNING, "nobody knows yet"

        work.heartbeat_at = clock.now() - 2 * LEASE  # as if so much time had gone by
        session.commit()
        again = save(factories.make_work(session, asked_by=lead, asked_at=clock.now(), wish=wish))
        assert wait_for(session, again, WorkState.DONE, WorkState.FAILED) is WorkState.DONE
        assert wait_for(session, work, WorkState.FAILED) is WorkState.FAILED
        assert session.scalar(select(func.count()).select_from(ReportSnapshot)) == 1
    finally:
        attendant.shutdown()
    child = attendant._child
    assert isinstance(child, subprocess.Popen)
    assert child.poll() == 0, "the worker ends with its server, of its own accord"
