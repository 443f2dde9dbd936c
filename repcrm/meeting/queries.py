"""Reading meetings and actions, each through the eyes of who asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, case, false, func, or_, select
from sqlalchemy.orm import Session, joinedload

from repcrm.core.errors import NotFound
from repcrm.core.periods import Period
from repcrm.core.words import N_, Term
from repcrm.db.paging import Page, page_of
from repcrm.meeting.agenda import carried_over
from repcrm.meeting.models import Action, Review
from repcrm.meeting.terms import ActionStatus
from repcrm.organisation.access import Permission, Role, Scope
from repcrm.organisation.models import User
from repcrm.reports import queries as reports
from repcrm.reports.models import ReportKind, ReportSnapshot


class ActionFilter(Term):
    """Which actions a list shows."""

    OPEN = "open", N_("open")
    OVERDUE = "overdue", N_("overdue")
    CLOSED = "closed", N_("done or dropped")


@dataclass(frozen=True)
class Listed:
    """A meeting in a list."""

    id: int
    period: str
    meets_on: date
    opened_at: datetime
    closed_at: datetime | None


def reviews_in(scope: Scope) -> ColumnElement[bool]:
    """The condition for meetings one may see: those of the own region; an administrator none."""
    if not scope.may(Permission.VIEW_MEETING) or scope.region_id is None:
        return false()
    return Review.region_id == scope.region_id


def actions_in(scope: Scope) -> ColumnElement[bool]:
    """The condition for actions one may see: what the own region's meetings decided, for everybody was there."""
    if not scope.may(Permission.VIEW_MEETING) or scope.region_id is None:
        return false()
    return Action.region_id == scope.region_id


def latest_review(session: Session, scope: Scope) -> Review | None:
    """Return the meeting about the latest week, or None before the first one."""
    return session.scalar(select(Review).where(reviews_in(scope)).order_by(Review.period.desc()).limit(1))


def get_review(session: Session, scope: Scope, review_id: int) -> Review:
    """Return a meeting with its region.

    raises  NotFound outside the scope
    """
    wanted = select(Review).options(joinedload(Review.region)).where(Review.id == review_id, reviews_in(scope))
    found = session.scalar(wanted)
    if found is None:
        raise NotFound(N_("There is no such meeting here."))
    return found


def list_reviews(session: Session, scope: Scope) -> list[Listed]:
    """Return every meeting of the region, the latest first."""
    wanted = select(Review.id, Review.period, Review.meets_on, Review.opened_at, Review.closed_at)
    rows = session.execute(wanted.where(reviews_in(scope)).order_by(Review.period.desc()))
    return [Listed(*row) for row in rows]


def find_report_to_meet_about(session: Session, scope: Scope) -> ReportSnapshot | None:
    """Return the latest weekly report if no meeting about it is open yet: one that was frozen by hand."""
    snapshot = reports.latest_snapshot(session, scope, ReportKind.WEEK)
    if snapshot is None:
        return None
    met = select(Review.id).where(reviews_in(scope), Review.period == snapshot.period)
    return None if session.scalar(met) else snapshot


def shown_snapshot(session: Session, scope: Scope, review: Review) -> ReportSnapshot:
    """Return the report a meeting looks at: the newest revision while it is open, afterwards the one it closed with."""
    if review.closed_at is None:
        newest = reports.find_snapshot(session, scope, Period.parse(review.period))
        if newest is not None:
            return newest
    return reports.get_snapshot(session, scope, review.snapshot_id)


def carried_actions(session: Session, scope: Scope, review: Review | Listed, reviews: Sequence[Listed]) -> list[Action]:
    """Return the actions of earlier meetings that a meeting has to hear about, see `agenda.carried_over`.

    reviews  all of the region, see `list_reviews`
    """
    earlier = [one for one in reviews if one.period < review.period]
    if not earlier:
        return []
    previous = max(earlier, key=lambda one: one.period)
    wanted = _actions(scope).where(
        Action.review_id.in_([one.id for one in earlier]),
        or_(
            Action.status == ActionStatus.OPEN,
            Action.review_id == previous.id,
            Action.closed_at >= previous.opened_at,
        ),
    )
    return carried_over(session.scalars(wanted), previous)


def actions_of_review(session: Session, scope: Scope, review: Review) -> list[Action]:
    """Return what a meeting decided, in the order it was decided."""
    return list(session.scalars(_actions(scope).where(Action.review_id == review.id).order_by(Action.id)))


def get_action(session: Session, scope: Scope, action_id: int) -> Action:
    """Return an action.

    raises  NotFound outside the scope
    """
    found = session.scalar(_actions(scope).where(Action.id == action_id))
    if found is None:
        raise NotFound(N_("There is no such action here."))
    return found


def list_actions(
    session: Session, scope: Scope, wanted: ActionFilter, *, owner_id: int | None = None, page: int = 1
) -> Page[Action]:
    """Return one page of actions: open ones the longest due first, closed ones the latest first.

    owner_id  whose; None: everybody's in the region
    """
    found = _actions(scope).where(_passes(wanted, scope.on))
    if owner_id is not None:
        found = found.where(Action.owner_id == owner_id)
    if wanted is ActionFilter.CLOSED:
        found = found.order_by(Action.closed_at.desc(), Action.id.desc())
    else:
        found = found.order_by(Action.due_on, Action.id)
    return page_of(session, found, page)


def count_actions(session: Session, scope: Scope, *, owner_id: int | None = None) -> dict[ActionFilter, int]:
    """Return how many actions each filter shows."""
    columns = [func.sum(case((_passes(one, scope.on), 1), else_=0)) for one in ActionFilter]
    wanted = select(*columns).where(actions_in(scope))
    if owner_id is not None:
        wanted = wanted.where(Action.owner_id == owner_id)
    return dict(zip(ActionFilter, (count or 0 for count in session.execute(wanted).one()), strict=True))


def count_open_by_owner(session: Session, scope: Scope) -> dict[int, int]:
    """Return how many open actions each person of the region has."""
    wanted = select(Action.owner_id, func.count()).where(actions_in(scope), Action.status == ActionStatus.OPEN)
    return {owner: count for owner, count in session.execute(wanted.group_by(Action.owner_id))}  # noqa: C416 - typed rows


def list_owners(session: Session, scope: Scope) -> list[User]:
    """Return the people of the region an action may be given to, by code: reps first, then the lead."""
    wanted = select(User).where(owners_in(scope))
    return sorted(session.scalars(wanted), key=lambda one: (one.role is not Role.REP, one.code))


def owners_in(scope: Scope) -> ColumnElement[bool]:
    """The condition for people who may own an action: the active reps and leads of the own region."""
    if not scope.may(Permission.VIEW_MEETING) or scope.region_id is None:
        return false()
    return (User.region_id == scope.region_id) & User.role.in_((Role.REP, Role.LEAD)) & User.is_active


def _actions(scope: Scope) -> Select[Action]:
    related = (joinedload(Action.owner), joinedload(Action.hospital), joinedload(Action.review))
    return select(Action).options(*related).where(actions_in(scope))


def _passes(wanted: ActionFilter, on: date) -> ColumnElement[bool]:
    if wanted is ActionFilter.CLOSED:
        return Action.status != ActionStatus.OPEN
    is_open = Action.status == ActionStatus.OPEN
    return is_open & (Action.due_on < on) if wanted is ActionFilter.OVERDUE else is_open
