"""What a report rests on: its fingerprint moves with everything the report reads, and with nothing else."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from repcrm.accounts.listing import ListingStage
from repcrm.accounts.service import rate_doctor
from repcrm.core.periods import Period
from repcrm.db.base import Base
from repcrm.organisation.calendar import work_calendar
from repcrm.reports import basis
from repcrm.reports.compose import compose
from repcrm.sales.models import BatchStatus
from repcrm.targets.models import SplitStatus
from tests import factories
from tests.service.reports.conftest import NOW, Company

W47 = Period.parse("2026-W47")
NOVEMBER = date(2026, 11, 1)
IN_THE_WEEK, AFTER_IT = date(2026, 11, 18), date(2026, 11, 23)


@pytest.fixture
def field(company: Company) -> Company:
    """The company with a doctor, a target split, a call and a line of flow."""
    doctor = company.doctor("D1", rating=4)
    company.split(company.target(NOVEMBER, 100), {doctor: 100})
    company.flow(IN_THE_WEEK, 10)
    call_on(company, IN_THE_WEEK)
    company.session.commit()
    return company


def call_on(company: Company, day: date) -> Any:
    doctor = only(company, "Doctor")
    return factories.make_call(
        company.session, rep=company.rep, hospital=company.hospital, main_doctor=doctor, day_on=day
    )


def fingerprint(company: Company) -> str:
    company.session.flush()
    return basis.basis_of(company.session, company.region.id, W47.until_on)


def bump(thing: Any, **values: Any) -> None:
    """Change a thing as every service does: it counts a version up."""
    for name, value in values.items():
        setattr(thing, name, value)
    thing.version += 1


def only(company: Company, model: str) -> Any:
    kind = next(mapper.class_ for mapper in Base.registry.mappers if mapper.class_.__name__ == model)
    return company.session.query(kind).order_by(kind.id).limit(1).one()


CHANGES: dict[str, Callable[[Company], object]] = {
    "flow comes in": lambda c: c.flow(IN_THE_WEEK, 5, batch=factories.make_batch(c.session)),
    "flow is undone": lambda c: setattr(c.batch, "status", BatchStatus.UNDONE),
    "a call is logged": lambda c: call_on(c, date(2026, 11, 19)),
    "a call is revised": lambda c: bump(only(c, "Call"), summary="more"),
    "a target is assigned": lambda c: c.target(date(2026, 12, 1), 50),
    "a target is changed": lambda c: bump(only(c, "HospitalTarget"), floor_packs=90),
    "a split is withdrawn": lambda c: bump(only(c, "QuotaSplit"), status=SplitStatus.DRAFT),
    "a doctor is rated": lambda c: rate_doctor(
        c.session, only(c, "Doctor"), c.product, 6, actor_id=c.rep.id, rated_on=IN_THE_WEEK, now=NOW
    ),
    "a price is changed": lambda c: setattr(only(c, "ProductPrice"), "price_fen", 1),
    "a territory is closed": lambda c: setattr(only(c, "TerritoryAssignment"), "until_on", IN_THE_WEEK),
    "a doctor moves away": lambda c: setattr(only(c, "Post"), "until_on", IN_THE_WEEK),
    "a department counts no longer": lambda c: setattr(only(c, "Department"), "in_scope", False),
    "a hospital is renamed": lambda c: bump(c.hospital, name="Renamed"),
    "a hospital is added": lambda c: factories.make_hospital(c.session, region=c.region),
    "a doctor is renamed": lambda c: bump(only(c, "Doctor"), name="Renamed"),
    "a rep is renamed": lambda c: bump(c.rep, name="Renamed"),
    "a product is renamed": lambda c: bump(c.product, name="Renamed"),
    "a listing moves": lambda c: factories.make_listing(
        c.session, hospital=c.hospital, product=c.product, stage=ListingStage.NOT_LISTED
    ),
    "the factors are set": lambda c: factories.make_adoption_factor(c.session, rating=5, permille=10),
    "a working day is changed": lambda c: setattr(only(c, "CalendarDay"), "is_provisional", True),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_a_report_rests_on_moves_its_fingerprint(field: Company, change: str) -> None:
    before = fingerprint(field)
    CHANGES[change](field)
    assert fingerprint(field) != before


def test_what_a_report_does_not_rest_on_leaves_its_fingerprint(field: Company) -> None:
    before = fingerprint(field)
    call_on(field, AFTER_IT)
    elsewhere = factories.make_hospital(field.session, region=factories.make_region(field.session, code="WEST"))
    factories.make_target(field.session, hospital=elsewhere, product=field.product)
    factories.make_review(field.session, region=field.region)
    assert fingerprint(field) == before


def test_every_table_a_report_reads_is_part_of_the_fingerprint(field: Company, engine: Engine) -> None:
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda _c, _cursor, statement, *_: statements.append(statement))

    def tables() -> set[str]:
        found = set(re.findall(r'(?:FROM|JOIN) "?(\w+)"?', " ".join(statements)))
        statements.clear()
        return found & Base.metadata.tables.keys()

    compose(field.session, field.region, W47, work_calendar(field.session, field.region.id))
    read = tables() - {"region"}
    fingerprint(field)
    assert {basis.PARTS.get(name, name) for name in read} <= tables()


def test_a_region_has_data_from_the_day_of_its_first_call_target_or_sale(session: Session) -> None:
    hospital = factories.make_hospital(session)
    region_id, day = hospital.region_id, date(2026, 11, 18)
    assert not basis.has_data(session, region_id, date(2027, 1, 1))
    batch = factories.make_batch(session, status=BatchStatus.UNDONE)
    factories.make_flow(session, hospital=hospital, batch=batch, on=day)
    session.flush()
    assert not basis.has_data(session, region_id, date(2027, 1, 1))  # it does not count
    batch.status = BatchStatus.APPLIED
    session.flush()
    assert basis.has_data(session, region_id, date(2026, 11, 19))
    assert not basis.has_data(session, region_id, day)
