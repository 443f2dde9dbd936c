"""Calendar addresses: who knows the secret in one reads its owner's calls, until it is revoked."""

import hmac
import secrets
from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session, joinedload

from repcrm.core.errors import RuleBroken
from repcrm.core.words import N_
from repcrm.db.writing import rows_changed
from repcrm.organisation.models import CalendarFeed, User
from repcrm.organisation.sign_in import digest

MOST_FEEDS = 5
"""Open addresses a person may have at once: one a device is enough."""


def make_feed(session: Session, user: User, now: datetime) -> str:
    """Make a new secret address for a person's calls.

    returns  the secret, to be shown once; the table keeps only its digest
    raises   RuleBroken if the person has as many as anybody may
    """
    if len(list_feeds(session, user.id)) >= MOST_FEEDS:
        raise RuleBroken(N_("You have %(most)s calendar addresses. Revoke one first."), most=MOST_FEEDS)
    token = secrets.token_urlsafe(32)
    session.add(CalendarFeed(token_digest=digest(token), user_id=user.id, created_at=now))
    session.flush()
    return token


def find_owner(session: Session, token: str) -> User | None:
    """Return whose calls the secret opens; None if it is wrong or revoked, or the person disabled.

    The digest is looked up and compared, never the secret, so the time it takes tells nothing of a secret.
    """
    wanted = digest(token)
    feed = session.scalar(
        select(CalendarFeed)
        .options(joinedload(CalendarFeed.user))
        .where(CalendarFeed.token_digest == wanted, CalendarFeed.revoked_at.is_(None))
    )
    if feed is None or not hmac.compare_digest(feed.token_digest, wanted) or not feed.user.is_active:
        return None
    return feed.user


def list_feeds(session: Session, user_id: int) -> list[CalendarFeed]:
    """Return a person's own open addresses, the newest first."""
    wanted = select(CalendarFeed).where(CalendarFeed.user_id == user_id, CalendarFeed.revoked_at.is_(None))
    return list(session.scalars(wanted.order_by(CalendarFeed.id.desc())))


def revoke_feed(session: Session, user_id: int, feed_id: int, now: datetime) -> bool:
    """End one of a person's own addresses; False if it is not theirs or already over."""
    return _revoke(session, user_id, now, CalendarFeed.id == feed_id)


def revoke_feeds(session: Session, user_id: int, now: datetime) -> None:
    """End all addresses of a person."""
    _revoke(session, user_id, now)


def _revoke(session: Session, user_id: int, now: datetime, *which: ColumnElement[bool]) -> bool:
    open_ones = (CalendarFeed.user_id == user_id, CalendarFeed.revoked_at.is_(None))
    return bool(rows_changed(session, update(CalendarFeed).where(*open_ones, *which).values(revoked_at=now)))
