"""The night's batch: a proposal for one rep after the other, each on its own, none twice for the same question."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.core.errors import RepCRMError
from repcrm.core.words import N_, Term
from repcrm.db.unit_of_work import PATIENCE, unit_of_work
from repcrm.organisation.access import Role
from repcrm.organisation.models import User
from repcrm.planning.board import gap_percent
from repcrm.planning.models import CallPlan, PlanProposal
from repcrm.planning.queries.case import case_of
from repcrm.planning.queries.plans import find_plan
from repcrm.planning.queries.scope import eyes_of
from repcrm.planning.service.editing import open_plan
from repcrm.planning.service.proposals import keep_proposal
from repcrm.planning.service.proposing import basis_of, search
from repcrm.planning.terms import ProposalKind, ProposalState

MakeSession = Callable[[], Session]


class Ending(Term):
    """How it ended for one rep."""

    PROPOSED = "proposed", N_("proposed")
    AS_BEFORE = "as_before", N_("as proposed before")
    PUBLISHED = "published", N_("published already")
    NOBODY = "nobody", N_("nobody to call on")
    FAILED = "failed", N_("failed")


@dataclass(frozen=True)
class Line:
    """What the batch says of one rep.

    gap_percent  how far from the proven bound at most
    words        why it failed, in English
    """

    code: str
    name: str
    ending: Ending
    calls: int = 0
    gap_percent: float | None = None
    seconds: float = 0.0
    words: str = ""


def reps_to_plan(session: Session, region_id: int | None) -> list[int]:
    """Return the keys of the active reps of a region, or of all, by code: the clock has no eyes."""
    wanted = select(User.id).where(User.role == Role.REP, User.is_active).order_by(User.code)
    return list(session.scalars(wanted if region_id is None else wanted.where(User.region_id == region_id)))


def propose_for(
    make_session: MakeSession,
    rep_id: int,
    start_on: date,
    *,
    now: datetime,
    seconds: float,
    steps: int | None = None,
) -> Line:
    """Let the planner propose a rep's cycle; whatever goes wrong is said and stays with this rep.

    now  aware, in the business time zone: its date is today

    A question that was put before, and whose answer waits or was accepted, is not put again.
    """
    code = name = str(rep_id)
    try:
        with make_session() as session:
            rep = session.get_one(User, rep_id)
            code, name, who = rep.code, rep.name, eyes_of(rep, now.date())
            plan = find_plan(session, who, rep.id, start_on)
            if plan and plan.is_published:
                return Line(code, name, Ending.PUBLISHED)
            case = case_of(session, who, rep, start_on, plan, now.date())
            version = plan.version if plan else 1
            if not case.ground.field.doctors:
                return Line(code, name, Ending.NOBODY)
            if plan and _is_answered(session, plan, basis_of(case.problem)):
                return Line(code, name, Ending.AS_BEFORE)
        found = search(case, ProposalKind.PROPOSE, version, seconds=seconds, steps=steps)
        with unit_of_work(make_session, patience=PATIENCE) as session:
            plan = open_plan(session, who, session.get_one(User, rep_id), start_on, now=now)
            keep_proposal(session, who, plan, found, now=now)
    except RepCRMError as error:
        return Line(code, name, Ending.FAILED, words=str(error))
    except Exception as error:  # one rep's trouble is nobody else's
        return Line(code, name, Ending.FAILED, words=f"{type(error).__name__}: {error}")
    gap = gap_percent(found.objective, found.upper_bound)
    return Line(code, name, Ending.PROPOSED, found.calls, gap, found.seconds)


def _is_answered(session: Session, plan: CallPlan, basis: str) -> bool:
    wanted = select(PlanProposal.id).where(PlanProposal.plan_id == plan.id, PlanProposal.basis == basis)
    answered = PlanProposal.state.in_((ProposalState.OPEN, ProposalState.ACCEPTED))
    return session.scalar(wanted.where(answered).limit(1)) is not None
