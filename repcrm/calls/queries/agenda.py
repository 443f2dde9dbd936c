"""A person's calls of some days in a row, as a diary shows them."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.accounts.models import Doctor, Hospital
from repcrm.accounts.models import Session as DayPart
from repcrm.calls.models import Call, CallStatus
from repcrm.calls.queries.scope import calls_in
from repcrm.organisation.access import Scope


@dataclass(frozen=True)
class AgendaCall:
    """A call in a diary: when, where, whom; nothing of what was said."""

    call_id: int
    day_on: date
    part: DayPart | None
    """None: some time that day."""
    status: CallStatus
    hospital_id: int
    hospital_name: str
    doctor_name: str


def list_agenda(session: Session, scope: Scope, rep_id: int, from_on: date, until_on: date) -> list[AgendaCall]:
    """Return a rep's calls of the days from `from_on` until (not including) `until_on` that were not cancelled."""
    wanted = (
        select(Call.id, Call.day_on, Call.session, Call.status, Hospital.id, Hospital.name, Doctor.name)
        .join(Hospital, Hospital.id == Call.hospital_id)
        .join(Doctor, Doctor.id == Call.main_doctor_id)
        .where(Call.rep_id == rep_id, calls_in(scope), Call.day_on >= from_on, Call.day_on < until_on)
        .where(Call.status != CallStatus.CANCELLED)
    )
    return [AgendaCall(*row) for row in session.execute(wanted.order_by(Call.day_on, Call.id))]
