"""The statements a gap report is read with: one region, columns only, added up in SQL where that is exact."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Select, and_, case, false, func, or_, select
from sqlalchemy.orm import Session

from repcrm.accounts.models import AdoptionRating, Department, Doctor, Hospital, Listing, ListingStage, Post
from repcrm.calls.models import EFFECTIVE, Call, CallDoctor, CallProduct, CallResult, CallStatus
from repcrm.catalogue.models import Product, ProductPrice
from repcrm.catalogue.prices import Prices
from repcrm.organisation.models import User
from repcrm.organisation.territories import Holding, holdings
from repcrm.reports.span import Span
from repcrm.sales.models import BatchStatus, Distributor, FlowGrain, FlowLine, ImportBatch
from repcrm.targets.attribution import DEFAULT_FACTORS
from repcrm.targets.models import AdoptionFactor, HospitalTarget, QuotaShare, QuotaSplit, SplitStatus

NOBODY = 0
"""Stands for no rep, no product and no doctor in integer columns; keys of rows begin at 1."""

Place = tuple[int, int]
"""A hospital and a product."""


class Reads:
    """The statements of a report, one a method; their number does not grow with the data."""

    def __init__(self, session: Session, region_id: int, span: Span) -> None:
        self.session = session
        self.region_id = region_id
        self.span = span
        self.until_on = span.period.until_on
        self.here = select(Hospital.id).where(Hospital.region_id == region_id).scalar_subquery()

    def frame(self, wanted: Select[*tuple[Any, ...]], numbers: Iterable[str]) -> pd.DataFrame:
        """Rows as a frame with the labels as columns; `numbers` are whole numbers without gaps."""
        found = self.session.execute(wanted)
        columns = list(found.keys())
        table = pd.DataFrame([tuple(row) for row in found], columns=columns, dtype=object)
        return table.astype(dict.fromkeys(numbers, "int64"))

    def hospitals(self) -> pd.DataFrame:
        name = case((Hospital.short_name != "", Hospital.short_name), else_=Hospital.name).label("name")
        wanted = select(Hospital.id, Hospital.code, name).where(Hospital.region_id == self.region_id)
        return self.frame(wanted.order_by(Hospital.code), ["id"])

    def products(self) -> pd.DataFrame:
        wanted = select(Product.id, Product.code, Product.name, Product.unit).order_by(Product.code)
        return self.frame(wanted, ["id"])

    def people(self, also: set[int]) -> pd.DataFrame:
        wanted = select(User.id, User.code, User.name).where(_among(User.id, also))
        return self.frame(wanted.order_by(User.code), ["id"])

    def prices(self) -> Prices:
        wanted = select(ProductPrice.product_id, ProductPrice.from_on, ProductPrice.price_fen)
        return Prices((row[0], row[1], row[2]) for row in self.session.execute(wanted))

    def holdings(self, hospitals: Iterable[int]) -> dict[Place, list[Holding]]:
        held: dict[Place, list[Holding]] = defaultdict(list)
        for one in holdings(self.session, hospital_ids=list(hospitals), from_on=self.span.months[0].from_on):
            held[one.hospital_id, one.product_id].append(one)
        return {place: sorted(rows, key=lambda one: one.from_on) for place, rows in held.items()}

    def targets(self) -> pd.DataFrame:
        target = HospitalTarget
        wanted = select(
            target.hospital_id.label("hospital"),
            target.product_id.label("product"),
            target.month_on,
            target.floor_packs.label("floor"),
            target.stretch_packs.label("stretch"),
        ).where(target.hospital_id.in_(self.here), target.month_on.in_([month.from_on for month in self.span.months]))
        return self.frame(
            wanted.order_by(target.month_on, target.hospital_id, target.product_id),
            ["hospital", "product", "floor", "stretch"],
        )

    def shares(self) -> dict[tuple[int, int, date], dict[int, int]]:
        target = HospitalTarget
        wanted = (
            select(target.hospital_id, target.product_id, target.month_on, QuotaShare.doctor_id, QuotaShare.packs)
            .join(QuotaSplit, QuotaSplit.target_id == target.id)
            .join(QuotaShare, QuotaShare.split_id == QuotaSplit.id)
            .join(Doctor, Doctor.id == QuotaShare.doctor_id)
            .where(
                QuotaSplit.status == SplitStatus.APPROVED,
                target.hospital_id.in_(self.here),
                target.month_on.in_([month.from_on for month in self.span.period.months()]),
            )
            .order_by(Doctor.code)
        )
        shares: dict[tuple[int, int, date], dict[int, int]] = defaultdict(dict)
        for hospital, product, month_on, doctor, packs in self.session.execute(wanted):
            shares[hospital, product, month_on][doctor] = packs
        return dict(shares)

    def flow(self, grain: FlowGrain) -> pd.DataFrame:
        line = FlowLine
        place = [line.hospital_id.label("hospital"), line.product_id.label("product")]
        keys: list[Any] = [Distributor.name.label("source"), *place, line.on.label("day")]
        unpriced = case((line.value_fen.is_(None), line.packs), else_=0)
        wanted = (
            select(
                *keys,
                func.sum(line.packs).label("packs"),
                func.sum(func.coalesce(line.value_fen, 0)).label("fen"),
                func.sum(unpriced).label("unpriced"),
            )
            .join(ImportBatch, ImportBatch.id == line.batch_id)
            .join(Distributor, Distributor.id == ImportBatch.distributor_id)
            .where(
                ImportBatch.status == BatchStatus.APPLIED,
                line.grain == grain,
                line.hospital_id.in_(self.here),
                or_(*(and_(line.on >= from_on, line.on < until_on) for from_on, until_on in self.span.flow_days)),
            )
            .group_by(*keys, *([line.id] if grain is FlowGrain.MONTH else []))
            .order_by(line.on, line.hospital_id, line.product_id, Distributor.name)
        )
        return self.frame(wanted, ["hospital", "product", "packs", "fen", "unpriced"])

    def ratings(self) -> pd.DataFrame:
        rating = AdoptionRating
        newest = func.row_number().over(
            partition_by=(rating.doctor_id, rating.product_id), order_by=(rating.rated_on.desc(), rating.id.desc())
        )
        ranked = (
            select(rating.doctor_id, rating.product_id, rating.rating, newest.label("place"))
            .where(rating.rated_on < self.until_on, rating.doctor_id.in_(self._doctors_here()))
            .subquery()
        )
        wanted = select(
            ranked.c.doctor_id.label("doctor"), ranked.c.product_id.label("product"), ranked.c.rating
        ).where(ranked.c.place == 1)
        return self.frame(wanted, ["doctor", "product", "rating"])

    def _doctors_here(self) -> Any:
        """Doctors who ever had a post in the region: a split may name one who has left since."""
        return (
            select(Post.doctor_id)
            .join(Department, Department.id == Post.department_id)
            .where(Department.hospital_id.in_(self.here))
        )

    def factors(self) -> dict[int, int]:
        rows = self.session.execute(select(AdoptionFactor.rating, AdoptionFactor.permille))
        return {**DEFAULT_FACTORS, **{row[0]: row[1] for row in rows}}

    def posts(self) -> pd.DataFrame:
        last_on = self.span.period.to_on
        wanted = (
            select(
                Post.doctor_id.label("doctor"),
                Department.id.label("department"),
                Department.hospital_id.label("hospital"),
                Department.in_scope,
            )
            .join(Department, Department.id == Post.department_id)
            .join(Doctor, Doctor.id == Post.doctor_id)
            .where(
                Department.hospital_id.in_(self.here),
                Doctor.is_active,
                Post.from_on <= last_on,
                or_(Post.until_on.is_(None), Post.until_on > last_on),
            )
            .order_by(Post.id)
        )
        return self.frame(wanted, ["doctor", "department", "hospital"])

    def departments_in_scope(self) -> pd.DataFrame:
        wanted = select(Department.id, Department.hospital_id.label("hospital")).where(
            Department.hospital_id.in_(self.here), Department.in_scope
        )
        return self.frame(wanted, ["id", "hospital"])

    def doctors(self, wanted_ids: set[int]) -> pd.DataFrame:
        wanted = select(Doctor.id, Doctor.code, Doctor.name, Doctor.tier, Doctor.title).where(
            or_(Doctor.id.in_(self._doctors_here()), _among(Doctor.id, wanted_ids - self._known(wanted_ids)))
        )
        return self.frame(wanted.order_by(Doctor.code), ["id"])

    def _known(self, wanted_ids: set[int]) -> set[int]:
        return set(self.session.scalars(self._doctors_here())) & wanted_ids

    def calls(self) -> pd.DataFrame:
        first_product = (
            select(CallProduct.call_id, func.min(CallProduct.id).label("first"))
            .join(Call, Call.id == CallProduct.call_id)
            .where(*self._in_period())
            .group_by(CallProduct.call_id)
            .subquery()
        )
        named = select(CallProduct.call_id, CallProduct.product_id).join(
            first_product, first_product.c.first == CallProduct.id
        ).subquery()  # fmt: skip
        done = Call.status == CallStatus.DONE
        product = func.coalesce(named.c.product_id, NOBODY).label("product")
        keys = [*_made_by(), product, Call.main_doctor_id.label("doctor")]
        wanted = (
            select(
                *keys,
                func.sum(case((Call.is_planned, 1), else_=0)).label("planned"),
                func.sum(case((done, 1), else_=0)).label("done"),
                func.sum(case((and_(done, Call.result.in_(EFFECTIVE)), 1), else_=0)).label("effective"),
            )
            .outerjoin(named, named.c.call_id == Call.id)
            .where(*self._in_period())
            .group_by(*keys)
        )
        return self.frame(wanted, ["rep", "hospital", "product", "doctor", "planned", "done", "effective"])

    def _in_period(self) -> Sequence[Any]:
        return (
            Call.hospital_id.in_(self.here),
            Call.day_on >= self.span.period.from_on,
            Call.day_on < self.until_on,
        )

    def seen(self) -> pd.DataFrame:
        product = func.coalesce(CallProduct.product_id, NOBODY).label("product")
        wanted = (
            select(*_made_by(), product, CallDoctor.doctor_id.label("doctor"))
            .join(CallDoctor, CallDoctor.call_id == Call.id)
            .outerjoin(CallProduct, CallProduct.call_id == Call.id)
            .where(*self._in_period(), *_met())
            .distinct()
        )
        return self.frame(wanted, ["rep", "hospital", "product", "doctor"])

    def last_seen(self) -> dict[int, date]:
        wanted = (
            select(CallDoctor.doctor_id, func.max(Call.day_on))
            .join(Call, Call.id == CallDoctor.call_id)
            .where(Call.hospital_id.in_(self.here), Call.day_on < self.until_on, *_met())
            .group_by(CallDoctor.doctor_id)
        )
        return {row[0]: row[1] for row in self.session.execute(wanted)}

    def stock(self) -> pd.DataFrame:
        newest = func.row_number().over(
            partition_by=(Call.hospital_id, CallProduct.product_id),
            order_by=(Call.day_on.desc(), CallProduct.id.desc()),
        )
        ranked = (
            select(
                Call.hospital_id.label("hospital"),
                CallProduct.product_id.label("product"),
                CallProduct.stock_packs.label("packs"),
                Call.day_on.label("seen_on"),
                newest.label("place"),
            )
            .join(Call, Call.id == CallProduct.call_id)
            .where(
                Call.hospital_id.in_(self.here),
                Call.day_on < self.until_on,
                Call.status == CallStatus.DONE,
                CallProduct.stock_packs.is_not(None),
            )
            .subquery()
        )
        wanted = (
            select(ranked.c.hospital, ranked.c.product, ranked.c.packs, ranked.c.seen_on)
            .where(ranked.c.place == 1)
            .order_by(ranked.c.hospital, ranked.c.product)
        )
        return self.frame(wanted, ["hospital", "product", "packs"])

    def listings(self) -> pd.DataFrame:
        wanted = select(
            Listing.hospital_id.label("hospital"), Listing.product_id.label("product"), Listing.stage, Listing.since_on
        ).where(Listing.hospital_id.in_(self.here), Listing.stage.not_in(AVAILABLE), Listing.since_on < self.until_on)
        return self.frame(wanted.order_by(Listing.hospital_id, Listing.product_id), ["hospital", "product"])


AVAILABLE = (ListingStage.LISTED, ListingStage.TEMPORARY)
"""The stages in which a hospital can buy a product."""


def _made_by() -> Sequence[Any]:
    return Call.rep_id.label("rep"), Call.hospital_id.label("hospital")


def _met() -> Sequence[Any]:
    return Call.status == CallStatus.DONE, Call.result != CallResult.DOCTOR_NOT_MET


def _among(column: Any, ids: set[int]) -> Any:
    return column.in_(sorted(ids)) if ids else false()
