import pytest
from hypothesis import given
from hypothesis import strategies as st

from repcrm.planning.value import marginal_values, worth


def test_worth_worked_out_by_hand():
    # 30 packs of 80 yuan are missing: 2,400 yuan, of which calls move a tenth, and four fifths of it can still grow
    assert worth(30 * 8000, 50000, 800, 100) == pytest.approx(192.0)
    # nothing is missing: the doctor counts for 500 yuan all the same
    assert worth(0, 50000, 800, 100) == pytest.approx(40.0)


def test_marginal_values_worked_out_by_hand():
    # exp(-0.7) = 0.496585, exp(-1.4) = 0.246597
    assert marginal_values(100.0, 2) == (50.34, 25.0)
    assert marginal_values(100.0, 1) == (75.34,)
    assert marginal_values(100.0, 0) == ()


@given(st.floats(0, 1e6), st.integers(1, 12))
def test_no_call_is_worth_more_than_the_one_before_and_all_earn_three_quarters(total, frequency):
    values = marginal_values(total, frequency)
    assert len(values) == frequency
    assert list(values) == sorted(values, reverse=True)
    assert sum(values) == pytest.approx(0.7534 * total, rel=1e-3, abs=0.1)
