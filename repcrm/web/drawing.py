"""Where the marks of the small drawings go: bullets, sparklines, bridges. Pure; the macros only place them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

BULLET_WIDTH = 200
SPARKLINE_WIDTH, SPARKLINE_HEIGHT, SPARKLINE_MARGIN = 120, 32, 4
BRIDGE_WIDTH = 400
THINNEST = 2
"""A step that is not nothing stays visible."""


@dataclass(frozen=True)
class Bullet:
    """Places along a bullet, from 0 to BULLET_WIDTH; None is not drawn."""

    actual: float | None
    target: float | None
    expected: float | None
    stretch: float | None


def draw_bullet(
    actual: float | None, target: float | None, expected: float | None = None, stretch: float | None = None
) -> Bullet:
    """Place an actual, its target, what the time elapsed asks for and the stretch on one scale.

    The scale ends a little beyond the largest of the four, so that every tick has air on both sides.
    """
    largest = max((value for value in (actual, target, expected, stretch) if value is not None), default=0)
    end = largest * 1.1 or 1

    def place(value: float | None) -> float | None:
        return None if value is None else round(max(0, value) / end * BULLET_WIDTH, 1)

    reaches_beyond = stretch is not None and target is not None and stretch > target
    return Bullet(place(actual), place(target), place(expected), place(stretch) if reaches_beyond else None)


@dataclass(frozen=True)
class Sparkline:
    """Polylines of a sparkline, and where its last value sits."""

    lines: list[str]
    last: tuple[float, float] | None


def draw_sparkline(values: Sequence[float | None], low: float | None = None, high: float | None = None) -> Sparkline:
    """Lay values out from left to right; a None breaks the line, since nothing known is not zero."""
    known = [float(value) for value in values if value is not None]
    if not known:
        return Sparkline([], None)
    bottom = min(known) if low is None else low
    span = ((max(known) if high is None else high) - bottom) or 1
    step = (SPARKLINE_WIDTH - 2 * SPARKLINE_MARGIN) / max(1, len(values) - 1)
    room = SPARKLINE_HEIGHT - 2 * SPARKLINE_MARGIN

    runs: list[list[tuple[float, float]]] = [[]]
    for position, value in enumerate(values):
        if value is None:
            runs.append([])
            continue
        x = SPARKLINE_MARGIN + position * step
        y = SPARKLINE_HEIGHT - SPARKLINE_MARGIN - (float(value) - bottom) / span * room
        runs[-1].append((round(x, 1), round(y, 1)))
    drawn = [run for run in runs if run]
    return Sparkline([" ".join(f"{x},{y}" for x, y in run) for run in drawn], drawn[-1][-1])


@dataclass(frozen=True)
class BridgeBar:
    """One step of a bridge; kind is total, up or down."""

    label: str
    text: str
    kind: str
    x: float
    width: float


@dataclass(frozen=True)
class Bridge:
    """The bars of a bridge and where zero lies."""

    bars: list[BridgeBar]
    zero: float


def draw_bridge(steps: Sequence[Mapping[str, Any]]) -> Bridge:
    """Lay steps end to end, each beginning where the one before ended; totals stand on zero.

    steps  label, value, text (the value as read), total (bool, optional)
    """
    spans: list[tuple[float, float]] = []
    reached = 0.0
    for step in steps:
        begin = 0.0 if step.get("total") else reached
        reached = begin + float(step["value"])
        spans.append((begin, reached))
    low = min((min(span) for span in spans), default=0.0)
    high = max((max(span) for span in spans), default=0.0)
    low, high = min(low, 0.0), max(high, 0.0)
    scale = BRIDGE_WIDTH / ((high - low) or 1)

    bars = []
    for step, (begin, end) in zip(steps, spans, strict=True):
        width = abs(end - begin) * scale
        width = max(width, THINNEST) if end != begin else 0
        x = min((min(begin, end) - low) * scale, BRIDGE_WIDTH - width)
        kind = "total" if step.get("total") else "up" if end >= begin else "down"
        bars.append(BridgeBar(str(step["label"]), str(step["text"]), kind, round(x, 1), round(width, 1)))
    return Bridge(bars, round(-low * scale, 1))
