"""Attainment, gap, time elapsed, run rate, landing and status."""

from datetime import date
from fractions import Fraction

import pytest

from repcrm.core.periods import Period
from repcrm.core.workdays import WorkCalendar
from repcrm.targets.attainment import (
    Status,
    attainment,
    days_left,
    elapsed,
    gap,
    landing,
    needed_per_day,
    run_rate,
    status,
)

CALENDAR = WorkCalendar([])
NOVEMBER = Period.parse("2026-11")


def test_attainment_and_gap():
    assert attainment(30, 40) == Fraction(3, 4)
    assert gap(40, 30) == 10
    assert gap(40, 45) == -5


def test_without_a_target_there_is_no_attainment():
    assert attainment(30, None) is None
    assert attainment(30, 0) is None
    assert gap(None, 30) is None


@pytest.mark.parametrize(
    ("day", "part", "left"),
    [(1, Fraction(0), 21), (2, Fraction(0), 21), (23, Fraction(15, 21), 6), (30, Fraction(20, 21), 1)],
)
def test_time_elapsed_counts_the_working_days_before_today(day, part, left):
    assert elapsed(NOVEMBER, date(2026, 11, day), CALENDAR) == part
    assert days_left(NOVEMBER, date(2026, 11, day), CALENDAR) == left


def test_time_before_and_after_the_period():
    assert elapsed(NOVEMBER, date(2026, 10, 5), CALENDAR) == 0
    assert elapsed(NOVEMBER, date(2027, 1, 1), CALENDAR) == 1
    assert days_left(NOVEMBER, date(2026, 10, 5), CALENDAR) == 21
    assert days_left(NOVEMBER, date(2027, 1, 1), CALENDAR) == 0


def test_a_period_without_working_days_passes_at_once():
    sunday = Period.parse("2026-11-22")
    assert elapsed(sunday, date(2026, 11, 22), CALENDAR) == 0
    assert elapsed(sunday, date(2026, 11, 23), CALENDAR) == 1


def test_landing_is_actual_plus_the_run_rate_of_the_days_left():
    # 90 packs in 20 days: 4.5 a day, 6 days left: 27 more
    assert landing(70, 6, run_rate(90)) == 97
    assert landing(70, 1, run_rate(90)) == 75  # 74.5 rounds up
    assert landing(70, 0, run_rate(90)) == 70


@pytest.mark.parametrize(
    ("attained", "time", "word"),
    [
        (Fraction(50, 100), Fraction(50, 100), Status.ON_TRACK),
        (Fraction(499, 1000), Fraction(50, 100), Status.WATCH),
        (Fraction(45, 100), Fraction(50, 100), Status.WATCH),
        (Fraction(449, 1000), Fraction(50, 100), Status.BEHIND),
        (Fraction(0), Fraction(0), Status.ON_TRACK),
        (None, Fraction(1, 2), None),
    ],
)
def test_status_compares_attainment_with_time(attained, time, word):
    assert status(attained, time) is word


def test_what_each_day_still_has_to_bring():
    assert needed_per_day(100, 70, 6) == 5
    assert needed_per_day(100, 120, 6) == 0
    assert needed_per_day(100, 70, 0) is None
    assert needed_per_day(None, 70, 6) is None
