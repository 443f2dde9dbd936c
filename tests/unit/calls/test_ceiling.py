from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repcrm.calls.ceiling import Ceiling, calls_with, most_in_a_window, passes, rhythm_within
from repcrm.core.errors import RuleBroken

FIRST = date(2026, 11, 30)
CEILINGS = st.builds(Ceiling, st.integers(1, 6), st.integers(1, 60))
CALLED = st.lists(st.integers(-70, -1), max_size=8)


def on(*days):
    return [FIRST + timedelta(days=day) for day in days]


def test_windows_by_hand():
    assert most_in_a_window(on(0, 6, 7, 13, 14), 7) == 2  # 0 and 6, 7 and 13; 6 and 7; 13 and 14
    assert most_in_a_window(on(0, 6, 7, 13, 14), 8) == 3  # 6, 7 and 13
    assert most_in_a_window([], 7) == 0
    assert calls_with(FIRST, on(-27, -28), Ceiling(2, 28)) == 2
    assert passes(FIRST, on(-27, -1), Ceiling(2, 28))
    assert not passes(FIRST, on(-28, -1), Ceiling(2, 28))
    assert not passes(FIRST, on(-1, -1, -1), None)


def test_a_call_put_down_late_counts_with_those_after_it():
    assert passes(FIRST, on(1, 3), Ceiling(2, 7))


@pytest.mark.parametrize(("calls", "days"), [(0, 7), (1, 0), (100, 7), (1, 367)])
def test_a_ceiling_nobody_could_keep_is_refused(calls, days):
    with pytest.raises(RuleBroken):
        Ceiling(calls, days)


@given(CALLED, st.integers(-5, 5), CEILINGS)
def test_a_call_that_does_not_pass_keeps_every_window(called, day, ceiling):
    """Whoever asks before each call never has more in any window than the ceiling allows."""
    kept: list[date] = []
    for one in [*on(*called), *on(day)]:
        if not passes(one, kept, ceiling):
            kept.append(one)
    assert most_in_a_window(kept, ceiling.window_days) <= ceiling.calls


@given(CALLED, CEILINGS, st.integers(0, 12), st.data())
def test_any_plan_of_the_rhythm_keeps_every_window(called, ceiling, wanted, data):
    days = on(*[day for day in range(28) if day % 7 < 5])
    made: list[date] = []
    for one in on(*sorted(called)):
        if not passes(one, made, ceiling):
            made.append(one)
    rhythm = rhythm_within(days, made, ceiling, wanted)
    plan: list[date] = []
    for day in days:
        free = day >= rhythm.first_on and len(plan) < rhythm.most
        if free and (not plan or (day - plan[-1]).days >= rhythm.spacing_days) and data.draw(st.booleans()):
            plan.append(day)
    assert most_in_a_window([*made, *plan], ceiling.window_days) <= ceiling.calls


def test_the_rhythm_by_hand():
    days = on(*[day for day in range(28) if day % 7 < 5])
    # two a week: every fourth day, from the first on, four weeks of it
    rhythm = rhythm_within(days, [], Ceiling(2, 7), 8)
    assert (rhythm.first_on, rhythm.most, rhythm.spacing_days) == (FIRST, 7, 4)
    # three in four weeks, of which two were made lately: one, until those are out of the window
    rhythm = rhythm_within(days, on(-3, -2), Ceiling(3, 28), 8, apart=4)
    assert (rhythm.first_on, rhythm.most) == (FIRST, 1)
