"""What moving a visit would break, bring and cost: asked before anybody lets it go."""

from datetime import date

from sqlalchemy.orm import Session

from repcrm.accounts.models import Session as DayPart
from repcrm.organisation.access import Scope
from repcrm.planning.models import CallPlan
from repcrm.planning.moves import MoveCheck, weigh, weigh_removal
from repcrm.planning.queries.case import case_of


def check_visit(
    session: Session,
    scope: Scope,
    plan: CallPlan,
    doctor_id: int,
    day_on: date,
    part: DayPart,
    from_on: date | None = None,
) -> MoveCheck:
    """Return what a doctor on a day would break, bring and cost, as of `scope.on`.

    plan     already found within the scope
    from_on  the day of the doctor's visit that would move there; None: it would be added
    """
    case = case_of(session, scope, plan.rep, plan.start_on, plan, scope.on)
    return weigh(case, doctor_id, day_on, part, from_on)


def check_every_slot(
    session: Session, scope: Scope, plan: CallPlan, doctor_id: int, from_on: date | None = None
) -> dict[tuple[date, DayPart], MoveCheck]:
    """Return the same for every part of every day to come: where a doctor can go, and why not elsewhere."""
    case = case_of(session, scope, plan.rep, plan.start_on, plan, scope.on)
    return {
        (day, part): weigh(case, doctor_id, day, part, from_on) for day, part in case.ground.openings if day >= scope.on
    }


def check_removal(session: Session, scope: Scope, plan: CallPlan, doctor_id: int, day_on: date) -> MoveCheck:
    """Return what taking a visit out would bring and cost, as of `scope.on`."""
    case = case_of(session, scope, plan.rep, plan.start_on, plan, scope.on)
    return weigh_removal(case, doctor_id, day_on)
