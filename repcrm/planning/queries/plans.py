"""Plans themselves, their visits, the open proposal, and changes asked for."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from repcrm.core.errors import NotFound
from repcrm.core.words import N_
from repcrm.organisation.access import Scope
from repcrm.planning.models import CallPlan, ChangeRequest, PlanProposal, PlanVisit
from repcrm.planning.queries.scope import plans_in
from repcrm.planning.terms import ProposalState, RequestState


def get_plan(session: Session, scope: Scope, plan_id: int) -> CallPlan:
    """Return a plan with its rep, or raise NotFound outside the scope."""
    wanted = select(CallPlan).options(joinedload(CallPlan.rep)).where(CallPlan.id == plan_id, plans_in(scope))
    found = session.scalar(wanted)
    if found is None:
        raise NotFound(N_("There is no such plan here."))
    return found


def find_plan(session: Session, scope: Scope, rep_id: int, start_on: date) -> CallPlan | None:
    """Return a rep's plan of the cycle that begins on a day, None if there is none in scope."""
    wanted = select(CallPlan).options(joinedload(CallPlan.rep))
    return session.scalar(wanted.where(CallPlan.rep_id == rep_id, CallPlan.start_on == start_on, plans_in(scope)))


def list_plans(session: Session, scope: Scope, start_on: date) -> list[CallPlan]:
    """Return the plans of a cycle within scope, each with its rep, by the reps' codes."""
    wanted = select(CallPlan).join(CallPlan.rep).options(joinedload(CallPlan.rep))
    found = session.scalars(wanted.where(CallPlan.start_on == start_on, plans_in(scope)))
    return sorted(found, key=lambda plan: plan.rep.code)


def list_visits(session: Session, scope: Scope, plan_id: int) -> list[PlanVisit]:
    """Return the visits of a plan in scope, in order of days."""
    wanted = select(PlanVisit).join(CallPlan, CallPlan.id == PlanVisit.plan_id)
    found = session.scalars(wanted.where(PlanVisit.plan_id == plan_id, plans_in(scope)))
    return sorted(found, key=lambda visit: (visit.day_on, visit.id))


def get_proposal(session: Session, scope: Scope, proposal_id: int) -> PlanProposal:
    """Return a proposal with its plan, or raise NotFound outside the scope."""
    wanted = select(PlanProposal).join(PlanProposal.plan).options(joinedload(PlanProposal.plan))
    found = session.scalar(wanted.where(PlanProposal.id == proposal_id, plans_in(scope)))
    if found is None:
        raise NotFound(N_("There is no such proposal here."))
    return found


def find_open_proposal(session: Session, scope: Scope, plan_id: int) -> PlanProposal | None:
    """Return the newest proposal of a plan in scope that waits for a decision, None if there is none."""
    wanted = select(PlanProposal).join(PlanProposal.plan).where(PlanProposal.plan_id == plan_id, plans_in(scope))
    open_ones = wanted.where(PlanProposal.state == ProposalState.OPEN)
    return session.scalars(open_ones.order_by(PlanProposal.id.desc()).limit(1)).first()


def get_change_request(session: Session, scope: Scope, request_id: int) -> ChangeRequest:
    """Return a change that was asked for, with its plan, or raise NotFound outside the scope."""
    wanted = select(ChangeRequest).join(ChangeRequest.plan).options(joinedload(ChangeRequest.plan))
    found = session.scalar(wanted.where(ChangeRequest.id == request_id, plans_in(scope)))
    if found is None:
        raise NotFound(N_("There is no such request here."))
    return found


def list_change_requests(
    session: Session, scope: Scope, *, plan_id: int | None = None, state: RequestState | None = RequestState.OPEN
) -> Sequence[ChangeRequest]:
    """Return the changes asked for within scope, the oldest first, each with its plan and who asked.

    plan_id  of one plan; None for every plan
    state    None for all
    """
    wanted = (
        select(ChangeRequest)
        .join(ChangeRequest.plan)
        .options(joinedload(ChangeRequest.plan), joinedload(ChangeRequest.asked_by))
        .where(plans_in(scope))
    )
    if plan_id is not None:
        wanted = wanted.where(ChangeRequest.plan_id == plan_id)
    if state is not None:
        wanted = wanted.where(ChangeRequest.state == state)
    return session.scalars(wanted.order_by(ChangeRequest.id)).all()
