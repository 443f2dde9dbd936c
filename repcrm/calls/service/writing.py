"""How a report is written down: the rows around a call, with as few statements as can be."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from repcrm.accounts.models import AdoptionRating, Doctor
from repcrm.accounts.models import Session as DayPart
from repcrm.accounts.service import rate_doctor
from repcrm.calls.models import (
    Call,
    CallDoctor,
    CallProduct,
    CallPurpose,
    CallPurposeChoice,
    CallStatus,
    CompetitorSeen,
    FollowUp,
)
from repcrm.calls.report import CallReport, Place, Promise, part_of_day
from repcrm.calls.terms import CallResult
from repcrm.catalogue.models import Product
from repcrm.db.base import Base
from repcrm.db.journal import record
from repcrm.organisation.access import Scope

Ratings = Mapping[int, int]


def fill(call: Call, report: CallReport, place: Place, now: datetime) -> None:
    """Set the call's own columns to what the report says."""
    call.hospital_id = place.hospital_id
    call.department_id = place.department_id
    call.main_doctor_id = report.doctor_id
    call.status = CallStatus.DONE
    call.result = report.result
    call.call_type = report.call_type
    call.started_at_time = report.started_at_time
    if report.started_at_time:
        call.session = DayPart(part_of_day(report.started_at_time))
    call.summary = report.summary
    call.logged_at = now


def write_parts(session: Session, call: Call, report: CallReport) -> None:
    """Write whom the call met and what it was about."""
    for kind, rows in parts_of(call.id, report).items():
        _write(session, kind, rows)


def parts_of(call_id: int, report: CallReport) -> dict[type[Base], list[dict[str, Any]]]:
    """The rows that hang on a call: whom it met and what it was about."""
    met = report.result is not CallResult.DOCTOR_NOT_MET
    return {
        CallDoctor: [{"call_id": call_id, "doctor_id": doctor_id} for doctor_id in report.doctor_ids],
        CallPurposeChoice: [{"call_id": call_id, "purpose": purpose} for purpose in report.purposes],
        CallProduct: [
            {
                "call_id": call_id,
                "product_id": talk.product_id,
                "rating": talk.rating if met else None,
                "stock_packs": talk.stock_packs,
            }
            for talk in report.products
        ],
        CompetitorSeen: [
            {"call_id": call_id, "competitor_id": one.competitor_id, "note": one.note} for one in report.competitors
        ],
    }


def write_purposes(session: Session, call: Call, purposes: Sequence[CallPurpose]) -> None:
    """Write what the call is for."""
    _write(session, CallPurposeChoice, [{"call_id": call.id, "purpose": purpose} for purpose in purposes])


def clear_parts(session: Session, call: Call, *, purposes: bool = True) -> None:
    """Take away whom the call met and what it was about; `purposes=False` keeps what it is for."""
    for kind in (CallDoctor, CallProduct, CompetitorSeen):
        _clear(session, kind, call)
    if purposes:
        _clear(session, CallPurposeChoice, call)


def write_ratings(session: Session, who: Scope, call: Call, ratings: Ratings, known: Ratings, now: datetime) -> None:
    """Rate the main doctor where the call says something new.

    ratings  product -> rating as the call has it
    known    product -> rating that counts on the call's day already
    """
    for product_id, rating in ratings.items():
        if known.get(product_id) != rating:
            doctor = session.get_one(Doctor, call.main_doctor_id)
            product = session.get_one(Product, product_id)
            rate_doctor(
                session, doctor, product, rating, call.day_on, actor_id=who.user_id, now=now, call_id=call.id
            )  # fmt: skip


def ratings_of(session: Session, call: Call) -> dict[int, int]:
    """Return the ratings that stand on a call: product -> rating."""
    wanted = select(CallProduct.product_id, CallProduct.rating).where(CallProduct.call_id == call.id)
    return {product_id: rating for product_id, rating in session.execute(wanted) if rating is not None}


def withdraw_ratings(session: Session, who: Scope, call: Call, now: datetime) -> None:
    """Take back the ratings that came out of a call; the journal remembers them."""
    rows = session.scalars(select(AdoptionRating).where(AdoptionRating.call_id == call.id)).all()
    for row in rows:
        was = {"doctor_id": row.doctor_id, "product_id": row.product_id, "rating": row.rating}
        record(session, who.user_id, "adoption_rating", row.id, "withdraw_rating", was, None, at=now)
        session.delete(row)
    if rows:
        session.flush()


def write_follow_up(session: Session, call: Call, promise: Promise | None) -> None:
    """Make the open promise of a call what the report says: new, changed or none; kept ones stay."""
    standing = session.scalars(
        select(FollowUp).where(FollowUp.call_id == call.id, FollowUp.done_at.is_(None)).order_by(FollowUp.id)
    ).first()
    if promise is None:
        if standing:
            session.delete(standing)
    elif standing:
        standing.due_on, standing.text, standing.doctor_id = promise.due_on, promise.text, call.main_doctor_id
    else:
        add_follow_up(session, call, promise)


def add_follow_up(session: Session, call: Call, promise: Promise) -> None:
    """Remember a promise out of a call."""
    session.add(
        FollowUp(
            call_id=call.id,
            rep_id=call.rep_id,
            doctor_id=call.main_doctor_id,
            due_on=promise.due_on,
            text=promise.text,
        )
    )


def keep_promises(session: Session, call: Call, follow_up_ids: Sequence[int], now: datetime) -> None:
    """Tick off the rep's own earlier promises that a call has kept; others' are left alone."""
    if follow_up_ids:
        session.execute(
            update(FollowUp)
            .where(FollowUp.id.in_(follow_up_ids), FollowUp.rep_id == call.rep_id, FollowUp.done_at.is_(None))
            .values(done_at=now, kept_by_call_id=call.id)
        )


def reopen_promises(session: Session, call: Call) -> None:
    """Open the promises again that a call had kept."""
    session.execute(
        update(FollowUp).where(FollowUp.kept_by_call_id == call.id).values(done_at=None, kept_by_call_id=None)
    )


def _write(session: Session, kind: type[Base], rows: list[dict[str, Any]]) -> None:
    if rows:
        session.execute(insert(Base.metadata.tables[kind.__tablename__]), rows)  # the table's own insert: one statement


def _clear(session: Session, kind: type[Any], call: Call) -> None:
    session.execute(delete(kind).where(kind.call_id == call.id))
