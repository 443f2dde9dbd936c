"""Doctors registered, posted and rated, and when they can be met."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from repcrm.accounts.duplicates import Candidate, Person, propose
from repcrm.accounts.models import AdoptionRating, ClinicSession, Department, Doctor, DoctorClass, Post, Tier
from repcrm.accounts.models import Session as DayPart
from repcrm.accounts.pinyin import initials_column, pinyin_column, readings_of_person
from repcrm.accounts.queries import list_namesakes
from repcrm.accounts.service.namesakes import check_doctor_is_new
from repcrm.accounts.service.versions import claim, put
from repcrm.catalogue.models import Product
from repcrm.core.errors import RuleBroken
from repcrm.core.words import N_
from repcrm.db.codes import check_code
from repcrm.db.journal import record, values_of
from repcrm.organisation.access import Scope


@dataclass(frozen=True)
class DoctorFacts:
    """What the card of a doctor says; professional contact only."""

    name: str
    doctor_class: DoctorClass = DoctorClass.GENERAL
    tier: Tier = Tier.GENERAL
    title: str = ""
    office_phone: str = ""
    work_email: str = ""
    is_active: bool = True


def propose_duplicates(
    session: Session, scope: Scope, name: str, hospital_id: int | None, department: str
) -> list[Candidate]:
    """Return who in scope might be the doctor somebody is about to register, the likeliest first."""
    pinyin = pinyin_column(readings_of_person(name), 300)
    others = [
        Person(doctor.name, doctor.name_pinyin, row.hospital_id, row.department_name or "", doctor.id)
        for doctor, row in list_namesakes(session, scope, pinyin, name[:1])
    ]
    return propose(Person(name, pinyin, hospital_id, department), others)


def register_doctor(
    session: Session,
    code: str,
    facts: DoctorFacts,
    department: Department,
    from_on: date,
    *,
    confirmed_new: bool = False,
) -> Doctor:
    """Put a doctor on file, posted in a department from a day on.

    code           the company's own, unique
    confirmed_new  somebody has looked at the doctors on file who have this name: this is a different person
    raises         RuleBroken (field `code`) if the code is taken or could be mistaken for another;
                   RuleBroken (field `name`) for the name of a doctor on file, unless confirmed
    """
    if not facts.name:
        raise RuleBroken(N_("A doctor has a name."), field="name")
    code = check_code(session, Doctor, code)
    if not confirmed_new:
        check_doctor_is_new(session, facts.name)
    doctor = Doctor(code=code, **vars(facts))
    _spell(doctor)
    session.add(doctor)
    session.flush()
    session.add(Post(doctor_id=doctor.id, department_id=department.id, from_on=from_on))
    session.flush()
    return doctor


def revise_doctor(session: Session, doctor: Doctor, facts: DoctorFacts, version: int | None = None) -> bool:
    """Put other facts in the place of what the card says.

    version  the version the writer was shown; None skips the check
    returns  whether anything differed
    raises   Conflict if somebody else was faster
    """
    if not facts.name:
        raise RuleBroken(N_("A doctor has a name."), field="name")
    claim(session, doctor, version)
    changed = put(doctor, vars(facts))
    if changed:
        _spell(doctor)
        session.flush()
    return changed


def post_doctor(session: Session, doctor: Doctor, department: Department, from_on: date) -> Post:
    """Let a doctor work in a department from a day on; the post held until then ends the day before.

    raises  RuleBroken (field `from_on`) if a later post is already on file: history is not rewritten

    A post that began the very same day is corrected instead.
    """
    session.refresh(doctor, with_for_update=True)
    late = session.scalar(select(Post).where(Post.doctor_id == doctor.id, Post.from_on > from_on).limit(1))
    if late is not None:
        raise RuleBroken(N_("A later post, from %(from_on)s on, is on file."), field="from_on", from_on=late.from_on)
    open_post = session.scalar(
        select(Post)
        .where(Post.doctor_id == doctor.id, or_(Post.until_on.is_(None), Post.until_on > from_on))
        .order_by(Post.from_on.desc(), Post.id.desc())
    )
    if open_post is not None and (open_post.department_id == department.id or open_post.from_on == from_on):
        open_post.department_id = department.id
        session.flush()
        return open_post
    if open_post is not None:
        open_post.until_on = from_on
    post = Post(doctor_id=doctor.id, department_id=department.id, from_on=from_on)
    session.add(post)
    session.flush()
    return post


def rate_doctor(
    session: Session,
    doctor: Doctor,
    product: Product,
    rating: int,
    rated_on: date,
    *,
    actor_id: int,
    now: datetime,
    call_id: int | None = None,
    reason: str = "",
) -> AdoptionRating:
    """Say how far a doctor has taken up a product, from a day on. Goes into the journal.

    rating    1 opposed to 7 uses it throughout; not rated is no rating at all, never 0
    actor_id  who says so
    call_id   the call it came out of
    raises    RuleBroken (field `rating`) outside 1 to 7

    Of several ratings of one day the last one counts; none is ever overwritten.
    """
    if not 1 <= rating <= 7:
        raise RuleBroken(N_("A rating is between 1 and 7."), field="rating")
    before = session.scalar(
        select(AdoptionRating.rating)
        .where(AdoptionRating.doctor_id == doctor.id, AdoptionRating.product_id == product.id)
        .where(AdoptionRating.rated_on <= rated_on)
        .order_by(AdoptionRating.rated_on.desc(), AdoptionRating.id.desc())
        .limit(1)
    )
    row = AdoptionRating(
        doctor_id=doctor.id,
        product_id=product.id,
        rating=rating,
        rated_on=rated_on,
        set_by_id=actor_id,
        set_at=now,
        call_id=call_id,
    )
    session.add(row)
    session.flush()
    was = None if before is None else {"rating": before}
    after = values_of(row, "doctor_id", "product_id", "rating", "rated_on", "call_id")
    record(session, actor_id, "adoption_rating", row.id, "rate_doctor", was, after, reason, at=now)
    return row


def set_clinic_roster(
    session: Session, doctor: Doctor, slots: Iterable[tuple[int, DayPart]], version: int | None = None
) -> None:
    """Say when a doctor can be met, in place of what was said before.

    slots    ISO weekday 1 to 7, and the part of the day; an empty roster means nobody knows
    version  the version of the doctor's card that the writer was shown; None skips the check, and counts nothing up
    raises   RuleBroken for a weekday that there is not; Conflict if somebody else was faster
    """
    wanted = set(slots)
    if any(not 1 <= weekday <= 7 for weekday, _ in wanted):
        raise RuleBroken(N_("A weekday is between 1 Monday and 7 Sunday."), field="slots")
    if version is not None:
        claim(session, doctor, version)
        doctor.version += 1
    session.execute(delete(ClinicSession).where(ClinicSession.doctor_id == doctor.id))
    parts = list(DayPart)
    for weekday, part in sorted(wanted, key=lambda slot: (slot[0], parts.index(slot[1]))):
        session.add(ClinicSession(doctor_id=doctor.id, weekday=weekday, session=part))
    session.flush()


def _spell(doctor: Doctor) -> None:
    readings = readings_of_person(doctor.name)
    doctor.name_pinyin = pinyin_column(readings, 300)
    doctor.name_initials = initials_column(readings, 60)
