"""The rows under a heading: lines with what they say; totals, signatures and repeated headings told from them."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from repcrm.core.errors import BadInput
from repcrm.core.words import N_
from repcrm.imports.columns import Column, Use, letter
from repcrm.imports.layout import asks
from repcrm.imports.layout.amounts import AmountReader, put_sign
from repcrm.imports.layout.cells import MergedCells, cell_at, remembering, text_of
from repcrm.imports.layout.footers import is_footer
from repcrm.imports.layout.mapping import Source
from repcrm.imports.layout.marks import Mark, find_mark
from repcrm.imports.layout.movements import Movement
from repcrm.imports.layout.plan import Plan
from repcrm.imports.layout.reading import Note, SheetReading
from repcrm.imports.layout.remarks import is_telling
from repcrm.imports.layout.totals import Ledger, Tracked
from repcrm.imports.questions import Answers, Question
from repcrm.imports.style import StyledReader
from repcrm.imports.text import plain
from repcrm.imports.values import is_empty
from repcrm.imports.verdicts import Row
from repcrm.imports.workbook import Cell

SHOWN_ROWS = 12
"""Numbers of rows that a note names."""
_NUMERIC = (Use.QUANTITY, Use.MONEY)


@dataclass
class Group:
    """Columns that pivot tables leave empty where the value above applies.

    indexes  of the columns that name one thing: code and name of a hospital
    """

    source: Source
    indexes: list[int]
    above: dict[int, Cell] = field(default_factory=dict)
    count: int = 0
    rows: list[int] = field(default_factory=list)


class Body:
    """Reads the rows of one sheet; what it has counted and asked is complete when they are exhausted."""

    def __init__(self, plan: Plan, answers: Answers) -> None:
        self.questions: list[Question] = []
        self.notes: list[Note] = []
        self.packs = Decimal(0)
        table = plan.table
        self.reading = SheetReading(table.sheet.name, (table.top, table.bottom), plan.mapping.columns, plan.places)
        self._plan, self._answers, self._table = plan, answers, table
        self._amounts = AmountReader(plan)
        self._places = plan.places
        numeric = [source for source in plan.sources.values() if source.column.use in _NUMERIC]
        self._main = [source for source in numeric if source.column.field in ("packs", "value")]
        self._other = [
            (source, self._reader(source.column)) for source in plan.sources.values()
            if source not in self._main and source.column.use not in (Use.UNIT, Use.MOVEMENT)
            and source.column.field not in ("returned", "returned_value")
        ]  # fmt: skip
        self._numeric_indexes = [source.index for source in (*numeric, *plan.mapping.also)] + sorted(
            plan.across.indexes
        )
        tracked = [Tracked(source.column.field, source.index) for source in (*numeric, *plan.mapping.also)]
        tracked += [Tracked(one.source.column.field, one.source.index) for one in plan.across.months]
        self._ledger = Ledger(table.name, tracked)
        silent = {source.index for source in plan.sources.values() if source.column.use is Use.REMARK}
        self._named_in = [one.index for one in table.headings if one.index not in silent]
        self._width = max(one.index for one in table.headings) + 1
        self._headings = [table.sheet.rows[number - 1] for number in range(table.top, table.bottom + 1)]
        self._titles = set(table.titles)
        self._groups = self._find_groups()
        self._merged = MergedCells(table.sheet, table.bottom + 1)
        self._across = {one.source.index: self._reader(one.source.column) for one in
                        (*plan.across.months, *plan.across.quarters)}  # fmt: skip
        self._hidden_packs = Decimal(0)
        self._hidden_rows: list[int] = []
        self._remarks: list[tuple[int, str]] = []
        self._telling = remembering(lambda cell: is_telling(text_of(cell)))
        self._remark_count = 0
        self._left: dict[str, list[int]] = {"totals": [], "footers": [], "headings": []}

    def rows(self) -> Iterator[Row]:
        """Yield the lines of the sheet, refused ones, too."""
        counts, hidden_answer = self.reading.counts, self._answers.get(f"hidden_rows:{self._table.sheet.name}")
        hidden = self._table.sheet.hidden_rows
        before: Sequence[Cell] = ()
        rows = iter(self._table.sheet.rows)
        for number, cells in enumerate(rows, 1):
            if number <= self._table.bottom:
                continue
            if all(map(is_empty, cells)):
                counts.blank += 1
                continue
            if cells in self._headings:
                self._leave("headings", number)
                continue
            cells = self._merged.fill(number, cells, [index for group in self._groups for index in group.indexes])
            if self._is_no_line(number, cells, before):
                continue
            is_taken = number not in hidden or hidden_answer == "take"
            lines = list(self._lines(number, cells, is_taken))
            before = cells
            if number in hidden:
                counts.hidden += 1
                self._hidden_rows.append(number)
                self._hidden_packs += sum(Decimal(line.values.get("packs", 0)) for line in lines)
            if is_taken:
                counts.lines += 1
                self.packs += sum(Decimal(line.values.get("packs") or line.values.get("floor") or 0) for line in lines)
                yield from lines
        self._finish(hidden_answer)

    # --- rows that are no lines ------------------------------------------------------------------------------------

    def _is_no_line(self, number: int, cells: Sequence[Cell], before: Sequence[Cell]) -> bool:
        mark = find_mark(cells, self._named_in, before)
        if mark is not None and not (mark.is_named and self._is_complete(cells)):
            self._compare(number, mark, cells)
            self._leave("totals", number)
            for group in self._groups:
                group.above.clear()
            return True
        if all(cell_at(cells, index) is None for index in self._numeric_indexes):
            texts = [plain(text_of(cell)) for cell in cells if not is_empty(cell)]
            if is_footer(texts[0]) or all(text in self._titles for text in texts):
                self._leave("footers", number)
                return True
        return False

    def _is_complete(self, cells: Sequence[Cell]) -> bool:
        """Whether a row names all that a line needs, so that its “total” is part of a name."""
        return all(any(cell_at(cells, index) is not None for index in group.indexes) for group in self._groups)

    def _leave(self, what: str, number: int) -> None:
        counts = self.reading.counts
        setattr(counts, what, getattr(counts, what) + 1)
        if len(self._left[what]) <= SHOWN_ROWS:
            self._left[what].append(number)

    def _compare(self, number: int, mark: Mark, cells: Sequence[Cell]) -> None:
        stated: list[Decimal | None] = []
        for at, column in enumerate(self._ledger.columns):
            cell = None if column.index == mark.index else cell_at(cells, column.index)
            value = self._amounts.number(cells, column.index) if cell is not None else None
            if cell is not None and value is None:
                self._ledger.without_value(number, at)
            if mark.stated is not None and value is None and self._is_meant(column, mark):
                value = mark.stated.value
            stated.append(value)
        self._ledger.mark(number, mark, stated)

    def _is_meant(self, column: Tracked, mark: Mark) -> bool:
        """Whether the number beside a total's name, as in 合计：42盒, is of a column."""
        assert mark.stated is not None
        is_money = mark.stated.word in ("元", "¥", "yuan")
        return column.field == ("value" if is_money else "packs")

    # --- lines -----------------------------------------------------------------------------------------------------

    def _lines(self, number: int, cells: Sequence[Cell], is_taken: bool) -> Iterator[Row]:
        row = Row(self._table.sheet.name, number, {}, self._places)
        if len(cells) > self._width:
            self._refuse_extra(row, cells)
        cells = self._fill_groups(row, cells)
        row.values.update((name, value) for name, value in self._plan.fixed.items() if value is not None)
        for source, read in self._other:
            _read_cell(row, source, cells, read)
        if "remark" in row.values:
            self._note_remark(row)
        movement = self._amounts.movement(row, cells)
        sign = -1 if movement is Movement.RETURN else 1
        self._ledger.add([self._amounts.number(cells, one.index) for one in self._ledger.columns], sign, is_taken)
        if movement is Movement.OTHER:
            self.reading.counts.skipped += 1
            return
        if self._plan.across.months or self._plan.across.quarters:
            yield from self._months(row, cells, movement)
        else:
            yield from self._single(row, cells, movement)

    def _single(self, row: Row, cells: Sequence[Cell], movement: Movement) -> Iterator[Row]:
        returned = self._returned(row, cells)
        values = self._read_amounts(row, cells, movement)
        if values or returned is None or row.problems:
            row.values.update(values)
            if self._plan.mapping.also and (
                also := self._amounts.checks(row, cells, -1 if movement is Movement.RETURN else 1)
            ):
                row.values["also"] = also
            self._check_required(row)
            yield row
        if returned is not None:
            yield returned

    def _read_amounts(self, row: Row, cells: Sequence[Cell], movement: Movement) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for source in self._main:
            read = self._amounts.quantity if source.column.use is Use.QUANTITY else self._amounts.money
            values.update(read(row, source, cells))
        return put_sign(row, values, movement)

    def _returned(self, row: Row, cells: Sequence[Cell]) -> Row | None:
        """The line of a column of returns of its own, None where it is empty or nothing."""
        source = self._plan.sources.get("returned")
        if source is None or cell_at(cells, source.index) in (None, 0, "0"):
            return None
        line = Row(
            row.sheet,
            row.row,
            dict(row.values),
            {**row.places, "packs": (source.letter, source.heading)},
            source.letter,
        )
        line.problems, line.verdict = list(row.problems), row.verdict
        values = self._amounts.quantity(line, source, cells)
        money = self._plan.sources.get("returned_value")
        if money is not None:
            values.update(self._amounts.money(line, money, cells))
        line.values.update(put_sign(line, values, Movement.RETURN))
        self._check_required(line)
        return line

    def _months(self, base: Row, cells: Sequence[Cell], movement: Movement) -> Iterator[Row]:
        """Yield one line for each month of a row that holds several; months left empty are none."""
        months: dict[tuple[int, str], list[Any]] = {}
        for one in (*self._plan.across.months, *self._plan.across.quarters):
            if cell_at(cells, one.source.index) is not None:
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
                    _read_cell(row, source, cells, self._across[source.index])
            row.values.update(put_sign(row, values, movement))
            self._check_required(row)
            yield row
        for total, parts in self._plan.across.totals:
            if (stated := self._amounts.number(cells, total.source.index)) is not None:
                sums = [self._amounts.number(cells, part.source.index) for part in parts]
                self._ledger.across(
                    base.row,
                    total.source.column.field,
                    total.source.index,
                    stated,
                    sum((n for n in sums if n), Decimal(0)),
                )

    def _reader(self, column: Column) -> Callable[[Cell], Any]:
        read = column.read
        return remembering(read.styled(self._plan.style) if isinstance(read, StyledReader) else read)

    def _refuse_extra(self, row: Row, cells: Sequence[Cell]) -> None:
        extra = [(index, cell) for index, cell in enumerate(cells[self._width :], self._width) if not is_empty(cell)]
        if extra:
            shown = ", ".join(f"{letter(index)} {text_of(cell)}" for index, cell in extra[:5])
            row.refuse_cell(
                letter(extra[0][0]), "", BadInput(N_("The row has more cells than headings: %(cells)s."), cells=shown)
            )

    def _check_required(self, row: Row) -> None:
        complained = {problem.letter for problem in row.problems}
        asked = {column.field for column in self._plan.mapping.asked}
        for column in asked:
            place = f"{self._named(column).english} / {self._named(column).chinese}"
            row.refuse_cell("", place, BadInput(N_("Which column holds this is still to be answered.")))
        for column in self._plan.expected.columns:
            instead = self._plan.expected.instead.get(column.field, ())
            if (
                not column.required
                or column.field in row.values
                or row.values.keys() & {*instead, *_SAME.get(column.field, ())}
            ):
                continue
            if {column.field, *instead} & asked:
                continue
            at, heading = row.places.get(column.field) or self._place_instead(row, instead)
            if at not in complained or not at:
                row.refuse_cell(
                    at, heading or f"{column.english} / {column.chinese}", BadInput(N_("The cell is empty."))
                )

    def _named(self, name: str) -> Column:
        return next(column for column in self._plan.expected.columns if column.field == name)

    @staticmethod
    def _place_instead(row: Row, instead: Collection[str]) -> tuple[str, str]:
        return next((row.places[name] for name in instead if name in row.places), ("", ""))

    # --- groups, remarks and what is asked at the end --------------------------------------------------------------

    def _find_groups(self) -> list[Group]:
        expected = self._plan.expected
        needed = {column.field for column in expected.columns if column.required}
        needed |= {name for field in needed for name in expected.instead.get(field, ())}
        things: dict[str, list[Source]] = {}
        for source in self._plan.sources.values():
            if source.column.is_group and source.column.field in needed:
                things.setdefault(source.column.field.split("_")[0], []).append(source)
        return [
            Group(min(sources, key=lambda one: one.index), [one.index for one in sources])
            for sources in things.values()
        ]

    def _fill_groups(self, row: Row, cells: Sequence[Cell]) -> Sequence[Cell]:
        """Let empty cells say what stands above them, where a person has said so; else note and refuse them."""
        filled: list[Cell] | None = None
        for group in self._groups:
            said = {index: cell for index in group.indexes if (cell := cell_at(cells, index)) is not None}
            if said:
                group.above = said
            elif group.above:
                group.count += 1
                if len(group.rows) <= SHOWN_ROWS:
                    group.rows.append(row.row)
                source = group.source
                if self._answers.get(f"blank_cells:{source.column.field}") == "above":
                    filled = list(cells) if filled is None else filled
                    filled += [None] * (max(group.above) + 1 - len(filled))
                    for index, cell in group.above.items():
                        filled[index] = cell
                else:
                    row.refuse_cell(source.letter, source.heading, BadInput(N_("The cell is empty.")))
        return cells if filled is None else filled

    def _note_remark(self, row: Row) -> None:
        words = str(row.values["remark"])
        if self._telling(words):
            self._remark_count += 1
            if len(self._remarks) < asks.SHOWN:
                self._remarks.append((row.row, words))

    def _finish(self, hidden_answer: str | None) -> None:
        self._ledger.finish()
        self.reading.totals = self._ledger.totals
        sheet, name = self._table.name, self._table.sheet.name
        if self._hidden_rows and hidden_answer is None:
            self.questions.append(asks.ask_hidden_rows(sheet, name, self._hidden_rows, f"{self._hidden_packs:,}"))
        for group in self._groups:
            key = f"blank_cells:{group.source.column.field}"
            if group.count and key not in self._answers:
                self.questions.append(
                    asks.ask_blank_cells(sheet, group.source.column, group.source.heading, group.rows, group.count)
                )
        if self._remark_count and "remarks" not in self._answers:
            self.questions.append(asks.ask_remarks(self._remarks, self._remark_count))
        self._say()

    def _say(self) -> None:
        messages = {
            "totals": N_("Sheet “%(sheet)s”: rows that only add up others were left out: %(rows)s."),
            "footers": N_("Sheet “%(sheet)s”: signatures and notes were left out: %(rows)s."),
            "headings": N_("Sheet “%(sheet)s”: repeated headings were left out: %(rows)s."),
        }
        for what, message in messages.items():
            if numbers := self._left[what]:
                shown = ", ".join(map(str, numbers[:SHOWN_ROWS])) + (" …" if len(numbers) > SHOWN_ROWS else "")
                self.notes.append((message, {"sheet": self._table.name, "rows": shown}))
        if self._ledger.agreeing:
            message = N_("Sheet “%(sheet)s”: %(count)s totals agree with their lines.")
            self.notes.append((message, {"sheet": self._table.name, "count": self._ledger.agreeing}))
        if skipped := self.reading.counts.skipped:
            message = N_("Sheet “%(sheet)s”: %(count)s lines were left out for their type, as answered.")
            self.notes.append((message, {"sheet": self._table.name, "count": skipped}))


_SAME = {"packs": ("quantity",), "month": ("quarter",)}
"""Required field -> what the layout gives in its place."""


def _read_cell(row: Row, source: Source, cells: Sequence[Cell], read: Callable[[Cell], Any]) -> None:
    if (cell := cell_at(cells, source.index)) is not None:
        try:
            row.values[source.column.field] = read(cell)
        except BadInput as error:
            row.refuse_cell(source.letter, source.heading, error)
