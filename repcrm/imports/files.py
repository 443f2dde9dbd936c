"""A file of one kind, read: its rows with what they say, before anybody has looked into the database."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from repcrm.core.errors import BadInput
from repcrm.core.words import N_
from repcrm.imports.columns import Layout, check_layout, find_layout, letter, read_rows
from repcrm.imports.forbidden import Topic, find_forbidden, find_per_doctor
from repcrm.imports.kinds import KINDS
from repcrm.imports.kinds.shared import Kind
from repcrm.imports.text import plain
from repcrm.imports.verdicts import Row
from repcrm.imports.workbook import Limits, Sheet, filled, open_file
from repcrm.sales.models import ImportKind

NOTES_NAMES = {"How to fill in", "填写说明"}
"""The sheet with notes of our own templates: left out without a word."""


@dataclass
class FileRead:
    """What a file says.

    kind     what it brings
    name     of the file
    digest   SHA-256 of its bytes
    rows     in the order of the file
    reading  for the page: places (sheet -> field -> letter and header) and notes (message, params) of what was left out
    """

    kind: ImportKind
    name: str
    digest: str
    rows: list[Row] = field(default_factory=list)
    reading: dict[str, Any] = field(default_factory=dict)


def read_file(data: bytes, name: str, kind: ImportKind, limits: Limits | None = None) -> FileRead:
    """Read a file of one kind; needs no database.

    data    xlsx or csv
    name    as the person's machine calls it
    raises  BadInput in a sentence: for a file that cannot be opened, that carries what no file may bring in, that has
            no header row or lacks a column, or that has no rows
    """
    about = KINDS[kind]
    sheets = [replace(sheet, rows=filled(sheet)) for sheet in open_file(data, limits)]
    layouts = [find_layout(sheet, about.columns, about.across) for sheet in sheets]
    for sheet, layout in zip(sheets, layouts, strict=True):
        refuse_forbidden(sheet, layout, about)
    file = FileRead(kind, name[-200:], hashlib.sha256(data).hexdigest(), reading={"places": {}, "notes": []})
    found = [layout for layout in layouts if layout is not None and not layout.sheet.is_hidden]
    if not found:
        names = ", ".join(f"{column.english} / {column.chinese}" for column in about.columns if column.required)
        raise BadInput(
            N_("No row looks like a header. The file needs the columns %(columns)s."), field="file", columns=names
        )
    for layout in found:
        check_layout(layout, about.columns, about.instead)
        totals: list[int] = []
        file.rows += read_rows(layout, about.columns, about.instead, totals)
        file.reading["places"][layout.sheet.name] = layout.places
        file.reading["notes"] += _notes(layout, totals)
    file.reading["notes"] += _left_out(sheets, found)
    if not file.rows:
        raise BadInput(N_("There are no rows below the header."), field="file")
    return file


def refuse_forbidden(sheet: Sheet, layout: Layout | None, about: Kind) -> None:
    """Refuse the whole file for a header or cell that carries what no file may bring in; hidden sheets count, too.

    raises  BadInput naming the sheet, column and row
    """
    first = next((number for number, cells in enumerate(sheet.rows, 1) if any(map(plain_or_none, cells))), 1)
    lawful: set[str] = set()
    for number, cells in enumerate(sheet.rows, 1):
        is_header = layout.is_header(number) if layout is not None else number == first
        for index, cell in enumerate(cells):
            if not isinstance(cell, str) or (cell in lawful and not is_header):
                continue
            topic = find_forbidden(cell, header=is_header)
            if topic is None and is_header and about.names_doctors is not None:
                topic = find_per_doctor(cell, rows_are_doctors=about.names_doctors)
            if topic is not None:
                raise _forbidden(sheet, index, number, cell, topic)
            lawful.add(cell)


def plain_or_none(cell: object) -> str:
    """The words of a cell, none of an empty one."""
    return "" if cell is None else plain(cell)


def _forbidden(sheet: Sheet, index: int, row: int, cell: str, topic: Topic) -> BadInput:
    return BadInput(
        N_(
            "Sheet “%(sheet)s”, column %(column)s, row %(row)s: “%(text)s” is about %(topic)s. There is no place for "
            "that here, so the whole file is refused. Take it out and read the file again."
        ),
        field="file",
        sheet=sheet.name or "1",
        column=letter(index),
        row=row,
        text=plain(cell)[:60],
        topic=topic,
    )


def _notes(layout: Layout, totals: Sequence[int]) -> Iterator[tuple[str, dict[str, Any]]]:
    sheet = layout.sheet.name or "1"
    if layout.unused:
        names = ", ".join(f"{letter(index)} {layout.header(index)}" for index in layout.unused[:12])
        yield N_("Sheet “%(sheet)s”: these columns are not used: %(columns)s."), {"sheet": sheet, "columns": names}
    if totals:
        rows = ", ".join(map(str, totals[:12])) + (" …" if len(totals) > 12 else "")
        yield (
            N_("Sheet “%(sheet)s”: rows that only add up others were left out: %(rows)s."),
            {"sheet": sheet, "rows": rows},
        )


def _left_out(sheets: Sequence[Sheet], found: Sequence[Layout]) -> Iterator[tuple[str, dict[str, Any]]]:
    read = {id(layout.sheet) for layout in found}
    for sheet in sheets:
        if id(sheet) in read or not sheet.rows or sheet.name in NOTES_NAMES:
            continue
        if sheet.is_hidden:
            yield N_("The hidden sheet “%(sheet)s” was left out."), {"sheet": sheet.name}
        else:
            yield N_("Sheet “%(sheet)s” has no header row and was left out."), {"sheet": sheet.name}
