"""Long work as those who asked for it see it."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from repcrm.core.errors import NotFound
from repcrm.core.words import N_
from repcrm.organisation.access import Scope
from repcrm.work.models import LongWork, WorkState
from repcrm.work.service import ENDED, LEASE, is_lost


def get_work(session: Session, scope: Scope, work_id: int) -> LongWork:
    """Return a piece of work that the reader asked for, or raise NotFound."""
    mine = select(LongWork).where(LongWork.id == work_id, LongWork.asked_by_id == scope.user_id)
    if (work := session.scalar(mine)) is None:
        raise NotFound(N_("There is no such work here."))
    return work


def find_work(session: Session, scope: Scope, kind: str, **wish: object) -> LongWork | None:
    """Return the reader's latest work of a kind, of those whose wish holds these values; None: never asked."""
    mine = select(LongWork).where(LongWork.kind == kind, LongWork.asked_by_id == scope.user_id)
    latest = session.scalars(mine.order_by(LongWork.id.desc()).limit(20))
    return next((work for work in latest if wish.items() <= work.wish.items()), None)


def pieces_before(session: Session, work: LongWork) -> int:
    """How many pieces of work, whoever asked for them, a worker takes before one that waits."""
    waiting = (LongWork.state == WorkState.WAITING) & (LongWork.id < work.id)
    before = select(func.count()).where((LongWork.state == WorkState.RUNNING) | waiting, LongWork.id != work.id)
    return session.scalar(before) or 0


def is_anyone_working(session: Session, work: LongWork, now: datetime) -> bool:
    """Whether work that waits has been taken up soon enough, or waits for a worker that is heard of."""
    if work.asked_at > now - LEASE:
        return True
    heard = select(LongWork.id).where(LongWork.state == WorkState.RUNNING, LongWork.heartbeat_at >= now - LEASE)
    return session.scalar(heard.limit(1)) is not None


def is_under_way(work: LongWork | None, now: datetime) -> bool:
    """Whether somebody is still waiting for it with reason."""
    return work is not None and work.state not in ENDED and not is_lost(work, now)
