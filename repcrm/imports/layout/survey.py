"""What the cells of a column say as a whole: needed before the first row is read."""

from collections.abc import Iterable, Iterator, Sequence

from repcrm.imports.layout.cells import cell_at, text_of, unwrapped
from repcrm.imports.layout.headings import Table
from repcrm.imports.text import plain
from repcrm.imports.values import is_empty
from repcrm.imports.workbook import Cell

MOST_DISTINCT = 20_000
"""Different cells of a column that are looked at."""


class Survey:
    """The columns of a table below its heading."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._distinct: dict[int, dict[Cell, int]] = {}

    def rows(self) -> Iterator[Sequence[Cell]]:
        """Yield the rows below the heading."""
        rows = iter(self._table.sheet.rows)
        for _ in range(self._table.bottom):
            next(rows, None)
        return rows

    def distinct(self, index: int) -> dict[Cell, int]:
        """Return the different cells of a column that say something, and how often each does."""
        if index not in self._distinct:
            counts: dict[Cell, int] = {}
            for cells in self.rows():
                cell = cells[index] if index < len(cells) else None
                if cell in counts:
                    counts[cell] += 1
                elif cell is not None and len(counts) < MOST_DISTINCT and not is_empty(cell):
                    counts[cell] = 1
            self._distinct[index] = counts
        return self._distinct[index]

    def cells(self, indexes: Iterable[int]) -> Iterator[Cell]:
        """Yield the different cells of several columns."""
        for index in indexes:
            yield from map(unwrapped, self.distinct(index))

    def examples(self, index: int, count: int = 3) -> list[str]:
        """Return the first different values of a column as text."""
        return [text_of(cell) for cell in list(self.distinct(index))[:count]]

    def is_empty(self, index: int) -> bool:
        """Whether a column says nothing in any row."""
        return not self.distinct(index)

    def are_same(self, first: int, second: int) -> bool:
        """Whether two columns say the same in every row."""
        return all(_comparable(cell_at(row, first)) == _comparable(cell_at(row, second)) for row in self.rows())


def _comparable(cell: Cell) -> object:
    return plain(cell) if isinstance(cell, str) else cell
