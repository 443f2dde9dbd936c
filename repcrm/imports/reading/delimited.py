"""Text with commas, tabs or semicolons (.csv, .txt), and the quotes in it that go wrong."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from typing import IO

from repcrm.imports.reading.cells import of_text
from repcrm.imports.reading.encodings import find_encoding
from repcrm.imports.reading.limits import Limits, Refused, letter
from repcrm.imports.reading.out import About, Out

MARKS = (",", "\t", ";", "，", "|")
NAMES = {",": "commas", "\t": "tabs", ";": "semicolons", "，": "Chinese commas", "|": "bars"}
LOOKED_AT = 50
LONGEST_LINE = 1 << 22
"""Characters; a line of a table has thousands at most."""


class _Lines:
    """The lines of a text, with those of the record that is being read."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self.kept: list[str] = []

    def __iter__(self) -> Iterator[str]:
        for line in iter(lambda: self._file.readline(LONGEST_LINE), ""):
            if len(line) == LONGEST_LINE:
                raise Refused("line too long", most=LONGEST_LINE)
            if "\x00" in line:
                raise Refused("not a table")
            self.kept.append(line)
            yield line


def read(file: IO[bytes], out: Out, limits: Limits) -> None:
    """Send the rows of a text.

    raises  Refused
    """
    encoding, said = find_encoding(file)
    mark, is_named = _delimiter(_first_lines(file, encoding))
    csv.field_size_limit(limits.cell_characters)
    file.seek(0)
    lines = _Lines(io.TextIOWrapper(file, encoding, newline=""))
    if is_named:
        next(iter(lines))
        lines.kept.clear()
    for record in _records(lines, mark, limits):
        out.add([of_text(cell) if cell else None for cell in record])
    out.end_sheet(About(form="csv", notes=[said, NAMES.get(mark, f"delimiter {mark}")]))


def _first_lines(file: IO[bytes], encoding: str) -> list[str]:
    file.seek(0)
    text = io.TextIOWrapper(file, encoding, newline="")
    lines = [line for line in (text.readline(LONGEST_LINE) for _ in range(LOOKED_AT)) if line.strip()]
    text.detach()
    return lines


def _delimiter(lines: list[str]) -> tuple[str, bool]:
    """The separator that cuts most lines into the same number of pieces, and whether Excel's own `sep=;` names it."""
    first = lines[0].strip("\r\n\ufeff") if lines else ""
    if first.casefold().startswith("sep=") and len(first) == 5:
        return first[4], True
    return max(MARKS, key=lambda mark: _evenness(lines, mark)), False


def _evenness(lines: list[str], mark: str) -> tuple[int, int]:
    """How many lines have the most frequent number of a separator, and that number; quoted ones aside."""
    try:
        counts = Counter(len(row) - 1 for row in csv.reader(lines, delimiter=mark) if len(row) > 1)
    except csv.Error:
        counts = Counter(line.count(mark) for line in lines if mark in line)
    return max(((times, count) for count, times in counts.items()), default=(0, 0))


def _records(lines: _Lines, mark: str, limits: Limits) -> Iterator[list[str]]:
    """The records of a text; a quote that is not closed where it should be is refused with its row and column."""
    reader = csv.reader(lines, delimiter=mark, strict=True)
    number, widest = 0, 0
    while True:
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise _fault("".join(lines.kept), mark, number + 1, limits) from None
        number += 1
        widest = max(widest, len(record) - 1)
        if len(lines.kept) > 1:
            _refuse_swallowed(record, mark, number, widest)
        lines.kept.clear()
        yield record


def _refuse_swallowed(record: list[str], mark: str, number: int, widest: int) -> None:
    """Refuse a cell of several lines with as many separators in it as a whole row has: a stray quote swallowed rows."""
    for index, cell in enumerate(record):
        if ("\n" in cell or "\r" in cell) and cell.count(mark) >= max(widest, 1):
            raise Refused("stray quote", row=number, column=letter(index))


def _fault(text: str, mark: str, number: int, limits: Limits) -> Refused:
    """Say what is wrong with a record that Python's reader gave up: a quote, or else a cell of endless text."""
    index = _faulty_quote(text, mark)
    if index is not None:
        return Refused("open quote", row=number, column=letter(index))
    longest = max(range(text.count(mark) + 1), key=lambda at: len(text.split(mark)[at]), default=0)
    return Refused("cell too long", row=number, column=letter(longest), most=limits.cell_characters)


def _faulty_quote(text: str, mark: str) -> int | None:
    """The column of the first quote that never closes, or closes before its cell ends."""
    index = at = 0
    while at < len(text):
        if text[at] == '"':
            at += 1
            while (at := text.find('"', at)) >= 0 and text[at + 1 : at + 2] == '"':
                at += 2
            if at < 0 or text[at + 1 : at + 2] not in ("", mark, "\r", "\n"):
                return index
        at = text.find(mark, at)
        if at < 0:
            return None
        at, index = at + 1, index + 1
    return None
