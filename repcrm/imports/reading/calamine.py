"""Binary workbooks (.xls, .xlsb), read by calamine, and what it does not tell of them from whoever knows it."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO, Any

from repcrm.imports.reading.cells import Cell, as_month, of_day, of_float, of_text
from repcrm.imports.reading.formats import Format
from repcrm.imports.reading.limits import Limits, Refused
from repcrm.imports.reading.out import About, Out

UNSEEN = "hidden and errors not seen"


@dataclass
class Beside:
    """What calamine does not tell of a sheet: cells by row and column from 0, hidden rows from 1."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    formats: dict[tuple[int, int], Format] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def read(file: IO[bytes], out: Out, limits: Limits, form: str, beside: Mapping[str, Beside]) -> None:
    """Send the sheets of a workbook.

    beside  by name of sheet
    raises  Refused
    """
    import python_calamine as calamine  # only where it is met

    file.seek(0)
    try:
        book = calamine.load_workbook(file)
        for number, about in enumerate(book.sheets_metadata):
            if about.typ is not calamine.SheetTypeEnum.WorkSheet:
                continue
            if number >= limits.sheets:
                raise Refused("too many sheets", most=limits.sheets)
            sheet = book.get_sheet_by_index(number)
            if sheet.total_height * sheet.total_width > limits.cells:
                raise Refused("too many cells", most=limits.cells)
            hidden = about.visible is not calamine.SheetVisibleEnum.Visible
            _send(sheet, out, About(about.name, form, hidden), beside.get(about.name))
    except calamine.PasswordError as error:
        raise Refused("a password") from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise Refused(f"damaged {form}") from error


def _send(sheet: Any, out: Out, about: About, beside: Beside | None) -> None:
    if beside is None:
        beside, about.notes = Beside(), [UNSEEN]
    for number, row in enumerate(sheet.to_python(skip_empty_area=False)):
        cells = list(map(_cell, row))
        if beside.errors or beside.formats:
            _say_more(cells, number, row, beside)
        out.add(cells, number + 1)
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        about.merged.append((top + 1, left, bottom + 1, right))
    about.hidden_rows, about.hidden_columns = beside.hidden_rows, beside.hidden_columns
    out.end_sheet(about)


def _say_more(cells: list[Cell], number: int, row: list[Any], beside: Beside) -> None:
    for index, value in enumerate(row):
        place = number, index
        if place in beside.errors:
            cells[index] = {"no": beside.errors[place]}
        elif (shown := beside.formats.get(place)) is None or isinstance(value, str | bool):
            continue
        elif isinstance(value, int | float):
            cells[index] = shown.cell(value)
        elif shown.kind == "month":
            cells[index] = as_month(cells[index])


def _cell(value: Any) -> Cell:
    match value:
        case str():
            return of_text(value.replace("\x00", ""))
        case datetime.datetime():
            return of_day(value.date())
        case datetime.date():
            return of_day(value)
        case datetime.time() | datetime.timedelta():
            return str(value)
        case float():
            return of_float(value)
        case _:
            return value
