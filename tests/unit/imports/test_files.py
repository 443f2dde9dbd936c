"""A file of a kind: headers found, rows read, totals left out, and what is refused with its place."""

import io
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest

from repcrm.core.errors import BadInput
from repcrm.imports.columns import letter
from repcrm.imports.forbidden import Topic
from repcrm.imports.kinds import KINDS
from repcrm.imports.opened import open_import
from repcrm.imports.templates import csv_template, xlsx_template
from repcrm.imports.verdicts import Verdict
from repcrm.sales.models import ImportKind


def read_file(content: bytes, name: str, kind: ImportKind):
    """Read a file whose questions nobody has answered; its rows all at once."""
    reading = open_import(content, name, kind).read({})
    rows = list(reading.rows)  # notes are complete once they have been gone through
    return SimpleNamespace(rows=rows, notes=reading.notes)


def flow(*lines: str):
    return read_file("\n".join(lines).encode(), "flow.csv", ImportKind.FLOW)


def xlsx(*rows, merge=(), title="流向") -> bytes:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for one in merge:
        sheet.merge_cells(one)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_chinese_and_english_headers_are_the_same():
    chinese = flow("医院编码,产品编码,日期,盒数,金额（元）", 'H1,P1,2026-11-03,１２,"1,200.50"')
    english = flow("Packs;Product code;HOSPITAL CODE;Date;Value (yuan)", "12;P1;H1;2026/11/3;1200.5")
    expected = {"hospital_code": "H1", "product_code": "P1", "on": "2026-11-03", "packs": 12, "value": 120050}
    assert chinese.rows[0].values == english.rows[0].values == expected


def test_titles_above_and_totals_below_are_left_out_with_a_note():
    file = read_file(
        xlsx(
            ["2026年11月流向表"], [], ["医院", "产品", "日期", "数量", "业务员"], ["一院", "甲",
            "2026年11月3日", "1,200", "x"],
            [None, "乙", 46330, 5, "x"], ["小计", None, None, 1205], ["合计", None, None, 1205], merge=["A4:A5",
            "A1:E1"],
        ),
        "flow.xlsx", ImportKind.FLOW,
    )  # fmt: skip
    assert [(row.row, row.values["hospital_name"], row.values["on"], row.values["packs"]) for row in file.rows] == [
        (4, "一院", "2026-11-03", 1200),
        (5, "一院", "2026-11-04", 5),
    ]
    notes = [message % params for message, params in file.notes]
    assert notes == [
        "Sheet “流向”: these columns are not used: E 业务员.",
        "Sheet “流向”: rows that only add up others were left out: 6, 7.",
        "Sheet “流向”: totals that match their lines: 2.",
    ]


def test_a_cell_that_cannot_be_read_is_refused_with_its_column():
    (row,) = flow("医院编码,产品编码,日期,盒数", "H1,P1,soon,12.5").rows
    assert row.verdict is Verdict.REFUSED
    assert [(p.letter, p.header, p.message % p.params) for p in row.problems] == [
        ("C", "日期", "“soon” is not a day such as 2026-11-03."),
        ("D", "盒数", "“12.5” is not a whole number."),
    ]


def test_an_empty_cell_that_is_needed_is_refused():
    (row,) = flow("医院编码,产品编码,日期,盒数", "H1,,2026-11-03,12").rows
    assert [(p.letter, p.message) for p in row.problems] == [("B", "The cell is empty.")]


def test_a_missing_column_is_named_in_both_languages():
    with pytest.raises(BadInput) as refused:
        flow("医院编码,日期,盒数", "H1,2026-11-03,12")
    assert refused.value.params["columns"] == "Product code / 产品编码"


def test_a_file_without_a_header_is_refused():
    with pytest.raises(BadInput, match="No row looks like a header"):
        flow("a,b,c", "1,2,3")


@pytest.mark.parametrize(
    ("header", "cell", "where"),
    [
        ("处 方 量", "3", ("E", 1)),
        ("Ｃｏｍｍｉｓｓｉｏｎ", "3", ("E", 1)),
        ("联系人", "含回扣 500", ("E", 2)),
        ("医生", "李", ("E", 1)),
    ],
)
def test_a_forbidden_column_refuses_the_whole_file_by_name(header, cell, where):
    with pytest.raises(BadInput) as refused:
        flow(f"医院编码,产品编码,日期,盒数,{header}", f"H1,P1,2026-11-03,12,{cell}")
    assert (refused.value.params["column"], refused.value.params["row"]) == where
    assert isinstance(refused.value.params["topic"], Topic)


def test_a_hidden_sheet_is_left_out_but_may_not_carry_what_is_forbidden():
    book = openpyxl.load_workbook(io.BytesIO(xlsx(["医院", "产品", "日期", "盒数"], ["一院", "甲", "2026-11-03", 1])))
    hidden = book.create_sheet("旧")
    hidden.sheet_state = "hidden"
    hidden.append(["医院", "产品", "日期", "盒数"])
    out = io.BytesIO()
    book.save(out)
    file = read_file(out.getvalue(), "flow.xlsx", ImportKind.FLOW)
    assert len(file.rows) == 1
    assert file.notes == [("The hidden sheet “%(sheet)s” was left out.", {"sheet": "旧"})]
    hidden.append(["统方", "x"])
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(BadInput) as refused:
        read_file(out.getvalue(), "flow.xlsx", ImportKind.FLOW)
    assert refused.value.params["sheet"] == "旧"


def test_targets_may_have_months_across():
    text = '医院编码,产品编码,2026-11 保底,2026-11 挑战,2026年12月\nH1,P1,"1,600",2200,1700\nH2,P1,,,5\n'
    file = read_file(text.encode(), "targets.csv", ImportKind.TARGETS)
    got = [
        (r.row, r.at, r.values["hospital_code"], r.values["month"], r.values["floor"], r.values.get("stretch"))
        for r in file.rows
    ]
    assert got == [
        (2, "C", "H1", "2026-11-01", 1600, 2200),
        (2, "E", "H1", "2026-12-01", 1700, None),
        (3, "E", "H2", "2026-12-01", 5, None),
    ]


def test_months_across_may_have_floor_and_stretch_in_a_second_header_row():
    data = xlsx(
        ["2026年目标"], ["医院", "产品", "2026年11月", None, "2026年12月", None], [None, None, "保底", "挑战",
        "保底", "挑战"],
        ["一院", "甲", 1, 2, 3, 4], merge=["A2:A3", "B2:B3", "C2:D2", "E2:F2"],
    )  # fmt: skip
    first, second = read_file(data, "targets.xlsx", ImportKind.TARGETS).rows
    assert (first.problems, second.problems) == ([], [])
    assert [
        (r.values["hospital_name"], r.values["month"], r.values["floor"], r.values["stretch"]) for r in (first, second)
    ] == [
        ("一院", "2026-11-01", 1, 2),
        ("一院", "2026-12-01", 3, 4),
    ]
    assert second.places["stretch"] == ("F", "2026年12月 挑战")


@pytest.mark.parametrize("kind", list(ImportKind))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_template_is_read_by_the_product_itself(kind, language):
    for data in (csv_template(kind, language), xlsx_template(kind, language, str)):
        (row,) = read_file(data, "template", kind).rows
        assert row.problems == []
        assert {column.field for column in KINDS[kind].columns if column.required} <= row.values.keys()


def test_no_two_columns_of_a_kind_go_by_the_same_name():
    for kind in KINDS.values():
        names = [name for column in kind.columns for name in column.names]
        assert sorted({name for name in names if names.count(name) > 1}) == [], kind.kind


def test_columns_are_called_as_excel_calls_them():
    assert [letter(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
