"""Composing a report: from what the database says to the body of a snapshot. The one place that needs pandas."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy.orm import Session

from repcrm.core.periods import Period
from repcrm.core.progress import Step, silent
from repcrm.core.words import N_
from repcrm.core.workdays import Doubt, WorkCalendar
from repcrm.organisation.models import Region
from repcrm.reports import bridge, facts
from repcrm.reports.body import DOCTOR_STORED, SCHEMA_VERSION, STORED, Body
from repcrm.reports.deliveries import kept_of
from repcrm.reports.development import COLUMNS, development, development_of_products
from repcrm.reports.frames import Frames, read_frames
from repcrm.reports.gap import LEVELS, Gap, work_out
from repcrm.reports.series import Series, series_by, series_of
from repcrm.reports.slices import source_days
from repcrm.reports.span import Span
from repcrm.sales.expecting import deliveries_of

STEPS = 4
"""The three of composing, and drawing the charts."""

Places = dict[str, dict[int, int]]
"""reps, hospitals, products, doctors -> key in the database -> place in the body's list"""


def compose(
    session: Session,
    region: Region,
    period: Period,
    calendar: WorkCalendar,
    step: Step = silent,
    *,
    today: date | None = None,
) -> dict[str, Any]:
    """Compute the report of a region and period from what the database says now.

    period   a week, month or quarter
    step     told what is done next; it may raise, to stop
    today    the day on which deliveries are in time or not; None: the day after the period
    returns  a body as `body.Body` reads it: plain lists, mappings, words and whole numbers
    raises   BadInput for another kind of period
    """
    span = Span.of(period, calendar)
    step(N_("Reading targets, flow and calls"), 0, STEPS)
    frames = read_frames(session, region.id, span)
    step(N_("Working out the gap"), 1, STEPS)
    composer = Composer(frames, span, calendar)
    step(N_("Laying out the report"), 2, STEPS)
    raw = composer.body(region)
    expected = deliveries_of(session, region.id, period, today or period.until_on)
    raw["data"]["deliveries"] = [kept_of(one, period) for one in expected]
    return raw


class Composer:
    """Lays the figures out."""

    def __init__(self, frames: Frames, span: Span, calendar: WorkCalendar) -> None:
        self.frames = frames
        self.span = span
        self.calendar = calendar
        self.gap: Gap = work_out(frames, span, calendar)
        self.names = self._names()
        self.places: Places = {
            kind: {row[0]: place for place, row in enumerate(rows)} for kind, rows in self.names.items()
        }

    def body(self, region: Region) -> dict[str, Any]:
        """Everything of a report, the bridge and the facts last: they are found in the rest."""
        period = self.span.period
        raw: dict[str, Any] = {
            "schema": SCHEMA_VERSION,
            "kind": period.kind.value,
            "period": str(period),
            "from_on": period.from_on.isoformat(),
            "to_on": period.to_on.isoformat(),
            "region": [region.id, region.code, region.name],
            "calendar": self._calendar(),
            "data": self._data(),
            **self.names,
            "columns": ["level", "rep", "hospital", "product", *STORED],
            "rows": self._rows(),
            "doctor_columns": ["rep", "hospital", "product", "doctor", *DOCTOR_STORED],
            "doctor_rows": self._doctor_rows(),
            "series": self._series(),
            "development": self._development(),
            "stock": [[*self._place(row[:2]), row[2], row[3].isoformat()] for row in _tuples(self.frames.stock)],
            "unlisted": [
                [*self._place(row[:2]), str(row[2]), row[3].isoformat()] for row in _tuples(self.frames.listings)
            ],
            "facts": [],
            "bridge": [],
            "revision": None,
        }
        body = Body(raw)
        raw["bridge"] = [step.stored() for step in bridge.made_of(body)]
        raw["facts"] = facts.worth_acting_on(body, self._last_seen(), self._ratings())
        return raw

    def _names(self) -> dict[str, list[list[Any]]]:
        """Whoever and whatever the rows speak of, in the order of codes."""
        frames, gap = self.frames, self.gap
        known = {
            "reps": (frames.people, {*gap.places["rep"], *gap.targets["rep"], *gap.flow["rep"]}),
            "hospitals": (frames.hospitals, set(frames.hospitals["id"])),
            "products": (frames.products, set(frames.products["id"])),
        }
        names = {kind: [[*row] for row in _tuples(table) if row[0] in keys] for kind, (table, keys) in known.items()}
        for product in names["products"]:
            product[3] = str(product[3])
        wanted = {*gap.doctors["doctor"], *frames.seen["doctor"]}
        doctors = [row for row in _tuples(frames.doctors) if row[0] in wanted]
        return names | {"doctors": [[*row[:3], row[4], str(row[3])] for row in doctors]}

    def _calendar(self) -> dict[str, Any]:
        period, horizon, count = self.span.period, self.span.horizon, self.calendar.count
        return {
            "days": count(period.from_on, period.until_on),
            "horizon": str(horizon),
            "horizon_days": count(horizon.from_on, horizon.until_on),
            "horizon_passed": count(horizon.from_on, min(period.until_on, horizon.until_on)),
            "doubts": [[doubt.year, doubt.state.value] for doubt in self._doubts()],
        }

    def _doubts(self) -> tuple[Doubt, ...]:
        """The years in its figures whose working days are not certain: from the run rate to the end of the horizon."""
        span = self.span
        from_on = min(span.recent_on, span.horizon.from_on)
        return self.calendar.doubts(from_on, max(span.horizon.to_on, span.period.to_on))

    def _data(self) -> dict[str, Any]:
        sources = source_days(self.frames, self.span)
        unpriced = {
            int(product)
            for product in {*self.gap.places["product"]} & {*self.frames.products["id"]}
            if self.frames.prices.on(int(product), self.span.period.to_on) is None
        }
        return {
            "has_flow": self.gap.has_flow,
            "sources": [[source, day.isoformat()] for source, day in sources.items()],
            "unpriced": sorted(self.places["products"][product] for product in unpriced),
        }

    def _rows(self) -> list[list[Any]]:
        rows: list[list[Any]] = []
        for level, keys in LEVELS.items():
            for stored in _tuples(self.gap.levels[level][[*keys, *STORED]]):
                own = dict(zip(keys, stored, strict=False))
                places = [self._key(key, own.get(key, 0)) for key in ("rep", "hospital", "product")]
                rows.append([level, *places, *stored[len(keys) :]])
        order = list(LEVELS)
        return sorted(rows, key=lambda row: (order.index(row[0]), *_by_keys(row[1:4])))

    def _doctor_rows(self) -> list[list[Any]]:
        ratings = {(doctor, product): rating for doctor, product, rating in _tuples(self.frames.ratings)}
        keys = ("rep", "hospital", "product", "doctor")
        table = self.gap.doctors.rename(columns={"estimated": "n_estimated"})
        rows = []
        for row in _tuples(table[[*keys, *DOCTOR_STORED[:-1]]]):
            places = [self._key(key, one) for key, one in zip(keys, row[:4], strict=True)]
            rows.append([*places, *row[4:], ratings.get((row[3], row[2]), 0)])
        return sorted(rows, key=lambda row: _by_keys(row[:4]))

    def _key(self, key: str, one: int) -> int | None:
        return self.places[f"{key}s"].get(one)

    def _place(self, keys: Iterable[int]) -> list[int | None]:
        return [self._key(key, one) for key, one in zip(("hospital", "product"), keys, strict=True)]

    def _series(self) -> dict[str, Any]:
        targets, flow = self.gap.targets, self.gap.flow
        by_product = series_by("product", targets, flow, self.span)
        by_rep = series_by("rep", targets, flow, self.span)
        return {
            "periods": [str(period) for period in self.span.trail],
            "compared": [str(period) for period in self.span.compared],
            "region": series_of(targets, flow, self.span),
            "products": self._placed("products", by_product),
            "reps": self._placed("reps", by_rep),
        }

    def _placed(self, kind: str, found: dict[int, Series]) -> dict[str, Series]:
        places = self.places[kind]
        return {str(places[key]): lines for key, lines in found.items() if key in places}

    def _development(self) -> dict[str, Any]:
        hospitals = development(self.frames)
        here = set(zip(self.gap.places["hospital"], self.gap.places["product"], strict=True))
        places = [
            [*self._place((row[0], product)), *row[1:]]
            for product, table in development_of_products(self.frames).items()
            for row in _tuples(table)
            if (row[0], product) in here
        ]
        return {
            "columns": COLUMNS,
            "hospitals": [[self._key("hospital", row[0]), *row[1:]] for row in _tuples(hospitals)],
            "places": places,
        }

    def _last_seen(self) -> dict[int, date]:
        places = self.places["doctors"]
        return {places[doctor]: day for doctor, day in self.frames.last_seen.items() if doctor in places}

    def _ratings(self) -> dict[tuple[int, int], int]:
        doctors, products = self.places["doctors"], self.places["products"]
        return {
            (doctors[doctor], products[product]): rating
            for doctor, product, rating in _tuples(self.frames.ratings)
            if doctor in doctors
        }


def _tuples(table: pd.DataFrame) -> Iterable[tuple[Any, ...]]:
    return table.itertuples(index=False, name=None)


def _by_keys(keys: Iterable[int | None]) -> list[tuple[bool, int]]:
    """What orders rows by their keys, those without one last."""
    return [(key is None, key or 0) for key in keys]
