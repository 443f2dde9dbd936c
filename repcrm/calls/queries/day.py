"""A rep's day on one page: what is planned, what is done, and whom else to see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from repcrm.accounts.queries import (
    DoctorRow,
    clinic_rosters,
    doctors_in_clinic,
    latest_ratings,
    list_doctor_rows,
)
from repcrm.calls.models import Call, CallSheet, CallStatus
from repcrm.calls.queries.calls import list_calls_of_sheet
from repcrm.calls.queries.counts import effective_calls, last_calls
from repcrm.calls.queries.follow_ups import FollowUpRow, list_follow_ups_due
from repcrm.calls.queries.sheets import find_sheet
from repcrm.calls.sheet import Line, Progress, progress
from repcrm.calls.suggestions import CALLS_A_MONTH, Candidate, Why, suggest
from repcrm.catalogue.models import Product
from repcrm.core.periods import Period, PeriodKind
from repcrm.core.workdays import WorkCalendar
from repcrm.organisation.access import Scope
from repcrm.organisation.models import TerritoryAssignment

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class DayCard:
    """A doctor on the day's page; `call` is None for one who is only suggested."""

    doctor_id: int
    name: str
    is_key: bool
    hospital_id: int
    hospital_name: str
    department_name: str | None
    rating: int | None
    """The best rating of any product."""
    last_call_on: date | None
    calls_this_month: int
    goal: int
    sessions: tuple[str, ...] = ()
    reasons: tuple[Why, ...] = ()
    follow_up: FollowUpRow | None = None
    call: Call | None = None


@dataclass(frozen=True)
class CardGroup:
    """The cards of one hospital."""

    hospital_id: int
    hospital_name: str
    cards: tuple[DayCard, ...]


@dataclass(frozen=True)
class Day:
    """Everything the day's page shows of the sheet."""

    day_on: date
    sheet: CallSheet | None
    progress: Progress
    planned: tuple[CardGroup, ...]
    suggested: tuple[CardGroup, ...]
    done: tuple[DayCard, ...]
    cancelled: tuple[DayCard, ...]
    promises_due: int
    """Open promises of the reader that are due by this day, on the page or not."""


def get_day(session: Session, scope: Scope, day_on: date, today: date, calendar: WorkCalendar) -> Day:
    """Return the reader's own day.

    scope  the rep; the territory is that of the day
    today  suggestions are made from today on: for a day gone by only what was written stands there
    """
    scope = scope.as_of(day_on)
    sheet = find_sheet(session, scope, scope.user_id, day_on)
    calls = list_calls_of_sheet(session, scope, sheet.id) if sheet else []
    wants_more = day_on >= today
    desk = _Desk(session, scope, day_on, today, [call.main_doctor_id for call in calls], wants_more)
    by_status = {
        status: [desk.card_of(call) for call in calls if call.status is status]
        for status in (CallStatus.PLANNED, CallStatus.DONE, CallStatus.CANCELLED)
    }
    done_so_far = progress([Line(call.status, call.is_planned, call.result) for call in calls])
    suggested = desk.suggestions(_elapsed(day_on, calendar), done_so_far.to_do) if wants_more else []
    return Day(
        day_on,
        sheet,
        done_so_far,
        _grouped(by_status[CallStatus.PLANNED]),
        _grouped(suggested),
        tuple(by_status[CallStatus.DONE]),
        tuple(by_status[CallStatus.CANCELLED]),
        desk.promises_due,
    )


def products_held(session: Session, scope: Scope, hospital_id: int) -> list[Product]:
    """Return the products that are the reader's at a hospital on `scope.on`, by name."""
    return products_by_hospital(session, scope, hospital_id).get(hospital_id, [])


def products_by_hospital(session: Session, scope: Scope, hospital_id: int | None = None) -> dict[int, list[Product]]:
    """Return the products that are the reader's on `scope.on`, by name: hospital id -> products.

    hospital_id  None for every hospital
    """
    day = scope.on
    mine = (
        select(TerritoryAssignment.hospital_id, Product)
        .join(Product, Product.id == TerritoryAssignment.product_id)
        .where(
            TerritoryAssignment.rep_id == scope.user_id,
            TerritoryAssignment.from_on <= day,
            or_(TerritoryAssignment.until_on.is_(None), TerritoryAssignment.until_on > day),
            Product.is_active,
        )
    )
    if hospital_id is not None:
        mine = mine.where(TerritoryAssignment.hospital_id == hospital_id)
    held: dict[int, list[Product]] = {}
    for key, product in session.execute(mine.order_by(Product.name, Product.id)):
        held.setdefault(key, []).append(product)
    return held


class _Desk:
    """What lies on the desk when a day is planned: rosters, promises, counts and ratings, each read once."""

    def __init__(
        self, session: Session, scope: Scope, day_on: date, today: date, on_sheet: Sequence[int], wants_more: bool
    ) -> None:
        self.day_on = day_on
        self._on_sheet = set(on_sheet)
        rows: dict[int, DoctorRow] = {}
        self._promises: dict[int, FollowUpRow] = {}
        self.promises_due = 0
        if wants_more:
            rows = {row.id: row for row in doctors_in_clinic(session, scope, day_on.isoweekday())}
            due = list_follow_ups_due(session, scope, day_on + ONE_DAY)
            self.promises_due = len(due)
            for promise in due:
                self._promises.setdefault(promise.doctor_id, promise)
        elsewhere = (self._on_sheet | self._promises.keys()) - rows.keys()
        rows |= list_doctor_rows(session, scope, sorted(elsewhere)) if elsewhere else {}
        self._rows = rows
        rosters = clinic_rosters(session, scope, list(rows)) if rows else {}
        weekday = day_on.isoweekday()
        self._sessions = {
            doctor_id: tuple(part.value for slot_day, part in slots if slot_day == weekday)
            for doctor_id, slots in rosters.items()
        }
        month = Period.of(PeriodKind.MONTH, day_on)
        self._last = last_calls(session, scope, max(day_on, today) + ONE_DAY, list(rows)) if rows else {}
        self._counts = effective_calls(session, scope, month.from_on, month.until_on)
        self._ratings: dict[int, int] = {}
        for (doctor_id, _), rating in (latest_ratings(session, scope, list(rows), day_on) if rows else {}).items():
            self._ratings[doctor_id] = max(rating, self._ratings.get(doctor_id, 0))

    def suggestions(self, elapsed: Fraction, already: int) -> list[DayCard]:
        """The cards of doctors worth a call, best first."""
        free = [
            self._candidate(row)
            for row in self._rows.values()
            if row.id not in self._on_sheet and row.is_active and row.hospital_id is not None
        ]
        return [self._card(one.candidate, one.reasons) for one in suggest(free, self.day_on, elapsed, already)]

    def card_of(self, call: Call) -> DayCard:
        """The card of a call on the sheet; its doctor may have left the territory since."""
        doctor = call.main_doctor
        return DayCard(
            doctor_id=doctor.id,
            name=doctor.name,
            is_key=doctor.tier.value == "key",
            hospital_id=call.hospital_id,
            hospital_name=call.hospital.name,
            department_name=call.department.name if call.department else None,
            rating=self._ratings.get(doctor.id),
            last_call_on=self._last.get(doctor.id),
            calls_this_month=self._counts.get(doctor.id, 0),
            goal=CALLS_A_MONTH[doctor.tier.value],
            sessions=self._sessions.get(doctor.id, ()),
            follow_up=self._promises.get(doctor.id),
            call=call,
        )

    def _candidate(self, row: DoctorRow) -> Candidate:
        promise = self._promises.get(row.id)
        return Candidate(
            doctor_id=row.id,
            hospital_id=row.hospital_id or 0,
            tier=row.tier.value,
            sessions=self._sessions.get(row.id, ()),
            last_call_on=self._last.get(row.id),
            calls_this_month=self._counts.get(row.id, 0),
            follow_up_on=promise.due_on if promise else None,
        )

    def _card(self, candidate: Candidate, reasons: tuple[Why, ...]) -> DayCard:
        row = self._rows[candidate.doctor_id]
        return DayCard(
            doctor_id=row.id,
            name=row.name,
            is_key=row.tier.value == "key",
            hospital_id=candidate.hospital_id,
            hospital_name=row.hospital_name or "",
            department_name=row.department_name,
            rating=self._ratings.get(row.id),
            last_call_on=candidate.last_call_on,
            calls_this_month=candidate.calls_this_month,
            goal=candidate.goal,
            sessions=candidate.sessions,
            reasons=reasons,
            follow_up=self._promises.get(row.id),
        )


def _grouped(cards: Iterable[DayCard]) -> tuple[CardGroup, ...]:
    """Cards hospital by hospital, in the order in which the hospitals come first."""
    groups: dict[int, list[DayCard]] = {}
    for card in cards:
        groups.setdefault(card.hospital_id, []).append(card)
    return tuple(CardGroup(key, cards[0].hospital_name, tuple(cards)) for key, cards in groups.items())


def _elapsed(day_on: date, calendar: WorkCalendar) -> Fraction:
    month = Period.of(PeriodKind.MONTH, day_on)
    return Fraction(calendar.count(month.from_on, day_on + ONE_DAY), calendar.count(month.from_on, month.until_on) or 1)
