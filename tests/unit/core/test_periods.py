"""Year, half, quarter, month, ISO week and day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repcrm.core.errors import BadInput
from repcrm.core.periods import Period, PeriodKind, slices

kinds = st.sampled_from(PeriodKind)
days = st.dates(date(1990, 1, 1), date(2090, 12, 31))
periods = st.builds(Period.of, kinds, days)


@pytest.mark.parametrize(
    ("text", "from_on", "until_on"),
    [
        ("2026", date(2026, 1, 1), date(2027, 1, 1)),
        ("2026-H1", date(2026, 1, 1), date(2026, 7, 1)),
        ("2026-H2", date(2026, 7, 1), date(2027, 1, 1)),
        ("2026-Q4", date(2026, 10, 1), date(2027, 1, 1)),
        ("2026-02", date(2026, 2, 1), date(2026, 3, 1)),
        ("2026-W01", date(2025, 12, 29), date(2026, 1, 5)),
        ("2026-W47", date(2026, 11, 16), date(2026, 11, 23)),
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 4)),
        ("2026-11-23", date(2026, 11, 23), date(2026, 11, 24)),
    ],
)
def test_a_period_is_read_and_written_the_same_way(text, from_on, until_on):
    period = Period.parse(text)
    assert (period.from_on, period.until_on) == (from_on, until_on)
    assert str(period) == text


@pytest.mark.parametrize(
    "text",
    ["", "26", "2026-H3", "2026-Q0", "2026-Q5", "2026-13", "2026-00", "2026-1", "2026-W00", "2026-W54", "2025-W53"]
    + ["2026-02-30", "0000", "9999", "2026-W47-1", "２０２６", "2026-11-23T00:00", "last week"],
)
def test_anything_else_is_refused_in_words(text):
    with pytest.raises(BadInput) as refusal:
        Period.parse(text)
    assert refusal.value.params == {"text": text}


def test_a_period_cannot_begin_in_its_middle():
    with pytest.raises(ValueError, match="no week begins on 2026-11-24"):
        Period(PeriodKind.WEEK, date(2026, 11, 24))


def test_the_last_day_is_in_and_the_next_is_not():
    week = Period.parse("2026-W47")
    assert date(2026, 11, 22) in week
    assert date(2026, 11, 23) not in week
    assert week.to_on == date(2026, 11, 22)


def test_2026_has_53_weeks_and_the_next_is_the_first_of_2027():
    assert str(Period.parse("2026-W53").next()) == "2027-W01"
    assert str(Period.parse("2027-W01").previous()) == "2026-W53"


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("2026-W47", "2025-W47"),
        ("2026-W53", "2025-W52"),
        ("2027-W01", "2026-W01"),
        ("2026-11", "2025-11"),
        ("2026-Q4", "2025-Q4"),
        ("2026-H2", "2025-H2"),
        ("2026", "2025"),
        ("2024-02-29", "2023-02-28"),
    ],
)
def test_the_same_period_of_the_last_year(text, before):
    assert str(Period.parse(text).year_before()) == before


def test_the_last_three_months_end_with_this_one():
    assert [str(month) for month in Period.parse("2026-01").trail(3)] == ["2025-11", "2025-12", "2026-01"]


def test_the_parts_of_a_half_year():
    half = Period.parse("2026-H2")
    assert [str(part) for part in half.parts(PeriodKind.QUARTER)] == ["2026-Q3", "2026-Q4"]
    assert [str(part) for part in half.months()] == [f"2026-{month:02}" for month in range(7, 13)]
    assert len(half.parts(PeriodKind.WEEK)) == 27  # W27, which begins on 29 June, to W53


def test_a_week_across_two_months_has_two_slices():
    october, november = Period.parse("2026-10"), Period.parse("2026-11")
    assert slices(Period.parse("2026-W44")) == [
        (october, date(2026, 10, 26), date(2026, 11, 1)),
        (november, date(2026, 11, 1), date(2026, 11, 2)),
    ]
    assert slices(Period.parse("2026-W47")) == [(november, date(2026, 11, 16), date(2026, 11, 23))]


def test_of_two_periods_that_end_together_the_longer_comes_first():
    ended = [Period.parse(text) for text in ("2026-06-30", "2026-W26", "2026-06", "2026-Q2", "2026-H1")]
    assert [str(period) for period in sorted(ended)] == ["2026-W26", "2026-H1", "2026-Q2", "2026-06", "2026-06-30"]


@given(periods)
def test_every_period_is_read_back_as_it_was_written(period):
    assert Period.parse(str(period)) == period


@given(periods)
def test_next_and_previous_undo_each_other_and_leave_no_gap(period):
    assert period.next().previous() == period
    assert period.next().from_on == period.until_on
    assert period < period.next()


@given(kinds, days)
def test_every_day_lies_in_its_period_of_every_kind(kind, day):
    period = Period.of(kind, day)
    assert day in period
    assert period.from_on <= day <= period.to_on
    assert day in period.days()


@given(periods)
def test_slices_are_the_period_day_for_day(period):
    cut = [
        piece.from_on + timedelta(n) for piece in slices(period) for n in range((piece.until_on - piece.from_on).days)
    ]
    assert cut == period.days()
    assert all(piece.from_on in piece.month and piece.until_on <= piece.month.until_on for piece in slices(period))


@given(periods, periods)
def test_periods_are_ordered_by_when_they_end(one, other):
    assert (one < other) == ((one.until_on, one.from_on) < (other.until_on, other.from_on))
