"""Sheets of a time before the company worked with this system: taken over many at once, as they were reviewed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from repcrm.accounts.models import AdoptionRating
from repcrm.accounts.models import Session as DayPart
from repcrm.accounts.queries import latest_ratings
from repcrm.calls.models import (
    Call,
    CallDoctor,
    CallProduct,
    CallPurposeChoice,
    CallSheet,
    CompetitorSeen,
    FollowUp,
)
from repcrm.calls.report import CallReport, Place, check_report, part_of_day
from repcrm.calls.service.writing import parts_of
from repcrm.calls.terms import CallPurpose, CallStatus, CallType, MissReason, SheetStatus
from repcrm.core.errors import NotFound
from repcrm.core.words import N_
from repcrm.db.base import Base
from repcrm.db.journal import JournalEntry
from repcrm.organisation.access import Role, Scope


@dataclass(frozen=True)
class PastCall:
    """A call as it stands on a sheet that was reviewed long ago.

    doctor_id      the main doctor
    places         where everybody met worked that day
    report         None: it was planned and cancelled, for `cancel_reason`
    logged_at      aware; None for a cancelled one
    """

    doctor_id: int
    places: dict[int, Place]
    report: CallReport | None
    is_planned: bool = False
    part: DayPart | None = None
    purposes: tuple[CallPurpose, ...] = ()
    cancel_reason: str = ""
    miss_reason: MissReason | None = None
    logged_at: datetime | None = None


@dataclass(frozen=True)
class PastSheet:
    """A rep's day, handed in and reviewed."""

    day_on: date
    calls: Sequence[PastCall]
    submitted_at: datetime
    reviewed_at: datetime
    reviewed_by_id: int
    comment: str = ""


def take_over_sheets(session: Session, who: Scope, sheets: Sequence[PastSheet]) -> list[FollowUp]:
    """Take over a rep's reviewed sheets; what is said in them keeps the rules of any call. Goes into the journal.

    who      the rep whose sheets they are
    sheets   in order of days, none of which has a sheet already
    returns  the promises that came out of them, in order; they are open
    raises   what `check_report` refuses: then nothing is taken over

    As when a call is logged, a rating becomes the doctor's where it says something new.
    """
    if who.role is not Role.REP:
        raise NotFound(N_("There is no such call sheet here."))
    for sheet in sheets:
        for call in sheet.calls:
            if call.report is not None:
                check_report(call.report, sheet.day_on, call.places)
    sheet_ids = _insert(session, CallSheet, [_sheet(who, sheet) for sheet in sheets])
    pairs = [(sheet_id, sheet, call) for sheet_id, sheet in zip(sheet_ids, sheets, strict=True) for call in sheet.calls]
    call_ids = _insert(session, Call, [_call(who, sheet_id, sheet, call) for sheet_id, sheet, call in pairs])
    made = [(call_id, sheet, call) for call_id, (_, sheet, call) in zip(call_ids, pairs, strict=True)]
    _write_parts(session, made)
    _rate(session, who, made)
    _keep(session, who, made)
    entries = [row for sheet_id, sheet in zip(sheet_ids, sheets, strict=True) for row in _entries(who, sheet_id, sheet)]
    _insert(session, JournalEntry, entries)
    return _promises(session, who, made)


_Made = tuple[int, PastSheet, PastCall]


def _sheet(who: Scope, sheet: PastSheet) -> dict[str, Any]:
    return {
        "rep_id": who.user_id, "day_on": sheet.day_on, "status": SheetStatus.REVIEWED, "version": 3,
        "submitted_at": sheet.submitted_at, "reviewed_at": sheet.reviewed_at,
        "reviewed_by_id": sheet.reviewed_by_id, "review_comment": sheet.comment,
    }  # fmt: skip


def _call(who: Scope, sheet_id: int, sheet: PastSheet, call: PastCall) -> dict[str, Any]:
    place, report = call.places[call.doctor_id], call.report
    began = report.started_at_time if report else None
    return {
        "sheet_id": sheet_id, "rep_id": who.user_id, "day_on": sheet.day_on, "hospital_id": place.hospital_id,
        "department_id": place.department_id, "main_doctor_id": call.doctor_id,
        "status": CallStatus.DONE if report else CallStatus.CANCELLED, "is_planned": call.is_planned,
        "session": DayPart(part_of_day(began)) if began else call.part, "started_at_time": began,
        "call_type": report.call_type if report else CallType.ONE_TO_ONE, "result": report.result if report else None,
        "summary": report.summary if report else "", "cancel_reason": call.cancel_reason,
        "miss_reason": call.miss_reason,
        "logged_at": call.logged_at, "version": 2 if call.is_planned else 1,
    }  # fmt: skip


def _write_parts(session: Session, made: Iterable[_Made]) -> None:
    rows: dict[type[Base], list[dict[str, Any]]] = {
        CallDoctor: [], CallPurposeChoice: [], CallProduct: [], CompetitorSeen: [],
    }  # fmt: skip
    for call_id, _, call in made:
        if call.report is None:
            rows[CallDoctor].append({"call_id": call_id, "doctor_id": call.doctor_id})
            rows[CallPurposeChoice] += [{"call_id": call_id, "purpose": purpose} for purpose in call.purposes]
            continue
        for kind, parts in parts_of(call_id, call.report).items():
            rows[kind] += parts
    for kind, parts in rows.items():
        _insert(session, kind, parts)


def _rate(session: Session, who: Scope, made: Sequence[_Made]) -> None:
    if not made:
        return
    doctors = {call.doctor_id for _, _, call in made}
    first = made[0][1].day_on
    known = latest_ratings(session, who.as_of(first), doctors, first)
    rows: list[dict[str, Any]] = []
    entries: list[tuple[int | None, dict[str, Any]]] = []
    for call_id, sheet, call in made:
        for product_id, rating in call.report.ratings.items() if call.report else ():
            before = known.get((call.doctor_id, product_id))
            if before == rating:
                continue
            known[call.doctor_id, product_id] = rating
            rows.append({
                "doctor_id": call.doctor_id, "product_id": product_id, "rating": rating, "rated_on": sheet.day_on,
                "set_by_id": who.user_id, "set_at": call.logged_at, "call_id": call_id,
            })  # fmt: skip
            entries.append((before, rows[-1]))
    ids = _insert(session, AdoptionRating, rows)
    _insert(session, JournalEntry, [
        {
            "at": row["set_at"], "actor_id": who.user_id, "subject": "adoption_rating", "subject_id": one,
            "verb": "rate_doctor", "before": None if before is None else {"rating": before},
            "after": {
                "doctor_id": row["doctor_id"], "product_id": row["product_id"], "rating": row["rating"],
                "rated_on": row["rated_on"].isoformat(), "call_id": row["call_id"],
            },
        }
        for one, (before, row) in zip(ids, entries, strict=True)
    ])  # fmt: skip


def _keep(session: Session, who: Scope, made: Iterable[_Made]) -> None:
    """Tick off the earlier promises that these calls have kept."""
    for _, _, call in made:
        if call.report and call.report.kept_follow_up_ids:
            session.execute(
                update(FollowUp)
                .where(FollowUp.id.in_(call.report.kept_follow_up_ids), FollowUp.rep_id == who.user_id)
                .where(FollowUp.done_at.is_(None))
                .values(done_at=call.logged_at)
            )


def _entries(who: Scope, sheet_id: int, sheet: PastSheet) -> Iterator[dict[str, Any]]:
    draft, submitted, reviewed = (
        {"status": status.value} for status in (SheetStatus.DRAFT, SheetStatus.SUBMITTED, SheetStatus.REVIEWED)
    )
    done = sum(call.report is not None for call in sheet.calls)
    about = {"subject": "call_sheet", "subject_id": sheet_id}
    yield {
        **about, "at": sheet.submitted_at, "actor_id": who.user_id, "verb": "submit_sheet",
        "before": draft, "after": {**submitted, "calls_done": done}, "reason": "",
    }  # fmt: skip
    yield {
        **about, "at": sheet.reviewed_at, "actor_id": sheet.reviewed_by_id, "verb": "accept_sheet",
        "before": submitted, "after": reviewed, "reason": sheet.comment,
    }  # fmt: skip


def _promises(session: Session, who: Scope, made: Iterable[_Made]) -> list[FollowUp]:
    promises = [
        FollowUp(
            call_id=call_id, rep_id=who.user_id, doctor_id=call.doctor_id, due_on=call.report.follow_up.due_on,
            text=call.report.follow_up.text,
        )
        for call_id, _, call in made
        if call.report and call.report.follow_up
    ]  # fmt: skip
    session.add_all(promises)
    session.flush()
    return promises


def _insert(session: Session, kind: type[Base], rows: list[dict[str, Any]]) -> list[int]:
    if not rows:
        return []
    table = Base.metadata.tables[kind.__tablename__]
    return list(session.scalars(insert(table).returning(table.c.id, sort_by_parameter_order=True), rows))
