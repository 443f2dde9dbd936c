"""APScheduler as the clock: it ticks; the table of runs decides what is done."""

import logging
from datetime import timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import sessionmaker

from repcrm.core import clock
from repcrm.db.engine import make_engine
from repcrm.scheduler.jobs import LEASE
from repcrm.scheduler.leader import Leadership
from repcrm.scheduler.runs import run_due, worker_name
from repcrm.settings import Settings

log = logging.getLogger(__name__)

EVERY = timedelta(seconds=30)


class Clock:
    """What ticks: one per process, doing nothing unless it leads."""

    def __init__(self, settings: Settings, *, every: timedelta = EVERY, lease: timedelta = LEASE) -> None:
        self._zone = settings.zone
        self._lease = lease
        self._worker = worker_name()
        self._engine = make_engine(settings.resolved_database_url())
        self._leadership = Leadership(self._engine)
        self._scheduler = BackgroundScheduler(
            timezone=settings.zone,
            job_defaults={"misfire_grace_time": 3600, "coalesce": True, "max_instances": 1},
        )
        self._scheduler.add_job(self.tick, IntervalTrigger(seconds=every.total_seconds()), next_run_time=clock.now())

    def start(self) -> None:
        """Begin to tick, at once."""
        self._scheduler.start()

    def shutdown(self, wait: bool = True) -> None:
        """Stop ticking; a run that is under way is waited for if asked."""
        self._scheduler.shutdown(wait=wait)
        self._leadership.release()
        self._engine.dispose()

    def tick(self) -> None:
        """Do what is due, if this process leads; whatever goes wrong, tick again."""
        try:
            if self._leadership.hold():
                run_due(sessionmaker(self._engine), self._worker, now=clock.now, zone=self._zone, lease=self._lease)
        except SQLAlchemyError:
            log.exception("the clock could not reach its database; it tries again at the next tick")


def start(settings: Settings, *, every: timedelta = EVERY, lease: timedelta = LEASE) -> Clock:
    """Start the clock beside the pages, in threads of this process."""
    ticking = Clock(settings, every=every, lease=lease)
    ticking.start()
    return ticking
