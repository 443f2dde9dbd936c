"""The desk at which a piece of long work is done: it tells how far it is, hears that it is to stop, and keeps alive."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from repcrm.core import clock
from repcrm.core.errors import NotFound
from repcrm.core.words import N_
from repcrm.db.unit_of_work import PATIENCE, unit_of_work
from repcrm.organisation.access import Scope
from repcrm.organisation.models import User
from repcrm.organisation.queries import scope_of
from repcrm.work.models import WorkState
from repcrm.work.service import Told, announce_silence, end, tell

log = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 1.0
LONGEST_SAVING = timedelta(minutes=10)
"""So long a worker may save in silence before it counts as dead."""
SAVING = N_("Saving")

MakeSession = Callable[[], Session]


class Stopped(Exception):
    """Somebody asked for the work to stop, and it did."""


class Desk:
    """What a kind of work is handed besides its wish.

    make_session     a sessionmaker
    work_id, worker  the piece of work and who holds it
    asked_by_id      whom it is done for
    zone             the business time zone

    Progress is written by a thread of its own, a transaction each time: the work itself never waits for it. While the
    work saves, it holds the database for itself on SQLite, and nothing is told.
    """

    def __init__(
        self, make_session: MakeSession, work_id: int, worker: str, *, asked_by_id: int, zone: ZoneInfo
    ) -> None:
        self.work_id = work_id
        self.asked_by_id = asked_by_id
        self.zone = zone
        self._make_session = make_session
        self._worker = worker
        self._told: Told | None = None
        self._stop = threading.Event()
        self._quiet = threading.Lock()
        self._over = threading.Event()

    def who(self, session: Session) -> Scope:
        """The eyes of the one it is done for, as of today.

        raises  NotFound for one who has been shut out meanwhile
        """
        user = session.get_one(User, self.asked_by_id)
        if not user.is_active:
            raise NotFound(N_("There is no such work here."))
        return scope_of(user, clock.today(self.zone))

    def tell(self, stage: str, steps_done: int = 0, steps: int | None = None, **figures: Any) -> None:
        """Say how far the work is; the newest word is what counts.

        stage    an English message (see `core.words.N_`)
        figures  plain values for the page
        """
        self._told = Told(stage, steps_done, steps, figures)

    def should_stop(self) -> bool:
        """Whether somebody has asked for the end of it."""
        return self._stop.is_set()

    def step(self, stage: str, done: int, steps: int | None) -> None:
        """Say what is done next, or leave if somebody asked for the end: a `core.progress.Step`.

        raises  Stopped
        """
        self.stop_if_asked()
        self.tell(stage, done, steps)

    def stop_if_asked(self) -> None:
        """Leave by an exception where nothing has been written yet.

        raises  Stopped
        """
        if self._stop.is_set():
            raise Stopped

    @contextmanager
    def saving(self) -> Iterator[Session]:
        """A session in which all that came of the work is written, and `finish` said, in one transaction."""
        self.tell(SAVING)
        self._beat()
        with unit_of_work(self._make_session, patience=PATIENCE) as session:
            announce_silence(session, self.work_id, self._worker, until_at=clock.now() + LONGEST_SAVING)
        with self._quiet, unit_of_work(self._make_session, patience=PATIENCE) as session:
            yield session

    def finish(self, session: Session, **outcome: Any) -> None:
        """Say in the transaction that saves what came of the work; a second worker's result is refused there."""
        end(session, self.work_id, self._worker, WorkState.DONE, now=clock.now(), outcome=outcome)

    @contextmanager
    def alive(self) -> Iterator[None]:
        """Be heard of for as long as the block lasts."""
        pulse = threading.Thread(target=self._pulse, name="heartbeat", daemon=True)
        pulse.start()
        try:
            yield
        finally:
            self._over.set()
            pulse.join()

    def _pulse(self) -> None:
        while not self._over.wait(HEARTBEAT_SECONDS):
            self._beat()

    def _beat(self) -> None:
        if not self._quiet.acquire(blocking=False):
            return
        told, self._told = self._told, None
        try:
            with unit_of_work(self._make_session) as session:
                if tell(session, self.work_id, self._worker, told, now=clock.now()):
                    self._stop.set()
        except SQLAlchemyError:  # another process holds the database, or it is away: the next beat will do
            log.info("work %s could not be heard of", self.work_id)
            self._told = self._told or told
        finally:
            self._quiet.release()
