"""A team of two reps with a lead and two hospitals that both hold, and somebody of another region."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.accounts.models import Hospital
from repcrm.accounts.models import Session as DayPart
from repcrm.db.journal import JournalEntry
from repcrm.diary.models import Appointment, TimeOff
from repcrm.diary.service import Absence, AppointmentFacts, make_appointment, take_time_off
from repcrm.diary.terms import AppointmentKind, TimeOffKind
from repcrm.organisation.access import Scope
from repcrm.organisation.models import Region, User
from tests import factories

TODAY = date(2026, 11, 25)
"""A Wednesday."""
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@dataclass
class Team:
    """Who keeps a diary, and where they work."""

    session: Session
    region: Region
    rep: User
    colleague: User
    lead: User
    stranger: User
    hospital: Hospital
    clinic: Hospital

    def scope(self, who: User) -> Scope:
        return factories.scope_of(who, TODAY)

    def takes_off(self, from_on: date, until_on: date, part: DayPart | None = None, who: User | None = None) -> TimeOff:
        absence = Absence(from_on, until_on, TimeOffKind.ANNUAL, part)
        return take_time_off(self.session, self.scope(who or self.rep), self.rep, absence, now=NOW)

    def meets(self, who: User | None = None, **said: Any) -> Appointment:
        return make_appointment(self.session, self.scope(who or self.lead), self.region, facts(**said), now=NOW)

    def journal(self, subject: str) -> list[tuple[str, dict[str, Any] | None, dict[str, Any] | None]]:
        wanted = select(JournalEntry).where(JournalEntry.subject == subject).order_by(JournalEntry.id)
        return [(entry.verb, entry.before, entry.after) for entry in self.session.scalars(wanted)]


def facts(**said: Any) -> AppointmentFacts:
    """Everybody's half hour from half past eight, every Monday from the next on."""
    return AppointmentFacts(
        **{
            "kind": AppointmentKind.TEAM_MEETING, "title": "Monday meeting", "from_on": date(2026, 11, 30),
            "weekday": 1, "part": DayPart.AM, "minutes": 30, "starts_at_time": time(8, 30), **said,
        }
    )  # fmt: skip


@pytest.fixture
def team(session: Session, save: Callable[..., Any], region: Region, rep: User, lead: User, other_rep: User) -> Team:
    colleague = factories.make_rep(session, region=region, name="Colleague of the East")
    hospital, clinic = (
        factories.make_hospital(session, region=region, latitude=31.2, longitude=121.4 + n / 10) for n in range(2)
    )
    product, other_product = factories.make_product(session), factories.make_product(session)
    for place in (hospital, clinic):
        factories.make_assignment(session, hospital=place, product=product, rep=rep)
        factories.make_assignment(session, hospital=place, product=other_product, rep=colleague)
    save()
    return Team(session, region, rep, colleague, lead, other_rep, hospital, clinic)
