"""The worker's loop: takes one piece of work after the other, and says of each how it ended."""

import logging
import threading
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.exc import SQLAlchemyError

from repcrm.core import clock
from repcrm.core.errors import Conflict, RepCRMError
from repcrm.core.words import N_, Term
from repcrm.db.engine import is_busy
from repcrm.db.unit_of_work import PATIENCE, unit_of_work
from repcrm.work.models import LongWork, WorkState
from repcrm.work.service import bury_lost, claim_next, end, is_anything_open
from repcrm.worker.desk import Desk, MakeSession, Stopped
from repcrm.worker.kinds import Do

log = logging.getLogger(__name__)

PAUSE_SECONDS = 0.5
ACCIDENT = N_("Something went wrong; it was written down under %(work)s, and nothing was saved.")
BUSY = N_("The database was busy for too long, so nothing was saved. Ask for it again.")


def run(
    make_session: MakeSession, worker: str, kinds: Mapping[str, Do], over: threading.Event, *, zone: ZoneInfo
) -> None:
    """Do what is asked for until `over` is set; whatever goes wrong, look again."""
    while not over.is_set():
        try:
            busy = run_next(make_session, worker, kinds, zone=zone)
        except SQLAlchemyError:
            log.exception("the worker could not reach its database; it tries again")
            busy = False
        if not busy:
            over.wait(PAUSE_SECONDS)


def run_next(make_session: MakeSession, worker: str, kinds: Mapping[str, Do], *, zone: ZoneInfo) -> bool:
    """Do the piece of work that has waited longest.

    returns  False if there was none
    """
    work = _claim(make_session, worker, kinds)
    if work is None:
        return False
    desk = Desk(make_session, work.id, worker, asked_by_id=work.asked_by_id, zone=zone)
    log.info("work %s (%s) begins", work.id, work.kind)
    try:
        with desk.alive():
            kinds[work.kind](make_session, work.wish, desk)
    except Stopped:
        _end(make_session, work, worker, WorkState.STOPPED)
    except RepCRMError as error:
        _end(make_session, work, worker, WorkState.FAILED, error.message, plain_values(error))
    except Exception as error:
        log.exception("work %s (%s) failed", work.id, work.kind)
        words = (BUSY, None) if is_busy(error) else (ACCIDENT, {"work": str(work.id)})
        _end(make_session, work, worker, WorkState.FAILED, *words)
    return True


def plain_values(error: RepCRMError) -> dict[str, Any]:
    """The values of an error as JSON keeps them; a term stays one, so that its reader's language can say it."""
    return {
        name: {"term": value.label} if isinstance(value, Term) else str(value) for name, value in error.params.items()
    }


def _claim(make_session: MakeSession, worker: str, kinds: Mapping[str, Do]) -> LongWork | None:
    """Look before writing: nothing waits most of the time, and a look disturbs nobody."""
    with make_session() as session:
        if not is_anything_open(session):
            return None
    with unit_of_work(make_session) as session:
        bury_lost(session, now=clock.now())
        work = claim_next(session, worker, kinds, now=clock.now())
        if work is not None:
            session.refresh(work)
            session.expunge(work)
        return work


def _end(
    make_session: MakeSession,
    work: LongWork,
    worker: str,
    state: WorkState,
    error: str = "",
    error_values: Mapping[str, Any] | None = None,
) -> None:
    try:
        with unit_of_work(make_session, patience=PATIENCE) as session:
            end(session, work.id, worker, state, now=clock.now(), error=error, error_values=error_values)
    except Conflict:
        log.warning("work %s was taken over, or had ended already", work.id)
