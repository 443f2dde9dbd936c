"""Tokens of the direct connection: made and revoked by admins, found by the secret a request carries."""

import hmac
import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from repcrm.core.errors import Conflict, NotFound, RuleBroken
from repcrm.core.words import N_
from repcrm.db.journal import record
from repcrm.organisation.access import Role
from repcrm.organisation.sign_in import digest
from repcrm.sales.models import Distributor, SalesToken

SUBJECT = "sales_token"
PREFIX = "repcrm_"
"""Begins every token, so that scanners for leaked secrets recognise one."""
MOST_TOKENS = 5
"""Tokens of a distributor that may be in use at once."""


def make_token(session: Session, distributor: Distributor, label: str, *, actor_id: int, now: datetime) -> str:
    """Make a token for a distributor.

    label    what it is for
    returns  the token, to be shown once; the table keeps only its digest
    raises   RuleBroken (field `label`) without a label, or if the distributor has as many tokens as it may
    """
    label = label.strip()
    if not label:
        raise RuleBroken(N_("Enter what the token is for."), field="label")
    if not distributor.is_active:
        raise RuleBroken(N_("%(distributor)s is no longer active."), distributor=distributor.name)
    if len(list_tokens(session, distributor.id)) >= MOST_TOKENS:
        raise RuleBroken(N_("A distributor has at most %(most)s tokens. Revoke one first."), most=MOST_TOKENS)
    secret = PREFIX + secrets.token_urlsafe(32)
    token = SalesToken(
        distributor_id=distributor.id, token_digest=digest(secret), label=label, created_by_id=actor_id, created_at=now
    )
    session.add(token)
    session.flush()
    after = {"distributor_id": distributor.id, "label": label}
    record(session, actor_id, SUBJECT, token.id, "make_token", None, after, at=now)
    return secret


def find_token(session: Session, secret: str) -> SalesToken | None:
    """Return the token a secret belongs to; None if it is unknown or revoked, or its distributor or maker inactive.

    The digest is looked up and compared, never the secret, so the time it takes tells nothing of a secret.
    """
    wanted = digest(secret)
    token = session.scalar(
        select(SalesToken)
        .options(joinedload(SalesToken.distributor), joinedload(SalesToken.created_by))
        .where(SalesToken.token_digest == wanted, SalesToken.revoked_at.is_(None))
    )
    if token is None or not hmac.compare_digest(token.token_digest, wanted):
        return None
    maker = token.created_by
    is_usable = token.distributor.is_active and maker.is_active and maker.role is Role.ADMIN
    return token if is_usable else None


def list_tokens(session: Session, distributor_id: int) -> list[SalesToken]:
    """Return the tokens of a distributor that have not been revoked, newest first."""
    wanted = (
        select(SalesToken)
        .options(joinedload(SalesToken.created_by))
        .where(SalesToken.distributor_id == distributor_id, SalesToken.revoked_at.is_(None))
        .order_by(SalesToken.id.desc())
    )
    return list(session.scalars(wanted))


def revoke_token(session: Session, distributor: Distributor, token_id: int, *, actor_id: int, now: datetime) -> None:
    """End a token of a distributor; requests with it are refused from then on.

    raises  NotFound for a token of another distributor, Conflict if it is revoked already
    """
    token = session.scalar(
        select(SalesToken).where(SalesToken.id == token_id, SalesToken.distributor_id == distributor.id)
    )
    if token is None:
        raise NotFound(N_("There is no such token."))
    if token.revoked_at is not None:
        raise Conflict(N_("This token is already revoked."))
    token.revoked_at, token.revoked_by_id = now, actor_id
    session.flush()
    before = {"distributor_id": distributor.id, "label": token.label}
    record(session, actor_id, SUBJECT, token.id, "revoke_token", before, None, at=now)
