"""Doctors' parts of hospital targets, and how ratings weigh."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.accounts.models import Hospital
from repcrm.catalogue.models import PackUnit, Product
from repcrm.organisation.access import Scope
from repcrm.targets.attribution import DEFAULT_FACTORS
from repcrm.targets.models import AdoptionFactor, HospitalTarget, QuotaShare, QuotaSplit, SplitStatus
from repcrm.targets.queries.scope import targets_in


class DoctorShare(NamedTuple):
    """A doctor's part of one hospital target."""

    target_id: int
    month_on: date
    hospital: str
    product: str
    unit: PackUnit
    packs: int
    status: SplitStatus


def list_shares_of_doctor(session: Session, scope: Scope, doctor_id: int, month_on: date) -> list[DoctorShare]:
    """Return a doctor's parts of a month, by hospital and product, of splits in every state.

    month_on  the first day of the month
    """
    wanted = (
        select(
            HospitalTarget.id,
            HospitalTarget.month_on,
            Hospital.name,
            Product.name,
            Product.unit,
            QuotaShare.packs,
            QuotaSplit.status,
        )
        .join(QuotaSplit, QuotaSplit.id == QuotaShare.split_id)
        .join(HospitalTarget, HospitalTarget.id == QuotaSplit.target_id)
        .join(Hospital, Hospital.id == HospitalTarget.hospital_id)
        .join(Product, Product.id == HospitalTarget.product_id)
        .where(QuotaShare.doctor_id == doctor_id, HospitalTarget.month_on == month_on, targets_in(scope))
        .order_by(Hospital.name, Product.name, HospitalTarget.id)
    )
    return [DoctorShare(*row) for row in session.execute(wanted)]


def approved_shares(
    session: Session, hospital_ids: Collection[int], months: Collection[date]
) -> dict[tuple[int, int, date], dict[int, int]]:
    """Return the approved parts of whole hospitals, for the clock's reports: no reader, so no scope.

    months   first days of months
    returns  (hospital, product, month) -> doctor -> packs, doctors by key; what is not approved is not in it
    """
    wanted = (
        select(
            HospitalTarget.hospital_id,
            HospitalTarget.product_id,
            HospitalTarget.month_on,
            QuotaShare.doctor_id,
            QuotaShare.packs,
        )
        .join(QuotaSplit, QuotaSplit.id == QuotaShare.split_id)
        .join(HospitalTarget, HospitalTarget.id == QuotaSplit.target_id)
        .where(QuotaSplit.status == SplitStatus.APPROVED)
        .where(HospitalTarget.hospital_id.in_(hospital_ids), HospitalTarget.month_on.in_(months))
        .order_by(HospitalTarget.id, QuotaShare.doctor_id)
    )
    shares: dict[tuple[int, int, date], dict[int, int]] = defaultdict(dict)
    for hospital_id, product_id, month_on, doctor_id, packs in session.execute(wanted):
        shares[hospital_id, product_id, month_on][doctor_id] = packs
    return dict(shares)


def adoption_factors(session: Session) -> dict[int, int]:
    """Return the table of adoption factors: rating (0: not rated) -> permille; the company has one, so no scope."""
    rows = session.execute(select(AdoptionFactor.rating, AdoptionFactor.permille))
    return {**DEFAULT_FACTORS, **dict(rows.all())}
