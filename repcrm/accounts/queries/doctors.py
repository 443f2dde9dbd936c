"""Doctors with the post they hold, within the reader's scope."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from repcrm.accounts.models import Department, Doctor, DoctorClass, Hospital, Post, Tier
from repcrm.accounts.queries.ratings import latest_select, rated_in
from repcrm.accounts.queries.scope import doctors_in, held_on, hospitals_in
from repcrm.accounts.search import Entry, Wanted, rank
from repcrm.core.errors import NotFound
from repcrm.core.words import N_
from repcrm.db.paging import PAGE_SIZE, Page, page_of
from repcrm.organisation.access import Role, Scope

CANDIDATES = 200
"""How many rows of a search are ranked."""
ALPHABET = (Doctor.name_pinyin, Doctor.name, Doctor.id)
"""Names in the order in which a Chinese reader looks for them: by sound."""
NOT_RATED = 0
"""As a rating filter: those whom nobody has rated."""


Rows = Select[*tuple[Any, ...]]


class DoctorRow(NamedTuple):
    """A doctor in a list, with the post held on the scope's day (None for one without)."""

    id: int
    code: str
    name: str
    doctor_class: DoctorClass
    tier: Tier
    title: str
    is_active: bool
    hospital_id: int | None
    hospital_name: str | None
    department_id: int | None
    department_name: str | None


@dataclass(frozen=True)
class DoctorFilters:
    """Which doctors of a list are wanted; what is left empty does not matter.

    words       汉字, pinyin, initials or code
    rating      the newest rating of `product_id`, or the best of any product; NOT_RATED for none
    is_active   None for those who left, too
    leave_out   doctor ids that are not wanted, such as those seen lately
    sort        name, hospital, tier (key first), rating (best first)
    """

    words: str = ""
    hospital_id: int | None = None
    department_id: int | None = None
    tier: Tier | None = None
    doctor_class: DoctorClass | None = None
    product_id: int | None = None
    rating: int | None = None
    is_active: bool | None = True
    leave_out: Collection[int] = ()
    sort: str = "name"


def get_doctor(session: Session, scope: Scope, doctor_id: int) -> Doctor:
    """Return a doctor, or raise NotFound if there is none in scope."""
    found = session.scalar(select(Doctor).where(Doctor.id == doctor_id, doctors_in(scope)))
    if found is None:
        raise NotFound(N_("There is no such doctor."))
    return found


def find_doctor_row(session: Session, scope: Scope, doctor_id: int) -> DoctorRow | None:
    """Return a doctor with the post of the day, None if there is none in scope."""
    row = session.execute(_rows(scope).where(Doctor.id == doctor_id)).first()
    return DoctorRow(*row) if row else None


def list_doctor_rows(session: Session, scope: Scope, doctor_ids: Collection[int]) -> dict[int, DoctorRow]:
    """Return doctors in scope with their posts of the day, by id."""
    rows = session.execute(_rows(scope).where(Doctor.id.in_(doctor_ids)))
    return {row[0]: DoctorRow(*row) for row in rows}


def doctor_letters(session: Session, scope: Scope, doctor_ids: Collection[int]) -> dict[int, str]:
    """Return how the names of doctors in scope are typed without 汉字: id -> initials and pinyin."""
    wanted = select(Doctor.id, Doctor.name_initials, Doctor.name_pinyin)
    found = session.execute(wanted.where(Doctor.id.in_(list(doctor_ids)), doctors_in(scope)))
    return {doctor_id: f"{initials} {pinyin}".strip() for doctor_id, initials, pinyin in found}


def list_doctors(
    session: Session, scope: Scope, filters: DoctorFilters, page: int = 1, size: int = PAGE_SIZE
) -> Page[DoctorRow]:
    """Return one page of the doctors that pass the filters."""
    found = page_of(session, _filtered(_rows(scope), scope, filters), page, size)
    return Page([DoctorRow(*row) for row in found.items], found.number, found.size, found.total)


def list_doctors_of_hospital(session: Session, scope: Scope, hospital_id: int, on: date) -> list[DoctorRow]:
    """Return the active doctors who hold a post in a hospital on a day, by department and name.

    The scope is taken as of that day: who does not see the hospital then gets an empty list.
    """
    wanted = _rows(scope.as_of(on)).where(Hospital.id == hospital_id, Doctor.is_active)
    ordered = wanted.order_by(Department.name, case((Doctor.tier == Tier.KEY, 0), else_=1), *ALPHABET)
    return [DoctorRow(*row) for row in session.execute(ordered)]


def list_doctors_in_post(session: Session, scope: Scope) -> list[tuple[int, int, Tier]]:
    """Return (doctor, hospital, tier) of the active doctors in scope, once a hospital; not their names."""
    wanted = (
        select(Doctor.id, Hospital.id, Doctor.tier)
        .join(Post, (Post.doctor_id == Doctor.id) & held_on(scope.on))
        .join(Department, Department.id == Post.department_id)
        .join(Hospital, Hospital.id == Department.hospital_id)
        .where(hospitals_in(scope), Doctor.is_active)
        .distinct()
    )
    return [(doctor_id, hospital_id, tier) for doctor_id, hospital_id, tier in session.execute(wanted)]


def find_doctors(session: Session, scope: Scope, words: str, limit: int = 20) -> list[DoctorRow]:
    """Return the active doctors in scope who fit what somebody typed, the best first."""
    wanted = Wanted.read(words)
    if not wanted:
        return []
    columns = (Doctor.id, Doctor.name, Doctor.name_pinyin, Doctor.name_initials, Doctor.code)
    inside = select(*columns).where(doctors_in(scope), Doctor.is_active)
    fitting = inside.where(_fits(wanted)).order_by(_coarse_rank(wanted), Doctor.name, Doctor.id)
    rows = session.execute(fitting.limit(CANDIDATES)).all() or session.execute(inside).all()
    best = rank(wanted, (Entry(*row) for row in rows), limit)
    cards = list_doctor_rows(session, scope, [entry.id for entry in best])
    return [cards[entry.id] for entry in best if entry.id in cards]


def list_namesakes(session: Session, scope: Scope, pinyin: str, surname: str) -> list[tuple[Doctor, DoctorRow]]:
    """Return the doctors in scope whose name begins with the same surname or sounds the same: whom to compare with.

    pinyin   readings separated by blanks, as `Doctor.name_pinyin`
    """
    alike = [Doctor.name.startswith(surname, autoescape=True)]
    alike += [Doctor.name_pinyin.contains(reading, autoescape=True) for reading in pinyin.split()]
    found = session.scalars(select(Doctor).where(doctors_in(scope), or_(*alike))).all()
    cards = list_doctor_rows(session, scope, [doctor.id for doctor in found])
    return [(doctor, cards[doctor.id]) for doctor in found if doctor.id in cards]


def find_post(session: Session, scope: Scope, doctor_id: int) -> Post | None:
    """Return the post a doctor in scope holds on the scope's day, with department and hospital."""
    wanted = (
        select(Post)
        .join(Post.doctor)
        .join(Post.department)
        .join(Department.hospital)
        .options(contains_eager(Post.department).contains_eager(Department.hospital))
        .where(Post.doctor_id == doctor_id, held_on(scope.on), hospitals_in(scope))
        .order_by(Post.from_on.desc(), Post.id.desc())
    )
    return session.scalars(wanted).first()


def list_posts(session: Session, scope: Scope, doctor_id: int) -> list[Post]:
    """Return all posts of a doctor in scope, the newest first."""
    wanted = (
        select(Post)
        .join(Post.doctor)
        .options(joinedload(Post.department).joinedload(Department.hospital))
        .where(Post.doctor_id == doctor_id, doctors_in(scope))
        .order_by(Post.from_on.desc(), Post.id.desc())
    )
    return list(session.scalars(wanted))


def department_of(session: Session, scope: Scope, doctor_id: int, on: date) -> Department | None:
    """Return the department in which a doctor in scope held a post on a day, None if none."""
    post = find_post(session, scope.as_of(on), doctor_id)
    return post.department if post else None


def _rows(scope: Scope) -> Rows:
    """Select DoctorRows in scope; an administrator also sees doctors without a post, whom nobody else could mend."""
    query = select(
        Doctor.id, Doctor.code, Doctor.name, Doctor.doctor_class, Doctor.tier, Doctor.title, Doctor.is_active,
        Hospital.id, Hospital.name, Department.id, Department.name,
    )  # fmt: skip
    outer = scope.role is Role.ADMIN
    return (
        query.join(Post, (Post.doctor_id == Doctor.id) & held_on(scope.on), isouter=outer)
        .join(Department, Department.id == Post.department_id, isouter=outer)
        .join(Hospital, Hospital.id == Department.hospital_id, isouter=outer)
        .where(hospitals_in(scope))
    )


def _filtered(query: Rows, scope: Scope, filters: DoctorFilters) -> Rows:
    if wanted := Wanted.read(filters.words):
        query = query.where(_fits(wanted))
    for column, value in (
        (Hospital.id, filters.hospital_id),
        (Department.id, filters.department_id),
        (Doctor.tier, filters.tier),
        (Doctor.doctor_class, filters.doctor_class),
        (Doctor.is_active, filters.is_active),
    ):
        if value is not None:
            query = query.where(column == value)
    if filters.leave_out:
        query = query.where(Doctor.id.not_in(filters.leave_out))
    newest = latest_select(scope.on, rated_in(scope)).subquery()
    ratings = select(newest.c.doctor_id, func.max(newest.c.rating).label("best")).group_by(newest.c.doctor_id)
    if filters.product_id is not None:
        ratings = ratings.where(newest.c.product_id == filters.product_id)
    best = ratings.subquery()
    if filters.rating is not None or filters.sort == "rating":
        query = query.outerjoin(best, best.c.doctor_id == Doctor.id)
    if filters.rating is not None:
        query = query.where(best.c.best.is_(None) if filters.rating == NOT_RATED else best.c.best == filters.rating)
    key_first = case((Doctor.tier == Tier.KEY, 0), else_=1)
    orders: dict[str, list[Any]] = {
        "hospital": [Hospital.name_pinyin, Hospital.name, Department.name, key_first],
        "tier": [key_first],
        "rating": [func.coalesce(best.c.best, 0).desc()],
    }
    return query.order_by(*orders.get(filters.sort, []), *ALPHABET)


def _fits(wanted: Wanted) -> ColumnElement[bool]:
    clauses = [column.icontains(wanted.text, autoescape=True) for column in (Doctor.name, Doctor.code)]
    for letters in wanted.letters:
        clauses.append(Doctor.name_pinyin.contains(letters, autoescape=True))
        clauses.append(Doctor.name_initials.contains(letters, autoescape=True))
    return or_(*clauses)


def _coarse_rank(wanted: Wanted) -> ColumnElement[int]:
    """Names first, then whole readings and initials, then the rest: what is cut off at the limit is least likely."""
    steps: list[tuple[ColumnElement[bool], int]] = [(Doctor.name.istartswith(wanted.text, autoescape=True), 0)]
    for letters in wanted.letters:
        steps.append((Doctor.name_initials == letters, 1))
        steps.append((Doctor.name_pinyin.startswith(letters, autoescape=True), 2))
    return case(*steps, else_=3)
