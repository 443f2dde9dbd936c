"""Branch and bound: where prices for all plans together prove no more, plans are parted by single visits.

At the best prices some days are torn between ways, so the bound mixes plans that cannot be mixed. The plans are split
into those that visit a hospital on such a day and those that do not; each part has prices and a bound of its own, and
the highest of the parts' bounds is that of all. The part with the highest bound is split next (best first).
"""

import heapq
from dataclasses import dataclass, field
from itertools import count

import numpy as np
from numpy.typing import NDArray

from repcrm.planning.engine.bound import AWAY, OPEN, THERE
from repcrm.planning.engine.descent import Descent, Ground
from repcrm.planning.engine.tables import Ints

FIRST_STEP, PATIENCE = 1.0, 15
STEPS = 150
"""So many for each part: long steps find the prices of the part, which are not near those of the whole."""
MOST_PARTS = 2_000
"""More are not kept, so that a long search does not fill the memory."""


@dataclass(order=True)
class _Part:
    """Plans that agree in some visits; the one with the highest bound comes first.

    price    where the descents of its halves begin: thousands are kept, so half the digits have to do
    decided  visit -> OPEN, AWAY or THERE
    doubtful the visit to part it at, or -1
    """

    order: tuple[float, int]
    price: NDArray[np.float32] = field(compare=False)
    decided: NDArray[np.int8] = field(compare=False)
    doubtful: int = field(compare=False)

    @property
    def bound(self) -> float:
        return -self.order[0]


class Tree:
    """Parts of all plans, and what has been proven of each."""

    def __init__(self, ground: Ground, whole: Descent) -> None:
        self._ground = ground
        self._number = count()
        self._parts: list[_Part] = []
        self._closed = -np.inf  # the highest bound of the parts that are not split any more
        self._split: _Part | None = None
        self._halves: list[Descent] = []
        self._may_split = np.ones(ground.visits, dtype=bool)
        stops = ground.tables.stop[:-1]
        self._may_split[stops["visit"][stops["forced"] > 0]] = False
        self._keep(whole, whole.bound)

    @property
    def bound(self) -> float:
        """No plan earns more than this."""
        open_parts = [part.bound for part in (self._split, *self._parts[:1]) if part is not None]
        return max([self._closed, *open_parts])

    def advance(self, steps: int, target: float, stop: Ints) -> None:
        """Take some steps; parts without a plan better than `target` are left alone."""
        while steps > 0 and not stop[0]:
            if not self._halves and not self._split_next(target):
                return
            half = self._halves[-1]
            taking = min(steps, STEPS - half.steps)
            half.advance(taking, target, stop)
            steps -= taking
            if half.bound is not None and (half.bound <= target or half.steps >= STEPS):
                assert self._split is not None, "a half has a whole"
                self._keep(self._halves.pop(), self._split.bound)
                if not self._halves:
                    self._split = None

    def _split_next(self, target: float) -> bool:
        """Split the part with the highest bound at the visit that is most in doubt; returns whether there is any."""
        while self._parts and len(self._parts) < MOST_PARTS:
            part = heapq.heappop(self._parts)
            if part.bound <= target or part.doubtful < 0:
                self._closed = max(self._closed, part.bound)
                continue
            self._split = part
            for decision in (AWAY, THERE):
                decided = part.decided.astype(np.int64)
                decided[part.doubtful] = decision
                price = part.price.astype(np.float64)
                self._halves.append(Descent(self._ground, price, decided, FIRST_STEP, PATIENCE))
            return True
        return False

    def _keep(self, found: Descent, at_most: float | None) -> None:
        """Put a part among the others; no part has a higher bound than the whole it is of."""
        assert found.bound is not None, "steps have been taken"
        assert at_most is not None, "steps have been taken"
        decided, seen = found.branch
        doubt = np.where(self._may_split & (decided == OPEN), np.minimum(seen, 1 - seen), -np.inf)
        part = _Part(
            (-min(found.bound, at_most), next(self._number)),
            found.best_price.astype(np.float32),
            decided.astype(np.int8),
            int(doubt.argmax()) if doubt.max(initial=-np.inf) > -np.inf else -1,
        )
        heapq.heappush(self._parts, part)
