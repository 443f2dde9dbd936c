"""Call sheets within the reader's scope, each with what is on it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from repcrm.calls.models import EFFECTIVE, Call, CallSheet, CallStatus, SheetStatus
from repcrm.calls.packet import Filled
from repcrm.calls.queries.scope import sheets_in
from repcrm.core.errors import NotFound
from repcrm.core.words import N_
from repcrm.organisation.access import Role, Scope
from repcrm.organisation.models import User

_CASES: tuple[ColumnElement[bool], ...] = (
    Call.is_planned.is_(True),
    Call.status == CallStatus.DONE,
    Call.result.in_(EFFECTIVE),
    Call.status == CallStatus.PLANNED,
)
"""Planned, done, effective, still open: in the order of `Filled`."""


@dataclass(frozen=True)
class SheetRow:
    """A sheet in a lead's list."""

    id: int
    rep_id: int
    rep_name: str
    day_on: date
    status: SheetStatus
    submitted_at: datetime | None
    planned: int
    done: int
    effective: int


def get_sheet(session: Session, scope: Scope, sheet_id: int) -> CallSheet:
    """Return a sheet with its rep and reviewer, or raise NotFound outside the scope."""
    return _found(session, CallSheet.id == sheet_id, scope)


def find_sheet(session: Session, scope: Scope, rep_id: int, day_on: date) -> CallSheet | None:
    """Return a rep's sheet of a day with its reviewer, None if none was begun or it is out of scope."""
    try:
        return _found(session, (CallSheet.rep_id == rep_id) & (CallSheet.day_on == day_on), scope)
    except NotFound:
        return None


def sheets_of_week(session: Session, scope: Scope, rep_id: int, from_on: date, until_on: date) -> dict[date, Filled]:
    """Return a rep's sheets from a day up to but not with another, by day, each with its counts."""
    return filled_sheets(session, scope, [rep_id], from_on, until_on).get(rep_id, {})


def filled_sheets(
    session: Session, scope: Scope, rep_ids: Collection[int] | None, from_on: date, until_on: date
) -> dict[int, dict[date, Filled]]:
    """Return sheets of several reps: rep id -> day -> sheet with its counts; one statement.

    rep_ids  None for everybody in scope
    """
    wanted = (
        select(CallSheet.rep_id, CallSheet.day_on, CallSheet.id, CallSheet.status)
        .add_columns(*(func.count(Call.id).filter(which) for which in _CASES))
        .outerjoin(Call, Call.sheet_id == CallSheet.id)
        .where(CallSheet.day_on >= from_on, CallSheet.day_on < until_on, sheets_in(scope))
        .group_by(CallSheet.rep_id, CallSheet.day_on, CallSheet.id, CallSheet.status)
    )
    if rep_ids is not None:
        wanted = wanted.where(CallSheet.rep_id.in_(list(rep_ids)))
    found: dict[int, dict[date, Filled]] = {}
    for rep_id, day_on, *rest in session.execute(wanted):
        found.setdefault(rep_id, {})[day_on] = Filled(*rest)
    return found


def list_sheets_to_review(session: Session, scope: Scope, *, rep_id: int | None = None) -> list[SheetRow]:
    """Return the sheets that wait for review within scope, the oldest first; a rep has none to review."""
    if scope.role is not Role.LEAD:
        return []
    waiting = CallSheet.status == SheetStatus.SUBMITTED
    return list_sheets(session, scope, waiting if rep_id is None else waiting & (CallSheet.rep_id == rep_id))


def list_sheets_of_week(
    session: Session, scope: Scope, from_on: date, until_on: date, *, rep_id: int | None = None
) -> list[SheetRow]:
    """Return the sheets of a week within scope that have been handed in at least once, by day and rep."""
    handed_in = (CallSheet.status != SheetStatus.DRAFT) & (CallSheet.day_on >= from_on) & (CallSheet.day_on < until_on)
    return list_sheets(session, scope, handed_in if rep_id is None else handed_in & (CallSheet.rep_id == rep_id))


def list_sheets(session: Session, scope: Scope, which: ColumnElement[bool]) -> list[SheetRow]:
    """Return the sheets within scope that a clause over CallSheet picks, by day and rep."""
    planned, done, effective, _ = (func.count(Call.id).filter(case) for case in _CASES)
    wanted = (
        select(
            CallSheet.id, CallSheet.rep_id, User.name, CallSheet.day_on, CallSheet.status, CallSheet.submitted_at,
            planned, done, effective,
        )
        .join(CallSheet.rep)
        .outerjoin(Call, Call.sheet_id == CallSheet.id)
        .where(which, sheets_in(scope))
        .group_by(
            CallSheet.id, CallSheet.rep_id, User.name, CallSheet.day_on, CallSheet.status, CallSheet.submitted_at
        )
        .order_by(CallSheet.day_on, User.name, CallSheet.id)
    )  # fmt: skip
    return [SheetRow(*row) for row in session.execute(wanted)]


def _found(session: Session, which: ColumnElement[bool], scope: Scope) -> CallSheet:
    wanted = select(CallSheet).options(joinedload(CallSheet.rep), joinedload(CallSheet.reviewed_by))
    found = session.scalar(wanted.where(which, sheets_in(scope)))
    if found is None:
        raise NotFound(N_("There is no such call sheet here."))
    return found
