"""What goes along on a rep's device, and what waits for the rep's decision."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from repcrm.accounts.queries import clinic_rosters, doctor_letters, latest_ratings, list_doctor_rows
from repcrm.calls.models import Call, CallStatus, FollowUp
from repcrm.calls.queries import (
    CallDetails,
    details_of,
    list_calls_between,
    list_follow_ups_due,
    products_by_hospital,
    recent_calls,
    sheets_of_week,
)
from repcrm.calls.report import CallReport, CompetitorNote, ProductTalk, Promise
from repcrm.calls.terms import CallResult
from repcrm.catalogue.models import Product
from repcrm.catalogue.queries import list_competitors
from repcrm.core.errors import NotFound
from repcrm.core.words import N_
from repcrm.core.workdays import WorkCalendar
from repcrm.organisation.access import Scope
from repcrm.sync.facts import BLANK, Facts, facts_of
from repcrm.sync.models import SyncConflict
from repcrm.sync.operation import entity_of
from repcrm.sync.pack import (
    LAST_CALLS,
    LastCall,
    Pack,
    PackCall,
    PackDay,
    PackDoctor,
    PackProduct,
    PackPromise,
    window,
)


def get_pack(session: Session, scope: Scope, calendar: WorkCalendar, *, now: datetime) -> Pack:
    """Return what goes along on the device of a rep.

    now  in the business time zone: its date is today
    """
    from_on, until_on = window(scope.on)
    sheets = sheets_of_week(session, scope, scope.user_id, from_on, until_on)
    days = [from_on.fromordinal(day) for day in range(from_on.toordinal(), until_on.toordinal())]
    calls = list_calls_between(session, scope, from_on, until_on)
    promises = list_follow_ups_due(session, scope, until_on)
    met = {call.main_doctor_id for call in calls} | {promise.doctor_id for promise in promises}
    held = products_by_hospital(session, scope)
    return Pack(
        user_id=scope.user_id,
        role=scope.role.value,
        made_at=now,
        time_zone=str(now.tzinfo),
        today=scope.on,
        days=tuple(
            PackDay(day, sheets[day].status if day in sheets else None, calendar.is_working(day)) for day in days
        ),
        calls=tuple(pack_calls(session, scope, calls)),
        doctors=tuple(_doctors(session, scope, met | clinic_rosters(session, scope).keys())),
        promises=tuple(PackPromise(one.id, one.doctor_id, one.doctor_name, one.due_on, one.text) for one in promises),
        products=tuple(_products(session, held.values())),
        held={hospital_id: tuple(product.id for product in products) for hospital_id, products in held.items()},
        conflicts=count_conflicts(session, scope),
    )


def pack_calls(session: Session, scope: Scope, calls: Sequence[Call]) -> list[PackCall]:
    """Return calls as a device keeps them."""
    facts = call_facts(session, scope, calls)
    return [
        PackCall(
            entity_id=entity_of(call.id, call.client_id),
            call_id=call.id,
            version=call.version,
            day_on=call.day_on,
            status=call.status,
            is_planned=call.is_planned,
            doctor_id=call.main_doctor_id,
            doctor=call.main_doctor.name,
            hospital_id=call.hospital_id,
            hospital=call.hospital.name,
            department=call.department.name if call.department else None,
            facts=facts[call.id],
        )
        for call in calls
    ]


def call_facts(session: Session, scope: Scope, calls: Sequence[Call]) -> dict[int, Facts]:
    """Return what calls say, by their key; one that was not made says nothing but what it is for."""
    kept: dict[int, list[int]] = {}
    wanted = select(FollowUp.kept_by_call_id, FollowUp.id).where(
        FollowUp.kept_by_call_id.in_([call.id for call in calls]), FollowUp.rep_id == scope.user_id
    )
    for call_id, promise_id in session.execute(wanted):
        kept.setdefault(call_id or 0, []).append(promise_id)
    details = details_of(session, scope, calls) if calls else []
    return {one.call.id: _facts(one, kept.get(one.call.id, [])) for one in details}


def list_conflicts(session: Session, scope: Scope) -> list[SyncConflict]:
    """Return what waits for the reader's own decision, the oldest first."""
    return list(session.scalars(_own(scope).where(SyncConflict.settled_at.is_(None)).order_by(SyncConflict.id)))


def get_conflict(session: Session, scope: Scope, conflict_id: int) -> SyncConflict:
    """Return one of the reader's own, decided or not, or raise NotFound."""
    found = session.scalar(_own(scope).where(SyncConflict.id == conflict_id))
    if found is None:
        raise NotFound(N_("There is no such decision to make."))
    return found


def count_conflicts(session: Session, scope: Scope, day_on: date | None = None) -> int:
    """Return how many of the reader's own decisions wait, of one day or all."""
    wanted = select(func.count()).where(SyncConflict.user_id == scope.user_id, SyncConflict.settled_at.is_(None))
    return session.scalar(wanted if day_on is None else wanted.where(SyncConflict.day_on == day_on)) or 0


def _own(scope: Scope) -> Select[SyncConflict]:
    return (
        select(SyncConflict)
        .where(SyncConflict.user_id == scope.user_id)
        .options(
            joinedload(SyncConflict.operation),
            joinedload(SyncConflict.call).options(
                joinedload(Call.main_doctor), joinedload(Call.hospital), joinedload(Call.sheet)
            ),
        )
    )


def _facts(details: CallDetails, kept: Collection[int]) -> Facts:
    call = details.call
    if call.status is not CallStatus.DONE:
        return {**BLANK, "purposes": sorted(purpose.value for purpose in details.purposes)}
    promise = next((one for one in details.follow_ups if one.done_at is None), None)
    report = CallReport(
        doctor_id=call.main_doctor_id,
        result=call.result or CallResult.NOT_MET,
        call_type=call.call_type,
        started_at_time=call.started_at_time,
        other_doctor_ids=tuple(doctor.id for doctor in details.others),
        purposes=tuple(details.purposes),
        products=tuple(ProductTalk(row.product_id, row.rating, row.stock_packs) for row in details.products),
        competitors=tuple(CompetitorNote(row.competitor_id, row.note) for row in details.competitors),
        summary=call.summary,
        follow_up=Promise(promise.due_on, promise.text) if promise else None,
        kept_follow_up_ids=tuple(kept),
    )
    return facts_of(report)


def _doctors(session: Session, scope: Scope, doctor_ids: Collection[int]) -> list[PackDoctor]:
    rows = list_doctor_rows(session, scope, doctor_ids) if doctor_ids else {}
    letters = doctor_letters(session, scope, list(rows))
    ratings: dict[int, dict[int, int]] = {}
    for (doctor_id, product_id), rating in latest_ratings(session, scope, list(rows), scope.on).items():
        ratings.setdefault(doctor_id, {})[product_id] = rating
    earlier: dict[int, list[LastCall]] = {}
    recent = recent_calls(session, scope, list(rows), LAST_CALLS)
    for one in details_of(session, scope, recent) if recent else []:
        earlier.setdefault(one.call.main_doctor_id, []).append(_last_call(one))
    return [
        PackDoctor(
            id=row.id,
            name=row.name,
            letters=letters.get(row.id, ""),
            is_key=row.tier.value == "key",
            hospital_id=row.hospital_id,
            hospital=row.hospital_name or "",
            department=row.department_name,
            ratings=ratings.get(row.id, {}),
            last_calls=tuple(earlier.get(row.id, ())),
        )
        for row in rows.values()
        if row.hospital_id is not None and row.is_active
    ]


def _last_call(details: CallDetails) -> LastCall:
    call = details.call
    return LastCall(
        day_on=call.day_on,
        result=call.result or CallResult.NOT_MET,
        summary=call.summary,
        purposes=tuple(details.purposes),
        product_ids=tuple(row.product_id for row in details.products),
    )


def _products(session: Session, held: Collection[list[Product]]) -> list[PackProduct]:
    products = {product.id: product for ones in held for product in ones}
    rivals = list_competitors(session, list(products))
    return [
        PackProduct(one.id, one.name, one.unit.value, {rival.id: rival.name for rival in rivals.get(one.id, [])})
        for one in products.values()
    ]
