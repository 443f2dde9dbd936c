"""Files that say, beside the numbers themselves, that these are something else: asked about or refused, never taken."""

from datetime import date

import pytest

from repcrm.core.errors import BadInput
from tests.unit.imports.test_file_cases import HEAD, ON3, ON4, C, H, P, read, refusal, targets

LINES = ([H, P, ON3, 100], [C, P, ON4, 40])
ACROSS = (["医院名称", "品名", "1月", "2月"], [H, P, 100, 110])


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("是否退货", ("否", "是")), ("红蓝标识", ("蓝", "红")), ("是否作废", ("否", "是")), ("收发标志", ("发", "收")),
        ("状态", ("已审核", "拒收")), ("币种", ("USD", "USD")), ("公司", ("甲医药", "乙医药")),
        ("院区", ("东院区", "本部")), ("含量", ("10mg", "5mg")), ("项目", ("数量", "金额")), ("促销数量", (2, 5)),
    ],
)  # fmt: skip
def test_a_column_that_may_change_what_a_line_means_is_asked_about(heading, cells):
    rows = [[*line, cell] for line, cell in zip(LINES, cells, strict=True)]
    file = read([*HEAD, heading], *rows)
    assert file.asked["unused"].examples[0].startswith(f"E {heading}: ")
    assert read([*HEAD, heading], *rows, answers={"unused": "leave"}).asked == {}


@pytest.mark.parametrize("heading", ["业务员", "单价", "有效期至", "生产厂家", "去年同期", "序号", "Unit price"])
def test_a_column_that_never_does_is_only_noted(heading):
    file = read([*HEAD, heading], *([*line, "x"] for line in LINES))
    assert (file.asked, file.notes) == ({}, [f"Sheet “流向”: these columns are not used: E {heading}."])


def test_a_column_without_a_heading_is_asked_about():
    file = read([*HEAD, None, "备注"], [*LINES[0], None, "a"], [*LINES[1], "退货", "b"])
    assert "unused:流向" in file.asked


@pytest.mark.parametrize("beside", ["金额", "退货数量"])
def test_amounts_beside_months_across_are_asked_about(beside):
    file = read(["医院名称", "品名", "2026年11月销量", beside], [H, P, 100, 10])
    assert "unused" in file.asked


@pytest.mark.parametrize("title", [
    "11月销售退货明细表", "销售退回单", "采购入库明细", "要货计划", "库存明细", "调拨明细", "赠品发放明细",
    "订单（未发货）", "样品领用", "11月流向（作废）", "去年同期流向",
])  # fmt: skip
def test_a_title_that_speaks_of_no_sales_is_asked_about(title):
    assert "title:流向" in read([title], HEAD, *LINES).asked


def test_a_sheet_of_returns_counts_as_negative_once_a_person_has_said_so():
    file = read(["销售退回单"], HEAD, *LINES, answers={"title:流向": "return"})
    assert (file.values("packs"), file.asked) == ([-100, -40], {})
    assert read(["销售退回单"], HEAD, *LINES, answers={"title": "sale"}).values("packs") == [100, 40]


@pytest.mark.parametrize(
    "title", ["2026年11月流向表", "进销存明细：销售与库存", "销售出库单", "Sales and stock, November 2026"]
)
def test_a_title_of_sales_is_not(title):
    assert read([title], HEAD, *LINES).asked == {}


@pytest.mark.parametrize("note", ["备注：以下为退货", "说明：二、退货明细", "注：单位：件"])
def test_a_note_in_between_that_may_change_the_lines_below_it_is_refused(note):
    file = read(HEAD, LINES[0], [note], LINES[1])
    assert {row for row, _letter, _words in file.refused} == {3}


def test_a_line_whose_first_cell_repeats_a_title_is_a_line():
    file = read(["客户", H], HEAD, [H, P, ON3, "12盒(含赠2)"], [C, P, ON4, 5])
    assert [row for row, _letter, _words in file.refused] == [3]


def test_a_complete_line_beside_the_word_of_a_total_is_refused():
    rows = [*HEAD, "开票方式"], [*LINES[0], "单票"], [C, P, ON4, 100, "汇总"]
    assert [row for row, _letter, _words in read(*rows, answers={"unused": "leave"}).refused] == [3]


@pytest.mark.parametrize(("title", "packs"), [
    ("单位：件", "3"), ("数量单位为件", "3"), ("2026年11月流向（数量：件，金额：万元）", "3"), ("数量以件计", "3"),
])  # fmt: skip
def test_the_unit_of_a_title_is_understood(title, packs):
    file = read([title], HEAD, [H, P, ON3, 3])
    assert file.values("quantity", "unit") == [(packs, "件")]


@pytest.mark.parametrize("title", ["单位：万盒", "单位：千盒", "单位：万片"])
def test_a_unit_of_a_title_that_is_not_known_is_asked_about(title):
    assert "unit" in read([title], HEAD, *LINES).asked


def test_money_in_another_currency_is_left_out_or_not_imported():
    rows = ["Sales November 2026, currency: USD"], [*HEAD, "金额"], [*LINES[0], 2150]
    assert "column:value" in read(*rows).asked
    assert read(*rows, answers={"column:value": ""}).values("packs", "value") == [(100, None)]


@pytest.mark.parametrize("title", ["2026年销售额（元）", "单位：万元", "金额"])
def test_money_across_is_never_packs(title):
    assert "money" in refusal([title], ["医院名称", "品名", "2026年10月", "2026年11月"], [H, P, 258, 645])


@pytest.mark.parametrize("title", ["2027年度销售额指标", "2027年指标 万元"])
def test_targets_in_money_are_never_packs(title):
    with pytest.raises(BadInput, match="money"):
        targets([title], *ACROSS)


@pytest.mark.parametrize("title", [
    "2026.09-2026.11流向", "2026-09-2026-11", "Jan - Nov 2026", "Oct & Nov 2026", "2026年9月1日-11月20日",
    "截至2026年11月",
    "2026年10月26日至2026年11月25日",
])  # fmt: skip
def test_a_title_of_several_months_does_not_date_the_lines(title):
    assert "period" in read([title], ["医院名称", "品名", "数量"], [H, P, 100]).asked


def test_the_day_a_file_was_made_is_not_the_year_of_its_months():
    assert "year" in targets(["下发日期 2026年12月20日"], *ACROSS).asked


def test_months_that_go_over_the_turn_of_a_year_are_refused():
    with pytest.raises(BadInput, match="not in order"):
        targets(["2027年指标"], ["医院名称", "品名", "11月", "12月", "1月"], [H, P, 1, 2, 3])


def test_months_of_another_year_than_the_title_of_targets_are_refused():
    with pytest.raises(BadInput, match="of another year"):
        targets(["2027年指标"], ["医院名称", "品名", "2026年11月", "2027年1月"], [H, P, 80, 100])


def test_cumulative_months_are_asked_about():
    assert "title:指标" in targets(["2027年累计指标"], *ACROSS).asked


def test_weeks_as_headings_are_no_months():
    head = ["医院名称", "品名", date(2026, 10, 26), date(2026, 11, 2)]
    assert "column:packs" in read(head, [H, P, 50, 60]).asked


@pytest.mark.parametrize("cell", [2026.1, "Nov-03", "Nov 25"])
def test_a_month_that_may_be_another_is_refused(cell):
    assert read(HEAD, [H, P, cell, 100]).refused


def test_returns_beside_purchases_are_asked_about():
    rows = ["医院名称", "品名", "日期", "期初", "购进", "退货", "销售", "期末"], [H, P, ON3, 100, 50, 20, 30, 100]
    assert "column:returned" in read(*rows).asked
    assert read(*rows, answers={"column:returned": ""}).values("packs") == [30]


@pytest.mark.parametrize("heading", ["零盒", "散盒数量"])
def test_packs_beside_cases_are_never_left_out(heading):
    assert "left over" in refusal(["医院名称", "品名", "日期", "件数", heading], [H, P, ON3, 2, 15])


def test_twelve_thousand_may_be_twelve_where_days_are_written_with_dots():
    assert "decimal" in read(HEAD, [H, P, "03.11.2026", "12,000"]).asked


def test_a_converted_quantity_is_in_packs_whatever_the_column_of_units_says():
    rows = ["医院名称", "品名", "日期", "单位", "数量", "折算数量"], [H, P, ON3, "件", 2, 400]
    assert read(*rows, answers={"column:packs": "折算数量"}).values("packs") == [400]
