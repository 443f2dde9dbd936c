"""Several clocks at once, killed at random: each period is frozen exactly once."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from repcrm.meeting.models import Review
from repcrm.reports.models import ReportSnapshot
from repcrm.scheduler.models import JobRun, RunStatus
from repcrm.settings import Settings
from tests import factories

ROOT = Path(__file__).parents[2]
PROCESSES = 4
KILLS = 12
LONGEST = 90  # seconds


def start(settings: Settings) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "REPCRM_DATABASE_URL": settings.resolved_database_url(),
        "REPCRM_SECRET_KEY": settings.resolved_secret_key(),
        "PYTHONPATH": str(ROOT),
    }
    run = "from repcrm.cli import main; main(['scheduler', 'run', '--every', '0.2', '--lease', '2'])"
    return subprocess.Popen(
        [sys.executable, "-c", run], env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def done(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).where(JobRun.status == RunStatus.DONE)) or 0


@pytest.mark.thorough
@pytest.mark.slow
def test_four_clocks_with_random_kills_freeze_each_period_once(
    session: Session, settings: Settings, save: Callable[..., Any]
):
    region = factories.make_region(session, code="EAST", name="East")
    hospital = factories.make_hospital(session, region=region)
    factories.make_target(session, hospital=hospital, month_on=date(2026, 1, 1))
    save(region)
    chance = random.Random(47)
    clocks = [start(settings) for _ in range(PROCESSES)]
    deadline = time.monotonic() + LONGEST
    try:
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.1, 0.9))
            victim = chance.randrange(PROCESSES)
            clocks[victim].kill()
            clocks[victim].wait()
            clocks[victim] = start(settings)
        while done(session) < 3 and time.monotonic() < deadline:
            time.sleep(0.2)
        time.sleep(1)  # a clock that would freeze twice gets the time to do so
    finally:
        for process in clocks:
            process.kill()
            process.wait()
    assert done(session) == 3
    frozen = session.execute(select(ReportSnapshot.kind, ReportSnapshot.revision)).all()
    assert sorted((kind.value, revision) for kind, revision in frozen) == [("month", 1), ("quarter", 1), ("week", 1)]
    assert session.scalar(select(func.count()).select_from(Review)) == 1
