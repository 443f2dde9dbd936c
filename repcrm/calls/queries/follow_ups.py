"""Promises out of calls, within the reader's scope."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from repcrm.accounts.models import Department, Doctor, Hospital
from repcrm.calls.models import Call, FollowUp
from repcrm.calls.queries.scope import follow_ups_in
from repcrm.core.errors import NotFound
from repcrm.core.words import N_
from repcrm.organisation.access import Scope


@dataclass(frozen=True)
class FollowUpRow:
    """A promise in a list."""

    id: int
    call_id: int
    rep_id: int
    doctor_id: int
    doctor_name: str
    hospital_id: int
    hospital_name: str
    department_name: str | None
    due_on: date
    text: str
    done_at: datetime | None


def get_follow_up(session: Session, scope: Scope, follow_up_id: int) -> FollowUp:
    """Return a promise with its doctor, or raise NotFound outside the scope."""
    wanted = select(FollowUp).options(joinedload(FollowUp.doctor))
    found = session.scalar(wanted.where(FollowUp.id == follow_up_id, follow_ups_in(scope)))
    if found is None:
        raise NotFound(N_("There is no such follow-up here."))
    return found


def list_follow_ups_due(session: Session, scope: Scope, until_on: date, limit: int = 200) -> list[FollowUpRow]:
    """Return the open promises within scope that are due before a day, the oldest first.

    until_on  the first day that no longer counts: tomorrow, for those due up to today
    """
    return _listed(session, _open(scope).where(FollowUp.due_on < until_on).limit(limit))


def list_follow_ups_to_come(session: Session, scope: Scope, from_on: date, limit: int = 100) -> list[FollowUpRow]:
    """Return the open promises within scope due on a day or later, the next first."""
    return _listed(session, _open(scope).where(FollowUp.due_on >= from_on).limit(limit))


def list_follow_ups_kept(session: Session, scope: Scope, since_at: datetime, limit: int = 50) -> list[FollowUpRow]:
    """Return the promises within scope kept since an instant, the latest first."""
    kept = _rows(scope).where(FollowUp.done_at >= since_at).order_by(FollowUp.done_at.desc(), FollowUp.id.desc())
    return _listed(session, kept.limit(limit))


def list_follow_ups_of_doctor(
    session: Session, scope: Scope, doctor_id: int, *, open_only: bool = False
) -> list[FollowUpRow]:
    """Return the promises given to a doctor within scope: open ones first, the next due first."""
    wanted = _rows(scope).where(FollowUp.doctor_id == doctor_id)
    if open_only:
        wanted = wanted.where(FollowUp.done_at.is_(None))
    return _listed(session, wanted.order_by(FollowUp.done_at.is_not(None), FollowUp.due_on, FollowUp.id))


def count_follow_ups_due(session: Session, scope: Scope, until_on: date) -> int:
    """Return how many open promises within scope are due before a day."""
    wanted = select(func.count()).where(FollowUp.done_at.is_(None), FollowUp.due_on < until_on, follow_ups_in(scope))
    return session.scalar(wanted) or 0


def _rows(scope: Scope) -> Select[*tuple[object, ...]]:
    return (
        select(
            FollowUp.id, FollowUp.call_id, FollowUp.rep_id, FollowUp.doctor_id, Doctor.name, Hospital.id,
            Hospital.name, Department.name, FollowUp.due_on, FollowUp.text, FollowUp.done_at,
        )
        .join(FollowUp.doctor)
        .join(Call, Call.id == FollowUp.call_id)
        .join(Call.hospital)
        .outerjoin(Call.department)
        .where(follow_ups_in(scope))
    )  # fmt: skip


def _open(scope: Scope) -> Select[*tuple[object, ...]]:
    return _rows(scope).where(FollowUp.done_at.is_(None)).order_by(FollowUp.due_on, FollowUp.id)


def _listed(session: Session, wanted: Select[*tuple[object, ...]]) -> list[FollowUpRow]:
    return [FollowUpRow(*row) for row in session.execute(wanted)]  # type: ignore[arg-type]  # columns in field order
