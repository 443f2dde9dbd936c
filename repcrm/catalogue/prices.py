"""The price of a pack on a day."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from datetime import date


class Prices:
    """Looks up prices.

    rows  product, first day, fen a pack: a price holds until the next one begins
    """

    def __init__(self, rows: Iterable[tuple[int, date, int]]) -> None:
        self._days: dict[int, list[date]] = defaultdict(list)
        self._fen: dict[int, list[int]] = defaultdict(list)
        for product, from_on, price_fen in sorted(rows):
            self._days[product].append(from_on)
            self._fen[product].append(price_fen)

    def on(self, product: int, day: date) -> int | None:
        """The price in fen valid on a day, or None before the first one."""
        place = bisect_right(self._days.get(product, []), day)
        return self._fen[product][place - 1] if place else None

    def worth(self, packs: int, product: int, day: date) -> int:
        """What packs are worth at the price of a day, in fen; 0 where no price is known yet."""
        return packs * (self.on(product, day) or 0)
