"""How many calls there were, added up in the database."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import Enum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from repcrm.calls.models import EFFECTIVE, Call, CallStatus
from repcrm.calls.queries.scope import calls_in
from repcrm.organisation.access import Scope


class Per(Enum):
    """What calls are counted by."""

    REP = "rep_id"
    HOSPITAL = "hospital_id"
    DOCTOR = "main_doctor_id"
    DAY = "day_on"


@dataclass(frozen=True)
class CallCounts:
    """Calls of a group.

    planned    stood in the plan, whatever became of them
    done       made, planned or not
    effective  made, the doctor met and the goal met or partly met
    """

    planned: int
    done: int
    effective: int


def count_calls_by(
    session: Session, scope: Scope, from_on: date, until_on: date, *by: Per, rep_ids: Collection[int] | None = None
) -> dict[tuple[int | date, ...], CallCounts]:
    """Count the calls within scope from a day up to but not with another.

    by        what to count by, one or several; none counts all together under ()
    rep_ids   None for everybody in scope
    returns   the values of `by`, in that order -> counts; groups without a call are not in it

    A call counts once, under its main doctor and that doctor's hospital.
    """
    columns = [getattr(Call, one.value) for one in by]
    wanted = (
        select(
            *columns,
            func.count().filter(Call.is_planned),
            func.count().filter(Call.status == CallStatus.DONE),
            func.count().filter(Call.result.in_(EFFECTIVE)),
        )
        .where(Call.day_on >= from_on, Call.day_on < until_on, calls_in(scope))
        .group_by(*columns)
    )
    if rep_ids is not None:
        wanted = wanted.where(Call.rep_id.in_(list(rep_ids)))
    return {tuple(row[: len(by)]): CallCounts(*row[len(by) :]) for row in session.execute(wanted)}


def last_calls(
    session: Session, scope: Scope, until_on: date, doctor_ids: Collection[int] | None = None
) -> dict[int, date]:
    """Return when doctors were last called on within scope, before a day: doctor id -> day.

    doctor_ids  None for everybody
    """
    wanted = (
        select(Call.main_doctor_id, func.max(Call.day_on))
        .where(Call.status == CallStatus.DONE, Call.day_on < until_on, calls_in(scope))
        .group_by(Call.main_doctor_id)
    )
    if doctor_ids is not None:
        wanted = wanted.where(Call.main_doctor_id.in_(list(doctor_ids)))
    return {row[0]: row[1] for row in session.execute(wanted)}


def effective_calls(session: Session, scope: Scope, from_on: date, until_on: date) -> dict[int, int]:
    """Return effective calls per doctor within scope from a day up to but not with another."""
    counts = count_calls_by(session, scope, from_on, until_on, Per.DOCTOR)
    return {int(doctor_id): found.effective for (doctor_id,), found in counts.items()}  # type: ignore[arg-type]  # a key
