"""Where hospitals stand on the map: the projection, marks that do not cover one another, the scale. Pure.

The projection is Web Mercator, because tiles of a configured server come in it; without tiles it serves as well.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import NamedTuple

SIZE = 480
"""Width and height of the drawing; it is scaled to the page."""
EDGE = 40
"""Room kept free around the outermost places."""
CLOSEST = 14.0
"""The greatest zoom: a single hospital is not shown from nearer than its town."""
TILE = 256
SMALLEST, LARGEST = 11.0, 22.0
"""Radius of a mark without and with the most to do."""
LETTER = 12
"""Width and height of a letter of a town's name."""
AIR = 1.5
"""Kept between two marks."""
ROUNDS = 200
EARTH_KM = 40_075.0
"""Around the equator."""
SCALES = (0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500)
"""Kilometres that a scale bar may stand for."""
NORTHERNMOST = 85.0511
"""Where the projection ends."""


class Spot(NamedTuple):
    """A place to be drawn. weight: how much there is to do, for the size of its mark."""

    id: int
    latitude: float
    longitude: float
    weight: int
    town: str = ""


class Town(NamedTuple):
    """A town's name, and the middle of where it is written."""

    name: str
    x: float
    y: float


@dataclass(frozen=True)
class Mark:
    """A mark, and the true place it belongs to; both within the drawing."""

    id: int
    x: float
    y: float
    radius: float
    true_x: float
    true_y: float

    @property
    def is_moved(self) -> bool:
        """Whether it stands so far aside that a line to its place is needed."""
        return math.hypot(self.x - self.true_x, self.y - self.true_y) > self.radius / 2


class Tile(NamedTuple):
    """A picture of the ground, and where it lies in the drawing."""

    zoom: int
    column: int
    row: int
    x: float
    y: float
    size: float


@dataclass(frozen=True)
class MapDrawing:
    """What there is to draw.

    scale_km, scale_width  a length on the ground in the middle of the map, and how long it is drawn
    """

    marks: list[Mark]
    towns: list[Town]
    tiles: list[Tile]
    scale_km: float
    scale_width: float


def project(latitude: float, longitude: float) -> tuple[float, float]:
    """Return where a place lies on the square of the world: 0 to 1 eastwards from 180° west, 0 to 1 southwards."""
    bounded = max(-NORTHERNMOST, min(NORTHERNMOST, latitude))
    sine = math.sin(math.radians(bounded))
    return longitude / 360 + 0.5, 0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)


def draw_map(spots: Sequence[Spot]) -> MapDrawing | None:
    """Lay places out on a square so that all are in view; None for none."""
    if not spots:
        return None
    world = [project(spot.latitude, spot.longitude) for spot in spots]
    lefts, tops = [x for x, _ in world], [y for _, y in world]
    middle = (min(lefts) + max(lefts)) / 2, (min(tops) + max(tops)) / 2
    zoom = _zoom(max(max(lefts) - min(lefts), max(tops) - min(tops)))
    pixels = TILE * 2**zoom
    left, top = middle[0] * pixels - SIZE / 2, middle[1] * pixels - SIZE / 2
    most = max(spot.weight for spot in spots) or 1
    drawn = [(x * pixels - left, y * pixels - top) for x, y in world]
    marks = [Mark(spot.id, x, y, _radius(spot.weight, most), x, y) for spot, (x, y) in zip(spots, drawn, strict=True)]
    marks = [_rounded(mark) for mark in spread_out(marks)]
    km, width = _scale(middle[1], pixels)
    return MapDrawing(marks, _towns(spots, marks), _tiles(zoom, left, top), km, width)


def spread_out(marks: Sequence[Mark]) -> list[Mark]:
    """Push marks that cover one another apart, as little as need be, within the drawing; always in the same way."""
    placed = list(marks)
    for _ in range(ROUNDS):
        is_quiet = True
        for one in range(len(placed)):
            for other in range(one + 1, len(placed)):
                if pushed := _pushed(placed[one], placed[other], one):
                    placed[one], placed[other] = pushed
                    is_quiet = False
        if is_quiet:
            break
    return placed


def _pushed(one: Mark, other: Mark, turn: int) -> tuple[Mark, Mark] | None:
    """Two marks moved apart, each half the way; None if they do not touch."""
    dx, dy = other.x - one.x, other.y - one.y
    far = math.hypot(dx, dy)
    lack = one.radius + other.radius + AIR - far
    if lack <= 0.01:
        return None
    if far < 0.01:  # one upon the other: any direction will do, as long as it is the same tomorrow
        dx, dy, far = math.cos(turn), math.sin(turn), 1.0
    step = lack / 2 / far
    return _within(one, one.x - dx * step, one.y - dy * step), _within(other, other.x + dx * step, other.y + dy * step)


def _within(mark: Mark, x: float, y: float) -> Mark:
    low, high = mark.radius, SIZE - mark.radius
    return replace(mark, x=max(low, min(high, x)), y=max(low, min(high, y)))


def _zoom(span: float) -> float:
    room = SIZE - 2 * EDGE
    return min(CLOSEST, math.log2(room / (span * TILE))) if span > 0 else CLOSEST


def _radius(weight: int, most: int) -> float:
    """The area, not the radius, goes with the weight."""
    return math.sqrt(SMALLEST**2 + (LARGEST**2 - SMALLEST**2) * weight / most)


def _towns(spots: Sequence[Spot], marks: Sequence[Mark]) -> list[Town]:
    """Each town's name over its marks, else under or beside them; none where every place is taken."""
    members: dict[str, list[Mark]] = {}
    for spot, mark in zip(spots, marks, strict=True):
        members.setdefault(spot.town, []).append(mark)
    written: list[Town] = []
    for name, found in members.items():
        free = (town for town in _places_for(name, found) if name and _is_free(town, marks, written))
        written.extend(islice(free, 1))
    return written


def _places_for(name: str, marks: Sequence[Mark]) -> Iterator[Town]:
    top, bottom = min(mark.y - mark.radius for mark in marks), max(mark.y + mark.radius for mark in marks)
    left, right = min(mark.x - mark.radius for mark in marks), max(mark.x + mark.radius for mark in marks)
    middle_x = round(sum(mark.x for mark in marks) / len(marks), 1)
    middle_y = round(sum(mark.y for mark in marks) / len(marks), 1)
    half = len(name) * LETTER / 2 + AIR
    yield Town(name, middle_x, round(top - LETTER / 2, 1))
    yield Town(name, middle_x, round(bottom + LETTER / 2, 1))
    yield Town(name, round(left - half, 1), middle_y)
    yield Town(name, round(right + half, 1), middle_y)


def _is_free(town: Town, marks: Sequence[Mark], written: Sequence[Town]) -> bool:
    """Whether a name stands within the drawing and covers neither a mark nor another name."""
    half_width, half_height = len(town.name) * LETTER / 2, LETTER / 2
    if not (half_width <= town.x <= SIZE - half_width and half_height <= town.y <= SIZE - half_height):
        return False
    for mark in marks:
        dx, dy = max(abs(mark.x - town.x) - half_width, 0), max(abs(mark.y - town.y) - half_height, 0)
        if math.hypot(dx, dy) < mark.radius - AIR:
            return False
    return all(
        abs(other.x - town.x) >= half_width + len(other.name) * LETTER / 2 or abs(other.y - town.y) >= LETTER
        for other in written
    )


def _tiles(zoom: float, left: float, top: float) -> list[Tile]:
    """The tiles that cover the drawing, of the next coarser zoom, stretched."""
    whole = max(0, math.floor(zoom))
    size = TILE * 2 ** (zoom - whole)
    last = 2**whole - 1
    columns = range(max(0, math.floor(left / size)), min(last, math.floor((left + SIZE) / size)) + 1)
    rows = range(max(0, math.floor(top / size)), min(last, math.floor((top + SIZE) / size)) + 1)
    return [
        Tile(whole, column, row, round(column * size - left, 1), round(row * size - top, 1), round(size, 1))
        for row in rows
        for column in columns
    ]


def _scale(middle_y: float, pixels: float) -> tuple[float, float]:
    """The longest round length that takes up a quarter of the width at most."""
    latitude = math.atan(math.sinh(math.pi * (1 - 2 * middle_y)))
    km_a_pixel = EARTH_KM * math.cos(latitude) / pixels
    fitting = [km for km in SCALES if km / km_a_pixel <= SIZE / 4] or [SCALES[0]]
    return fitting[-1], round(fitting[-1] / km_a_pixel, 1)


def _rounded(mark: Mark) -> Mark:
    values = {name: round(getattr(mark, name), 1) for name in ("x", "y", "radius", "true_x", "true_y")}
    return replace(mark, **values)
