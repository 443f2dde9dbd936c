"""What is done with a call that was made: logged, revised, withdrawn, corrected.

`now` is aware and in the business time zone everywhere here: its date is today.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.accounts.queries import latest_ratings
from repcrm.calls import sheet as rules
from repcrm.calls.models import Amendment, Call, CallDoctor, CallSheet, CallStatus, FollowUp
from repcrm.calls.queries.calls import get_details
from repcrm.calls.report import CallReport, Place, check_report, what_changed
from repcrm.calls.service import writing
from repcrm.calls.service.ceiling import check_ceiling
from repcrm.calls.service.holding import changed, check_open, reason_of, take, write_on
from repcrm.calls.sheet import Step
from repcrm.calls.terms import CallResult
from repcrm.core.errors import Conflict, RuleBroken
from repcrm.core.words import N_
from repcrm.db.journal import record
from repcrm.organisation.access import Scope

Places = Mapping[int, Place]
"""Doctor -> where the doctor works on the day; from `queries.places_of`, which knows the rep's scope."""


def log_call(
    session: Session,
    who: Scope,
    sheet: CallSheet,
    report: CallReport,
    places: Places,
    *,
    now: datetime,
    planned: Call | None = None,
    seen_version: int | None = None,
    known_ratings: Mapping[int, int] | None = None,
) -> Call:
    """Record a call that was made.

    sheet          the day's sheet from `open_sheet`: already locked, so that many calls can follow one another
    places         where everybody met works that day
    planned        the planned call that this was; None for an unplanned one
    known_ratings  product -> rating of the main doctor as of the sheet's day; None: they are looked up if needed
    raises         RuleBroken for a day to come or long gone, a locked sheet, what `check_report` refuses, or a call
                   that passes the company's ceiling on contact without a reason

    Ratings that say something new are given to the doctor; the others only stand on the call.
    """
    write_on(session, who, sheet)
    rules.check_log_day(sheet.day_on, now.date(), sheet.status)
    check_report(report, sheet.day_on, places)
    _check_time(report, sheet, now)
    over_ceiling = _reason_over_ceiling(session, sheet, report)
    if planned is not None:
        call = take(session, who, planned, seen_version)
        check_open(call)
        if call.sheet_id != sheet.id:
            raise Conflict(N_("This call has been moved to another day."))
        writing.clear_parts(session, call)
        call.version += 1
    else:
        _check_not_logged(session, sheet, report)
        call = Call(sheet_id=sheet.id, rep_id=sheet.rep_id, day_on=sheet.day_on, is_planned=False)
        session.add(call)
    writing.fill(call, report, places[report.doctor_id], now)
    call.ceiling_reason = over_ceiling
    session.flush()
    if over_ceiling:
        after = {"doctor_id": report.doctor_id, "day_on": sheet.day_on}
        record(session, who.user_id, "call", call.id, "pass_ceiling", None, after, over_ceiling, at=now)
    writing.write_parts(session, call, report)
    if report.follow_up:
        writing.add_follow_up(session, call, report.follow_up)
    writing.keep_promises(session, call, report.kept_follow_up_ids, now)
    _rate(session, who, call, report, now, known_ratings)
    session.flush()
    return call


def revise_call(
    session: Session,
    who: Scope,
    call: Call,
    report: CallReport,
    places: Places,
    *,
    now: datetime,
    seen_version: int | None = None,
) -> Call:
    """Say a recorded call anew while its sheet is still open.

    raises  RuleBroken on a locked sheet, or if the call was not made; Conflict if it changed since it was shown
    """
    call = take(session, who, call, seen_version)
    _check_done(call)
    _rewrite(session, who, call, report, places, now)
    return changed(session, call)


def withdraw_call(
    session: Session, who: Scope, call: Call, *, now: datetime, seen_version: int | None = None
) -> Call | None:
    """Take a recorded call back while its sheet is still open, with the ratings and promises that came out of it.

    returns  the call, planned again, if it stood in the plan; None if it is gone
    raises   RuleBroken on a locked sheet, or if it was not made: a planned call is moved or cancelled
             Conflict if it changed since it was shown
    """
    call = take(session, who, call, seen_version)
    _check_done(call)
    writing.withdraw_ratings(session, who, call, now)
    writing.reopen_promises(session, call)
    for promise in session.scalars(select(FollowUp).where(FollowUp.call_id == call.id)).all():
        session.delete(promise)
    writing.clear_parts(session, call, purposes=not call.is_planned)
    if not call.is_planned:
        session.delete(call)
        session.flush()
        return None
    call.status, call.result, call.summary = CallStatus.PLANNED, None, ""
    call.logged_at, call.started_at_time = None, None
    session.add(CallDoctor(call_id=call.id, doctor_id=call.main_doctor_id))
    return changed(session, call)


def amend_call(
    session: Session,
    who: Scope,
    call: Call,
    report: CallReport,
    places: Places,
    reason: str,
    *,
    now: datetime,
    seen_version: int | None = None,
) -> Amendment:
    """Correct a call on a sheet that has been handed in: what was stays on record. Goes into the journal.

    reason  why; it cannot be empty
    raises  RuleBroken without a reason, if the sheet is still open, or if nothing changes
            Conflict if the call changed since it was shown
    """
    reason = reason_of(reason)
    call = take(session, who, call, seen_version, Step.AMEND)
    _check_done(call)
    before = get_details(session, who, call.id).facts()
    _rewrite(session, who, call, report, places, now)
    changed(session, call)
    session.expire(call)
    was, is_now = what_changed(before, get_details(session, who, call.id).facts())
    amendment = Amendment(call_id=call.id, by_id=who.user_id, at=now, reason=reason, before=was, after=is_now)
    session.add(amendment)
    call.sheet.version += 1
    record(session, who.user_id, "call", call.id, "amend_call", was, is_now, reason, at=now)
    return amendment


def _rewrite(session: Session, who: Scope, call: Call, report: CallReport, places: Places, now: datetime) -> None:
    check_report(report, call.day_on, places)
    _check_time(report, call.sheet, now)
    rated = (call.main_doctor_id, writing.ratings_of(session, call))
    writing.clear_parts(session, call)
    logged_at = call.logged_at or now
    writing.fill(call, report, places[report.doctor_id], logged_at)
    session.flush()
    writing.write_parts(session, call, report)
    writing.write_follow_up(session, call, report.follow_up)
    writing.keep_promises(session, call, report.kept_follow_up_ids, now)
    if rated != (report.doctor_id, report.ratings):
        writing.withdraw_ratings(session, who, call, now)
        _rate(session, who, call, report, now, None)


def _rate(
    session: Session, who: Scope, call: Call, report: CallReport, now: datetime, known: Mapping[int, int] | None
) -> None:
    if not (ratings := report.ratings):
        return
    if known is None:
        standing = latest_ratings(session, who.as_of(call.day_on), [call.main_doctor_id], call.day_on)
        known = {product_id: rating for (_, product_id), rating in standing.items()}
    writing.write_ratings(session, who, call, ratings, known, now)


def _reason_over_ceiling(session: Session, sheet: CallSheet, report: CallReport) -> str:
    """Why the call was needed although it passes the company's ceiling; a doctor not met was not contacted."""
    if report.result is CallResult.DOCTOR_NOT_MET:
        return ""
    return check_ceiling(session, sheet.day_on, report.doctor_ids, report.ceiling_reason)


def _check_not_logged(session: Session, sheet: CallSheet, report: CallReport) -> None:
    """Refuse a call that stands there: a form sent twice is one call, and nobody is met twice at one time."""
    same = (Call.main_doctor_id == report.doctor_id) & (Call.status == CallStatus.DONE) & Call.is_planned.is_(False)
    at_that_time = Call.started_at_time.is_not_distinct_from(report.started_at_time)
    if session.scalar(select(Call.id).where(Call.sheet_id == sheet.id, same, at_that_time).limit(1)):
        raise RuleBroken(
            N_("This call is on the sheet already. If it is another one, say at what time it was."),
            field="started_at_time",
        )


def _check_done(call: Call) -> None:
    if call.status is not CallStatus.DONE:
        raise RuleBroken(N_("This call has not been recorded."))


def _check_time(report: CallReport, sheet: CallSheet, now: datetime) -> None:
    if sheet.day_on == now.date() and report.started_at_time and report.started_at_time > now.time():
        raise RuleBroken(N_("A call cannot be recorded before it was made."), field="started_at_time")
