"""A plan that grows call by call and never breaks a rule."""

from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import pairwise

from repcrm.planning.engine.problem import DoctorNeed, Problem, Slot, Visit
from repcrm.planning.engine.routing import LONGEST_BREAK, Orders, best_route
from repcrm.planning.engine.scoring import doctor_worth

COMPANY = 0.12
"""Part of what else could be earned in a hospital then that counts when its door is opened: others will follow."""


@dataclass
class DraftDay:
    """A day as planned so far."""

    orders: list[tuple[int, ...]]
    minutes_left: list[int]
    calls: int = 0
    travel_minutes: int = 0


@dataclass(frozen=True)
class Stop:
    """What it takes to call on a doctor in a slot.

    price           of travel, and of the evening if it is not used yet
    order           the session's hospitals then; None when the hospital is on the way already
    travel_minutes  of the whole day then
    """

    price: float
    order: tuple[int, ...] | None
    travel_minutes: int


@dataclass
class Draft:
    """A plan so far: lawful at every step.

    start  the calls to begin with, lawful together; the pinned ones must be among them
    """

    problem: Problem
    start: Collection[Visit]
    days: list[DraftDay] = field(default_factory=list)
    dates: dict[int, list[int]] = field(default_factory=dict)
    calls: list[Visit] = field(default_factory=list)
    company: dict[tuple[int, int, int], float] = field(default_factory=dict)
    """(day, session, hospital) -> what its doctors of that session are worth together."""

    def __post_init__(self) -> None:
        problem = self.problem
        self.dates = {doctor.id: sorted(problem.done.get(doctor.id, ())) for doctor in problem.doctors}
        for day in range(problem.days):
            here = [visit for visit in self.start if visit.day == day]
            minutes, orders = best_route(problem, day, here) if day >= problem.now else (0, ())
            drafted = DraftDay([()] * len(problem.sessions), list(problem.session_minutes[day]), len(here))
            for visit in here:
                drafted.minutes_left[visit.session] -= problem.doctor[visit.doctor].call_minutes
                self.dates[visit.doctor].append(visit.day)
            for session, order in enumerate(orders):
                drafted.minutes_left[session] -= _minutes_of(problem, order)
            drafted.orders, drafted.travel_minutes = list(orders) or drafted.orders, minutes
            self.days.append(drafted)
            self.calls += here
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
        week = problem.week_of[day]
        return sum(problem.week_of[other] == week for other in dates) < doctor.max_per_week

    def place(self, doctor: DoctorNeed, gain: float) -> bool:
        """Put the doctor's next call where it earns most; False when it would earn nothing anywhere."""
        best: tuple[float, Slot, Stop] | None = None
        for day, session in doctor.available:
            if day < self.problem.now or not self.may_call_on(doctor, day):
                continue
            stop = self.cheapest_stop(doctor, day, session)
            if stop is None:
                continue
            attraction = gain + self.evenness_of(doctor, day) - stop.price
            if stop.order is not None:
                attraction += COMPANY * self.company[day, session, doctor.hospital]
            if attraction > 0 and (best is None or attraction > best[0]):
                best = (attraction, (day, session), stop)
        if best is None:
            return False
        self.put(doctor, best[1], best[2])
        return True

    def evenness_of(self, doctor: DoctorNeed, day: int) -> float:
        """Bonus of a call on that day."""
        if not doctor.evenness:
            return 0.0
        dates = self.dates[doctor.id]
        return doctor_worth(self.problem, doctor, [*dates, day])[1] - doctor_worth(self.problem, doctor, dates)[1]

    def keep(self, visit: Visit) -> None:
        """Put a published call where it was, if that is still lawful and worth its way."""
        doctor = self.problem.doctor[visit.doctor]
        if visit.slot not in self.problem.slots[doctor.id] or not self.may_call_on(doctor, visit.day):
            return
        gain = self.gain_of_next(doctor)
        stop = self.cheapest_stop(doctor, *visit.slot)
        if gain > 0 and stop is not None:
            self.put(doctor, visit.slot, stop)

    def cheapest_stop(self, doctor: DoctorNeed, day: int, session: int) -> Stop | None:
        """The cheapest way to call on a doctor in a slot; None if none is lawful. The order of other stops stays."""
        drafted, problem = self.days[day], self.problem
        if drafted.calls >= problem.max_calls[day] or drafted.minutes_left[session] < doctor.call_minutes:
            return None
        order = drafted.orders[session]
        if doctor.hospital in order:
            return Stop(0.0, None, drafted.travel_minutes)
        if len(order) >= problem.rules.hospitals_per_session:
            return None
        price = 0.0
        if not order and session == len(problem.sessions) - 1:
            if self._evenings(problem.week_of[day]) >= problem.rules.evenings_per_week:
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
        return Stop(price, best[1], best[0])

    def _evenings(self, week: int) -> int:
        weeks = self.problem.week_of
        return sum(bool(drafted.orders[-1]) for day, drafted in enumerate(self.days) if weeks[day] == week)

    def put(self, doctor: DoctorNeed, slot: Slot, stop: Stop) -> None:
        """Add a call."""
        drafted, session = self.days[slot[0]], slot[1]
        if stop.order is not None:
            drafted.minutes_left[session] += _minutes_of(self.problem, drafted.orders[session])
            drafted.minutes_left[session] -= _minutes_of(self.problem, stop.order)
            drafted.orders[session], drafted.travel_minutes = stop.order, stop.travel_minutes
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
