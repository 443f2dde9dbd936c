"""The ceiling on contact: so many calls a doctor gets within some days, whoever of the company makes them."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from repcrm.core.errors import RuleBroken
from repcrm.core.words import N_

MOST_CALLS, LONGEST_WINDOW = 99, 366


@dataclass(frozen=True)
class Ceiling:
    """At most `calls` on a doctor in every stretch of `window_days` calendar days."""

    calls: int
    window_days: int

    def __post_init__(self) -> None:
        """Refuse a ceiling nobody could keep."""
        if not 1 <= self.calls <= MOST_CALLS:
            raise RuleBroken(N_("Between 1 and %(most)s calls."), field="calls", most=MOST_CALLS)
        if not 1 <= self.window_days <= LONGEST_WINDOW:
            raise RuleBroken(N_("Between 1 and %(most)s days."), field="window_days", most=LONGEST_WINDOW)


def most_in_a_window(called_on: Iterable[date], window_days: int) -> int:
    """The most calls that fall into one stretch of so many days.

    called_on  the days of the calls, in any order, a day as often as there were calls
    """
    days = sorted(called_on)
    window = timedelta(days=window_days)
    return max((bisect_left(days, first + window) - at for at, first in enumerate(days)), default=0)


def calls_with(day: date, called_on: Iterable[date], ceiling: Ceiling) -> int:
    """The most calls of any window that holds a day, one more call on that day counted."""
    window = timedelta(days=ceiling.window_days)
    near = [other for other in called_on if abs(other - day) < window]
    return most_in_a_window([*near, day], ceiling.window_days) if near else 1


def passes(day: date, called_on: Iterable[date], ceiling: Ceiling | None) -> bool:
    """Whether one more call on a day would pass the ceiling; without one nothing does."""
    return ceiling is not None and calls_with(day, called_on, ceiling) > ceiling.calls


@dataclass(frozen=True)
class Rhythm:
    """What a planner that knows nothing of windows has to keep, so that any plan of it keeps the ceiling.

    first_on      no call before this day
    most          calls from then on
    spacing_days  calendar days from one of them to the next, at least
    """

    first_on: date
    most: int
    spacing_days: int


def rhythm_within(
    days: Sequence[date], called_on: Iterable[date], ceiling: Ceiling, wanted: int, apart: int = 1
) -> Rhythm:
    """Return the rhythm that allows most calls, up to those wanted, and of these the one that may begin first.

    days       the days to be planned, ascending and not empty
    called_on  calls made or promised already, whoever makes them
    wanted     calls the doctor would get without a ceiling
    apart      so many of the days lie between two of them anyway, from one to the next

    There are two ways to keep a ceiling. A short window is kept by spacing alone; a long one by a number: every call
    made already that can share a window with one of the plan then counts against it.
    """
    made = sorted(called_on)
    ways = [_by_spacing(days, made, ceiling, wanted)]
    ways += [
        _by_number(first, days[-1], made, ceiling, min(wanted, (len(days) - 1 - place) // apart + 1))
        for place, first in enumerate(days)
    ]
    return max(ways, key=lambda way: (way.most, -way.first_on.toordinal(), -way.spacing_days))


def _by_number(first: date, last: date, made: Sequence[date], ceiling: Ceiling, wanted: int) -> Rhythm:
    window = timedelta(days=ceiling.window_days)
    near = sum(first - window < day < last + window for day in made)
    return Rhythm(first, max(0, min(wanted, ceiling.calls - near)), 1)


def _by_spacing(days: Sequence[date], made: Sequence[date], ceiling: Ceiling, wanted: int) -> Rhythm:
    """Calls so far apart that a window never holds one too many; what was made closer together is waited out."""
    spacing = (ceiling.window_days - 1) // ceiling.calls + 1
    near = [day for day in made if day > days[0] - timedelta(days=ceiling.window_days)]
    first = days[0]
    if near:
        apart = all((later - day).days >= spacing for day, later in pairwise(near))
        first = max(first, near[-1] + timedelta(days=spacing if apart else ceiling.window_days))
    room = (days[-1] - first).days // spacing + 1 if first <= days[-1] else 0
    return Rhythm(first, min(wanted, room), spacing)
