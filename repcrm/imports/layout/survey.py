"""What the cells of a column say as a whole: needed before the first row is read."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from repcrm.imports.columns import Use
from repcrm.imports.layout.cells import cell_at, text_of, unwrapped
from repcrm.imports.layout.headings import Table
from repcrm.imports.text import plain
from repcrm.imports.values import is_empty
from repcrm.imports.workbook import Cell

MOST_DISTINCT = 20_000
"""Different cells of a column that are looked at."""
EXAMPLES = 3
_TELLING = (Use.DATE, Use.QUANTITY, Use.MONEY, Use.UNIT, Use.MOVEMENT)
"""Columns of which every cell is looked at; of others the first examples do."""


class Survey:
    """The columns of a table below its heading, seen in one pass."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._known: dict[int, dict[Cell, int]] | None = None
        self._fully: dict[int, dict[Cell, int]] = {}

    def rows(self) -> Iterator[Sequence[Cell]]:
        """Yield the rows below the heading."""
        rows = iter(self._table.sheet.rows)
        for _ in range(self._table.bottom):
            next(rows, None)
        return rows

    def distinct(self, index: int) -> dict[Cell, int]:
        """Return the different cells of a column, and how often each stands there.

        Of a column of names or codes the first ones do, until somebody asks for more with `all_distinct`.
        """
        if self._known is None:
            self._known = self._look({
                one.index: MOST_DISTINCT if one.meaning and one.meaning.column.use in _TELLING else EXAMPLES
                for one in self._table.headings
            })  # fmt: skip
        return self._known[index]

    def all_distinct(self, index: int) -> dict[Cell, int]:
        """Return the different cells of any column."""
        meaning = next(one.meaning for one in self._table.headings if one.index == index)
        if meaning is not None and meaning.column.use in _TELLING:
            return self.distinct(index)
        if index not in self._fully:
            self._fully |= self._look({index: MOST_DISTINCT})
        return self._fully[index]

    def _look(self, limits: Mapping[int, int]) -> dict[int, dict[Cell, int]]:
        found: dict[int, dict[Cell, int]] = {index: {} for index in limits}
        columns = [(index, found[index], most) for index, most in limits.items()]
        for cells in self.rows():
            width = len(cells)
            for index, counts, most in columns:
                cell = cells[index] if index < width else None
                if cell is None:
                    continue
                if cell in counts:
                    counts[cell] += 1
                elif len(counts) < most and not is_empty(cell):
                    counts[cell] = 1
        return found

    def cells(self, indexes: Iterable[int]) -> Iterator[Cell]:
        """Yield the different cells of several columns."""
        for index in indexes:
            yield from map(unwrapped, self.all_distinct(index))

    def examples(self, index: int) -> list[str]:
        """Return the first different values of a column as text."""
        return [text_of(cell) for cell in list(self.distinct(index))[:EXAMPLES]]

    def is_empty(self, index: int) -> bool:
        """Whether a column says nothing in any row."""
        return not self.distinct(index)

    def are_same(self, first: int, second: int) -> bool:
        """Whether two columns say the same in every row."""
        return all(_comparable(cell_at(row, first)) == _comparable(cell_at(row, second)) for row in self.rows())


def _comparable(cell: Cell) -> object:
    return plain(cell) if isinstance(cell, str) else cell
