"""The rules a region plans by."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.core.errors import NotFound
from repcrm.core.words import N_
from repcrm.organisation.access import Scope
from repcrm.planning.models import PlanningRules, RatingWorth
from repcrm.planning.policy import RULES, Policy, Worth


def get_policy(session: Session, scope: Scope) -> Policy:
    """Return the rules of the reader's region: as the lead set them, else the defaults."""
    if (rules := find_rules(session, scope)) is None:
        return Policy()
    rows = session.scalars(select(RatingWorth).where(RatingWorth.rules_id == rules.id).order_by(RatingWorth.rating))
    worths = {row.rating: Worth(row.headroom_permille, row.goal_calls) for row in rows}
    return Policy(**{name: getattr(rules, name) for name in RULES}, worths=worths)


def find_rules(session: Session, scope: Scope) -> PlanningRules | None:
    """Return the row of the rules of the reader's region, which has their version; None: never set.

    raises  NotFound for whoever has no region
    """
    if scope.region_id is None:
        raise NotFound(N_("There is no such region here."))
    return session.scalar(select(PlanningRules).where(PlanningRules.region_id == scope.region_id))
