"""Splits: one for its page, many for the list of what waits."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from repcrm.accounts.models import Department, Doctor, DoctorClass, Hospital, Post, Tier
from repcrm.accounts.queries import latest_ratings
from repcrm.catalogue.models import PackUnit, Product
from repcrm.core.periods import Period, PeriodKind
from repcrm.core.words import N_, Term
from repcrm.db.journal import JournalEntry
from repcrm.db.paging import Page, page_of
from repcrm.organisation.access import Scope
from repcrm.organisation.models import User
from repcrm.targets.models import HospitalTarget, QuotaShare, QuotaSplit, SplitStatus
from repcrm.targets.queries.scope import get_target, targets_in

Rows = Select[*tuple[Any, ...]]


class DoctorHere(NamedTuple):
    """A doctor of the hospital who can be given a part."""

    doctor_id: int
    code: str
    name: str
    title: str
    doctor_class: DoctorClass
    tier: Tier
    department: str

    @property
    def is_key(self) -> bool:
        """Whether the doctor is of the key tier, else general."""
        return self.tier is Tier.KEY


@dataclass(frozen=True)
class SplitLine:
    """A doctor on the page of a split.

    last_packs  of the newest approved split before this month; None: not in it
    packs       None: not given a part
    has_left    no longer works here, but still has a part
    """

    doctor: DoctorHere
    rating: int | None
    last_packs: int | None
    packs: int | None
    is_locked: bool
    has_left: bool


@dataclass(frozen=True)
class SplitPage:
    """One hospital target with everybody who could take a part."""

    target: HospitalTarget
    split: QuotaSplit | None
    lines: list[SplitLine]
    is_reopened: bool
    """The last thing that happened to the split: its target changed, so that it became a draft again."""

    @property
    def given_packs(self) -> int:
        """The sum of the parts."""
        return sum(line.packs or 0 for line in self.lines)

    @property
    def version(self) -> int:
        """Of the split as shown; 0: there is none."""
        return self.split.version if self.split else 0


class SplitFilter(Term):
    """Which targets of a month the list shows."""

    WAITING = "waiting", N_("waiting for approval")
    RETURNED = "returned", N_("sent back")
    DRAFT = "draft", N_("draft")
    NOT_SPLIT = "not_split", N_("not split yet")
    APPROVED = "approved", N_("approved")


_STATUS: dict[SplitFilter, SplitStatus | None] = {
    SplitFilter.NOT_SPLIT: None,
    SplitFilter.WAITING: SplitStatus.PROPOSED,
    SplitFilter.RETURNED: SplitStatus.RETURNED,
    SplitFilter.DRAFT: SplitStatus.DRAFT,
    SplitFilter.APPROVED: SplitStatus.APPROVED,
}


class SplitRow(NamedTuple):
    """A target in the list of splits."""

    target_id: int
    month_on: date
    hospital: str
    product: str
    unit: PackUnit
    floor_packs: int
    status: SplitStatus | None
    given_packs: int
    edited_by: str | None
    edited_at: datetime | None
    comment: str | None

    @property
    def left_packs(self) -> int:
        """Still to be given out; below 0 when too many are."""
        return self.floor_packs - self.given_packs


def doctors_of_target(session: Session, scope: Scope, target: HospitalTarget) -> list[DoctorHere]:
    """Return the doctors who work in the target's hospital in its month, key ones first, nurses left out.

    target  already found within the scope
    """
    month = Period(PeriodKind.MONTH, target.month_on)
    in_post = and_(
        Department.hospital_id == target.hospital_id,
        Post.from_on < month.until_on,
        or_(Post.until_on.is_(None), Post.until_on > month.from_on),
        Doctor.is_active,
        Doctor.doctor_class != DoctorClass.NURSING,
    )
    found = session.execute(_doctors().where(in_post, targets_in(scope), HospitalTarget.id == target.id))
    return list({row.doctor_id: row for row in (DoctorHere(*row) for row in found)}.values())


def split_page(session: Session, scope: Scope, target_id: int) -> SplitPage:
    """Return a target with its split and everybody who could take a part, or raise NotFound."""
    target = get_target(session, scope, target_id)
    split = session.scalar(
        select(QuotaSplit)
        .options(joinedload(QuotaSplit.edited_by), joinedload(QuotaSplit.approved_by))
        .where(QuotaSplit.target_id == target.id)
    )
    shares = _shares(session, split.id if split else None)
    last = _shares(session, _last_split_id(session, target))
    here = doctors_of_target(session, scope, target)
    gone = _doctors_by_id(session, shares.keys() - {doctor.doctor_id for doctor in here})
    ids = [doctor.doctor_id for doctor in here + gone]
    ratings = latest_ratings(session, scope, ids, scope.on)
    lines = [
        _line(doctor, ratings.get((doctor.doctor_id, target.product_id)), last, shares, has_left)
        for doctors, has_left in ((here, False), (gone, True))
        for doctor in doctors
    ]
    return SplitPage(target, split, lines, split is not None and _last_verb(session, split) == "target_changed")


def list_splits(session: Session, scope: Scope, month_on: date, wanted: SplitFilter, page: int = 1) -> Page[SplitRow]:
    """Return one page of a month's targets in one state of splitting, by hospital and product; none of 0."""
    rows = _rows(scope).where(HospitalTarget.month_on == month_on, _in_state(wanted), HospitalTarget.floor_packs > 0)
    found = page_of(session, rows.order_by(Hospital.name, Product.name, HospitalTarget.id), page)
    return Page([SplitRow(*row) for row in found.items], found.number, found.size, found.total)


def list_splits_waiting(session: Session, scope: Scope) -> list[SplitRow]:
    """Return the splits that wait for approval, of every month, the oldest first."""
    rows = _rows(scope).where(QuotaSplit.status == SplitStatus.PROPOSED)
    return [SplitRow(*row) for row in session.execute(rows.order_by(QuotaSplit.edited_at, QuotaSplit.id))]


def count_splits(session: Session, scope: Scope, month_on: date) -> dict[SplitFilter, int]:
    """Return how many of a month's targets are in each state of splitting."""
    counted = session.execute(
        select(QuotaSplit.status, func.count())
        .select_from(HospitalTarget)
        .outerjoin(QuotaSplit, QuotaSplit.target_id == HospitalTarget.id)
        .where(HospitalTarget.month_on == month_on, HospitalTarget.floor_packs > 0, targets_in(scope))
        .group_by(QuotaSplit.status)
    )
    found: dict[SplitStatus | None, int] = dict(counted.all())
    return {wanted: found.get(_STATUS[wanted], 0) for wanted in SplitFilter}


def _in_state(wanted: SplitFilter) -> ColumnElement[bool]:
    status = _STATUS[wanted]
    return QuotaSplit.id.is_(None) if status is None else QuotaSplit.status == status


def _rows(scope: Scope) -> Rows:
    given = (
        select(QuotaShare.split_id, func.sum(QuotaShare.packs).label("packs")).group_by(QuotaShare.split_id).subquery()
    )
    return (
        select(
            HospitalTarget.id,
            HospitalTarget.month_on,
            Hospital.name,
            Product.name,
            Product.unit,
            HospitalTarget.floor_packs,
            QuotaSplit.status,
            func.coalesce(given.c.packs, 0),
            User.name,
            QuotaSplit.edited_at,
            QuotaSplit.comment,
        )
        .join(Hospital, Hospital.id == HospitalTarget.hospital_id)
        .join(Product, Product.id == HospitalTarget.product_id)
        .outerjoin(QuotaSplit, QuotaSplit.target_id == HospitalTarget.id)
        .outerjoin(given, given.c.split_id == QuotaSplit.id)
        .outerjoin(User, User.id == QuotaSplit.edited_by_id)
        .where(targets_in(scope))
    )


def _line(
    doctor: DoctorHere, rating: int | None, last: dict[int, QuotaShare], shares: dict[int, QuotaShare], has_left: bool
) -> SplitLine:
    former, share = last.get(doctor.doctor_id), shares.get(doctor.doctor_id)
    return SplitLine(
        doctor,
        rating,
        former.packs if former else None,
        share.packs if share else None,
        bool(share and share.is_locked),
        has_left,
    )


def _shares(session: Session, split_id: int | None) -> dict[int, QuotaShare]:
    if split_id is None:
        return {}
    found = session.scalars(select(QuotaShare).where(QuotaShare.split_id == split_id).order_by(QuotaShare.id))
    return {share.doctor_id: share for share in found}


def _last_verb(session: Session, split: QuotaSplit) -> str | None:
    return session.scalar(
        select(JournalEntry.verb)
        .where(JournalEntry.subject == QuotaSplit.__tablename__, JournalEntry.subject_id == split.id)
        .order_by(JournalEntry.id.desc())
        .limit(1)
    )


def _last_split_id(session: Session, target: HospitalTarget) -> int | None:
    """The newest approved split of the same hospital and product before the target's month."""
    return session.scalar(
        select(QuotaSplit.id)
        .join(HospitalTarget, HospitalTarget.id == QuotaSplit.target_id)
        .where(
            HospitalTarget.hospital_id == target.hospital_id,
            HospitalTarget.product_id == target.product_id,
            HospitalTarget.month_on < target.month_on,
            QuotaSplit.status == SplitStatus.APPROVED,
        )
        .order_by(HospitalTarget.month_on.desc())
        .limit(1)
    )


def _doctors() -> Rows:
    columns = (
        Doctor.id, Doctor.code, Doctor.name, Doctor.title, Doctor.doctor_class, Doctor.tier, Department.name,
    )  # fmt: skip
    return (
        select(*columns)
        .join(Post, Post.doctor_id == Doctor.id)
        .join(Department, Department.id == Post.department_id)
        .join(HospitalTarget, HospitalTarget.hospital_id == Department.hospital_id)
        .order_by((Doctor.tier == Tier.KEY).desc(), Department.name, Doctor.name, Doctor.id)
    )


def _doctors_by_id(session: Session, doctor_ids: set[int]) -> list[DoctorHere]:
    if not doctor_ids:
        return []
    found = session.scalars(select(Doctor).where(Doctor.id.in_(doctor_ids)).order_by(Doctor.name, Doctor.id))
    return [
        DoctorHere(doctor.id, doctor.code, doctor.name, doctor.title, doctor.doctor_class, doctor.tier, "")
        for doctor in found
    ]
