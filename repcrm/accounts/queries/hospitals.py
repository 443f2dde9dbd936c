"""Hospitals and their departments, within the reader's scope."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import Session

from repcrm.accounts.completeness import Archive, Completeness, completeness_of
from repcrm.accounts.models import Department, Doctor, Hospital, HospitalGrade, HospitalStatus, Listing, Post
from repcrm.accounts.queries.scope import held_on, hospitals_in
from repcrm.accounts.search import Entry, Wanted, rank
from repcrm.catalogue.models import Product
from repcrm.core.errors import NotFound
from repcrm.core.words import N_
from repcrm.db.paging import PAGE_SIZE, Page
from repcrm.organisation.access import Scope
from repcrm.spelling import name_key

CANDIDATES = 200
"""How many rows of a search are ranked."""
ALPHABET = (Hospital.name_pinyin, Hospital.name, Hospital.id)
"""Names in the order in which a Chinese reader looks for them: by sound."""


@dataclass(frozen=True)
class HospitalFilters:
    """Which hospitals of a list are wanted; what is left empty does not matter.

    words          汉字, pinyin, initials or code
    below_percent  archives less complete than this
    sort           name, completeness (least first), doctors (most first), beds (most first); anything else: name
    """

    words: str = ""
    city: str = ""
    grade: HospitalGrade | None = None
    status: HospitalStatus | None = None
    below_percent: int | None = None
    sort: str = "name"


class HospitalRow(NamedTuple):
    """A hospital in a list."""

    id: int
    code: str
    name: str
    grade: HospitalGrade | None
    status: HospitalStatus
    city: str
    beds: int | None
    doctors: int
    completeness: Completeness


class HospitalPlace(NamedTuple):
    """Where a hospital stands; latitude and longitude in degrees, None where nobody has entered them."""

    id: int
    name: str
    city: str
    latitude: float | None
    longitude: float | None


class DepartmentRow(NamedTuple):
    """A department of a hospital with the number of its doctors today."""

    department: Department
    doctors: int


def get_hospital(session: Session, scope: Scope, hospital_id: int) -> Hospital:
    """Return a hospital, or raise NotFound if there is none in scope."""
    found = session.scalar(select(Hospital).where(Hospital.id == hospital_id, hospitals_in(scope)))
    if found is None:
        raise NotFound(N_("There is no such hospital."))
    return found


def list_hospitals(
    session: Session, scope: Scope, filters: HospitalFilters, page: int = 1, size: int = PAGE_SIZE
) -> Page[HospitalRow]:
    """Return one page of the hospitals that pass the filters, each with its completeness and doctors today."""
    wanted = _filtered(select(Hospital), scope, filters).order_by(*ALPHABET)
    hospitals = session.scalars(wanted).all()
    archives = _archives(session, scope, hospitals)
    doctors = _count_doctors(session, scope, [hospital.id for hospital in hospitals])
    rows = [
        HospitalRow(h.id, h.code, h.name, h.grade, h.status, h.city, h.beds, doctors.get(h.id, 0), archives[h.id])
        for h in hospitals
        if filters.below_percent is None or archives[h.id].percent < filters.below_percent
    ]
    if filters.sort in _SORTS:
        rows.sort(key=_SORTS[filters.sort])
    number = min(max(page, 1), max(1, -(-len(rows) // size)))
    return Page(rows[(number - 1) * size : number * size], number, size, len(rows))


def archive_completeness(session: Session, scope: Scope, hospital: Hospital) -> Completeness:
    """Return how complete the archive of one hospital is."""
    return _archives(session, scope, [hospital])[hospital.id]


def list_hospitals_named(session: Session, scope: Scope, *names: str) -> list[Hospital]:
    """Return the hospitals in scope that have one of some names, long or short, in any spelling, by name."""
    wanted = {name_key(name) for name in names if name}
    found = session.scalars(select(Hospital).where(hospitals_in(scope)).order_by(Hospital.name, Hospital.id))
    return [one for one in found if {name_key(one.name), name_key(one.short_name)} & wanted]


def list_hospital_choices(session: Session, scope: Scope) -> list[tuple[int, str]]:
    """Return (id, name) of the hospitals in scope that are not closed, to choose from."""
    wanted = select(Hospital.id, Hospital.name).where(hospitals_in(scope), Hospital.status != HospitalStatus.CLOSED)
    return [(id_, name) for id_, name in session.execute(wanted.order_by(*ALPHABET))]


def list_places(session: Session, scope: Scope) -> list[HospitalPlace]:
    """Return where the hospitals in scope stand that are not closed, by name."""
    columns = (Hospital.id, Hospital.name, Hospital.city, Hospital.latitude, Hospital.longitude)
    wanted = select(*columns).where(hospitals_in(scope), Hospital.status != HospitalStatus.CLOSED)
    return [HospitalPlace(*row) for row in session.execute(wanted.order_by(*ALPHABET))]


def list_cities(session: Session, scope: Scope) -> list[str]:
    """Return the cities of the hospitals in scope."""
    wanted = select(Hospital.city).where(hospitals_in(scope), Hospital.city != "").distinct()
    return list(session.scalars(wanted.order_by(Hospital.city)))


def find_hospitals(session: Session, scope: Scope, words: str, limit: int = 20) -> list[Hospital]:
    """Return the hospitals in scope that fit what somebody typed, the best first."""
    wanted = Wanted.read(words)
    if not wanted:
        return []
    columns = (
        Hospital.id,
        Hospital.name,
        Hospital.name_pinyin,
        Hospital.name_initials,
        Hospital.code,
        Hospital.short_name,
    )
    inside = select(*columns).where(hospitals_in(scope))
    fitting = inside.where(_fits(wanted)).order_by(_coarse_rank(wanted), Hospital.name, Hospital.id)
    rows = session.execute(fitting.limit(CANDIDATES)).all() or session.execute(inside).all()
    best = rank(wanted, (Entry(*row) for row in rows), limit)
    return in_order(session, Hospital, [entry.id for entry in best])


def list_departments(session: Session, scope: Scope, hospital_id: int) -> list[DepartmentRow]:
    """Return a hospital's departments with their doctors today counted."""
    wanted = (
        select(Department, func.count(Doctor.id))
        .join(Hospital, Hospital.id == Department.hospital_id)
        .outerjoin(Post, (Post.department_id == Department.id) & held_on(scope.on))
        .outerjoin(Doctor, (Doctor.id == Post.doctor_id) & Doctor.is_active)
        .where(Department.hospital_id == hospital_id, hospitals_in(scope))
        .group_by(Department.id)
        .order_by(Department.name)
    )
    return [DepartmentRow(department, doctors) for department, doctors in session.execute(wanted)]


def list_department_choices(session: Session, scope: Scope, hospital_id: int | None = None) -> list[tuple[int, str]]:
    """Return (id, name) of the departments of a hospital in scope, or of all hospitals with their names before."""
    wanted = select(Department.id, Hospital.name, Department.name).join(Department.hospital)
    wanted = wanted.where(hospitals_in(scope), Hospital.status != HospitalStatus.CLOSED)
    if hospital_id is not None:
        wanted = wanted.where(Hospital.id == hospital_id)
    rows = session.execute(wanted.order_by(*ALPHABET, Department.name)).all()
    return [(id_, name if hospital_id is not None else f"{place} · {name}") for id_, place, name in rows]


def get_department(session: Session, scope: Scope, department_id: int) -> Department:
    """Return a department of a hospital in scope, or raise NotFound."""
    found = session.scalar(
        select(Department).join(Department.hospital).where(Department.id == department_id, hospitals_in(scope))
    )
    if found is None:
        raise NotFound(N_("There is no such department."))
    return found


def in_order(session: Session, kind: type[Any], ids: list[int]) -> list[Any]:
    """Return the things of these ids, in this order."""
    things = {thing.id: thing for thing in session.scalars(select(kind).where(kind.id.in_(ids)))} if ids else {}
    return [things[id_] for id_ in ids if id_ in things]


_SORTS: dict[str, Any] = {
    "completeness": lambda row: row.completeness.percent,
    "doctors": lambda row: -row.doctors,
    "beds": lambda row: -(row.beds or 0),
}


def _filtered(query: Select[Hospital], scope: Scope, filters: HospitalFilters) -> Select[Hospital]:
    query = query.where(hospitals_in(scope))
    if wanted := Wanted.read(filters.words):
        query = query.where(_fits(wanted))
    if filters.city:
        query = query.where(Hospital.city == filters.city)
    if filters.grade:
        query = query.where(Hospital.grade == filters.grade)
    if filters.status:
        query = query.where(Hospital.status == filters.status)
    return query


def _fits(wanted: Wanted) -> ColumnElement[bool]:
    words = [Hospital.name, Hospital.short_name, Hospital.code]
    clauses = [column.icontains(wanted.text, autoescape=True) for column in words]
    for letters in wanted.letters:
        clauses.append(Hospital.name_pinyin.contains(letters, autoescape=True))
        clauses.append(Hospital.name_initials.contains(letters, autoescape=True))
    return or_(*clauses)


def _coarse_rank(wanted: Wanted) -> ColumnElement[int]:
    """Names first, then readings: so that the rows cut off at the limit are the least likely."""
    named = Hospital.name.istartswith(wanted.text, autoescape=True)
    return case((named, 0), (Hospital.name.icontains(wanted.text, autoescape=True), 1), else_=2)


def _count_doctors(session: Session, scope: Scope, hospital_ids: Collection[int]) -> Mapping[int, int]:
    counted = (
        select(Department.hospital_id, func.count(func.distinct(Post.doctor_id)))
        .join(Post, (Post.department_id == Department.id) & held_on(scope.on))
        .join(Doctor, (Doctor.id == Post.doctor_id) & Doctor.is_active)
        .where(Department.hospital_id.in_(hospital_ids))
        .group_by(Department.hospital_id)
    )
    return dict(session.execute(counted).all())


def _archives(session: Session, scope: Scope, hospitals: Collection[Hospital]) -> dict[int, Completeness]:
    """Weigh the archives of several hospitals in three queries."""
    ids = [hospital.id for hospital in hospitals]
    staffed = func.count(func.distinct(case((Department.in_scope & Doctor.id.is_not(None), Department.id))))
    departments = {
        hospital_id: counts
        for hospital_id, *counts in session.execute(
            select(
                Department.hospital_id,
                func.count(func.distinct(Department.id)),
                func.count(func.distinct(case((Department.in_scope, Department.id)))),
                staffed,
            )
            .outerjoin(Post, (Post.department_id == Department.id) & held_on(scope.on))
            .outerjoin(Doctor, (Doctor.id == Post.doctor_id) & Doctor.is_active)
            .where(Department.hospital_id.in_(ids))
            .group_by(Department.hospital_id)
        )
    }
    listings = {
        hospital_id: counts
        for hospital_id, *counts in session.execute(
            select(
                Listing.hospital_id,
                func.count(Listing.id),
                func.count(Listing.potential_packs),
                func.count(case((Listing.competitor_note != "", Listing.id))),
            )
            .join(Product, Product.id == Listing.product_id)
            .where(Listing.hospital_id.in_(ids), Product.is_active)
            .group_by(Listing.hospital_id)
        )
    }
    products = session.scalar(select(func.count(Product.id)).where(Product.is_active)) or 0
    return {
        h.id: completeness_of(
            _archive(h, departments.get(h.id, [0, 0, 0]), listings.get(h.id, [0, 0, 0]), products),
        )
        for h in hospitals
    }


def _archive(hospital: Hospital, departments: list[int], listings: list[int], products: int) -> Archive:
    return Archive(
        has_grade=hospital.grade is not None,
        has_beds=hospital.beds is not None,
        has_address=bool(hospital.city and hospital.address),
        has_place=hospital.latitude is not None and hospital.longitude is not None,
        has_pharmacy=bool(hospital.pharmacy_note),
        has_key_people=bool(hospital.key_people_note),
        departments=departments[0],
        in_scope=departments[1],
        staffed=departments[2],
        products=products,
        listed=listings[0],
        valued=listings[1],
        watched=listings[2],
    )
