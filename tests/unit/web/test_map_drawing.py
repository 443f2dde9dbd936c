"""Where hospitals stand on the map."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repcrm.web.map_drawing import EDGE, SIZE, MapDrawing, Spot, draw_map, project


def drawn(spots: list[Spot]) -> MapDrawing:
    drawing = draw_map(spots)
    assert drawing is not None
    return drawing


def test_the_projection_at_places_that_are_known():
    assert project(0, 0) == (0.5, 0.5)
    assert project(0, 180) == (1.0, 0.5)
    # Web Mercator: y = 1/2 - ln(tan(45° + lat/2)) / 2 pi; at 60° the logarithm is 1.316958
    assert project(60, -90) == pytest.approx((0.25, 0.5 - 1.316958 / (2 * math.pi)), abs=1e-6)
    assert project(85.0511, 0)[1] == pytest.approx(0, abs=1e-5)
    assert project(90, 0) == project(85.0511, 0)


def test_places_fill_the_drawing_and_keep_their_bearings():
    north, south = Spot(1, 32.0, 119.0, 5), Spot(2, 28.0, 119.0, 5)
    drawing = drawn([north, south])
    marks = {mark.id: mark for mark in drawing.marks}
    assert marks[1].y == pytest.approx(EDGE, abs=0.1)
    assert marks[2].y == pytest.approx(SIZE - EDGE, abs=0.1)
    assert marks[1].x == marks[2].x == SIZE / 2
    # 4 degrees of latitude are 444.8 km on 400 pixels: a hundred kilometres are 90, less than a quarter of the width
    assert drawing.scale_km == 100
    assert drawing.scale_width == pytest.approx(90, abs=1)


def test_one_place_stands_in_the_middle():
    drawing = drawn([Spot(1, 31.0, 120.0, 0)])
    assert (drawing.marks[0].x, drawing.marks[0].y) == (SIZE / 2, SIZE / 2)


def test_no_place_no_map():
    assert draw_map([]) is None


def test_the_area_of_a_mark_goes_with_its_weight():
    drawing = drawn([Spot(1, 32, 119, 10), Spot(2, 28, 119, 5), Spot(3, 30, 121, 0)])
    full, half, none = (mark.radius for mark in drawing.marks)
    # 11² = 121, 22² = 484; half way between the areas: 302.5, whose root is 17.4
    assert (full, half, none) == (22, 17.4, 11)


def test_a_town_is_named_over_its_marks_or_where_there_is_room():
    drawing = drawn([Spot(1, 32, 119, 0, "North"), Spot(2, 28, 119, 0, "South"), Spot(3, 28.5, 120, 0, "South")])
    north, south = drawing.towns
    assert (north.name, north.x, south.name) == ("North", drawing.marks[0].x, "South")
    assert north.y == pytest.approx(drawing.marks[0].y - 11 - 6, abs=0.1)
    assert south.y == pytest.approx(drawing.marks[2].y - 11 - 6, abs=0.1)


def test_a_name_that_would_cover_a_mark_goes_elsewhere_or_is_left_out():
    crowd = [Spot(n, 31.2, 120.5, 9, "Inner" if n == 2 else "") for n in range(2, 30)]
    drawing = drawn([Spot(1, 28, 118, 0), *crowd])
    for town in drawing.towns:
        for mark in drawing.marks:
            assert math.hypot(mark.x - town.x, mark.y - town.y) > mark.radius


def test_tiles_cover_the_drawing():
    drawing = drawn([Spot(1, 32, 119, 0), Spot(2, 28, 121, 0)])
    left, top = min(tile.x for tile in drawing.tiles), min(tile.y for tile in drawing.tiles)
    right, bottom = (max(getattr(tile, axis) + tile.size for tile in drawing.tiles) for axis in "xy")
    assert left <= 0
    assert top <= 0
    assert right >= SIZE
    assert bottom >= SIZE
    # a known tile: 30 N 120 E lies on zoom 6 in column 53, row 26
    assert (53, 26) in {(tile.column, tile.row) for tile in drawing.tiles if tile.zoom == 6}


spots = st.lists(
    st.builds(Spot, st.integers(1, 99), st.floats(-80, 80), st.floats(-179, 179), st.integers(0, 60)),
    min_size=1, max_size=25, unique_by=lambda spot: spot.id,
)  # fmt: skip


@given(spots)
def test_every_mark_is_within_the_drawing(found):
    drawing = drawn(found)
    assert len(drawing.marks) == len(found)
    for mark in drawing.marks:
        assert mark.radius - 0.1 <= mark.x <= SIZE - mark.radius + 0.1
        assert mark.radius - 0.1 <= mark.y <= SIZE - mark.radius + 0.1
    assert drawing == drawn(found)


@pytest.mark.parametrize("number", [2, 12, 40])
def test_places_in_one_town_do_not_cover_one_another(number):
    drawing = drawn([Spot(1, 28, 118, 0), *(Spot(n, 31.2, 120.5, n) for n in range(2, number + 2))])
    for one in drawing.marks:
        for other in drawing.marks:
            if one.id < other.id:
                assert math.hypot(one.x - other.x, one.y - other.y) >= one.radius + other.radius - 1
