"""Old workbooks (.xls): calamine reads their cells; errors, hidden rows and formats are read beside it.

The records are those of [MS-XLS]: a number, a length, and the content.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from typing import IO

from repcrm.imports.reading import calamine
from repcrm.imports.reading.calamine import Beside
from repcrm.imports.reading.formats import BUILT_IN, Format, read_format
from repcrm.imports.reading.limits import Limits, Refused
from repcrm.imports.reading.ole import Compound
from repcrm.imports.reading.out import Out

_BIFF8 = 0x600


class Record(IntEnum):
    """The numbers of the records that matter here."""

    FORMULA = 0x06
    EOF = 0x0A
    FILEPASS = 0x2F
    COLINFO = 0x7D
    BOUNDSHEET = 0x85
    MULRK = 0xBD
    XF = 0xE0
    NUMBER = 0x203
    BOOLERR = 0x205
    ROW = 0x208
    RK = 0x27E
    FORMAT = 0x41E
    BOF = 0x809


_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


@dataclass
class _Globals:
    """What all sheets share: the format of each style, and where each sheet begins."""

    formats: list[Format | None] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)


def read(file: IO[bytes], out: Out, limits: Limits) -> None:
    """Send the sheets of a workbook.

    raises  Refused, for a file of another program in the same container, too
    """
    compound = Compound(file, limits)
    names = compound.names
    if "encryptedpackage" in names:
        raise Refused("a password")
    if not names & {"workbook", "book"}:
        raise Refused(
            "a document" if "worddocument" in names
            else "a presentation" if "powerpoint document" in names
            else "not a table"
        )  # fmt: skip
    stream = compound.stream("workbook" if "workbook" in names else "book")
    try:
        about = _globals(stream)
        beside = {name: _beside(stream, place, about.formats) for name, place in about.places.items()}
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise Refused("damaged xls") from error
    calamine.read(file, out, limits, "xls", beside)


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records of a part of the stream, up to its end; parts within it, such as charts, are passed over."""
    depth = 0
    while at + 4 <= len(stream):
        number, length = struct.unpack_from("<HH", stream, at)
        content = stream[at + 4 : at + 4 + length]
        at += 4 + length
        depth += (number == Record.BOF) - (number == Record.EOF)
        if depth == 0:
            return
        if depth == 1:
            yield number, content


def _globals(stream: bytes) -> _Globals:
    about, codes, is_new = _Globals(), dict(BUILT_IN), False
    for number, content in _records(stream, 0):
        match number:
            case Record.BOF:
                is_new = struct.unpack_from("<H", content)[0] >= _BIFF8
            case Record.FILEPASS:
                raise Refused("a password")
            case Record.BOUNDSHEET:
                name = _string(content[7:], content[6]) if is_new else ""
                about.places[name] = struct.unpack_from("<I", content)[0]
            case Record.FORMAT if is_new:
                key, length = struct.unpack_from("<HH", content)
                codes[key] = _string(content[4:], length)
            case Record.XF:
                key = struct.unpack_from("<H", content, 2)[0]
                about.formats.append(read_format(codes.get(key, "")))
    return about


def _string(content: bytes, length: int) -> str:
    """A string: one byte that says how wide its characters are, then the characters."""
    if content[0] & 1:
        return content[1 : 1 + 2 * length].decode("utf-16-le")
    return content[1 : 1 + length].decode("latin-1")


def _beside(stream: bytes, place: int, formats: list[Format | None]) -> Beside:
    """What calamine does not tell of a sheet."""
    beside = Beside()
    for number, content in _records(stream, place):
        match number:
            case Record.ROW:
                row, height = struct.unpack_from("<H4xH", content)
                if struct.unpack_from("<H", content, 12)[0] & 0x20 or height == 0:
                    beside.hidden_rows.add(row + 1)
            case Record.COLINFO:
                first, last, width, _, flags = struct.unpack_from("<5H", content)
                if flags & 1 or width == 0:
                    beside.hidden_columns.update(range(first, last + 1))
            case Record.NUMBER | Record.RK | Record.FORMULA:
                row, column, style = struct.unpack_from("<3H", content)
                if number == Record.FORMULA and content[12:14] == b"\xff\xff":
                    if content[6] == 2:
                        beside.errors[row, column] = _ERRORS.get(content[8], "#VALUE!")
                elif style < len(formats) and (shown := formats[style]) is not None:
                    beside.formats[row, column] = shown
            case Record.MULRK:
                row, column = struct.unpack_from("<HH", content)
                for offset, at in enumerate(range(4, len(content) - 2, 6)):
                    style = struct.unpack_from("<H", content, at)[0]
                    if style < len(formats) and (shown := formats[style]) is not None:
                        beside.formats[row, column + offset] = shown
            case Record.BOOLERR:
                row, column, _, code, is_error = struct.unpack_from("<3HBB", content)
                if is_error:
                    beside.errors[row, column] = _ERRORS.get(code, "#VALUE!")
    return beside
