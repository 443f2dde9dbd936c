"""What the clock does, as a table read aloud."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from repcrm.core import clock
from repcrm.core.errors import NotFound
from repcrm.core.periods import Period, PeriodKind
from repcrm.core.words import N_
from repcrm.meeting.service import open_review
from repcrm.organisation.calendar import work_calendar
from repcrm.organisation.models import Region
from repcrm.reports.service import Draft, draft, freeze, newest


@dataclass(frozen=True)
class Job:
    """Something done once for each period that is over and each region.

    name   as the table of runs and the command line know it
    label  as people read it
    kind   of period
    at     the time of the first day after the period, in the business time zone, from which it is due
    draft  (session, period, region, now, zone): computes the report, writes nothing
    keep   (session, period, region, draft, now, zone): freezes it, flushes, commits nothing; takes milliseconds
    """

    name: str
    label: str
    kind: PeriodKind
    at: time
    draft: Callable[[Session, Period, Region, datetime, ZoneInfo], Draft | None]
    keep: Callable[[Session, Period, Region, Draft | None, datetime, ZoneInfo], None]


def draft_report(session: Session, period: Period, region: Region, now: datetime, zone: ZoneInfo) -> Draft | None:
    """Compute the gap report of a period, unless it is frozen already."""
    if newest(session, period, region.id):
        return None
    return draft(session, period, region, now=now, today=clock.day_of(now, zone))


def review_week(
    session: Session, period: Period, region: Region, drafted: Draft | None, now: datetime, zone: ZoneInfo
) -> None:
    """Freeze the week's gap report, then open the Monday meeting about it."""
    snapshot = freeze(session, period, region, now=now, today=clock.day_of(now, zone), drafted=drafted)
    open_review(session, snapshot, work_calendar(session, region.id), now=now)


def freeze_report(
    session: Session, period: Period, region: Region, drafted: Draft | None, now: datetime, zone: ZoneInfo
) -> None:
    """Freeze the gap report of a month or quarter."""
    freeze(session, period, region, now=now, today=clock.day_of(now, zone), drafted=drafted)


JOBS: tuple[Job, ...] = (
    Job("review_week", N_("weekly report and Monday meeting"), PeriodKind.WEEK, time(6, 0), draft_report, review_week),
    Job("freeze_month", N_("monthly report"), PeriodKind.MONTH, time(6, 0), draft_report, freeze_report),
    Job("freeze_quarter", N_("quarterly report"), PeriodKind.QUARTER, time(6, 0), draft_report, freeze_report),
)


def get_job(name: str) -> Job:
    """Return a job by its name.

    raises  NotFound
    """
    for job in JOBS:
        if job.name == name:
            return job
    raise NotFound(
        N_("There is no job “%(name)s”. There are: %(names)s."), name=name, names=", ".join(job.name for job in JOBS)
    )


def due_at(job: Job, period: Period, zone: ZoneInfo) -> datetime:
    """The instant from which a job is due for a period."""
    return datetime.combine(period.until_on, job.at, zone)


def due_periods(job: Job, done: Iterable[Period], now: datetime, zone: ZoneInfo) -> list[Period]:
    """The periods a job is due for and has not been done for, oldest first.

    done  the periods it was done for in this region

    A machine that was off catches up from the first period that was ever done. A region that was never reported on
    begins with the period that ended last: nobody asks for the years before.
    """
    kept = set(done)
    latest = Period.of(job.kind, clock.day_of(now, zone)).previous()
    if due_at(job, latest, zone) > now:
        latest = latest.previous()
    first = min(kept, default=latest)
    due = []
    while latest >= first:
        if latest not in kept:
            due.append(latest)
        latest = latest.previous()
    return due[::-1]


LEASE = timedelta(minutes=10)
"""How long a run may take before another process takes it for dead."""
RETRY_AFTER = timedelta(minutes=5)
"""How long a failed run rests before it is tried again."""
MOST_ATTEMPTS = 20
"""How often a failing run is tried before it waits for a person: repcrm job run."""
