"""The hard rules of a plan: which of them some calls break, and whether a call may go where somebody drags it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from repcrm.core.words import N_, Term
from repcrm.planning.engine.problem import DoctorNeed, Problem, Slot, Visit
from repcrm.planning.engine.routing import LONGEST_BREAK, Orders, route_day, spare_minutes, stops_of_day


class Rule(Term):
    """A hard rule, in a sentence with the numbers that a breach of it carries."""

    NOT_AVAILABLE = "not_available", N_("The doctor has no clinic session then.")
    IN_THE_PAST = "in_the_past", N_("That day has passed.")
    TOO_CLOSE = "too_close", N_("Only %(gap)s working days from another call on this doctor; at least %(least)s.")
    WEEKLY_LIMIT = "weekly_limit", N_("%(calls)s calls on this doctor in one week; at most %(most)s.")
    FREQUENCY = "frequency", N_("%(calls)s calls on this doctor in the cycle; at most %(most)s.")
    TOO_MANY_CALLS = "too_many_calls", N_("%(calls)s calls on that day; at most %(most)s.")
    SESSION_FULL = "session_full", N_("The session would take %(minutes)s minutes; there are %(most)s.")
    HOSPITALS_PER_SESSION = "hospitals_per_session", N_("%(hospitals)s hospitals in one session; at most %(most)s.")
    EVENING_LIMIT = "evening_limit", N_("%(evenings)s evenings in one week; at most %(most)s.")
    HOP_TOO_LONG = "hop_too_long", N_("%(minutes)s minutes between two hospitals of one session; at most %(most)s.")
    BREAK_TOO_LONG = "break_too_long", N_("%(minutes)s minutes from one session to the next; at most %(most)s.")
    MISSES_HOSPITAL = "misses_hospital", N_("The way does not pass a hospital in which there is a call or a meeting.")


@dataclass(frozen=True)
class Breach:
    """A hard rule that is broken, and by how much.

    numbers  the values of the rule's sentence, and where: day, session, doctor, week or hospital as they apply
    """

    code: Rule
    numbers: dict[str, float]

    def __str__(self) -> str:
        return f"{self.code.value}: {self.code.label % self.numbers} {self.numbers}"


def days_called(problem: Problem, calls: Collection[Visit]) -> dict[int, list[int]]:
    """Doctor -> days of the cycle with a call, made or planned, in order."""
    days = {doctor.id: list(problem.done.get(doctor.id, ())) for doctor in problem.doctors}
    for call in calls:
        days[call.doctor].append(call.day)
    for dates in days.values():
        dates.sort()
    return days


def breaches(problem: Problem, calls: Collection[Visit]) -> list[Breach]:
    """Every hard rule these calls break, whatever the order of the hospitals. What was done already breaks none."""
    found: list[Breach] = []
    days = days_called(problem, calls)
    planned: dict[int, list[Visit]] = {}
    by_day: dict[int, list[Visit]] = {day: [] for day, _ in problem.meetings}
    for call in calls:
        planned.setdefault(call.doctor, []).append(call)
        by_day.setdefault(call.day, []).append(call)
    for doctor, visits in planned.items():
        found += doctor_breaches(problem, problem.doctor[doctor], visits, days[doctor])
    for day in sorted(by_day):
        found += day_breaches(problem, day, by_day[day])
    evening = len(problem.sessions) - 1
    evenings = {slot for slot in problem.meetings if slot[1] == evening}
    evenings |= {call.slot for call in calls if call.session == evening}
    return [*found, *evening_breaches(problem, evenings)]


def doctor_breaches(
    problem: Problem, doctor: DoctorNeed, visits: Collection[Visit], days: list[int]
) -> Iterator[Breach]:
    """Rules about one doctor.

    visits  the doctor's calls of the plan
    days    the days of these and of the calls already made, in order
    """
    here: dict[str, float] = {"doctor": doctor.id}
    planned = {visit.day for visit in visits}
    for visit in visits:
        slot = here | {"day": visit.day, "session": visit.session}
        if visit.day < problem.now:
            yield Breach(Rule.IN_THE_PAST, slot)
        if visit.slot not in problem.slots[doctor.id]:
            yield Breach(Rule.NOT_AVAILABLE, slot)
    if len(days) > doctor.frequency:
        yield Breach(Rule.FREQUENCY, here | {"calls": len(days), "most": doctor.frequency})
    least = doctor.min_spacing_days
    for earlier, later in pairwise(days):
        if later - earlier < least and {earlier, later} & planned:
            yield Breach(Rule.TOO_CLOSE, here | {"day": later, "gap": later - earlier, "least": least})
    if days and not problem.done.get(doctor.id) and days[0] + doctor.days_since_last_call < least:
        gap = days[0] + doctor.days_since_last_call
        yield Breach(Rule.TOO_CLOSE, here | {"day": days[0], "gap": gap, "least": least})
    for week in sorted({problem.week_of[day] for day in planned}):
        number = sum(problem.week_of[day] == week for day in days)
        if number > doctor.max_per_week:
            yield Breach(Rule.WEEKLY_LIMIT, here | {"week": week, "calls": number, "most": doctor.max_per_week})


def day_breaches(problem: Problem, day: int, calls: Collection[Visit]) -> Iterator[Breach]:
    """Rules about one day that no order of its hospitals can keep."""
    here: dict[str, float] = {"day": day}
    if len(calls) > problem.max_calls[day]:
        yield Breach(Rule.TOO_MANY_CALLS, here | {"calls": len(calls), "most": problem.max_calls[day]})
    stops = stops_of_day(problem, day, calls)
    most = problem.rules.hospitals_per_session
    crowded = [session for session, hospitals in stops.items() if len(hospitals) > most]
    for session in crowded:
        numbers: dict[str, float] = {"session": session, "hospitals": len(stops[session]), "most": most}
        yield Breach(Rule.HOSPITALS_PER_SESSION, here | numbers)
    if not crowded:
        yield from _way_breaches(problem, day, calls, stops)


def _way_breaches(
    problem: Problem, day: int, calls: Collection[Visit], stops: Mapping[int, Collection[int]]
) -> Iterator[Breach]:
    spare = spare_minutes(problem, day, calls, stops)
    if route_day(problem, stops, spare):
        return
    full = False
    for session, hospitals in sorted(stops.items()):
        alone = route_day(problem, {session: hospitals}) or route_day(problem, {session: hospitals}, hops=False)
        assert alone, "without a limit every order is a way"
        inside = _inside(problem, alone[1])
        if inside[session] > spare[session]:
            full = True
            most = problem.session_minutes[day][session]
            numbers: dict[str, float] = {
                "session": session,
                "minutes": most - spare[session] + inside[session],
                "most": most,
            }
            yield Breach(Rule.SESSION_FULL, {"day": day, **numbers})
    if not full:
        way = route_day(problem, stops, spare, hops=False) or route_day(problem, stops, spare, breaks=False)
        way = way or route_day(problem, stops, spare, hops=False, breaks=False) or route_day(problem, stops)
        way = way or route_day(problem, stops, hops=False, breaks=False)
        assert way, "without any rule every order is a way"
        yield from order_breaches(problem, day, way[1], spare)


def _inside(problem: Problem, orders: Orders) -> list[int]:
    return [sum(problem.travel_minutes[a][b] for a, b in pairwise(order)) for order in orders]


def order_breaches(problem: Problem, day: int, orders: Orders, spare: list[int]) -> Iterator[Breach]:
    """Rules about the order of a day's hospitals.

    spare  minutes of each session left for the hops inside it
    """
    travel, rules = problem.travel_minutes, problem.rules
    here: dict[str, float] = {"day": day}
    for session, order in enumerate(orders):
        for a, b in pairwise(order):
            if travel[a][b] > rules.hop_minutes:
                numbers: dict[str, float] = {"session": session, "minutes": travel[a][b], "most": rules.hop_minutes}
                yield Breach(Rule.HOP_TOO_LONG, here | numbers)
    used = [session for session, order in enumerate(orders) if order]
    for before, session in pairwise(used):
        hop = travel[orders[before][-1]][orders[session][0]]
        limit = rules.break_minutes[before] if session == before + 1 else LONGEST_BREAK
        if hop > limit:
            yield Breach(Rule.BREAK_TOO_LONG, here | {"session": session, "minutes": hop, "most": limit})
    for session, minutes in enumerate(_inside(problem, orders)):
        if orders[session] and minutes > spare[session]:
            most = problem.session_minutes[day][session]
            taken: dict[str, float] = {"session": session, "minutes": most - spare[session] + minutes, "most": most}
            yield Breach(Rule.SESSION_FULL, here | taken)


def evening_breaches(problem: Problem, evenings: Collection[Slot]) -> Iterator[Breach]:
    """The limit of evenings a week.

    evenings  the slots of the last session in which somebody is on the way
    """
    most = problem.rules.evenings_per_week
    for week in range(problem.week_count):
        number = sum(problem.week_of[day] == week for day, _ in evenings)
        if number > most:
            yield Breach(Rule.EVENING_LIMIT, {"week": week, "evenings": number, "most": most})


def check_move(
    problem: Problem, calls: Collection[Visit], doctor: int, day: int, session: int, from_: Slot | None = None
) -> list[Breach]:
    """The hard rules that stand against calling a doctor in a slot.

    calls    the plan as it is
    from_    the slot of the call that moves there; left away for a new call
    returns  what breaks because of the move: breaches that were there before and did not get worse are not its fault
    """
    before = [call for call in calls if from_ is None or (call.doctor, call.slot) != (doctor, from_)]
    known = breaches(problem, calls)
    return [one for one in breaches(problem, [*before, Visit(day, session, doctor)]) if one not in known]
