"""The bound in progress."""

import numpy as np

from repcrm.planning.engine.bound import Memory, tighten
from repcrm.planning.engine.day import MINUTES
from repcrm.planning.engine.tables import Floats, Ints, Tables

UNKNOWN = 1e18
FIRST_STEP = 1.5
PATIENCE, SHORTER = 20, 0.7
"""So many steps without a better bound, then the steps become shorter."""
REMEMBERING = 0.8
"""From steps so short on, prices are about right, and ways remember where they have been."""
REMEMBERED = 3
"""So many hospitals of each day: those where ways have called on most doctors twice until then."""
SETTLED = 0.04
WAYS = 5
"""So many of the last best ways of a day tell the next step where to look."""


class Proof:
    """Prices and the best bound they have proven so far."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        options, cells = tables.option.size, tables.cell.size - 1
        self._options, self._days, self._sessions = options, tables.date.size - 1, int(tables.frame["sessions"][0])
        self.price = np.zeros(options + int(tables.frame["weeks"][0]) + cells)
        if options:
            self.price[:options] = 0.5 * tables.gain[tables.option["doctor"], 0]
        self.best_price = self.price.copy()
        self._direction = np.zeros(self.price.size)
        self._state = np.array([UNKNOWN, FIRST_STEP, 0.0, PATIENCE, SHORTER, 0.0])
        self._last_call = np.zeros(self._days)
        self._memory = Memory(
            twice=np.zeros((self._days, tables.entry.size)),
            hospital=np.zeros((self._days, REMEMBERED), dtype=np.int64),
            hospitals=np.zeros(self._days, dtype=np.int64),
            order=np.zeros((self._days, WAYS, self._sessions, 3), dtype=np.int64),
            length=np.zeros((self._days, WAYS, self._sessions), dtype=np.int64),
            last_call=np.zeros(self._days),
        )

    @property
    def bound(self) -> float | None:
        """No plan earns more than this (without what no plan can change); None before the first step."""
        return float(self._state[0]) if self._state[0] < UNKNOWN else None

    @property
    def is_settled(self) -> bool:
        """Whether its steps have become so short that little more is to be expected."""
        return bool(self._state[1] < SETTLED)

    @property
    def option_price(self) -> Floats:
        """What the best bound asks for each option."""
        return self.best_price[: self._options]

    def limit_prices(self) -> tuple[Floats, Floats, Floats]:
        """What calls and minutes of days are worth where the bound is best, for a search to start from."""
        per_minute = self.best_price[self.best_price.size - self._days * self._sessions :] / MINUTES
        doubles = int(self.tables.date["first_double"][-1])
        return self._last_call.copy(), per_minute.reshape(self._days, self._sessions), np.zeros(doubles)

    def advance(self, steps: int, target: float, stop: Ints) -> None:
        """Take some steps towards the worth of the best plan known."""
        if self._state[1] < REMEMBERING and not self._memory.hospitals.any():
            self._remember()
        tighten(
            self.tables, self.price, self.best_price, self._direction, self._state, target, steps, self._memory,
            self._last_call, stop,
        )  # fmt: skip

    def _remember(self) -> None:
        """Choose which hospitals of each day are remembered."""
        for day, twice in enumerate(self._memory.twice):
            chosen = np.argsort(-twice, kind="stable")[: min(REMEMBERED, np.count_nonzero(twice))]
            self._memory.hospital[day, : chosen.size] = chosen
            self._memory.hospitals[day] = chosen.size
