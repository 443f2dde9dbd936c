"""Where the visits of a plan stand: in the plan itself while it is a draft, on the call sheets once it is published.

Nothing here asks whether a rule stands against it; whoever calls has.
"""

import dataclasses
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from repcrm.accounts.models import Session as DayPart
from repcrm.calls.models import Call, CallSheet, CallStatus
from repcrm.calls.report import Place
from repcrm.calls.service import miss_call, move_call, open_sheet, pin_call, plan_call, reopen_call
from repcrm.calls.terms import MissReason
from repcrm.core.errors import Conflict
from repcrm.core.words import N_
from repcrm.db.writing import rows_changed
from repcrm.organisation.access import Scope
from repcrm.planning.field import Field, Stay
from repcrm.planning.models import CallPlan, PlanVisit
from repcrm.planning.queries.scope import eyes_of
from repcrm.planning.terms import VisitOrigin

GONE = N_("This visit is no longer where you saw it. Look at the plan again, then repeat your change.")


@dataclass
class Desk:
    """A plan that has been taken, and the field its doctors are found in."""

    session: Session
    plan: CallPlan
    field: Field
    now: datetime
    _sheets: dict[date, CallSheet] = dataclasses.field(default_factory=dict)

    def put(
        self, doctor_id: int, day_on: date, part: DayPart, origin: VisitOrigin, *, is_pinned: bool = False
    ) -> PlanVisit | Call:
        """Put a visit on a day; one that was taken off that day comes back."""
        stay = self.field.place(doctor_id, day_on)
        if self.plan.is_published:
            return self._put_on_sheet(doctor_id, day_on, part, stay, is_pinned)
        visit = PlanVisit(
            plan_id=self.plan.id, doctor_id=doctor_id, hospital_id=stay.hospital_id, day_on=day_on, part=part,
            is_pinned=is_pinned, origin=origin,
        )  # fmt: skip
        self.session.add(visit)
        self.session.flush()
        return visit

    def shift(
        self, doctor_id: int, from_on: date, day_on: date, part: DayPart, *, is_pinned: bool | None = None
    ) -> None:
        """Move a visit to another day or part.

        is_pinned  None: as it was
        raises     Conflict if it is no longer there
        """
        stay = self.field.place(doctor_id, day_on)
        if self.plan.is_published:
            call = self._planned_call(doctor_id, from_on)
            if call is None:
                raise Conflict(GONE)
            move_call(self.session, self._rep(day_on), call, self._sheet(day_on), now=self.now, part=part)
            call.hospital_id, call.department_id = stay.hospital_id, stay.department_id
            if is_pinned is not None:
                call.is_pinned = is_pinned
        else:
            visit = self._drafted(doctor_id, from_on)
            visit.day_on, visit.part, visit.hospital_id = day_on, part, stay.hospital_id
            visit.origin = VisitOrigin.BY_HAND
            if is_pinned is not None:
                visit.is_pinned = is_pinned
        self.session.flush()

    def take_off(self, doctor_id: int, day_on: date) -> DayPart:
        """Take a visit off its day; a call stays on the sheet as planned anew.

        returns  the part of the day it stood in
        raises   Conflict if it is no longer there
        """
        if not self.plan.is_published:
            visit = self._drafted(doctor_id, day_on)
            part = visit.part
            self.session.delete(visit)
            self.session.flush()
            return part
        call = self._planned_call(doctor_id, day_on)
        if call is None:
            raise Conflict(GONE)
        miss_call(self.session, self._rep(day_on), call, MissReason.REPLANNED)
        return call.session or DayPart.AM

    def pin(self, doctor_id: int, day_on: date, is_pinned: bool) -> None:
        """Say that a visit is agreed with the doctor, or no longer is."""
        if not self.plan.is_published:
            self._drafted(doctor_id, day_on).is_pinned = is_pinned
            self.session.flush()
        elif call := self._planned_call(doctor_id, day_on):
            pin_call(self.session, self._rep(day_on), call, is_pinned)
        else:
            raise Conflict(GONE)

    def part_of(self, doctor_id: int, day_on: date) -> DayPart:
        """The part of the day a visit stands in."""
        if not self.plan.is_published:
            return self._drafted(doctor_id, day_on).part
        call = self._planned_call(doctor_id, day_on)
        if call is None:
            raise Conflict(GONE)
        return call.session or DayPart.AM

    def drop_drafted_before(self, day: date) -> int:
        """Forget visits of a draft whose day has passed: they were promised to nobody."""
        past = delete(PlanVisit).where(PlanVisit.plan_id == self.plan.id, PlanVisit.day_on < day)
        return rows_changed(self.session, past.execution_options(synchronize_session="fetch"))

    def publish(self, visit: PlanVisit) -> None:
        """Put a drafted visit on its day's sheet; a call that is planned there already becomes the visit's."""
        stay = self.field.place(visit.doctor_id, visit.day_on)
        call = self._put_on_sheet(visit.doctor_id, visit.day_on, visit.part, stay, visit.is_pinned)
        visit.call_id = call.id

    def _put_on_sheet(self, doctor_id: int, day_on: date, part: DayPart, stay: Stay, is_pinned: bool) -> Call:
        who, sheet = self._rep(day_on), self._sheet(day_on)
        if standing := self._planned_call(doctor_id, day_on) or self._replanned_call(doctor_id, day_on):
            if standing.status is CallStatus.CANCELLED:
                reopen_call(self.session, who, standing)
            move_call(self.session, who, standing, sheet, now=self.now, part=part)
            standing.is_pinned = is_pinned
            self.session.flush()
            return standing
        place = Place(stay.hospital_id, stay.department_id)
        return plan_call(self.session, who, sheet, doctor_id, place, now=self.now, part=part, is_pinned=is_pinned)

    def _sheet(self, day_on: date) -> CallSheet:
        if day_on not in self._sheets:
            self._sheets[day_on] = open_sheet(self.session, self._rep(day_on), day_on)
        return self._sheets[day_on]

    def _rep(self, day_on: date) -> Scope:
        """The rep, whose sheets they are, whoever's wish it was."""
        return eyes_of(self.plan.rep, day_on)

    def _planned_call(self, doctor_id: int, day_on: date) -> Call | None:
        return self._call(doctor_id, day_on, CallStatus.PLANNED)

    def _replanned_call(self, doctor_id: int, day_on: date) -> Call | None:
        found = self._call(doctor_id, day_on, CallStatus.CANCELLED)
        return found if found and found.miss_reason is MissReason.REPLANNED else None

    def _call(self, doctor_id: int, day_on: date, status: CallStatus) -> Call | None:
        mine = select(Call).where(Call.rep_id == self.plan.rep_id, Call.day_on == day_on, Call.status == status)
        wanted = mine.where(Call.main_doctor_id == doctor_id).order_by(Call.id.desc()).limit(1)
        return self.session.scalars(wanted).first()

    def _drafted(self, doctor_id: int, day_on: date) -> PlanVisit:
        wanted = select(PlanVisit).where(PlanVisit.plan_id == self.plan.id, PlanVisit.doctor_id == doctor_id)
        visit = self.session.scalar(wanted.where(PlanVisit.day_on == day_on))
        if visit is None:
            raise Conflict(GONE)
        return visit
