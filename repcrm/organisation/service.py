"""What is done to people: adding, changing roles, disabling, passwords. Each is journalled and flushed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.core.errors import Conflict, RuleBroken
from repcrm.core.words import N_
from repcrm.db import journal
from repcrm.db.codes import check_code
from repcrm.organisation import feeds, passwords, sign_in
from repcrm.organisation.access import Role
from repcrm.organisation.models import User


def add_user(
    session: Session,
    actor_id: int | None,
    *,
    code: str,
    username: str,
    name: str,
    role: Role,
    region_id: int | None,
    now: datetime,
    password_hash: str | None = None,
    must_change_password: bool = False,
) -> User:
    """Add a person.

    actor_id       who adds; None for the operator at the command line
    region_id      of a rep or lead; an administrator has none
    password_hash  None for one who cannot sign in yet
    raises         RuleBroken if code or user name is taken, the code could be mistaken for another, or a rep or lead
                   has no region
    """
    username, code = sign_in.normal_username(username), check_code(session, User, code)
    if not username or session.scalar(select(User.id).where(User.username == username)):
        raise RuleBroken(N_("The user name “%(username)s” is taken."), field="username", username=username)
    region_id = _region_for(role, region_id)
    user = User(
        code=code,
        username=username,
        name=name.strip(),
        role=role,
        region_id=region_id,
        password_hash=password_hash,
        must_change_password=must_change_password,
        created_at=now,
    )
    session.add(user)
    session.flush()
    _record(session, actor_id, user, "add_user", None, _facts(user), None, now)
    return user


def edit_user(
    session: Session, actor_id: int | None, user: User, *, version: int, code: str, name: str, now: datetime
) -> None:
    """Change a person's code and name.

    version  the one the form was shown
    raises   Conflict if somebody else saved meanwhile
    """
    _take_version(session, user, version)
    code = check_code(session, User, code, user.code)
    before = _facts(user)
    user.code, user.name = code, name.strip()
    session.flush()
    _record(session, actor_id, user, "edit_user", before, _facts(user), None, now)


def change_role(
    session: Session,
    actor_id: int | None,
    user: User,
    *,
    version: int,
    role: Role,
    region_id: int | None,
    reason: str,
    now: datetime,
) -> None:
    """Give a person another role or region; all their sign-ins and calendar addresses end.

    reason  why, for the journal
    raises  RuleBroken for one's own role, for the last administrator, without a reason, or if nothing changes
    """
    _check_not_oneself(actor_id, user)
    reason = _check_reason(reason)
    if role is not Role.ADMIN:
        _check_not_last_admin(session, user)
    _take_version(session, user, version)
    region_id = _region_for(role, region_id)
    if (user.role, user.region_id) == (role, region_id):
        raise RuleBroken(N_("This is the role and region they have already."), field="role")
    before = _facts(user)
    user.role, user.region_id = role, region_id
    session.flush()
    sign_in.revoke_all(session, user.id, now)
    feeds.revoke_feeds(session, user.id, now)
    _record(session, actor_id, user, "change_role", before, _facts(user), reason, now)


def disable_user(session: Session, actor_id: int | None, user: User, *, reason: str, now: datetime) -> None:
    """Shut a person out: all sign-ins and calendar addresses end, what they did stays.

    raises  RuleBroken for oneself, for the last administrator, or without a reason
    """
    _check_not_oneself(actor_id, user)
    reason = _check_reason(reason)
    _check_not_last_admin(session, user)
    _lock(session, user)
    before = _facts(user)
    user.is_active = False
    user.version += 1
    session.flush()
    sign_in.revoke_all(session, user.id, now)
    feeds.revoke_feeds(session, user.id, now)
    _record(session, actor_id, user, "disable_user", before, _facts(user), reason, now)


def enable_user(session: Session, actor_id: int | None, user: User, *, reason: str, now: datetime) -> None:
    """Let a disabled person in again, with the password they had."""
    reason = _check_reason(reason)
    _lock(session, user)
    before = _facts(user)
    user.is_active = True
    user.version += 1
    session.flush()
    _record(session, actor_id, user, "enable_user", before, _facts(user), reason, now)


def reset_password(session: Session, actor_id: int | None, user: User, *, now: datetime) -> str:
    """Give a person a new password that must be changed at the first sign-in; all their sign-ins end.

    returns  the password, to be shown once; nobody can read it again
    """
    password = passwords.one_time_password()
    user.password_hash = passwords.hash_password(password)
    user.must_change_password = True
    session.flush()
    sign_in.revoke_all(session, user.id, now)
    _record(session, actor_id, user, "reset_password", None, None, None, now)
    return password


def give_first_passwords(
    session: Session, actor_id: int | None, password_hashes: Mapping[int, str], *, now: datetime
) -> list[User]:
    """Give people who have no password yet their first one, to be changed at the first sign-in.

    password_hashes  person -> hash, made before: hashing takes long
    returns          those who got it; a person who has a password by now, or is disabled, keeps what they have
    """
    wanted = select(User).where(User.id.in_(password_hashes), User.password_hash.is_(None), User.is_active)
    people = list(session.scalars(wanted.order_by(User.code).with_for_update()))
    for user in people:
        user.password_hash, user.must_change_password = password_hashes[user.id], True
        _record(session, actor_id, user, "set_password", None, None, None, now)
    session.flush()
    return people


def set_password(session: Session, actor_id: int | None, user: User, password: str, *, now: datetime) -> None:
    """Set a person's password at the command line; all their sign-ins end.

    raises  RuleBroken if the password is too easy
    """
    passwords.check_rules(password, user.username)
    user.password_hash = passwords.hash_password(password)
    user.must_change_password = False
    session.flush()
    sign_in.revoke_all(session, user.id, now)
    _record(session, actor_id, user, "set_password", None, None, None, now)


def change_own_password(
    session: Session, user: User, *, current: str, password: str, now: datetime, keep_session_id: int
) -> None:
    """Change one's own password; all one's other sign-ins end.

    raises  RuleBroken if the current one is wrong or the new one too easy or the same
    """
    if not passwords.is_right(user.password_hash, current):
        raise RuleBroken(N_("The current password is wrong."), field="current")
    if password == current:
        raise RuleBroken(N_("This is the password you have already."), field="password")
    passwords.check_rules(password, user.username)
    user.password_hash = passwords.hash_password(password)
    user.must_change_password = False
    session.flush()
    sign_in.revoke_all(session, user.id, now, keep_id=keep_session_id)
    _record(session, user.id, user, "change_own_password", None, None, None, now)


def choose_language(session: Session, user: User, language: str | None) -> None:
    """Keep the language a person wants to be spoken to in; None follows the browser."""
    user.language = language
    session.flush()


def _facts(user: User) -> dict[str, Any]:
    return journal.values_of(user, "code", "username", "name", "role", "region_id", "is_active")


def _record(
    session: Session,
    actor_id: int | None,
    user: User,
    verb: str,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    reason: str | None,
    at: datetime,
) -> None:
    journal.record(session, actor_id, User.__tablename__, user.id, verb, before, after, reason, at=at)


def _lock(session: Session, user: User) -> None:
    """Hold the person's row until the commit, and see it as it is now."""
    session.refresh(user, ["version", "code", "name", "role", "region_id", "is_active"], with_for_update=True)


def _take_version(session: Session, user: User, version: int) -> None:
    _lock(session, user)
    if user.version != version:
        raise Conflict(N_("Somebody else has changed this person meanwhile. Look again before you save."))
    user.version += 1


def _region_for(role: Role, region_id: int | None) -> int | None:
    if role is Role.ADMIN:
        return None
    if region_id is None:
        raise RuleBroken(N_("A rep or regional lead belongs to a region."), field="region_id")
    return region_id


def _check_reason(reason: str) -> str:
    if not reason.strip():
        raise RuleBroken(N_("Say why: the journal keeps it."), field="reason")
    return reason.strip()


def _check_not_oneself(actor_id: int | None, user: User) -> None:
    if actor_id == user.id:
        raise RuleBroken(N_("You cannot do this to yourself; ask another administrator."))


def _check_not_last_admin(session: Session, user: User) -> None:
    """Refuse to lose the last administrator; their rows are locked in order, so two cannot retire each other."""
    admins = select(User.id).where(User.role == Role.ADMIN, User.is_active).order_by(User.id).with_for_update()
    if session.scalars(admins).all() == [user.id]:
        raise RuleBroken(N_("This is the last administrator; somebody must be able to manage the users."))
