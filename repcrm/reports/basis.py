"""What a report rests on: whether there is any data, and its fingerprint, cheap enough to take inside a transaction."""

import hashlib
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, cast, func, or_, select
from sqlalchemy.orm import Session

from repcrm.accounts.models import AdoptionRating, Department, Doctor, Hospital, Listing, Post
from repcrm.calls.models import Call
from repcrm.catalogue.models import Product, ProductPrice
from repcrm.organisation.models import CalendarDay, RegionCalendar, TerritoryAssignment, User
from repcrm.sales.models import BatchStatus, Distributor, DistributorRegion, FlowLine, ImportBatch
from repcrm.targets.models import AdoptionFactor, HospitalTarget, QuotaSplit

PARTS = {
    "call_doctor": "call", "call_product": "call", "flow_line": "import_batch", "quota_share": "quota_split",
}  # fmt: skip
"""Table -> the table whose rows count a version up, or change their status, when its rows change."""


def basis_of(session: Session, region_id: int, until_on: date) -> str:
    """Return the fingerprint of all data a report of a region may rest on.

    region_id  whose hospitals count
    until_on   the day after the period: later calls and ratings are not part of the report
    returns    SHA-256; two are equal unless something was added, changed or removed in between

    Counts rows and sums up their versions where rows have one, and reads the few that have none: some 30 ms for a
    region with 20,000 calls, where reading the report's data itself takes up to two seconds.
    """
    here = select(Hospital.id).where(Hospital.region_id == region_id).scalar_subquery()
    targets = select(HospitalTarget.id).where(HospitalTarget.hospital_id.in_(here)).scalar_subquery()
    counted: list[tuple[type[Any], ColumnElement[bool] | None]] = [
        (Call, Call.hospital_id.in_(here) & (Call.day_on < until_on)),
        (AdoptionRating, AdoptionRating.rated_on < until_on),
        (Hospital, Hospital.region_id == region_id),
        (HospitalTarget, HospitalTarget.hospital_id.in_(here)),
        (QuotaSplit, QuotaSplit.target_id.in_(targets)),
        (Listing, Listing.hospital_id.in_(here)),
        (Doctor, None),
        (Product, None),
        (User, None),
    ]
    departments = select(Department.id).where(Department.hospital_id.in_(here)).scalar_subquery()
    read = [
        select(ImportBatch.id, ImportBatch.staged_lines).where(ImportBatch.status == BatchStatus.APPLIED),
        select(ProductPrice.product_id, ProductPrice.from_on, ProductPrice.price_fen),
        _rows(TerritoryAssignment).where(TerritoryAssignment.hospital_id.in_(here)),
        select(Department.id, Department.in_scope).where(Department.hospital_id.in_(here)),
        _rows(Post).where(Post.department_id.in_(departments)),
        select(AdoptionFactor.rating, AdoptionFactor.permille),
        select(CalendarDay.on, CalendarDay.kind, CalendarDay.is_provisional, CalendarDay.country),
        _rows(RegionCalendar),
        _rows(Distributor),
        _rows(DistributorRegion),
    ]
    found: list[Any] = [_count(session, model, condition) for model, condition in counted]
    found += [sorted(map(repr, map(tuple, session.execute(wanted)))) for wanted in read]
    return hashlib.sha256(repr(found).encode()).hexdigest()


def has_data(session: Session, region_id: int, until_on: date) -> bool:
    """Whether a region has calls, targets or distributor sales before a day: else there is nothing to report."""
    here = session.scalars(select(Hospital.id).where(Hospital.region_id == region_id)).all()
    if not here:
        return False
    delivered = select(FlowLine.id).join(ImportBatch, ImportBatch.id == FlowLine.batch_id)
    found = (
        select(Call.id).where(Call.hospital_id.in_(here), Call.day_on < until_on),
        select(HospitalTarget.id).where(HospitalTarget.hospital_id.in_(here), HospitalTarget.month_on < until_on),
        delivered.where(
            FlowLine.hospital_id.in_(here), FlowLine.on < until_on, ImportBatch.status == BatchStatus.APPLIED
        ),
    )
    return bool(session.scalar(select(or_(*(wanted.exists() for wanted in found)))))


def _rows(model: Any) -> Any:
    return select(*model.__table__.columns)


def _count(session: Session, model: Any, condition: ColumnElement[bool] | None) -> tuple[Any, ...]:
    figures: list[Any] = [func.count(), func.sum(cast(model.id, BigInteger))]
    if hasattr(model, "version"):
        figures.append(func.sum(cast(model.version, BigInteger)))
    if model is Call:
        figures.append(func.max(Call.logged_at))  # SQLite gives the number of a call that is gone to the next one
    wanted = select(*figures).select_from(model)
    return tuple(map(str, session.execute(wanted if condition is None else wanted.where(condition)).one()))
