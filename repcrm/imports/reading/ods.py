"""OpenDocument spreadsheets (.ods) of LibreOffice and WPS."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from repcrm.imports.reading.archive import Archive
from repcrm.imports.reading.cells import ERRORS, FORMULA, Cell, as_month, of_iso, of_number, of_text
from repcrm.imports.reading.formats import Format, read_format
from repcrm.imports.reading.limits import Limits, Refused
from repcrm.imports.reading.markup import CLOSE, OPEN, WHOLE, attribute, find, local, walk
from repcrm.imports.reading.out import About, Out

_ROWS = {"table-row-group", "table-header-rows", "table-rows"}
_COLUMNS = {"table-column-group", "table-header-columns", "table-columns"}
_CONTAINERS = {"document-content", "document", "body", "spreadsheet", "table", *_ROWS, *_COLUMNS}
_LETTERS = {"year": "y", "month": "m", "day": "d", "day-of-week": "d", "hours": "h", "minutes": ":m", "seconds": ":s"}


def read(archive: Archive, out: Out, limits: Limits) -> None:
    """Send the sheets.

    raises  Refused
    """
    try:
        with archive.open("content.xml") as file:
            sheet, styles, seen = _Sheet(limits, _Styles()), _Styles(), False
            for event, element in walk(file, limits, _CONTAINERS):
                match event, local(element.tag):
                    case (_, "automatic-styles") if event == WHOLE:
                        styles = _Styles(element)
                    case (_, "table") if event == OPEN:
                        sheet, seen = _Sheet(limits, styles), True
                        sheet.begin(element)
                    case (_, "table-column") if event == WHOLE:
                        sheet.add_column(element)
                    case (_, "table-row") if event == WHOLE:
                        sheet.add_row(element, out)
                    case (_, "table") if event == CLOSE:
                        out.end_sheet(sheet.about)
    except Refused as refusal:
        if refusal.word == "damaged":
            raise Refused("damaged ods") from refusal
        raise
    if not seen:
        raise Refused("damaged ods")


class _Styles:
    """How cells are shown, and which tables are not."""

    def __init__(self, element: Element | None = None) -> None:
        self.formats: dict[str, Format | None] = {}
        self.hidden_tables: set[str] = set()
        styles = [] if element is None else list(element)
        codes = {attribute(one, "name") or "": _code(one) for one in styles}
        for style in styles:
            name, shown = attribute(style, "name") or "", attribute(style, "data-style-name")
            if shown in codes:
                self.formats[name] = read_format(codes[shown])
            table = find(style, "table-properties")
            if table is not None and attribute(table, "display") == "false":
                self.hidden_tables.add(name)


def _code(style: Element) -> str:
    """A number or date style as Excel would write it."""
    kind = local(style.tag)
    if kind == "date-style":
        return " ".join(_LETTERS.get(local(part.tag), "") for part in style)
    if kind != "number-style":
        return ""
    code = ""
    for part in style:
        if local(part.tag) == "text" and part.text:
            code += f'"{part.text}"'
        elif local(part.tag) == "number":
            decimals = int(attribute(part, "decimal-places") or 0)
            code += (
                "0" * max(int(attribute(part, "min-integer-digits") or 1), 1) + "." * bool(decimals) + "0" * decimals
            )
    return code


class _Sheet:
    def __init__(self, limits: Limits, styles: _Styles) -> None:
        self._limits, self._styles = limits, styles
        self._row = self._column = 0
        self._hidden_rows: set[int] = set()
        self._hidden_columns: set[int] = set()
        self.about = About(form="ods", hidden_rows=self._hidden_rows, hidden_columns=self._hidden_columns)

    def begin(self, table: Element) -> None:
        """Take the name of the sheet."""
        self.about.name = attribute(table, "name") or ""
        self.about.is_hidden = attribute(table, "style-name") in self._styles.hidden_tables

    def add_column(self, element: Element) -> None:
        """Note whether the next columns are hidden."""
        last = self._column + _repeated(element, "number-columns-repeated")
        if attribute(element, "visibility") in ("collapse", "filter"):
            self._hidden_columns.update(range(self._column, min(last, self._limits.columns)))
        self._column = last

    def add_row(self, element: Element, out: Out) -> None:
        """Send a row as often as it is repeated."""
        times = _repeated(element, "number-rows-repeated")
        first, self._row = self._row + 1, self._row + times
        if attribute(element, "visibility") in ("collapse", "filter"):
            self._hidden_rows.update(range(first, min(self._row, self._limits.rows) + 1))
        cells = list(self._cells(element, first))
        if cells:
            for number in range(first, self._row + 1):
                out.add(list(cells), number)

    def _cells(self, row: Element, number: int) -> Iterator[Cell]:
        index = waiting = 0
        for element in row:
            kind = local(element.tag)
            if kind not in ("table-cell", "covered-table-cell"):
                continue
            times = _repeated(element, "number-columns-repeated")
            value = self._value(element) if kind == "table-cell" else None
            self._merge(element, number, index)
            index += times
            if value is None:
                waiting += times
                continue
            if index > self._limits.columns:
                raise Refused("too many columns", row=number, most=self._limits.columns)
            yield from [None] * waiting + [value] * times
            waiting = 0

    def _merge(self, element: Element, number: int, index: int) -> None:
        across = int(attribute(element, "number-columns-spanned") or 1)
        down = int(attribute(element, "number-rows-spanned") or 1)
        if across > 1 or down > 1:
            self.about.merged.append((number, index, number + down - 1, index + across - 1))

    def _value(self, element: Element) -> Cell:
        about = {local(key): value for key, value in element.items() if local(key) != "value-type"}
        kinds = [value for key, value in element.items() if local(key) == "value-type"]
        words = "\n".join(_text(part) for part in element if local(part.tag) == "p")
        if "error" in kinds or (words in ERRORS and "formula" in about):
            return {"no": words if words in ERRORS else "#VALUE!"}
        if "formula" in about and not kinds:
            return FORMULA
        shown = self._styles.formats.get(about.get("style-name", ""))
        match kinds[0] if kinds else "":
            case "date":
                day = of_iso(about.get("date-value", ""))
                return as_month(day) if shown is not None and shown.kind == "month" else day
            case "boolean":
                return about.get("boolean-value") == "true"
            case "float" | "percentage" | "currency":
                value = of_number(about.get("value", ""))
                is_plain = shown is None or not isinstance(value, int | float)
                return value if is_plain or shown is None else shown.cell(value)
            case _:
                return of_text(words or about.get("string-value", ""))


def _text(paragraph: Element) -> str:
    """The words of a paragraph; spaces, tabs and line breaks are elements."""
    words = [paragraph.text or ""]
    for part in paragraph:
        match local(part.tag):
            case "s":
                words.append(" " * min(int(attribute(part, "c") or 1), 100))
            case "tab":
                words.append("\t")
            case "line-break":
                words.append("\n")
            case "annotation":
                pass
            case _:
                words.append(_text(part))
        words.append(part.tail or "")
    return "".join(words)


def _repeated(element: Element, name: str) -> int:
    return max(int(attribute(element, name) or 1), 1)
