"""The bound in progress."""

import numpy as np

from repcrm.planning.engine.day import MINUTES
from repcrm.planning.engine.descent import Descent, Ground
from repcrm.planning.engine.tables import Floats, Ints, Tables
from repcrm.planning.engine.tree import Tree

FIRST_STEP, PATIENCE = 1.5, 20
REMEMBERING = 0.8
"""From steps so short on, prices are about right, and ways remember where they have been."""
SETTLED = 0.04


class Proof:
    """The best bound that prices have proven so far: on all plans together, then part by part."""

    def __init__(self, tables: Tables) -> None:
        self._ground = Ground(tables)
        self._all = Descent(self._ground, self._ground.first_price(), self._ground.undecided(), FIRST_STEP, PATIENCE)
        self._tree: Tree | None = None
        self._is_enough = False

    @property
    def bound(self) -> float | None:
        """No plan earns more than this (without what no plan can change); None before the first step."""
        return self._tree.bound if self._tree else self._all.bound

    @property
    def is_settled(self) -> bool:
        """Whether little more is to be expected: steps have become short, or nothing is left above the best plan."""
        return self._is_enough or self._all.step < SETTLED

    @property
    def goes_by_parts(self) -> bool:
        """Whether prices for all plans together prove no more."""
        return self._tree is not None

    @property
    def option_price(self) -> Floats:
        """What the best bound on all plans asks for each option."""
        return self._all.best_price[: self._ground.tables.option.size]

    def limit_prices(self) -> tuple[Floats, Floats, Floats]:
        """What calls and minutes of days are worth where the bound is best, for a search to start from."""
        per_minute = self._ground.quarters(self._all.best_price) / MINUTES
        return self._all.last_call.copy(), per_minute, np.zeros(self._ground.sizes.doubles)

    def advance(self, steps: int, target: float, stop: Ints) -> None:
        """Take some steps towards the worth of the best plan known."""
        if self._tree is None and self._all.is_exhausted:
            self._tree = Tree(self._ground, self._all)
        if self._tree is not None:
            self._tree.advance(steps, target, stop)
            return
        if self._all.step < REMEMBERING:
            self._ground.remember()
        self._all.advance(steps, target, stop)
        self._is_enough = self._all.bound is not None and self._all.bound <= target
