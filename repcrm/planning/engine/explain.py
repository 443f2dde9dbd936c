"""Why a plan is as it is: what each call earns and costs, and what stands against those that are not in it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from repcrm.planning.engine.draft import Draft, Stop
from repcrm.planning.engine.plan import Plan
from repcrm.planning.engine.problem import DoctorNeed, Problem, Slot, Visit
from repcrm.planning.engine.reasons import Reason, Why
from repcrm.planning.engine.routing import best_route
from repcrm.planning.engine.rulebook import days_called
from repcrm.planning.engine.scoring import doctor_worth


@dataclass(frozen=True)
class CallExplained:
    """A call of the plan.

    marginal_value  what the plan would lose without it
    earns           value and guarantee;  evenness  bonus for the rhythm
    call_minutes, entry_minutes, travel_minutes  what it takes, entry and travel only where nothing else needs the stop
    shares          doctors called at the same stop
    """

    visit: Visit
    marginal_value: float
    earns: float
    evenness: float
    call_minutes: int
    entry_minutes: int
    travel_minutes: int
    shares: tuple[int, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class DoctorLeftOut:
    """A doctor with fewer calls than the frequency.

    calls       made and planned
    best_slot   where a further call would come cheapest, if any rule leaves one
    net_value   what it would earn there less what it would cost; below 0 it is not worth it
    displaces   the call that would have to give way, if the day is full
    """

    doctor: int
    calls: int
    frequency: int
    best_slot: Slot | None
    net_value: float | None
    displaces: Visit | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Relaxation:
    """One rule loosened by one: how many more guaranteed calls would fit, and what it would be worth."""

    rule: str
    guaranteed_calls: int
    worth: float


@dataclass(frozen=True)
class Guarantees:
    """Guaranteed calls that do not fit.

    needed, fit    calls guaranteed in the cycle, and those made or planned
    left_out       doctors whose guarantee is not kept, those whose missing call is worth least first
    relaxations    the one that buys most first
    """

    needed: int
    fit: int
    left_out: tuple[int, ...]
    relaxations: tuple[Relaxation, ...]


@dataclass(frozen=True)
class Explanation:
    """A whole plan explained."""

    calls: tuple[CallExplained, ...]
    left_out: tuple[DoctorLeftOut, ...]
    guarantees: Guarantees


def explain(problem: Problem, plan: Plan) -> Explanation:
    """Explain every call of a plan, every doctor below the frequency, and guarantees that are not kept."""
    days = days_called(problem, plan.calls)
    explained = _calls_explained(problem, plan.calls, days)
    draft = Draft(problem, plan.calls)
    cheapest = _cheapest_of_day(explained)
    left_out = tuple(
        _left_out(problem, draft, doctor, cheapest)
        for doctor in problem.doctors
        if len(days[doctor.id]) < doctor.frequency
    )
    return Explanation(explained, left_out, _guarantees(problem, plan, days))


def _calls_explained(problem: Problem, calls: Sequence[Visit], days: dict[int, list[int]]) -> tuple[CallExplained, ...]:
    by_day: dict[int, list[Visit]] = {}
    for call in calls:
        by_day.setdefault(call.day, []).append(call)
    ways = {day: best_route(problem, day, visits) for day, visits in by_day.items()}
    return tuple(_call_explained(problem, call, by_day[call.day], ways[call.day], days) for call in sorted(calls))


def _call_explained(
    problem: Problem,
    call: Visit,
    beside: Sequence[Visit],
    way: tuple[int, tuple[tuple[int, ...], ...]],
    days: dict[int, list[int]],
) -> CallExplained:
    doctor, rules = problem.doctor[call.doctor], problem.rules
    shares = tuple(
        other.doctor
        for other in beside
        if other != call and other.session == call.session and problem.doctor[other.doctor].hospital == doctor.hospital
    )
    entry = travel = 0
    evening = 0.0
    if not shares and doctor.hospital not in problem.meetings.get(call.slot, ()):
        minutes, orders = best_route(problem, call.day, [other for other in beside if other != call])
        entry, travel = problem.hospitals[doctor.hospital].entry_minutes, way[0] - minutes
        evening = rules.evening_cost * (bool(way[1][-1]) - bool(orders[-1]))
    with_it = days[doctor.id]
    without = list(with_it)
    without.remove(call.day)
    value, even, missed = doctor_worth(problem, doctor, with_it)
    value_without, even_without, missed_without = doctor_worth(problem, doctor, without)
    guarantee = rules.must_penalty * (missed_without - missed)
    earns, rhythm = value - value_without + guarantee, even - even_without
    reasons = [Reason(Why.VALUE, {"number": len(with_it), "value": value - value_without})]
    if rhythm:
        reasons.append(Reason(Why.EVENNESS, {"value": rhythm}))
    if guarantee:
        reasons.append(Reason(Why.GUARANTEED, {"value": guarantee}))
    if call.pinned:
        reasons.append(Reason(Why.PINNED, {}))
    if not problem.done.get(doctor.id) and call.day == with_it[0] and doctor.days_since_last_call >= problem.days:
        reasons.append(Reason(Why.LONG_NOT_SEEN, {"days": doctor.days_since_last_call}))
    if entry or travel or evening:
        minutes = doctor.call_minutes + entry + travel
        reasons.append(Reason(Why.OPENS_HOSPITAL, {"minutes": minutes, "travel": travel}))
    else:
        reasons.append(Reason(Why.ON_THE_WAY, {"minutes": doctor.call_minutes}))
    worth = earns + rhythm - rules.travel_cost_per_minute * travel - evening
    return CallExplained(call, worth, earns, rhythm, doctor.call_minutes, entry, travel, shares, tuple(reasons))


def _cheapest_of_day(explained: Sequence[CallExplained]) -> dict[int, CallExplained]:
    """Day -> the call whose loss would cost least; pinned ones stay."""
    cheapest: dict[int, CallExplained] = {}
    for one in explained:
        known = cheapest.get(one.visit.day)
        if not one.visit.pinned and (known is None or one.marginal_value < known.marginal_value):
            cheapest[one.visit.day] = one
    return cheapest


def _left_out(problem: Problem, draft: Draft, doctor: DoctorNeed, cheapest: dict[int, CallExplained]) -> DoctorLeftOut:
    """What stands against a further call on a doctor."""
    calls = len(draft.dates[doctor.id])
    gain = draft.gain_of_next(doctor)
    coming = [slot for slot in doctor.available if slot[0] >= problem.now and problem.session_minutes[slot[0]][slot[1]]]
    open_slots = [slot for slot in coming if draft.may_call_on(doctor, slot[0])]

    def verdict(
        reason: Reason, slot: Slot | None = None, net: float | None = None, displaces: Visit | None = None
    ) -> DoctorLeftOut:
        return DoctorLeftOut(doctor.id, calls, doctor.frequency, slot, net, displaces, (reason,))

    if not coming:
        return verdict(Reason(Why.NO_CLINIC_SESSION, {}))
    if not open_slots:
        return verdict(Reason(Why.NO_SLOT_FAR_ENOUGH, {}))
    if gain <= 0:
        return verdict(Reason(Why.WORTH_NOTHING, {}))
    fits: list[tuple[float, Slot, Stop]] = []
    swaps: list[tuple[float, Slot, Visit]] = []
    for slot in open_slots:
        worth = gain + draft.evenness_of(doctor, slot[0])
        stop = draft.cheapest_stop(doctor, *slot)
        if stop is not None:
            fits.append((worth - stop.price, slot, stop))
        elif draft.days[slot[0]].calls >= problem.max_calls[slot[0]] and slot[0] in cheapest:
            least = cheapest[slot[0]]
            swaps.append((worth - least.marginal_value, slot, least.visit))
    if fits:
        net, slot, stop = max(fits, key=lambda one: one[:2])
        if net > 0:
            return verdict(Reason(Why.COULD_BE_ADDED, {"value": net}), slot, net)
        return verdict(Reason(Why.NOT_WORTH_TRAVEL, {"value": net + stop.price, "price": stop.price}), slot, net)
    if swaps:
        net, slot, displaced = max(swaps, key=lambda one: one[:2])
        numbers: dict[str, float] = {
            "most": problem.max_calls[slot[0]],
            "displaced": cheapest[slot[0]].marginal_value,
        }
        return verdict(Reason(Why.DAY_FULL, numbers), slot, net, displaced)
    return verdict(Reason(Why.SESSIONS_FULL, {}))


def _guarantees(problem: Problem, plan: Plan, days: dict[int, list[int]]) -> Guarantees:
    needed = sum(doctor.must for doctor in problem.doctors)
    missing = [doctor for doctor in problem.doctors if len(days[doctor.id]) < doctor.must]
    fit = needed - sum(doctor.must - len(days[doctor.id]) for doctor in missing)
    missing.sort(key=lambda doctor: doctor.value_of_call(len(days[doctor.id])))
    relaxations = [_relaxation(name, relaxed, plan, missing) for name, relaxed in _relaxed(problem)] if missing else []
    relaxations.sort(key=lambda one: (-one.guaranteed_calls, -one.worth))
    return Guarantees(needed, fit, tuple(doctor.id for doctor in missing), tuple(relaxations))


def _relaxed(problem: Problem) -> list[tuple[str, Problem]]:
    """The problem with one rule loosened by one; what fits into it is counted on top of the plan as it is."""
    rules = problem.rules
    most_calls = tuple(most + 1 for most in problem.max_calls)
    return [
        ("evenings_per_week", replace(problem, rules=replace(rules, evenings_per_week=rules.evenings_per_week + 1))),
        ("max_calls", replace(problem, max_calls=most_calls)),
    ]


def _relaxation(name: str, relaxed: Problem, plan: Plan, missing: Sequence[DoctorNeed]) -> Relaxation:
    """Add the missing guaranteed calls to the plan, as far as the loosened rule lets them in."""
    draft = Draft(relaxed, plan.calls)
    added, worth = 0, 0.0
    for doctor in sorted(missing, key=lambda doctor: -draft.gain_of_next(doctor)):
        while len(draft.dates[doctor.id]) < doctor.must:
            gain = draft.gain_of_next(doctor)
            if not draft.place(doctor, gain):
                break
            added, worth = added + 1, worth + gain
    return Relaxation(name, added, worth)
