"""Control sums: every total that a sheet carries, beside the sum of the lines it covers."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from repcrm.imports.columns import letter
from repcrm.imports.layout.marks import Level, Mark
from repcrm.imports.layout.reading import StatedTotal

TOLERANCE = Decimal("0.005")
"""Less than a fen, or what a sum of floating numbers leaves."""
MOST_KEPT = 500
"""Totals of a sheet that are kept; a file of a million lines may have as many subtotals."""
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Tracked:
    """A column whose numbers are added up."""

    field: str
    index: int


@dataclass(frozen=True)
class Sums:
    """The sums of the columns at one row: of numbers as written, all lines or those taken, and with their signs."""

    written: tuple[Decimal, ...]
    taken: tuple[Decimal, ...]
    signed: tuple[Decimal, ...]


class Ledger:
    """The running sums of a sheet, and its totals as they are met."""

    def __init__(self, sheet: str, columns: Sequence[Tracked]) -> None:
        self.columns = columns
        self.totals: list[StatedTotal] = []
        self.agreeing = 0
        self._sheet = sheet
        size = len(columns)
        self._written, self._taken, self._signed = [NOTHING] * size, [NOTHING] * size, [NOTHING] * size
        self._start = self._sums()
        self._last_any = self._start
        self._last_of: dict[tuple[int, str], Sums] = {}
        self._lines = 0
        self._waiting: list[tuple[int, Sequence[Decimal | None]]] = []

    def add(self, numbers: Sequence[Decimal | None], sign: int, is_taken: bool) -> None:
        """Add a line.

        numbers  one for each column, as written; None where the cell is empty or no number
        sign     -1 of a return, 1 of a sale, 0 of what is neither
        """
        self._lines += 1
        for at, number in enumerate(numbers):
            if number is not None:
                self._written[at] += number
                if is_taken:
                    self._taken[at] += number
                    self._signed[at] += -abs(number) if sign < 0 else number * sign

    def mark(self, number: int, mark: Mark, stated: Sequence[Decimal | None]) -> None:
        """Compare the total in a row with the lines it may cover."""
        if not self._lines:
            self._waiting.append((number, stated))  # a total above its lines
            return
        now, label = self._sums(), (mark.index, mark.label)
        same = self._last_of.get(label, self._start)
        starts = {
            Level.BLOCK: (same, self._last_any),
            Level.ANY: (self._start, same, self._last_any),
            Level.ALL: (self._start, same),
        }[mark.level]
        for at, total in enumerate(stated):
            if total is not None:
                self._compare(number, at, total, [self._between(start, now, at) for start in starts])
        self._last_any = self._last_of[label] = now

    def finish(self) -> None:
        """Compare the totals that stood above the first line."""
        now = self._sums()
        for number, stated in self._waiting:
            for at, total in enumerate(stated):
                if total is not None:
                    self._compare(number, at, total, [self._between(self._start, now, at)])

    def across(self, number: int, field: str, index: int, total: Decimal, parts: Decimal) -> None:
        """Compare a total that stands in the row of its parts: a quarter beside its months."""
        self._keep(StatedTotal(self._sheet, number, field, letter(index), total, parts, _agree(total, parts)))

    def without_value(self, number: int, at: int) -> None:
        """Note a total that shows no value."""
        column = self.columns[at]
        self._keep(StatedTotal(self._sheet, number, column.field, letter(column.index), None, NOTHING, agrees=True))

    def _sums(self) -> Sums:
        return Sums(tuple(self._written), tuple(self._taken), tuple(self._signed))

    @staticmethod
    def _between(start: Sums, end: Sums, at: int) -> tuple[Decimal, ...]:
        """The sums of one column between two rows; the first is the one that is shown."""
        return (
            end.signed[at] - start.signed[at],
            end.taken[at] - start.taken[at],
            end.written[at] - start.written[at],
        )

    def _compare(self, number: int, at: int, total: Decimal, sums: Sequence[tuple[Decimal, ...]]) -> None:
        column = self.columns[at]
        agreeing = [value for values in sums for value in values if _agree(total, value)]
        computed = agreeing[0] if agreeing else sums[0][0]
        self._keep(
            StatedTotal(self._sheet, number, column.field, letter(column.index), total, computed, bool(agreeing))
        )

    def _keep(self, total: StatedTotal) -> None:
        self.agreeing += total.agrees and total.stated is not None
        if len(self.totals) < MOST_KEPT or not total.agrees:
            self.totals.append(total)


def _agree(stated: Decimal, computed: Decimal) -> bool:
    return abs(stated - computed) <= TOLERANCE
