"""Where calls are due: the hospitals of the reader's territory or region, those with the most to do first."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from repcrm.accounts.queries import HospitalPlace, list_doctors_in_post, list_places
from repcrm.calls.queries.counts import Per, count_calls_by, last_calls
from repcrm.calls.rhythm import Due, count_due
from repcrm.organisation.access import Scope

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class HospitalDue:
    """A hospital with its place on the map and what is to be done there.

    planned, done  calls of today that stood in the plan, and those made
    """

    hospital: HospitalPlace
    due: Due
    planned: int
    done: int


def list_hospitals_due(session: Session, scope: Scope, today: date) -> list[HospitalDue]:
    """Return the hospitals in scope that are worked, the most due key doctors first, then the most due at all."""
    last = last_calls(session, scope, today + ONE_DAY)
    doctors: dict[int, list[tuple[str, date | None]]] = defaultdict(list)
    for doctor_id, hospital_id, tier in list_doctors_in_post(session, scope):
        doctors[hospital_id].append((tier.value, last.get(doctor_id)))
    calls = count_calls_by(session, scope, today, today + ONE_DAY, Per.HOSPITAL)
    rows = [
        HospitalDue(
            hospital,
            count_due(doctors.get(hospital.id, []), today),
            calls[hospital.id,].planned if (hospital.id,) in calls else 0,
            calls[hospital.id,].done if (hospital.id,) in calls else 0,
        )
        for hospital in list_places(session, scope)
    ]
    return sorted(rows, key=lambda row: (-row.due.key_due, -row.due.due))
