"""The plan in progress: the calls at hand as arrays, and the best ones seen."""

import numpy as np

from repcrm.planning.engine.plan import Plan
from repcrm.planning.engine.problem import Problem, Visit
from repcrm.planning.engine.routing import best_route
from repcrm.planning.engine.search import begin, improve, search_desk
from repcrm.planning.engine.tables import Floats, Ints, Tables

HEAT = 0.4
"""How much worse a plan may be at first to be accepted, as a part of what a first call is worth on average."""


class Hunt:
    """A search for better plans from a first one."""

    def __init__(
        self,
        problem: Problem,
        tables: Tables,
        visits: list[Visit],
        first: Plan,
        limits: tuple[Floats, Floats, Floats],
        seed: int,
    ) -> None:
        self.tables, self._visits, self._limits = tables, visits, limits
        doctors, days = len(problem.doctors), problem.days
        self._on = np.full((doctors, days), -1, dtype=np.int64)
        self._calls = np.zeros(doctors, dtype=np.int64)
        self._in_week, self._in_window = tables.week_used.copy(), np.zeros_like(tables.window_left)
        self._cost, self._evening = tables.date["bare_cost"].copy(), tables.date["bare_evening"].copy()
        option = {visit: place for place, visit in enumerate(visits)}
        options = np.array([option[call] for call in first.calls], dtype=np.int64)
        self._worths = np.zeros(2)
        begin(tables, options, self._on, self._calls, self._in_week, self._in_window, self._worths)
        rules = problem.rules
        for day in {call.day for call in first.calls}:
            minutes, orders = best_route(problem, day, first.calls)
            self._evening[day] = bool(orders[-1])
            self._cost[day] = rules.travel_cost_per_minute * minutes + rules.evening_cost * self._evening[day]
        self._worths -= self._cost.sum()
        self._best_on = self._on.copy()
        self._desk = search_desk(tables)
        self._random = np.array([seed * 2654435769 + 88172645463325252], dtype=np.uint64)
        self._heat = HEAT * sum(doctor.value_of_call(0) for doctor in problem.doctors) / doctors

    @property
    def worth(self) -> float:
        """What the best plan is worth, bonuses for kept visits included, without what no plan can change."""
        return float(self._worths[1])

    @property
    def calls(self) -> tuple[Visit, ...]:
        """The calls of the best plan."""
        return tuple(self._visits[option] for option in self._best_on[self._best_on >= 0])

    def advance(self, moves: int, past: float, price: Floats, stop: Ints) -> None:
        """Search for some moves.

        past    part of the search that has passed, from 0 to 1: how choosy to be
        price   what the bound asks for each option
        """
        heat = self._heat * max(0.0, 1.0 - past) ** 2
        improve(
            self.tables, price, self._on, self._calls, self._in_week, self._in_window, self._cost, self._evening,
            self._best_on, self._worths, heat, self._random, self._limits, moves, stop, self._desk,
        )  # fmt: skip
