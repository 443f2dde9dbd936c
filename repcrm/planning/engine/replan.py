"""Mending a published plan: what has passed is fixed, what was promised moves as little as it can."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from repcrm.core.words import N_, Term
from repcrm.planning.engine.plan import Plan
from repcrm.planning.engine.problem import Problem, Visit
from repcrm.planning.engine.reasons import Cause
from repcrm.planning.engine.rulebook import Breach, Rule, check_move
from repcrm.planning.engine.solver import Progress, solve
from repcrm.planning.engine.tables import open_slots

MOST_MOVED = 0.2
"""So large a part of the coming published visits may move at most, or those that have to where they are more ..."""
MOST_LOST = 0.02
"""... unless that would cost more than this part of the plan's worth."""
KEEP_PART = 0.15
"""Bonus for keeping a day, as a part of what a first call is worth on average; the session is worth a third of it."""
FIRMER = 8.0
"""The bonus grows so much from attempt to attempt while too much moves."""
ATTEMPTS = 3


class Change(Term):
    """What has become of a visit."""

    KEPT = "kept", N_("kept")
    MOVED = "moved", N_("moved")
    DROPPED = "dropped", N_("dropped")
    ADDED = "added", N_("added")


@dataclass(frozen=True)
class Difference:
    """One visit before and after.

    cause   a hard rule (`Rule`) or a `Cause`; numbers go into its sentence
    """

    change: Change
    doctor: int
    before: Visit | None
    after: Visit | None
    cause: Rule | Cause
    numbers: dict[str, float]


@dataclass(frozen=True)
class Differences:
    """What distinguishes a mended plan from the published one, each list in order of time."""

    kept: tuple[Difference, ...]
    moved: tuple[Difference, ...]
    dropped: tuple[Difference, ...]
    added: tuple[Difference, ...]

    @property
    def part_moved(self) -> float:
        """Part of the coming published visits that were moved or dropped."""
        changed = len(self.moved) + len(self.dropped)
        return changed / (changed + len(self.kept)) if changed else 0.0


def replan(
    problem: Problem,
    *,
    seconds: float = 1.2,
    steps: int | None = None,
    seed: int = 0,
    workers: int = 1,
    on_progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Plan:
    """Mend the published plan of a problem that says what was done and what day it is.

    seconds, steps  for all attempts together
    returns  a plan in which at most a fifth of the coming published visits moved, or those alone whose session is gone,
             unless that would cost more than 2 %; its objective counts no bonus for what was kept

    The bonuses for keeping visits are those of the problem, or a part of a call's worth where it gives none; they grow
    while too much moves. The loss is measured against the best plan that any attempt has seen.
    """
    plans: list[Plan] = []
    bonus = problem.keep_day_bonus or KEEP_PART * _worth_of_first_call(problem)
    session_bonus = problem.keep_session_bonus or bonus / 3
    for attempt in range(ATTEMPTS):
        firm = FIRMER**attempt
        plan = solve(
            replace(problem, keep_day_bonus=min(bonus * firm, 1e6), keep_session_bonus=min(session_bonus * firm, 1e6)),
            seconds=seconds / ATTEMPTS,
            steps=None if steps is None else -(-steps // ATTEMPTS),
            seed=seed,
            workers=workers,
            on_progress=on_progress,
            should_stop=should_stop,
        )
        plans.append(plan)
        if _moves_few(problem, plan) or (should_stop is not None and should_stop()):
            break
    bounds = [plan.upper_bound for plan in plans if plan.upper_bound is not None]
    chosen = _chosen(problem, plans)
    taken = sum(plan.seconds for plan in plans)
    return replace(chosen, upper_bound=min(bounds, default=None), seconds=taken)


def _chosen(problem: Problem, plans: list[Plan]) -> Plan:
    """Of the plans that cost little the first that moves few, else the one that moves fewest."""
    best = max(plan.objective for plan in plans)
    cheap = [plan for plan in plans if best - plan.objective <= MOST_LOST * abs(best)]
    return next(
        (plan for plan in cheap if _moves_few(problem, plan)), min(cheap, key=lambda plan: _moved(problem, plan))
    )


def _moved(problem: Problem, plan: Plan) -> int:
    return len({visit for visit in problem.published if visit.day >= problem.now}.difference(plan.calls))


def _moves_few(problem: Problem, plan: Plan) -> bool:
    coming = [visit for visit in problem.published if visit.day >= problem.now]
    open_for = {doctor.id: {visit.slot for visit in open_slots(problem, doctor)} for doctor in problem.doctors}
    have_to = sum(visit.slot not in open_for[visit.doctor] for visit in coming)
    return _moved(problem, plan) <= max(MOST_MOVED * len(coming), have_to)


def _worth_of_first_call(problem: Problem) -> float:
    worths = [doctor.value_of_call(0) for doctor in problem.doctors]
    return sum(worths) / len(worths) if worths else 0.0


def differences(problem: Problem, before: Collection[Visit], after: Collection[Visit]) -> Differences:
    """What has become of the coming published visits, and what is new, each with its cause.

    before  the published visits; those of past days are left out, they are history
    after   the calls of the new plan
    """
    found: list[Difference] = []
    doctors = sorted({visit.doctor for visit in [*before, *after]} & set(problem.doctor))
    for doctor in doctors:
        old = sorted(visit for visit in before if visit.doctor == doctor and visit.day >= problem.now)
        new = sorted(visit for visit in after if visit.doctor == doctor)
        found += _differences_of(problem, after, old, new, missed=len(before) > 0)
    by_change = {change: tuple(one for one in sorted(found, key=_time) if one.change is change) for change in Change}
    return Differences(*(by_change[change] for change in (Change.KEPT, Change.MOVED, Change.DROPPED, Change.ADDED)))


def _time(difference: Difference) -> tuple[int, int, int]:
    visit = difference.before or difference.after
    assert visit is not None, "a difference is about a visit"
    return (visit.day, visit.session, visit.doctor)


def _differences_of(
    problem: Problem, after: Collection[Visit], old: list[Visit], new: list[Visit], missed: bool
) -> list[Difference]:
    kept = [visit for visit in old if visit in new]
    old_rest = [visit for visit in old if visit not in kept]
    new_rest = [visit for visit in new if visit not in kept]
    found = [
        Difference(Change.KEPT, visit.doctor, visit, visit, Cause.PINNED if visit.pinned else Cause.STILL_GOOD, {})
        for visit in kept
    ]
    # the same day first: a visit that only changes its session is not paired with one of another week
    pairs: list[tuple[Visit, Visit]] = []
    for same_day in (True, False):
        for visit in list(old_rest):
            others = [other for other in new_rest if not same_day or other.day == visit.day]
            if others:
                other = min(others, key=lambda one: abs(one.day - visit.day))
                pairs.append((visit, other))
                old_rest.remove(visit)
                new_rest.remove(other)
    for visit, other in pairs:
        cause, numbers = _against(problem, after, visit, other)
        found.append(Difference(Change.MOVED, visit.doctor, visit, other, cause or Cause.BETTER_PLACE, numbers))
    for visit in old_rest:
        cause, numbers = _against(problem, after, visit, None)
        found.append(Difference(Change.DROPPED, visit.doctor, visit, None, cause or Cause.ROOM_FOR_BETTER, numbers))
    for visit in new_rest:
        found.append(Difference(Change.ADDED, visit.doctor, None, visit, Cause.FILLS_GAP, {}))
    return found


def _against(
    problem: Problem, after: Collection[Visit], visit: Visit, instead: Visit | None
) -> tuple[Rule | None, dict[str, float]]:
    """The hard rule that stands against leaving a visit where it was, beside what is planned now."""
    others = [call for call in after if call != instead]
    breaches: list[Breach] = check_move(problem, others, visit.doctor, visit.day, visit.session)
    return (breaches[0].code, breaches[0].numbers) if breaches else (None, {})
