"""Credit: whose figure a month's packs of a hospital x product are, when it changes hands."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from repcrm.core.periods import Period
from repcrm.core.workdays import WorkCalendar
from repcrm.organisation.territories import Holding
from repcrm.targets.cascade import segments, share_by_working_days, slice_days, slice_month

Pair = tuple[int, int]
"""A hospital and a product."""


class Credit:
    """Credits packs to reps, as the reports do: day by day, what is dated by month by working days.

    month     whose holdings these are
    holdings  who held what in it; they do not overlap
    """

    def __init__(self, month: Period, holdings: Iterable[Holding], calendar: WorkCalendar) -> None:
        self._month, self._calendar = month, calendar
        self._held: dict[Pair, list[Holding]] = defaultdict(list)
        for holding in holdings:
            self._held[holding.hospital_id, holding.product_id].append(holding)

    def rep_on(self, pair: Pair, day: date) -> int | None:
        """Who held it on a day of the month; None: nobody."""
        for held in self._held.get(pair, []):
            if held.from_on <= day and (held.until_on is None or day < held.until_on):
                return held.rep_id
        return None

    def of_month(self, pair: Pair, packs: int) -> dict[int | None, int]:
        """Divide a month's packs among those who held it; None stands for days that nobody did. They sum to `packs`."""
        parts: dict[int | None, int] = {}
        held = self._held.get(pair, [])
        for piece, share in slice_month(packs, self._month, self._calendar).items():
            stretches = segments(piece.from_on, piece.until_on, held)
            for stretch, part in share_by_working_days(share, stretches, self._calendar).items():
                parts[stretch.rep_id] = parts.get(stretch.rep_id, 0) + part
        return parts


def packs_between(packs: int, month: Period, from_on: date, until_on: date, calendar: WorkCalendar) -> int:
    """Return the part of a month's packs that falls on some days, by working days.

    from_on, until_on  half-open; they may reach beyond the month
    """
    return sum(
        part
        for piece, share in slice_month(packs, month, calendar).items()
        for day, part in slice_days(share, piece.from_on, piece.until_on, calendar).items()
        if from_on <= day < until_on
    )
