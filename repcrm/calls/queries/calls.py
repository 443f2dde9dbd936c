"""Calls with everything on them, in a fixed number of statements however many calls there are."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from repcrm.accounts.models import Department, Doctor, Post
from repcrm.accounts.queries import hospitals_in
from repcrm.calls.models import (
    Amendment,
    Call,
    CallDoctor,
    CallProduct,
    CallPurpose,
    CallPurposeChoice,
    CallResult,
    CallStatus,
    CompetitorSeen,
    FollowUp,
)
from repcrm.calls.queries.scope import calls_in
from repcrm.calls.report import Place
from repcrm.catalogue.models import Product
from repcrm.core.errors import NotFound
from repcrm.core.words import N_
from repcrm.organisation.access import Scope

Part = TypeVar("Part", CallDoctor, CallProduct, CallPurposeChoice, CompetitorSeen, FollowUp, Amendment)


@dataclass
class CallDetails:
    """A call and all that hangs on it, each in the order it was written."""

    call: Call
    doctors: list[Doctor] = field(default_factory=list)
    """Everybody met, the main doctor first."""
    purposes: list[CallPurpose] = field(default_factory=list)
    products: list[CallProduct] = field(default_factory=list)
    competitors: list[CompetitorSeen] = field(default_factory=list)
    follow_ups: list[FollowUp] = field(default_factory=list)
    amendments: list[Amendment] = field(default_factory=list)

    @property
    def others(self) -> list[Doctor]:
        """The doctors met besides the main one."""
        return [doctor for doctor in self.doctors if doctor.id != self.call.main_doctor_id]

    def facts(self) -> dict[str, Any]:
        """What the call says, in plain values: how a correction remembers what was."""
        call = self.call
        return {
            "result": call.result,
            "call_type": call.call_type,
            "started_at_time": call.started_at_time.strftime("%H:%M") if call.started_at_time else None,
            "doctors": [doctor.name for doctor in self.doctors],
            "purposes": sorted(self.purposes),
            "products": [row.product.name for row in self.products],
            "ratings": {row.product.name: row.rating for row in self.products if row.rating is not None},
            "stock": {row.product.name: row.stock_packs for row in self.products if row.stock_packs is not None},
            "competitors": {row.competitor.name: row.note for row in self.competitors},
            "summary": call.summary,
            "follow_up": [f"{row.due_on.isoformat()} {row.text}".strip() for row in self.follow_ups],
        }


@dataclass(frozen=True)
class CallLine:
    """A call in a list of a doctor's calls: columns, not entities."""

    id: int
    day_on: date
    rep_id: int
    status: CallStatus
    result: CallResult | None
    summary: str
    products: tuple[str, ...] = ()


def get_call(session: Session, scope: Scope, call_id: int) -> Call:
    """Return a call with its sheet, hospital, department and main doctor, or raise NotFound outside the scope."""
    found = session.scalar(_whole(select(Call)).where(Call.id == call_id, calls_in(scope)))
    if found is None:
        raise NotFound(N_("There is no such call here."))
    return found


def list_calls_of_sheet(session: Session, scope: Scope, sheet_id: int) -> list[Call]:
    """Return the calls of a sheet with hospital, department and main doctor, in the order of the day."""
    wanted = _whole(select(Call)).where(Call.sheet_id == sheet_id, calls_in(scope))
    return list(session.scalars(wanted.order_by(Call.started_at_time.is_(None), Call.started_at_time, Call.id)))


def list_calls_between(session: Session, scope: Scope, from_on: date, until_on: date) -> list[Call]:
    """Return the calls within scope from a day up to but not with another, as whole as `list_calls_of_sheet`."""
    wanted = _whole(select(Call)).where(Call.day_on >= from_on, Call.day_on < until_on, calls_in(scope))
    return list(
        session.scalars(wanted.order_by(Call.day_on, Call.started_at_time.is_(None), Call.started_at_time, Call.id))
    )


def recent_calls(session: Session, scope: Scope, doctor_ids: Collection[int], each: int) -> list[Call]:
    """Return the last calls made on each of these doctors within scope, the newest first.

    each  so many a doctor at most
    """
    newest_first = (Call.day_on.desc(), Call.id.desc())
    place = func.row_number().over(partition_by=Call.main_doctor_id, order_by=newest_first).label("place")
    mine = select(Call.id, place).where(Call.main_doctor_id.in_(list(doctor_ids)), calls_in(scope))
    ranked = mine.where(Call.status == CallStatus.DONE).subquery()
    wanted = select(Call).where(Call.id.in_(select(ranked.c.id).where(ranked.c.place <= each)))
    return list(session.scalars(wanted.order_by(*newest_first)))


def get_details(session: Session, scope: Scope, call_id: int) -> CallDetails:
    """Return a call with all that hangs on it, or raise NotFound outside the scope."""
    return details_of(session, scope, [get_call(session, scope, call_id)])[0]


def details_of(session: Session, scope: Scope, calls: Sequence[Call]) -> list[CallDetails]:
    """Return all that hangs on these calls, in their order; six statements.

    calls  already within scope; those that are not come back bare
    """
    found = {call.id: CallDetails(call) for call in calls}

    def rows(kind: type[Part], *options: Any) -> Iterable[Part]:
        mine = select(Call.id).where(Call.id.in_(list(found)), calls_in(scope))
        return session.scalars(select(kind).where(kind.call_id.in_(mine)).options(*options).order_by(kind.id))

    for met in rows(CallDoctor, joinedload(CallDoctor.doctor)):
        found[met.call_id].doctors.append(met.doctor)
    for choice in rows(CallPurposeChoice):
        found[choice.call_id].purposes.append(choice.purpose)
    for talk in rows(CallProduct, joinedload(CallProduct.product)):
        found[talk.call_id].products.append(talk)
    for seen in rows(CompetitorSeen, joinedload(CompetitorSeen.competitor)):
        found[seen.call_id].competitors.append(seen)
    for promise in rows(FollowUp):
        found[promise.call_id].follow_ups.append(promise)
    for amendment in rows(Amendment, joinedload(Amendment.by)):
        found[amendment.call_id].amendments.append(amendment)
    for details in found.values():
        details.doctors.sort(key=lambda doctor: doctor.id != details.call.main_doctor_id)
    return list(found.values())


def list_calls_of_doctor(session: Session, scope: Scope, doctor_id: int, limit: int = 20) -> list[CallLine]:
    """Return a doctor's calls made within scope, the newest first, those met beside another doctor among them."""
    wanted = (
        select(Call.id, Call.day_on, Call.rep_id, Call.status, Call.result, Call.summary)
        .join(CallDoctor, CallDoctor.call_id == Call.id)
        .where(CallDoctor.doctor_id == doctor_id, Call.status == CallStatus.DONE, calls_in(scope))
        .order_by(Call.day_on.desc(), Call.id.desc())
        .limit(limit)
    )
    lines = session.execute(wanted).all()
    products: dict[int, list[str]] = {}
    talked = (
        select(CallProduct.call_id, Product.name)
        .join(CallProduct.product)
        .where(CallProduct.call_id.in_([line.id for line in lines]))
        .order_by(CallProduct.id)
    )
    for call_id, name in session.execute(talked):
        products.setdefault(call_id, []).append(name)
    return [CallLine(*line, products=tuple(products.get(line.id, ()))) for line in lines]


def places_of(session: Session, scope: Scope, doctor_ids: Collection[int]) -> dict[int, Place]:
    """Return where doctors work on `scope.on`: doctor id -> Place.

    raises  NotFound if one of them is not in the reader's scope on that day

    Of several posts the one held last counts.
    """
    posts = (
        select(Post.doctor_id, Department.hospital_id, Department.id)
        .join(Post.department)
        .join(Department.hospital)
        .join(Post.doctor)
        .where(Post.doctor_id.in_(list(doctor_ids)), Post.from_on <= scope.on, Doctor.is_active, hospitals_in(scope))
        .where(Post.until_on.is_(None) | (Post.until_on > scope.on))
        .order_by(Post.from_on, Post.id)
    )
    places = {doctor_id: Place(hospital_id, department_id) for doctor_id, hospital_id, department_id
              in session.execute(posts)}  # fmt: skip
    if len(places) < len(set(doctor_ids)):
        raise NotFound(N_("There is no such doctor."))
    return places


def find_planned(session: Session, scope: Scope, doctor_id: int, day_on: date) -> Call | None:
    """Return the open planned call on a doctor that day, None if there is none."""
    wanted = select(Call).where(Call.rep_id == scope.user_id, Call.day_on == day_on, calls_in(scope))
    return session.scalars(
        wanted.where(Call.main_doctor_id == doctor_id, Call.status == CallStatus.PLANNED).order_by(Call.id)
    ).first()


def last_used_products(session: Session, scope: Scope, doctor_id: int, limit: int = 10) -> list[int]:
    """Return the ids of the products last talked about with a doctor within scope, the latest first."""
    wanted = (
        select(CallProduct.product_id)
        .join(Call, Call.id == CallProduct.call_id)
        .where(Call.main_doctor_id == doctor_id, calls_in(scope))
        .order_by(Call.day_on.desc(), Call.id.desc(), CallProduct.id)
        .limit(limit)
    )
    return list(dict.fromkeys(session.scalars(wanted)))


def last_purposes(session: Session, scope: Scope, doctor_id: int) -> list[CallPurpose]:
    """Return the purposes of the last call made on a doctor within scope: most likely those of the next."""
    latest = (
        select(Call.id)
        .where(Call.main_doctor_id == doctor_id, Call.status == CallStatus.DONE, calls_in(scope))
        .order_by(Call.day_on.desc(), Call.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    wanted = select(CallPurposeChoice.purpose).where(CallPurposeChoice.call_id == latest)
    return list(session.scalars(wanted.order_by(CallPurposeChoice.id)))


def _whole(wanted: Select[Call]) -> Select[Call]:
    return wanted.options(
        joinedload(Call.sheet), joinedload(Call.hospital), joinedload(Call.department), joinedload(Call.main_doctor)
    )
