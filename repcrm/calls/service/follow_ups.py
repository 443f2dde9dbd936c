"""What is done with a promise: kept, or opened again."""

from datetime import datetime

from sqlalchemy.orm import Session

from repcrm.calls.models import FollowUp
from repcrm.core.errors import NotFound
from repcrm.core.words import N_
from repcrm.organisation.access import Scope


def keep_follow_up(session: Session, who: Scope, follow_up: FollowUp, *, now: datetime) -> FollowUp:
    """Tick a promise off; a second time changes nothing.

    raises  NotFound for anybody but the rep who gave it
    """
    _check_own(who, follow_up)
    if follow_up.done_at is None:
        follow_up.done_at = now
        session.flush()
    return follow_up


def reopen_follow_up(session: Session, who: Scope, follow_up: FollowUp) -> FollowUp:
    """Take the tick back.

    raises  NotFound for anybody but the rep who gave the promise
    """
    _check_own(who, follow_up)
    follow_up.done_at, follow_up.kept_by_call_id = None, None
    session.flush()
    return follow_up


def _check_own(who: Scope, follow_up: FollowUp) -> None:
    if follow_up.rep_id != who.user_id:
        raise NotFound(N_("There is no such follow-up here."))
