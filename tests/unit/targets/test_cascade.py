"""The cascade from years to days, with the Chinese calendar."""

from datetime import date, timedelta
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repcrm.core.errors import RuleBroken
from repcrm.core.periods import Period, PeriodKind
from repcrm.core.workdays import DayKind, SpecialDay, WorkCalendar
from repcrm.organisation.shipped import shipped_days
from repcrm.targets.cascade import (
    Segment,
    even,
    like_last_year,
    like_run_rate,
    segments,
    share_by_working_days,
    slice_days,
    slice_month,
    slices_of,
    spread,
    sum_of_months,
    week_packs,
)

CHINA = WorkCalendar(shipped_days("CN"))
month = Period.parse
months = st.builds(lambda year, number: Period(PeriodKind.MONTH, date(year, number, 1)),
                   st.integers(2025, 2027), st.integers(1, 12))  # fmt: skip
packs = st.integers(-5_000, 100_000)


class Held(NamedTuple):
    rep_id: int
    from_on: date
    until_on: date | None


def test_november_2026_begins_on_a_sunday():
    # the Sunday is the last day of week 44 and not worked; then 5, 5, 5, 5 days and Monday the 30th
    shares = slice_month(4200, month("2026-11"), CHINA)
    assert [(str(piece.week), share) for piece, share in shares.items()] == [
        ("2026-W44", 0), ("2026-W45", 1000), ("2026-W46", 1000), ("2026-W47", 1000), ("2026-W48", 1000),
        ("2026-W49", 200),
    ]  # fmt: skip


def test_national_day_week_gets_nothing_and_the_make_up_saturday_counts():
    # October 2026, 18 working days: 1 to 4 off, 5 to 7 off, 8 9 10 worked, then 5, 5, 5 days and the 26th to 30th
    shares = slice_month(1800, month("2026-10"), CHINA)
    assert [(piece.from_on.day, share) for piece, share in shares.items()] == [
        (1, 0), (5, 300), (12, 500), (19, 500), (26, 500),
    ]  # fmt: skip


def test_a_week_across_two_months_adds_a_slice_of_each():
    # week 49 of 2026: Monday 30 November (1 of 21 days of the month), 1 to 4 December (4 of 23 days)
    targets = {month("2026-11"): 2100, month("2026-12"): 2300}
    assert week_packs(month("2026-W49"), targets, CHINA) == 100 + 400
    assert week_packs(month("2026-W49"), {month("2026-12"): 2300}, CHINA) == 400


def test_longer_periods_are_sums_of_months():
    targets = {month("2026-10"): 5, month("2026-11"): 7}
    assert sum_of_months(month("2026-Q4"), targets) == 12
    assert sum_of_months(month("2026-H2"), targets) == 12
    assert sum_of_months(month("2026-Q3"), targets) is None


def test_a_territory_that_changes_hands_in_midweek():
    # rep 1 to Tuesday, nobody on Wednesday, rep 2 from Thursday on: 2, 1 and 2 working days
    held = [Held(2, date(2026, 11, 19), None), Held(1, date(2026, 1, 1), date(2026, 11, 18))]
    cut = segments(date(2026, 11, 16), date(2026, 11, 23), held)
    assert cut == [
        Segment(1, date(2026, 11, 16), date(2026, 11, 18)),
        Segment(None, date(2026, 11, 18), date(2026, 11, 19)),
        Segment(2, date(2026, 11, 19), date(2026, 11, 23)),
    ]
    assert list(share_by_working_days(1000, cut, CHINA).values()) == [400, 200, 400]


def test_days_that_nobody_holds_are_a_segment_of_nobody():
    week = month("2026-W47")
    assert segments(week.from_on, week.until_on, []) == [Segment(None, week.from_on, week.until_on)]


def test_a_slice_without_working_days_is_shared_by_calendar_days():
    # 3 and 4 October 2026: no working day; a flow line dated there still belongs to somebody
    held = [Held(1, date(2026, 10, 1), date(2026, 10, 3)), Held(2, date(2026, 10, 3), None)]
    cut = segments(date(2026, 10, 1), date(2026, 10, 5), held)
    assert list(share_by_working_days(10, cut, CHINA).values()) == [5, 5]


def test_a_day_is_a_slice_of_the_slice():
    assert list(slice_days(11, date(2026, 11, 16), date(2026, 11, 23), CHINA).values()) == [3, 2, 2, 2, 2, 0, 0]


def test_a_half_year_spread_evenly():
    half = month("2026-H2")
    assert list(spread(1000, even(half.months())).values()) == [167, 167, 167, 167, 166, 166]


def test_a_quarter_spread_like_last_year_leaves_a_locked_month_alone():
    quarter = month("2026-Q4").months()
    weights = like_last_year(dict(zip(quarter, [100, None, 300], strict=True)))
    assert list(spread(1000, weights, {quarter[2]: 600}).values()) == [400, 0, 600]


def test_last_year_without_flow_weighs_every_month_alike():
    assert like_last_year({"a": None, "b": -4, "c": 0}) == {"a": 1, "b": 1, "c": 1}


def test_a_steady_pace_sells_by_working_days():
    assert list(like_run_rate(month("2026-Q4").months(), CHINA).values()) == [18, 21, 23]


def test_locked_cells_above_the_figure_are_refused():
    with pytest.raises(RuleBroken) as refused:
        spread(100, even("ab"), {"a": 130})
    assert refused.value.params == {"over": 30, "packs": 100}


def test_a_rest_that_nothing_can_take_is_refused():
    with pytest.raises(RuleBroken, match="Every cell is locked"):
        spread(100, even("a"), {"a": 70})
    assert spread(70, even("a"), {"a": 70}) == {"a": 70}


def test_months_whose_weights_are_all_locked_away_share_the_rest_evenly():
    assert spread(10, {"a": 5, "b": 0, "c": 0}, {"a": 4}) == {"a": 4, "b": 3, "c": 3}


@given(packs, months)
def test_the_slices_of_a_month_are_the_month(total, some_month):
    shares = slice_month(total, some_month, CHINA)
    assert sum(shares.values()) == total
    pieces = slices_of(some_month)
    assert [piece.until_on for piece in pieces[:-1]] == [piece.from_on for piece in pieces[1:]]
    assert (pieces[0].from_on, pieces[-1].until_on) == (some_month.from_on, some_month.until_on)


@given(st.lists(packs, min_size=12, max_size=12), st.integers(2025, 2027))
def test_the_weeks_that_touch_a_year_add_up_to_it(twelve, year):
    whole = month(str(year))
    targets = dict(zip(whole.months(), twelve, strict=True))
    weeks = whole.parts(PeriodKind.WEEK)
    assert sum(week_packs(week, targets, CHINA) for week in weeks) == sum(twelve) == sum_of_months(whole, targets)


@given(packs, months, st.lists(st.tuples(st.integers(0, 30), st.integers(1, 12)), max_size=4))
def test_reps_and_days_of_a_month_add_up_to_it(total, some_month, tenures):
    held, free = [], some_month.from_on
    for rep, (gap, length) in enumerate(tenures):
        start = free + timedelta(days=gap)
        free = start + timedelta(days=length)
        held.append(Held(rep, start, free))
    for piece, share in slice_month(total, some_month, CHINA).items():
        cut = segments(piece.from_on, piece.until_on, held)
        assert (cut[0].from_on, cut[-1].until_on) == (piece.from_on, piece.until_on)
        by_rep = share_by_working_days(share, cut, CHINA)
        assert sum(by_rep.values()) == share
        for part, part_packs in by_rep.items():
            assert sum(slice_days(part_packs, part.from_on, part.until_on, CHINA).values()) == part_packs


@given(st.integers(0, 100_000), st.lists(st.integers(0, 500), min_size=1, max_size=12), st.sets(st.integers(0, 11)))
def test_spreading_keeps_the_sum_and_the_locks(total, weights, locked):
    keyed = dict(enumerate(weights))
    kept = {key: keyed[key] for key in locked if key in keyed}
    try:
        result = spread(total, keyed, kept)
    except RuleBroken:
        assert sum(kept.values()) > total or len(kept) == len(keyed)
        return
    assert sum(result.values()) == total
    assert {key: result[key] for key in kept} == kept


def test_a_calendar_without_any_working_day_still_loses_nothing():
    days = [SpecialDay(date(2026, 2, n), DayKind.HOLIDAY) for n in range(1, 29)]
    assert sum(slice_month(99, month("2026-02"), WorkCalendar(days)).values()) == 99
