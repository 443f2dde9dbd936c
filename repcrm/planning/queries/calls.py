"""The calls of a rep's cycle as they stand on the sheets."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from repcrm.accounts.models import Doctor, Hospital
from repcrm.accounts.models import Session as DayPart
from repcrm.calls.models import Call, CallResult, CallStatus
from repcrm.calls.terms import MissReason
from repcrm.planning.cycle import Cycle
from repcrm.planning.terms import VisitState


@dataclass(frozen=True)
class CallRow:
    """A call: columns, not an entity."""

    id: int
    version: int
    day_on: date
    doctor_id: int
    doctor: str
    hospital_id: int
    hospital: str
    part: DayPart | None
    status: CallStatus
    is_planned: bool
    is_pinned: bool
    result: CallResult | None
    miss_reason: MissReason | None
    cancel_reason: str

    @property
    def is_met(self) -> bool:
        """Whether the doctor was met: only then the call counts."""
        return self.status is CallStatus.DONE and self.result is not CallResult.DOCTOR_NOT_MET

    def state(self, today: date) -> VisitState:
        """What became of it."""
        if self.status is CallStatus.PLANNED:
            return VisitState.PLANNED if self.day_on >= today else VisitState.UNRECORDED
        if self.status is CallStatus.DONE:
            return VisitState.DONE if self.is_met else VisitState.MISSED
        return VisitState.MISSED if self.miss_reason else VisitState.CANCELLED


def calls_of_cycle(session: Session, rep_id: int, cycle: Cycle) -> list[CallRow]:
    """Return the calls of a rep in a cycle, planned and made, in order of days.

    rep_id  of a rep already found within the reader's scope
    """
    return calls_of_reps(session, [rep_id], cycle).get(rep_id, [])


def calls_of_reps(session: Session, rep_ids: Collection[int], cycle: Cycle) -> dict[int, list[CallRow]]:
    """Return the same for several reps: rep -> calls."""
    wanted: Select[*tuple[Any, ...]] = (
        select(
            Call.id, Call.version, Call.day_on, Call.main_doctor_id, Doctor.name, Call.hospital_id, Hospital.name,
            Call.session, Call.status, Call.is_planned, Call.is_pinned, Call.result, Call.miss_reason,
            Call.cancel_reason, Call.rep_id,
        )
        .join(Call.main_doctor)
        .join(Call.hospital)
        .where(Call.rep_id.in_(rep_ids), Call.day_on >= cycle.start_on, Call.day_on < cycle.until_on)
        .order_by(Call.day_on, Call.started_at_time.is_(None), Call.started_at_time, Call.id)
    )  # fmt: skip
    found: dict[int, list[CallRow]] = {}
    for *values, rep_id in session.execute(wanted):
        found.setdefault(rep_id, []).append(CallRow(*values))
    return found
