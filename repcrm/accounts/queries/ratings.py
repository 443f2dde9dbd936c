"""Adoption ratings as they stood on a day, and what counts as developed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, joinedload

from repcrm.accounts.models import AdoptionRating, Department, Doctor, Hospital, Post
from repcrm.accounts.queries.scope import doctors_in, held_on, hospitals_in
from repcrm.core.errors import NotFound
from repcrm.core.words import N_
from repcrm.organisation.access import Role, Scope

DEVELOPED_FROM = 4
"""A doctor whose newest rating of any company product is this or more is developed (glossary)."""


@dataclass(frozen=True)
class Development:
    """How far a hospital has been developed (S16).

    in_scope, developed          departments that count, and those of them with a developed doctor
    doctors, developed_doctors   doctors in post, and those of them who are developed
    """

    in_scope: int = 0
    developed: int = 0
    doctors: int = 0
    developed_doctors: int = 0


def latest_select(on: date, *among: ColumnElement[bool]) -> Select[int, int, int]:
    """Select (doctor_id, product_id, rating): the newest of each doctor x product up to and with a day.

    among  clauses over AdoptionRating that say whose ratings are looked at: without one, everybody's are sorted
    """
    place = (
        func.row_number()
        .over(
            partition_by=(AdoptionRating.doctor_id, AdoptionRating.product_id),
            order_by=(AdoptionRating.rated_on.desc(), AdoptionRating.id.desc()),
        )
        .label("place")
    )
    ranked = select(AdoptionRating.doctor_id, AdoptionRating.product_id, AdoptionRating.rating, place)
    newest = ranked.where(AdoptionRating.rated_on <= on, *among).subquery()
    return select(newest.c.doctor_id, newest.c.product_id, newest.c.rating).where(newest.c.place == 1)


def rated_in(scope: Scope) -> ColumnElement[bool]:
    """A clause over AdoptionRating: those of doctors in scope."""
    return AdoptionRating.doctor_id.in_(select(Doctor.id).where(doctors_in(scope)))


def latest_ratings(
    session: Session, scope: Scope, doctor_ids: Collection[int] | None, on: date
) -> dict[tuple[int, int], int]:
    """Return the ratings that counted on a day.

    doctor_ids  whose; None for everybody in scope. At most some thousands: they go into the statement
    returns     (doctor_id, product_id) -> 1 to 7; who is not rated is not in it
    """
    among = [] if scope.role is Role.ADMIN else [rated_in(scope)]
    if doctor_ids is not None:
        among.append(AdoptionRating.doctor_id.in_(doctor_ids))
    wanted = latest_select(on, *among)
    return {(doctor_id, product_id): rating for doctor_id, product_id, rating in session.execute(wanted)}


def rating_history(session: Session, scope: Scope, doctor_id: int) -> list[AdoptionRating]:
    """Return all ratings of a doctor in scope, the oldest first, each with its product and who set it."""
    wanted = (
        select(AdoptionRating)
        .join(AdoptionRating.doctor)
        .options(joinedload(AdoptionRating.product), joinedload(AdoptionRating.set_by))
        .where(AdoptionRating.doctor_id == doctor_id, doctors_in(scope))
        .order_by(AdoptionRating.rated_on, AdoptionRating.id)
    )
    return list(session.scalars(wanted))


def get_rating(session: Session, scope: Scope, rating_id: int) -> AdoptionRating:
    """Return one rating of a doctor in scope, or raise NotFound."""
    found = session.scalar(
        select(AdoptionRating).join(AdoptionRating.doctor).where(AdoptionRating.id == rating_id, doctors_in(scope))
    )
    if found is None:
        raise NotFound(N_("There is no such rating."))
    return found


def developed_doctors(session: Session, scope: Scope, on: date) -> set[int]:
    """Return the ids of the doctors in scope who were developed on a day: a newest rating of 4 or more."""
    newest = latest_select(on, rated_in(scope)).subquery()
    return set(session.scalars(select(newest.c.doctor_id).where(newest.c.rating >= DEVELOPED_FROM).distinct()))


def development_of(
    session: Session, scope: Scope, hospital_ids: Collection[int] | None, on: date
) -> dict[int, Development]:
    """Return how far hospitals in scope were developed on a day: hospital id -> Development.

    hospital_ids  None for all in scope
    """
    here = hospitals_in(scope) if hospital_ids is None else hospitals_in(scope) & Hospital.id.in_(hospital_ids)
    newest = latest_select(on, _posted(here, on)).subquery()
    won = set(session.scalars(select(newest.c.doctor_id).where(newest.c.rating >= DEVELOPED_FROM)))
    wanted = (
        select(Department.hospital_id, Department.id, Department.in_scope, Doctor.id)
        .join(Hospital, Hospital.id == Department.hospital_id)
        .outerjoin(Post, and_(Post.department_id == Department.id, held_on(on)))
        .outerjoin(Doctor, and_(Doctor.id == Post.doctor_id, Doctor.is_active))
        .where(here)
    )
    found: dict[int, tuple[set[int], set[int], set[int], set[int]]] = {}
    for hospital_id, department_id, in_scope, doctor_id in session.execute(wanted):
        departments, developed, doctors, developed_here = found.setdefault(hospital_id, (set(), set(), set(), set()))
        if in_scope:
            departments.add(department_id)
        if doctor_id is not None:
            doctors.add(doctor_id)
        if doctor_id in won:
            developed_here.add(doctor_id)
            if in_scope:
                developed.add(department_id)
    return {hospital_id: Development(*map(len, sets)) for hospital_id, sets in found.items()}


def developed_departments(session: Session, scope: Scope, hospital_id: int) -> set[int]:
    """Return the ids of a hospital's departments that have a developed doctor on `scope.on`."""
    here = hospitals_in(scope) & (Hospital.id == hospital_id)
    newest = latest_select(scope.on, _posted(here, scope.on)).subquery()
    wanted = (
        select(Post.department_id)
        .join(Department, Department.id == Post.department_id)
        .join(Hospital, Hospital.id == Department.hospital_id)
        .join(Doctor, Doctor.id == Post.doctor_id)
        .join(newest, newest.c.doctor_id == Doctor.id)
        .where(here, held_on(scope.on))
        .where(Doctor.is_active, newest.c.rating >= DEVELOPED_FROM)
        .distinct()
    )
    return set(session.scalars(wanted))


def _posted(hospitals: ColumnElement[bool], on: date) -> ColumnElement[bool]:
    """A clause over AdoptionRating: those of doctors who hold a post in these hospitals on a day."""
    posted = select(Post.doctor_id).join(Department, Department.id == Post.department_id)
    return AdoptionRating.doctor_id.in_(
        posted.join(Hospital, Hospital.id == Department.hospital_id).where(hospitals, held_on(on))
    )
