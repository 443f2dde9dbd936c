"""One run of one job: claimed by a row under a unique key, computed, kept in one transaction, told how it ended."""

import logging
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from repcrm.core.errors import Conflict
from repcrm.core.periods import Period
from repcrm.core.words import N_
from repcrm.db.unit_of_work import PATIENCE, unit_of_work
from repcrm.db.writing import rows_changed
from repcrm.organisation.models import Region
from repcrm.reports.basis import has_data
from repcrm.reports.models import ReportKind, ReportSnapshot
from repcrm.reports.service import Draft, keep_drafted
from repcrm.scheduler.jobs import JOBS, LEASE, MOST_ATTEMPTS, RETRY_AFTER, Job, due_periods
from repcrm.scheduler.models import JobRun, RunStatus

log = logging.getLogger(__name__)

MakeSession = Callable[[], Session]


@dataclass(frozen=True, order=True)
class Due:
    """A job to be done for a period and region; the smaller ended first."""

    period: Period
    order: int
    region_id: int

    @property
    def job(self) -> Job:
        """What is to be done."""
        return JOBS[self.order]


def worker_name() -> str:
    """A name for this process that no other has, on any machine."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{uuid4().hex[:8]}"


def list_due(session: Session, now: datetime, zone: ZoneInfo) -> list[Due]:
    """Return what is due and not done in every region, oldest period first; a region without data has nothing due."""
    return [due for due in _over(session, now, zone) if _has_data(session, due)]


def list_without_data(session: Session, now: datetime, zone: ZoneInfo) -> list[Due]:
    """Return what would be due, if only the region had data up to the end of the period."""
    return [due for due in _over(session, now, zone) if not _has_data(session, due)]


def _has_data(session: Session, due: Due) -> bool:
    return has_data(session, due.region_id, due.period.until_on)


def _over(session: Session, now: datetime, zone: ZoneInfo) -> list[Due]:
    """What has ended and is not done."""
    regions = session.scalars(select(Region.id).order_by(Region.id)).all()
    due = [
        Due(period, order, region_id)
        for order, job in enumerate(JOBS)
        for region_id in regions
        for period in due_periods(job, _done(session, job, region_id), now, zone)
    ]
    return sorted(due)


def run_due(
    make_session: MakeSession, worker: str, *, now: Callable[[], datetime], zone: ZoneInfo, lease: timedelta = LEASE
) -> int:
    """Do everything that is due and that nobody else is doing.

    now      asked again before each run
    returns  how many runs ended well; a run that fails is written down and does not stop the next
    """
    with make_session() as session:
        due = list_due(session, now(), zone)
    return sum(run_once(make_session, worker, one, now=now, zone=zone, lease=lease) for one in due)


def run_once(
    make_session: MakeSession,
    worker: str,
    due: Due,
    *,
    now: Callable[[], datetime],
    zone: ZoneInfo,
    lease: timedelta = LEASE,
    again: bool = False,
) -> bool:
    """Claim a run, do it, and say how it ended; False if another has it, or if it failed.

    again  try even one that has failed too often, or only just
    """
    run_id = _claim(make_session, worker, due, now(), lease, again)
    if run_id is None:
        return False
    try:
        _do(make_session, worker, due, run_id, now(), zone)
    except Exception as error:
        log.exception("%s %s of region %s failed", due.job.name, due.period, due.region_id)
        _fail(make_session, worker, run_id, error, now())
        return False
    return True


def _done(session: Session, job: Job, region_id: int) -> list[Period]:
    """The periods a job was done for: by the clock, or by hand, which leaves only the report."""
    runs = select(JobRun.period).where(
        JobRun.job == job.name, JobRun.region_id == region_id, JobRun.status == RunStatus.DONE
    )
    frozen = select(ReportSnapshot.period).where(
        ReportSnapshot.kind == ReportKind(job.kind.value), ReportSnapshot.region_id == region_id
    )
    return [Period.parse(text) for text in session.scalars(runs.union(frozen))]


def _claim(
    make_session: MakeSession, worker: str, due: Due, now: datetime, lease: timedelta, again: bool
) -> int | None:
    """Take the run: by a new row, or by one whose owner is dead or has failed. None if it belongs to another."""
    key = {"job": due.job.name, "period": str(due.period), "region_id": due.region_id}
    mine = {
        "status": RunStatus.CLAIMED, "claimed_by": worker, "claimed_at": now, "lease_until_at": now + lease,
        "finished_at": None, "error": "",
    }  # fmt: skip
    try:
        with unit_of_work(make_session) as session:
            found = session.scalar(select(JobRun.id).filter_by(**key))
            if found is None:
                run = JobRun(**key, **mine)
                session.add(run)
                session.flush()
                return run.id
            taken = update(JobRun).where(JobRun.id == found, _abandoned(now, again))
            return found if rows_changed(session, taken.values(**mine, attempts=JobRun.attempts + 1)) else None
    except IntegrityError:  # another process was a moment earlier
        return None


def _abandoned(now: datetime, again: bool) -> ColumnElement[bool]:
    failed = JobRun.status == RunStatus.FAILED
    rested = and_(failed, JobRun.finished_at <= now - RETRY_AFTER, JobRun.attempts < MOST_ATTEMPTS)
    dead = and_(JobRun.status == RunStatus.CLAIMED, JobRun.lease_until_at <= now)
    return or_(dead, failed if again else rested)


def _do(make_session: MakeSession, worker: str, due: Due, run_id: int, now: datetime, zone: ZoneInfo) -> None:
    """Compute without holding the database, then keep the result and mark the run as done in one transaction."""

    def draft() -> Draft | None:
        with make_session() as session:
            return due.job.draft(session, due.period, session.get_one(Region, due.region_id), now, zone)

    def keep(session: Session, drafted: Draft | None) -> None:
        due.job.keep(session, due.period, session.get_one(Region, due.region_id), drafted, now, zone)
        _finish(session, worker, run_id, {"status": RunStatus.DONE, "finished_at": now})

    keep_drafted(draft, lambda: unit_of_work(make_session, patience=PATIENCE), keep)


def _fail(make_session: MakeSession, worker: str, run_id: int, error: Exception, now: datetime) -> None:
    text = f"{type(error).__name__}: {error}"[:2000]
    try:
        with unit_of_work(make_session, patience=PATIENCE) as session:
            _finish(session, worker, run_id, {"status": RunStatus.FAILED, "finished_at": now, "error": text})
    except Conflict:
        log.warning("run %s was taken over by another process", run_id)


def _finish(session: Session, worker: str, run_id: int, values: dict[str, object]) -> None:
    """Close a run that is still this worker's; a slow worker that was taken for dead keeps nothing of its work."""
    mine = update(JobRun).where(JobRun.id == run_id, JobRun.claimed_by == worker, JobRun.status == RunStatus.CLAIMED)
    if not rows_changed(session, mine.values(**values)):
        raise Conflict(N_("The run was taken over by another process."))
