"""Clinic rosters: when a doctor can be met."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.accounts.models import ClinicSession, Doctor
from repcrm.accounts.models import Session as DayPart
from repcrm.accounts.queries.doctors import DoctorRow, list_doctor_rows
from repcrm.accounts.queries.scope import doctors_in
from repcrm.organisation.access import Scope

Slot = tuple[int, DayPart]
"""ISO weekday 1 to 7, and the part of the day."""

PARTS = tuple(DayPart)


def clinic_roster(session: Session, scope: Scope, doctor_id: int) -> list[Slot]:
    """Return when a doctor in scope can be met, in the order of the week."""
    return clinic_rosters(session, scope, [doctor_id]).get(doctor_id, [])


def clinic_rosters(session: Session, scope: Scope, doctor_ids: Collection[int] | None = None) -> dict[int, list[Slot]]:
    """Return when doctors in scope can be met: doctor id -> slots in the order of the week.

    doctor_ids  None for everybody in scope
    """
    wanted = select(ClinicSession).join(Doctor, Doctor.id == ClinicSession.doctor_id).where(doctors_in(scope))
    if doctor_ids is not None:
        wanted = wanted.where(ClinicSession.doctor_id.in_(doctor_ids))
    rosters: dict[int, list[Slot]] = {}
    for line in session.scalars(wanted):
        rosters.setdefault(line.doctor_id, []).append((line.weekday, line.session))
    for slots in rosters.values():
        slots.sort(key=lambda slot: (slot[0], PARTS.index(slot[1])))
    return rosters


def doctors_in_clinic(session: Session, scope: Scope, weekday: int, part: DayPart | None = None) -> list[DoctorRow]:
    """Return the active doctors in scope who can be met on a weekday, by hospital, department and name.

    weekday  ISO: 1 Monday to 7 Sunday
    part     morning, afternoon or evening; None for any
    """
    wanted = select(ClinicSession.doctor_id).join(Doctor, Doctor.id == ClinicSession.doctor_id)
    wanted = wanted.where(doctors_in(scope), Doctor.is_active, ClinicSession.weekday == weekday)
    if part is not None:
        wanted = wanted.where(ClinicSession.session == part)
    rows = list_doctor_rows(session, scope, set(session.scalars(wanted))).values()
    return sorted(rows, key=lambda row: (row.hospital_name or "", row.department_name or "", row.name, row.id))
