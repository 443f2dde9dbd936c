"""A new hospital or doctor with the name of one on file: somebody has to say that it is another one."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from repcrm.accounts.models import Doctor, Hospital
from repcrm.accounts.pinyin import pinyin_column, readings_of_person
from repcrm.core.errors import RuleBroken
from repcrm.core.words import N_
from repcrm.spelling import name_key

HOSPITAL_EXISTS = N_("A hospital with this name exists already. Confirm that this is a different one.")
DOCTOR_EXISTS = N_("A doctor with this name exists already. Confirm that this is a different person.")


def has_hospital_named(session: Session, *names: str) -> bool:
    """Whether any hospital, in whatever region, has one of some names, long or short, in any spelling."""
    wanted = {name_key(name) for name in names if name}
    on_file = session.execute(select(Hospital.name, Hospital.short_name))
    return any(name_key(name) in wanted for both in on_file for name in both if name)


def has_doctor_named(session: Session, name: str) -> bool:
    """Whether any doctor, in whatever region, has a name, in any spelling."""
    readings = pinyin_column(readings_of_person(name), 300).split()
    sounding = [Doctor.name_pinyin.contains(reading, autoescape=True) for reading in readings]
    on_file = session.scalars(select(Doctor.name).where(or_(Doctor.name == name, *sounding)))
    return name_key(name) in {name_key(other) for other in on_file}


def check_hospital_is_new(session: Session, name: str, short_name: str) -> None:
    """Refuse a hospital with the name of one on file.

    raises  RuleBroken (field `name`); whose it is stays unsaid: it may lie outside what the writer sees
    """
    if has_hospital_named(session, name, short_name):
        raise RuleBroken(HOSPITAL_EXISTS, field="name")


def check_doctor_is_new(session: Session, name: str) -> None:
    """Refuse a doctor with the name of one on file, as `check_hospital_is_new`."""
    if has_doctor_named(session, name):
        raise RuleBroken(DOCTOR_EXISTS, field="name")
