"""Which column of a sheet is what: headers in Chinese and English, title rows above, totals below."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from repcrm.core.errors import BadInput
from repcrm.core.words import N_, Term
from repcrm.imports.text import header_key, key, plain
from repcrm.imports.values import Reader, find_month, is_empty
from repcrm.imports.verdicts import Row
from repcrm.imports.workbook import Cell, Sheet

SEARCHED_ROWS = 30
"""How far down a header row is looked for; titles and notes stand above it."""
REMEMBERED = 5000
"""Different cells of a column that are remembered."""
TOTALS = {"合计", "总计", "小计", "总和", "累计", "total", "totals", "grandtotal", "subtotal", "sum"}


@dataclass(frozen=True)
class Column:
    """A column that a kind of file may have.

    field              name of the value
    english, chinese   its header in templates
    read               what its cells say
    synonyms           other headers people write, in either language
    required           a file without it, and a row that leaves it empty, is refused
    note               for the notes in templates: what goes in
    samples            one invented value, English and Chinese
    shape              how a value is shown: text, packs, fen, day, month, weekday, roster
    term               the closed list its values come from
    """

    field: str
    english: str
    chinese: str
    read: Reader
    synonyms: tuple[str, ...] = ()
    required: bool = False
    note: str = ""
    samples: tuple[str | int | float, str | int | float] = ("", "")
    shape: str = "text"
    term: type[Term] | None = None

    @property
    def names(self) -> set[str]:
        """Every header it goes by, comparable."""
        return {header_key(name) for name in (self.english, self.chinese, *self.synonyms, self.field)}


@dataclass(frozen=True)
class MonthColumns:
    """For sheets with months across: which fields a month's columns hold, and the field of the month itself.

    parts  word in the header, comparable -> field; a header that is only a month holds the field of ""
    """

    month: str
    parts: Mapping[str, str]


@dataclass
class Layout:
    """How a sheet is laid out.

    header_row  number of the header row, from 1; of two, the lower one
    is_double   months stand in the upper of two header rows, floor and stretch in the lower
    columns     field -> index
    months      index -> (month, field), where months stand across
    unused      indexes of columns with a header that nobody knows
    """

    sheet: Sheet
    header_row: int
    columns: dict[str, int]
    months: dict[int, tuple[str, str]] = field(default_factory=dict)
    unused: list[int] = field(default_factory=list)
    is_double: bool = False

    def is_header(self, number: int) -> bool:
        """Whether a row of the sheet, counted from 1, is a header row."""
        return self.header_row - self.is_double <= number <= self.header_row

    def header(self, index: int) -> str:
        """The header of a column as written in the file."""
        rows = self.sheet.rows[self.header_row - 1 - self.is_double : self.header_row]
        said = [plain(row[index]) for row in rows if index < len(row) and row[index] is not None]
        return " ".join(dict.fromkeys(said))

    @property
    def places(self) -> dict[str, tuple[str, str]]:
        """Field -> letter and header."""
        return {name: (letter(index), self.header(index)) for name, index in self.columns.items()}


def letter(index: int) -> str:
    """Excel's name of a column: 0 is A, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def find_layout(sheet: Sheet, columns: Sequence[Column], across: MonthColumns | None = None) -> Layout | None:
    """Find the header row of a sheet and what its columns are; None if no row of its beginning looks like one."""
    best: Layout | None = None
    for number, cells in enumerate(sheet.rows[:SEARCHED_ROWS], 1):
        found = _read_header(sheet, number, cells, columns, across)
        if len(found.columns) >= 2 and (best is None or _weight(found) > _weight(best)):
            best = found
    if best is not None and across is not None and best.months:
        _read_lower_header(best, across)
    return best


def _weight(layout: Layout) -> int:
    return len(layout.columns) + len(layout.months)


def _read_header(
    sheet: Sheet, number: int, cells: Sequence[Cell], columns: Sequence[Column], across: MonthColumns | None
) -> Layout:
    layout = Layout(sheet, number, {})
    known = {name: column.field for column in reversed(columns) for name in column.names}
    for index, cell in enumerate(cells):
        if is_empty(cell):
            continue
        name = known.get(key(cell)) or known.get(header_key(cell))
        if name is not None and name not in layout.columns:
            layout.columns[name] = index
        elif across is not None and (found := _month_header(cell, across)) is not None:
            layout.months[index] = found
        else:
            layout.unused.append(index)
    return layout


def _read_lower_header(layout: Layout, across: MonthColumns) -> None:
    """Take the row below for a second header row where it says floor or stretch under every month."""
    below = layout.sheet.rows[layout.header_row] if layout.header_row < len(layout.sheet.rows) else ()
    said = {index: below[index] for index in layout.months if index < len(below)}
    parts = {index: across.parts.get(plain(cell).casefold(), "") for index, cell in said.items() if cell is not None}
    if parts.keys() == layout.months.keys() and all(parts.values()):
        layout.months = {index: (month, parts[index]) for index, (month, _) in layout.months.items()}
        layout.header_row, layout.is_double = layout.header_row + 1, True


def _month_header(cell: Cell, across: MonthColumns) -> tuple[str, str] | None:
    """The month and the field that a header such as 2026-11 or 2026年11月 保底 holds."""
    if (month := find_month(cell)) is not None:
        return month.isoformat(), across.parts[""]
    words = plain(cell).casefold()
    said = [part for part in across.parts if part and part in words]
    for part in said:
        words = words.replace(part, "")
    month = find_month(words.strip(" ()-_/")) if said else None
    return None if month is None else (month.isoformat(), across.parts[said[0]])


def check_layout(layout: Layout, columns: Sequence[Column], instead: Mapping[str, Collection[str]]) -> None:
    """Refuse a sheet that lacks a required column.

    instead  field -> other fields any of which will do, too
    raises   BadInput naming the missing columns in both languages
    """
    with_months = {name for _, name in layout.months.values()} | ({"month"} if layout.months else set())
    there = layout.columns.keys() | with_months
    missing = [
        f"{column.english} / {column.chinese}"
        for column in columns
        if column.required and column.field not in there and not there & set(instead.get(column.field, ()))
    ]
    if missing:
        raise BadInput(
            N_("Sheet “%(sheet)s” lacks the column %(columns)s."),
            field="file",
            sheet=layout.sheet.name or "1",
            columns=", ".join(missing),
        )


def read_rows(
    layout: Layout, columns: Sequence[Column], instead: Mapping[str, Collection[str]], totals: list[int]
) -> Iterator[Row]:
    """Read the rows under a header: values by field, and what cannot be read as problems of the row.

    totals  the numbers of rows that only add others up are put here; they are left out
    """
    by_field = {column.field: column for column in columns}
    places, header_row = layout.places, layout.sheet.rows[layout.header_row - 1]
    fixed = [
        (replace(by_field[name], read=_remembering(by_field[name].read)), index, letter(index), layout.header(index))
        for name, index in layout.columns.items()
    ]
    for number, cells in enumerate(layout.sheet.rows[layout.header_row :], layout.header_row + 1):
        if all(map(is_empty, cells)) or cells == header_row:
            continue  # nothing, or the header once more, as in files put together from printed pages
        if _is_total(cells):
            totals.append(number)
            continue
        row = Row(layout.sheet.name, number, {}, places)
        for column, index, at, header in fixed:
            _read_cell(row, column, cells[index] if index < len(cells) else None, at, header)
        if layout.months:
            yield from _across(layout, row, by_field, cells, instead)
        else:
            _check_required(row, columns, instead)
            yield row


def _read_cell(row: Row, column: Column, cell: Cell, at: str, header: str) -> None:
    if is_empty(cell):
        return
    try:
        row.values[column.field] = column.read(cell)
    except BadInput as error:
        row.refuse_cell(at, header, error)


def _remembering(read: Reader) -> Reader:
    """The same reader, faster for cells that say what others have said before, as most of a long file do."""
    said: dict[tuple[type, Cell], Any] = {}

    def recall(cell: Cell) -> Any:
        place = type(cell), cell
        if place not in said:
            if len(said) >= REMEMBERED:
                said.clear()
            said[place] = read(cell)
        return said[place]

    return recall


def _check_required(row: Row, columns: Sequence[Column], instead: Mapping[str, Collection[str]]) -> None:
    complained = {problem.letter for problem in row.problems}
    for column in columns:
        if not column.required or column.field in row.values:
            continue
        if row.values.keys() & set(instead.get(column.field, ())):
            continue
        at, header = row.places.get(column.field, ("", f"{column.english} / {column.chinese}"))
        if at not in complained or not at:
            row.refuse_cell(at, header, BadInput(N_("The cell is empty.")))


def _across(
    layout: Layout,
    base: Row,
    by_field: Mapping[str, Column],
    cells: Sequence[Cell],
    instead: Mapping[str, Collection[str]],
) -> Iterator[Row]:
    """One row for each month of a row that holds several; months left empty are none."""
    months: dict[str, list[tuple[int, str]]] = {}
    for index, (month, name) in layout.months.items():
        if index < len(cells) and not is_empty(cells[index]):
            months.setdefault(month, []).append((index, name))
    for month, found in months.items():
        at = letter(found[0][0])
        places = {**base.places, **{name: (letter(index), layout.header(index)) for index, name in found}}
        row = Row(base.sheet, base.row, {**base.values, "month": month}, places, at, base.verdict)
        row.problems = list(base.problems)
        for index, name in found:
            _read_cell(row, by_field[name], cells[index], letter(index), layout.header(index))
        _check_required(row, list(by_field.values()), instead)
        yield row


def _is_total(cells: Sequence[Cell]) -> bool:
    """Whether a row begins with a word such as 合计."""
    first = next((cell for cell in cells if not is_empty(cell)), None)
    return isinstance(first, str) and header_key(first) in TOTALS
