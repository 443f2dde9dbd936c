"""A first plan in a fraction of a second: the most valuable call next, where it costs least. Nothing to compile."""

import heapq
from dataclasses import dataclass, field
from itertools import pairwise

from repcrm.planning.engine.plan import Plan, plan_of
from repcrm.planning.engine.problem import DoctorNeed, Problem, Slot, Visit, week_of
from repcrm.planning.engine.routing import LONGEST_BREAK, Orders, best_route
from repcrm.planning.engine.scoring import doctor_worth

PASSES = 3
"""A doctor not worth a way of its own may be worth a stop on the way to others later; a third look finds the last."""
COMPANY = 0.12
"""Part of what else could be earned in a hospital then that counts when its door is opened: others will follow."""


@dataclass
class _Day:
    """A day as planned so far."""

    orders: list[tuple[int, ...]]
    minutes_left: list[int]
    calls: int = 0
    travel_minutes: int = 0


@dataclass
class _Draft:
    """A plan that grows call by call and never breaks a rule."""

    problem: Problem
    days: list[_Day] = field(default_factory=list)
    dates: dict[int, list[int]] = field(default_factory=dict)
    calls: list[Visit] = field(default_factory=list)
    company: dict[tuple[int, int, int], float] = field(default_factory=dict)
    """(day, session, hospital) -> what its doctors of that session are worth together."""

    def __post_init__(self) -> None:
        problem = self.problem
        self.dates = {doctor.id: sorted(problem.done.get(doctor.id, ())) for doctor in problem.doctors}
        for day in range(problem.days):
            pinned = [visit for visit in problem.pinned if visit.day == day]
            minutes, orders = best_route(problem, day, pinned) if day >= problem.now else (0, ())
            drafted = _Day([()] * len(problem.sessions), list(problem.session_minutes[day]), len(pinned))
            for visit in pinned:
                drafted.minutes_left[visit.session] -= problem.doctor[visit.doctor].call_minutes
                self.dates[visit.doctor].append(visit.day)
            for session, order in enumerate(orders):
                drafted.minutes_left[session] -= _minutes_of(problem, order)
            drafted.orders, drafted.travel_minutes = list(orders) or drafted.orders, minutes
            self.days.append(drafted)
            self.calls += pinned
        for dates in self.dates.values():
            dates.sort()
        for doctor in problem.doctors:
            first = doctor.value_of_call(0)
            for day, session in doctor.available:
                place = (day, session, doctor.hospital)
                self.company[place] = self.company.get(place, 0.0) + first

    def gain_of_next(self, doctor: DoctorNeed) -> float:
        """What the doctor's next call is worth, wherever it falls (without evenness)."""
        dates = self.dates[doctor.id]
        if len(dates) >= doctor.frequency:
            return 0.0
        guaranteed = self.problem.rules.must_penalty if len(dates) < doctor.must else 0.0
        return doctor.value_of_call(len(dates)) + guaranteed

    def may_call_on(self, doctor: DoctorNeed, day: int) -> bool:
        """Whether spacing and weekly limit allow a call on that day."""
        dates, problem = self.dates[doctor.id], self.problem
        if any(abs(day - other) < doctor.min_spacing_days for other in dates):
            return False
        if not problem.done.get(doctor.id) and day + doctor.days_since_last_call < doctor.min_spacing_days:
            return False
        week = week_of(day)
        return sum(week_of(other) == week for other in dates) < doctor.max_per_week

    def place(self, doctor: DoctorNeed, gain: float) -> bool:
        """Put the doctor's next call where it earns most; False when it would earn nothing anywhere."""
        problem = self.problem
        kept = {visit.day: visit.session for visit in problem.published if visit.doctor == doctor.id}
        _, even_before, _ = doctor_worth(problem, doctor, self.dates[doctor.id]) if doctor.evenness else (0, 0.0, 0)
        best: tuple[float, Slot, tuple[int, ...] | None, int] | None = None
        for day, session in doctor.available:
            if day < problem.now or not self.may_call_on(doctor, day):
                continue
            found = self._cheapest_stop(doctor, day, session)
            if found is None:
                continue
            price, order, travel = found
            even = 0.0
            if doctor.evenness:
                even = doctor_worth(problem, doctor, [*self.dates[doctor.id], day])[1] - even_before
            if day in kept:
                even += problem.keep_day_bonus + (problem.keep_session_bonus if kept[day] == session else 0.0)
            attraction = gain + even - price
            if order is not None:
                attraction += COMPANY * self.company[day, session, doctor.hospital]
            if attraction > 0 and (best is None or attraction > best[0]):
                best = (attraction, (day, session), order, travel)
        if best is None:
            return False
        self._put(doctor, best[1], best[2], best[3])
        return True

    def _cheapest_stop(
        self, doctor: DoctorNeed, day: int, session: int
    ) -> tuple[float, tuple[int, ...] | None, int] | None:
        """Price, new order of the session (None: the hospital is on the way already) and travel of the day."""
        drafted, problem = self.days[day], self.problem
        if drafted.calls >= problem.max_calls[day] or drafted.minutes_left[session] < doctor.call_minutes:
            return None
        order = drafted.orders[session]
        if doctor.hospital in order:
            return 0.0, None, drafted.travel_minutes
        if len(order) >= problem.rules.hospitals_per_session:
            return None
        price = 0.0
        if not order and session == len(problem.sessions) - 1:
            if self._evenings(week_of(day)) >= problem.rules.evenings_per_week:
                return None
            price = problem.rules.evening_cost
        best: tuple[int, tuple[int, ...]] | None = None
        left = drafted.minutes_left[session] + _minutes_of(problem, order) - doctor.call_minutes
        for at in range(len(order) + 1):
            longer = (*order[:at], doctor.hospital, *order[at:])
            if _minutes_of(problem, longer) > left:
                continue
            minutes = _way(problem, (*drafted.orders[:session], longer, *drafted.orders[session + 1 :]))
            if minutes is not None and (best is None or minutes < best[0]):
                best = (minutes, longer)
        if best is None:
            return None
        price += problem.rules.travel_cost_per_minute * (best[0] - drafted.travel_minutes)
        return price, best[1], best[0]

    def _evenings(self, week: int) -> int:
        return sum(bool(drafted.orders[-1]) for day, drafted in enumerate(self.days) if week_of(day) == week)

    def _put(self, doctor: DoctorNeed, slot: Slot, order: tuple[int, ...] | None, travel: int) -> None:
        drafted, session = self.days[slot[0]], slot[1]
        if order is not None:
            drafted.minutes_left[session] += _minutes_of(self.problem, drafted.orders[session])
            drafted.minutes_left[session] -= _minutes_of(self.problem, order)
            drafted.orders[session], drafted.travel_minutes = order, travel
        drafted.minutes_left[session] -= doctor.call_minutes
        drafted.calls += 1
        self.dates[doctor.id] = sorted([*self.dates[doctor.id], slot[0]])
        self.calls.append(Visit(*slot, doctor.id))


def _minutes_of(problem: Problem, order: tuple[int, ...]) -> int:
    """Entries and hops of a session."""
    hops = sum(problem.travel_minutes[a][b] for a, b in pairwise(order))
    return hops + sum(problem.hospitals[hospital].entry_minutes for hospital in order)


def _way(problem: Problem, orders: Orders) -> int | None:
    """Minutes of a day's way; None if a hop is too long."""
    travel, rules = problem.travel_minutes, problem.rules
    here, minutes, before = problem.home, 0, -1
    for session, order in enumerate(orders):
        for index, hospital in enumerate(order):
            hop = travel[here][hospital]
            if index:
                limit = rules.hop_minutes
            elif before < 0:
                limit = hop
            else:
                limit = rules.break_minutes[before] if before == session - 1 else LONGEST_BREAK
            if hop > limit:
                return None
            here, minutes = hospital, minutes + hop
        before = session if order else before
    return minutes + travel[here][problem.home]


def greedy(problem: Problem) -> Plan:
    """A feasible plan at once: guaranteed calls first, then whatever call is worth most, each in its cheapest slot.

    Days on which a call would not earn its way stay empty. The search starts here and the page shows it meanwhile.
    """
    draft = _Draft(problem)
    waiting = list(problem.doctors)
    for _ in range(PASSES):
        heap = [(-gain, place) for place, doctor in enumerate(waiting) if (gain := draft.gain_of_next(doctor)) > 0]
        heapq.heapify(heap)
        placed = 0
        refused = []
        while heap:
            gain, place = heapq.heappop(heap)
            doctor = waiting[place]
            if not draft.place(doctor, -gain):
                refused.append(doctor)
                continue
            placed += 1
            if (following := draft.gain_of_next(doctor)) > 0:
                heapq.heappush(heap, (-following, place))
        waiting = refused
        if not placed:
            break
    return plan_of(problem, tuple(draft.calls))
