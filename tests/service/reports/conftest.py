"""A small company whose figures can be worked out on paper."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from repcrm.accounts.models import Doctor, Hospital
from repcrm.catalogue.models import Product
from repcrm.core.periods import Period
from repcrm.organisation.calendar import work_calendar
from repcrm.organisation.models import Region, User
from repcrm.organisation.shipped import load_shipped
from repcrm.reports import service
from repcrm.reports.body import Body, Row
from repcrm.reports.compose import compose
from repcrm.reports.models import ReportSnapshot
from repcrm.sales.models import ImportBatch
from repcrm.targets.models import HospitalTarget, SplitStatus
from tests import factories

NOW = factories.NOW
LATER = date(2027, 2, 1)
"""A day on which every period of the tests is over."""


@dataclass
class Company:
    """One rep, one hospital, one product at 50 yuan a pack, given to the rep long ago."""

    session: Session
    region: Region
    rep: User
    hospital: Hospital
    product: Product
    batch: ImportBatch

    def target(self, month_on: date, floor: int, **values: Any) -> HospitalTarget:
        """A target of the hospital and product; the stretch is a fifth more unless said."""
        given = {"hospital": self.hospital, "product": self.product, "stretch_packs": floor * 6 // 5, **values}
        return factories.make_target(self.session, month_on=month_on, floor_packs=floor, **given)

    def flow(self, on: date, packs: int, **values: Any) -> None:
        """A line of flow to the hospital, worth its price."""
        given = {"batch": self.batch, "hospital": self.hospital, "product": self.product, **values}
        factories.make_flow(self.session, on=on, packs=packs, **given)

    def doctor(self, code: str, rating: int | None = None, **values: Any) -> Doctor:
        """A doctor of the hospital, rated for the product long ago."""
        doctor = factories.make_doctor(self.session, hospital=self.hospital, code=code, name=code, **values)
        if rating:
            factories.make_rating(
                self.session, doctor=doctor, product=self.product, set_by=self.rep, rating=rating,
                rated_on=factories.LONG_AGO,
            )  # fmt: skip
        return doctor

    def split(self, target: HospitalTarget, shares: dict[Doctor, int], **values: Any) -> None:
        """An approved split of a target."""
        given = {"status": SplitStatus.APPROVED, "edited_by": self.rep, **values}
        factories.make_split(self.session, target=target, shares=shares, **given)

    def freeze(self, period: str) -> ReportSnapshot:
        """Freeze a report of the region."""
        return service.freeze(self.session, Period.parse(period), self.region, now=NOW, today=LATER)

    def revise(self, period: str, reason: str = "late flow") -> ReportSnapshot:
        """Freeze it again."""
        return service.revise(self.session, Period.parse(period), self.region, now=NOW, today=LATER, reason=reason)

    def body(self, period: str) -> Body:
        """What a report of the region says, without freezing it: no charts are drawn."""
        return Body(
            compose(self.session, self.region, Period.parse(period), work_calendar(self.session, self.region.id))
        )

    def total(self, period: str) -> Row:
        """Its total row."""
        return self.body(period).total


@pytest.fixture
def company(session: Session, region: Region, rep: User) -> Company:
    """One rep, one hospital, one product, a target of long ago; the working days of 2025 to 2027."""
    load_shipped(session, now=NOW)
    hospital = factories.make_hospital(session, region=region, code="H1", name="First")
    product = factories.make_product(session, code="P1", name="Alpha")
    factories.make_price(session, product=product)
    factories.make_assignment(session, hospital=hospital, product=product, rep=rep)
    factories.make_target(session, hospital=hospital, product=product, month_on=factories.LONG_AGO)
    return Company(session, region, rep, hospital, product, factories.make_batch(session))


@pytest.fixture
def packs_by() -> Callable[..., dict[Any, Any]]:
    """Rows of a level as code -> (floor, actual), for comparing with what was worked out on paper."""

    def of(body: Body, level: str) -> dict[str | None, tuple[int, int]]:
        kind = {"rep": "reps", "hospital": "hospitals", "product": "products", "doctor": "doctors"}[level]
        found = {}
        for row in body.level(level):
            named = body.name(kind, getattr(row, level))
            found[named.code if named else None] = (row.floor, row.actual)
        return found

    return of
