"""Which hospitals and doctors a reader may see, as clauses for other queries."""

from datetime import date

from sqlalchemy import ColumnElement, or_, select, true

from repcrm.accounts.models import Department, Doctor, Hospital, Post
from repcrm.organisation.access import Role, Scope
from repcrm.organisation.models import TerritoryAssignment


def hospitals_in(scope: Scope) -> ColumnElement[bool]:
    """A clause over Hospital: the hospitals a reader may see.

    A rep sees a hospital while any product there is theirs on `scope.on`; a lead those of the region; an
    administrator all.
    """
    if scope.role is Role.ADMIN:
        return true()
    if scope.role is Role.LEAD:
        return Hospital.region_id == scope.region_id
    held = select(TerritoryAssignment.hospital_id).where(
        TerritoryAssignment.rep_id == scope.user_id,
        TerritoryAssignment.from_on <= scope.on,
        or_(TerritoryAssignment.until_on.is_(None), TerritoryAssignment.until_on > scope.on),
    )
    return Hospital.id.in_(held)


def doctors_in(scope: Scope) -> ColumnElement[bool]:
    """A clause over Doctor: those posted on `scope.on` in a hospital the reader may see; an administrator all."""
    if scope.role is Role.ADMIN:
        return true()
    posted = (
        select(Post.doctor_id)
        .join(Department, Department.id == Post.department_id)
        .join(Hospital, Hospital.id == Department.hospital_id)
        .where(held_on(scope.on), hospitals_in(scope))
    )
    return Doctor.id.in_(posted)


def held_on(day: date) -> ColumnElement[bool]:
    """A clause over Post: held on that day."""
    return (Post.from_on <= day) & or_(Post.until_on.is_(None), Post.until_on > day)
