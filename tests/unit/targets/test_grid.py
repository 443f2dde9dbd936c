"""What a cell of the grid may hold, and spreading a column."""

from datetime import date

import pytest

from repcrm.core.errors import BadInput, RuleBroken
from repcrm.targets.attribution import DEFAULT_FACTORS
from repcrm.targets.grid import CellKey, Measure, Range, rating_weight, read_packs, spread_column, with_measure


@pytest.mark.parametrize(
    ("text", "packs"),
    [
        ("1200", 1200), ("1,200", 1200), ("１２００", 1200), ("１，２００", 1200), (" 1 200 ", 1200),
        ("1\u00a0200", 1200), ("12.0", 12), ("0", 0), ("", None), ("　", None),
    ],
)  # fmt: skip
def test_reading_a_number_as_people_type_it(text, packs):
    assert read_packs(text) == packs


def test_a_number_that_no_hospital_needs_is_refused():
    with pytest.raises(BadInput, match="more than a cell can hold"):
        read_packs("12,345,678")


@pytest.mark.parametrize("text", ["abc", "-5", "1.5", "1,20", "12 3", "=1+1", "1e3", "1200盒"])
def test_anything_else_is_refused_in_words(text):
    with pytest.raises(BadInput, match="whole number of packs"):
        read_packs(text)


def test_the_name_of_a_cell_reads_back():
    key = CellKey(12, date(2026, 11, 1))
    assert str(key) == "12:2026-11"
    assert CellKey.read("12:2026-11") == key


@pytest.mark.parametrize("text", ["", "12", "x:2026-11", "12:2026-W47", "12:2026-13", "１2:2026-11"])
def test_what_is_no_cell_is_refused(text):
    with pytest.raises(BadInput):
        CellKey.read(text)


def test_the_stretch_goes_along_until_it_is_set_apart():
    assert with_measure(None, Measure.FLOOR, 100) == Range(100, 100)
    assert with_measure(Range(100, 100), Measure.FLOOR, 120) == Range(120, 120)
    assert with_measure(Range(100, 100), Measure.STRETCH, 130) == Range(100, 130)
    assert with_measure(Range(100, 130), Measure.FLOOR, 120) == Range(120, 130)


def test_a_stretch_below_the_floor_is_refused():
    with pytest.raises(RuleBroken) as refused:
        with_measure(Range(100, 130), Measure.FLOOR, 131)
    assert refused.value.params == {"stretch": 130, "floor": 131}


def test_a_month_is_spread_over_hospitals_by_weight_around_locked_cells():
    assert spread_column(1000, {1: 300, 2: 100, 3: 9}, {3: 200}) == {1: 600, 2: 200, 3: 200}


def test_spreading_by_something_nobody_knows_is_refused():
    with pytest.raises(RuleBroken, match="another way"):
        spread_column(1000, {1: 0, 2: 0}, {})


def test_a_hospital_weighs_what_its_doctors_ratings_weigh():
    assert rating_weight([7, 3, 0], DEFAULT_FACTORS) == 1700
