"""What is done with a day's sheet: begun, handed in, accepted, sent back."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from repcrm.accounts.models import Doctor
from repcrm.calls import sheet as rules
from repcrm.calls.models import Call, CallSheet, SheetStatus
from repcrm.calls.sheet import Hand, Line, Step
from repcrm.core.errors import Conflict, NotFound, RuleBroken
from repcrm.core.words import N_
from repcrm.db.journal import record
from repcrm.organisation.access import Role, Scope
from repcrm.organisation.models import User

LONGEST_COMMENT = 2000


def open_sheet(session: Session, who: Scope, day_on: date) -> CallSheet:
    """Return the rep's own sheet of a day, begun if there was none, locked until the unit of work ends.

    who  the rep

    Whoever hands the sheet in meanwhile waits, so no call slips onto a sheet that is locked.
    """
    if who.role is not Role.REP:
        raise NotFound(N_("There is no such call sheet here."))
    mine = select(CallSheet).where(CallSheet.rep_id == who.user_id, CallSheet.day_on == day_on)
    locked = mine.with_for_update().execution_options(populate_existing=True)
    if found := session.scalar(locked):
        return found
    try:
        with session.begin_nested():
            sheet = CallSheet(rep_id=who.user_id, day_on=day_on, status=SheetStatus.DRAFT, review_comment="")
            session.add(sheet)
    except IntegrityError:  # begun at the same moment by the rep's other device
        return session.scalars(locked).one()
    return sheet


def lock_sheet(session: Session, sheet_id: int) -> CallSheet:
    """Return a sheet as it is now, locked until the unit of work ends."""
    wanted = select(CallSheet).where(CallSheet.id == sheet_id).with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one()


def hand_of(session: Session, who: Scope, sheet: CallSheet) -> Hand:
    """Tell whose hand is on a sheet.

    raises  NotFound for anybody but its rep and the lead of the rep's region
    """
    if who.role is Role.REP and who.user_id == sheet.rep_id:
        return Hand.REP
    if who.role is Role.LEAD and session.get_one(User, sheet.rep_id).region_id == who.region_id:
        return Hand.LEAD
    raise NotFound(N_("There is no such call sheet here."))


def submit_sheet(
    session: Session, who: Scope, sheet: CallSheet, *, now: datetime, seen_version: int | None = None
) -> CallSheet:
    """Hand a day's sheet in: from now on it is locked. Goes into the journal.

    who           its rep
    now           aware, in the business time zone: its date is today
    seen_version  the version the rep was shown
    raises        RuleBroken while a planned call is open, naming it; for a day to come; if it is handed in already
                  Conflict if the sheet was changed since it was shown
    """
    sheet = lock_sheet(session, sheet.id)
    _check_version(sheet, seen_version)
    status = rules.climb(sheet.status, Step.SUBMIT, hand_of(session, who, sheet))
    lines = lines_of(session, sheet)
    rules.check_submission(sheet.day_on, lines, now.date())
    sheet.submitted_at = now
    done = rules.progress(lines).done
    return _move(session, who, sheet, status, "submit_sheet", now, calls_done=done)


def accept_sheet(
    session: Session, who: Scope, sheet: CallSheet, comment: str = "", *, now: datetime, seen_version: int | None = None
) -> CallSheet:
    """Accept a sheet that waits for review, with a word if there is one to say. Goes into the journal.

    who     the lead of the rep's region
    raises  RuleBroken unless it waits for review; Conflict if it was changed since it was shown
    """
    return _review(session, who, sheet, Step.ACCEPT, comment, now, seen_version)


def return_sheet(
    session: Session, who: Scope, sheet: CallSheet, reason: str, *, now: datetime, seen_version: int | None = None
) -> CallSheet:
    """Send a sheet back to its rep, who may then change it and hand it in again. Goes into the journal.

    who     the lead of the rep's region
    reason  what is to be put right; it cannot be empty
    raises  RuleBroken unless it waits for review, or without a reason; Conflict if it was changed since it was shown
    """
    if not reason.strip():
        raise RuleBroken(N_("Say what is to be put right."), field="comment")
    return _review(session, who, sheet, Step.RETURN, reason, now, seen_version)


def lines_of(session: Session, sheet: CallSheet) -> list[Line]:
    """Return what the rules need to know of a sheet's calls."""
    wanted = (
        select(Call.status, Call.is_planned, Call.result, Doctor.name)
        .join(Call.main_doctor)
        .where(Call.sheet_id == sheet.id)
        .order_by(Call.id)
    )
    return [Line(*row) for row in session.execute(wanted)]


def _review(
    session: Session, who: Scope, sheet: CallSheet, step: Step, comment: str, now: datetime, seen_version: int | None
) -> CallSheet:
    sheet = lock_sheet(session, sheet.id)
    _check_version(sheet, seen_version)
    status = rules.climb(sheet.status, step, hand_of(session, who, sheet))
    if len(comment) > LONGEST_COMMENT:
        raise RuleBroken(
            N_("The words are too many: up to %(most)s characters."), field="comment", most=LONGEST_COMMENT
        )
    sheet.reviewed_at, sheet.reviewed_by_id, sheet.review_comment = now, who.user_id, comment.strip()
    verb = "accept_sheet" if step is Step.ACCEPT else "return_sheet"
    return _move(session, who, sheet, status, verb, now, reason=comment.strip())


def _move(
    session: Session, who: Scope, sheet: CallSheet, status: SheetStatus, verb: str, now: datetime, reason: str = "",
    **facts: object,
) -> CallSheet:  # fmt: skip
    before = {"status": sheet.status}
    sheet.status = status
    sheet.version += 1
    session.flush()
    record(session, who.user_id, "call_sheet", sheet.id, verb, before, {"status": status, **facts}, reason, at=now)
    return sheet


def _check_version(sheet: CallSheet, seen_version: int | None) -> None:
    if seen_version is not None and sheet.version != seen_version:
        raise Conflict(N_("This sheet has changed since you opened it. Look at it again, then repeat your step."))
