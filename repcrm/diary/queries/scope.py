"""Whose diary a reader may see: a rep the own, a lead the region's; where people are is no master data."""

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import Session

from repcrm.accounts.models import Hospital
from repcrm.accounts.queries import hospitals_in
from repcrm.core.errors import NotFound
from repcrm.core.words import N_
from repcrm.diary.models import Appointment, EveningDuty, TimeOff
from repcrm.organisation.access import Role, Scope
from repcrm.organisation.models import User


def reps_in(scope: Scope) -> ColumnElement[bool]:
    """A clause over User: the reps whose diary a reader may see."""
    if scope.role is Role.REP:
        return User.id == scope.user_id
    if scope.role is Role.LEAD:
        return (User.role == Role.REP) & (User.region_id == scope.region_id)
    return false()


def time_off_in(scope: Scope) -> ColumnElement[bool]:
    """A clause over TimeOff: that of the reps in scope."""
    return TimeOff.rep_id.in_(select(User.id).where(reps_in(scope)))


def appointments_in(scope: Scope) -> ColumnElement[bool]:
    """A clause over Appointment: a rep's own and everybody's of the region; a lead's all of the region."""
    if scope.role is Role.ADMIN:
        return false()
    here = Appointment.region_id == scope.region_id
    return here if scope.role is Role.LEAD else here & belongs_to(scope.user_id)


def belongs_to(rep_id: int) -> ColumnElement[bool]:
    """A clause over Appointment: those of a rep, and those of everybody."""
    return or_(Appointment.rep_id.is_(None), Appointment.rep_id == rep_id)


def duties_in(scope: Scope) -> ColumnElement[bool]:
    """A clause over EveningDuty: a rep's own and those in the own hospitals, as the rota hangs on the wall of a team;
    a lead's those in the region's hospitals."""
    if scope.role is Role.ADMIN:
        return false()
    there = EveningDuty.hospital_id.in_(select(Hospital.id).where(hospitals_in(scope)))
    return there if scope.role is Role.LEAD else or_(there, EveningDuty.rep_id == scope.user_id)


def get_rep(session: Session, scope: Scope, rep_id: int) -> User:
    """Return a rep whose diary the reader may see.

    raises  NotFound outside the scope
    """
    found = session.scalar(select(User).where(User.id == rep_id, User.role == Role.REP, reps_in(scope)))
    if found is None:
        raise NotFound(N_("There is no such person here."))
    return found
