"""A web page saved under the name of a workbook: its tables."""

import io
import re
from html.parser import HTMLParser
from typing import IO

from repcrm.imports.reading.cells import Cell, of_number, of_text
from repcrm.imports.reading.encodings import MARKS, find_encoding, first_fault
from repcrm.imports.reading.limits import Limits, Refused
from repcrm.imports.reading.out import About, Out

CHUNK = 1 << 16
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_\-]+)", re.IGNORECASE)
_CHINESE = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "x-sjis": "cp932"}
_NUMBER = re.compile(r"[-+]?[\d,]*\.?\d+")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-ignore\s*:\s*display", re.IGNORECASE)
SILENT = {"script", "style", "head", "title"}


class _Table:
    """A table while it is read."""

    def __init__(self) -> None:
        self.rows: list[list[Cell]] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.merged: list[tuple[int, int, int, int]] = []
        self.column = 0
        """Of the next <col>."""
        self.at = 0
        """Column of the cell that is open."""
        self.words: list[str] | None = None
        """Of the cell that is open."""
        self.exact: str | None = None
        self.covered: dict[int, int] = {}
        """Column -> last row that a cell above reaches down to."""


class _Page(HTMLParser):
    def __init__(self, limits: Limits) -> None:
        super().__init__(convert_charrefs=True)
        self.limits = limits
        self.tables: list[_Table] = []
        self._open: list[_Table] = []
        self._silent: list[str] = []
        self.has_password = False
        self.cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = dict(attrs)
        if tag in SILENT:
            self._silent.append(tag)
        self.has_password = self.has_password or (tag == "input" and about.get("type") == "password")
        if tag == "table":
            self._open.append(_Table())
            self.tables.append(self._open[-1])
            if len(self.tables) > 10 * self.limits.sheets:
                raise Refused("too many sheets", most=self.limits.sheets)
        elif self._open:
            self._in_table(self._open[-1], tag, about)

    def _in_table(self, table: _Table, tag: str, about: dict[str, str | None]) -> None:
        match tag:
            case "tr":
                _close_cell(table)
                table.rows.append([])
                if len(table.rows) > self.limits.rows:
                    raise Refused("too many rows", most=self.limits.rows)
                if _is_hidden(about):
                    table.hidden_rows.add(len(table.rows))
            case "td" | "th":
                _close_cell(table)
                self.cells += 1
                if self.cells > self.limits.cells:
                    raise Refused("too many cells", most=self.limits.cells)
                self._begin_cell(table, about)
            case "col":
                span = _count(about.get("span"), self.limits.columns)
                if _is_hidden(about) or about.get("width") == "0":
                    table.hidden_columns.update(range(table.column, table.column + span))
                table.column += span
            case "br" if table.words is not None:
                table.words.append("\n")
            case "p" | "div" if table.words:
                table.words.append("\n")

    def _begin_cell(self, table: _Table, about: dict[str, str | None]) -> None:
        if not table.rows:
            table.rows.append([])
        cells, number = table.rows[-1], len(table.rows)
        while table.covered.get(len(cells), 0) >= number:
            cells.append(None)
        left = len(cells)
        if left >= self.limits.columns:
            raise Refused("too many columns", row=number, most=self.limits.columns)
        across = _count(about.get("colspan"), self.limits.columns)
        down = _count(about.get("rowspan"), self.limits.rows)
        cells += [None] * across
        if across > 1 or down > 1:
            table.merged.append((number, left, number + down - 1, left + across - 1))
            table.covered.update(dict.fromkeys(range(left, left + across), number + down - 1))
        table.words, table.exact = [], about.get("x:num")
        table.at = left

    def handle_endtag(self, tag: str) -> None:
        if self._silent and tag == self._silent[-1]:
            self._silent.pop()
        if not self._open:
            return
        if tag in ("td", "th", "tr", "table"):
            _close_cell(self._open[-1])
        if tag == "table":
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1].words is not None and not self._silent:
            self._open[-1].words.append(data.replace("\r", " ").replace("\n", " "))


def read(file: IO[bytes], out: Out, limits: Limits) -> None:
    """Send the tables of a web page, each as a sheet; those with a single cell are frames of the page and left out.

    raises  Refused if there is no table
    """
    page = _Page(limits)
    encoding, said = _encoding(file)
    text = io.TextIOWrapper(file, encoding, errors="strict", newline=None)
    try:
        while chunk := text.read(CHUNK):
            page.feed(chunk.replace("\x00", ""))
            if len(page.rawdata) > limits.part_bytes:
                raise Refused("part too large", megabytes=limits.part_bytes >> 20)
        page.close()
    except UnicodeDecodeError as error:
        raise Refused("damaged web page") from error
    tables = [table for table in page.tables if sum(cell is not None for row in table.rows for cell in row) > 1]
    if not tables or page.has_password:
        raise Refused("a sign-in page" if page.has_password else "a web page")
    for number, table in enumerate(tables, 1):
        for row in table.rows:
            out.add(row)
        name = "" if len(tables) == 1 else str(number)
        out.end_sheet(About(name, "html", False, table.hidden_rows, table.hidden_columns, table.merged, [said]))


def _encoding(file: IO[bytes]) -> tuple[str, str]:
    """The encoding that the page names; if it names none or a wrong one, the one it is in."""
    file.seek(0)
    start = file.read(4096)
    named = _CHARSET.search(start)
    if named is None or any(start.startswith(mark) for mark, _ in MARKS):
        return find_encoding(file)
    name = named[1].decode().casefold()
    name = _CHINESE.get(name, name)
    try:
        if first_fault(file, name) is None:
            return name, name
    except LookupError:
        pass
    return find_encoding(file)


def _close_cell(table: _Table) -> None:
    """Take the words of the open cell into its row."""
    if table.words is None:
        return
    lines = (" ".join(line.split()) for line in "".join(table.words).split("\n"))
    words = "\n".join(line for line in lines if line)
    value = of_number(table.exact) if table.exact and _NUMBER.fullmatch(words) else of_text(words)
    table.rows[-1][table.at] = value
    table.words = None


def _is_hidden(about: dict[str, str | None]) -> bool:
    return "hidden" in about or _HIDDEN.search(about.get("style") or "") is not None


def _count(words: str | None, most: int) -> int:
    return min(max(int(words), 1), most) if words and words.isdecimal() else 1
