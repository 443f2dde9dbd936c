"""Runs of jobs: claimed once, done in one transaction, taken over when their owner is dead."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, sessionmaker

from repcrm.core.errors import Conflict
from repcrm.core.periods import Period
from repcrm.meeting.models import Review
from repcrm.organisation.models import Region
from repcrm.reports.models import ReportKind, ReportSnapshot
from repcrm.scheduler import runs
from repcrm.scheduler.jobs import JOBS, MOST_ATTEMPTS, RETRY_AFTER
from repcrm.scheduler.models import JobRun, RunStatus
from repcrm.scheduler.runs import Due, run_due, run_once
from tests import factories

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 6, 0, 5, tzinfo=ZONE)
W47 = Period.parse("2026-W47")


@pytest.fixture
def east(session: Session, save: Callable[..., Any]) -> Region:
    return save(factories.make_region(session, code="EAST", name="East"))


def due(region: Region) -> Due:
    return Due(W47, 0, region.id)


def go(engine: Engine, one: Due, worker: str = "me", at: datetime = NOW, **more: Any) -> bool:
    return run_once(sessionmaker(engine), worker, one, now=lambda: at, zone=ZONE, **more)


def the_run(session: Session) -> JobRun:
    session.rollback()
    return session.scalars(select(JobRun)).one()


def count(session: Session, model: type) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_everything_due_is_done_oldest_first(session: Session, engine: Engine, east: Region):
    done = run_due(sessionmaker(engine), "me", now=lambda: NOW, zone=ZONE)
    assert done == 3  # a region without history: the quarter, month and week that ended last
    session.rollback()
    kept = session.scalars(select(JobRun).order_by(JobRun.id)).all()
    assert [(run.job, run.period) for run in kept] == [
        ("freeze_quarter", "2026-Q3"), ("freeze_month", "2026-10"), ("review_week", "2026-W47"),
    ]  # fmt: skip
    assert {run.status for run in kept} == {RunStatus.DONE}
    assert count(session, ReportSnapshot) == 3
    assert count(session, Review) == 1
    assert run_due(sessionmaker(engine), "me", now=lambda: NOW, zone=ZONE) == 0


def test_a_weekly_run_freezes_the_report_and_opens_the_meeting(session: Session, engine: Engine, east: Region):
    assert go(engine, due(east))
    session.rollback()
    review = session.scalars(select(Review)).one()
    assert (review.period, review.meets_on.isoformat()) == ("2026-W47", "2026-11-23")
    assert (review.snapshot.kind, review.snapshot.revision) == (ReportKind.WEEK, 1)


def test_a_run_that_is_done_is_not_done_again(session: Session, engine: Engine, east: Region):
    assert go(engine, due(east))
    assert not go(engine, due(east), worker="another", again=True)
    assert count(session, ReportSnapshot) == 1


def test_a_run_somebody_else_is_doing_is_left_alone(
    session: Session, engine: Engine, save: Callable[..., Any], east: Region
):
    claim = {"job": "review_week", "status": RunStatus.CLAIMED, "claimed_by": "another", "finished_at": None}
    save(factories.make_job_run(session, region=east, **claim, lease_until_at=NOW + timedelta(minutes=1)))
    assert not go(engine, due(east))
    assert count(session, ReportSnapshot) == 0
    assert go(engine, due(east), at=NOW + timedelta(minutes=1))
    run = the_run(session)
    assert (run.status, run.claimed_by, run.attempts) == (RunStatus.DONE, "me", 2)


def test_a_failing_run_leaves_nothing_but_its_story_and_the_others_go_on(
    session: Session, engine: Engine, save: Callable[..., Any], east: Region, monkeypatch: pytest.MonkeyPatch
):
    west = save(factories.make_region(session, code="WEST", name="West"))
    save(factories.make_job_run(session, region=east, job="freeze_month", period="2026-10"))
    save(factories.make_job_run(session, region=east, job="freeze_quarter", period="2026-Q3"))

    def breaks(session: Session, period: Period, region: Region, now: datetime, zone: ZoneInfo) -> None:
        week.run(session, period, region, now, zone)
        if region.code == "EAST":
            raise RuntimeError("the paper jammed")

    week = JOBS[0]
    jammed = type(week)(week.name, week.label, week.kind, week.at, breaks)
    monkeypatch.setattr(runs, "JOBS", (jammed, *JOBS[1:]))
    assert run_due(sessionmaker(engine), "me", now=lambda: NOW, zone=ZONE) == 3  # the three of the West
    session.rollback()
    failed = session.scalars(select(JobRun).where(JobRun.status == RunStatus.FAILED)).one()
    assert (failed.region_id, failed.error) == (east.id, "RuntimeError: the paper jammed")
    assert session.scalars(select(Review.region_id)).all() == [west.id]
    assert session.scalar(select(func.count()).where(ReportSnapshot.region_id == east.id)) == 0


def test_a_failed_run_rests_before_it_is_tried_again(
    session: Session, engine: Engine, save: Callable[..., Any], east: Region
):
    failed = {"job": "review_week", "status": RunStatus.FAILED, "finished_at": NOW}
    save(factories.make_job_run(session, region=east, **failed))
    assert not go(engine, due(east), at=NOW + RETRY_AFTER - timedelta(seconds=1))
    assert go(engine, due(east), at=NOW + RETRY_AFTER)


def test_a_run_that_failed_too_often_waits_for_a_person(
    session: Session, engine: Engine, save: Callable[..., Any], east: Region
):
    failed = {"job": "review_week", "status": RunStatus.FAILED, "finished_at": NOW, "attempts": MOST_ATTEMPTS}
    save(factories.make_job_run(session, region=east, **failed))
    assert not go(engine, due(east), at=NOW + timedelta(days=1))
    assert go(engine, due(east), at=NOW + timedelta(days=1), again=True)


def test_a_slow_worker_that_was_taken_for_dead_keeps_nothing(session: Session, engine: Engine, east: Region):
    make_session = sessionmaker(engine)
    slow = runs._claim(make_session, "slow", due(east), NOW, timedelta(minutes=10), False)
    assert slow is not None
    assert go(engine, due(east), worker="quick", at=NOW + timedelta(minutes=10))
    with pytest.raises(Conflict):
        runs._do(make_session, "slow", due(east), slow, NOW, ZONE)
    assert the_run(session).claimed_by == "quick"
    assert count(session, ReportSnapshot) == 1
