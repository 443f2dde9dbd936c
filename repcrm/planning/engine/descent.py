"""Prices of one part of all plans on their way down to its best bound."""

import numpy as np

from repcrm.planning.engine.bound import OPEN, SHORTEST, Branch, Memory, bound_desk, tighten
from repcrm.planning.engine.tables import Floats, Ints, Tables, sizes_of

UNKNOWN = 1e18
SHORTER = 0.7
"""So much shorter steps become when they have not led to a better bound for some time."""
REMEMBERED = 3
"""So many hospitals of each day: those where ways have called on most doctors twice until then."""
WAYS = 5
"""So many of the last best ways of a day tell the next step where to look."""


class Ground:
    """What all descents of a problem share: its tables, what is kept of its days, and room to work."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.sizes = sizes_of(tables)
        self.days, self.sessions = self.sizes.days, self.sizes.sessions
        self.visits = int(tables.stop["visit"][-1])
        self.memory = Memory(
            twice=np.zeros((self.days, tables.entry.size)),
            hospital=np.zeros((self.days, REMEMBERED), dtype=np.int64),
            hospitals=np.zeros(self.days, dtype=np.int64),
            order=np.zeros((self.days, WAYS, self.sessions, 3), dtype=np.int64),
            length=np.zeros((self.days, WAYS, self.sessions), dtype=np.int64),
            last_call=np.zeros(self.days),
        )

        self.desk = bound_desk(tables, self.sizes, self.first_price().size, REMEMBERED)

    def first_price(self) -> Floats:
        """Prices to begin with: half of what a first call earns."""
        options, weeks = self.tables.option.size, int(self.tables.frame["weeks"][0])
        price = np.zeros(options + weeks + self.days * self.sessions + self.visits)
        if options:
            price[:options] = 0.5 * self.tables.gain[self.tables.option["doctor"], 0]
        return price

    def quarters(self, price: Floats) -> Floats:
        """(day, session): of all prices those of quarters of an hour."""
        end = price.size - self.visits
        return price[end - self.days * self.sessions : end].reshape(self.days, self.sessions)

    def undecided(self) -> Ints:
        """Nothing is decided of any visit."""
        return np.full(self.visits, OPEN)

    def remember(self) -> None:
        """Choose, once, which hospitals of each day are remembered."""
        if self.memory.hospitals.any():
            return
        for day, twice in enumerate(self.memory.twice):
            chosen = np.argsort(-twice, kind="stable")[: min(REMEMBERED, np.count_nonzero(twice))]
            self.memory.hospital[day, : chosen.size] = chosen
            self.memory.hospitals[day] = chosen.size


class Descent:
    """Steps of the prices, for the plans that agree with what is decided of some visits."""

    def __init__(self, ground: Ground, price: Floats, decided: Ints, first_step: float, patience: int) -> None:
        self._ground = ground
        self.price, self.best_price = price.copy(), price.copy()
        self.branch = Branch(decided, np.zeros(decided.size))
        self.last_call = np.zeros(ground.days)
        self._direction = np.zeros(price.size)
        self._state = np.array([UNKNOWN, first_step, 0.0, patience, SHORTER, 0.0])

    @property
    def bound(self) -> float | None:
        """None of these plans earns more (without what no plan can change); None before the first step."""
        return float(self._state[0]) if self._state[0] < UNKNOWN else None

    @property
    def step(self) -> float:
        """How long steps are now, as a part of the way to the worth of the best plan known."""
        return float(self._state[1])

    @property
    def steps(self) -> int:
        """How many have been taken."""
        return int(self._state[5])

    @property
    def is_exhausted(self) -> bool:
        """Whether steps have become as short as they get."""
        return self.step <= SHORTEST

    def advance(self, steps: int, target: float, stop: Ints) -> None:
        """Take some steps towards the worth of the best plan known."""
        tighten(
            self._ground.tables, self.price, self.best_price, self._direction, self._state, target, steps,
            self._ground.memory, self.branch, self.last_call, stop, self._ground.desk,
        )  # fmt: skip
