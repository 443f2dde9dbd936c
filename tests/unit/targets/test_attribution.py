"""A doctor's part of a hospital's figures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repcrm.core.errors import RuleBroken
from repcrm.targets.attribution import DEFAULT_FACTORS, attribute, check_factors, share_target

doctors = st.dictionaries(st.integers(1, 50), st.integers(0, 300), min_size=1, max_size=15)
ratings = st.dictionaries(st.integers(1, 50), st.integers(1, 7))


def test_flow_goes_by_share_and_rating():
    # shares 40, 40, 20; factors 1000 (rating 7), 400 (rating 3), 300 (not rated): weights 40000, 16000, 6000 of 62000
    # 50 packs: 32.26, 12.90, 4.84 -> 32, 13, 5
    assert attribute(50, {"a": 40, "b": 40, "c": 20}, {"a": 7, "b": 3}, DEFAULT_FACTORS) == {"a": 32, "b": 13, "c": 5}


def test_returns_keep_their_sign():
    assert attribute(-50, {"a": 40, "b": 40, "c": 20}, {"a": 7, "b": 3}, DEFAULT_FACTORS) == {
        "a": -32, "b": -13, "c": -5,
    }  # fmt: skip


def test_where_nobody_uses_it_the_shares_decide():
    assert attribute(10, {"a": 30, "b": 20}, {"a": 1, "b": 1}, DEFAULT_FACTORS) == {"a": 6, "b": 4}


def test_flow_against_a_split_of_zeros_is_shared_alike():
    assert attribute(10, {"a": 0, "b": 0}, {}, DEFAULT_FACTORS) == {"a": 5, "b": 5}
    assert share_target(0, {"a": 0, "b": 0}) == {"a": 0, "b": 0}


def test_a_hospital_without_a_split_has_no_doctor_rows():
    with pytest.raises(RuleBroken):
        attribute(10, {}, {}, DEFAULT_FACTORS)


@given(st.integers(-10_000, 100_000), doctors, ratings)
def test_the_doctors_add_up_to_the_hospital(actual, shares, rated):
    attributed = attribute(actual, shares, rated, DEFAULT_FACTORS)
    assert sum(attributed.values()) == actual
    assert list(attributed) == list(shares)
    assert sum(share_target(actual, shares).values()) == actual


@given(st.integers(0, 100_000), st.integers(0, 300), st.integers(1, 7), st.integers(1, 7))
def test_with_the_same_share_the_higher_rating_never_gets_less(actual, share, one, other):
    low, high = sorted((one, other))
    parts = attribute(actual, {"high": share, "low": share}, {"high": high, "low": low}, DEFAULT_FACTORS)
    assert parts["low"] <= parts["high"]


def test_the_default_factors_are_lawful():
    check_factors(DEFAULT_FACTORS)


@pytest.mark.parametrize(
    ("change", "field"),
    [({5: 500}, "factor_5"), ({3: -1}, "factor_3"), ({0: 1001}, "factor_0"), ({7: 800}, "factor_7")],
)
def test_factors_that_fall_are_refused(change, field):
    with pytest.raises(RuleBroken) as refused:
        check_factors({**DEFAULT_FACTORS, **change})
    assert refused.value.field == field


def test_a_table_of_zeros_is_refused():
    with pytest.raises(RuleBroken, match="above 0"):
        check_factors(dict.fromkeys(DEFAULT_FACTORS, 0))


def test_a_table_with_a_hole_is_refused():
    with pytest.raises(RuleBroken, match="from 1 to 7"):
        check_factors(dict.fromkeys(range(1, 8), 100))
