"""Taking hold of a sheet or a call before it is changed: locked, read afresh, and seen to be open."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.calls import sheet as rules
from repcrm.calls.models import Call, CallSheet, CallStatus
from repcrm.calls.service.sheets import hand_of, lock_sheet
from repcrm.calls.sheet import Step
from repcrm.core.errors import Conflict, NotFound, RuleBroken
from repcrm.core.words import N_
from repcrm.organisation.access import Scope

LONGEST_REASON = 200


def write_on(session: Session, who: Scope, sheet: CallSheet, step: Step = Step.WRITE) -> None:
    rules.climb(sheet.status, step, hand_of(session, who, sheet))


def take(session: Session, who: Scope, call: Call, seen_version: int | None, step: Step = Step.WRITE) -> Call:
    """Lock the call's sheet, read the call as it is now, and see whether it may be touched."""
    sheet = lock_sheet(session, call.sheet_id)
    wanted = select(Call).where(Call.id == call.id).execution_options(populate_existing=True)
    if (fresh := session.scalar(wanted)) is None:
        raise NotFound(N_("There is no such call here."))
    write_on(session, who, sheet, step)
    if fresh.sheet_id != sheet.id or (seen_version is not None and fresh.version != seen_version):
        raise Conflict(N_("This call has changed since you opened it. Look at it again, then repeat your change."))
    return fresh


def changed(session: Session, call: Call) -> Call:
    call.version += 1
    session.flush()
    return call


def reason_of(words: str) -> str:
    words = words.strip()
    if not words:
        raise RuleBroken(N_("Say why."), field="reason")
    if len(words) > LONGEST_REASON:
        raise RuleBroken(N_("The reason is too long: up to %(most)s characters."), field="reason", most=LONGEST_REASON)
    return words


def check_open(call: Call) -> None:
    if call.status is not CallStatus.PLANNED:
        raise RuleBroken(N_("This call is no longer open: it has been recorded or cancelled."))
