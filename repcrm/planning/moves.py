"""What putting a visit somewhere would break, and what it would bring and cost."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from math import inf
from typing import Any

from repcrm.accounts.models import Session as DayPart
from repcrm.calls.ceiling import passes
from repcrm.core.errors import RuleBroken
from repcrm.core.words import N_
from repcrm.planning.case import Case
from repcrm.planning.engine.problem import Problem, Slot, Visit
from repcrm.planning.engine.routing import best_route
from repcrm.planning.engine.rulebook import Breach, breaches
from repcrm.planning.engine.scoring import soft_cost
from repcrm.planning.ground import PARTS


@dataclass(frozen=True)
class Refusal:
    """A rule that stands against it: an English message (see `core.words.N_`) and its values."""

    message: str
    params: Mapping[str, Any]

    def as_error(self) -> RuleBroken:
        """The same, to be raised."""
        return RuleBroken(self.message, field="slot", **self.params)


@dataclass(frozen=True)
class MoveCheck:
    """What a visit put somewhere breaks, brings and costs; figures are those of the whole plan, after less before.

    breaches              hard rules; empty: it may stand there
    total                 value and evenness less the prices of ways, evenings and guarantees
    value_delta           of the calls, evenness included
    travel_delta_minutes  on the road
    """

    breaches: tuple[Refusal, ...]
    total_delta: float = 0.0
    value_delta: float = 0.0
    travel_delta_minutes: int = 0

    @property
    def is_allowed(self) -> bool:
        """Whether no hard rule stands against it."""
        return not self.breaches

    def refuse(self) -> None:
        """Raise the first rule that stands against it."""
        if self.breaches:
            raise self.breaches[0].as_error()


def weigh(
    case: Case,
    doctor_id: int,
    day_on: date,
    part: DayPart,
    from_on: date | None = None,
    *,
    before: tuple[Visit, ...] | None = None,
) -> MoveCheck:
    """Say what a visit would break, bring and cost.

    from_on  the day of the doctor's visit that would move there; None: it would be added
    before   the visits to come; None: those of the case
    """
    try:
        case.ground.field.place(doctor_id, day_on)
    except RuleBroken as error:
        return MoveCheck((Refusal(error.message, error.params),))
    if day_on not in case.ground.day_index:
        return MoveCheck((Refusal(N_("Nobody works on %(day)s."), {"day": day_on.isoformat()}),))
    problem, before = case.problem, case.coming if before is None else before
    target = Visit(case.ground.day_index[day_on], PARTS.index(part), doctor_id)
    left = case.ground.day_index.get(from_on) if from_on else None
    came_from: Slot | None = next(
        (visit.slot for visit in before if (visit.doctor, visit.day) == (doctor_id, left)), None
    )
    rest = tuple(visit for visit in before if (visit.doctor, visit.slot) != (doctor_id, came_from))
    found = [Refusal(one.code.label, one.numbers) for one in worsened(problem, before, (*rest, target))]
    if any((visit.doctor, visit.day) == (doctor_id, target.day) for visit in rest):
        found.insert(0, Refusal(N_("The doctor is on that day already."), {}))
    found += _over_ceiling(case, doctor_id, day_on, rest)
    if found:
        return MoveCheck(tuple(found))
    after = (*rest, target)
    gain = soft_cost(problem, before, after)
    days = {target.day, *([came_from[0]] if came_from else [])}
    way = sum(_minutes(problem, day, after) - _minutes(problem, day, before) for day in days)
    return MoveCheck((), gain.objective, gain.value + gain.evenness, way)


def worsened(problem: Problem, before: Collection[Visit], after: Collection[Visit]) -> list[Breach]:
    """The rules that visits break after a change and did not break before, or not as badly.

    A day on which leave was taken is emptied visit by visit: each step leaves it broken, but less.
    """
    known: dict[object, float] = {}
    for breach in breaches(problem, before):
        known[_place(breach)] = max(_size(breach), known.get(_place(breach), -inf))
    return [one for one in breaches(problem, after) if _size(one) > known.get(_place(one), -inf)]


def _place(breach: Breach) -> object:
    return breach.code, tuple((name, breach.numbers.get(name)) for name in ("day", "session", "doctor", "week"))


def _size(breach: Breach) -> float:
    """How bad it is: calls, minutes or the like beyond what may be, or days that are missing between two calls."""
    numbers = breach.numbers
    return max([numbers[name] for name in ("calls", "minutes", "hospitals", "evenings") if name in numbers],
               default=-numbers.get("gap", 0))  # fmt: skip


def weigh_removal(case: Case, doctor_id: int, day_on: date) -> MoveCheck:
    """Say what taking a visit out would bring and cost; no rule stands against it."""
    before = case.coming
    day = case.ground.day_index.get(day_on, -1)
    after = tuple(visit for visit in before if (visit.doctor, visit.day) != (doctor_id, day))
    if len(after) == len(before):
        return MoveCheck(())
    gain = soft_cost(case.problem, before, after)
    way = _minutes(case.problem, day, after) - _minutes(case.problem, day, before)
    return MoveCheck((), gain.objective, gain.value + gain.evenness, way)


def _minutes(problem: Problem, day: int, calls: tuple[Visit, ...]) -> int:
    return best_route(problem, day, [visit for visit in calls if visit.day == day])[0]


def _over_ceiling(case: Case, doctor_id: int, day_on: date, rest: tuple[Visit, ...]) -> list[Refusal]:
    ceiling = case.facts.ceiling
    own = [case.ground.days[visit.day] for visit in rest if visit.doctor == doctor_id]
    if ceiling is None or not passes(day_on, [*case.facts.contacts.get(doctor_id, ()), *own], ceiling):
        return []
    words = N_("The company's ceiling is %(calls)s calls on a doctor in %(days)s days; this would be one more.")
    return [Refusal(words, {"calls": ceiling.calls, "days": ceiling.window_days})]
