"""Slice rows: targets and flow down to rep, hospital, product and month x week; everything else is a sum of these."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Any

import pandas as pd

from repcrm.core.periods import Period, PeriodKind
from repcrm.core.workdays import WorkCalendar
from repcrm.organisation.territories import Holding
from repcrm.reports.frames import Frames
from repcrm.reports.reads import NOBODY, Place
from repcrm.reports.span import Span
from repcrm.targets.cascade import Segment, WeekSlice, segments, share_by_working_days, slice_days, slices_of

KEYS = ["rep", "hospital", "product", "slice_on"]
"""A slice row: the rep (NOBODY where the hospital x product was given to nobody), and the slice by its first day."""

TARGET_MEASURES = ["floor", "stretch", "floor_fen", "stretch_fen"]
FLOW_MEASURES = ["actual", "actual_fen", "estimated"]


def slice_on(day: date) -> date:
    """The first day of the slice a day lies in: the Monday before it, or the first of its month."""
    return max(day.replace(day=1), day - timedelta(days=day.weekday()))


@dataclass
class Slicer:
    """Cuts months into slices and slices into the stretches that one rep held.

    Every division is by working days and loses nothing.
    """

    calendar: WorkCalendar
    holdings: dict[Place, list[Holding]]
    _whole: dict[tuple[Period, Place], int | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._slice_month = cache(self._uncached_slice_month)
        self._starts = {place: [held.from_on for held in rows] for place, rows in self.holdings.items()}

    def rep_on(self, place: Place, day: date) -> int:
        """Who held a hospital x product on a day."""
        found = bisect_right(self._starts.get(place, []), day)
        if not found:
            return NOBODY
        held = self.holdings[place][found - 1]
        return held.rep_id if held.until_on is None or day < held.until_on else NOBODY

    def only_rep(self, place: Place, from_on: date, until_on: date) -> int | None:
        """Who held it on every one of the days, or None where it changed hands in between."""
        rep = NOBODY
        for held in self.holdings.get(place, []):
            if held.from_on <= from_on and (held.until_on is None or held.until_on >= until_on):
                return held.rep_id
            if held.from_on < until_on and (held.until_on is None or held.until_on > from_on):
                return None
        return rep

    def stretches(self, place: Place, from_on: date, until_on: date) -> list[Segment]:
        """Cut days where the hospital x product changes hands."""
        rep = self.only_rep(place, from_on, until_on)
        if rep is not None:
            return [Segment(rep or None, from_on, until_on)]
        return segments(from_on, until_on, self.holdings[place])

    def month(self, packs: int, month: Period) -> dict[WeekSlice, int]:
        """Divide a month's packs among its slices."""
        return self._slice_month(packs, month)

    def slice(self, packs: int, place: Place, piece: WeekSlice) -> dict[Segment, int]:
        """Divide a slice's packs among the stretches that one rep held."""
        found = self.stretches(place, piece.from_on, piece.until_on)
        if len(found) == 1:
            return {found[0]: packs}
        return share_by_working_days(packs, found, self.calendar)

    def _uncached_slice_month(self, packs: int, month: Period) -> dict[WeekSlice, int]:
        return share_by_working_days(packs, _pieces(month), self.calendar)


@cache
def _pieces(month: Period) -> list[WeekSlice]:
    return slices_of(month)


def target_rows(frames: Frames, span: Span, slicer: Slicer) -> pd.DataFrame:
    """Cut the targets of hospitals into slice rows.

    returns  KEYS and TARGET_MEASURES. A month that the span wants whole, and that one rep held throughout,
             is one row dated its first day
    """
    rows: list[tuple[Any, ...]] = []
    sliced = span.sliced_months
    for hospital, product, month_on, floor, stretch in _tuples(frames.targets):
        place, month = (hospital, product), Period(PeriodKind.MONTH, month_on)
        price = frames.prices.on(product, month_on) or 0
        whole = None if month in sliced else slicer.only_rep(place, month.from_on, month.until_on)
        if whole is not None:
            rows.append((whole, hospital, product, month_on, floor, stretch, floor * price, stretch * price))
            continue
        for piece, floor_part in slicer.month(floor, month).items():
            stretch_part = slicer.month(stretch, month)[piece]
            parts = slicer.slice(stretch_part, place, piece)
            for segment, low in slicer.slice(floor_part, place, piece).items():
                high = parts[segment]
                rep = segment.rep_id or NOBODY
                rows.append((rep, hospital, product, piece.from_on, low, high, low * price, high * price))
    return _whole_numbers(rows, KEYS, TARGET_MEASURES)


def flow_rows(frames: Frames, slicer: Slicer) -> pd.DataFrame:
    """Credit the flow to who held the hospital x product on its day.

    returns  KEYS and FLOW_MEASURES; `estimated` counts the parts of lines that are dated by month only
    """
    rows: list[tuple[Any, ...]] = []
    for _, hospital, product, day, packs, fen, unpriced in _tuples(frames.flow):
        worth = fen + frames.prices.worth(unpriced, product, day)
        rows.append((slicer.rep_on((hospital, product), day), hospital, product, slice_on(day), packs, worth, 0))
    for hospital, product, piece, segment, packs, fen in _monthly_parts(frames, slicer):
        rows.append((segment.rep_id or NOBODY, hospital, product, piece.from_on, packs, fen, 1))
    return _whole_numbers(rows, KEYS, FLOW_MEASURES)


def recent_rows(frames: Frames, span: Span, slicer: Slicer) -> pd.DataFrame:
    """The packs of the last 20 working days, of which the run rate is made.

    returns  rep, hospital, product, recent; a pace belongs to the rep who has to keep it up: the one who
             holds the hospital x product on the period's last day
    """
    from_on, until_on = span.recent_on, span.period.until_on
    packs_of: dict[Place, int] = defaultdict(int)
    for _, hospital, product, day, packs, _, _ in _tuples(frames.flow):
        if from_on <= day < until_on:
            packs_of[hospital, product] += packs
    for hospital, product, _, segment, packs, _ in _monthly_parts(frames, slicer, from_on, until_on):
        days = slice_days(packs, segment.from_on, segment.until_on, slicer.calendar)
        packs_of[hospital, product] += sum(part for day, part in days.items() if from_on <= day < until_on)
    rows = [(slicer.rep_on(place, span.period.to_on), *place, packs) for place, packs in packs_of.items()]
    return _whole_numbers(rows, KEYS[:3], ["recent"])


def _monthly_parts(
    frames: Frames, slicer: Slicer, from_on: date = date.min, until_on: date = date.max
) -> Iterator[tuple[int, int, WeekSlice, Segment, int, int]]:
    """The lines dated by month, divided among slices and stretches that touch the days."""
    for _, hospital, product, day, packs, fen, unpriced in _tuples(frames.monthly_flow):
        month, place = Period.of(PeriodKind.MONTH, day), (hospital, product)
        if month.until_on <= from_on or month.from_on >= until_on:
            continue
        worth = fen + frames.prices.worth(unpriced, product, day)
        fen_parts = slicer.month(worth, month)
        for piece, part in slicer.month(packs, month).items():
            if piece.until_on <= from_on or piece.from_on >= until_on:
                continue
            fen_of = slicer.slice(fen_parts[piece], place, piece)
            for segment, share in slicer.slice(part, place, piece).items():
                yield hospital, product, piece, segment, share, fen_of[segment]


def late_places(frames: Frames, span: Span) -> set[Place]:
    """Hospitals x products whose distributors have not delivered anything for the period yet.

    Nothing sold and nothing heard look the same in the flow. They are told apart by the source: one that
    delivered in the three months before and not one line for the period is late, and all its places with it.
    """
    sources: dict[Place, set[str]] = defaultdict(set)
    memory_on = span.memory_on
    for source, hospital, product, day, *_ in [*_tuples(frames.flow), *_tuples(frames.monthly_flow)]:
        if day >= memory_on:
            sources[hospital, product].add(source)
    late = {source for source, day in source_days(frames, span).items() if day < span.period.from_on}
    return {place for place, found in sources.items() if found <= late}


def source_days(frames: Frames, span: Span) -> dict[str, date]:
    """The last day that each source of the last months has spoken of; the end of a month for one dated by month."""
    days: dict[str, date] = {}
    for source, _, _, day, *_ in _tuples(frames.flow):
        days[source] = max(day, days.get(source, date.min))
    for source, _, _, day, *_ in _tuples(frames.monthly_flow):
        days[source] = max(Period.of(PeriodKind.MONTH, day).to_on, days.get(source, date.min))
    return {source: day for source, day in sorted(days.items()) if day >= span.memory_on}


def _tuples(table: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    return table.itertuples(index=False, name=None)


def _whole_numbers(rows: list[tuple[Any, ...]], keys: list[str], measures: list[str]) -> pd.DataFrame:
    """Rows added up per key; days become ordinals, so that every column is int64."""
    table = pd.DataFrame(rows, columns=[*keys, *measures], dtype=object)
    if "slice_on" in keys:
        table["slice_on"] = table["slice_on"].map(date.toordinal)
    table = table.astype("int64")
    return table.groupby(keys, as_index=False, sort=True)[measures].sum()
