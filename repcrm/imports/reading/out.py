"""Sends sheets to the parent in compressed pieces, and counts them against the limits on the way.

A piece is a head (kind, rows in it, length) and compressed JSON: rows, the end of a sheet, a refusal, or the end.
"""

import json
import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import IO, Any

from repcrm.imports.reading.cells import Cell
from repcrm.imports.reading.limits import Limits, Refused, letter

HEAD = struct.Struct(">cII")
ROWS, SHEET, REFUSED, END = b"R", b"S", b"X", b"E"
PIECE = 2000
"""Rows that travel together."""


@dataclass
class About:
    """What is known of a sheet besides its rows, as `workbook.Sheet` has it."""

    name: str = ""
    form: str = ""
    is_hidden: bool = False
    hidden_rows: Iterable[int] = ()
    hidden_columns: Iterable[int] = ()
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class Out:
    """The way to the parent."""

    def __init__(self, stream: IO[bytes], limits: Limits) -> None:
        self._stream = stream
        self._limits = limits
        self._sheets = self._cells = 0
        self._begin()
        self.has_rows = False

    def _begin(self) -> None:
        self._piece: list[list[Cell]] = []
        self.row_number = 0
        """Of the row that was added last, from 1; empty ones count."""
        self._sent = 0

    def add(self, cells: list[Cell], number: int | None = None) -> None:
        """Add the next row of the sheet, or the one of a number further down; empty rows between are filled in.

        raises  Refused with the limit that is reached
        """
        self.row_number = self.row_number + 1 if number is None else number
        while cells and cells[-1] is None:
            cells.pop()
        if not cells or (_is_blank(cells[-1]) and all(map(_is_blank, cells))):
            return
        self._check(cells)
        gap = self.row_number - 1 - self._sent - len(self._piece)
        if gap < 0:
            raise Refused("damaged")
        for _ in range(gap):
            self._piece.append([])
            if len(self._piece) >= PIECE:
                self._flush()
        self._piece.append(cells)
        if len(self._piece) >= PIECE:
            self._flush()

    def _check(self, cells: list[Cell]) -> None:
        limits, number = self._limits, self.row_number
        if number > limits.rows:
            raise Refused("too many rows", most=limits.rows)
        if len(cells) > limits.columns:
            raise Refused("too many columns", row=number, most=limits.columns)
        if number - 1 - self._sent - len(self._piece) > limits.empty_rows:
            raise Refused("too many empty rows", row=number, most=limits.empty_rows)
        self._cells += len(cells)
        if self._cells > limits.cells:
            raise Refused("too many cells", most=limits.cells)
        most = limits.cell_characters
        for cell in cells:
            if cell.__class__ is str and len(cell) > most:
                raise Refused("cell too long", row=number, column=letter(cells.index(cell)), most=most)

    def end_sheet(self, about: About) -> None:
        """Close the sheet whose rows have been added."""
        self._flush()
        self._sheets += 1
        if self._sheets > self._limits.sheets:
            raise Refused("too many sheets", most=self._limits.sheets)
        self.has_rows = self.has_rows or self._sent > 0
        rows = sorted(number for number in about.hidden_rows if number <= self._sent)
        columns = sorted(index for index in about.hidden_columns if index < self._limits.columns)
        merged = [block for block in about.merged if block[0] <= self._sent]
        self._send(SHEET, {**vars(about), "hidden_rows": rows, "hidden_columns": columns, "merged": merged})
        self._begin()

    def refuse(self, refusal: Refused) -> None:
        """Tell the parent that the file is refused."""
        self._send(REFUSED, [refusal.word, refusal.params])

    def end(self) -> None:
        """Tell the parent that the file has been read."""
        self._send(END, None)

    def _flush(self) -> None:
        if self._piece:
            self._send(ROWS, self._piece, len(self._piece))
            self._sent += len(self._piece)
            self._piece = []

    def _send(self, kind: bytes, content: Any, rows: int = 0) -> None:
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        packed = zlib.compress(text.encode("utf-8", "replace"), 1)
        self._stream.write(HEAD.pack(kind, rows, len(packed)) + packed)
        self._stream.flush()


def _is_blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and cell.isspace())
