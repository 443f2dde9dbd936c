"""How a demo rep's calls come onto file: one by one through the day lately, a week at once in the time before."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from sqlalchemy import select

from repcrm.accounts.models import Session as DayPart
from repcrm.calls import service
from repcrm.calls.models import Call, CallSheet, FollowUp
from repcrm.calls.report import CallReport, Place
from repcrm.calls.service import PastCall, PastSheet, take_over_sheets
from repcrm.calls.terms import CallPurpose, CallStatus, MissReason
from repcrm.demo.world import Person, World
from repcrm.organisation.models import User


@dataclass
class Intended:
    """A call the rep means to make; `call` is what stands on the plan, if anything does yet."""

    person: Person
    purposes: list[CallPurpose]
    part: DayPart | None = None
    is_planned: bool = False
    call: Call | None = None


class Clerk(Protocol):
    """Puts on file what a rep does."""

    def plan(self, day: date, calls: list[Intended], at: datetime) -> None: ...
    def cancel(self, day: date, intended: Intended, reason: str, why: MissReason | None = None) -> None: ...
    def log(
        self, day: date, intended: Intended, report: CallReport, places: dict[int, Place], at: datetime
    ) -> FollowUp | None: ...


@dataclass
class Live:
    """Through the services of the day, as the rep's phone does it."""

    world: World
    rep: User
    sheets: dict[date, CallSheet] = field(default_factory=dict)

    def plan(self, day: date, calls: list[Intended], at: datetime) -> None:
        """Put calls on the plan of a day."""
        scope, sheet = self.world.scope(self.rep, day), self.sheet(day)
        for one in calls:
            one.call = service.plan_call(
                self.world.session, scope, sheet, one.person.doctor_id, place_of(one.person),
                now=at, part=one.part, purposes=one.purposes,
            )  # fmt: skip

    def cancel(self, day: date, intended: Intended, reason: str, why: MissReason | None = None) -> None:
        """Cancel a planned call; it was missed where there is a `why`."""
        if intended.call is None:
            return
        scope = self.world.scope(self.rep, day)
        if why is None:
            service.cancel_call(self.world.session, scope, intended.call, reason)
        else:
            service.miss_call(self.world.session, scope, intended.call, why, reason)

    def move(self, intended: Intended, day: date, at: datetime) -> None:
        """Move a planned call to another day."""
        if intended.call is not None:
            scope = self.world.scope(self.rep, day)
            service.move_call(self.world.session, scope, intended.call, self.sheet(day), now=at)

    def published(self, day: date) -> list[Call]:
        """The calls that stand on the plan of a day, in its order."""
        mine = select(Call).where(Call.rep_id == self.rep.id, Call.day_on == day, Call.status == CallStatus.PLANNED)
        parts = list(DayPart)
        found = self.world.session.scalars(mine.order_by(Call.id)).all()
        return sorted(found, key=lambda call: (parts.index(call.session or DayPart.AM), call.hospital_id, call.id))

    def log(
        self, day: date, intended: Intended, report: CallReport, places: dict[int, Place], at: datetime
    ) -> FollowUp | None:
        """Report a call; returns the promise that came out of it."""
        intended.call = service.log_call(
            self.world.session, self.world.scope(self.rep, day), self.sheet(day), report, places,
            now=at, planned=intended.call, known_ratings=intended.person.told,
        )  # fmt: skip
        if report.follow_up is None:
            return None
        return self.world.session.scalars(select(FollowUp).where(FollowUp.call_id == intended.call.id)).one()

    def sheet(self, day: date) -> CallSheet:
        """The sheet of a day, begun if there is none."""
        if day not in self.sheets:
            self.sheets[day] = service.open_sheet(self.world.session, self.world.scope(self.rep, day), day)
        return self.sheets[day]


@dataclass
class Past:
    """Kept back until the week is over, then taken over at once: a year of calls would take minutes else."""

    world: World
    rep: User
    calls: dict[date, list[PastCall]] = field(default_factory=dict)

    def plan(self, day: date, calls: list[Intended], at: datetime) -> None:
        """Nothing stands on file before the week is over."""
        self.calls.setdefault(day, [])

    def cancel(self, day: date, intended: Intended, reason: str, why: MissReason | None = None) -> None:
        """Remember a cancelled call."""
        person = intended.person
        self.calls[day].append(
            PastCall(
                person.doctor_id, {person.doctor_id: place_of(person)}, None, is_planned=True, part=intended.part,
                purposes=tuple(intended.purposes), cancel_reason=reason, miss_reason=why,
            )
        )  # fmt: skip

    def log(
        self, day: date, intended: Intended, report: CallReport, places: dict[int, Place], at: datetime
    ) -> FollowUp | None:
        """Remember a call that was made."""
        self.calls[day].append(
            PastCall(report.doctor_id, places, report, is_planned=intended.is_planned, logged_at=at)
        )  # fmt: skip
        return None

    def take_over(self, reviewed_at: datetime, comments: dict[date, str]) -> list[FollowUp]:
        """Put the week on file; returns what was promised in it."""
        sheets = [
            PastSheet(day, calls, self.world.instant(day, 18, 30), reviewed_at, self.world.lead.id, comments[day])
            for day, calls in self.calls.items()
        ]
        scope = self.world.scope(self.rep, max(self.calls))
        self.calls = {}
        return take_over_sheets(self.world.session, scope, sheets)


def place_of(person: Person) -> Place:
    """Where a doctor works now."""
    return Place(person.hospital_id, person.ward.department_id)
