"""Taking hold of a plan before it is changed: locked, read afresh, and seen to be one's own."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from repcrm.core.errors import Conflict, NotFound, RuleBroken
from repcrm.core.words import N_
from repcrm.organisation.access import Role, Scope
from repcrm.planning.cycle import Cycle
from repcrm.planning.models import CallPlan, PlanVisit
from repcrm.planning.queries.scope import plans_in

LONGEST_REASON = 200
LOCKED = N_("Your lead has locked this plan: ask for the change, with a reason.")


def take_plan(session: Session, who: Scope, plan: CallPlan, seen_version: int | None) -> CallPlan:
    """Lock a plan until the unit of work ends, and read it as it is now.

    seen_version  the one the writer was shown; None for a writer who was shown none
    raises        NotFound outside the scope, Conflict if it has changed since
    """
    wanted = select(CallPlan).options(joinedload(CallPlan.rep)).where(CallPlan.id == plan.id, plans_in(who))
    fresh = session.scalar(wanted.with_for_update(of=CallPlan).execution_options(populate_existing=True))
    if fresh is None:
        raise NotFound(N_("There is no such plan here."))
    if seen_version is not None and fresh.version != seen_version:
        raise Conflict(N_("This plan has changed since you opened it. Look at it again, then repeat your change."))
    return fresh


def take_own(session: Session, who: Scope, plan: CallPlan, seen_version: int | None) -> CallPlan:
    """The same for the rep, who alone changes a plan, and only while it is not locked.

    raises  RuleBroken while the lead has locked it
    """
    if who.role is not Role.REP:
        raise NotFound(N_("There is no such plan here."))
    fresh = take_plan(session, who, plan, seen_version)
    if fresh.is_locked:
        raise RuleBroken(LOCKED)
    return fresh


def check_unlocked(session: Session, who: Scope, *days: date) -> None:
    """See that a rep plans days of the own sheets freely: those of a locked plan change through the plan only.

    raises  RuleBroken for a day of a cycle whose plan the lead has locked
    """
    cycles = {Cycle.of(day).start_on for day in days}
    mine = select(CallPlan).where(CallPlan.rep_id == who.user_id, CallPlan.start_on.in_(cycles)).order_by(CallPlan.id)
    plans = session.scalars(mine.with_for_update(of=CallPlan).execution_options(populate_existing=True)).all()
    if any(plan.is_locked for plan in plans):
        raise RuleBroken(LOCKED)


def check_to_come(from_on: date | None, today: date) -> None:
    """See that a visit which is moved or taken out is not one of a day gone by: there one says why it was not made.

    raises  RuleBroken
    """
    if from_on is not None and from_on < today:
        raise RuleBroken(N_("This day is gone by: say on its page why the call was not made."))


def take_as_lead(session: Session, who: Scope, plan: CallPlan, seen_version: int | None) -> CallPlan:
    """The same for the lead of the rep's region."""
    if who.role is not Role.LEAD:
        raise NotFound(N_("There is no such plan here."))
    return take_plan(session, who, plan, seen_version)


def changed(session: Session, plan: CallPlan) -> CallPlan:
    """Count a change of a plan."""
    plan.version += 1
    session.flush()
    return plan


def visits_of(session: Session, plan: CallPlan) -> list[PlanVisit]:
    """The visits of a plan that has been taken, in order of days."""
    wanted = select(PlanVisit).where(PlanVisit.plan_id == plan.id).order_by(PlanVisit.day_on, PlanVisit.id)
    return list(session.scalars(wanted.execution_options(populate_existing=True)))


def reason_of(words: str, field: str = "reason") -> str:
    """Somebody's reason, which cannot be empty.

    raises  RuleBroken
    """
    words = words.strip()
    if not words:
        raise RuleBroken(N_("Say why."), field=field)
    if len(words) > LONGEST_REASON:
        raise RuleBroken(N_("The reason is too long: up to %(most)s characters."), field=field, most=LONGEST_REASON)
    return words
