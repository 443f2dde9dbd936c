"""What a plan is worth: value and evenness of its calls, less the price of travel, evenings and broken guarantees."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise

from repcrm.planning.engine.plan import Plan, check_plan_fits
from repcrm.planning.engine.problem import DoctorNeed, Problem, Visit
from repcrm.planning.engine.routing import Orders, best_route, spare_minutes, stops_of_day
from repcrm.planning.engine.rulebook import (
    Breach,
    Rule,
    days_called,
    doctor_breaches,
    evening_breaches,
    order_breaches,
)


@dataclass(frozen=True)
class Score:
    """A plan in figures.

    objective       value + evenness - prices of travel, evenings and calls missed
    value, evenness of the calls still to be made; what was earned already is not in it
    must_missed     guaranteed calls that neither were made nor are planned
    violations      hard rules that are broken; a plan without any is feasible
    """

    objective: float
    value: float
    evenness: float
    travel_minutes: int
    calls: int
    evenings: int
    must_missed: int
    violations: tuple[Breach, ...] = ()


@dataclass(frozen=True)
class SoftCost:
    """What a change is worth, part by part; below 0 it costs."""

    objective: float
    value: float
    evenness: float
    travel: float
    evening: float
    must: float


def doctor_worth(problem: Problem, doctor: DoctorNeed, days: Collection[int]) -> tuple[float, float, int]:
    """Value, evenness bonus and guaranteed calls missed of a doctor.

    days  all days with a call, those already made included
    """
    past = problem.done.get(doctor.id, ())
    value = sum(doctor.value_of_call(number) for number in range(len(past), len(days)))
    even = 0.0
    for window in doctor.evenness:
        before = sum(window.first_day <= day < window.until_day for day in past)
        within = sum(window.first_day <= day < window.until_day for day in days)
        even += window.bonus * (min(window.target, within) - min(window.target, before))
    return value, even, max(0, doctor.must - len(days))


def score(problem: Problem, plan: Plan) -> Score:
    """Score a plan as the referee of planbench does, on its own ways.

    raises  BadInput if it speaks of doctors, days or hospitals the problem does not have
    """
    check_plan_fits(problem, plan)
    value, even, missed = _worth(problem, plan.calls)
    found: list[Breach] = []
    days = days_called(problem, plan.calls)
    by_doctor: dict[int, list[Visit]] = {}
    by_day: dict[int, list[Visit]] = {}
    for call in plan.calls:
        by_doctor.setdefault(call.doctor, []).append(call)
        by_day.setdefault(call.day, []).append(call)
    for doctor, visits in by_doctor.items():
        found += doctor_breaches(problem, problem.doctor[doctor], visits, days[doctor])
    orders = {route.day: route.sessions for route in plan.routes if route.day >= problem.now}
    nowhere: Orders = ((),) * len(problem.sessions)
    for day in range(problem.now, problem.days):
        found += _route_breaches(problem, day, orders.get(day, nowhere), by_day.get(day, []))
    evening = len(problem.sessions) - 1
    evenings = [(day, evening) for day, order in orders.items() if order[evening]]
    found += evening_breaches(problem, evenings)
    travel = sum(travel_of(problem, order) for order in orders.values())
    objective = value + even - _prices(problem, travel, len(evenings), missed)
    return Score(objective, value, even, travel, len(plan.calls), len(evenings), missed, tuple(found))


def soft_cost(problem: Problem, calls_before: Collection[Visit], calls_after: Collection[Visit]) -> SoftCost:
    """What a change of calls is worth, each day by its shortest way; shown before somebody drops a call."""
    before, after = _parts(problem, calls_before), _parts(problem, calls_after)
    parts = [new - old for old, new in zip(before, after, strict=True)]
    return SoftCost(sum(parts), *parts)


def _parts(problem: Problem, calls: Collection[Visit]) -> tuple[float, float, float, float, float]:
    value, even, missed = _worth(problem, calls)
    rules, evening = problem.rules, len(problem.sessions) - 1
    by_day: dict[int, list[Visit]] = {day: [] for day, _ in problem.meetings}
    for call in calls:
        by_day.setdefault(call.day, []).append(call)
    ways = [best_route(problem, day, visits) for day, visits in by_day.items()]
    travel = sum(minutes for minutes, _ in ways)
    evenings = sum(bool(orders[evening]) for _, orders in ways)
    return (
        value,
        even,
        -rules.travel_cost_per_minute * travel,
        -rules.evening_cost * evenings,
        -rules.must_penalty * missed,
    )


def _worth(problem: Problem, calls: Collection[Visit]) -> tuple[float, float, int]:
    days = days_called(problem, calls)
    worths = [doctor_worth(problem, doctor, days[doctor.id]) for doctor in problem.doctors]
    return (
        sum(value for value, _, _ in worths),
        sum(even for _, even, _ in worths),
        sum(missed for *_, missed in worths),
    )


def _prices(problem: Problem, travel: int, evenings: int, missed: int) -> float:
    rules = problem.rules
    return rules.travel_cost_per_minute * travel + rules.evening_cost * evenings + rules.must_penalty * missed


def travel_of(problem: Problem, orders: Orders) -> int:
    """Minutes of a day's way, from home to home."""
    stops = [hospital for order in orders for hospital in order]
    if not stops:
        return 0
    way = [problem.home, *stops, problem.home]
    return sum(problem.travel_minutes[a][b] for a, b in pairwise(way))


def _route_breaches(problem: Problem, day: int, orders: Orders, calls: Collection[Visit]) -> Iterator[Breach]:
    here: dict[str, float] = {"day": day}
    if len(calls) > problem.max_calls[day]:
        yield Breach(Rule.TOO_MANY_CALLS, here | {"calls": len(calls), "most": problem.max_calls[day]})
    needed = stops_of_day(problem, day, calls)
    most = problem.rules.hospitals_per_session
    for session, order in enumerate(orders):
        for hospital in sorted(needed.get(session, frozenset()) - set(order)):
            yield Breach(Rule.MISSES_HOSPITAL, here | {"session": session, "hospital": hospital})
        if len(order) > most or len(set(order)) < len(order):
            numbers: dict[str, float] = {"session": session, "hospitals": len(order), "most": most}
            yield Breach(Rule.HOSPITALS_PER_SESSION, here | numbers)
    spare = spare_minutes(problem, day, calls, dict(enumerate(orders)))
    yield from order_breaches(problem, day, orders, spare)
