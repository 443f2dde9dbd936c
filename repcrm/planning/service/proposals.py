"""What becomes of a proposal: kept when the planner has made it, accepted whole or in part, dismissed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from repcrm.core.errors import Conflict
from repcrm.core.words import N_
from repcrm.db.journal import record
from repcrm.organisation.access import Scope
from repcrm.planning.case import Case
from repcrm.planning.models import CallPlan, PlanProposal
from repcrm.planning.moves import worsened
from repcrm.planning.proposal import Proposed, ProposedVisit, read_proposal
from repcrm.planning.queries.case import case_of
from repcrm.planning.service.holding import changed, take_own, take_plan
from repcrm.planning.service.placing import Desk
from repcrm.planning.terms import Change, ProposalKind, ProposalState, VisitOrigin

STALE = N_("The plan has changed since this was proposed: let it be proposed again.")
DECIDED = N_("This proposal has been decided on already.")


@dataclass(frozen=True)
class Result:
    """What the planner found.

    basis  SHA-256 of the problem
    """

    kind: ProposalKind
    now_on: date
    basis_version: int
    basis: str
    objective: float
    upper_bound: float | None
    seconds: float
    proposed: Proposed

    @property
    def calls(self) -> int:
        """Calls to come if it is taken."""
        return sum(one.change is not Change.DROPPED for one in self.proposed.visits)


def keep_proposal(
    session: Session, who: Scope, plan: CallPlan, result: Result, *, now: datetime, work_id: int | None = None
) -> PlanProposal:
    """Keep what the planner found; an earlier proposal that still waits is outdated by it. Goes into the journal.

    work_id  the work somebody asked for; None: the night's batch, which is nobody's doing
    raises   Conflict if the plan has changed since the planner looked at it: nothing is kept
    """
    plan = take_plan(session, who, plan, None)
    if plan.version != result.basis_version:
        raise Conflict(STALE)
    waiting = update(PlanProposal).where(PlanProposal.plan_id == plan.id, PlanProposal.state == ProposalState.OPEN)
    session.execute(waiting.values(state=ProposalState.OUTDATED, decided_at=now))
    proposal = PlanProposal(
        plan_id=plan.id, work_id=work_id, kind=result.kind, state=ProposalState.OPEN, made_at=now,
        now_on=result.now_on, basis_version=result.basis_version, basis=result.basis, objective=result.objective,
        upper_bound=result.upper_bound, seconds=result.seconds, body=result.proposed.to_json(), taken=[],
    )  # fmt: skip
    session.add(proposal)
    session.flush()
    changes = len(result.proposed.open_changes)
    actor_id = who.user_id if work_id is not None else None
    record(session, actor_id, "call_plan", plan.id, "keep_proposal", None,
           {"kind": result.kind, "changes": changes}, at=now)  # fmt: skip
    return proposal


def accept_proposal(
    session: Session,
    who: Scope,
    plan: CallPlan,
    proposal: PlanProposal,
    *,
    now: datetime,
    keys: Collection[str] | None = None,
    is_pinned: bool = False,
    seen_version: int | None = None,
) -> CallPlan:
    """Make a proposal, or single changes of it, the plan: all that is asked for, or nothing. Goes into the journal.

    keys       changes to be taken (see `board.visit_key`); None: all that are left
    is_pinned  pin what is taken: it is agreed with the doctor
    raises     Conflict if the plan has changed since it was proposed or shown, if it has been decided on, or if
               something has come up meanwhile that stands against it; RuleBroken while the plan is locked
    """
    plan = take_own(session, who, plan, seen_version)
    proposal = _take(session, plan, proposal)
    body = read_proposal(proposal.body, proposal.taken)
    chosen = [one for one in body.open_changes if keys is None or one.key in keys]
    if keys is not None and {one.key for one in chosen} != set(keys):
        raise Conflict(DECIDED)
    case = case_of(session, who, plan.rep, plan.start_on, plan, now.date())
    if any(min(one.day_on, one.from_on or one.day_on) < now.date() for one in chosen):
        raise Conflict(STALE)
    _apply(Desk(session, plan, case.ground.field, now), chosen, is_pinned)
    _check_it_holds(case, case_of(session, who, plan.rep, plan.start_on, plan, now.date()))
    changed(session, plan)
    proposal.taken = [*proposal.taken, *(one.key for one in chosen)]
    proposal.basis_version, proposal.version = plan.version, proposal.version + 1
    if len(chosen) == len(body.open_changes):
        _decide(proposal, who, ProposalState.ACCEPTED, now)
    session.flush()
    taken = {"changes": len(chosen), "left": len(body.open_changes) - len(chosen)}
    record(session, who.user_id, "call_plan", plan.id, "accept_proposal", None, taken, at=now)
    return plan


def dismiss_proposal(
    session: Session, who: Scope, plan: CallPlan, proposal: PlanProposal, *, now: datetime
) -> PlanProposal:
    """Leave a proposal, as far as it has not been taken. Goes into the journal.

    raises  Conflict if it has been decided on already
    """
    plan = take_plan(session, who, plan, None)
    fresh = _fresh(session, plan, proposal)
    _decide(fresh, who, ProposalState.DISMISSED, now)
    fresh.version += 1
    session.flush()
    record(session, who.user_id, "call_plan", plan.id, "dismiss_proposal", None, {"kind": fresh.kind}, at=now)
    return fresh


def _take(session: Session, plan: CallPlan, proposal: PlanProposal) -> PlanProposal:
    fresh = _fresh(session, plan, proposal)
    if fresh.basis_version != plan.version:
        raise Conflict(STALE)
    return fresh


def _fresh(session: Session, plan: CallPlan, proposal: PlanProposal) -> PlanProposal:
    wanted = select(PlanProposal).where(PlanProposal.id == proposal.id, PlanProposal.plan_id == plan.id)
    fresh = session.scalars(wanted.execution_options(populate_existing=True)).one()
    if fresh.state is not ProposalState.OPEN:
        raise Conflict(DECIDED)
    return fresh


def _decide(proposal: PlanProposal, who: Scope, state: ProposalState, now: datetime) -> None:
    proposal.state, proposal.decided_at, proposal.decided_by_id = state, now, who.user_id


def _apply(desk: Desk, chosen: Collection[ProposedVisit], is_pinned: bool) -> None:
    """Drop, then move, then add; a move waits until its day is free of the doctor's other visit."""
    for one in chosen:
        if one.change is Change.DROPPED:
            desk.take_off(one.doctor_id, one.day_on)
    waiting = [one for one in chosen if one.change is Change.MOVED and one.from_on is not None]
    while waiting:
        leaving = {(one.doctor_id, one.from_on) for one in waiting if one.from_on != one.day_on}
        free = [one for one in waiting if (one.doctor_id, one.day_on) not in leaving]
        for one in free:
            assert one.from_on is not None, "a visit that moves comes from somewhere"
            desk.shift(one.doctor_id, one.from_on, one.day_on, one.part, is_pinned=is_pinned or None)
        waiting = [one for one in waiting if one not in free]
    for one in chosen:
        if one.change is Change.ADDED:
            desk.put(one.doctor_id, one.day_on, one.part, VisitOrigin.PROPOSAL, is_pinned=is_pinned)


def _check_it_holds(before: Case, after: Case) -> None:
    """Refuse what has come to break a rule since it was proposed: leave was taken, a doctor moved away."""
    for breach in worsened(after.problem, before.coming, after.coming):
        raise Conflict(breach.code.label, field="slot", **breach.numbers)
