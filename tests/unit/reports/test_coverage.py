"""What is developed in each row of a report, counted by hand."""

from fractions import Fraction

import pytest

from repcrm.reports.body import Body, Row
from repcrm.reports.coverage import Developed, developed
from repcrm.reports.own import own_part
from tests.unit.reports.bodies import FIRST, SECOND, body, place

FIRST_HOSPITAL, SECOND_HOSPITAL = Developed(4, 1, 2, 1, 3, 0), Developed(2, 2, 1, 1, 1, 1)


@pytest.mark.parametrize(
    ("path", "counted"),
    [
        ((), Developed(6, 3, 3, 2, 4, 1)),
        ((0,), FIRST_HOSPITAL),
        ((1,), SECOND_HOSPITAL),
        ((0, 0), FIRST_HOSPITAL),
        ((1, 1, 0), Developed(2, 1, 1, 1, 1, 0)),
    ],
    ids=["region", "rep", "other rep", "hospital", "product"],
)
def test_each_level_counts_the_hospitals_it_holds(path, counted):
    report = body()
    row = report.find(*path)
    assert row is not None
    assert developed(report, row) == counted


def test_a_hospital_of_two_reps_counts_under_both_and_once_in_the_whole():
    raw = dict(body().raw)
    raw["rows"] = [*raw["rows"], place("hospital", 0, 1, None), place("product", 0, 1, 0)]
    shared = Body(raw)
    first, second = shared.level("rep")

    assert developed(shared, first) == Developed(6, 3, 3, 2, 4, 1)
    assert developed(shared, second) == SECOND_HOSPITAL
    assert developed(shared, shared.total) == Developed(6, 3, 3, 2, 4, 1)


def test_where_nothing_is_counted_it_is_none_and_not_zero():
    raw = dict(body().raw)
    raw["rows"] = [*raw["rows"], place("product", 0, 0, None)]
    nameless = Body(raw)

    assert developed(nameless, nameless.level("product")[-1]) is None, "no product named"
    assert developed(nameless, nameless.level("doctor")[0]) is None


def test_a_rep_sees_the_development_of_the_own_hospitals_alone():
    own = own_part(body(), "U1")
    assert developed(own, own.total) == FIRST_HOSPITAL
    assert [one[:2] for one in own.raw["development"]["places"]] == [[0, 0]]


def test_doctors_of_both_tiers_are_counted_together_too():
    assert (SECOND_HOSPITAL.doctors, SECOND_HOSPITAL.doctors_developed) == (2, 2)
    assert (FIRST_HOSPITAL.doctors, FIRST_HOSPITAL.doctors_developed) == (5, 1)


def test_the_effective_rate_is_of_the_calls_that_were_done():
    first, second, none = (Row("rep", 0, None, None, None, **figures) for figures in (FIRST, SECOND, {"planned": 2}))
    assert (first.effective_rate, second.effective_rate) == (Fraction(2, 3), Fraction(1, 2))
    assert none.effective_rate is None
