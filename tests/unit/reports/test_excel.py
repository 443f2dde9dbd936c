"""The workbook read back: words stay words, and its formulas give the frozen totals."""

import re
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from repcrm.reports.excel import workbook
from repcrm.reports.excel_cells import MOST_ARGUMENTS, Cells
from tests.unit.reports.bodies import body

HEADER = {
    "kind": "week", "period": "2026-W47", "from_on": "2026-11-16", "to_on": "2026-11-22", "region": "EAST",
    "revision": 1, "data_as_of": "2026-11-22T10:00:00+00:00", "frozen_at": "2026-11-22T22:00:00+00:00",
    "hash": "ab" * 32,
}  # fmt: skip


@pytest.fixture(scope="module", params=["zh", "en"])
def books(request: pytest.FixtureRequest) -> tuple[Any, Any]:
    """The workbook with its formulas, and with the values kept beside them."""
    content = workbook(body(), HEADER, request.param)
    return load_workbook(BytesIO(content)), load_workbook(BytesIO(content), data_only=True)


def value_of(sheet: Any, cell: Any) -> float:
    """What a cell of a sheet comes to, worked out as a spreadsheet would."""
    formula = cell.value
    if not isinstance(formula, str) or not formula.startswith("="):
        return formula or 0
    summed = re.fullmatch(r"=(SUM\([^()]*\)(?:\+SUM\([^()]*\))*)", formula)
    if summed:
        return sum(_in_range(sheet, part) for part in re.findall(r"[A-Z]+\d+(?::[A-Z]+\d+)?", formula))
    left, operator, right = re.fullmatch(r"=([A-Z]+\d+)([-/])([A-Z]+\d+)", formula).groups()  # type: ignore[union-attr]
    first, second = value_of(sheet, sheet[left]), value_of(sheet, sheet[right])
    return first - second if operator == "-" else first / second


def _in_range(sheet: Any, part: str) -> float:
    left, top, right, bottom = range_boundaries(part)
    cells = sheet.iter_rows(min_row=top, max_row=bottom, min_col=left, max_col=right)
    return sum(value_of(sheet, cell) for row in cells for cell in row)


def test_every_formula_comes_to_the_frozen_value(books):
    formulas, values = books
    counted = 0
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    counted += 1
                    assert value_of(sheet, cell) == pytest.approx(values[sheet.title][cell.coordinate].value), (
                        sheet.title,
                        cell.coordinate,
                    )
    assert counted > 30


def test_the_totals_are_formulas_and_equal_the_report(books):
    formulas, _ = books
    for number, column in ((1, 2), (2, 4), (3, 7)):  # products, table, doctors: target, stretch, actual, gap
        sheet = formulas.worksheets[number]
        cells = [sheet.cell(sheet.max_row, column + n) for n in range(4)]
        assert [cell.data_type for cell in cells] == ["f"] * 4
        assert [value_of(sheet, cell) for cell in cells] == [50, 65, 23, 27]


def test_words_that_look_like_formulas_stay_words(books):
    formulas, _ = books
    words = {
        cell.value: cell.data_type for sheet in formulas for row in sheet.iter_rows() for cell in row if cell.value
    }
    for name in ("+Alpha", "@Doctor One"):
        assert words[name] == "s"
    assert not [cell for sheet in formulas for row in sheet.iter_rows() for cell in row if cell.hyperlink]


def test_headings_are_in_the_language_of_the_reader():
    chinese, english = (load_workbook(BytesIO(workbook(body(), HEADER, language))) for language in ("zh", "en"))
    assert chinese.sheetnames == ["摘要", "产品", "明细表", "医生", "覆盖", "趋势", "值得行动", "口径"]
    assert english.sheetnames == [
        "Summary",
        "Products",
        "Table",
        "Doctors",
        "Coverage",
        "Trend",
        "Worth acting on",
        "Method",
    ]
    assert chinese.worksheets[2]["D1"].value == "目标（盒）"


def test_it_prints_on_a4_landscape_with_its_hash(books):
    formulas, _ = books
    for sheet in formulas:
        assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
        assert sheet.freeze_panes == "A2"
        assert "abab" in sheet.oddFooter.left.text


def test_a_sum_of_very_many_cells_is_cut_into_sums_excel_takes():

    class Sheet:
        def write_formula(self, line: int, column: int, formula: str, form: object, value: float) -> None:
            self.formula = formula

    sheet, writer = Sheet(), Cells.__new__(Cells)
    writer.bold = writer.formats = {"packs": None}
    Cells._sum(writer, sheet, 900, 3, [(line, line) for line in range(450)], 0, "packs")
    sums = re.findall(r"SUM\(([^)]*)\)", sheet.formula)
    assert [len(one.split(",")) for one in sums] == [MOST_ARGUMENTS, MOST_ARGUMENTS, 50]


def test_the_coverage_sheet_has_a_row_for_each_rep_and_hospital_and_the_whole(books):
    sheet = books[0].worksheets[4]
    rows = [[value_of(sheet, cell) if cell.column > 2 else cell.value for cell in row] for row in sheet["A2:N6"]]
    first = [4, 3, 2, pytest.approx(2 / 3), 0, 1, 4, 1, 2, 1, 3, 0]
    second = [2, 2, 1, 0.5, 1, 0, 2, 2, 1, 1, 1, 1]

    # Body.below gives the largest gap in money first: the second rep's.
    assert [row[:2] for row in rows[:4]] == [
        ["Second Rep", None], ["Second Rep", "Second Hospital"], ["First Rep", None], ["First Rep", "First Hospital"],
    ]  # fmt: skip
    assert [row[2:] for row in rows] == [second, second, first, first, [6, 5, 3, 0.6, 1, 1, 6, 3, 3, 2, 4, 1]]
    assert [sheet.cell(line, 3).data_type for line in (2, 4, 6)] == ["f"] * 3
