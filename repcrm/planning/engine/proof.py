"""The bound in progress: quick steps with priced days first, then exact ones."""

import numpy as np

from repcrm.planning.engine.bound import tighten
from repcrm.planning.engine.day import MINUTES
from repcrm.planning.engine.tables import Floats, Ints, Tables

FIRST_STEP, EXACT_STEP = 1.5, 0.5
PATIENCE, EXACT_PATIENCE = 60, 20
"""So many steps without a better bound, then the steps become shorter."""
SHORTER = 0.7
SHORT_ENOUGH = 0.02
"""When quick steps have become so short, exact ones promise more."""
UNKNOWN = 1e18
PASSES = 5
ROOM = 4000
"""Unfinished ways of a day kept in view."""


class Proof:
    """Prices and the best bound they have proven so far."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        options, cells = tables.option.size, tables.cell.size - 1
        self._days = tables.date.size - 1
        self._limits_begin = options + int(tables.frame["weeks"][0])
        self._options = options
        self.price = np.zeros(self._limits_begin + self._days + cells)
        if options:
            self.price[:options] = 0.5 * tables.gain[tables.option["doctor"], 0]
        self.best_price = self.price.copy()
        self._direction = np.zeros(self.price.size)
        self._state = np.array([UNKNOWN, FIRST_STEP, 0.0, PATIENCE, SHORTER])
        self._room = _room(tables, 0)
        self._limits = limit_prices(tables)
        self.is_exact = False

    @property
    def bound(self) -> float | None:
        """No plan earns more than this (without what no plan can change); None before the first step."""
        return float(self._state[0]) if self._state[0] < UNKNOWN else None

    @property
    def option_price(self) -> Floats:
        """What the best bound asks for each option."""
        return self.best_price[: self._options]

    def day_prices(self) -> tuple[Floats, Floats, Floats]:
        """Prices of a day's limits where the bound is best, for a search to start from."""
        per_call, per_minute = np.split(self.best_price[self._limits_begin :], [self._days])
        per_minute = per_minute.reshape(self._limits[1].shape) / MINUTES
        return per_call.copy(), per_minute, np.zeros(self._limits[2].size)

    def advance(self, steps: int, target: float, stop: Ints) -> None:
        """Take some steps towards the worth of the best plan known."""
        if not self.is_exact and self._state[1] < SHORT_ENOUGH:
            self.is_exact = True
            self._limits = self.day_prices()
            self._room = _room(self.tables, ROOM)
            self.price[:] = self.best_price
            self._direction[:] = 0.0
            self._state[1:4] = EXACT_STEP, 0.0, EXACT_PATIENCE
        passes = PASSES if self.is_exact else 0
        tighten(
            self.tables, self.price, self.best_price, self._direction, self._state, target, steps,
            self._limits, passes, self._room, stop,
        )  # fmt: skip


def limit_prices(tables: Tables) -> tuple[Floats, Floats, Floats]:
    """Prices of 0 for the calls and minutes of each day, and for meeting a doctor only once on it."""
    days, sessions = tables.date.size - 1, int(tables.frame["sessions"][0])
    return np.zeros(days), np.zeros((days, sessions)), np.zeros(int(tables.date["first_double"][-1]))


def _room(tables: Tables, size: int) -> tuple[Floats, Ints, Ints, Ints, Ints]:
    sessions = int(tables.frame["sessions"][0])
    ways = np.empty((size, sessions, 3), dtype=np.int64)
    lengths = np.empty((size, sessions), dtype=np.int64)
    return np.empty(size), np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64), ways, lengths
