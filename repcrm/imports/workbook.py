"""A file as the back office hands it in -> sheets of cells, read in a child process that may fail alone."""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, overload

from repcrm.core.errors import BadInput
from repcrm.core.words import N_
from repcrm.imports.child import read_in_child, unpacked
from repcrm.imports.reading.limits import MEGABYTE, Limits, Refused
from repcrm.imports.reading.out import PIECE, SHEET
from repcrm.imports.refusals import REFUSALS, told

__all__ = ["REFUSALS", "Cell", "Limits", "MonthCell", "NoValue", "Sheet", "open_file"]


@dataclass(frozen=True)
class NoValue:
    """A cell that shows no value anybody could use.

    what  "#REF!", "#VALUE!", "#DIV/0!", "#N/A", "#NAME?", "#NUM!", "#NULL!"; or "formula": one nobody has computed
    """

    what: str

    def __str__(self) -> str:
        return self.what


@dataclass(frozen=True)
class MonthCell:
    """A date whose number format shows no day, as yyyy-mm or m"月" do: the person meant a month.

    on  its first day
    """

    on: date

    def __str__(self) -> str:
        return f"{self.on:%Y-%m}"


Cell = str | int | float | bool | date | NoValue | MonthCell | None


@dataclass(frozen=True)
class Sheet:
    """A sheet of a file, as it stands there; csv has one without a name.

    rows            from the first one on, of different lengths: cells after the last filled one are left out, and so
                    are empty rows at the end; row 1 is rows[0]
    hidden_rows     numbers of the rows, from 1, that are hidden by hand or by a filter
    hidden_columns  indexes from 0
    merged          blocks as top, left, bottom, right, both ends inclusive; rows from 1, columns from 0
    form            "xlsx", "xls", "xlsb", "ods", "csv", "html" or "xml2003"
    notes           what was decided while reading: of text its encoding ("big5", "cp1252 guessed") and separator
                    ("tabs"); "1904 dates"; "hidden and errors not seen" of a form that does not tell
    """

    name: str
    is_hidden: bool
    rows: Sequence[Sequence[Cell]]
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    form: str = ""
    notes: tuple[str, ...] = ()


class PackedRows(Sequence[Sequence[Cell]]):
    """The rows of a long sheet in the packed pieces in which they came; a piece is unpacked when it is looked at.

    A million lines take 20 MB so, and 600 MB as lists. Go through them in order: only the last few pieces are kept.
    """

    KEPT = 4

    def __init__(self, pieces: list[bytes], count: int) -> None:
        self._pieces = pieces
        self._count = count
        self._unpacked: OrderedDict[int, list[list[Cell]]] = OrderedDict()

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, at: int) -> Sequence[Cell]: ...

    @overload
    def __getitem__(self, at: slice) -> list[Sequence[Cell]]: ...

    def __getitem__(self, at: int | slice) -> Sequence[Cell] | list[Sequence[Cell]]:
        if isinstance(at, slice):
            return [self[number] for number in range(*at.indices(self._count))]
        if not -self._count <= at < self._count:
            raise IndexError(at)
        piece, place = divmod(at % self._count, PIECE)
        return self._piece(piece)[place]

    def __iter__(self) -> Iterator[Sequence[Cell]]:
        for number in range(len(self._pieces)):
            yield from self._piece(number)

    def _piece(self, number: int) -> list[list[Cell]]:
        rows = self._unpacked.get(number)
        if rows is None:
            rows = self._unpacked[number] = _rows_of(self._pieces[number])
            if len(self._unpacked) > self.KEPT:
                self._unpacked.popitem(last=False)
        return rows


def open_file(data: bytes, limits: Limits | None = None, *, step: Callable[[int], None] | None = None) -> list[Sheet]:
    """Return the sheets of a file.

    data    the bytes as uploaded; the name of the file is not believed
    step    called several times a second with the number of rows read so far; what it raises stops the reading
    raises  BadInput in a sentence for a file that is too large, damaged, protected or not a table, or that the child
            process could not read within its memory and time
    """
    limits = limits or Limits()
    if len(data) > limits.file_bytes:
        raise BadInput(
            N_("The file has more than %(megabytes)s MB."), field="file", megabytes=limits.file_bytes // MEGABYTE
        )
    sheets: list[Sheet] = []
    pieces: list[bytes] = []
    count = 0
    try:
        for kind, rows, content in read_in_child(data, limits, step):
            if kind == SHEET:
                sheets.append(_sheet(unpacked(content), pieces, count))
                pieces, count = [], 0
            else:
                pieces.append(content)
                count += rows
    except Refused as refusal:
        raise told(refusal) from None
    return sheets


def _sheet(about: dict[str, Any], pieces: list[bytes], count: int) -> Sheet:
    return Sheet(
        about["name"],
        about["is_hidden"],
        PackedRows(pieces, count) if len(pieces) > 1 else [row for piece in pieces for row in _rows_of(piece)],
        frozenset(about["hidden_rows"]),
        frozenset(about["hidden_columns"]),
        tuple((top, left, bottom, right) for top, left, bottom, right in about["merged"]),
        about["form"],
        tuple(about["notes"]),
    )


def _rows_of(piece: bytes) -> list[list[Cell]]:
    rows: list[list[Cell]] = unpacked(piece, _cell)
    return rows


def _cell(raw: dict[str, str]) -> Cell:
    ((kind, words),) = raw.items()
    return _special(kind, words)


@lru_cache(maxsize=4096)
def _special(kind: str, words: str) -> Cell:
    """Days, months and cells without a value; a file has few different ones, and many of each."""
    match kind:
        case "on":
            return date.fromisoformat(words)
        case "month":
            return MonthCell(date.fromisoformat(words))
        case _:
            return NoValue(words)
