"""What is done with operations from devices: taken in once each, and decided where two devices disagree.

The rules of calls and sheets stay in calls/service. Here is only what distance adds: the same thing arriving twice, or
late, or against something said meanwhile. `now` is aware and in the business time zone: its date is today.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from repcrm.calls import sheet as rules
from repcrm.calls.models import Call, CallSheet, CallStatus
from repcrm.calls.queries import get_follow_up
from repcrm.calls.service import keep_follow_up, log_call, open_sheet, revise_call, submit_sheet, withdraw_call
from repcrm.calls.sheet import Hand, Step, is_locked
from repcrm.core.errors import BadInput, Conflict, NotFound, RepCRMError, RuleBroken
from repcrm.core.words import N_
from repcrm.organisation.access import Scope
from repcrm.organisation.models import User
from repcrm.sync.desk import Moved, call_of, check_offer, places
from repcrm.sync.facts import Facts, choose, merge, report_of
from repcrm.sync.models import SyncConflict, SyncOperation
from repcrm.sync.operation import CALL, FOLLOW_UP, ConflictKind, Kind, Operation, Outcome, Side
from repcrm.sync.queries import call_facts, count_conflicts, pack_calls

Say = Callable[[RepCRMError], str]
"""An error in the words of its reader: what is refused is stored as it was first said."""
CODES: dict[type[RepCRMError], str] = {
    NotFound: "not_found", Conflict: "changed", RuleBroken: "rule", BadInput: "input",
}  # fmt: skip
WHOLE = "call"
"""The one fact to decide on where a call as a whole is in question."""


@dataclass(frozen=True)
class _Done:
    """What became of an operation that was taken in."""

    call: Call | None = None
    sheet: CallSheet | None = None
    conflict: SyncConflict | None = None


def take_in(session: Session, who: Scope, operation: Operation, *, now: datetime, say: Say) -> str:
    """Do what a rep did on a device, exactly once however often it arrives.

    returns  the answer as JSON: what became of it, and the call as it stands now. An operation that is known gets the
             answer of its first arrival, byte for byte
    raises   Conflict if the operation's key is known with other words, or is somebody else's: nothing is told about it

    What the rules refuse is kept in the log, too, with the reason as the answer.
    """
    _take_turn(session, who)
    row = _claim(session, who, operation, now)
    if row.answer:
        if row.user_id != who.user_id or row.digest != operation.digest():
            raise Conflict(N_("This operation has been sent before with other words."))
        return row.answer
    try:
        with session.begin_nested():
            done = VERBS[operation.kind](session, who, operation, row, now)
            said = _answer(session, who, done)
    except RepCRMError as error:
        code = next(code for kind, code in CODES.items() if isinstance(error, kind))
        said = {"outcome": Outcome.REFUSED.value, "code": code, "words": say(error), "field": error.field}
    row.outcome = Outcome(said["outcome"])
    row.answer = json.dumps({"op_id": operation.op_id, **said}, ensure_ascii=False)
    session.flush()
    return row.answer


def hand_in(session: Session, who: Scope, day_on: date, *, now: datetime, seen_version: int | None = None) -> CallSheet:
    """Hand a day's sheet in, unless a call on it waits for a decision between two devices.

    raises  as `submit_sheet`; RuleBroken while something is undecided
    """
    if day_on > now.date():
        raise RuleBroken(N_("A sheet cannot be handed in before its day."))
    sheet = open_sheet(session, who, day_on)
    if count_conflicts(session, who, day_on):
        raise RuleBroken(N_("Decide first which words count: calls of this day were changed in two places."))
    return submit_sheet(session, who, sheet, now=now, seen_version=seen_version)


def settle_conflict(
    session: Session, who: Scope, conflict: SyncConflict, sides: Mapping[str, Side], *, now: datetime,
    seen_version: int | None = None,
) -> SyncConflict:  # fmt: skip
    """Keep the words that the rep has chosen; both versions stay on record.

    sides         fact -> whose words; WHOLE -> whose, where the call as a whole is in question
    seen_version  of the call that the rep was shown
    raises        RuleBroken if it has been decided already, or the rules refuse what was chosen
                  Conflict if the call changed since it was shown
    """
    _take_turn(session, who)
    session.refresh(conflict, ["settled_at"])
    if conflict.settled_at is not None:
        raise RuleBroken(N_("This has been decided already."))
    if missing := [name for name in _in_question(conflict) if name not in sides]:
        raise RuleBroken(N_("Choose for each line whose words count."), field=missing[0])
    call = session.get(Call, conflict.call_id) if conflict.call_id else None
    if seen_version is not None and call is not None and call.version != seen_version:
        raise Conflict(N_("This call has changed since you opened it. Look at it again, then repeat your change."))
    if any(side is not Side.THEIRS for side in sides.values()):
        _write_chosen(session, who, conflict, call, sides, now)
    conflict.settled_at, conflict.choice = now, {name: side.value for name, side in sides.items()}
    session.flush()
    return conflict


def _in_question(conflict: SyncConflict) -> list[str]:
    return list(conflict.mine) if conflict.kind is ConflictKind.CHANGED else [WHOLE]


def _write_chosen(
    session: Session, who: Scope, conflict: SyncConflict, call: Call | None, sides: Mapping[str, Side], now: datetime
) -> None:
    if conflict.kind is ConflictKind.DELETED:
        if call is not None and call.status is CallStatus.DONE:
            withdraw_call(session, who, call, now=now)
        return
    facts = conflict.mine
    if conflict.kind is ConflictKind.CHANGED and call is not None:
        facts = choose(call_facts(session, who, [call])[call.id], conflict.mine, sides)
    try:
        conflict.call = _write(session, who, Operation.read(conflict.operation.said), call, facts, now)
    except Moved:
        raise RuleBroken(N_("The doctor is still not in your territory on that day.")) from None


# --- the verbs of a device --------------------------------------------------------------------------------------------


def _log(session: Session, who: Scope, operation: Operation, row: SyncOperation, now: datetime) -> _Done:
    call = call_of(session, who, operation.entity_id)
    if call is not None and call.status is CallStatus.DONE:
        return _merge(session, who, operation, call, row, now)
    if call is None and operation.key_of(CALL):
        raise NotFound(N_("There is no such call here."))
    try:
        return _Done(_write(session, who, operation, call, operation.fields, now))
    except Moved:
        return _Done(call, conflict=_open(session, row, ConflictKind.MOVED, operation, call, operation.fields, {}))


def _revise(session: Session, who: Scope, operation: Operation, row: SyncOperation, now: datetime) -> _Done:
    call = call_of(session, who, operation.entity_id)
    if call is None or call.status is not CallStatus.DONE:
        whole = {**operation.base, **operation.fields}
        return _Done(call, conflict=_open(session, row, ConflictKind.GONE, operation, call, whole, {}))
    return _merge(session, who, operation, call, row, now)


def _merge(session: Session, who: Scope, operation: Operation, call: Call, row: SyncOperation, now: datetime) -> _Done:
    theirs = call_facts(session, who, [call])[call.id]
    clean, clashing = merge(theirs, operation.base, operation.fields)
    if clean or clashing:
        rules.climb(call.sheet.status, Step.WRITE, Hand.REP)
    try:
        if clean:
            _write(session, who, operation, call, clean, now)
    except Moved:
        was = {name: theirs[name] for name in operation.fields}
        return _Done(call, conflict=_open(session, row, ConflictKind.MOVED, operation, call, operation.fields, was))
    if not clashing:
        return _Done(call)
    was = {name: theirs[name] for name in clashing}
    return _Done(call, conflict=_open(session, row, ConflictKind.CHANGED, operation, call, clashing, was))


def _delete(session: Session, who: Scope, operation: Operation, row: SyncOperation, now: datetime) -> _Done:
    call = call_of(session, who, operation.entity_id)
    if call is None or call.status is not CallStatus.DONE:
        return _Done(call)
    rules.climb(call.sheet.status, Step.WRITE, Hand.REP)
    if call.version != operation.base_version:
        theirs = call_facts(session, who, [call])[call.id]
        return _Done(call, conflict=_open(session, row, ConflictKind.DELETED, operation, call, {}, theirs))
    return _Done(withdraw_call(session, who, call, now=now))


def _keep(session: Session, who: Scope, operation: Operation, row: SyncOperation, now: datetime) -> _Done:
    promise = get_follow_up(session, who, operation.key_of(FOLLOW_UP) or 0)
    keep_follow_up(session, who, promise, now=now)
    return _Done()


def _submit(session: Session, who: Scope, operation: Operation, row: SyncOperation, now: datetime) -> _Done:
    day_on = operation.sheet_day()
    if day_on is None:
        raise NotFound(N_("There is no such call sheet here."))
    sheet = open_sheet(session, who, day_on)
    return _Done(sheet=sheet if is_locked(sheet.status) else hand_in(session, who, day_on, now=now))


VERBS = {Kind.LOG: _log, Kind.REVISE: _revise, Kind.DELETE: _delete, Kind.KEEP: _keep, Kind.SUBMIT: _submit}


def _write(session: Session, who: Scope, operation: Operation, call: Call | None, facts: Facts, now: datetime) -> Call:
    """Record the call, or say it anew where it is recorded.

    raises  Moved if somebody met was not in the rep's territory that day
    """
    made = call is not None and call.status is CallStatus.DONE
    if call is not None and made:
        facts = {**call_facts(session, who, [call])[call.id], **facts}
    doctor_id = call.main_doctor_id if call else operation.doctor_id
    day_on = call.day_on if call is not None and made else operation.day_on
    if doctor_id is None or day_on is None:
        raise BadInput(N_("Say whom the call was on, and on which day."))
    report = report_of(doctor_id, facts)
    where = places(session, who, report, day_on)
    check_offer(session, who, report, where[doctor_id].hospital_id, day_on, call)
    if call is not None and made:
        return revise_call(session, who, call, report, where, now=now)
    logged = log_call(session, who, open_sheet(session, who, day_on), report, where, now=now, planned=call)
    if call is None:
        logged.client_id = operation.entity_id
        session.flush()
    return logged


# --- the log ----------------------------------------------------------------------------------------------------------


def _take_turn(session: Session, who: Scope) -> None:
    """Let a rep's devices come one after the other: what one has said, the next one finds."""
    session.execute(select(User.id).where(User.id == who.user_id).with_for_update(key_share=True))


def _claim(session: Session, who: Scope, operation: Operation, now: datetime) -> SyncOperation:
    """The operation's row in the log: the one of its first arrival, or a new one without an answer yet."""
    known = select(SyncOperation).where(SyncOperation.op_id == operation.op_id)
    if found := session.scalar(known):
        return found
    row = SyncOperation(
        op_id=operation.op_id,
        user_id=who.user_id,
        device_id=operation.device_id,
        entity_id=operation.entity_id,
        kind=operation.kind,
        base_version=operation.base_version,
        said=operation.said(),
        digest=operation.digest(),
        device_time=operation.device_time,
        received_at=now,
        outcome=Outcome.APPLIED,
        answer="",
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # arrived at the same moment on another way
        return session.scalars(known).one()
    return row


def _open(
    session: Session, row: SyncOperation, kind: ConflictKind, operation: Operation, call: Call | None, mine: Facts,
    theirs: Facts,
) -> SyncConflict:  # fmt: skip
    conflict = SyncConflict(
        operation_id=row.id,
        user_id=row.user_id,
        call_id=call.id if call else None,
        day_on=call.day_on if call else operation.day_on,
        kind=kind,
        mine=mine,
        theirs=theirs,
        opened_at=row.received_at,
    )
    session.add(conflict)
    session.flush()
    return conflict


def _answer(session: Session, who: Scope, done: _Done) -> dict[str, Any]:
    said: dict[str, Any] = {"outcome": Outcome.CONFLICT.value if done.conflict else Outcome.APPLIED.value}
    if done.conflict:
        said |= {"code": done.conflict.kind.value, "conflict_id": done.conflict.id}
    if done.call is not None:
        session.expire(done.call)
        (call,) = pack_calls(session, who, [done.call])
        said["call"] = {
            **vars(call),
            "day_on": call.day_on.isoformat(),
        }
    if done.sheet is not None:
        said["sheet"] = {"day_on": done.sheet.day_on.isoformat(), "status": done.sheet.status.value}
    return said
