"""Hospitals opened and revised, and their departments."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.accounts.models import Department, Hospital, HospitalGrade, HospitalStatus
from repcrm.accounts.pinyin import initials_column, pinyin_column, readings_of_place
from repcrm.accounts.service.namesakes import check_hospital_is_new
from repcrm.accounts.service.versions import claim, put
from repcrm.core.errors import RuleBroken
from repcrm.core.words import N_
from repcrm.db.codes import check_code


@dataclass(frozen=True)
class HospitalFacts:
    """What the archive of a hospital says about it.

    latitude, longitude  degrees, both or neither
    pharmacy_note        purchasing rhythm, drug committee dates
    key_people_note      professional roles only
    """

    name: str
    short_name: str = ""
    grade: HospitalGrade | None = None
    status: HospitalStatus = HospitalStatus.ACTIVE
    city: str = ""
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    beds: int | None = None
    pharmacy_note: str = ""
    key_people_note: str = ""


def open_hospital(
    session: Session, code: str, region_id: int, facts: HospitalFacts, *, confirmed_new: bool = False
) -> Hospital:
    """Open the archive of a hospital.

    code           the company's own, unique
    confirmed_new  somebody has looked at the hospital on file that has this name: this is a different one
    raises         RuleBroken (field `code`) if the code is taken or could be mistaken for another;
                   RuleBroken (field `name`) for the name of a hospital on file, unless confirmed
    """
    _check(facts)
    code = check_code(session, Hospital, code)
    if not confirmed_new:
        check_hospital_is_new(session, facts.name, facts.short_name)
    hospital = Hospital(code=code, region_id=region_id, **vars(facts))
    _spell(hospital)
    session.add(hospital)
    session.flush()
    return hospital


def revise_hospital(session: Session, hospital: Hospital, facts: HospitalFacts, version: int | None = None) -> bool:
    """Put other facts in the place of what the archive says.

    version  the version the writer was shown; None skips the check
    returns  whether anything differed
    raises   Conflict if somebody else was faster
    """
    _check(facts)
    claim(session, hospital, version)
    changed = put(hospital, vars(facts))
    if changed:
        _spell(hospital)
        session.flush()
    return changed


def add_department(
    session: Session,
    hospital: Hospital,
    name: str,
    *,
    beds: int | None = None,
    in_scope: bool = True,
    is_model: bool = False,
) -> Department:
    """Add a department to a hospital.

    in_scope  counts in the development rate
    raises    RuleBroken (field `name`) if the hospital has one of that name
    """
    _check_department(session, hospital.id, name, None)
    department = Department(hospital_id=hospital.id, name=name, beds=beds, in_scope=in_scope, is_model=is_model)
    session.add(department)
    session.flush()
    return department


def revise_department(
    session: Session,
    department: Department,
    name: str,
    *,
    beds: int | None,
    in_scope: bool,
    is_model: bool,
    version: int | None = None,
) -> None:
    """Put other facts in the place of what is known of a department; it is part of its hospital's archive.

    version  the version of the hospital that the writer was shown; None skips the check
    raises   RuleBroken (field `name`) if the hospital has another of that name, Conflict if somebody else was faster
    """
    hospital = department.hospital
    claim(session, hospital, version)
    session.refresh(department)
    _check_department(session, hospital.id, name, department.id)
    facts = {"name": name, "beds": beds, "in_scope": in_scope, "is_model": is_model}
    if any(getattr(department, key) != value for key, value in facts.items()):
        hospital.version += 1
    for key, value in facts.items():
        setattr(department, key, value)
    session.flush()


def _check(facts: HospitalFacts) -> None:
    if not facts.name:
        raise RuleBroken(N_("A hospital has a name."), field="name")
    if facts.beds is not None and facts.beds < 0:
        raise RuleBroken(N_("There cannot be fewer than 0 beds."), field="beds")
    if (facts.latitude is None) != (facts.longitude is None):
        missing = "latitude" if facts.latitude is None else "longitude"
        raise RuleBroken(N_("Give both latitude and longitude, or neither."), field=missing)
    if facts.latitude is not None and not -90 <= facts.latitude <= 90:
        raise RuleBroken(N_("Latitude lies between -90 and 90."), field="latitude")
    if facts.longitude is not None and not -180 <= facts.longitude <= 180:
        raise RuleBroken(N_("Longitude lies between -180 and 180."), field="longitude")


def _check_department(session: Session, hospital_id: int, name: str, own_id: int | None) -> None:
    if not name:
        raise RuleBroken(N_("A department has a name."), field="name")
    same = session.scalar(select(Department.id).where(Department.hospital_id == hospital_id, Department.name == name))
    if same is not None and same != own_id:
        raise RuleBroken(N_("The hospital already has a department “%(name)s”."), field="name", name=name)


def _spell(hospital: Hospital) -> None:
    readings = readings_of_place(hospital.name, hospital.short_name)
    hospital.name_pinyin = pinyin_column(readings, 600)
    hospital.name_initials = initials_column(readings, 200)
