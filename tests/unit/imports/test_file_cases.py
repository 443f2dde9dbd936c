"""Files as they come, each with what it must give: worked out by hand from its cells."""

from datetime import date
from typing import Any

import pytest

from repcrm.core.errors import BadInput
from repcrm.imports.kinds import KINDS
from repcrm.imports.layout import read_sheets
from repcrm.imports.layout.reading import Reading
from repcrm.imports.verdicts import Row
from repcrm.imports.workbook import MonthCell, NoValue, Sheet
from repcrm.sales.models import ImportKind

H, C, Z, P = "云泽市听澜医院", "澄湖市中心医院", "云泽市中心医院", "云舒平片"
ON3, ON4 = date(2026, 11, 3), date(2026, 11, 4)
HEAD = ["医院名称", "品名", "日期", "数量"]
FORMULA = NoValue("formula")


class Read:
    """A file that was read: its rows, what it asks, and what it says."""

    def __init__(self, reading: Reading, rows: list[Row]) -> None:
        self.reading, self.rows = reading, rows
        self.asked = {question.key: question for question in reading.questions}
        self.refused = [(row.row, p.letter, p.message % p.params) for row in rows for p in row.problems]
        self.notes = [message % params for message, params in reading.notes]
        self.totals = [(t.row, t.stated, t.computed, t.agrees) for s in reading.sheets for t in s.totals]

    def values(self, *names: str) -> list[Any]:
        """One value, or several, of each row."""
        found = [tuple(row.values.get(name) for name in names) for row in self.rows]
        return [one[0] for one in found] if len(names) == 1 else found


def read(*rows, kind="flow", name="流向", file="f.xlsx", answers=None, more=(), **about) -> Read:
    sheets = [Sheet(name, False, [list(row) for row in rows], **about), *more]
    reading = read_sheets(sheets, KINDS[ImportKind(kind)], answers or {}, file)
    lines = list(reading.rows)
    return Read(reading, lines)


def targets(*rows, **about) -> Read:
    return read(*rows, kind="targets", name=about.pop("name", "指标"), **about)


def refusal(*rows, **about) -> str:
    with pytest.raises(BadInput) as refused:
        read(*rows, **about)
    return refused.value.message % refused.value.params


# --- columns --------------------------------------------------

STOCK_SHEET = (
    ["医院名称", "品名", "日期", "购进", None, "销售", None, "库存"],
    [None, None, None, "数量", "金额", "数量", "金额", "数量"],
    [H, P, ON3, 400, 8000, 12, 258, 388],
    [C, P, ON4, 500, 9000, 30, 645, 470],
)
MERGED = ((1, 0, 2, 0), (1, 1, 2, 1), (1, 2, 2, 2), (1, 3, 1, 4), (1, 5, 1, 6))


@pytest.mark.parametrize("merged", [MERGED, ()])
def test_of_purchases_sales_and_stock_the_sales_are_read(merged):
    file = read(*STOCK_SHEET, merged=merged)
    assert file.values("packs", "value", "stock", "incoming") == [(12, 25800, 388, 400), (30, 64500, 470, 500)]
    assert not file.asked
    assert file.notes == ["Sheet “流向”: these columns are not used: E 购进 金额."]


def test_three_heading_rows_are_one_heading():
    file = read(
        ["2026年11月流向"], ["医院名称", "品名", "日期", "本期", None], [None, None, None, "销售", None],
        [None, None, None, "数量（件）", "金额（万元）"], [H, P, ON3, 2, "0.0258"],
        merged=((2, 0, 4, 0), (2, 1, 4, 1), (2, 2, 4, 2), (2, 3, 2, 4), (3, 3, 3, 4)),
    )  # fmt: skip
    assert file.values("quantity", "unit", "value") == [("2", "件", 25800)]


def test_the_same_heading_twice_is_asked_about_and_never_the_first_one_used():
    rows = (["医院名称", "品名", "日期", "数量", "数量"], [H, P, ON3, 12, 15])
    file = read(*rows)
    assert [choice.value for choice in file.asked["column:packs"].choices] == ["D 数量", "E 数量"]
    assert file.values("packs") == [None]
    assert file.rows[0].problems
    for answer in ("E", "E 数量"):
        assert read(*rows, answers={"column:packs": answer}).values("packs") == [15]


def test_two_columns_that_could_be_the_packs_are_asked_about():
    file = read(["医院名称", "品名", "日期", "数量", "实发数量"], [H, P, ON3, 12, 10])
    assert file.asked["column:packs"].option == '--column packs="数量"'
    assert "column:on" in read(["医院", "品名", "销售日期", "开票日期", "数量"], [H, P, ON3, ON4, 10]).asked


def test_columns_that_say_the_same_or_nothing_need_no_question():
    same = read(["医院名称", "品名", "日期", "数量", "实发数量"], [H, P, ON3, 12, 12])
    assert (same.values("packs"), list(same.asked)) == ([12], [])
    assert any("实发数量" in note for note in same.notes)
    empty = read(["医院名称", "品名", "日期", "数量", "实发数量"], [H, P, ON3, None, 12])
    assert (empty.values("packs"), list(empty.asked)) == ([12], [])


def test_the_last_tier_is_the_hospital():
    rows = (
        ["商业公司", "客户名称", "终端名称", "品名", "销售日期", "开票日期", "数量"],
        ["试商业", "青麦医药(二级)", H, P, date(2026, 10, 31), date(2026, 11, 2), 12],
    )
    file = read(*rows)
    assert file.values("source", "sub_distributor", "hospital_name", "on") == [("试商业", "青麦医药(二级)", H, None)]
    assert list(file.asked) == ["column:on"]
    assert read(*rows, answers={"column:on": "开票日期"}).values("on") == ["2026-11-02"]


def test_an_unknown_heading_is_offered_with_its_first_values():
    rows = (["医院名称", "品名", "日期", "本期流出"], [H, P, ON3, 12])
    file = read(*rows)
    assert [choice.params for choice in file.asked["column:packs"].choices] == [
        {"letter": "D", "heading": "本期流出", "examples": "12"}
    ]
    assert read(*rows, answers={"column:packs": "本期流出"}).values("packs") == [12]


def test_every_column_says_what_it_was_taken_for():
    file = read(["医院名称", "品名", "日期", "数量（件）", "业务员"], [H, P, ON3, 2, "王五"])
    got = [
        (one.letter, one.heading, one.field, one.unit, one.why, one.examples) for one in file.reading.sheets[0].columns
    ]
    assert got[3:] == [
        ("D", "数量(件)", "packs", "件", "known heading", ["2"]),
        ("E", "业务员", "", "", "not used", ["王五"]),
    ]


def test_money_without_tax_is_never_taken_for_money_unasked():
    rows = ([*HEAD, "不含税金额"], [H, P, ON3, 12, 200])
    assert (read(*rows).values("value"), list(read(*rows).asked)) == ([None], ["column:value"])
    assert read(*rows, answers={"column:value": ""}).asked == {}


# --- units --------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "cell", "expected"),
    [
        ("数量（件）", 2, ("2", "件")), ("件数", 2, ("2", "件")), ("销售件数", 2, ("2", "件")),
        ("Quantity (cases)", 2, ("2", "件")),
        ("数量", "12件", ("12", "件")), ("数量（片）", 280, ("280", "片")), ("Qty (tablets)", 280, ("280", "片")),
        ("数量[箱]", 3, ("3", "箱")), ("cartons", 3, ("3", "箱")), ("数量（件）", 1.5, ("1.5", "件")),
    ],
)  # fmt: skip
def test_a_quantity_in_another_unit_says_which(heading, cell, expected):
    file = read([*HEAD[:3], heading], [H, P, ON3, cell])
    assert file.values("quantity", "unit") == [expected]
    assert file.values("packs") == [None]


@pytest.mark.parametrize(
    ("heading", "cell", "unit"),
    [
        ("数量（盒）", 12, "盒"), ("数量(支)", 12, "支"), ("销售数量（瓶）", 12, "瓶"), ("Quantity (boxes)", 12, "盒"),
        ("Quantity (vials)", 12, "支"), ("Packs", "12盒", "盒"), ("数量", "12 瓶", "瓶"), ("支数", 12, "支"),
    ],
)  # fmt: skip
def test_of_boxes_vials_and_bottles_the_product_decides_which_is_a_pack(heading, cell, unit):
    assert read([*HEAD[:3], heading], [H, P, ON3, cell]).values("quantity", "unit") == [("12", unit)]


@pytest.mark.parametrize("heading", ["数量", "盒数", "Packs", "数量（包装单位）", "Quantity (packs)"])
def test_a_number_of_packs_needs_no_unit(heading):
    assert read([*HEAD[:3], heading], [H, P, ON3, 12]).values("packs", "quantity") == [(12, None)]


def test_a_number_without_a_unit_is_in_the_one_that_the_others_name():
    file = read(HEAD, [H, P, ON3, "12支"], [C, P, ON4, 30])
    assert file.values("quantity", "unit") == [("12", "支"), ("30", "支")]


def test_of_two_columns_that_say_the_same_the_one_that_names_its_unit_is_read():
    file = read([*HEAD[:3], "数量", "数量（盒）"], [H, P, ON3, 12, 12])
    assert (file.values("quantity", "unit"), file.asked) == ([("12", "盒")], {})


def test_targets_keep_the_unit_that_a_column_a_heading_a_cell_or_the_title_names():
    head, line = ["医院名称", "品名", "月份"], [H, P, "2027-01"]
    assert targets([*head, "单位", "指标"], [*line, "件", 2]).values("floor", "unit") == [(2, "件")]
    assert targets([*head, "指标（支）"], [*line, 2]).values("floor", "unit") == [(2, "支")]
    assert targets(["单位：件"], [*head, "指标"], [*line, 2]).values("floor", "unit") == [(2, "件")]
    assert targets(["单位：件"], [*head[:2], "2027年1月"], [H, P, 2]).values("floor", "unit") == [(2, "件")]
    assert targets([*head, "指标（盒）"], [*line, 2]).values("floor", "unit") == [(2, None)]


def test_cases_beside_packs_are_a_check():
    file = read([*HEAD[:3], "数量（件）", "数量（盒）"], [H, P, ON3, 2, 400])
    assert file.values("packs", "also") == [(400, [["件", "2"]])]


def test_a_column_of_units_counts_by_row():
    file = read([*HEAD[:3], "单位", "数量"], [H, P, ON3, "件", 2], [C, P, ON3, "盒", 30], [Z, P, ON3, "片", 280])
    assert file.values("packs", "quantity", "unit") == [(None, "2", "件"), (30, "30", "盒"), (None, "280", "片")]


def test_units_that_disagree_are_refused():
    file = read([*HEAD[:3], "数量（盒）"], [H, P, ON3, "12件"])
    assert file.refused == [(2, "D", "The unit is 盒 in one place and 件 in another.")]


def test_a_number_without_a_unit_among_others_with_one_is_asked_about():
    rows = (HEAD, [H, P, ON3, "12件"], [C, P, ON4, 30])
    file = read(*rows)
    assert list(file.asked) == ["unit"]
    assert [row for row, _, _ in file.refused] == [3]
    assert read(*rows, answers={"unit": "盒"}).values("packs", "quantity") == [(None, "12"), (30, "30")]


def test_a_unit_nobody_knows_is_asked_about():
    rows = ([*HEAD[:3], "数量（大包）"], [H, P, ON3, 2])
    assert (list(read(*rows).asked), read(*rows).values("packs")) == (["unit"], [None])
    assert read(*rows, answers={"unit": "件"}).values("quantity", "unit") == [("2", "件")]


@pytest.mark.parametrize(
    ("heading", "cell", "fen"),
    [
        ("金额（千元）", 8.6, 860_000), ("金额（万元）", 0.86, 860_000), ("金额（元）", 8600, 860_000),
        ("金额(RMB '000)", 8.6, 860_000),
        ("Value (k)", 8.6, 860_000), ("Value (10k)", 0.86, 860_000), ("金额万元", 0.86, 860_000),
        ("金额", "0.86万元", 860_000),
        ("金额", "￥8,600.00", 860_000), ("含税金额", 8600, 860_000), ("金额（百万元）", "0.0086", 860_000),
        ("金额（含税，千元）", 8.6, 860_000),
    ],
)  # fmt: skip
def test_money_is_exact_to_the_fen_in_every_unit(heading, cell, fen):
    assert read([*HEAD, heading], [H, P, ON3, 12, cell]).values("value") == [fen]


def test_a_unit_in_the_title_counts_for_columns_that_name_none():
    file = read(["单位：万元"], [*HEAD, "金额"], [H, P, ON3, 12, 0.0258])
    assert file.values("packs", "value") == [(12, 25800)]


# --- returns --------------------------------------------------


@pytest.mark.parametrize("cell", [-40, "40-", "(40)", "（40）", "－40", "−40", "负40", "红40", "-40盒", "40盒-"])
def test_every_kind_of_minus_is_a_minus(cell):
    assert read(HEAD, [H, P, ON3, 100], [H, P, date(2026, 11, 10), cell]).values("packs") == [100, -40]


@pytest.mark.parametrize(
    "word", ["销售退回", "退货", "退货入库", "冲红", "红字", "销退", "return", "Credit note", "refund"]
)
@pytest.mark.parametrize("cell", [40, -40])
def test_a_return_is_minus_once(word, cell):
    file = read(
        [*HEAD[:3], "业务类型", "数量", "金额"], [H, P, ON3, "销售", 100, 2000], [H, P, ON4, word, cell, cell * 20]
    )
    assert file.values("packs", "value") == [(100, 200_000), (-40, -80_000)]


def test_a_type_that_is_no_sale_or_unknown_is_asked_about():
    rows = (
        [*HEAD[:3], "单据类型", "数量"],
        [H, P, ON3, "销售出库", 100],
        [H, P, ON4, "调拨", 7],
        [C, P, ON4, "特批", 9],
    )
    file = read(*rows)
    assert {key: question.proposed for key, question in file.asked.items()} == {"type:调拨": "skip", "type:特批": ""}
    assert [row for row, _, _ in file.refused] == [3, 4]
    answered = read(*rows, answers={"type:调拨": "skip", "type:特批": "return"})
    assert (answered.values("packs"), answered.asked) == ([100, -9], {})
    assert "Sheet “流向”: lines left out because of their type: 1." in answered.notes


def test_a_column_of_free_words_is_not_asked_about_word_by_word():
    lines = [[H, P, ON3, n, f"发往{n}号库"] for n in range(1, 20)]
    rows = ([*HEAD, "摘要"], *lines)
    assert list(read(*rows).asked) == ["column:type"]
    assert read(*rows, answers={"column:type": ""}).values("packs") == list(range(1, 20))


@pytest.mark.parametrize("answer", [("dates", "dym"), ("type:调拨", "no"), ("year", "26"), ("hidden_rows:流向", "yes")])
def test_an_answer_that_is_not_offered_is_refused(answer):
    assert "does not answer" in refusal(HEAD, [H, P, ON3, 12], answers=dict([answer]))


def test_a_column_of_returns_is_a_line_of_its_own():
    file = read([*HEAD, "退货数量"], [H, P, ON3, 100, 5], [C, P, ON4, None, 7], [Z, P, ON4, 3, 0])
    assert [(row.row, row.values["packs"]) for row in file.rows] == [(2, 100), (2, -5), (3, -7), (4, 3)]


def test_packs_and_money_with_opposite_signs_are_refused():
    assert read([*HEAD, "金额"], [H, P, ON3, -4, 80]).refused == [(2, "E", "Packs and money have opposite signs.")]


# --- rows --------------------------------------------------


def test_hidden_rows_are_counted_and_asked_about():
    rows = (HEAD, [H, P, ON3, 12], [H, P, ON4, 500], [C, P, ON4, 30], [C, P, date(2026, 11, 5), 700])
    file = read(*rows, hidden_rows=frozenset({3, 5}))
    question = file.asked["hidden_rows:流向"]
    assert (question.params["count"], question.params["packs"], question.option) == (2, "1,200", "--hidden-rows leave")
    for answer, packs in (("leave", [12, 30]), ("take", [12, 500, 30, 700])):
        again = read(*rows, hidden_rows=frozenset({3, 5}), answers={"hidden_rows:流向": answer})
        assert (again.values("packs"), again.asked) == (packs, {})


def test_hidden_columns_that_would_be_used_are_asked_about():
    rows = ([*HEAD, "金额"], [H, P, ON3, 12, 258])
    hidden = frozenset({4})
    assert list(read(*rows, hidden_columns=hidden).asked) == ["hidden_columns:流向"]
    left = read(*rows, hidden_columns=hidden, answers={"hidden_columns:流向": "leave"})
    assert (left.values("packs", "value"), left.asked) == ([(12, None)], {})


def test_more_cells_than_headings_are_refused():
    file = read(HEAD, [H, P, "2026-11-03", "1", "200"], [C, P, "2026-11-04", "30"])
    assert file.refused == [(2, "E", "The row has more cells than headings: E 200.")]


def test_errors_and_formulas_without_a_value_are_refused_as_what_they_are():
    file = read([*HEAD, "金额"], [H, P, ON3, 12, FORMULA], [C, P, ON4, NoValue("#VALUE!"), 600], [C, P, "#REF!", 3, 60])
    assert file.refused == [
        (2, "E", "The cell is a formula without a stored value. Open the file in Excel and save it."),
        (3, "D", "The cell shows the error #VALUE!."),
        (4, "C", "The cell shows the error #REF!."),
    ]


def test_blank_group_cells_are_asked_about():
    rows = (HEAD, [H, P, ON3, 12], [None, "岚络通胶囊", ON3, 5], [C, P, ON4, 30])
    file = read(*rows)
    assert file.asked["blank_cells:hospital_name"].option == "--blank-cells above"
    assert file.refused == [(3, "A", "The cell is empty.")]
    assert read(*rows, answers={"blank_cells:hospital_name": "above"}).values("hospital_name") == [H, H, C]


def test_a_number_beside_no_name_at_all_is_never_a_line():
    above = {f"blank_cells:{name}": "above" for name in ("hospital_name", "product_name", "on")}
    file = read(HEAD, [H, P, ON3, 3], [C, P, ON3, 4], [None, None, None, 7], answers=above)
    assert [row for row, _, _ in file.refused] == [4, 4, 4]


def test_merged_names_hold_for_all_their_rows_but_merged_numbers_do_not():
    rows = (HEAD, [H, P, ON3, 12], [None, "岚络通胶囊", ON3, None])
    file = read(*rows, merged=((2, 0, 3, 0), (2, 3, 3, 3)))
    assert (file.values("hospital_name", "packs"), file.asked) == ([(H, 12), (H, None)], {})
    assert file.refused == [(3, "D", "The cell is empty.")]


@pytest.mark.parametrize(
    "row",
    [
        ["合计：", None, None, 42], [None, "总 计（盒）", None, 42], ["本页小计", None, None, 42],
        ["Total", None, None, 42],
        ["Sub-total", None, None, "42"], ["累计", None, None, 42], [f"{C} 小计", None, None, 30],
        [f"{C}小计", None, None, 30],
        ["合计：42盒", None, None, None], [None, None, "总计", 42], ["Grand total", None, None, 42.0],
    ],
)  # fmt: skip
def test_totals_are_known_in_every_column_and_compared(row):
    file = read(HEAD, [H, P, ON3, 12], [f"{H}小计", None, None, 12], [C, P, ON4, 30], row)
    assert file.values("packs") == [12, 30]
    assert [agrees for *_, agrees in file.totals] == [True, True]
    assert not file.asked


def test_names_that_begin_like_a_total_are_names():
    file = read(
        HEAD, [H, P, ON3, 12], ["合计大药房", P, ON3, 3], ["总和医院", P, ON3, 3], ["Total Care Hospital", P, ON3, 1]
    )
    assert file.values("packs") == [12, 3, 3, 1]


def test_page_totals_and_signatures_are_said():
    file = read(
        ["序号", *HEAD], [1, H, P, ON3, 12], [None, "小计", None, None, 12], [2, C, P, ON4, 30],
        ["本页小计", None, None, None, 30], ["总 计（盒）", None, None, None, 42],
        ["制表人：王五", None, None, "审核：", None],
        ["第1页/共3页"], ["打印日期：2026-12-01"], ["备注：以上为初稿"],
    )  # fmt: skip
    assert (file.values("packs"), file.asked, file.refused) == ([12, 30], {}, [])
    counts = file.reading.sheets[0].counts
    assert (counts.lines, counts.totals, counts.footers) == (2, 3, 4)


def test_a_row_that_is_neither_line_nor_total_is_refused():
    assert read(HEAD, [H, P, ON3, 12], ["以上数据仅供参考"]).refused != []


def test_a_total_that_does_not_match_is_asked_about():
    rows = (HEAD, [H, P, ON3, 12], [C, P, ON4, 30], ["合计", None, None, 542])
    file = read(*rows)
    params = file.asked["totals"].params
    assert (params["row"], params["stated"], params["computed"], params["difference"]) == (4, "542", "42", "+500")
    assert read(*rows, answers={"totals": "accept"}).asked == {}


def test_a_repeated_heading_is_left_out_and_said():
    file = read(HEAD, [H, P, ON3, 12], HEAD, [C, P, ON4, 30])
    assert file.values("packs") == [12, 30]
    assert "Sheet “流向”: repeated heading rows left out: 3." in file.notes


# --- codes and texts --------------------------------------------------


def test_long_numbers_that_excel_has_shortened_are_refused():
    file = read(
        [*HEAD, "单据号"],
        [H, P, ON3, 12, "2.02611E+14"],
        [H, P, ON3, 12, 2.0261103e17],
        [H, P, ON3, 1, "20261103000000001234"],
    )
    assert [(row, letter) for row, letter, _ in file.refused] == [(2, "E"), (3, "E")]
    assert "Excel has shortened" in file.refused[0][2] or "shortened" in file.refused[0][2]


def test_texts_that_excel_was_kept_from_changing_are_read():
    file = read(
        ["医院编码", "品名", "日期", "数量", "单据号"],
        ['="H001"', P, "2026-11-03\t", "12\t", '="00123"'],
        ["007", P, ON3, 1, "7"],
    )
    assert file.values("hospital_code", "on", "packs", "document") == [
        ("H001", "2026-11-03", 12, "00123"),
        ("007", "2026-11-03", 1, "7"),
    ]


def test_line_breaks_and_full_width_are_read():
    file = read(
        ["医院\n名称", "品名\n（规格）", "销售\n日期", "数量\n(盒)"],
        [f" {C}　", P, "２０２６－１１－０４", "３０"],
        [H, P, ON3, "１２\xa0"],
    )
    assert file.values("hospital_name", "on", "packs") == [(C, "2026-11-04", 30), (H, "2026-11-03", 12)]


# --- dates --------------------------------------------------

CLEAR = [
    ON3, "2026年11月3日 星期二", "2026-11-03 00:00:00.000", "2026-11-03T08:00:00+08:00", "2026.11.3",
    "2026 年 11 月 3 日",
    "2026-11-03上午", "二〇二六年十一月三日", "3-Nov-2026", "Nov 3, 2026", "2026-11-02T23:30:00Z", 46329, "46329",
    "20261103",
    "2026/11/3 14:05", "2026年11月3日（二）", "03 November 2026", "2026-11-03T00:00:00", "2026-11-03 9:30 AM",
]  # fmt: skip


@pytest.mark.parametrize("cell", CLEAR)
def test_a_clear_date_is_read(cell):
    assert read(HEAD, [H, P, cell, 1]).values("on") == ["2026-11-03"]


def test_an_ambiguous_date_is_asked_once_and_the_answer_holds_for_the_column():
    rows = (HEAD, [H, P, "11/3/2026", 1], [H, P, "3/11/2026", 2], [H, P, "26-11-3", 3], [H, P, "20261131", 4])
    file = read(*rows)
    assert list(file.asked) == ["dates"]
    assert [row for row, _, _ in file.refused] == [2, 3, 4, 5]
    assert read(*rows, answers={"dates": "mdy"}).values("on") == ["2026-11-03", "2026-03-11", None, None]
    assert read(*rows, answers={"dates": "dmy"}).values("on") == ["2026-03-11", "2026-11-03", None, None]


def test_dates_that_prove_their_order_need_no_question():
    file = read(HEAD, [H, P, "11/3/2026", 1], [H, P, "25/3/2026", 2])
    assert (file.values("on"), file.asked) == (["2026-03-11", "2026-03-25"], {})


def test_real_dates_among_ambiguous_texts_prove_nothing():
    assert "dates" in read(HEAD, [H, P, ON3, 1], [H, P, "25/3/2026", 2]).asked


@pytest.mark.parametrize("cell", ["11月3日", "11月03日"])
def test_a_day_without_a_year_takes_it_from_the_title_or_asks(cell):
    assert list(read(HEAD, [H, P, cell, 1]).asked) == ["year"]
    assert read(HEAD, [H, P, cell, 1], answers={"year": "2026"}).values("on") == ["2026-11-03"]
    assert read(["2026年流向"], HEAD, [H, P, cell, 1]).values("on") == ["2026-11-03"]
    assert list(read(["2025年、2026年流向"], HEAD, [H, P, cell, 1]).asked) == ["year"]


def test_months_without_a_year_are_asked_about():
    rows = (["医院名称", "品名", "月份", "数量"], [H, P, 11, 1200], [C, P, "11月", 300])
    assert list(read(*rows).asked) == ["year"]
    assert read(*rows, answers={"year": "2026"}).values("month") == ["2026-11-01", "2026-11-01"]


@pytest.mark.parametrize(
    "about", [{"title": "2026年11月流向"}, {"name": "2026年11月"}, {"file": "流向2026-11.xlsx"},
    {"name": "11月", "file": "2026年.xlsx"},
              {"title": "2026年11月1日至2026年11月30日"}],
)  # fmt: skip
def test_a_month_that_only_the_title_names_makes_lines_of_the_month(about):
    about = dict(about)
    title = [[about.pop("title")]] if "title" in about else []
    file = read(*title, ["医院名称", "品名", "数量"], [H, P, 1200], **about)
    assert (file.values("month", "packs"), file.asked) == ([("2026-11-01", 1200)], {})
    assert any("lines of 2026-11" in note for note in file.notes)


@pytest.mark.parametrize(
    "title", ["2026年10月-11月流向", "2026年1-11月流向", "2026年10月至12月", "2026年第四季度流向", "2026年11月累计"]
)
def test_a_title_of_several_months_is_no_month(title):
    assert list(read([title], ["医院名称", "品名", "数量"], [H, P, 1200]).asked) == ["period"]


def test_a_code_of_the_customer_goes_with_its_name():
    file = read(["客户编码", "客户名称", "终端名称", "品名", "日期", "数量"], ["C1", "甲商业", H, P, ON3, 3])
    assert file.values("sub_distributor_code", "sub_distributor", "hospital_code") == [("C1", "甲商业", None)]


def test_a_column_without_a_heading_is_said():
    file = read(["医院名称", "品名", None, "日期", "数量"], [H, P, "x", ON3, 3])
    assert file.notes == ["Sheet “流向”: these columns have no heading and are not used: C."]


def test_without_any_date_the_month_is_asked_for():
    rows = (["医院名称", "品名", "数量"], [H, P, 1200])
    assert read(*rows).asked["period"].option == "--period 2026-11"
    assert read(*rows, answers={"period": "2026-11"}).values("month") == ["2026-11-01"]


def test_a_date_formatted_as_a_month_is_a_month():
    assert read(HEAD, [H, P, MonthCell(date(2026, 11, 1)), 5]).values("on") == ["2026-11"]


# --- numbers --------------------------------------------------


def test_a_decimal_comma_is_known_by_its_thousands():
    head = ["Hospital code", "Product code", "Date", "Packs", "Value (yuan)"]
    file = read(head, ["H001", "P1", "03.11.2026", "12", "1.234,50"], answers={"dates": "dmy"})
    assert (file.values("on", "packs", "value"), file.asked) == ([("2026-11-03", 12, 123_450)], {})


def test_a_decimal_mark_that_nothing_proves_is_asked_about():
    rows = ([*HEAD, "金额"], [H, P, ON3, 12, "1.234"])
    assert (list(read(*rows).asked), read(*rows).values("value")) == (["decimal"], [None])
    assert read(*rows, answers={"decimal": "comma"}).values("value") == [123_400]
    assert read(*rows, answers={"decimal": "point"}).values("value") == [123]


@pytest.mark.parametrize("cell", ["1,2 00", 12.5, "12.5", "15%", "1,20", "12+3", "-(40)", "约12", True, "3E+05"])
def test_what_is_no_whole_number_of_packs_is_refused(cell):
    file = read(HEAD, [H, P, ON3, cell], [C, P, ON3, "1,200"])
    assert [(row, letter) for row, letter, _ in file.refused][:1] == [(2, "D")]


# --- targets --------------------------------------------------


def test_months_across_take_their_year_from_the_title():
    months = [f"{month}月" for month in range(1, 13)]
    file = targets(["2027年度销售指标（盒）"], ["医院名称", "品名", *months, "全年合计"], [H, P, *[100] * 12, 1200])
    assert file.values("month", "floor") == [(f"2027-{month:02}-01", 100) for month in range(1, 13)]
    assert file.totals == [(3, 1200, 1200, True)]
    assert list(targets(["医院名称", "品名", *months], [H, P, *[100] * 12]).asked) == ["year"]


@pytest.mark.parametrize(
    "heading", ["指标", "任务", "任务量", "计划", "目标", "目标（盒）", "指标数量", "Target", "quota", "月度指标"]
)
def test_targets_go_by_many_names(heading):
    assert targets(["医院名称", "品名", "月份", heading], [H, P, "2027-01", 100]).values("month", "floor") == [
        ("2027-01-01", 100)
    ]


@pytest.mark.parametrize(
    "heading", ["去年同期", "上年实际", "2025年销量", "同比", "实际", "完成", "达成率", "Actual", "LY"]
)
def test_last_years_actuals_are_never_targets(heading):
    file = targets(["医院名称", "品名", "月份", heading, "目标"], [H, P, "2027-01", 80, 100])
    assert (file.values("floor"), file.asked) == ([100], {})


@pytest.mark.parametrize("heading", ["目标（万元）", "指标(元)", "Target (RMB '000)"])
def test_a_target_in_money_is_refused(heading):
    assert "packs are needed" in refusal(["医院名称", "品名", "月份", heading], [H, P, "2027-01", 100], kind="targets")
    across = ["医院名称", "品名", "2027年1月（万元）"]
    assert "packs are needed" in refusal(across, [H, P, 100], kind="targets")
    assert "money" in refusal(["2027年度指标（万元）"], ["医院名称", "品名", "2027年1月"], [H, P, 100], kind="targets")


def test_quarters_beside_months_are_compared_and_alone_asked_about():
    beside = targets(
        ["医院名称", "品名", "2027年1月", "2027年2月", "2027年3月", "Q1合计", "2027年一季度"],
        [H, P, 100, 110, 120, 330, 331],
    )
    assert beside.values("floor") == [100, 110, 120]
    assert beside.totals == [(2, 330, 330, True), (2, 331, 330, False)]
    alone = targets(["医院名称", "品名", "2027年Q1"], [H, P, 330])
    assert (alone.values("quarter", "floor"), list(alone.asked)) == ([("2027-Q1", 330)], ["quarters"])


@pytest.mark.parametrize(
    "headings",
    [
        (date(2027, 1, 1), date(2027, 2, 1)), (MonthCell(date(2027, 1, 1)), MonthCell(date(2027, 2, 1))),
        ("Jan-27", "Feb-27"),
        ("2027-01", "2027-02"), ("2027年1月", "2027年2月"), (202701, 202702), ("2027年1月目标", "2027年2月目标"),
        ("Jan 2027", "Feb 2027"),
    ],
)  # fmt: skip
def test_months_stand_across_in_many_spellings(headings):
    file = targets(["医院名称", "品名", *headings], [H, P, 100, 0], [C, P, None, "-"])
    assert file.values("hospital_name", "month", "floor") == [(H, "2027-01-01", 100), (H, "2027-02-01", 0)]


def test_of_target_and_actual_only_the_target_is_taken():
    two = targets(
        ["医院名称", "品名", "2027年1月", None, "2027年2月", None], [None, None, "目标", "实际", "目标", "实际"],
        [H, P, 100, 80, 110, 90],
        merged=((1, 2, 1, 3), (1, 4, 1, 5)),
    )  # fmt: skip
    assert two.values("month", "floor") == [("2027-01-01", 100), ("2027-02-01", 110)]
    one = targets(["医院名称", "品名", "2027年1月 实际", "2027年1月 目标"], [H, P, 80, 100])
    assert one.values("month", "floor") == [("2027-01-01", 100)]


def test_a_year_of_actuals_beside_a_year_of_targets_is_not_taken():
    file = targets(
        ["医院名称", "品名", "2026年实际", None, "2027年目标", None], [None, None, "1月", "2月", "1月", "2月"],
        [H, P, 80, 90, 100, 110], merged=((1, 2, 1, 3), (1, 4, 1, 5)),
    )  # fmt: skip
    assert file.values("month", "floor") == [("2027-01-01", 100), ("2027-02-01", 110)]


def test_bad_targets_are_refused_by_cell():
    rows = [[H, P, "2027-01", 0.15], [H, P, "2027-02", -5], [H, P, "2027-03", "1,2 00"], [H, P, "2027-04", "15%"]]
    file = targets(["医院名称", "品名", "月份", "目标"], *rows)
    assert [(row, letter) for row, letter, _ in file.refused] == [(2, "D"), (3, "D"), (4, "D"), (5, "D")]


# --- sheets, remarks, what no file may carry --------------------------------------------------


def test_detail_and_summary_of_the_same_packs_are_asked_about():
    summary = Sheet("汇总", False, [["医院名称", "品名", "月份", "数量"], [H, P, "2026-11", 12], [C, P, "2026-11", 30]])
    rows = (HEAD, [H, P, "2026-11-03", 12], [C, P, "2026-11-04", 30])
    file = read(*rows, name="明细", more=[summary])
    params = file.asked["sheet:汇总"].params
    assert (params["packs"], params["other"], params["other_packs"]) == ("42", "明细", "42")
    left = read(*rows, name="明细", more=[summary], answers={"sheet:汇总": "leave"})
    assert (left.values("packs"), left.asked) == ([12, 30], {})


def test_a_sheet_a_month_is_read_whole():
    october = Sheet("10月", False, [HEAD, [H, P, "2026-10-08", 50]])
    file = read(HEAD, [H, P, "2026-11-03", 12], name="11月", more=[october])
    assert (file.values("on", "packs"), file.asked) == ([("2026-11-03", 12), ("2026-10-08", 50)], {})


def test_sheets_without_a_heading_are_said_and_hidden_ones_with_lines_asked_about():
    notes = Sheet("说明", False, [["本表由系统导出"]])
    hidden = Sheet("旧", True, [HEAD, [C, P, "2026-10-08", 50]])
    file = read(HEAD, [H, P, ON3, 12], more=[notes, hidden])
    assert (file.values("packs"), list(file.asked)) == ([12], ["sheet:旧"])
    assert "Sheet “说明” has no header row and was left out." in file.notes
    both = read(HEAD, [H, P, ON3, 12], more=[notes, hidden], answers={"sheet:旧": "take"})
    assert both.values("packs") == [12, 50]


@pytest.mark.parametrize("heading", ["处方量", "處方量", "提成", "Ｃｏｍｍｉｓｓｉｏｎ"])
def test_a_forbidden_heading_refuses_the_file_in_every_heading_row(heading):
    assert heading in refusal([*HEAD, heading], [H, P, ON3, 12, 9]) or "whole file" in refusal(
        [*HEAD, heading], [H, P, ON3, 12, 9]
    )
    upper = ["医院名称", "品名", "日期", "销售", heading]
    assert "whole file" in refusal(
        upper, [None, None, None, "数量", "数量"], [H, P, ON3, 12, 9], merged=((1, 0, 2, 0),)
    )
    assert "whole file" in refusal(HEAD, [H, P, ON3, 12], name=heading)


def test_the_signature_is_of_the_headings_not_of_title_or_sheet():
    one = read(["2026年11月流向"], HEAD, [H, P, ON3, 12], name="11月")
    two = read(["2026年12月流向"], [], HEAD, [C, P, date(2026, 12, 4), 3], name="12月")
    other = read([*HEAD, "金额"], [H, P, ON3, 12, 1], name="11月")
    assert one.reading.signature == two.reading.signature != other.reading.signature


# --- what would be wrong in silence --------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("方向", ("出库", "退货")),
        ("销售/退货", ("销售", "退货")),
        ("业务", ("销售", "冲红")),
        ("状态", ("正常", "已作废")),
    ],
)
def test_a_column_that_tells_returns_from_sales_is_asked_about_whatever_its_heading(heading, words):
    rows = ([*HEAD, heading], [H, P, ON3, 12, words[0]], [C, P, ON4, 30, words[1]])
    assert list(read(*rows).asked) == ["column:type"]
    assert read(*rows, answers={"column:type": ""}).values("packs") == [12, 30]
    answered = read(*rows, answers={"column:type": heading})
    assert answered.asked.keys() <= {"type:已作废"}
    assert 30 not in answered.values("packs") or answered.asked


@pytest.mark.parametrize("title", ["2026年实际销量", "2026年各医院流向", "2026 actual sales"])
def test_actual_sales_of_months_are_never_taken_for_targets(title):
    assert "actual sales" in refusal([title], ["医院名称", "品名", "1月"], [H, P, 80], kind="targets", name="Sheet1")
    file = targets([f"{title} 与 2027年指标"], ["医院名称", "品名", "2027年1月"], [H, P, 80])
    assert file.values("floor") == [80]


def test_a_total_above_the_heading_is_compared():
    rows = (["合计", None, None, 43], HEAD, [H, P, ON3, 12], [C, P, ON4, 30])
    assert read(*rows).totals == [(1, 43, 42, False)]


@pytest.mark.parametrize("mark", ["〃", "同上", '"', "ditto"])
def test_ditto_marks_are_asked_about_like_empty_cells(mark):
    rows = (HEAD, [H, P, ON3, 12], [mark, "岚络通胶囊", mark, 5])
    assert list(read(*rows).asked) == ["blank_cells:hospital_name", "blank_cells:on"]
    above = {"blank_cells:hospital_name": "above", "blank_cells:on": "above"}
    assert read(*rows, answers=above).values("hospital_name", "on", "packs") == [
        (H, "2026-11-03", 12), (H, "2026-11-03", 5),
    ]  # fmt: skip


@pytest.mark.parametrize("words", [f"{P}（小计）", "(小计)", "【小计】", f"{P} [小计]"])
def test_a_total_in_brackets_is_a_total(words):
    file = read(HEAD, [H, P, ON3, 12], [H, words, None, 12])
    assert (file.values("packs"), file.asked, [agrees for *_, agrees in file.totals]) == ([12], {}, [True])


@pytest.mark.parametrize("cell", ["40CR", "40 DR"])
def test_credit_and_debit_are_no_units(cell):
    assert "is not a unit of packs" in read(HEAD, [H, P, ON3, cell]).refused[0][2]


def test_a_converted_quantity_beside_another_is_asked_about():
    assert list(read([*HEAD, "换算数量"], [H, P, ON3, 2, 400]).asked) == ["column:packs"]


def test_quarters_are_divided_only_by_a_persons_word_and_never_for_sales():
    rows = (["医院名称", "品名", "2027年Q1"], [H, P, 330])
    assert targets(*rows, answers={"quarters": "refuse"}).refused == [(2, "C", "This is a whole quarter, not a month.")]
    months = targets(*rows, answers={"quarters": "divide"}).values("month", "quarter", "floor")
    assert months == [(f"2027-0{n}-01", "2027-Q1", 330) for n in (1, 2, 3)]
    assert {row for row, _, _ in read(*rows, answers={"quarters": "divide"}).refused} == {2}


@pytest.mark.parametrize("heading", ["零头（盒）", "零散盒数", "Loose packs"])
def test_loose_packs_beside_whole_cases_are_never_left_out(heading):
    assert "holds what is left over" in refusal([*HEAD[:3], "件数", heading], [H, P, ON3, 2, 15])


def test_a_year_apart_from_its_month_is_never_one_answer_for_all_rows():
    rows = (["医院名称", "品名", "年", "月", "数量"], [H, P, 2025, 12, 5], [H, P, 2026, 1, 6])
    assert "holds the year" in refusal(*rows)
    assert "holds the year" in refusal(*rows, answers={"year": "2026"})
    with_day = (["医院名称", "品名", "年份", "销售日期", "数量"], [H, P, 2026, ON3, 5])
    assert read(*with_day).values("on", "packs") == [("2026-11-03", 5)]
