"""Where the marks of a doctor's rating chart go: a step for each day on which a rating changed. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from repcrm.core.periods import Period, PeriodKind

WIDTH, HEIGHT = 320, 112
LEFT, RIGHT, TOP, BOTTOM = 16, 12, 8, 20
"""Room for the figures beside and below the drawing."""
LEVELS = range(1, 8)
MONTHS_SHOWN = 18


@dataclass(frozen=True)
class Mark:
    """A rating on its day."""

    x: float
    y: float
    on: date
    rating: int


@dataclass(frozen=True)
class Tick:
    """A month below the drawing; `words` is empty where there is no room."""

    x: float
    words: str


@dataclass(frozen=True)
class RatingChart:
    """One product's ratings of one doctor.

    path    of the line: it holds until the next rating, and up to today
    marks   the ratings inside the days shown
    ticks   where months begin
    levels  (y, rating) of the seven lines
    """

    path: str
    marks: list[Mark]
    ticks: list[Tick]
    levels: list[tuple[float, int]]
    width: int = WIDTH
    height: int = HEIGHT


def first_month(days: Iterable[date], today: date) -> date:
    """Return the first day a chart shows: the month of the first rating, at most eighteen months ago."""
    last = Period.of(PeriodKind.MONTH, today)
    earliest = last.trail(MONTHS_SHOWN)[0].from_on
    begin = Period.of(PeriodKind.MONTH, min(days, default=today)).from_on
    return max(earliest, min(begin, last.trail(3)[0].from_on))


def draw_ratings(ratings: Sequence[tuple[date, int]], from_on: date, today: date) -> RatingChart:
    """Lay ratings out on the days from one to another.

    ratings  (day, 1 to 7), the oldest first; of one day the last counts
    from_on  the first day shown; what was rated before it begins at the edge
    """
    days = max(1, (today - from_on).days)

    def across(on: date) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * min(max((on - from_on).days, 0), days) / days, 1)

    def down(rating: int) -> float:
        return round(TOP + (HEIGHT - TOP - BOTTOM) * (7 - rating) / 6, 1)

    newest = dict(ratings)
    known = [(on, rating) for on, rating in sorted(newest.items()) if on <= today]
    steps = [step for step in known if step[0] < from_on][-1:] + [step for step in known if step[0] >= from_on]
    path = ""
    for on, rating in steps:
        path += f"H{across(on)}V{down(rating)}" if path else f"M{across(on)} {down(rating)}"
    marks = [Mark(across(on), down(rating), on, rating) for on, rating in steps if on >= from_on]
    return RatingChart(
        path=f"{path}H{across(today)}" if path else "",
        marks=marks,
        ticks=_ticks(from_on, today, across),
        levels=[(down(rating), rating) for rating in LEVELS],
    )


def _ticks(from_on: date, today: date, across: Callable[[date], float]) -> list[Tick]:
    months = Period(PeriodKind.DAY, from_on).months()
    while months[-1].until_on <= today:
        months.append(months[-1].next())
    every = -(-len(months) // 5)
    return [
        Tick(across(month.from_on), str(month) if place % every == 0 else "")
        for place, month in enumerate(months)
        if month.from_on >= from_on
    ]
