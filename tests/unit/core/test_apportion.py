"""Dividing whole packs without losing one."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repcrm.core.apportion import apportion
from repcrm.core.errors import RuleBroken

shares = st.one_of(st.integers(0, 10_000), st.fractions(0, 100, max_denominator=97))
weights = st.dictionaries(st.text(max_size=3), shares, min_size=1, max_size=12).filter(lambda w: any(w.values()))
packs = st.integers(0, 1_000_000)


def test_seven_packs_among_3_2_1():
    # exact shares 3.5, 2.33.., 1.16..: rounded down 3, 2, 1; the one left over goes to the remainder .5
    assert apportion(7, {"a": 3, "b": 2, "c": 1}) == {"a": 4, "b": 2, "c": 1}


def test_equal_remainders_go_to_the_earlier_key():
    assert apportion(11, {"a": 1, "b": 1, "c": 1}) == {"a": 4, "b": 4, "c": 3}
    assert apportion(11, {"c": 1, "b": 1, "a": 1}) == {"c": 4, "b": 4, "a": 3}


def test_a_month_of_4000_over_weeks_of_5_5_5_5_and_2_working_days():
    # 4000 / 22 = 181.81..; five days 909.09.., two days 363.63..: the one left over goes to the last
    assert list(apportion(4000, {1: 5, 2: 5, 3: 5, 4: 5, 5: 2}).values()) == [909, 909, 909, 909, 364]


def test_weights_may_be_fractions():
    thirds = {"a": Fraction(1, 3), "b": Fraction(1, 6), "c": Fraction(1, 2)}
    assert apportion(100, thirds) == {"a": 33, "b": 17, "c": 50}


def test_a_weight_of_0_gets_nothing():
    assert apportion(5, {"a": 0, "b": 1, "c": 1}) == {"a": 0, "b": 3, "c": 2}


def test_returned_packs_are_divided_like_sold_ones():
    assert apportion(-7, {"a": 3, "b": 2, "c": 1}) == {"a": -4, "b": -2, "c": -1}


@pytest.mark.parametrize("nobody", [{}, {"a": 0}, {"a": 0, "b": Fraction(0)}])
def test_packs_cannot_be_shared_among_nobody(nobody):
    with pytest.raises(RuleBroken, match="nobody"):
        apportion(5, nobody)


def test_a_negative_weight_is_refused():
    with pytest.raises(RuleBroken, match="negative"):
        apportion(5, {"a": 3, "b": -1})


@given(packs, weights)
def test_no_pack_is_lost_or_made(total, weights):
    parts = apportion(total, weights)
    assert sum(parts.values()) == total
    assert list(parts) == list(weights)


@given(packs, weights)
def test_every_part_is_its_exact_share_rounded_down_or_up(total, weights):
    whole = sum(map(Fraction, weights.values()))
    for key, part in apportion(total, weights).items():
        assert abs(part - total * Fraction(weights[key]) / whole) < 1


@given(packs, weights)
def test_a_larger_weight_never_gets_less(total, weights):
    parts = apportion(total, weights)
    in_order = sorted(weights, key=lambda key: weights[key])
    for lighter, heavier in pairwise(in_order):
        if weights[lighter] < weights[heavier]:
            assert parts[lighter] <= parts[heavier]


@given(packs, weights, st.integers(1, 1000))
def test_only_the_proportions_count(total, weights, factor):
    scaled = {key: weight * Fraction(1, factor) for key, weight in weights.items()}
    assert apportion(total, scaled) == apportion(total, weights)
