"""Asking for long work, claiming it, telling how far it is, and ending it. One of several workers gets each piece."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from repcrm.core.errors import Conflict, RuleBroken
from repcrm.core.words import N_
from repcrm.db.writing import rows_changed
from repcrm.organisation.access import Scope
from repcrm.work.models import LongWork, WorkAttachment, WorkState

LEASE = timedelta(seconds=15)
"""A worker that was not heard of for so long is dead."""
MOST_OPEN = 5
"""Pieces of one kind that a person may have open: nobody fills the queue for everybody else."""
ENDED = (WorkState.DONE, WorkState.FAILED, WorkState.STOPPED)
LOST = N_("The process that worked on it has ended. Nothing of it was kept: ask for it again.")


@dataclass(frozen=True)
class Told:
    """How far a piece of work is.

    stage        what is being done, an English message
    steps_done   of `steps`, None if nobody knows how many there are
    figures      what its page may draw
    """

    stage: str = ""
    steps_done: int = 0
    steps: int | None = None
    figures: Mapping[str, Any] = field(default_factory=dict)


def ask_for(
    session: Session,
    who: Scope,
    kind: str,
    wish: Mapping[str, Any],
    *,
    now: datetime,
    attachment: bytes | None = None,
    most: int | None = MOST_OPEN,
) -> LongWork:
    """Ask a worker for something; asking again while the same is under way gives the work that is.

    wish        plain values, as JSON keeps them; they say what the attachment is, its digest too
    attachment  a file that belongs to it
    most        how many of the kind a person may have open; None: it follows from something else and is never refused
    raises      RuleBroken if too many of the kind are open already
    """
    mine = select(LongWork).where(
        LongWork.kind == kind, LongWork.asked_by_id == who.user_id, LongWork.state.not_in(ENDED)
    )
    under_way = [work for work in session.scalars(mine) if not is_lost(work, now)]
    for work in under_way:
        if work.wish == wish and work.stop_asked_at is None:
            return work
    if most is not None and len(under_way) >= most:
        raise RuleBroken(N_("%(most)s such tasks of yours are still open. Wait for one, or stop one."), most=most)
    work = LongWork(kind=kind, wish=dict(wish), asked_by_id=who.user_id, asked_at=now, figures={}, error_values={})
    work.attached = WorkAttachment(content=attachment) if attachment is not None else None
    session.add(work)
    session.flush()
    return work


def ask_to_stop(session: Session, work: LongWork, *, now: datetime) -> None:
    """Ask for the end of a piece of work: at once if nobody has begun it, else as soon as its worker hears of it."""
    waiting = update(LongWork).where(LongWork.id == work.id, LongWork.state == WorkState.WAITING)
    stopped = {"state": WorkState.STOPPED, "stop_asked_at": now, "ended_at": now}
    if rows_changed(session, waiting.values(**stopped)):
        _forget_attachments(session)
    else:
        running = update(LongWork).where(LongWork.id == work.id, LongWork.state == WorkState.RUNNING)
        session.execute(running.values(stop_asked_at=now))
    session.expire(work)


def is_lost(work: LongWork, now: datetime) -> bool:
    """Whether work that counts as running has lost its worker."""
    heard_at = work.heartbeat_at or work.asked_at
    if work.silent_until_at is not None:
        heard_at = max(heard_at, work.silent_until_at)
    return work.state is WorkState.RUNNING and heard_at < now - LEASE


def claim_next(session: Session, worker: str, kinds: Mapping[str, object], *, now: datetime) -> LongWork | None:
    """Take the piece of work that has waited longest, of those whose kind this worker knows; None: nothing waits."""
    waiting = select(LongWork.id).where(LongWork.state == WorkState.WAITING, LongWork.kind.in_(list(kinds)))
    for work_id in session.scalars(waiting.order_by(LongWork.asked_at, LongWork.id).limit(10)).all():
        mine = update(LongWork).where(LongWork.id == work_id, LongWork.state == WorkState.WAITING)
        taken = mine.values(state=WorkState.RUNNING, worker=worker, begun_at=now, heartbeat_at=now)
        if rows_changed(session, taken):
            return session.get_one(LongWork, work_id, populate_existing=True)
    return None


def is_anything_open(session: Session) -> bool:
    """Whether anything waits or counts as running."""
    return session.scalar(select(LongWork.id).where(LongWork.state.not_in(ENDED)).limit(1)) is not None


def bury_lost(session: Session, *, now: datetime) -> int:
    """Close the work of workers that are dead; returns how many pieces."""
    silent = or_(LongWork.silent_until_at.is_(None), LongWork.silent_until_at < now - LEASE)
    dead = update(LongWork).where(LongWork.state == WorkState.RUNNING, LongWork.heartbeat_at < now - LEASE, silent)
    count = rows_changed(session, dead.values(state=WorkState.FAILED, ended_at=now, error=LOST))
    _forget_attachments(session)
    return count


def tell(session: Session, work_id: int, worker: str, told: Told | None, *, now: datetime) -> bool:
    """Let the worker be heard of, with how far it is if it says so.

    returns  whether it is to stop: somebody asked for it, or the work is no longer this worker's
    """
    values: dict[str, Any] = {"heartbeat_at": now}
    if told is not None:
        values |= {
            "stage": told.stage, "steps_done": told.steps_done, "steps": told.steps, "figures": dict(told.figures),
        }  # fmt: skip
    if not rows_changed(session, _held(work_id, worker).values(**values)):
        return True
    return session.scalar(select(LongWork.stop_asked_at).where(LongWork.id == work_id)) is not None


def announce_silence(session: Session, work_id: int, worker: str, *, until_at: datetime) -> None:
    """Say that the worker will not be heard of for a while because it saves."""
    session.execute(_held(work_id, worker).values(silent_until_at=until_at))


def end(
    session: Session,
    work_id: int,
    worker: str,
    state: WorkState,
    *,
    now: datetime,
    outcome: Mapping[str, Any] | None = None,
    error: str = "",
    error_values: Mapping[str, Any] | None = None,
) -> None:
    """Say how it ended, in the same transaction as what the work has written.

    raises  Conflict if the work is no longer this worker's: a slow worker taken for dead keeps nothing of it
    """
    ended = {"state": state, "ended_at": now, "heartbeat_at": now, "outcome": dict(outcome) if outcome else None}
    said = {"error": error, "error_values": dict(error_values or {})}
    if not rows_changed(session, _held(work_id, worker).values(**ended, **said)):
        raise Conflict(N_("This work was taken from its worker, which was not heard of for too long."))
    _forget_attachments(session)


def _forget_attachments(session: Session) -> None:
    """Take away the files of all work that has ended."""
    ended = select(LongWork.id).where(LongWork.state.in_(ENDED))
    session.execute(delete(WorkAttachment).where(WorkAttachment.work_id.in_(ended)))


def _held(work_id: int, worker: str) -> Any:
    return update(LongWork).where(
        LongWork.id == work_id, LongWork.worker == worker, LongWork.state == WorkState.RUNNING
    )
