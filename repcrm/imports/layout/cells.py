"""Cells of a sheet, cleaned: texts unwrapped, merged blocks filled, errors told from values."""

import re
from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

from repcrm.core.errors import BadInput
from repcrm.core.words import N_
from repcrm.imports.dates import shown
from repcrm.imports.values import is_empty
from repcrm.imports.workbook import Cell, NoValue, Sheet

REMEMBERED = 5000
"""Different cells of a column that are remembered."""
_FORMULA_TEXT = re.compile(r'="([^"]*)"')
_ERRORS = {"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"}
Value = TypeVar("Value")


def cell_at(cells: Sequence[Cell], index: int) -> Cell:
    """Return a cell of a row, None behind its end and for one that says nothing."""
    cell = cells[index] if index < len(cells) else None
    return None if is_empty(cell) else cell


def cleaned(cells: Sequence[Cell], width: int) -> list[Cell]:
    """Return a row with None for every cell that says nothing, and at least `width` cells long."""
    row = [
        None if type(cell) is str and (len(cell) < 4 or cell.isspace()) and is_empty(cell) else cell for cell in cells
    ]
    return row if len(row) >= width else [*row, *[None] * (width - len(row))]


def unwrapped(cell: Cell) -> Cell:
    """Return a cell as it is meant: the text of ="H001", the error of a text such as #REF!."""
    if isinstance(cell, str):
        if found := _FORMULA_TEXT.fullmatch(cell.strip()):
            return found[1]
        if cell.strip().upper() in _ERRORS:
            return NoValue(cell.strip().upper())
    return cell


def refuse_no_value(cell: Cell) -> None:
    """Refuse a cell that shows an error, or whose formula was never computed.

    raises  BadInput
    """
    if isinstance(cell, NoValue):
        if cell.what == "formula":
            raise BadInput(N_("The cell is a formula without a stored value. Open the file in Excel and save it."))
        raise BadInput(N_("The cell shows the error %(error)s."), error=cell.what)


def remembering(read: Callable[[Cell], Value]) -> Callable[[Cell], Value]:
    """Return the same reader, faster for cells that repeat what others have said, as most of a long file do.

    What a reader refuses it refuses again: refusals are not remembered.
    """
    known: dict[Hashable, Value] = {}

    def recall(cell: Cell) -> Value:
        place = cell if type(cell) is str else (type(cell), cell)  # 1, 1.0 and True are different cells
        try:
            return known[place]
        except KeyError:
            if len(known) >= REMEMBERED:
                known.clear()
        clean = unwrapped(cell)
        refuse_no_value(clean)
        value = known[place] = read(clean)
        return value

    return recall


def text_of(cell: Cell) -> str:
    """Return a cell as an example shows it."""
    if cell is None:
        return ""
    return cell.what if isinstance(cell, NoValue) else shown(cell)


class MergedCells:
    """The blocks of merged cells of a sheet, as far as they go over several rows."""

    def __init__(self, sheet: Sheet, body_from: int) -> None:
        self._starts: dict[int, list[tuple[int, int]]] = {}
        self._open: dict[int, tuple[int, Cell]] = {}
        for top, left, bottom, _ in sheet.merged:
            if bottom > top and bottom >= body_from:
                self._starts.setdefault(max(top, body_from), []).append((left, bottom))

    def fill(self, number: int, cells: list[Cell], columns: Sequence[int]) -> None:
        """Let some columns of a row say what their merged block says."""
        starts = self._starts.get(number, ())
        if not starts and not self._open:
            return
        for left, (bottom, value) in list(self._open.items()):
            if number > bottom:
                del self._open[left]
            elif left in columns:
                cells[left] = value
        for left, bottom in starts:
            self._open[left] = (bottom, cell_at(cells, left))
