"""Who may write in a diary, one at a time."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.core.errors import NotFound
from repcrm.core.words import N_
from repcrm.organisation.access import Role, Scope
from repcrm.organisation.models import Region


def lock_region(session: Session, region_id: int | None) -> None:
    """Let the diaries of a region be changed by one at a time: overlaps are found by looking at other rows."""
    session.execute(select(Region.id).where(Region.id == region_id).with_for_update())


def check_hand(who: Scope, region_id: int | None, rep_id: int | None) -> None:
    """See that somebody may write in the diary of a rep, or of everybody of a region.

    rep_id  None: everybody
    raises  NotFound for a rep who writes in any but the own, and for a lead of another region
    """
    own = who.role is Role.REP and rep_id == who.user_id
    region = who.role is Role.LEAD and region_id == who.region_id
    if not (own or region or who.role is Role.ADMIN):
        raise NotFound(N_("There is no such diary here."))
