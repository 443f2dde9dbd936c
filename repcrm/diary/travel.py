"""How long it takes from one place to another: the way over the earth, made longer by roads, driven at city speeds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import asin, ceil, cos, inf, radians, sin, sqrt
from typing import NamedTuple

EARTH_KM = 6371.0088
"""Mean radius."""


class Point(NamedTuple):
    """A place on the map, in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class Roads:
    """How a way on the map becomes minutes.

    detour            kilometres of road for each kilometre as the crow flies, >= 1
    speeds            (up to so many kilometres of road, km/h), ascending in both: the first kilometres of a way are
                      driven at the first speed, those beyond at the next, so that a longer way never takes less time
    unplaced_minutes  between two places of which one is not on the map
    """

    detour: float = 1.35
    speeds: tuple[tuple[float, float], ...] = ((3, 15), (10, 24), (30, 38), (inf, 65))
    unplaced_minutes: int = 30


ROADS = Roads()
"""Chinese cities by day, parking and the walk to the ward included."""

Pair = tuple[int, int]
"""Two hospitals by key, the smaller first."""


@dataclass(frozen=True)
class Travel:
    """The ways of a rep.

    minutes   whole minutes from row to column: the hospitals in the order asked for, the base last; symmetric
    unplaced  hospitals that are not on the map, by key: their ways are guessed
    has_base  whether the base is on the map
    """

    minutes: tuple[tuple[int, ...], ...]
    unplaced: tuple[int, ...]
    has_base: bool


def pair(one: int, other: int) -> Pair:
    """The key of a way between two hospitals, the same in both directions."""
    return (one, other) if one < other else (other, one)


def point_of(latitude: float | None, longitude: float | None) -> Point | None:
    """The place of something that may not be on the map."""
    return Point(latitude, longitude) if latitude is not None and longitude is not None else None


def kilometres(one: Point, other: Point) -> float:
    """Return the great circle between two places (haversine), in kilometres."""
    south, north = radians(one.latitude), radians(other.latitude)
    half_height, half_width = (north - south) / 2, radians(other.longitude - one.longitude) / 2
    chord = sin(half_height) ** 2 + cos(south) * cos(north) * sin(half_width) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(chord)))


def way_minutes(one: Point | None, other: Point | None, roads: Roads = ROADS) -> int:
    """Return whole minutes between two places, begun ones counted; None is a place that is not on the map."""
    if one is None or other is None:
        return roads.unplaced_minutes
    left, begun, hours = kilometres(one, other) * roads.detour, 0.0, 0.0
    for up_to, speed in roads.speeds:
        stretch = min(left, up_to - begun)
        hours += stretch / speed
        left, begun = left - stretch, up_to
    return ceil(round(hours * 60, 6))


def travel_of(
    hospitals: Sequence[tuple[int, Point | None]],
    base: Point | None,
    known: Mapping[Pair, int],
    roads: Roads = ROADS,
) -> Travel:
    """Return the minutes between hospitals, and to and from the base.

    hospitals  key and place of each, None where it is not on the map
    base       where the day starts and ends; None: `unplaced_minutes` from everywhere
    known      minutes of single ways that are known better than the map does
    """
    places = [*hospitals, (None, base)]
    rows = [[0] * len(places) for _ in places]
    for row, (one_id, one) in enumerate(places):
        for column, (other_id, other) in enumerate(places[:row]):
            said = known.get(pair(one_id, other_id)) if one_id is not None and other_id is not None else None
            rows[row][column] = rows[column][row] = way_minutes(one, other, roads) if said is None else said
    return Travel(
        tuple(map(tuple, rows)),
        tuple(key for key, place in hospitals if place is None),
        base is not None,
    )
