"""Files as Excel really writes them, and those that are broken."""

import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
import xlsxwriter

from repcrm.imports.workbook import REFUSALS, open_file
from tests.unit.imports.making import refusal


def workbook(fill) -> bytes:
    """The bytes of a workbook that `fill` writes, with openpyxl."""
    book = openpyxl.Workbook()
    fill(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        "医院,盒数\n一院,12\n".encode(),
        b"\xef\xbb\xbf" + "医院,盒数\r\n一院,12\r\n".encode(),
        "医院,盒数\n一院,12\n".encode("gb18030"),
        "医院\t盒数\n一院\t12\n".encode("utf-16"),
        "医院\t盒数\nHospital\t12\n".replace("Hospital", "一院").encode("utf-16-be").join([b"\xfe\xff", b""]),
        "医院;盒数\n一院;12\n".encode(),
        "sep=;\n医院;盒数\n一院;12\n".encode(),
        '"医院","盒数"\n"一院","12"\n\n,\n'.encode(),
    ],
)
def test_text_is_read_in_every_encoding_and_with_every_separator(data):
    (sheet,) = open_file(data)
    assert sheet.rows == [["医院", "盒数"], ["一院", "12"]]


def test_a_workbook_gives_numbers_days_and_text():
    def fill(book):
        sheet = book.active
        sheet.append(["医院", 12, 12.5, date(2026, 11, 3), datetime(2026, 11, 3, 9, 30), True])
        sheet.append(["１２", 0.45])
        sheet["B2"].number_format = "0%"

    (sheet,) = open_file(workbook(fill))
    assert sheet.rows[0] == ["医院", 12, 12.5, date(2026, 11, 3), date(2026, 11, 3), True]
    assert sheet.rows[1][:2] == ["１２", 0.45]


def test_a_formula_is_its_value():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, 7)
        sheet.write_formula(0, 1, "=A1*2", None, 14)
    (sheet,) = open_file(out.getvalue())
    assert sheet.rows[0] == [7, 14]


def test_the_character_nul_is_left_out():
    data = io.BytesIO()
    sound = workbook(lambda book: book.active.append(["A-B"]))
    with zipfile.ZipFile(io.BytesIO(sound)) as whole, zipfile.ZipFile(data, "w") as changed:
        for name in whole.namelist():
            changed.writestr(name, whole.read(name).replace(b"A-B", b"A_x0000_B"))
    assert open_file(data.getvalue())[0].rows == [["AB"]]


def test_empty_rows_at_the_end_are_gone():
    def fill(book):
        book.active["A1"] = "医院"
        book.active["A500"] = "  "

    (sheet,) = open_file(workbook(fill))
    assert len(sheet.rows) == 1


def test_a_hidden_sheet_is_said_to_be_hidden():
    def fill(book):
        book.active.append(["a"])
        book.create_sheet("secret").append(["b"])
        book["secret"].sheet_state = "hidden"

    assert [sheet.is_hidden for sheet in open_file(workbook(fill))] == [False, True]


def test_nothing_is_refused_as_empty():
    assert refusal(b"") == refusal(b" \n ") == REFUSALS["empty"]
    assert refusal(workbook(lambda book: None)) == REFUSALS["empty"]


def test_a_truncated_workbook_is_refused():
    whole = workbook(lambda book: book.active.append(["医院", 1]))
    assert refusal(whole[: len(whole) // 2]) == REFUSALS["damaged"]


def test_a_damaged_sheet_is_refused():
    whole = workbook(lambda book: book.active.append(["医院", 1]))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, b"<broken" if "sheet1" in name else old.read(name))
    assert refusal(out.getvalue()) == REFUSALS["damaged"]
