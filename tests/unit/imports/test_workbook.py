"""Files as Excel really writes them; and those that are no files, or worse."""

import io
import sys
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
import xlsxwriter

from repcrm.core.errors import BadInput
from repcrm.imports.workbook import REFUSALS, Limits, open_file


def workbook(fill) -> bytes:
    """The bytes of a workbook that `fill` writes, with openpyxl."""
    book = openpyxl.Workbook()
    fill(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def refusal(data: bytes, **limits: int) -> str:
    with pytest.raises(BadInput) as refused:
        open_file(data, Limits(**limits))
    assert refused.value.field == "file"
    return refused.value.message


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
    assert [list(row[:2]) for row in sheet.rows if "sep=" not in str(row[0])] == [["医院", "盒数"], ["一院", "12"]]


def test_a_workbook_gives_numbers_days_and_text():
    def fill(book):
        sheet = book.active
        sheet.append(["医院", 12, 12.5, date(2026, 11, 3), datetime(2026, 11, 3, 9, 30), True])
        sheet.append(["１２", 0.45])
        sheet["B2"].number_format = "0%"

    (sheet,) = open_file(workbook(fill))
    assert sheet.rows[0] == ["医院", 12, 12.5, date(2026, 11, 3), date(2026, 11, 3), True]
    assert sheet.rows[1][:2] == ["１２", 0.45]


def test_merged_cells_are_filled_downwards():
    def fill(book):
        sheet = book.active
        sheet.append(["医院", "产品", "盒数"])
        sheet.append(["一院", "甲", 1])
        sheet.append([None, "乙", 2])
        sheet.append([None, "丙", 3])
        sheet.merge_cells("A2:A4")

    (sheet,) = open_file(workbook(fill))
    assert [row[0] for row in sheet.rows] == ["医院", "一院", "一院", "一院"]


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


def test_an_old_or_encrypted_workbook_is_refused():
    assert refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)) == REFUSALS["old or encrypted"]


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


def test_a_zip_that_is_no_workbook_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("letter.txt", "hello")
    assert refusal(out.getvalue()) == REFUSALS["not a workbook"]


def test_a_picture_is_refused():
    assert refusal(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256))) == REFUSALS["not a table"]


def bomb(megabytes: int, claimed: int | None = None) -> bytes:
    """A workbook with a sheet of zeros; `claimed` is the size that the archive says it unpacks to."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", bytes(megabytes << 20))
    data = bytearray(out.getvalue())
    if claimed is not None:
        size = (megabytes << 20).to_bytes(4, "little")
        data = bytearray(bytes(data).replace(size, claimed.to_bytes(4, "little")))
    return bytes(data)


def test_a_bomb_is_refused_by_what_it_says_of_itself():
    assert refusal(bomb(60), unpacked_bytes=50 << 20) == REFUSALS["too much inside"]


def test_a_bomb_that_lies_is_refused_too():
    assert refusal(bomb(60, claimed=1000), unpacked_bytes=50 << 20) in (
        REFUSALS["too much inside"],
        REFUSALS["damaged"],
    )


def test_too_many_entries_are_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(50):
            archive.writestr(f"xl/{number}", "")
    assert refusal(out.getvalue(), entries=20) == REFUSALS["too much inside"]


def test_a_sheet_whose_one_cell_lies_far_away_is_refused():
    def fill(book):
        book.active["A1"] = 1
        book.active.cell(1_000_000, 400).value = 1

    assert "empty" in refusal(workbook(fill))


def test_a_file_too_large_is_not_even_opened():
    assert "MB" in refusal(b"a,b\n" * 300_000, file_bytes=1 << 20)


@pytest.mark.skipif(sys.platform == "win32", reason="no resource limits there")
@pytest.mark.parametrize("limits", [{"memory_bytes": 22 << 20}, {"wall_seconds": 0}])
def test_a_reader_that_dies_is_said_in_a_sentence(limits):
    assert "too much memory or time" in refusal(b"a,b\n" + b"x,y\n" * 150_000, **limits)
