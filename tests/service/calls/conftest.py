"""A rep at work: a hospital held, two doctors there, a product, and the words for a report."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from repcrm.accounts.models import Department, Doctor, Hospital
from repcrm.calls.models import CallSheet
from repcrm.calls.queries import places_of
from repcrm.calls.report import CallReport, Place
from repcrm.calls.service import open_sheet
from repcrm.calls.terms import CallResult
from repcrm.catalogue.models import Product
from repcrm.organisation.access import Scope
from repcrm.organisation.models import Region, User
from tests import factories

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 16, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


@dataclass
class Field:
    """Where the rep works and what may be said about it."""

    session: Session
    rep: Scope
    lead: Scope
    hospital: Hospital
    department: Department
    doctor: Doctor
    colleague: Doctor
    product: Product
    other_product: Product

    def places(self, day: date = TODAY) -> dict[int, Place]:
        return places_of(self.session, self.rep.as_of(day), [self.doctor.id, self.colleague.id])

    def sheet(self, day: date = TODAY) -> CallSheet:
        return open_sheet(self.session, self.rep, day)

    def report(self, result: CallResult = CallResult.GOAL_MET, **said: object) -> CallReport:
        words: dict[str, object] = {"doctor_id": self.doctor.id, "started_at_time": time(10), **said}
        return CallReport(result=result, **words)  # type: ignore[arg-type]  # values by name


@pytest.fixture
def field(session: Session, save: Callable[..., object], region: Region, rep: User, lead: User) -> Field:
    hospital = factories.make_hospital(session, region=region)
    product, other_product = factories.make_product(session), factories.make_product(session)
    for one in (product, other_product):
        factories.make_assignment(session, hospital=hospital, product=one, rep=rep)
    department = factories.make_department(session, hospital=hospital)
    doctor = factories.make_doctor(session, name="Li Min", department=department)
    colleague = factories.make_doctor(session, name="Wang Fang", department=department)
    save()
    rep_scope, lead_scope = factories.scope_of(rep, TODAY), factories.scope_of(lead, TODAY)
    return Field(session, rep_scope, lead_scope, hospital, department, doctor, colleague, product, other_product)
