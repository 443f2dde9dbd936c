"""The way of a day: home, the hospitals of each session in the best order, home again."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, permutations

from repcrm.planning.engine.problem import Problem, Visit

LONGEST_BREAK = 999
"""Longest hop over a session in which nothing is visited; as good as no limit."""
MOST_ORDERED = 5
"""More hospitals than this in a session (only somebody's own move can ask for it) are taken as they come."""


@dataclass(frozen=True)
class DayRoute:
    """The hospitals of a day, session by session, in the order in which they are visited."""

    day: int
    sessions: tuple[tuple[int, ...], ...]


Orders = tuple[tuple[int, ...], ...]
"""A day's hospitals in order, a row for each session."""
_Way = tuple[int, Orders]
"""Minutes so far, and the orders so far."""


def stops_of_day(problem: Problem, day: int, calls: Collection[Visit]) -> dict[int, frozenset[int]]:
    """Session -> hospitals that must be on the way: those of the calls and of the department meetings."""
    stops = {
        session: problem.meetings[day, session]
        for session in range(len(problem.sessions))
        if (day, session) in problem.meetings
    }
    for call in calls:
        if call.day == day:
            stops[call.session] = stops.get(call.session, frozenset()) | {problem.doctor[call.doctor].hospital}
    return stops


def spare_minutes(
    problem: Problem, day: int, calls: Collection[Visit], stops: Mapping[int, Collection[int]]
) -> list[int]:
    """Minutes of each session left for hops once its calls and entries are paid for; below 0 when they do not fit."""
    spare = list(problem.session_minutes[day])
    for call in calls:
        if call.day == day:
            spare[call.session] -= problem.doctor[call.doctor].call_minutes
    for session, hospitals in stops.items():
        spare[session] -= sum(problem.hospitals[hospital].entry_minutes for hospital in hospitals)
    return spare


def route_day(
    problem: Problem,
    stops: Mapping[int, Collection[int]],
    spare: Sequence[int] | None = None,
    *,
    hops: bool = True,
    breaks: bool = True,
) -> tuple[int, Orders] | None:
    """The shortest way through the hospitals of a day that keeps the rules.

    stops    session -> hospitals
    spare    minutes of each session left for the hops inside it; unlimited if left away
    hops     whether the longest hop inside a session counts
    breaks   whether the longest hop from session to session counts
    returns  minutes from home to home and the orders; None when no order keeps the rules

    All orders of a session are tried; between sessions only the last hospital matters.
    """
    travel, home, rules = problem.travel_minutes, problem.home, problem.rules
    ways: dict[int, _Way] = {home: (0, ())}
    before: int | None = None
    for session in range(len(problem.sessions)):
        hospitals = stops.get(session)
        if not hospitals:
            ways = {last: (minutes, (*orders, ())) for last, (minutes, orders) in ways.items()}
            continue
        limit = rules.break_minutes[session - 1] if before is not None and before == session - 1 else LONGEST_BREAK
        longer: dict[int, _Way] = {}
        for order in _orders(hospitals):
            steps = [travel[a][b] for a, b in pairwise(order)]
            inside = sum(steps)
            if (hops and steps and max(steps) > rules.hop_minutes) or (spare is not None and inside > spare[session]):
                continue
            for last, (minutes, orders) in ways.items():
                hop = travel[last][order[0]]
                if breaks and last != home and hop > limit:
                    continue
                way = (minutes + hop + inside, (*orders, order))
                if order[-1] not in longer or way < longer[order[-1]]:
                    longer[order[-1]] = way
        if not longer:
            return None
        ways, before = longer, session
    return min((minutes + travel[last][home], orders) for last, (minutes, orders) in ways.items())


def _orders(hospitals: Collection[int]) -> Collection[tuple[int, ...]]:
    inner = sorted(hospitals)
    return list(permutations(inner)) if len(inner) <= MOST_ORDERED else [tuple(inner)]


def best_route(problem: Problem, day: int, calls: Collection[Visit]) -> tuple[int, Orders]:
    """The shortest way of a day for these calls; where none is lawful, one that breaks as few rules as it must."""
    stops = stops_of_day(problem, day, calls)
    spare = spare_minutes(problem, day, calls, stops)
    found = (
        route_day(problem, stops, spare)
        or route_day(problem, stops)
        or route_day(problem, stops, hops=False)
        or route_day(problem, stops, hops=False, breaks=False)
    )
    assert found is not None, "without any rule every order is a way"
    return found


def routes_for(problem: Problem, calls: Collection[Visit]) -> tuple[DayRoute, ...]:
    """The shortest way of every day that has a call or a meeting."""
    by_day: dict[int, list[Visit]] = {day: [] for day, _ in problem.meetings}
    for call in calls:
        by_day.setdefault(call.day, []).append(call)
    return tuple(DayRoute(day, best_route(problem, day, by_day[day])[1]) for day in sorted(by_day))
