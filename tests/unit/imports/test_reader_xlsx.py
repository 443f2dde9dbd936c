"""Workbooks of Excel in every dialect; what their cells say beyond numbers and text."""

import zipfile
from datetime import date
from io import BytesIO

import pytest

from repcrm.imports.workbook import MonthCell, NoValue, open_file
from tests.unit.imports.making import GOOD, archive, only_sheet, raw_xlsx, sample, xlsx

GOOD_ROWS = [
    ["医院名称", "品名", "日期", "数量"],
    ["云泽市听澜医院", "云舒平片", date(2026, 11, 3), 12],
    ["澄湖市中心医院", "云舒平片", date(2026, 11, 4), 30],
]


@pytest.mark.parametrize(
    "name",
    [
        GOOD,
        "01a-1904-dates.xlsx",
        "10a-backslash-paths.xlsx",
        "10b-x-prefix.xlsx",
        "10c-wrong-dimension.xlsx",
        "10d-shared-strings-case.xlsx",
        "10e-strict-ooxml.xlsx",
    ],
)
def test_every_dialect_is_read(name):
    assert only_sheet(sample(name)).rows == GOOD_ROWS


def renamed(change) -> bytes:
    with zipfile.ZipFile(BytesIO(sample(GOOD))) as whole:
        return archive({change(name): whole.read(name) for name in whole.namelist()})


@pytest.mark.parametrize("change", [str.upper, str.lower, lambda name: "/" + name.replace("/", "\\")])
def test_the_case_and_slashes_of_parts_do_not_matter(change):
    assert only_sheet(renamed(change)).rows == GOOD_ROWS


def test_a_workbook_whose_parts_have_other_names_is_found_by_its_relations():
    with zipfile.ZipFile(BytesIO(sample(GOOD))) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    moved = {
        name.replace("xl/workbook.xml", "xl/book7.xml").replace("sheet1", "data"): part for name, part in parts.items()
    }
    moved = {name.replace("_rels/workbook.xml", "_rels/book7.xml"): part for name, part in moved.items()}
    for name in list(moved):
        if name.endswith(".rels"):
            moved[name] = moved[name].replace(b"workbook.xml", b"book7.xml").replace(b"sheet1.xml", b"data.xml")
    assert only_sheet(archive(moved)).rows == GOOD_ROWS


def test_a_workbook_of_1904_says_so():
    assert only_sheet(sample("01a-1904-dates.xlsx")).notes == ("1904 dates",)


def test_errors_and_formulas_that_nobody_computed_are_no_values():
    sheet = (
        '<sheetData><row><c t="e"><v>#REF!</v></c><c><f>A1*2</f></c><c><f>A1*2</f><v></v></c>'
        '<c t="str"><f>B1</f><v></v></c><c><f>A1</f><v>14</v></c><c t="str"><f>A2</f><v>x</v></c>'
        '<c t="e"><f>1/0</f><v>#DIV/0!</v></c><c><v>0</v></c><c><f>A3</f><v>0</v></c></row></sheetData>'
    )
    formula = NoValue("formula")
    said = [NoValue("#REF!"), formula, formula, None, 14, "x", NoValue("#DIV/0!"), 0]
    assert only_sheet(raw_xlsx(sheet)).rows == [[*said, 0]]
    uncomputed = raw_xlsx(sheet, workbook='<calcPr fullCalcOnLoad="1"/>')
    assert only_sheet(uncomputed).rows == [[*said, formula]]


@pytest.mark.parametrize("name", ["02a-formula-value-no-cache.xlsx", "02b-formula-packs-no-cache.xlsx"])
def test_formulas_of_the_samples_have_no_value(name):
    assert only_sheet(sample(name)).rows[1][-1] == NoValue("formula")


def test_errors_of_the_sample_are_called_by_name():
    rows = only_sheet(sample("02d-error-packs.xlsx")).rows
    assert [row[4] for row in rows[1:3]] == [NoValue("#VALUE!"), NoValue("#DIV/0!")]


def test_rows_hidden_by_a_filter_are_told():
    assert only_sheet(sample("03a-filtered-rows.xlsx")).hidden_rows == {3, 5}


def test_rows_and_columns_hidden_by_hand_or_without_height_are_told():
    columns = '<cols><col min="2" max="2" hidden="1"/><col min="4" max="16384" width="0"/></cols>'
    rows = '<row hidden="1">{0}</row><row>{0}</row><row ht="0" customHeight="1">{0}</row><row hidden="0">{0}</row>'
    sheet = only_sheet(raw_xlsx(f"{columns}<sheetData>{rows.format('<c><v>1</v></c>')}</sheetData>"), columns=5)
    assert (sheet.hidden_rows, sheet.hidden_columns) == ({1, 3}, {1, 3, 4})


def test_merged_blocks_are_told_and_not_filled():
    def fill(sheet):
        sheet.append(["医院", "数量"])
        sheet.append(["一院", 1])
        sheet.append([None, 2])
        sheet.merge_cells("A2:A3")
        sheet.merge_cells("C1:D1")

    sheet = only_sheet(xlsx(fill))
    assert sheet.rows == [["医院", "数量"], ["一院", 1], [None, 2]]
    assert set(sheet.merged) == {(2, 0, 3, 0), (1, 2, 1, 3)}


def test_cells_are_shown_by_the_format_of_their_style():
    def fill(sheet):
        sheet.append([7, date(2026, 11, 3), date(2026, 11, 3), 12])
        for cell, code in zip(sheet[1], ["000", "yyyy-mm", "yyyy-mm-dd", '0"件"'], strict=True):
            cell.number_format = code

    assert only_sheet(xlsx(fill)).rows == [["007", MonthCell(date(2026, 11, 1)), date(2026, 11, 3), "12件"]]


@pytest.mark.parametrize(
    ("number", "kind"), [(27, MonthCell), (57, MonthCell), (17, MonthCell), (31, date), (14, date)]
)
def test_formats_that_files_name_by_number_are_known(number, kind):
    styles = f'<cellXfs><xf numFmtId="0"/><xf numFmtId="{number}"/></cellXfs>'
    sheet = '<sheetData><row><c s="1"><v>46329</v></c></row></sheetData>'
    ((cell,),) = only_sheet(raw_xlsx(sheet, styles=styles)).rows
    assert cell == (MonthCell(date(2026, 11, 1)) if kind is MonthCell else date(2026, 11, 3))


def test_strings_come_in_runs_and_without_their_pronunciation():
    strings = (
        "<si><r><rPr><b/></rPr><t>云舒</t></r><r><t xml:space='preserve'>平片 </t></r></si>"
        "<si><t>医院</t><rPh sb='0' eb='2'><t>イイン</t></rPh></si>"
        '<si><t>a_x000D_b_x0000_</t></si><si><t>="H001"</t></si>'
    )
    cells = "".join(f'<c t="s"><v>{number}</v></c>' for number in range(4))
    inline = '<c t="inlineStr"><is><t>H</t></is></c><c t="d"><v>2026-11-03T00:00:00</v></c><c t="b"><v>1</v></c>'
    sheet = only_sheet(raw_xlsx(f"<sheetData><row>{cells}{inline}</row></sheetData>", strings))
    assert sheet.rows == [["云舒平片 ", "医院", "a\rb", "H001", "H", date(2026, 11, 3), True]]


def test_cells_stand_where_their_names_say():
    sheet = (
        '<sheetData><row r="2"><c r="C2"><v>1</v></c><c><v>2</v></c></row><row><c r="A3"><v>3</v></c></row></sheetData>'
    )
    assert only_sheet(raw_xlsx(sheet)).rows == [[], [None, None, 1, 2], [3]]


def test_numbers_keep_what_the_file_says_of_them():
    cells = "".join(f"<c><v>{number}</v></c>" for number in ("12", "-3", "12.0", "0.1", "2.0261103E+19", "1e999"))
    (row,) = only_sheet(raw_xlsx(f"<sheetData><row>{cells}</row></sheetData>")).rows
    assert row == [12, -3, 12, 0.1, 2.0261103e19, "inf"]


def test_sheets_keep_their_order_and_charts_are_no_sheets():
    (first, second) = open_file(sample("25b-sheet-per-month.xlsx"))
    assert (first.form, second.form) == ("xlsx", "xlsx")
    assert first.name != second.name
