"""Empty files to fill in: headers, one line of invented data, and notes; in Chinese or English, xlsx or csv."""

import csv
import io
from collections.abc import Callable

import xlsxwriter

from repcrm.core.words import N_
from repcrm.imports.columns import Column
from repcrm.imports.kinds import KINDS
from repcrm.sales.models import ImportKind

Translate = Callable[[str], str]

NEEDED = N_("needed")
OPTIONAL = N_("may be empty")
ROWS_SHEET = N_("Rows")
NOTES_SHEET = N_("How to fill in")
NOTE_HEADINGS = (N_("Column"), N_("Needed?"), N_("What goes in"))
GENERAL_NOTES = (
    N_("The second line is an invented example: write over it."),
    N_("Columns may stand in any order, and those that may be empty may be left out."),
    N_("Chinese and English headers both do."),
    N_("An empty cell leaves what is on file as it is."),
    N_("Days such as 2026-11-03, months such as 2026-11."),
)


def csv_template(kind: ImportKind, language: str) -> bytes:
    """The headers and the sample as UTF-8 with the mark that makes Excel read Chinese."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    columns = template_columns(kind)
    writer.writerow([header_of(column, language) for column in columns])
    writer.writerow([sample_of(column, language) for column in columns])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def xlsx_template(kind: ImportKind, language: str, translate: Translate) -> bytes:
    """A workbook with a sheet to fill in and one that says what goes into each column.

    translate  turns the product's messages into the language
    """
    out = io.BytesIO()
    columns = template_columns(kind)
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True, "bg_color": "#e8eef7", "bottom": 1})
        optional = book.add_format({"bg_color": "#f4f4f4", "bottom": 1})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet(translate(ROWS_SHEET))
        for index, column in enumerate(columns):
            sheet.write(0, index, header_of(column, language), bold if column.required else optional)
            sheet.write(1, index, sample_of(column, language))
            sheet.set_column(index, index, 18)
        sheet.freeze_panes(1, 0)
        notes = book.add_worksheet(translate(NOTES_SHEET))
        notes.set_column(0, 1, 20)
        notes.set_column(2, 2, 80, wrapped)
        notes.write_row(0, 0, [translate(words) for words in NOTE_HEADINGS], bold)
        for row, column in enumerate(columns, 1):
            needed = translate(NEEDED if column.required else OPTIONAL)
            notes.write_row(
                row, 0, [header_of(column, language), needed, translate(column.note) if column.note else ""]
            )
        for row, words in enumerate(GENERAL_NOTES, len(columns) + 2):
            notes.write(row, 2, translate(words))
    return out.getvalue()


def template_columns(kind: ImportKind) -> list[Column]:
    """Return the columns that the templates of a kind show."""
    return [column for column in KINDS[kind].columns if column.in_template]


def header_of(column: Column, language: str) -> str:
    """The header of a column in a language."""
    return column.chinese if language == "zh" else column.english


def sample_of(column: Column, language: str) -> str | int | float:
    """The invented value of a column in a language."""
    english, chinese = column.samples
    return chinese if language == "zh" else english
