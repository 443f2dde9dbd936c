"""The regions a command is about."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.core.errors import NotFound
from repcrm.core.words import N_
from repcrm.organisation.models import Region


def regions_named(session: Session, code: str | None) -> list[Region]:
    """Return the region with a code, or all of them, in the order of codes, without one.

    raises  NotFound, naming the codes there are
    """
    every = session.scalars(select(Region).order_by(Region.code)).all()
    found = [region for region in every if code in (None, region.code)]
    if code is not None and not found:
        known = ", ".join(region.code for region in every)
        raise NotFound(N_("There is no region %(code)s. Regions: %(known)s."), code=code, known=known or "–")
    return found
