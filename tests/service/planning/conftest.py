"""A rep with two hospitals and a handful of doctors, their rosters, and a cycle to plan."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.accounts.models import ClinicSession, Doctor, Hospital, Tier
from repcrm.accounts.models import Session as DayPart
from repcrm.calls.models import CallSheet
from repcrm.organisation.access import Scope
from repcrm.organisation.models import Region, User
from repcrm.planning.models import CallPlan
from tests import factories as make

SHANGHAI = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 11, 25)
"""A Wednesday, the eighteenth working day of the cycle from 2 November."""
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=SHANGHAI)
NEXT = date(2026, 11, 30)
"""The Monday on which the next cycle begins."""


@dataclass
class Beat:
    """What a rep works with: a people's hospital and a clinic, and who can be met when."""

    session: Session
    region: Region
    rep: User
    lead: User
    stranger: User
    hospital: Hospital
    clinic: Hospital
    product: Any
    doctors: list[Doctor] = field(default_factory=list)

    def scope(self, who: User | None = None, on: date = TODAY) -> Scope:
        return make.scope_of(who or self.rep, on)

    def doctor(
        self,
        hospital: Hospital | None = None,
        rating: int | None = 4,
        tier: Tier = Tier.GENERAL,
        slots: tuple[tuple[int, DayPart], ...] | None = None,
        **values: Any,
    ) -> Doctor:
        """A doctor in the first hospital, rated 4, in clinic on every morning of the week."""
        department = make.make_department(self.session, hospital=hospital or self.hospital)
        doctor = make.make_doctor(self.session, tier=tier, **values)
        make.make_post(self.session, doctor=doctor, department=department)
        if rating is not None:
            make.make_rating(
                self.session,
                doctor=doctor,
                product=self.product,
                rating=rating,
                rated_on=make.LONG_AGO,
                set_by=self.rep,
            )
        for weekday, part in slots if slots is not None else [(weekday, DayPart.AM) for weekday in range(1, 6)]:
            self.session.add(ClinicSession(doctor_id=doctor.id, weekday=weekday, session=part))
        self.session.flush()
        self.doctors.append(doctor)
        return doctor

    def plan(self, start_on: date = NEXT, **values: Any) -> CallPlan:
        return make.make_plan(self.session, rep=self.rep, start_on=start_on, **values)

    def call(self, doctor: Doctor, day_on: date, **values: Any) -> Any:
        mine = select(CallSheet).where(CallSheet.rep_id == self.rep.id, CallSheet.day_on == day_on)
        sheet = self.session.scalar(mine) or make.make_sheet(self.session, rep=self.rep, day_on=day_on)
        return make.make_call(self.session, sheet=sheet, main_doctor=doctor, hospital=self.hospital, **values)


@pytest.fixture
def beat(session: Session, region: Region, rep: User, lead: User, other_rep: User, save: Callable[..., Any]) -> Beat:
    product = make.make_product(session)
    places = [
        make.make_hospital(session, region=region, name=name, latitude=31.2 + north, longitude=121.4)
        for name, north in (("People's Hospital", 0.0), ("Clinic", 0.02))
    ]
    for place in places:
        make.make_assignment(session, hospital=place, product=product, rep=rep)
    hospital, clinic = places
    found = Beat(session, region, rep, lead, other_rep, hospital, clinic, product)
    save()
    return found
