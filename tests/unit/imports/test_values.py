"""Cells as Excel and people write them."""

from datetime import date

import pytest

from repcrm.core.errors import BadInput
from repcrm.imports import values
from repcrm.imports.roster import roster, slots_of

NOVEMBER_3 = [
    date(2026, 11, 3), 46329, "46329", 46329.5, "2026/11/3", "2026-11-03", "2026.11.3", "2026年11月3日",
    20261103, "20261103",
    "２０２６／１１／３", "2026-11-03 00:00:00", "3 Nov 2026", "03-Nov-2026",
]  # fmt: skip


@pytest.mark.parametrize("cell", NOVEMBER_3)
def test_a_day_is_read_however_it_is_written(cell):
    assert values.day(cell) == "2026-11-03"


@pytest.mark.parametrize("cell", ["2026-11", "2026/11", "2026年11月", "2026年11月份", 202611, "Nov 2026", *NOVEMBER_3])
def test_a_month_is_read_however_it_is_written(cell):
    assert values.month(cell) == "2026-11-01"


@pytest.mark.parametrize("cell", ["11/3/2026", "2026-13-01", "2026-02-30", "soon", 12, True, "3026-01-01"])
def test_what_is_no_day_is_refused(cell):
    with pytest.raises(BadInput):
        values.day(cell)


def test_a_day_or_month_keeps_which_it_was():
    assert values.day_or_month("2026-11") == "2026-11"
    assert values.day_or_month("2026-11-03") == "2026-11-03"


@pytest.mark.parametrize(
    ("cell", "packs"),
    [
        (120, 120), (120.0, 120), ("1,200", 1200), ("１，２００", 1200), ("１２", 12), ("(120)", -120), ("−120",
        -120), ("－120", -120),
        ("12盒", 12), ("1.2万", 12000), (" 7 ", 7),
    ],
)  # fmt: skip
def test_packs_are_read_however_they_are_written(cell, packs):
    assert values.packs(cell) == packs


@pytest.mark.parametrize("cell", ["12.5", 12.5, "1,20", "twelve", "1e400", "NaN", "∞", True, date(2026, 1, 1), 10**12])
def test_what_is_no_number_of_packs_is_refused(cell):
    with pytest.raises(BadInput):
        values.packs(cell)


@pytest.mark.parametrize(
    ("cell", "fen"), [("¥1,234.50", 123450), (0.1, 10), ("1234.5元", 123450), (-3, -300), (19.999, 2000)]
)
def test_yuan_become_fen(cell, fen):
    assert values.money(cell) == fen


def test_a_percentage_is_a_part():
    assert float(values.number("45%")) == 0.45


@pytest.mark.parametrize("cell", [None, "", "  ", "-", "—", "N/A", "　"])
def test_dashes_and_spaces_are_empty(cell):
    assert values.is_empty(cell)


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("周一上午；周三下午", "1am 3pm"), ("Mon AM; Wed PM", "1am 3pm"), ("周一、三上午", "1am 3am"),
        ("星期五", "5am 5pm"),
        ("周一至周三晚间", "1eve 2eve 3eve"), ("礼拜二全天", "2am 2pm"), ("Monday morning and Friday evening",
        "1am 5eve"),
    ],
)  # fmt: skip
def test_a_roster_is_read_however_it_is_written(cell, written):
    assert roster(cell) == written


def test_a_roster_of_other_words_is_refused():
    with pytest.raises(BadInput):
        roster("sometimes")


def test_the_slots_of_a_roster_are_weekdays_and_parts():
    assert slots_of("1am 3pm") == [(1, "am"), (3, "pm")]


@pytest.mark.parametrize("cell", ["9e999999万", "1e400", "1e-999999", "9" * 5_000, "sNaN", "∞"])
def test_a_number_of_endless_digits_is_refused(cell):
    for read in (values.number, values.money, values.whole()):
        with pytest.raises(BadInput):
            read(cell)


def test_digits_that_python_does_not_read_are_no_day():
    with pytest.raises(BadInput):
        values.day("፩፩፩፩፩")


def test_money_is_what_a_column_holds():
    assert values.money("21474836.47") == 2**31 - 1
    with pytest.raises(BadInput):
        values.money("21474836.48")
