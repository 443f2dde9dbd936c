"""Whose plans a reader may see."""

from sqlalchemy import ColumnElement, false, select
from sqlalchemy.orm import Session

from repcrm.core.errors import NotFound
from repcrm.core.words import N_
from repcrm.organisation.access import Role, Scope
from repcrm.organisation.models import User
from repcrm.organisation.queries import people_in
from repcrm.planning.models import CallPlan


def plans_in(scope: Scope) -> ColumnElement[bool]:
    """A clause over CallPlan: a rep's own, a lead's those of the region's people, nobody's for an administrator."""
    if scope.role is Role.REP:
        return CallPlan.rep_id == scope.user_id
    if scope.role is Role.LEAD:
        return CallPlan.rep_id.in_(select(User.id).where(User.region_id == scope.region_id))
    return false()


def get_rep(session: Session, scope: Scope, rep_id: int) -> User:
    """Return a rep whose plan the reader may see, or raise NotFound."""
    found = None
    if scope.role is not Role.ADMIN:
        found = session.scalar(select(User).where(User.id == rep_id, User.role == Role.REP, people_in(scope)))
    if found is None:
        raise NotFound(N_("There is no such person here."))
    return found


def eyes_of(rep: User, scope: Scope) -> Scope:
    """The rep's own eyes on the reader's day: a plan is made of what its rep may see, whoever looks at it.

    rep  already found within the reader's scope
    """
    return Scope(rep.id, rep.role, rep.region_id, scope.on)
