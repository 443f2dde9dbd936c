"""XML of Excel 2002 and 2003 (SpreadsheetML), mostly saved under the name .xls."""

from typing import IO
from xml.etree.ElementTree import Element

from repcrm.imports.reading.cells import FORMULA, Cell, as_month, of_iso, of_number, of_text
from repcrm.imports.reading.formats import read_format
from repcrm.imports.reading.limits import Limits, Refused
from repcrm.imports.reading.markup import CLOSE, OPEN, WHOLE, attribute, find, local, walk
from repcrm.imports.reading.out import About, Out

_CONTAINERS = {"Workbook", "Worksheet", "Table"}
_NAMED_FORMATS = {"Short Date": "yyyy-mm-dd", "Medium Date": "d-mmm-yy", "Long Date": "yyyy-mm-dd"}


def read(file: IO[bytes], out: Out, limits: Limits) -> None:
    """Send the worksheets.

    raises  Refused
    """
    file.seek(0)
    sheet = _Sheet(limits)
    formats: dict[str, str] = {}
    for event, element in walk(file, limits, _CONTAINERS):
        match event, local(element.tag):
            case (_, "Styles") if event == WHOLE:
                formats = dict(_formats(element))
            case (_, "Worksheet") if event == OPEN:
                sheet = _Sheet(limits)
                sheet.about.name = attribute(element, "Name") or ""
            case (_, "WorksheetOptions") if event == WHOLE:
                visible = find(element, "Visible")
                sheet.about.is_hidden = visible is not None and (visible.text or "") != "SheetVisible"
            case (_, "Column") if event == WHOLE:
                sheet.add_column(element)
            case (_, "Row") if event == WHOLE:
                sheet.add_row(element, formats, out)
            case (_, "Worksheet") if event == CLOSE:
                out.end_sheet(sheet.about)


def _formats(styles: Element) -> list[tuple[str, str]]:
    found = []
    for style in styles:
        number = find(style, "NumberFormat")
        code = attribute(number, "Format") if number is not None else None
        if code:
            found.append((attribute(style, "ID") or "", _NAMED_FORMATS.get(code, code)))
    return found


class _Sheet:
    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._row = self._column = 0
        self._hidden_rows: set[int] = set()
        self._hidden_columns: set[int] = set()
        self.about = About(form="xml2003", hidden_rows=self._hidden_rows, hidden_columns=self._hidden_columns)

    def add_column(self, element: Element) -> None:
        """Note whether the next columns are hidden."""
        first = int(attribute(element, "Index") or self._column + 1)
        span = int(attribute(element, "Span") or 0)
        if _is_hidden(element, "Width"):
            self._hidden_columns.update(range(first - 1, min(first + span, self._limits.columns)))
        self._column = first + span

    def add_row(self, element: Element, formats: dict[str, str], out: Out) -> None:
        """Send a row; Span repeats it, which only empty rows do."""
        self._row = int(attribute(element, "Index") or self._row + 1)
        span = int(attribute(element, "Span") or 0)
        if _is_hidden(element, "Height"):
            self._hidden_rows.update(range(self._row, min(self._row + span, self._limits.rows) + 1))
        cells: list[Cell] = []
        for cell in element:
            if local(cell.tag) == "Cell":
                self._add_cell(cell, cells, formats)
        out.add(cells, self._row)
        self._row += span

    def _add_cell(self, element: Element, cells: list[Cell], formats: dict[str, str]) -> None:
        index = int(attribute(element, "Index") or len(cells) + 1) - 1
        across = int(attribute(element, "MergeAcross") or 0)
        down = int(attribute(element, "MergeDown") or 0)
        if not len(cells) <= index <= index + across < self._limits.columns:
            raise Refused("too many columns", row=self._row, most=self._limits.columns)
        cells += [None] * (index + 1 + across - len(cells))
        cells[index] = _value(element, formats.get(attribute(element, "StyleID") or "", ""))
        if across or down:
            self.about.merged.append((self._row, index, self._row + down, index + across))


def _value(cell: Element, code: str) -> Cell:
    data = find(cell, "Data")
    words = "".join(data.itertext()) if data is not None else ""
    if not words:
        return FORMULA if attribute(cell, "Formula") else None
    kind = attribute(data, "Type") if data is not None else None
    shown = read_format(code)
    match kind:
        case "Error":
            return {"no": words}
        case "Boolean":
            return words.strip() == "1"
        case "DateTime":
            day = of_iso(words)
            return as_month(day) if shown is not None and shown.kind == "month" else day
        case "Number":
            value = of_number(words)
            return shown.cell(value) if shown is not None and isinstance(value, int | float) else value
        case _:
            return of_text(words)


def _is_hidden(element: Element, size: str) -> bool:
    return attribute(element, "Hidden") == "1" or attribute(element, size) in ("0", "0.0")
