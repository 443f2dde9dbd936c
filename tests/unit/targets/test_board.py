"""The live board's arithmetic, by hand."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from repcrm.targets.attainment import Status
from repcrm.targets.board import Clock, Place, stand, stand_by

CLOCK = Clock(Fraction(15, 21), 6)
"""Monday 23 November 2026: 15 of 21 working days have passed."""


def test_a_month_so_far():
    one = stand([Place(1, 1, 1, floor_packs=100, actual_packs=62, recent_packs=80)], CLOCK)
    assert (one.left_packs, one.attainment) == (38, Fraction(62, 100))
    # 80 packs in 20 working days are 4 a day; 62 + 6 x 4 = 86
    assert (one.landing_packs, one.landing) == (86, Fraction(86, 100))
    # 100 x 15/21 = 71.4 packs are due by now; 62 are 86.8 % of that
    assert (one.expected_packs, one.status) == (71, Status.BEHIND)


def test_ahead_leaves_nothing_to_go():
    one = stand([Place(1, 1, 1, 100, 130)], CLOCK)
    assert (one.gap_packs, one.left_packs, one.status) == (-30, 0, Status.ON_TRACK)


def test_no_flow_yet_is_not_zero_percent():
    one = stand([Place(1, 1, 1, floor_packs=100)], CLOCK)
    assert (one.attainment, one.landing_packs, one.status) == (None, None, None)
    assert one.left_packs == 100


def test_on_the_first_day_the_pace_of_the_month_before_says_where_it_lands():
    one = stand([Place(1, 1, 1, floor_packs=100, recent_packs=80)], Clock(Fraction(0), 21))
    assert one.landing_packs == 84  # 21 x 4


def test_no_target_is_not_a_target_of_zero():
    one = stand([Place(1, 1, 1, actual_packs=5)], CLOCK)
    assert (one.floor_packs, one.left_packs, one.attainment, one.landing, one.status) == (None,) * 5


def test_nothing_at_all():
    one = stand([], CLOCK)
    assert (one.floor_packs, one.actual_packs, one.landing_packs) == (None, None, None)


def test_most_to_go_comes_first_and_no_target_last():
    places = [Place(1, 1, 1, 100, 90), Place(1, 2, 1, 100, 20), Place(1, 3, 1, None, 7), Place(1, 4, 1, 100, 150)]
    assert list(stand_by(places, lambda place: place.hospital_id, CLOCK)) == [2, 1, 4, 3]


figure = st.one_of(st.none(), st.integers(0, 10_000))
places = st.lists(
    st.builds(
        Place,
        st.sampled_from([None, 1, 2]),
        st.integers(1, 4),
        st.integers(1, 3),
        figure,
        figure,
        figure.map(lambda n: n or 0),
    )
)


@given(places)
def test_every_grouping_adds_up_to_the_whole(found):
    whole = stand(found, CLOCK)
    for key in (lambda place: place.rep_id, lambda place: place.hospital_id, lambda place: place.product_id):
        groups = stand_by(found, key, CLOCK).values()
        assert sum(one.floor_packs or 0 for one in groups) == (whole.floor_packs or 0)
        assert sum(one.actual_packs or 0 for one in groups) == (whole.actual_packs or 0)
        assert sum(one.recent_packs for one in groups) == whole.recent_packs
