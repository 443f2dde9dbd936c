"""Whose plans a reader may see, and through whose eyes a plan is made."""

from datetime import date

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


def eyes_of(rep: User, day: date) -> Scope:
    """The rep's own eyes on a day: a plan is made of what is the rep's, whoever looks at it.

    rep  already found within the reader's scope
    """
    return Scope(rep.id, rep.role, rep.region_id, day)


def eyes_on_region(rep: User, day: date) -> Scope:
    """Eyes that see the rep's whole region: within a cycle hospitals come and go, and all of them lie in it.

    What is read through them is narrowed down to the rep's own field by key.
    """
    return Scope(rep.id, Role.LEAD, rep.region_id, day)


def eyes_on_master_data(rep: User, day: date) -> Scope:
    """Eyes that see every doctor, posted that day or not; narrowed down by key, as `eyes_on_region`."""
    return Scope(rep.id, Role.ADMIN, None, day)
