"""Signing in: attempts are counted before a password is looked at, and each browser is a row that can be revoked."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from repcrm.core.errors import RuleBroken
from repcrm.core.words import N_
from repcrm.db.writing import rows_changed
from repcrm.organisation.models import LoginSession, SignInThrottle, User
from repcrm.organisation.passwords import is_right

FREE_ATTEMPTS = 5
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)
"""Failures that long ago no longer count."""


def wait_after(failures: int) -> timedelta:
    """Return how long an account name rests after failures in a row: none up to 4, then 30 s, doubling to 15 min."""
    if failures < FREE_ATTEMPTS:
        return timedelta()
    doublings = min(failures - FREE_ATTEMPTS, 10)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def normal_username(username: str) -> str:
    """Return a user name as it is kept: without blanks around, in lower case, at most 64 characters."""
    return username.strip().lower()[:64]


def claim_attempt(session: Session, username: str, now: datetime) -> None:
    """Count an attempt as failed before its password is looked at, so that a hundred at once count a hundred.

    raises  RuleBroken while the account name rests, known or not: the answer does not tell which
    """
    throttle = _throttle_of(session, normal_username(username))
    if throttle.locked_until_at and throttle.locked_until_at + FORGOTTEN_AFTER < now:
        throttle.failures = 0
    if throttle.failures >= FREE_ATTEMPTS and throttle.locked_until_at and now < throttle.locked_until_at:
        seconds = (throttle.locked_until_at - now).total_seconds()
        raise RuleBroken(
            N_("Too many failed sign-ins. Try again in %(minutes)s minutes."), minutes=max(1, round(seconds / 60))
        )
    throttle.failures += 1
    throttle.locked_until_at = now + wait_after(throttle.failures)
    session.flush()


def find_by_password(session: Session, username: str, password: str) -> int | None:
    """Return the key of the active person of that name and password; takes the same time for an unknown name.

    The session is given back before the password is hashed, so that a burst of sign-ins holds no connections.
    """
    user = session.execute(
        select(User.id, User.password_hash, User.is_active).where(User.username == normal_username(username))
    ).one_or_none()
    session.rollback()
    right = is_right(user.password_hash if user else None, password)
    return user.id if user and right and user.is_active else None


def open_session(session: Session, user: User, now: datetime, lifetime: timedelta, agent: str) -> str:
    """Sign a person in on one browser, and forget the failed attempts at the account.

    lifetime  how long it lasts at most, however busy
    agent     what the browser calls itself, shown in the person's list of sign-ins
    returns   the token for the cookie; the table keeps only its digest
    """
    token = secrets.token_urlsafe(32)
    session.execute(delete(SignInThrottle).where(SignInThrottle.username == user.username))
    session.execute(delete(SignInThrottle).where(SignInThrottle.locked_until_at < now - FORGOTTEN_AFTER))
    session.execute(delete(LoginSession).where(LoginSession.expires_at < now - FORGOTTEN_AFTER))
    session.add(
        LoginSession(
            token_digest=digest(token),
            user_id=user.id,
            created_at=now,
            seen_at=now,
            expires_at=now + lifetime,
            agent=agent[:255],
        )
    )
    session.flush()
    return token


def find_session(session: Session, token: str, now: datetime) -> LoginSession | None:
    """Return the sign-in behind a cookie's token with its person; None if over, revoked, or the person disabled."""
    found = session.scalar(
        select(LoginSession)
        .options(joinedload(LoginSession.user).joinedload(User.region))
        .where(LoginSession.token_digest == digest(token))
    )
    if found is None or found.revoked_at or found.expires_at <= now or not found.user.is_active:
        return None
    return found


def list_sessions(session: Session, user_id: int, now: datetime) -> list[LoginSession]:
    """Return a person's own open sign-ins, the latest first."""
    return list(
        session.scalars(
            select(LoginSession)
            .where(LoginSession.user_id == user_id, LoginSession.revoked_at.is_(None), LoginSession.expires_at > now)
            .order_by(LoginSession.seen_at.desc(), LoginSession.id.desc())
        )
    )


def revoke_session(session: Session, user_id: int, session_id: int, now: datetime) -> bool:
    """End one of a person's own sign-ins; False if it is not theirs or already over."""
    own = (LoginSession.id == session_id, LoginSession.user_id == user_id, LoginSession.revoked_at.is_(None))
    return bool(rows_changed(session, update(LoginSession).where(*own).values(revoked_at=now)))


def revoke_all(session: Session, user_id: int, now: datetime, keep_id: int | None = None) -> None:
    """End all sign-ins of a person, except the one that asks."""
    session.execute(
        update(LoginSession)
        .where(LoginSession.user_id == user_id, LoginSession.revoked_at.is_(None), LoginSession.id != (keep_id or 0))
        .values(revoked_at=now)
    )


def digest(token: str) -> str:
    """Return what the table keeps of a token: who reads the table cannot sign in with it."""
    return hashlib.sha256(token.encode()).hexdigest()


def _throttle_of(session: Session, username: str) -> SignInThrottle:
    """Return the counter of an account name, locked against a second attempt at the same time."""
    wanted = select(SignInThrottle).where(SignInThrottle.username == username).with_for_update()
    wanted = wanted.execution_options(populate_existing=True)
    found = session.scalar(wanted)
    if found is None:
        try:
            with session.begin_nested():
                session.add(SignInThrottle(username=username, failures=0))
        except IntegrityError:
            pass  # another attempt was faster: its row is the counter
        found = session.scalar(wanted)
    if found is None:
        raise RuleBroken(N_("Please try again."))
    return found
