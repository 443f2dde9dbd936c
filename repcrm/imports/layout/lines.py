"""One row of cells -> the lines it holds: one, a return beside it, or one for each month across."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from repcrm.core.errors import BadInput
from repcrm.core.periods import Period
from repcrm.core.words import N_
from repcrm.imports.columns import Column, Use
from repcrm.imports.layout.amounts import AmountReader, put_sign
from repcrm.imports.layout.cells import remembering
from repcrm.imports.layout.mapping import Source
from repcrm.imports.layout.movements import Movement
from repcrm.imports.layout.plan import Plan
from repcrm.imports.style import StyledReader
from repcrm.imports.verdicts import Row
from repcrm.imports.workbook import Cell

_INSTEAD = {"packs": ("quantity",), "month": ("quarter",)}
"""Required field -> what the layout gives in its place."""
_AMOUNTS = ("packs", "value", "returned", "returned_value")
"""Fields whose cells are put together with unit, scale and sign."""


class LineReader:
    """Reads the lines of one sheet."""

    def __init__(self, plan: Plan, amounts: AmountReader) -> None:
        self._plan, self._amounts = plan, amounts
        self._main = [plan.sources[name] for name in ("packs", "value") if name in plan.sources]
        self._returned, self._returned_value = plan.sources.get("returned"), plan.sources.get("returned_value")
        other = [source for name, source in plan.sources.items() if name not in _AMOUNTS]
        self._stocks = [source for source in other if source.column.converts]
        self._plain = [
            (source, self._reader(source.column))
            for source in other
            if not source.column.converts and source.column.use not in (Use.UNIT, Use.MOVEMENT)
        ]
        self._spans = [*plan.across.months, *plan.across.quarters]
        self._in_span = {one.source.index: self._reader(one.source.column) for one in self._spans}
        self._fixed = {name: value for name, value in plan.fixed.items() if value is not None}
        self._asked = {column.field: column for column in plan.mapping.asked}
        self._required = [
            (column, (*plan.expected.instead.get(column.field, ()), *_INSTEAD.get(column.field, ())))
            for column in plan.expected.columns
            if column.required
        ]

    def read_plain(self, row: Row, cells: Sequence[Cell]) -> None:
        """Read everything but the amounts of the line itself."""
        row.values.update(self._fixed)
        for source, read in self._plain:
            self._read_cell(row, source, cells, read)
        for source in self._stocks:
            row.values.update(self._amounts.stock(row, source, cells))

    def lines(self, row: Row, cells: Sequence[Cell], movement: Movement) -> Iterator[Row]:
        """Yield the lines of a row whose other cells have been read."""
        if self._spans:
            yield from self._months(row, cells, movement)
            return
        returned = self._return(row, cells)
        values: dict[str, Any] = {}
        for source in self._main:
            read = self._amounts.quantity if source.column.use is Use.QUANTITY else self._amounts.money
            values.update(read(row, source, cells))
        if values or returned is None or row.problems:
            row.values.update(put_sign(row, values, movement))
            if self._plan.mapping.also and (also := self._amounts.checks(row, cells, movement)):
                row.values["also"] = also
            self._check(row)
            yield row
        if returned is not None:
            yield returned

    def _return(self, row: Row, cells: Sequence[Cell]) -> Row | None:
        """The line of a column of returns of its own; None where it holds nothing."""
        source = self._returned
        if source is None or cells[source.index] in (None, 0, "0"):
            return None
        places = {**row.places, "packs": (source.letter, source.heading)}
        line = Row(row.sheet, row.row, dict(row.values), places, source.letter, row.verdict)
        line.problems = list(row.problems)
        values = self._amounts.quantity(line, source, cells)
        if self._returned_value is not None:
            values.update(self._amounts.money(line, self._returned_value, cells))
        line.values.update(put_sign(line, values, Movement.RETURN))
        self._check(line)
        return line

    def _months(self, base: Row, cells: Sequence[Cell], movement: Movement) -> Iterator[Row]:
        """Yield a line for each month; months left empty are none."""
        months: dict[tuple[int, str], list[Source]] = {}
        for one in self._spans:
            if cells[one.source.index] is not None:
                months.setdefault((one.span.first, one.label), []).append(one.source)
        for (_, label), sources in months.items():
            places = {**base.places, **{one.column.field: (one.letter, one.heading) for one in sources}}
            row = Row(base.sheet, base.row, dict(base.values), places, sources[0].letter, base.verdict)
            row.problems = list(base.problems)
            if label:
                row.values["quarter" if "Q" in label else "month"] = label
            values: dict[str, Any] = {}
            for source in sources:
                if source.column.converts:
                    values.update(self._amounts.quantity(row, source, cells))
                elif source.column.use is Use.MONEY:
                    values.update(self._amounts.money(row, source, cells))
                else:
                    self._read_cell(row, source, cells, self._in_span[source.index])
            row.values.update(put_sign(row, values, movement))
            self._check(row)
            yield from self._months_of_quarter(row) if "quarter" in row.values else [row]

    def _months_of_quarter(self, row: Row) -> Iterator[Row]:
        """Yield a line for each month of a quarter, with the whole quarter's packs; refuse one not to be divided."""
        if not self._plan.across.is_divided:
            heading = next((words for at, words in row.places.values() if at == row.at), "")
            row.refuse_cell(row.at, heading, BadInput(N_("This is a whole quarter, not a month.")))
            yield row
            return
        for month in Period.parse(row.values["quarter"]).months():
            values = {**row.values, "month": month.from_on.isoformat()}
            yield Row(row.sheet, row.row, values, row.places, row.at, row.verdict, problems=list(row.problems))

    def _check(self, row: Row) -> None:
        """Refuse a line that lacks what every line needs."""
        for column in self._asked.values():
            open_column = BadInput(N_("Choose the column for this first."))
            row.refuse_cell("", f"{column.english} / {column.chinese}", open_column)
        for column, instead in self._required:
            if column.field not in row.values and not any(name in row.values for name in instead):
                self._refuse_empty(row, column)

    def _refuse_empty(self, row: Row, column: Column) -> None:
        names = (column.field, *self._plan.expected.instead.get(column.field, ()))
        if any(name in self._asked for name in names):
            return
        at, heading = next((row.places[name] for name in names if name in row.places), ("", ""))
        if not at or at not in {problem.letter for problem in row.problems}:
            row.refuse_cell(at, heading or f"{column.english} / {column.chinese}", BadInput(N_("The cell is empty.")))

    def _reader(self, column: Column) -> Callable[[Cell], Any]:
        read = column.read
        return remembering(read.styled(self._plan.style) if isinstance(read, StyledReader) else read)

    def _read_cell(self, row: Row, source: Source, cells: Sequence[Cell], read: Callable[[Cell], Any]) -> None:
        if (cell := cells[source.index]) is None:
            return
        try:
            row.values[source.column.field] = read(cell)
        except BadInput as error:
            row.refuse_cell(source.letter, source.heading, error)
            return
        if source.column.use is Use.QUANTITY:
            row.values.update(self._amounts.unit(row, source, cells))
