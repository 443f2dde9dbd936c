"""Bytes of a file -> raw cells as JSON; runs alone in a child process, so it imports nothing of the product.

Run as a script: limits on the command line, the file on standard input, the answer on standard output, either
{"sheets": [{"name", "hidden", "rows"}]} or {"refused": word}. A cell is null, text, a number, true or false, or
{"on": "2026-11-03"} for a date. Merged cells are filled downwards, trailing empty rows are gone.
"""

import csv
import datetime
import io
import json
import sys
import zipfile
from collections.abc import Iterable
from typing import Any

ENCODINGS = ("utf-8-sig", "gb18030")
"""In this order: GB18030 takes nearly any bytes, UTF-8 only its own."""
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
CHUNK = 1 << 20


class Refused(Exception):
    """The file cannot be read; the argument is a word that `workbook.REFUSALS` has a sentence for."""


def read(data: bytes, limits: dict[str, int]) -> list[dict[str, Any]]:
    """Return the sheets of a file, with their cells.

    limits  entries, unpacked_bytes, rows, columns, cells: as `workbook.Limits`
    raises  Refused
    """
    if not data.strip():
        raise Refused("empty")
    if data.startswith(OLE):
        raise Refused("old or encrypted")
    if data.startswith(ZIP):
        _check_zip(data, limits)
        sheets = _from_xlsx(data, limits)
    else:
        sheets = [{"name": "", "hidden": False, "rows": _from_csv(data, limits)}]
    if not any(sheet["rows"] for sheet in sheets):
        raise Refused("empty")
    return sheets


def _check_zip(data: bytes, limits: dict[str, int]) -> None:
    """Refuse bombs: by what the archive says of itself, then by what really comes out of it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > limits["entries"] or sum(e.file_size for e in entries) > limits["unpacked_bytes"]:
                raise Refused("too much inside")
            if any(entry.flag_bits & 1 for entry in entries):
                raise Refused("old or encrypted")
            if "xl/workbook.xml" not in archive.namelist():
                raise Refused("not a workbook")
            unpacked = 0
            for entry in entries:
                with archive.open(entry) as file:
                    while chunk := file.read(CHUNK):
                        unpacked += len(chunk)
                        if unpacked > limits["unpacked_bytes"]:
                            raise Refused("too much inside")
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise Refused("damaged") from error
    except zipfile.LargeZipFile as error:
        raise Refused("too much inside") from error


def _from_xlsx(data: bytes, limits: dict[str, int]) -> list[dict[str, Any]]:
    import python_calamine as calamine  # only where a workbook is read

    try:
        book = calamine.load_workbook(io.BytesIO(data))
        sheets = []
        for number, about in enumerate(book.sheets_metadata):
            if about.typ is not calamine.SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_index(number)
            height, width = sheet.total_height, sheet.total_width
            if height > limits["rows"] or width > limits["columns"] or height * width > limits["cells"]:
                raise Refused("too many cells")
            rows = [[_plain(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
            _fill_down(rows, sheet.merged_cell_ranges or [])
            hidden = about.visible is not calamine.SheetVisibleEnum.Visible
            sheets.append({"name": about.name, "hidden": hidden, "rows": _trimmed(rows)})
        return sheets
    except calamine.PasswordError as error:
        raise Refused("old or encrypted") from error
    except calamine.CalamineError as error:
        raise Refused("damaged") from error


def _plain(cell: Any) -> Any:
    match cell:
        case "":
            return None
        case str():
            return cell.replace("\x00", "") or None  # Excel spells it _x0000_; PostgreSQL does not keep it
        case datetime.datetime():
            return {"on": cell.date().isoformat()}
        case datetime.date():
            return {"on": cell.isoformat()}
        case datetime.time() | datetime.timedelta():
            return str(cell)
        case float() if cell.is_integer() and abs(cell) < 2**53:
            return int(cell)
        case _:
            return cell


def _fill_down(rows: list[list[Any]], ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """Let every row of a merged block say what the block says; to the right only its first row does, for headings."""
    for (top, left), (bottom, right) in ranges:
        if top >= len(rows):
            continue
        value = rows[top][left]
        for number in range(top + 1, min(bottom + 1, len(rows))):
            rows[number][left] = value
        if top == bottom:
            rows[top][left + 1 : right + 1] = [value] * (right - left)


def _from_csv(data: bytes, limits: dict[str, int]) -> list[list[Any]]:
    text = _decoded(data)
    if "\x00" in text:
        raise Refused("not a table")
    csv.field_size_limit(1 << 20)
    rows: list[list[Any]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)):
            rows.append([cell or None for cell in row])
            if len(rows) > limits["rows"] or len(row) > limits["columns"]:
                raise Refused("too many cells")
    except csv.Error as error:
        raise Refused("damaged") from error
    return _trimmed(rows)


def _decoded(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings: tuple[str, ...] = ("utf-16",)
    elif b"\x00" in data[:200]:  # UTF-16 without a mark: Latin letters leave every other byte empty
        encodings = ("utf-16-le" if data[1:2] == b"\x00" else "utf-16-be",)
    else:
        encodings = ENCODINGS
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("not a table")


def _delimiter(text: str) -> str:
    """The separator that cuts the first lines into most pieces, quoted ones aside; `sep=;` is Excel's own word."""
    lines = [line for line in text.splitlines() if line.strip()][:20]
    if lines and lines[0].casefold().startswith("sep=") and len(lines[0]) == 5:
        return lines[0][4]
    counts = {
        mark: sum(len(row) - 1 for row in csv.reader(lines, delimiter=mark)) for mark in (",", "\t", ";", "，", "|")
    }
    return max(counts, key=lambda mark: counts[mark])


def _trimmed(rows: list[list[Any]]) -> list[list[Any]]:
    """Without the empty rows at the end that Excel keeps where something was deleted."""
    while rows and all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in rows[-1]):
        rows.pop()
    return rows


def _limit(limits: dict[str, int]) -> None:
    try:
        import resource  # not on Windows, where the parent's clock is the only limit
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory_bytes"], limits["memory_bytes"]))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["cpu_seconds"], limits["cpu_seconds"] + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Answer the parent."""
    limits = json.loads(sys.argv[1])
    _limit(limits)
    try:
        answer: dict[str, Any] = {"sheets": read(sys.stdin.buffer.read(), limits)}
    except Refused as refusal:
        answer = {"refused": str(refusal)}
    except MemoryError:
        sys.exit(1)
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=True).encode())


if __name__ == "__main__":
    main()
