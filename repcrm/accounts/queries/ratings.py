"""Adoption ratings as they stood on a day, and what counts as developed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from repcrm.accounts.models import AdoptionRating, Department, Doctor, Hospital, Post
from repcrm.accounts.queries.scope import doctors_in, held_on, hospitals_in
from repcrm.core.errors import NotFound
from repcrm.core.words import N_
from repcrm.organisation.access import Scope

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


def latest_select(on: date) -> Select[int, int, int]:
    """Select (doctor_id, product_id, rating): the newest of each doctor x product up to and with a day."""
    place = (
        func.row_number()
        .over(
            partition_by=(AdoptionRating.doctor_id, AdoptionRating.product_id),
            order_by=(AdoptionRating.rated_on.desc(), AdoptionRating.id.desc()),
        )
        .label("place")
    )
    ranked = select(AdoptionRating.doctor_id, AdoptionRating.product_id, AdoptionRating.rating, place)
    newest = ranked.where(AdoptionRating.rated_on <= on).subquery()
    return select(newest.c.doctor_id, newest.c.product_id, newest.c.rating).where(newest.c.place == 1)


def latest_ratings(
    session: Session, scope: Scope, doctor_ids: Collection[int] | None, on: date
) -> dict[tuple[int, int], int]:
    """Return the ratings that counted on a day.

    doctor_ids  whose; None for everybody in scope. At most some thousands: they go into the statement
    returns     (doctor_id, product_id) -> 1 to 7; who is not rated is not in it
    """
    newest = latest_select(on).subquery()
    wanted = select(newest).join(Doctor, Doctor.id == newest.c.doctor_id).where(doctors_in(scope))
    if doctor_ids is not None:
        wanted = wanted.where(newest.c.doctor_id.in_(doctor_ids))
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
    newest = latest_select(on).subquery()
    wanted = select(newest.c.doctor_id).join(Doctor, Doctor.id == newest.c.doctor_id)
    return set(session.scalars(wanted.where(newest.c.rating >= DEVELOPED_FROM, doctors_in(scope)).distinct()))


def development_of(
    session: Session, scope: Scope, hospital_ids: Collection[int] | None, on: date
) -> dict[int, Development]:
    """Return how far hospitals in scope were developed on a day: hospital id -> Development.

    hospital_ids  None for all in scope
    """
    newest = latest_select(on).subquery()
    rated = select(newest.c.doctor_id).where(newest.c.rating >= DEVELOPED_FROM).distinct().subquery()
    in_post = aliased(Doctor)
    wanted = (
        select(
            Department.hospital_id,
            func.count(func.distinct(Department.id)).filter(Department.in_scope),
            func.count(func.distinct(Department.id)).filter(Department.in_scope, rated.c.doctor_id.is_not(None)),
            func.count(func.distinct(in_post.id)),
            func.count(func.distinct(rated.c.doctor_id)),
        )
        .join(Hospital, Hospital.id == Department.hospital_id)
        .outerjoin(Post, and_(Post.department_id == Department.id, held_on(on)))
        .outerjoin(in_post, and_(in_post.id == Post.doctor_id, in_post.is_active))
        .outerjoin(rated, rated.c.doctor_id == in_post.id)
        .where(hospitals_in(scope))
        .group_by(Department.hospital_id)
    )
    if hospital_ids is not None:
        wanted = wanted.where(Department.hospital_id.in_(hospital_ids))
    return {hospital_id: Development(*counts) for hospital_id, *counts in session.execute(wanted)}


def developed_departments(session: Session, scope: Scope, hospital_id: int) -> set[int]:
    """Return the ids of a hospital's departments that have a developed doctor on `scope.on`."""
    newest = latest_select(scope.on).subquery()
    wanted = (
        select(Post.department_id)
        .join(Department, Department.id == Post.department_id)
        .join(Hospital, Hospital.id == Department.hospital_id)
        .join(Doctor, Doctor.id == Post.doctor_id)
        .join(newest, newest.c.doctor_id == Doctor.id)
        .where(Department.hospital_id == hospital_id, held_on(scope.on), hospitals_in(scope))
        .where(Doctor.is_active, newest.c.rating >= DEVELOPED_FROM)
        .distinct()
    )
    return set(session.scalars(wanted))
