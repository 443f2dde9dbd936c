"""Minutes from one place to another, worked out by hand, and what any table of ways keeps."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repcrm.diary.travel import ROADS, Point, Roads, kilometres, travel_of, way_minutes

SQUARE = Point(31.2304, 121.4737)
"""People's Square, Shanghai."""
BUND = Point(31.2397, 121.4900)
SLOW = Roads(detour=1.0, speeds=((10, 20), (inf, 60)), unplaced_minutes=25)


def test_a_degree_along_a_meridian_is_the_360th_part_of_the_way_around():
    # 2 pi x 6371.0088 km / 360 = 111.195 km
    assert kilometres(Point(30, 120), Point(31, 120)) == pytest.approx(111.195, abs=0.001)


def test_degrees_of_longitude_shrink_with_the_cosine_of_the_latitude():
    # At 60 degrees north a degree is half of one at the equator, 55.597 km, less a little for the shorter arc.
    assert kilometres(Point(60, 120), Point(60, 121)) == pytest.approx(55.597, abs=0.01)


def test_a_short_way_in_the_city():
    # 9.3 thousandths of a degree north is 1.034 km, 16.3 thousandths east x cos 31.235 is 1.550 km: 1.863 km;
    # x 1.35 = 2.515 km of road at 15 km/h = 10.06 minutes, begun ones counted.
    assert way_minutes(SQUARE, BUND) == 11


def test_the_first_kilometres_are_slow_and_those_beyond_faster():
    # A quarter of a degree is 27.80 km: 10 km at 20 km/h are 30 minutes, 17.80 km at 60 km/h are 17.80.
    assert way_minutes(Point(30, 120), Point(30.25, 120), SLOW) == 48


def test_hospitals_that_are_not_on_the_map_are_named_and_get_the_stated_minutes():
    travel = travel_of([(4, SQUARE), (9, None)], BUND, {}, SLOW)
    assert travel.unplaced == (9,)
    assert travel.minutes[0] == (0, 25, travel.minutes[2][0])
    assert travel.minutes[1] == (25, 0, 25)


def test_a_way_that_is_known_better_counts_in_both_directions_and_no_further():
    travel = travel_of([(9, SQUARE), (4, BUND)], None, {(4, 9): 3})
    assert travel.minutes == ((0, 3, 30), (3, 0, 30), (30, 30, 0))
    assert not travel.has_base


points = st.builds(Point, st.floats(29, 33), st.floats(118, 122))


@given(st.lists(st.none() | points, max_size=5), st.none() | points)
def test_a_table_of_ways_is_square_the_same_both_ways_and_nothing_from_a_place_to_itself(places, base):
    rows = travel_of(list(enumerate(places)), base, {}).minutes
    assert len(rows) == len(places) + 1
    for number, row in enumerate(rows):
        assert len(row) == len(rows)
        assert row[number] == 0
        assert [other[number] for other in rows] == list(row)


@given(points, points, points)
def test_no_detour_over_a_third_place_is_quicker(one, other, third):
    assert way_minutes(one, other) <= way_minutes(one, third) + way_minutes(third, other)


def test_the_speeds_ascend_so_that_a_longer_way_never_takes_less_time():
    limits, speeds = zip(*ROADS.speeds, strict=True)
    assert list(limits) == sorted(limits)
    assert list(speeds) == sorted(speeds)
    assert limits[-1] == inf
