"""The rows under a heading: lines told from totals, signatures, repeated headings and hidden rows."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from repcrm.core.errors import BadInput
from repcrm.core.words import N_
from repcrm.imports.columns import Use, letter
from repcrm.imports.layout import asks
from repcrm.imports.layout.amounts import AmountReader
from repcrm.imports.layout.answers import UNUSED, answer_to
from repcrm.imports.layout.cells import MergedCells, cleaned, text_of
from repcrm.imports.layout.footers import is_footer
from repcrm.imports.layout.groups import SHOWN_ROWS, Groups
from repcrm.imports.layout.lines import LineReader
from repcrm.imports.layout.marks import Mark, find_mark
from repcrm.imports.layout.movements import Movement
from repcrm.imports.layout.plan import Plan
from repcrm.imports.layout.reading import Note, SheetReading
from repcrm.imports.layout.totals import Ledger, Tracked
from repcrm.imports.questions import Answers, Question
from repcrm.imports.text import plain
from repcrm.imports.verdicts import Row
from repcrm.imports.workbook import Cell

NOTHING = Decimal(0)
_TELLING = re.compile(
    r"退|赠|红字|红冲|冲红|样品|作废|以下[为是]|单位\s*[:：为]|[按以][件片箱支粒]|return|credit|in cases", re.IGNORECASE
)
"""Words of a note that may change what the lines around it mean."""
_LEFT_OUT = {
    "totals": N_("Sheet “%(sheet)s”: rows that only add up others were left out: %(rows)s."),
    "footers": N_("Sheet “%(sheet)s”: signature and note rows left out: %(rows)s."),
    "headings": N_("Sheet “%(sheet)s”: repeated heading rows left out: %(rows)s."),
}
"""Count of rows that are no lines -> how the page says which they are."""


class Body:
    """Reads the rows of one sheet; what it has counted and asked is complete when they are exhausted."""

    def __init__(self, plan: Plan, answers: Answers) -> None:
        table, sheet = plan.table, plan.table.sheet
        self.questions: list[Question] = []
        self.notes: list[Note] = []
        self.reading = SheetReading(sheet.name, (table.top, table.bottom), plan.mapping.columns, plan.places)
        self._plan, self._answers, self._table = plan, answers, table
        self._amounts = AmountReader(plan)
        self._lines = LineReader(plan, self._amounts)
        self._groups = Groups(plan, answers)
        self._group_columns = self._groups.indexes
        self._merged = MergedCells(sheet, table.bottom + 1)
        numeric = [one for one in plan.sources.values() if one.column.use in (Use.QUANTITY, Use.MONEY)]
        numeric += [*plan.mapping.also, *(one.source for one in plan.across.months)]
        self._ledger = Ledger(table.name, [Tracked(one.column.field, one.index) for one in numeric])
        self._numeric = {one.index for one in numeric} | plan.across.indexes
        silent = {source.index for source in plan.sources.values() if source.column.use is Use.REMARK}
        self._width = max(one.index for one in table.headings) + 1
        self._named_in = [index for index in range(self._width) if index not in silent]
        rows = (sheet.rows[number - 1] for number in range(table.top, table.bottom + 1))
        self._headings = [cleaned(cells, self._width) for cells in rows]
        self._titles = set(table.titles)
        self._read_from = {one.index for one in plan.sources.values()}
        self._suspect: int | None = None
        self._unnamed = sorted(set(range(self._width)) - {one.index for one in table.headings})
        self._unnamed_used: set[int] = set()
        self._hidden: list[int] = []
        self._hidden_packs = NOTHING
        self._left: dict[str, list[int]] = {what: [] for what in _LEFT_OUT}

    def rows(self) -> Iterator[Row]:
        """Yield the lines of the sheet, refused ones, too."""
        sheet, counts = self._table.sheet, self.reading.counts
        answer = answer_to(self._answers, f"hidden_rows:{sheet.name}")
        before: Sequence[Cell] = ()
        for number, raw in enumerate(sheet.rows, 1):
            if self._table.is_heading(number):
                continue
            cells = cleaned(raw, self._width)
            if number < self._table.top:
                self._compare_title(number, cells)
                continue
            if cells.count(None) == len(cells):
                counts.blank += 1
                continue
            self._merged.fill(number, cells, self._group_columns)
            if self._is_no_line(number, cells, before):
                continue
            before = cells
            is_hidden = number in sheet.hidden_rows
            is_taken = not is_hidden or answer == "take"
            lines = self._read(number, cells, is_taken=is_taken)
            if is_hidden:
                counts.hidden += 1
                self._hidden.append(number)
                self._hidden_packs += sum((Decimal(line.values.get("packs", 0)) for line in lines), NOTHING)
            if is_taken:
                counts.lines += 1
                yield from lines
        self._finish(answer)

    # --- rows that are no lines ------------------------------------------------------------------------------------

    def _is_no_line(self, number: int, cells: Sequence[Cell], before: Sequence[Cell]) -> bool:
        if cells in self._headings:
            self._leave("headings", number)
            return True
        mark = find_mark(cells, self._named_in, before)
        if mark is not None and mark.index not in self._read_from and self._is_complete(cells):
            self._suspect = mark.index
            return False
        if mark is not None and not (mark.is_named and self._groups.are_named(cells)):
            self._compare(number, mark, cells)
            self._leave("totals", number)
            if not mark.is_of_page:
                self._groups.forget()
            return True
        if self._is_remark(cells):
            self._leave("footers", number)
            return True
        return False

    def _is_complete(self, cells: Sequence[Cell]) -> bool:
        """Whether a row has all that a line needs."""
        needed = [one.index for one in self._plan.sources.values() if one.column.required]
        return len(needed) > 1 and all(cells[index] is not None for index in needed)

    def _is_remark(self, cells: Sequence[Cell]) -> bool:
        """Whether a row without numbers is a signature, a page number, or a title once more.

        One that says something about the lines around it is none: it is read as a line, and refused as one.
        """
        said = [cell for cell in cells if cell is not None]
        first = said[0]
        if not isinstance(first, str) or any(isinstance(cell, str) and _TELLING.search(cell) for cell in said):
            return False
        if not is_footer(first) and not (plain(first) in self._titles and len(set(said)) == 1):
            return False
        return all(self._amounts.number(cells, index) is None for index in self._numeric)

    def _leave(self, what: str, number: int) -> None:
        counts = self.reading.counts
        setattr(counts, what, getattr(counts, what) + 1)
        if len(self._left[what]) <= SHOWN_ROWS:
            self._left[what].append(number)

    def _compare_title(self, number: int, cells: Sequence[Cell]) -> None:
        """Compare a total that stands above the heading with all lines."""
        mark = find_mark(cells, self._named_in, ())
        if mark is not None and not mark.is_named:
            self._compare(number, mark, cells)

    def _compare(self, number: int, mark: Mark, cells: Sequence[Cell]) -> None:
        """Compare the numbers of a total's row with the lines they cover."""
        stated: list[Decimal | None] = []
        for at, column in enumerate(self._ledger.columns):
            cell = None if column.index == mark.index else cells[column.index]
            value = None if cell is None else self._amounts.number(cells, column.index)
            if cell is not None and value is None:
                self._ledger.without_value(number, at)
            elif value is None and mark.is_about(column.field):
                value = mark.stated
            stated.append(value)
        self._ledger.mark(number, mark, stated)

    # --- lines -----------------------------------------------------------------------------------------------------

    def _read(self, number: int, cells: list[Cell], *, is_taken: bool) -> list[Row]:
        row = Row(self._table.sheet.name, number, {}, self.reading.places)
        if len(cells) > self._width:
            self._refuse_extra(row, cells)
        if self._suspect is not None:
            row.refuse_cell(letter(self._suspect), "", BadInput(N_("This may be a line, or a total of others.")))
            self._suspect = None
        self._unnamed_used.update(index for index in self._unnamed if cells[index] is not None)
        self._groups.fill(row, cells)
        self._lines.read_plain(row, cells)
        movement = self._amounts.movement(row, cells)
        sign = {Movement.SALE: 1, Movement.RETURN: -1, Movement.OTHER: 0}[movement]
        self._ledger.add([self._amounts.number(cells, one.index) for one in self._ledger.columns], sign, is_taken)
        if self._plan.across.totals:
            self._compare_across(number, cells)
        if movement is Movement.OTHER:
            self.reading.counts.skipped += 1
            return []
        return list(self._lines.lines(row, cells, movement))

    def _compare_across(self, number: int, cells: Sequence[Cell]) -> None:
        """Compare the totals of quarters and years with the months beside them."""
        for total, parts in self._plan.across.totals:
            index = total.source.index
            if (stated := self._amounts.number(cells, index)) is not None:
                months = (self._amounts.number(cells, part.source.index) for part in parts)
                sum_of_months = sum((month for month in months if month is not None), NOTHING)
                self._ledger.across(number, total.source.column.field, index, stated, sum_of_months)

    def _refuse_extra(self, row: Row, cells: Sequence[Cell]) -> None:
        """Refuse a row with more cells than headings, as an unquoted 1,200 leaves it in a csv."""
        extra = [(index, cell) for index, cell in enumerate(cells) if index >= self._width and cell is not None]
        if extra:
            shown = ", ".join(f"{letter(index)} {text_of(cell)}" for index, cell in extra[:5])
            error = BadInput(N_("The row has more cells than headings: %(cells)s."), cells=shown)
            row.refuse_cell(letter(extra[0][0]), "", error)

    # --- what is said and asked at the end -------------------------------------------------------------------------

    def _finish(self, hidden_answer: str | None) -> None:
        self._ledger.finish()
        self.reading.totals = self._ledger.totals
        if self._hidden and hidden_answer is None:
            name, packs = self._table.sheet.name, f"{self._hidden_packs:,}"
            self.questions.append(asks.ask_hidden_rows(self._table.name, name, self._hidden, packs))
        self.questions += self._groups.questions()
        for what, message in _LEFT_OUT.items():
            if numbers := self._left[what]:
                shown = ", ".join(map(str, numbers[:SHOWN_ROWS])) + (" …" if len(numbers) > SHOWN_ROWS else "")
                self.notes.append((message, {"sheet": self._table.name, "rows": shown}))
        self._count(N_("Sheet “%(sheet)s”: totals that match their lines: %(count)s."), self._ledger.agreeing)
        without_value = sum(total.stated is None for total in self._ledger.totals)
        self._count(N_("Sheet “%(sheet)s”: totals without a stored value, not compared: %(count)s."), without_value)
        if self._unnamed_used:
            names = ", ".join(map(letter, sorted(self._unnamed_used)))
            message = N_("Sheet “%(sheet)s”: these columns have no heading and are not used: %(columns)s.")
            self.notes.append((message, {"sheet": self._table.name, "columns": names}))
            key = f"{UNUSED}:{self._table.sheet.name}"
            if self._plan.expected.across is not None and answer_to(self._answers, key) is None:
                columns = list(map(letter, sorted(self._unnamed_used)))
                self.questions.append(asks.ask_unnamed(self._table.name, self._table.sheet.name, columns))
        self._count(
            N_("Sheet “%(sheet)s”: lines left out because of their type: %(count)s."),
            self.reading.counts.skipped,
        )

    def _count(self, message: str, count: int) -> None:
        if count:
            self.notes.append((message, {"sheet": self._table.name, "count": count}))
