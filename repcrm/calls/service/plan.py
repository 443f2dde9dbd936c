"""What is done with a call to come: planned, moved, pinned, cancelled, missed.

`now` is aware and in the business time zone everywhere here: its date is today.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.accounts.models import Doctor
from repcrm.accounts.models import Session as DayPart
from repcrm.calls import sheet as rules
from repcrm.calls.models import Call, CallDoctor, CallSheet, CallStatus, CallType
from repcrm.calls.report import Place
from repcrm.calls.service import writing
from repcrm.calls.service.holding import changed, check_open, reason_of, take, write_on
from repcrm.calls.terms import CallPurpose, MissReason
from repcrm.core.errors import RuleBroken
from repcrm.core.words import N_
from repcrm.organisation.access import Scope


def plan_call(
    session: Session,
    who: Scope,
    sheet: CallSheet,
    doctor_id: int,
    place: Place,
    *,
    now: datetime,
    part: DayPart | None = None,
    purposes: Sequence[CallPurpose] = (),
    is_pinned: bool = False,
) -> Call:
    """Put a call on the plan of a day.

    sheet   the day's sheet from `open_sheet`
    place   where the doctor works that day
    raises  RuleBroken for a day gone by, a locked sheet, or a doctor who is on that day's plan already
    """
    write_on(session, who, sheet)
    rules.check_plan_day(sheet.day_on, now.date())
    _check_not_planned(session, sheet, doctor_id)
    call = Call(
        sheet_id=sheet.id,
        rep_id=sheet.rep_id,
        day_on=sheet.day_on,
        hospital_id=place.hospital_id,
        department_id=place.department_id,
        main_doctor_id=doctor_id,
        status=CallStatus.PLANNED,
        is_planned=True,
        session=part,
        is_pinned=is_pinned,
        call_type=CallType.ONE_TO_ONE,
    )
    session.add(call)
    session.flush()
    session.add(CallDoctor(call_id=call.id, doctor_id=doctor_id))
    session.flush()
    writing.write_purposes(session, call, purposes)
    return call


def move_call(
    session: Session,
    who: Scope,
    call: Call,
    sheet: CallSheet,
    *,
    now: datetime,
    part: DayPart | None = None,
    seen_version: int | None = None,
) -> Call:
    """Move a planned call to another day or part of the day; it stays planned.

    sheet   the other day's sheet from `open_sheet`, or the call's own
    part    None keeps the part of the day
    raises  RuleBroken if the call is no longer open, either sheet is locked, or the day is gone by
    """
    call = take(session, who, call, seen_version)
    check_open(call)
    write_on(session, who, sheet)
    rules.check_plan_day(sheet.day_on, now.date())
    if sheet.id != call.sheet_id:
        _check_not_planned(session, sheet, call.main_doctor_id)
    call.sheet_id, call.day_on = sheet.id, sheet.day_on
    call.session = part or call.session
    return changed(session, call)


def cancel_call(session: Session, who: Scope, call: Call, reason: str, *, seen_version: int | None = None) -> Call:
    """Cancel a planned call, saying why; it still counts as planned.

    raises  RuleBroken without a reason, if the call is no longer open, or on a locked sheet
    """
    reason = reason_of(reason)
    call = take(session, who, call, seen_version)
    check_open(call)
    call.status, call.cancel_reason = CallStatus.CANCELLED, reason
    return changed(session, call)


def miss_call(
    session: Session, who: Scope, call: Call, why: MissReason, words: str = "", *, seen_version: int | None = None
) -> Call:
    """Say why a planned call did not come about: it is off the day, and the visit is owed again.

    words   more about it; for another reason than those listed they cannot be empty
    raises  RuleBroken without words for another reason, if the call is no longer open, or on a locked sheet
    """
    words = reason_of(words) if why is MissReason.OTHER or words.strip() else ""
    call = take(session, who, call, seen_version)
    check_open(call)
    call.status, call.miss_reason, call.cancel_reason = CallStatus.CANCELLED, why, words
    return changed(session, call)


def reopen_call(session: Session, who: Scope, call: Call, *, seen_version: int | None = None) -> Call:
    """Take back that a call was missed or cancelled: it stands on its day's plan again.

    raises  RuleBroken unless it was, on a locked sheet, or if the doctor has been planned on that day anew
    """
    call = take(session, who, call, seen_version)
    if call.status is not CallStatus.CANCELLED:
        raise RuleBroken(N_("This call was not cancelled."))
    _check_not_planned(session, call.sheet, call.main_doctor_id)
    call.status, call.miss_reason, call.cancel_reason = CallStatus.PLANNED, None, ""
    return changed(session, call)


def pin_call(
    session: Session, who: Scope, call: Call, is_pinned: bool = True, *, seen_version: int | None = None
) -> Call:
    """Say that a planned call is agreed with the doctor and not to be moved by planning, or no longer is.

    raises  RuleBroken if the call is no longer open, or on a locked sheet
    """
    call = take(session, who, call, seen_version)
    check_open(call)
    call.is_pinned = is_pinned
    return changed(session, call)


def _check_not_planned(session: Session, sheet: CallSheet, doctor_id: int) -> None:
    wanted = select(Doctor.name).join(Call, Call.main_doctor_id == Doctor.id)
    mine = (Call.sheet_id == sheet.id) & (Call.main_doctor_id == doctor_id) & (Call.status == CallStatus.PLANNED)
    if name := session.scalar(wanted.where(mine)):
        raise RuleBroken(N_("%(name)s is on the plan of that day already."), name=name)
