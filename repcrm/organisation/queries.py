"""Reading people and regions, each through the eyes of who asks."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select, true
from sqlalchemy.orm import Session, joinedload

from repcrm.core.errors import NotFound
from repcrm.core.words import N_
from repcrm.db.journal import JournalEntry
from repcrm.organisation.access import Role, Scope
from repcrm.organisation.models import Region, User

FIELD_SUBJECTS = frozenset(
    {
        "period_target", "hospital_target", "quota_split", "adoption_rating", "call_sheet", "call", "follow_up",
        "report_snapshot", "review", "action", "time_off", "appointment", "evening_duty", "rep_base",
        "call_plan", "change_request", "planning_rules",
    }
)  # fmt: skip
"""What a lead reads in the journal: the work of the own region. An administrator reads everything else."""
LONGEST_NAME = 100
"""Characters of what is looked for: SQLite fails on patterns of many thousand."""


def scope_of(user: User, on: date) -> Scope:
    """The eyes of a person on a day."""
    return Scope(user.id, user.role, user.region_id, on)


def people_in(scope: Scope) -> ColumnElement[bool]:
    """The condition for people one may see: an admin everybody, a lead the own region, a rep only the own row."""
    if scope.role is Role.ADMIN:
        return true()
    if scope.role is Role.LEAD:
        return User.region_id == scope.region_id
    return User.id == scope.user_id


def regions_in(scope: Scope) -> ColumnElement[bool]:
    """The condition for regions one may see: an admin all, others their own."""
    return true() if scope.role is Role.ADMIN else Region.id == scope.region_id


def get_user(session: Session, scope: Scope, user_id: int) -> User:
    """Return a person.

    raises  NotFound outside the scope
    """
    found = session.scalar(select(User).options(joinedload(User.region)).where(User.id == user_id, people_in(scope)))
    if found is None:
        raise NotFound(N_("There is no such person here."))
    return found


def list_users(session: Session, scope: Scope, *, text: str = "", role: Role | None = None) -> list[User]:
    """Return the people whose name, user name or code contains the text, those who can sign in first."""
    wanted = select(User).options(joinedload(User.region)).where(people_in(scope))
    if role:
        wanted = wanted.where(User.role == role)
    if text := text.strip().lower()[:LONGEST_NAME]:
        like = [column.icontains(text, autoescape=True) for column in (User.name, User.username, User.code)]
        wanted = wanted.where(or_(*like))
    return list(session.scalars(wanted.order_by(User.is_active.desc(), User.role, User.code)))


def list_without_password(session: Session, scope: Scope) -> list[User]:
    """Return the active people within scope who cannot sign in yet, by code."""
    wanted = select(User).where(people_in(scope), User.is_active, User.password_hash.is_(None))
    return list(session.scalars(wanted.order_by(User.code)))


def list_reps(session: Session, scope: Scope) -> list[User]:
    """Return the active reps within scope, by code."""
    return list(
        session.scalars(select(User).where(people_in(scope), User.role == Role.REP, User.is_active).order_by(User.code))
    )


def list_regions(session: Session, scope: Scope) -> list[Region]:
    """Return the regions within scope, by code."""
    return list(session.scalars(select(Region).where(regions_in(scope)).order_by(Region.code)))


def get_region(session: Session, scope: Scope, region_id: int) -> Region:
    """Return a region.

    raises  NotFound outside the scope
    """
    found = session.scalar(select(Region).where(Region.id == region_id, regions_in(scope)))
    if found is None:
        raise NotFound(N_("There is no such region here."))
    return found


def names_of(session: Session, scope: Scope, user_ids: Iterable[int]) -> dict[int, str]:
    """Return the names of colleagues by key, for lists of who did what.

    scope  anyone may read the names beside things they may see: it narrows nothing here
    """
    wanted = select(User.id, User.name).where(User.id.in_(sorted(set(user_ids))))
    return dict(session.execute(wanted).all())


def journal_in(scope: Scope) -> ColumnElement[bool]:
    """The condition for journal entries one may read.

    A lead reads what people of the own region did to targets, splits, ratings, sheets and reports; an administrator
    what was done to people, territories, master data and imports; a rep what they did themselves.
    """
    if scope.role is Role.ADMIN:
        return JournalEntry.subject.not_in(FIELD_SUBJECTS)
    if scope.role is Role.LEAD:
        own_people = select(User.id).where(User.region_id == scope.region_id)
        return and_(JournalEntry.subject.in_(FIELD_SUBJECTS), JournalEntry.actor_id.in_(own_people))
    return JournalEntry.actor_id == scope.user_id


def list_journal(
    scope: Scope,
    *,
    subject: str | None = None,
    subject_id: int | None = None,
    actor_id: int | None = None,
    from_at: datetime | None = None,
    until_at: datetime | None = None,
) -> Select[JournalEntry]:
    """Return the select of the journal within scope, the latest first, for `page_of`.

    from_at, until_at  half-open
    """
    wanted = select(JournalEntry).where(journal_in(scope))
    if subject:
        wanted = wanted.where(JournalEntry.subject == subject)
    if subject_id is not None:
        wanted = wanted.where(JournalEntry.subject_id == subject_id)
    if actor_id is not None:
        wanted = wanted.where(JournalEntry.actor_id == actor_id)
    if from_at:
        wanted = wanted.where(JournalEntry.at >= from_at)
    if until_at:
        wanted = wanted.where(JournalEntry.at < until_at)
    return wanted.order_by(JournalEntry.at.desc(), JournalEntry.id.desc())
