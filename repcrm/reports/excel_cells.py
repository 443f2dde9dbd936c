"""The cells of a workbook: sheets that print, words that stay words, sums that are formulas."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from repcrm.core.words import N_
from repcrm.reports import sentences
from repcrm.reports.body import Body, Row
from repcrm.reports.words import Say

PACKS, MONEY, SHARE = "packs", "money", "share"
HEAD, TEXT, WRAPPED, TITLE = "head", "text", "wrapped", "title"
FORMATS: dict[str, dict[str, Any]] = {
    PACKS: {"num_format": "#,##0"},
    MONEY: {"num_format": "#,##0.00"},
    SHARE: {"num_format": "0.0%"},
    HEAD: {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#E8EDF3"},
    TEXT: {},
    WRAPPED: {"text_wrap": True, "valign": "top"},
    TITLE: {"bold": True, "font_size": 14},
}

MEASURES: list[tuple[str, str, Callable[[Row], int], str]] = [
    ("floor", N_("Target packs"), lambda row: row.floor, PACKS),
    ("stretch", N_("Stretch packs"), lambda row: row.stretch, PACKS),
    ("actual", N_("Actual packs"), lambda row: row.actual, PACKS),
    ("gap", N_("Gap packs"), lambda row: row.gap, PACKS),
    ("floor_fen", N_("Target ¥"), lambda row: row.floor_fen, MONEY),
    ("actual_fen", N_("Actual ¥"), lambda row: row.actual_fen, MONEY),
    ("gap_fen", N_("Gap ¥"), lambda row: row.gap_fen, MONEY),
    ("planned", N_("Calls planned"), lambda row: row.planned, PACKS),
    ("done", N_("Calls done"), lambda row: row.done, PACKS),
    ("effective", N_("Calls effective"), lambda row: row.effective, PACKS),
]
"""Columns that add up: name, heading, value, format. Attainment comes after them, as a quotient of two cells."""

DIFFERENCES = {"gap": ("floor", "actual"), "gap_fen": ("floor_fen", "actual_fen")}
"""Columns that are always one column less another."""

MOST_ARGUMENTS = 200
"""Excel takes 255 arguments; a sum of more cells is a sum of sums."""


class Cells:
    """Writes words, numbers, rows and totals of a report into the sheets of a workbook."""

    def __init__(self, book: Any, body: Body, header: dict[str, Any], say: Say) -> None:
        self.book = book
        self.body = body
        self.header = header
        self.say = say
        self.formats = {name: book.add_format(values) for name, values in FORMATS.items()}
        self.bold = {name: book.add_format({**FORMATS[name], "bold": True}) for name in (PACKS, MONEY, SHARE, TEXT)}

    def _sheet(self, name: str, widths: Sequence[int]) -> Any:
        """A sheet that prints on A4 landscape, its first row repeated and kept in sight."""
        sheet = self.book.add_worksheet(self.say(name)[:31])
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, 20, 13)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.set_footer(f"&L{self.header['hash'][:16]}&R&P/&N")
        return sheet

    def _measure_heads(self, sheet: Any, labels: Sequence[str]) -> None:
        self._heads(sheet, 0, [*labels, *(heading for _, heading, _, _ in MEASURES), N_("Attainment"), N_("Missing")])

    def _measures(
        self, sheet: Any, line: int, column: int, row: Row, over: Sequence[tuple[int, int]] = (), level: int = 0
    ) -> None:
        """A row's figures, as sums over other lines where it is made of them; gap and attainment always by formula."""
        at = {name: column + n for n, (name, *_) in enumerate(MEASURES)}
        for name, _, value_of, form in MEASURES:
            value = value_of(row) / 100 if form == MONEY else value_of(row)
            if name in DIFFERENCES:
                target, actual = (xl_rowcol_to_cell(line, at[part]) for part in DIFFERENCES[name])
                sheet.write_formula(line, at[name], f"={target}-{actual}", self._form(form, level), value)
            elif over:
                self._sum(sheet, line, at[name], over, value, form, bold=bool(level))
            else:
                sheet.write_number(line, at[name], value, self._form(form, level))
        self._share(sheet, line, column + len(MEASURES), row, at, level)

    def _share(self, sheet: Any, line: int, column: int, row: Row, at: dict[str, int], level: int) -> None:
        floor, actual = (xl_rowcol_to_cell(line, at[name]) for name in ("floor", "actual"))
        if row.attainment is not None:
            sheet.write_formula(line, column, f"={actual}/{floor}", self._form(SHARE, level), float(row.attainment))
        self._text(sheet, line, column + 1, self._missing(row))

    def _total(self, sheet: Any, line: int, column: int, over: Sequence[tuple[int, int]], row: Row) -> None:
        self._text(sheet, line, 0, self.say(N_("Total")), TEXT, bold=True)
        self._measures(sheet, line, column, row, over, 3)

    def _sum(
        self,
        sheet: Any,
        line: int,
        column: int,
        over: Sequence[tuple[int, int]],
        value: Any,
        form: str,
        bold: bool = True,
    ) -> None:
        """A SUM over ranges of lines in the same column, with the frozen value for readers that do not calculate."""
        ranges = [
            xl_rowcol_to_cell(first, column) + (f":{xl_rowcol_to_cell(last, column)}" if last > first else "")
            for first, last in over
            if last >= first
        ]
        chunks = [ranges[start : start + MOST_ARGUMENTS] for start in range(0, len(ranges), MOST_ARGUMENTS)]
        sums = [f"SUM({','.join(chunk)})" for chunk in chunks] or ["0"]
        sheet.write_formula(line, column, "=" + "+".join(sums), self.bold[form] if bold else self.formats[form], value)

    def _labels(self, sheet: Any, line: int, row: Row) -> None:
        self._text(sheet, line, 0, self._name("reps", row.rep))
        if row.level != "rep":
            self._text(sheet, line, 1, self._name("hospitals", row.hospital))
        if row.level in ("product", "doctor"):
            self._text(sheet, line, 2, self._name("products", row.product))

    def _name(self, kind: str, place: int | None) -> str:
        return sentences.name_of(self.body, kind, place, self.say)

    def _missing(self, row: Row) -> str:
        return " · ".join(self.say(sentences.MISSING[code]) for code in row.missing)

    def _form(self, name: str, level: int) -> Any:
        return self.bold[name] if level else self.formats[name]

    def _heads(self, sheet: Any, line: int, labels: Iterable[str]) -> None:
        for column, label in enumerate(labels):
            self._text(sheet, line, column, self.say(label), HEAD)

    def _text(self, sheet: Any, line: int, column: int, text: str, form: str = TEXT, bold: bool = False) -> None:
        """Words, which stay words even if they begin with = + - or @."""
        sheet.write_string(line, column, text, self.bold[TEXT] if bold else self.formats[form])

    def _number(self, sheet: Any, line: int, column: int, value: Any, form: str, missing: str = "") -> None:
        if value is None:
            self._text(sheet, line, column, missing)
        else:
            sheet.write_number(line, column, float(value), self.formats[form])
