"""The bound in progress."""

import numpy as np

from repcrm.planning.engine.bound import tighten
from repcrm.planning.engine.day import MINUTES
from repcrm.planning.engine.tables import Floats, Ints, Tables

UNKNOWN = 1e18
FIRST_STEP = 1.5
PATIENCE, SHORTER = 30, 0.7
"""So many steps without a better bound, then the steps become shorter."""
SETTLED = 0.04
MEMORY = 8
"""Of so many stops of a day it is remembered whether a way has passed them."""


class Proof:
    """Prices and the best bound they have proven so far."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        options, cells = tables.option.size, tables.cell.size - 1
        self._options, self._days, self._sessions = options, tables.date.size - 1, int(tables.frame["sessions"][0])
        self._limits = options + int(tables.frame["weeks"][0])
        self.price = np.zeros(self._limits + self._days + cells)
        if options:
            self.price[:options] = 0.5 * tables.gain[tables.option["doctor"], 0]
        self.best_price = self.price.copy()
        self._direction = np.zeros(self.price.size)
        self._state = np.array([UNKNOWN, FIRST_STEP, 0.0, PATIENCE, SHORTER])
        self._memory = (np.zeros(self._days, dtype=np.int64), np.zeros((self._days, MEMORY), dtype=np.int64))

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
        """Prices of the limits of days where the bound is best, for a search to start from."""
        per_call, per_minute = np.split(self.best_price[self._limits :], [self._days])
        doubles = int(self.tables.date["first_double"][-1])
        return per_call.copy(), per_minute.reshape(self._days, self._sessions) / MINUTES, np.zeros(doubles)

    def advance(self, steps: int, target: float, stop: Ints) -> None:
        """Take some steps towards the worth of the best plan known."""
        tighten(
            self.tables, self.price, self.best_price, self._direction, self._state, target, steps, self._memory, stop
        )
