"""Workbooks of Excel (.xlsx, .xlsm) of every dialect: prefixes, strict names, odd paths, wrong dimensions."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO
from xml.etree.ElementTree import Element

from repcrm.imports.reading.archive import Archive
from repcrm.imports.reading.cells import FORMULA, Cell, of_iso, of_number, of_text, unescaped
from repcrm.imports.reading.formats import BUILT_IN, Format, read_format
from repcrm.imports.reading.limits import Limits, Refused
from repcrm.imports.reading.markup import LOCAL, WHOLE, local, walk
from repcrm.imports.reading.out import About, Out

_DIGITS = "0123456789$"
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})(?::\$?([A-Za-z]{1,3})\$?(\d{1,7}))?")
REMEMBERED = 50_000
"""Different numbers of a sheet that are remembered."""


@dataclass
class Part:
    """What a relation points at: kind is the last word of its type."""

    kind: str
    path: str


@dataclass
class Book:
    """What the cells of all sheets share.

    is_uncomputed  the program that wrote it left the formulas for Excel to compute: a stored 0 says nothing
    """

    strings: list[Cell] = field(default_factory=list)
    formats: list[Format | None] = field(default_factory=list)
    is_1904: bool = False
    is_uncomputed: bool = False


def read(archive: Archive, out: Out, limits: Limits) -> None:
    """Send the sheets of a workbook.

    raises  Refused
    """
    path = main_part(archive)
    parts = _relations(archive, path)
    book, sheets = _workbook(archive, path, limits)
    for part in parts.values():
        if part.kind == "sharedStrings" and part.path in archive:
            book.strings = list(_strings(archive, part.path, limits))
        elif part.kind == "styles" and part.path in archive:
            book.formats = list(_formats(archive, part.path, limits))
    for number, sheet in enumerate(sheets, 1):
        place = parts.get(_relation(sheet) or "", Part("worksheet", f"xl/worksheets/sheet{number}.xml"))
        if place.kind != "worksheet":
            continue
        about = About(sheet.get("name") or "", "xlsx", is_hidden=(sheet.get("state") or "visible") != "visible")
        if book.is_1904:
            about.notes.append("1904 dates")
        with archive.open(place.path) as file:
            _Sheet(book, out, about, limits).read(file)


def main_part(archive: Archive) -> str:
    """The path of the workbook itself."""
    if "_rels/.rels" in archive:
        for part in _relations(archive, "").values():
            if part.kind == "officeDocument" and part.path in archive:
                return part.path
    return "xl/workbook.xml"


def _relation(sheet: Element) -> str | None:
    """The id in the namespace of relations; there is another without a namespace."""
    return next((value for key, value in sheet.items() if key.endswith("}id")), None)


def _relations(archive: Archive, of: str) -> dict[str, Part]:
    folder, name = posixpath.split(of.replace("\\", "/"))
    path = posixpath.join(folder, "_rels", f"{name}.rels")
    found: dict[str, Part] = {}
    if path not in archive:
        return found
    with archive.open(path) as file:
        for event, element in walk(file, Limits(), {"Relationships"}):
            if event == WHOLE:
                target = (element.get("Target") or "").replace("\\", "/")
                whole = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                found[element.get("Id") or ""] = Part((element.get("Type") or "").rpartition("/")[2], whole)
    return found


def _workbook(archive: Archive, path: str, limits: Limits) -> tuple[Book, list[Element]]:
    book, sheets = Book(), []
    with archive.open(path) as file:
        for event, element in walk(file, limits, {"workbook", "sheets"}):
            if event != WHOLE:
                continue
            match local(element.tag):
                case "workbookPr":
                    book.is_1904 = _is_true(element.get("date1904"))
                case "calcPr":
                    book.is_uncomputed = _is_true(element.get("fullCalcOnLoad"))
                case "sheet":
                    sheets.append(element)
                    if len(sheets) > limits.sheets:
                        raise Refused("too many sheets", most=limits.sheets)
    return book, sheets


def _strings(archive: Archive, path: str, limits: Limits) -> Iterator[Cell]:
    with archive.open(path) as file:
        for event, element in walk(file, limits, {"sst"}):
            if event == WHOLE and local(element.tag) == "si":
                yield of_text(_text(element))


def _text(element: Element) -> str:
    """The text of a string item, in one piece or in runs; what is said about its pronunciation is no part of it."""
    words = []
    for child in element:
        match LOCAL[child.tag]:
            case "t":
                words.append(child.text or "")
            case "r":
                words += [part.text or "" for part in child if local(part.tag) == "t"]
    return unescaped("".join(words))


def _formats(archive: Archive, path: str, limits: Limits) -> Iterator[Format | None]:
    codes = dict(BUILT_IN)
    with archive.open(path) as file:
        for event, element in walk(file, limits, {"styleSheet", "numFmts", "cellXfs"}):
            if event == WHOLE and local(element.tag) == "numFmt":
                codes[int(element.get("numFmtId") or 0)] = element.get("formatCode") or ""
            elif event == WHOLE and local(element.tag) == "xf":
                yield read_format(codes.get(int(element.get("numFmtId") or 0), ""))


class _Sheet:
    """Reads one sheet."""

    def __init__(self, book: Book, out: Out, about: About, limits: Limits) -> None:
        self._book, self._out, self._about, self._limits = book, out, about, limits
        self._hidden_rows: set[int] = set()
        self._hidden_columns: set[int] = set()
        self._numbers: dict[tuple[str, str], Cell] = {}

    def read(self, file: IO[bytes]) -> None:
        """Send its rows and what is known about it."""
        number = 0
        for event, element in walk(file, self._limits, {"worksheet", "sheetData"}):
            if event != WHOLE:
                continue
            match local(element.tag):
                case "row":
                    number = int(element.get("r") or number + 1)
                    if _is_true(element.get("hidden")) or _is_zero(element.get("ht")):
                        self._hidden_rows.add(number)
                    self._out.add(self._row(element), number)
                case "cols":
                    self._hide_columns(element)
                case "mergeCells":
                    self._about.merged = list(_merged(element))
        self._about.hidden_rows, self._about.hidden_columns = self._hidden_rows, self._hidden_columns
        self._out.end_sheet(self._about)

    def _hide_columns(self, columns: Element) -> None:
        for one in columns:
            if _is_true(one.get("hidden")) or _is_zero(one.get("width")):
                first, last = int(one.get("min") or 1), int(one.get("max") or 1)
                self._hidden_columns.update(range(first - 1, min(last, self._limits.columns)))

    def _row(self, row: Element) -> list[Cell]:
        cells: list[Cell] = []
        index = -1
        for element in row:
            at = element.get("r")
            index = index + 1 if at is None else COLUMNS[at.rstrip(_DIGITS)]
            value = self._value(element) if len(element) else None
            if value is None:
                continue
            if index == len(cells):
                cells.append(value)
                continue
            if index >= self._limits.columns:
                raise Refused("too many columns", row=self._out.row_number + 1, most=self._limits.columns)
            cells += [None] * (index + 1 - len(cells))
            cells[index] = value
        return cells

    def _value(self, element: Element) -> Cell:
        words, is_formula = None, False
        for child in element:
            match LOCAL[child.tag]:
                case "v":
                    words = child.text or ""
                case "f":
                    is_formula = True
                case "is":
                    return of_text(_text(child))
        kind = element.get("t", "n")
        if is_formula and (words is None or (kind == "n" and self._is_unsaid(words))):
            return FORMULA
        if not words:
            return None
        if kind == "s":
            return self._book.strings[int(words)]
        return self._number(words, element.get("s", "")) if kind == "n" else _typed(kind, words)

    def _is_unsaid(self, words: str) -> bool:
        return not words or (words == "0" and self._book.is_uncomputed)

    def _number(self, words: str, style: str) -> Cell:
        """A number in its style; a sheet has few different ones, and many of each."""
        key = style, words
        if key not in self._numbers:
            if len(self._numbers) > REMEMBERED:
                self._numbers.clear()
            self._numbers[key] = self._shown(of_number(words), style)
        return self._numbers[key]

    def _shown(self, value: Cell, style: str) -> Cell:
        formats, number = self._book.formats, int(style or 0)
        shown = formats[number] if number < len(formats) else None
        if shown is None or not isinstance(value, int | float):
            return value
        return shown.cell(value, is_1904=self._book.is_1904)


def _typed(kind: str, words: str) -> Cell:
    match kind:
        case "str" | "inlineStr":
            return of_text(unescaped(words))
        case "b":
            return words.strip() in ("1", "true")
        case "e":
            return {"no": words}
        case "d":
            return of_iso(words)
    raise Refused("damaged")


class _Columns(dict[str, int]):
    """Letters of a column -> index: A is 0, AA is 26."""

    def __missing__(self, letters: str) -> int:
        index = 0
        for character in letters[:4].upper():
            index = index * 26 + ord(character) - 64
        self[letters] = index - 1
        return index - 1


COLUMNS = _Columns()


def _merged(element: Element) -> Iterator[tuple[int, int, int, int]]:
    for one in element:
        found = _REFERENCE.fullmatch(one.get("ref") or "")
        if found and found[3]:
            yield int(found[2]), COLUMNS[found[1]], int(found[4]), COLUMNS[found[3]]


def _is_true(words: str | None) -> bool:
    return words in ("1", "true", "on")


def _is_zero(words: str | None) -> bool:
    try:
        return words is not None and float(words) == 0
    except ValueError:
        return False
