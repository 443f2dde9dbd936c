"""Small random problems, and their best plans found by trying everything. Trying shares no line with the engine."""

import random
from itertools import pairwise, permutations, product
from typing import Any

import numpy as np

from repcrm.core.errors import BadInput
from repcrm.planning.engine.problem import Problem

SESSIONS = ("am", "pm", "eve")
MOST_PLANS = 20_000
"""More plans than this are not tried one by one."""


def legible(tables):
    """The same arrays, whose records say `record.field` to plain Python too, as they do where they are compiled."""
    return type(tables)(*(array.view(np.recarray) if array.dtype.names else array for array in tables))


def random_problem(seed, *, replanning=True):
    """A problem of at most 8 doctors and 3 open days with every rule at work, as JSON data."""
    draw = random.Random(seed)
    open_days = sorted(draw.sample(range(7), 3))
    hospitals = draw.randint(1, 4)
    doctors = [_doctor(draw, number, hospitals, open_days) for number in range(draw.randint(1, 8))]
    problem: dict[str, Any] = {
        "days": 7,
        "sessions": list(SESSIONS),
        "hospitals": [{"id": place, "entry_minutes": draw.choice([0, 5, 10])} for place in range(hospitals)],
        "travel_minutes": [
            [0 if row == column else draw.randint(5, 50) for column in range(hospitals + 1)]
            for row in range(hospitals + 1)
        ],
        "session_minutes": [
            [draw.choice([0, 30, 60, 90, 200]) if day in open_days else 0 for _ in SESSIONS] for day in range(7)
        ],
        "max_calls": [draw.randint(1, 5) if day in open_days else 0 for day in range(7)],
        "presence": [],
        "rules": {
            "break_minutes": [draw.choice([20, 40, 75]), draw.choice([20, 45])],
            "hospitals_per_session": draw.randint(1, 3),
            "hop_minutes": draw.choice([15, 35, 60]),
            "evenings_per_week": draw.randint(0, 2),
            "evening_cost": draw.choice([0.0, 7.5, 15.0]),
            "travel_cost_per_minute": draw.choice([0.1, 0.5, 1.0]),
            "must_penalty": draw.choice([0.0, 40.0, 400.0]),
        },
        "doctors": doctors,
        "done": {},
        "now": 0,
        "published": [],
    }
    if draw.random() < 0.4:
        day, session, hospital = draw.choice(open_days), draw.choice([0, 1]), draw.randrange(hospitals)
        if problem["session_minutes"][day][session] >= 30:
            problem["presence"] = [{"day": day, "session": session, "hospital": hospital}]
    if replanning and draw.random() < 0.5:
        _add_history(draw, problem, open_days)
    return problem


def _doctor(draw, number, hospitals, open_days):
    frequency = draw.choice([1, 1, 2, 3])
    slots = [(day, session) for day in open_days for session in range(3)]
    values = sorted((round(draw.uniform(5, 80), 2) for _ in range(frequency)), reverse=True)
    evenness = []
    if draw.random() < 0.5:
        middle = draw.randint(1, 6)
        bonus = round(draw.uniform(1, 20), 2)
        evenness = [[0, middle, 1, bonus], [middle, 7, draw.choice([1, 2]), bonus]]
    return {
        "id": 10 + 3 * number,
        "hospital": draw.randrange(hospitals),
        "call_minutes": draw.choice([10, 15, 20]),
        "frequency": frequency,
        "min_spacing_days": draw.choice([1, 1, 2, 4]),
        "max_per_week": draw.choice([1, 2, 3]),
        "available": [list(slot) for slot in draw.sample(slots, draw.randint(0, 4))],
        "marginal_value": values,
        "evenness": evenness,
        "days_since_last_call": draw.choice([0, 1, 5, 50]),
        "must": draw.choice([0, 0, 0, 1, 2]),
    }


def _add_history(draw, problem, open_days):
    """Something has been done, something published, something pinned."""
    problem["now"] = draw.randint(0, 4)
    for doctor in problem["doctors"]:
        if draw.random() < 0.3 and problem["now"] > 0:
            problem["done"][str(doctor["id"])] = [draw.randrange(problem["now"])]
        coming = [slot for slot in doctor["available"] if slot[0] >= problem["now"]]
        if coming and draw.random() < 0.5:
            day, session = draw.choice(coming)
            visit = {"day": day, "session": session, "doctor": doctor["id"]}
            problem["published"].append(visit | {"pinned": True} if draw.random() < 0.15 else visit)
    problem["keep_day_bonus"] = draw.choice([0.0, 5.0])
    problem["keep_session_bonus"] = draw.choice([0.0, 2.0])


class Everything:
    """All plans of a small problem."""

    def __init__(self, problem):
        self.problem = problem
        self.now = problem["now"]
        self.pinned = {
            (visit["doctor"], visit["day"], visit["session"])
            for visit in problem["published"]
            if visit.get("pinned") and visit["day"] >= self.now
        }
        self.published = {(visit["doctor"], visit["day"]): visit["session"] for visit in problem["published"]}
        self._days = {}

    def size(self):
        """How many plans there are to try."""
        total = 1
        for doctor in self.problem["doctors"]:
            total *= len(self._choices(doctor))
        return total

    def best(self, agrees=lambda calls: True):
        """The largest objective, and the largest objective with bonuses for kept visits; None where no plan agrees."""
        best = best_kept = None
        choices = [self._choices(doctor) for doctor in self.problem["doctors"]]
        for chosen in product(*choices):
            calls = [slot for slots, _, _ in chosen for slot in slots]
            cost = self._cost(calls) if agrees(calls) else None
            if cost is None:
                continue
            worth = sum(worth for _, worth, _ in chosen) - cost
            kept = worth + sum(kept for _, _, kept in chosen)
            best = worth if best is None else max(best, worth)
            best_kept = kept if best_kept is None else max(best_kept, kept)
        return best, best_kept

    def kept(self, calls):
        """Bonuses of calls (doctor, day, session) for what was published."""
        total = 0.0
        for doctor, day, session in calls:
            if (doctor, day) in self.published:
                total += self.problem.get("keep_day_bonus", 0.0)
                if self.published[doctor, day] == session:
                    total += self.problem.get("keep_session_bonus", 0.0)
        return total

    def _choices(self, doctor):
        """Every lawful set of calls on a doctor with its worth."""
        done = self.problem["done"].get(str(doctor["id"]), [])
        by_day: dict[int, list[int | None]] = {}
        for day, session in doctor["available"]:
            if day >= self.now:
                by_day.setdefault(day, [None]).append(session)
        found = []
        for sessions in product(*by_day.values()):
            calls = [(doctor["id"], day, s) for day, s in zip(by_day, sessions, strict=True) if s is not None]
            if {pin for pin in self.pinned if pin[0] == doctor["id"]} <= set(calls) and self._lawful(
                doctor, done, calls
            ):
                found.append((calls, self._worth(doctor, done, calls), self.kept(calls)))
        return found

    def _lawful(self, doctor, done, calls):
        days = sorted([*done, *(day for _, day, _ in calls)])
        new = {day for _, day, _ in calls}
        weeks = [day // 5 for day in days]
        close = any(b - a < doctor["min_spacing_days"] for a, b in pairwise(days) if {a, b} & new)
        early = not done and days and days[0] + doctor["days_since_last_call"] < doctor["min_spacing_days"]
        crowded = any(weeks.count(day // 5) > doctor["max_per_week"] for day in new)
        return not (close or early or crowded or (calls and len(days) > doctor["frequency"]))

    def _worth(self, doctor, done, calls):
        days = [*done, *(day for _, day, _ in calls)]
        worth = sum(doctor["marginal_value"][len(done) : len(days)])
        for first, until, target, bonus in doctor["evenness"]:
            before = min(target, sum(first <= day < until for day in done))
            worth += bonus * (min(target, sum(first <= day < until for day in days)) - before)
        return worth - self.problem["rules"]["must_penalty"] * max(0, doctor["must"] - len(days))

    def _cost(self, calls):
        total = 0.0
        evenings: dict[int, int] = {}
        for day in range(self.now, self.problem["days"]):
            here = tuple(sorted((doctor, session) for doctor, at, session in calls if at == day))
            key = (day, here)
            if key not in self._days:
                self._days[key] = self._day_cost(day, here)
            found = self._days[key]
            if found is None:
                return None
            total += found[0]
            if found[1]:
                evenings[day // 5] = evenings.get(day // 5, 0) + 1
        if any(number > self.problem["rules"]["evenings_per_week"] for number in evenings.values()):
            return None
        return total

    def _day_cost(self, day, here):
        """Price of the cheapest lawful way of a day, and whether it needs the evening; None where there is none."""
        problem, rules = self.problem, self.problem["rules"]
        doctors = {doctor["id"]: doctor for doctor in problem["doctors"]}
        if len(here) > problem["max_calls"][day]:
            return None
        stops: list[set[int]] = [set(), set(), set()]
        left = list(problem["session_minutes"][day])
        for doctor, session in here:
            stops[session].add(doctors[doctor]["hospital"])
            left[session] -= doctors[doctor]["call_minutes"]
        for one in problem["presence"]:
            if one["day"] == day:
                stops[one["session"]].add(one["hospital"])
        if any(len(hospitals) > rules["hospitals_per_session"] for hospitals in stops):
            return None
        travel, home = problem["travel_minutes"], len(problem["hospitals"])
        best = None
        for orders in product(*(permutations(hospitals) for hospitals in stops)):
            lawful = True
            for session, order in enumerate(orders):
                hops = [travel[a][b] for a, b in pairwise(order)]
                entries = sum(problem["hospitals"][hospital]["entry_minutes"] for hospital in order)
                lawful &= all(hop <= rules["hop_minutes"] for hop in hops)
                lawful &= not order or sum(hops) + entries <= left[session]
            used = [session for session in range(3) if orders[session]]
            for a, b in pairwise(used):
                limit = rules["break_minutes"][a] if b == a + 1 else 999
                lawful &= travel[orders[a][-1]][orders[b][0]] <= limit
            way = [home, *(hospital for order in orders for hospital in order), home]
            minutes = sum(travel[a][b] for a, b in pairwise(way)) if len(way) > 2 else 0
            if lawful and (best is None or minutes < best):
                best = minutes
        if best is None:
            return None
        evening = bool(stops[2])
        return rules["travel_cost_per_minute"] * best + rules["evening_cost"] * evening, evening


def small_problems(seeds):
    """Problems small enough to try everything, with all their plans."""
    for seed in seeds:
        data = random_problem(seed)
        try:
            problem = Problem.from_dict(data)
        except BadInput:
            continue  # a meeting or a pinned visit that cannot be: refused, see test_bad_input
        everything = Everything(data)
        if everything.size() <= MOST_PLANS:
            yield seed, data, problem, everything
