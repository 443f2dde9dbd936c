"""The columns of the grid and its sums."""

from hypothesis import given
from hypothesis import strategies as st

from repcrm.core.periods import Period
from repcrm.core.workdays import WorkCalendar
from repcrm.targets.grid import Range
from repcrm.targets.totals import ColumnKind, add_up, columns_of, differences, figures, spread_range, value_of

CALENDAR = WorkCalendar([])
HALF = Period.parse("2026-H2")
NOVEMBER = Period.parse("2026-11")


def names(columns):
    return [str(column.period) for column in columns]


def test_a_half_year_has_months_quarter_sums_and_a_total():
    assert names(columns_of(HALF)) == [
        "2026-07", "2026-08", "2026-09", "2026-Q3", "2026-10", "2026-11", "2026-12", "2026-Q4", "2026-H2",
    ]  # fmt: skip


def test_a_quarter_needs_no_sum_beside_its_total():
    columns = columns_of(Period.parse("2026-Q4"))
    assert names(columns) == ["2026-10", "2026-11", "2026-12", "2026-Q4"]
    assert columns[-1].kind is ColumnKind.TOTAL


def test_a_month_opens_into_its_weeks():
    columns = columns_of(Period.parse("2026-Q4"), NOVEMBER)
    assert names(columns)[2:8] == ["2026-W44", "2026-W45", "2026-W46", "2026-W47", "2026-W48", "2026-W49"]
    row = figures(columns, {NOVEMBER: 2100}, CALENDAR)
    assert row == [None, 2100, 0, 500, 500, 500, 500, 100, None, 2100]


def test_nothing_assigned_is_nothing_and_not_0():
    assert figures(columns_of(Period.parse("2026-Q4")), {}, CALENDAR) == [None] * 4


def test_sums_and_differences():
    assert add_up([{NOVEMBER: 3}, {}, {NOVEMBER: 4}]) == {NOVEMBER: 7}
    assert differences([10, None, 5], [4, 9, None]) == [6, None, 5]


def test_money_is_packs_at_the_price_of_each_month():
    december = NOVEMBER.next()
    assert value_of({NOVEMBER: 3, december: 4}, {NOVEMBER: 5000, december: 5100}) == 35_400
    assert value_of({NOVEMBER: 3, december: 4}, {december: 5100}) is None
    assert value_of({NOVEMBER: 0}, {}) == 0


@given(st.integers(0, 50_000), st.integers(0, 10_000), st.lists(st.integers(0, 40), min_size=6, max_size=6))
def test_a_spread_range_adds_up_and_no_stretch_falls_below_its_floor(floor, more, weights):
    spread = spread_range(Range(floor, floor + more), dict(zip(HALF.months(), weights, strict=True)))
    assert sum(month.floor_packs for month in spread.values()) == floor
    assert sum(month.stretch_packs for month in spread.values()) == floor + more
    assert all(month.floor_packs <= month.stretch_packs for month in spread.values())
