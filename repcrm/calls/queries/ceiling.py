"""The company's ceiling on contact, and how often doctors were called on."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.calls.ceiling import Ceiling
from repcrm.calls.models import Call, CallDoctor, CallResult, CallStatus, ContactCeiling
from repcrm.organisation.access import Scope


def find_ceiling_row(session: Session, scope: Scope) -> ContactCeiling | None:
    """Return the ceiling as it is kept, with its version; there is one for the company, so everybody sees it."""
    return session.scalar(select(ContactCeiling).order_by(ContactCeiling.id).limit(1))


def ceiling_of_company(session: Session) -> Ceiling | None:
    """Return the ceiling on calls per doctor; None: there is no limit."""
    row = session.execute(select(ContactCeiling.calls, ContactCeiling.window_days).limit(1)).first()
    return Ceiling(row.calls, row.window_days) if row else None


def days_met(session: Session, doctor_ids: list[int], around: date, ceiling: Ceiling) -> dict[int, list[date]]:
    """Return the days near another on which anybody of the company met these doctors: doctor -> days in order.

    It counts everybody's calls and shows nobody's: the ceiling is the company's.
    """
    window = timedelta(days=ceiling.window_days)
    wanted = (
        select(CallDoctor.doctor_id, Call.day_on)
        .join(Call, Call.id == CallDoctor.call_id)
        .where(CallDoctor.doctor_id.in_(doctor_ids), Call.status == CallStatus.DONE)
        .where(Call.result != CallResult.DOCTOR_NOT_MET, Call.day_on > around - window, Call.day_on < around + window)
        .order_by(Call.day_on)
    )
    found: dict[int, list[date]] = {}
    for doctor_id, day_on in session.execute(wanted):
        found.setdefault(doctor_id, []).append(day_on)
    return found
