"""Setting the rules a region plans by."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from repcrm.core.errors import Conflict, NotFound
from repcrm.core.words import N_
from repcrm.db.journal import record
from repcrm.organisation.access import Role, Scope
from repcrm.planning.models import PlanningRules, RatingWorth
from repcrm.planning.policy import RULES, Policy, check_policy
from repcrm.planning.queries.policy import get_policy

TAKEN = N_("Somebody has changed these rules since you opened the page.")


def set_policy(
    session: Session, who: Scope, policy: Policy, *, now: datetime, seen_version: int = 0
) -> PlanningRules | None:
    """Set the rules of the lead's region. Goes into the journal.

    seen_version  of the rules the form was shown; 0: the defaults, none were set
    returns       the rules as they are kept; None if nothing differs from the defaults that hold
    raises        RuleBroken for rules nobody could plan by, Conflict if they were changed meanwhile

    Plans that stand stay as they are; what is proposed from now on follows the new rules.
    """
    if who.role is not Role.LEAD or who.region_id is None:
        raise NotFound(N_("There is no such region here."))
    check_policy(policy)
    mine = select(PlanningRules).where(PlanningRules.region_id == who.region_id).with_for_update()
    rules = session.scalar(mine.execution_options(populate_existing=True))
    if (rules.version if rules else 0) != seen_version:
        raise Conflict(TAKEN)
    before = get_policy(session, who)
    if policy == before:
        return rules
    values = {name: getattr(policy, name) for name in RULES}
    if rules is None:
        rules = PlanningRules(region_id=who.region_id, **values)
        try:
            with session.begin_nested():
                session.add(rules)
        except IntegrityError as error:
            raise Conflict(TAKEN) from error
    else:
        for name, value in values.items():
            setattr(rules, name, value)
        rules.version += 1
    session.execute(delete(RatingWorth).where(RatingWorth.rules_id == rules.id))
    session.add_all(
        RatingWorth(
            rules_id=rules.id, rating=rating, headroom_permille=worth.headroom_permille, goal_calls=worth.goal_calls
        )
        for rating, worth in sorted(policy.worths.items())
    )
    session.flush()
    old, new = _plain(before), _plain(policy)
    changed = [name for name in new if old[name] != new[name]]
    record(
        session, who.user_id, "planning_rules", rules.id, "set_policy", {name: old[name] for name in changed},
        {name: new[name] for name in changed}, at=now,
    )  # fmt: skip
    return rules


def _plain(policy: Policy) -> dict[str, Any]:
    values = asdict(policy)
    worths = values.pop("worths")
    for rating, worth in sorted(worths.items()):
        values |= {f"{name}_{rating}": value for name, value in worth.items()}
    return values
