"""The verbs of the Monday meeting and its actions."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.accounts.queries import get_hospital
from repcrm.core.errors import Conflict, NotFound, RuleBroken
from repcrm.core.periods import Period
from repcrm.core.words import N_
from repcrm.core.workdays import WorkCalendar
from repcrm.db.journal import record, values_of
from repcrm.meeting import queries
from repcrm.meeting.agenda import meeting_day
from repcrm.meeting.models import Action, Review
from repcrm.meeting.terms import ActionStatus
from repcrm.organisation.access import Permission, Scope
from repcrm.organisation.models import User
from repcrm.reports.models import ReportSnapshot

LONGEST_WORDS = 500
JOURNALLED = ("what", "owner_id", "hospital_id", "due_on", "status", "outcome")


@dataclass(frozen=True)
class Decision:
    """What, who, until when, and where if it is about a hospital."""

    what: str
    owner_id: int
    due_on: date
    hospital_id: int | None = None


def open_review(session: Session, snapshot: ReportSnapshot, calendar: WorkCalendar, *, now: datetime) -> Review:
    """Open the meeting about a week's report, once; a revised report is what an open meeting shows from then on.

    snapshot  of a week
    returns   the review of that region and week, on the first working day after the week
    """
    review = session.scalar(
        select(Review).where(Review.region_id == snapshot.region_id, Review.period == snapshot.period)
    )
    if review is None:
        review = Review(
            region_id=snapshot.region_id,
            period=snapshot.period,
            snapshot_id=snapshot.id,
            meets_on=meeting_day(Period.parse(snapshot.period), calendar),
            opened_at=now,
        )
        session.add(review)
    elif review.closed_at is None:
        review.snapshot_id = snapshot.id
    session.flush()
    return review


def note_review(session: Session, who: Scope, review: Review, notes: str, *, now: datetime, version: int) -> Review:
    """Keep what was said, as one text.

    version  of the meeting as the writer was shown it
    raises   Conflict if somebody else wrote meanwhile, RuleBroken once the meeting is closed
    """
    review = _running(session, who, review)
    _check_version(review, version)
    before = values_of(review, "notes")
    review.notes = notes.strip()
    review.version += 1
    session.flush()
    record(session, who.user_id, "review", review.id, "note_review", before, values_of(review, "notes"), at=now)
    return review


def close_review(session: Session, who: Scope, review: Review, *, now: datetime, version: int) -> Review:
    """End the meeting: it stays readable with the report it looked at, and decides nothing more.

    version  of the meeting as the lead was shown it
    raises   Conflict if it changed meanwhile, RuleBroken if it is closed already
    """
    review = _running(session, who, review)
    _check_version(review, version)
    review.snapshot_id = queries.shown_snapshot(session, who, review).id
    review.closed_at = now
    review.version += 1
    session.flush()
    record(session, who.user_id, "review", review.id, "close_review", None, {"snapshot_id": review.snapshot_id}, at=now)
    return review


def decide_action(session: Session, who: Scope, review: Review, decision: Decision, *, now: datetime) -> Action:
    """Decide that somebody does something until a day; it comes back every week until it is done or dropped.

    returns  the action; that which stands there if the same was decided already: a form sent twice is one action
    raises  RuleBroken once the meeting is closed, without words, for an owner who is not of the region, or for a
            day before the meeting; NotFound for a hospital out of scope
    """
    review = _running(session, who, review)
    what = _words(decision.what, "what", N_("Say what is to be done."))
    owner = session.scalar(select(User).where(User.id == decision.owner_id, queries.owners_in(who)))
    if owner is None:
        raise RuleBroken(N_("Choose somebody of the region."), field="owner_id")
    if decision.due_on < review.meets_on:
        raise RuleBroken(N_("The day lies before the meeting."), field="due_on")
    if decision.hospital_id is not None:
        get_hospital(session, who, decision.hospital_id)
    if same := _same_action(session, review, what, decision):
        return same
    action = Action(
        region_id=review.region_id,
        review_id=review.id,
        what=what,
        owner_id=owner.id,
        due_on=decision.due_on,
        hospital_id=decision.hospital_id,
        status=ActionStatus.OPEN,
    )
    session.add(action)
    session.flush()
    record(session, who.user_id, "action", action.id, "decide_action", None, values_of(action, *JOURNALLED), at=now)
    return action


def finish_action(
    session: Session, who: Scope, action: Action, outcome: str = "", *, now: datetime, version: int
) -> Action:
    """Say that an action is done, and what came of it.

    version  of the action as the writer was shown it
    raises   Conflict if somebody was faster, RuleBroken for an action that is closed, or somebody else's
    """
    action = _taken(session, who, action, version)
    _check_open(action)
    words = _words(outcome, "outcome")
    return _changed(
        session, who, action, "finish_action", now, status=ActionStatus.DONE, outcome=words,
        closed_at=now, closed_by_id=who.user_id,
    )  # fmt: skip


def drop_action(session: Session, who: Scope, action: Action, reason: str, *, now: datetime, version: int) -> Action:
    """Give an action up, with the reason; only who runs the meeting may.

    version  of the action as the writer was shown it
    raises   as `finish_action`, and RuleBroken without a reason
    """
    _check_runs(who)
    action = _taken(session, who, action, version)
    _check_open(action)
    words = _words(reason, "reason", N_("Say why it is dropped."))
    return _changed(
        session, who, action, "drop_action", now, reason=words, status=ActionStatus.DROPPED, outcome=words,
        closed_at=now, closed_by_id=who.user_id,
    )  # fmt: skip


def reopen_action(session: Session, who: Scope, action: Action, *, now: datetime, version: int) -> Action:
    """Take back that an action was done or dropped: it is open again and comes back on Monday.

    version  of the action as the writer was shown it
    raises   as `finish_action`; what was dropped, only who runs the meeting may open again
    """
    action = _taken(session, who, action, version)
    if action.status is ActionStatus.OPEN:
        raise RuleBroken(N_("This action is open."))
    if action.status is ActionStatus.DROPPED:
        _check_runs(who)
    return _changed(
        session, who, action, "reopen_action", now, status=ActionStatus.OPEN, outcome="",
        closed_at=None, closed_by_id=None,
    )  # fmt: skip


def carry_action_on(
    session: Session, who: Scope, action: Action, due_on: date, *, now: datetime, version: int
) -> Action:
    """Not done: give an open action until another day; that it is carried on stays visible.

    due_on   a later day than it had
    version  of the action as the writer was shown it
    raises   as `finish_action`; RuleBroken for a day that is not later
    """
    _check_runs(who)
    action = _taken(session, who, action, version)
    _check_open(action)
    if due_on <= action.due_on:
        raise RuleBroken(N_("It is due on that day or later already."), field="due_on")
    return _changed(session, who, action, "carry_action_on", now, due_on=due_on)


def _same_action(session: Session, review: Review, what: str, decision: Decision) -> Action | None:
    """The open action of a locked meeting that says the same in every respect."""
    wanted = select(Action).where(Action.review_id == review.id, Action.status == ActionStatus.OPEN)
    return session.scalars(
        wanted.where(
            Action.what == what,
            Action.owner_id == decision.owner_id,
            Action.due_on == decision.due_on,
            Action.hospital_id.is_not_distinct_from(decision.hospital_id),
        ).limit(1)
    ).first()


def _running(session: Session, who: Scope, review: Review) -> Review:
    """The meeting, locked and read afresh, if it is still open to who runs it."""
    _check_runs(who)
    wanted = select(Review).where(Review.id == review.id, queries.reviews_in(who))
    fresh = session.scalar(wanted.with_for_update().execution_options(populate_existing=True))
    if fresh is None:
        raise NotFound(N_("There is no such meeting here."))
    if fresh.closed_at is not None:
        raise RuleBroken(N_("This meeting is closed."))
    return fresh


def _taken(session: Session, who: Scope, action: Action, version: int) -> Action:
    """The action, locked and read afresh, if it is as the writer was shown it and theirs to change."""
    wanted = select(Action).where(Action.id == action.id, queries.actions_in(who))
    fresh = session.scalar(wanted.with_for_update().execution_options(populate_existing=True))
    if fresh is None:
        raise NotFound(N_("There is no such action here."))
    if not may_close(who, fresh):
        raise RuleBroken(N_("Only its owner and the regional lead change an action."))
    _check_version(fresh, version)
    return fresh


def may_close(who: Scope, action: Action) -> bool:
    """Whether somebody may say that an action is done: its owner, and who runs the meeting."""
    return who.may(Permission.RUN_MEETING) or (who.may(Permission.CLOSE_ACTIONS) and action.owner_id == who.user_id)


def _check_runs(who: Scope) -> None:
    if not who.may(Permission.RUN_MEETING):
        raise RuleBroken(N_("Only the regional lead runs the meeting."))


def _check_version(thing: Review | Action, version: int) -> None:
    if thing.version != version:
        raise Conflict(N_("Somebody else was faster: this has changed since you opened the page. Look at it again."))


def _check_open(action: Action) -> None:
    if action.status is not ActionStatus.OPEN:
        raise RuleBroken(N_("This action is closed already."))


def _words(text: str, field: str, required: str | None = None) -> str:
    text = text.strip()
    if required and not text:
        raise RuleBroken(required, field=field)
    if len(text) > LONGEST_WORDS:
        raise RuleBroken(N_("Too long: up to %(most)s characters."), field=field, most=LONGEST_WORDS)
    return text


def _changed(
    session: Session, who: Scope, action: Action, verb: str, now: datetime, reason: str = "", **values: object
) -> Action:
    before = values_of(action, *JOURNALLED)
    for name, value in values.items():
        setattr(action, name, value)
    action.version += 1
    session.flush()
    record(session, who.user_id, "action", action.id, verb, before, values_of(action, *JOURNALLED), reason, at=now)
    return action
