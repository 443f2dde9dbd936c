"""Runs of jobs: claimed once, done in one transaction, taken over when their owner is dead."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, sessionmaker

from repcrm.core.errors import Conflict
from repcrm.core.periods import Period
from repcrm.db.unit_of_work import unit_of_work
from repcrm.meeting.models import Review
from repcrm.organisation.models import Region
from repcrm.reports.body import Body
from repcrm.reports.models import ReportKind, ReportSnapshot
from repcrm.reports.service import MOST_DRAFTS, Draft
from repcrm.scheduler import runs
from repcrm.scheduler.jobs import JOBS, MOST_ATTEMPTS, RETRY_AFTER
from repcrm.scheduler.models import JobRun, RunStatus
from repcrm.scheduler.runs import Due, list_due, list_without_data, run_due, run_once
from repcrm.targets.models import HospitalTarget
from tests import factories

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 6, 0, 5, tzinfo=ZONE)
W47 = Period.parse("2026-W47")


@pytest.fixture
def east(session: Session, save: Callable[..., Any]) -> Region:
    return save(with_data(session, factories.make_region(session, code="EAST", name="East")))


def with_data(session: Session, region: Region) -> Region:
    """Give a region a target long ago, so that there is something to report on."""
    hospital = factories.make_hospital(session, region=region)
    factories.make_target(session, hospital=hospital, month_on=date(2026, 1, 1))
    return region


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
    west = save(with_data(session, factories.make_region(session, code="WEST", name="West")))
    save(factories.make_job_run(session, region=east, job="freeze_month", period="2026-10"))
    save(factories.make_job_run(session, region=east, job="freeze_quarter", period="2026-Q3"))

    def breaks(
        session: Session, period: Period, region: Region, drafted: Draft | None, now: datetime, zone: ZoneInfo
    ) -> None:
        week.keep(session, period, region, drafted, now, zone)
        if region.code == "EAST":
            raise RuntimeError("the paper jammed")

    week = JOBS[0]
    jammed = replace(week, keep=breaks)
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


# --- others go on while a report is computed ---


def meanwhile(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, change: Callable[[Session], Any], times: int
) -> list[Period]:
    """Let somebody change something each time a draft of the week is ready, so many times; returns the drafts made."""
    week = JOBS[0]
    drafts: list[Period] = []

    def slow(session: Session, period: Period, region: Region, now: datetime, zone: ZoneInfo) -> Draft | None:
        drafted = week.draft(session, period, region, now, zone)
        drafts.append(period)
        if len(drafts) <= times:
            with unit_of_work(sessionmaker(engine)) as other:  # on SQLite this waits for whoever holds the database
                change(other)
        return drafted

    monkeypatch.setattr(runs, "JOBS", (replace(week, draft=slow), *JOBS[1:]))
    return drafts


def test_others_write_while_a_report_is_computed(
    session: Session, engine: Engine, east: Region, monkeypatch: pytest.MonkeyPatch
):
    drafts = meanwhile(engine, monkeypatch, lambda other: factories.make_region(other, code="NEW", name="New"), 1)
    assert go(engine, due(east))
    assert len(drafts) == 1  # another region is nothing the report rests on
    assert count(session, Region) == 2


def test_a_report_whose_data_moved_is_computed_again(
    session: Session, engine: Engine, east: Region, monkeypatch: pytest.MonkeyPatch
):
    def deliver(other: Session) -> None:
        target = other.scalars(select(HospitalTarget)).one()
        place = {"hospital": target.hospital, "product": target.product}
        factories.make_flow(other, **place, on=date(2026, 11, 18), packs=7)

    drafts = meanwhile(engine, monkeypatch, deliver, 1)
    assert go(engine, due(east))
    assert len(drafts) == 2
    session.rollback()
    assert Body(session.scalars(select(ReportSnapshot)).one().body).total.actual == 7


def test_a_report_whose_data_never_stands_still_is_tried_later(
    session: Session, engine: Engine, east: Region, monkeypatch: pytest.MonkeyPatch
):
    def assign(other: Session) -> None:
        target = other.scalars(select(HospitalTarget)).one()
        target.floor_packs, target.version = target.floor_packs - 1, target.version + 1

    drafts = meanwhile(engine, monkeypatch, assign, MOST_DRAFTS)
    assert not go(engine, due(east))
    assert len(drafts) == MOST_DRAFTS
    run = the_run(session)
    assert (run.status, "kept changing" in run.error) == (RunStatus.FAILED, True)
    assert (count(session, ReportSnapshot), count(session, Review)) == (0, 0)
    assert go(engine, due(east), at=NOW + RETRY_AFTER)


# --- a company without data ---


def test_a_region_without_data_has_nothing_due(session: Session, engine: Engine, save: Callable[..., Any]):
    region = save(factories.make_hospital(session)).region
    assert run_due(sessionmaker(engine), "me", now=lambda: NOW, zone=ZONE) == 0
    assert (count(session, JobRun), count(session, ReportSnapshot), count(session, Review)) == (0, 0, 0)
    waiting = [(one.job.name, str(one.period)) for one in list_without_data(session, NOW, ZONE)]
    assert waiting == [("freeze_quarter", "2026-Q3"), ("freeze_month", "2026-10"), ("review_week", "2026-W47")]
    assert not go(engine, due(region))  # not by hand either
    assert "no data yet" in the_run(session).error


@pytest.mark.parametrize("kind", ["call", "target", "flow"])
def test_the_first_period_with_data_is_the_first_that_is_due(session: Session, save: Callable[..., Any], kind: str):
    hospital = factories.make_hospital(session)
    friday = date(2026, 11, 20)  # of week 47
    if kind == "call":
        factories.make_call(session, hospital=hospital, day_on=friday)
    elif kind == "target":
        factories.make_target(session, hospital=hospital, month_on=date(2026, 11, 1))
    else:
        factories.make_flow(session, hospital=hospital, on=friday)
    save(hospital)
    assert [(one.job.name, str(one.period)) for one in list_due(session, NOW, ZONE)] == [("review_week", "2026-W47")]
    december = datetime(2026, 12, 1, 6, tzinfo=ZONE)
    assert {str(one.period) for one in list_due(session, december, ZONE)} == {"2026-W48", "2026-11"}
    before = datetime(2026, 11, 16, 6, tzinfo=ZONE)
    assert [str(one.period) for one in list_due(session, before, ZONE)] == (["2026-W46"] if kind == "target" else [])
