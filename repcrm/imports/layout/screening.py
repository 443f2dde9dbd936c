"""The whole file is refused for a heading, sheet name or cell that carries what no file may bring in."""

from repcrm.core.errors import BadInput
from repcrm.core.words import N_
from repcrm.imports.columns import Use, letter
from repcrm.imports.forbidden import Topic, find_forbidden, find_per_doctor
from repcrm.imports.layout.headings import Table
from repcrm.imports.layout.reading import Expected
from repcrm.imports.text import plain
from repcrm.imports.workbook import Sheet

MOST_LAWFUL = 50_000
"""Different cells that are remembered as lawful."""


def refuse_forbidden(sheet: Sheet, table: Table | None, expected: Expected) -> None:
    """Refuse a file for what one of its sheets carries; hidden sheets count, too.

    Free remarks of a distributor are not looked into: a person decides about them line by line.

    raises  BadInput naming the sheet, column and row
    """
    if sheet.name and (topic := find_forbidden(sheet.name, header=True)) is not None:
        raise _forbidden(sheet, 0, 1, sheet.name, topic)
    first = next((number for number, cells in enumerate(sheet.rows, 1) if any(cell is not None for cell in cells)), 1)
    remarks = _remarks(table)
    lawful: set[str] = set()
    for number, cells in enumerate(sheet.rows, 1):
        is_heading = table.is_heading(number) if table is not None else number == first
        for index, cell in enumerate(cells):
            if not isinstance(cell, str) or (not is_heading and (cell in lawful or index in remarks)):
                continue
            topic = find_forbidden(cell, header=is_heading)
            if topic is None and is_heading and expected.names_doctors is not None:
                topic = find_per_doctor(cell, rows_are_doctors=expected.names_doctors)
            if topic is not None:
                raise _forbidden(sheet, index, number, cell, topic)
            if len(lawful) < MOST_LAWFUL:
                lawful.add(cell)
    for heading in table.headings if table is not None else ():
        if (topic := find_forbidden(heading.whole, header=True)) is not None:
            raise _forbidden(sheet, heading.index, table.bottom if table else 1, heading.whole, topic)


def _remarks(table: Table | None) -> set[int]:
    """The columns of free remarks."""
    headings = table.headings if table is not None else ()
    return {one.index for one in headings if one.meaning is not None and one.meaning.column.use is Use.REMARK}


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
