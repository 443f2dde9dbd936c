"""Files made for the tests of reading: workbooks of openpyxl, changed in their XML, and old ones byte by byte."""

import io
import struct
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from repcrm.core.errors import BadInput
from repcrm.imports.workbook import Limits, Sheet, open_file

SAMPLES = Path(__file__).parents[2] / "data" / "files"
GOOD = "10-good.xlsx"


def sample(name: str) -> bytes:
    """The bytes of a sample file."""
    return (SAMPLES / name).read_bytes()


def only_sheet(data: bytes, **limits: int) -> Sheet:
    """The one sheet of a file."""
    (sheet,) = open_file(data, Limits(**limits))
    return sheet


def refusal(data: bytes, **limits: int) -> str:
    """The whole sentence with which a file is refused."""
    with pytest.raises(BadInput) as refused:
        open_file(data, Limits(**limits))
    assert refused.value.field == "file"
    return refused.value.message % refused.value.params


def xlsx(fill: Callable[[Any], object]) -> bytes:
    """A workbook whose first sheet somebody fills."""
    book = openpyxl.Workbook()
    fill(book.active)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def archive(parts: Mapping[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def raw_xlsx(sheet: str, strings: str = "", styles: str = "", workbook: str = "") -> bytes:
    """A workbook out of XML: what stands in the sheet, the shared strings, the style sheet and the workbook."""
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    return archive(
        {
            "xl/workbook.xml": f'<workbook {main}>{workbook}<sheets><sheet name="S" sheetId="1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": "<Relationships>"
            '<Relationship Id="a" Type="x/sharedStrings" Target="sharedStrings.xml"/>'
            '<Relationship Id="b" Type="x/styles" Target="styles.xml"/></Relationships>',
            "xl/sharedStrings.xml": f"<sst {main}>{strings}</sst>",
            "xl/styles.xml": f"<styleSheet {main}>{styles}</styleSheet>",
            "xl/worksheets/sheet1.xml": f"<worksheet {main}>{sheet}</worksheet>",
        }
    )


def xls(rows: Iterable[bytes], formats: Iterable[str] = ()) -> bytes:
    """An old workbook with one sheet of these records; style n + 1 has the n-th format."""
    codes = list(formats)
    sheet = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)) + b"".join(rows) + record(0x0A)
    head = record(0x809, struct.pack("<HHHHII", 0x600, 0x05, 0, 0, 0, 0))
    for number, code in enumerate(codes, 164):
        head += record(0x41E, struct.pack("<H", number) + _long(code))
    head += b"".join(record(0xE0, struct.pack("<HH16x", 0, n)) for n in [0, *range(164, 164 + len(codes))])
    place = len(head) + 4 + 6 + 2 + 1 + 4
    head += record(0x85, struct.pack("<IBBBB", place, 0, 0, 1, 0) + b"S") + record(0x0A)
    return compound("Workbook", (head + sheet).ljust(4096, b"\0"))


def record(number: int, content: bytes = b"") -> bytes:
    """A record of an old workbook."""
    return struct.pack("<HH", number, len(content)) + content


def label(row: int, column: int, words: str) -> bytes:
    """The record of a cell with a text."""
    return record(0x204, struct.pack("<HHH", row, column, 0) + _long(words))


def number(row: int, column: int, value: float, style: int = 0) -> bytes:
    """The record of a cell with a number."""
    return record(0x203, struct.pack("<HHHd", row, column, style, value))


def _long(words: str) -> bytes:
    return struct.pack("<HB", len(words), 1) + words.encode("utf-16-le")


def compound(name: str, stream: bytes) -> bytes:
    """A compound file with one stream of at least 4,096 bytes."""
    stream += bytes(-len(stream) % 512)
    sectors = len(stream) // 512
    table = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, sectors + 2), 0xFFFFFFFE]
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack(
        "<HHHHHHIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 0, 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0
    )
    head += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    fat = struct.pack("<128I", *table, *[0xFFFFFFFF] * (128 - len(table)))
    directory = _entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1) + _entry(name, 2, 2, len(stream)) + bytes(256)
    return head + fat + directory + stream


def _entry(name: str, kind: int, start: int, length: int, child: int = 0xFFFFFFFF) -> bytes:
    words = name.encode("utf-16-le")
    return (
        words.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(words) + 2, kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
        + bytes(36)
        + struct.pack("<IQ", start, length)
    )
