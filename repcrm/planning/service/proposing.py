"""Letting the planner propose: asked for by a person, done by a worker, or for everybody in the night's batch."""

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy.orm import Session

from repcrm.core import clock
from repcrm.core.errors import RuleBroken
from repcrm.core.words import N_
from repcrm.organisation.access import Scope
from repcrm.organisation.models import User
from repcrm.planning.case import Case
from repcrm.planning.comparing import Placed, compare, proposed
from repcrm.planning.engine.plan import Plan
from repcrm.planning.engine.problem import Problem, Visit
from repcrm.planning.ground import PARTS
from repcrm.planning.proposal import Proposed
from repcrm.planning.queries.case import case_of
from repcrm.planning.queries.plans import get_plan
from repcrm.planning.reasons import Explained, explain_plan
from repcrm.planning.service.editing import open_plan
from repcrm.planning.service.proposals import Result, keep_proposal
from repcrm.planning.terms import ProposalKind
from repcrm.work.models import LongWork
from repcrm.work.service import ask_for

if TYPE_CHECKING:
    from repcrm.planning.engine.solver import Progress

    Tell = Callable[[Progress], None]

WORK = "propose"
"""The kind of long work."""
SECONDS, MOST_SECONDS = 5, 120
READING = N_("Reading doctors, rosters and calls")
PREPARING = N_("Getting the planner ready, once on this machine")
SEARCHING = N_("Looking for a better plan")
EXPLAINING = N_("Writing down the reasons")
MakeSession = Callable[[], Session]


class Desk(Protocol):
    """The desk of a worker, as far as this work needs it."""

    @property
    def work_id(self) -> int: ...
    @property
    def zone(self) -> tzinfo: ...
    def who(self, session: Session) -> Scope: ...
    def tell(self, stage: str, steps_done: int = 0, steps: int | None = None, **figures: Any) -> None: ...
    def should_stop(self) -> bool: ...
    def saving(self) -> AbstractContextManager[Session]: ...
    def finish(self, session: Session, **outcome: Any) -> None: ...


def ask_for_proposal(
    session: Session, who: Scope, rep: User, start_on: Any, kind: ProposalKind, *, now: datetime, seconds: int = SECONDS
) -> LongWork:
    """Ask for a plan to be proposed, or a published one to be mended; a worker does it.

    who      the rep, or the lead
    seconds  how long the planner may look for a better plan
    raises   RuleBroken for a plan to be mended that is not published, or one to be proposed that is; for a cycle that
             is over
    """
    plan = open_plan(session, who, rep, start_on, now=now)
    if plan.is_published is not (kind is ProposalKind.MEND):
        raise RuleBroken(
            N_("This plan is published: mend it.")
            if plan.is_published
            else N_("There is nothing to mend yet: this plan is a draft.")
        )
    if not 1 <= seconds <= MOST_SECONDS:
        raise RuleBroken(N_("Between 1 and %(most)s seconds."), field="seconds", most=MOST_SECONDS)
    return ask_for(session, who, WORK, {"plan_id": plan.id, "kind": kind.value, "seconds": seconds}, now=now)


def propose(make_session: MakeSession, wish: Mapping[str, Any], desk: Desk) -> None:
    """Do what was asked for: look for a plan, write down why, and keep it as a proposal. Nothing else is changed.

    wish    plan_id, kind, seconds
    raises  Conflict if the plan was changed while the planner was at it

    Asked to stop, it keeps the best plan found so far.
    """
    kind, seconds = ProposalKind(wish["kind"]), int(wish["seconds"])
    desk.tell(READING)
    now = clock.now().astimezone(desk.zone)
    with make_session() as session:
        who = desk.who(session)
        plan = get_plan(session, who, wish["plan_id"])
        case = case_of(session, who, plan.rep, plan.start_on, plan, now.date())
        version = plan.version
    result = search(
        case,
        kind,
        version,
        seconds=seconds,
        workers=min(2, os.cpu_count() or 1),
        on_progress=_teller(desk, case, seconds),
        should_stop=desk.should_stop,
        before_reasons=lambda: desk.tell(EXPLAINING, seconds, seconds),
    )
    with desk.saving() as session:
        who = desk.who(session)
        plan = get_plan(session, who, wish["plan_id"])
        kept = keep_proposal(session, who, plan, result, now=now, work_id=desk.work_id)
        desk.finish(session, proposal_id=kept.id, plan_id=plan.id)


def search(
    case: Case,
    kind: ProposalKind,
    basis_version: int,
    *,
    seconds: float = SECONDS,
    steps: int | None = None,
    seed: int = 0,
    workers: int = 1,
    on_progress: "Tell | None" = None,
    should_stop: Callable[[], bool] | None = None,
    before_reasons: Callable[[], None] | None = None,
) -> Result:
    """Solve a case, compare what was found with what stands, and say why.

    basis_version  of the plan the case was read from
    steps          a limit that gives the same plan every time; None: as many as the seconds allow
    workers        cores to use, 1 or 2
    """
    # numpy and more, which web workers never need
    from repcrm.planning.engine.replan import replan
    from repcrm.planning.engine.solver import solve

    look = replan if kind is ProposalKind.MEND else solve
    found = look(
        case.problem,
        seconds=seconds,
        steps=steps,
        seed=seed,
        workers=workers,
        on_progress=on_progress,
        should_stop=should_stop,
    )
    if before_reasons:
        before_reasons()
    return result_of(case, kind, basis_version, found, explain_plan(case, found))


def result_of(case: Case, kind: ProposalKind, basis_version: int, found: Plan, explained: Explained) -> Result:
    """Say what a plan that was found does with the visits that stand, and why."""
    standing = [_placed(case, visit) for visit in case.coming]
    standing += [Placed(one.doctor_id, one.day_on, one.part, one.hospital_id) for one in case.lost]
    wanted = [_placed(case, visit) for visit in found.calls]
    visits = proposed(compare(standing, wanted), lambda step: explained.of_step(case.ground, step))
    return Result(
        kind=kind,
        now_on=case.ground.days[min(case.ground.now, len(case.ground.days) - 1)],
        basis_version=basis_version,
        basis=basis_of(case.problem),
        objective=_score(case, found.objective),
        upper_bound=None if found.upper_bound is None else _score(case, found.upper_bound),
        seconds=round(found.seconds, 2),
        proposed=Proposed(visits, explained.left_out, explained.must),
    )


def _score(case: Case, worth: float) -> float:
    """What people are shown of a plan's worth: guarantees count as earned where kept, not as lost where they are not.

    The planner's own measure is below 0 where many guarantees do not fit, and a part of it in percent says nothing.
    """
    return round(worth + case.problem.at_stake, 2)


def basis_of(problem: Problem) -> str:
    """A digest of the question: the same one need not be asked twice."""
    text = json.dumps(problem.to_dict(), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _placed(case: Case, visit: Visit) -> Placed:
    hospital = case.problem.doctor[visit.doctor].hospital
    return Placed(visit.doctor, case.ground.days[visit.day], PARTS[visit.session], case.ground.hospital_ids[hospital])


def _teller(desk: Desk, case: Case, seconds: int) -> "Tell":
    """Tells the page how far the search is, with the curve of score and bound so far."""
    curve: list[list[float | None]] = []

    def tell(progress: "Progress") -> None:
        bound = None if progress.upper_bound is None else _score(case, progress.upper_bound)
        value = _score(case, progress.objective)
        curve.append([round(progress.seconds, 1), value, bound])
        stage = PREPARING if progress.phase == "compiling" else SEARCHING
        done = min(seconds, int(progress.seconds))
        desk.tell(
            stage, done, seconds, objective=value, upper_bound=bound, calls=progress.calls, curve=curve[-60:]
        )  # fmt: skip

    return tell
