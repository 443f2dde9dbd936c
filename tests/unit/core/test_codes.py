"""Which codes are one, and which could be mistaken for each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repcrm.core.codes import code_key, code_letters, look_alike


@pytest.mark.parametrize(
    ("one", "other"), [("H001", "h001"), ("Ｈ００１", "H001"), (" H001 ", "H001"), ("H001\u200b", "H001")]
)
def test_width_case_and_blanks_around_make_no_other_code(one, other):
    assert code_key(one) == code_key(other)


@pytest.mark.parametrize(("one", "other"), [("1-12", "11-2"), ("007", "7"), ("1-12", "112"), ("H-1", "H1")])
def test_punctuation_and_leading_zeros_make_another_code(one, other):
    assert code_key(one) != code_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1-12", "1.12"),  # divided at the same place
        ("1-12", "112"),  # divided or not
        ("H-1", "h1"),
        ("007", "7"),  # what Excel leaves of it
        ("A-007", "a 7"),
        ("H001", "h001"),
        ("0", "00"),
    ],
)
def test_codes_that_differ_by_case_punctuation_or_leading_zeros_look_alike(one, other):
    assert look_alike(one, other)
    assert look_alike(other, one)
    assert code_letters(one) == code_letters(other)


@pytest.mark.parametrize(
    ("one", "other"), [("1-12", "11-2"), ("H1", "H10"), ("H001", "H01"), ("D12", "D21"), ("70", "7"), ("A1", "B1")]
)
def test_other_codes_do_not(one, other):
    assert not look_alike(one, other)
    assert not look_alike(other, one)


CODES = st.text(alphabet="01279aAbB-. /甲", min_size=1, max_size=6)


@given(CODES, CODES)
def test_whatever_looks_alike_is_found_by_its_letters(one, other):
    assert look_alike(one, other) == look_alike(other, one)
    if look_alike(one, other):
        assert code_letters(one) == code_letters(other)
    if code_key(one) == code_key(other):
        assert look_alike(one, other)
