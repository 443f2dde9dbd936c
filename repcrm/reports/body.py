"""The body of a snapshot: how it is laid out and how it is read. No pandas here: web workers read snapshots."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from repcrm.core.periods import Period
from repcrm.core.workdays import Doubt, YearState
from repcrm.targets import attainment
from repcrm.targets.attainment import Status

SCHEMA_VERSION = 3

LEVELS = ("region", "region_product", "rep", "hospital", "product", "doctor")
"""The rows of each level sum to the region's row. Below one another stand region, rep, hospital, product, doctor."""

KEYS = ("level", "rep", "hospital", "product", "doctor")


class Row(NamedTuple):
    """One row of a report. Keys are places in the body's lists of names; None is nobody, or the whole."""

    level: str
    rep: int | None
    hospital: int | None
    product: int | None
    doctor: int | None
    floor: int = 0
    stretch: int = 0
    floor_fen: int = 0
    stretch_fen: int = 0
    actual: int = 0
    actual_fen: int = 0
    planned: int = 0
    done: int = 0
    effective: int = 0
    recent: int = 0
    """Packs of the last 20 working days."""
    horizon_floor: int = 0
    horizon_actual: int = 0
    n_places: int = 0
    n_target: int = 0
    n_no_flow: int = 0
    n_unsplit: int = 0
    n_estimated: int = 0
    seen_key: int = 0
    seen_general: int = 0
    rating: int = 0
    """Of doctor rows: 1 to 7, 0 not rated."""

    @property
    def gap(self) -> int:
        """Packs short of the floor; below 0 when ahead."""
        return self.floor - self.actual

    @property
    def gap_fen(self) -> int:
        """The same in money."""
        return self.floor_fen - self.actual_fen

    @property
    def no_flow(self) -> bool:
        """No distributor has said anything about any of it yet."""
        return 0 < self.n_places == self.n_no_flow

    @property
    def attainment(self) -> Fraction | None:
        """Actual / floor, or None without a target or before there is any flow."""
        return None if self.no_flow else attainment.attainment(self.actual, self.floor)

    @property
    def attainment_stretch(self) -> Fraction | None:
        """Actual / stretch, likewise."""
        return None if self.no_flow else attainment.attainment(self.actual, self.stretch)

    @property
    def status(self) -> Status | None:
        """On track, watch or behind; the period is over, so all of the target is due."""
        return attainment.status(self.attainment, Fraction(1))

    @property
    def missed(self) -> int:
        """Planned calls that were not made."""
        return max(self.planned - self.done, 0)

    @property
    def effective_rate(self) -> Fraction | None:
        """Effective calls of those done, or None where none was done."""
        return Fraction(self.effective, self.done) if self.done else None

    @property
    def missing(self) -> list[str]:
        """What is not there to be measured: `no_target`, `no_flow`, `some_no_flow`, `not_split`."""
        codes = []
        if not self.floor and not self.n_target:
            codes.append("no_target")
        if self.no_flow:
            codes.append("no_flow")
        elif self.n_no_flow:
            codes.append("some_no_flow")
        if self.n_unsplit:
            codes.append("not_split")
        return codes


STORED = Row._fields[5:-1]
"""The measures of rows above doctors, in the order they are stored."""

DOCTOR_STORED = (
    "floor", "stretch", "floor_fen", "stretch_fen", "actual", "actual_fen", "planned", "done", "effective",
    "n_estimated", "rating",
)  # fmt: skip
"""The measures of doctor rows."""

SUMMED = tuple(name for name in STORED if not name.startswith("seen_"))


class Named(NamedTuple):
    """A rep, hospital, product or doctor as it was called when the report was frozen."""

    id: int
    code: str
    name: str
    detail: str = ""
    """Unit of a product, title of a doctor."""
    tier: str = ""
    """Of a doctor."""


@dataclass(frozen=True)
class Forward:
    """How a row stands in the longer period its report lands in."""

    landing: int | None
    """Packs at its end at the present pace; None before there is any flow."""
    landing_attainment: Fraction | None
    run_rate: Fraction
    """Packs a working day over the last 20."""
    needed_per_day: Fraction | None


class Body:
    """A snapshot's body.

    raw  as it was frozen: plain lists, mappings, words and whole numbers
    """

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.raw = raw
        self.period = Period.parse(raw["period"])
        self.horizon = Period.parse(raw["calendar"]["horizon"])
        self.names = {kind: [named and Named(*named) for named in raw[kind]] for kind in NAMED}

    @cached_property
    def rows(self) -> list[Row]:
        """Every row, level by level from the region down, ordered by code."""
        return [*self._upper, *self._doctors]

    @cached_property
    def _upper(self) -> list[Row]:
        return [Row._make((*stored[:4], None, *stored[4:], 0)) for stored in self.raw["rows"]]

    @cached_property
    def _doctors(self) -> list[Row]:
        places = {row[1:4]: row for row in self._upper if row.level == "product"}
        return [
            _like_place(Row("doctor", *stored[:4], **dict(zip(DOCTOR_STORED, stored[4:], strict=True))), places)
            for stored in self.raw["doctor_rows"]
        ]

    @property
    def total(self) -> Row:
        """The row of the whole region (of all that is the rep's own, where the body was cut down to that)."""
        return self._upper[0]

    def level(self, level: str) -> list[Row]:
        """The rows of one level."""
        return self._doctors if level == "doctor" else [row for row in self._upper if row.level == level]

    @cached_property
    def _below(self) -> dict[tuple[Any, ...], list[Row]]:
        found: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
        for row in self.rows:
            match row.level:
                case "rep":
                    found[("region",)].append(row)
                case "hospital":
                    found["rep", row.rep].append(row)
                case "product":
                    found["hospital", row.rep, row.hospital].append(row)
                case "doctor":
                    found["product", row.rep, row.hospital, row.product].append(row)
        return found

    def below(self, row: Row) -> list[Row]:
        """The rows that sum to a row: the reps of the region, the hospitals of a rep, and so on; largest gap first."""
        depth = {"region": 0, "rep": 1, "hospital": 2, "product": 3}.get(row.level)
        if depth is None:
            return []
        found = self._below.get((row.level, *(row.rep, row.hospital, row.product)[:depth]), [])
        return sorted(found, key=lambda one: (-one.gap_fen, -one.gap))

    def find(self, *keys: int | None) -> Row | None:
        """The row of a rep, of a rep's hospital, or of a product there; without keys the total."""
        level = ("region", "rep", "hospital", "product")[len(keys)]
        padded = (*keys, None, None, None)[:3]
        return next((row for row in self.level(level) if row[1:4] == padded), None)

    def name(self, kind: str, place: int | None) -> Named | None:
        """Who a key of a row stands for. kind: reps, hospitals, products or doctors."""
        return None if place is None else self.names[kind][place]

    def place_of(self, kind: str, code: str) -> int | None:
        """The key of a code, or None if the report does not know it."""
        return next((place for place, named in enumerate(self.names[kind]) if named and named.code == code), None)

    def forward(self, row: Row) -> Forward:
        """Project a row to the end of the longer period, by working days."""
        left, rate = self.days_left, attainment.run_rate(row.recent)
        target = row.horizon_floor or None
        heard = self.raw["data"]["has_flow"] or row.horizon_actual
        landing = attainment.landing(row.horizon_actual, left, rate) if heard else None
        return Forward(
            landing=landing,
            landing_attainment=None if landing is None else attainment.attainment(landing, target),
            run_rate=rate,
            needed_per_day=attainment.needed_per_day(target, row.horizon_actual, left),
        )

    @property
    def days_left(self) -> int:
        """Working days of the longer period after this report's."""
        return int(self.raw["calendar"]["horizon_days"] - self.raw["calendar"]["horizon_passed"])

    @cached_property
    def doubts(self) -> list[Doubt]:
        """The years in its figures whose working days were not certain when it was frozen; unknown before schema 3."""
        return [Doubt(year, YearState(state)) for year, state in self.raw["calendar"].get("doubts", ())]

    @property
    def elapsed(self) -> Fraction:
        """The part of the longer period's working days that has passed."""
        passed, days = (int(self.raw["calendar"][name]) for name in ("horizon_passed", "horizon_days"))
        return Fraction(passed, days) if days else Fraction(1)

    def series(self, kind: str = "region", place: int | None = None) -> dict[str, list[int | None]]:
        """The series of the region, of a product or of a rep; see `reports.series`. kind: region, products or reps."""
        found = self.raw["series"][kind]
        if kind == "region":
            return dict(found)
        return dict(found.get(str(place), {}))


def _like_place(row: Row, places: Mapping[tuple[Any, ...], Row]) -> Row:
    """A doctor row with what is true of the doctor because it is true of the hospital x product."""
    place = places[row[1:4]]
    has_part = row.doctor is None or row.n_estimated
    return row._replace(
        n_places=place.n_places,
        n_no_flow=place.n_no_flow,
        n_target=place.n_target if has_part else 0,
        n_unsplit=place.n_unsplit if row.doctor is None else 0,
    )


NAMED = ("reps", "hospitals", "products", "doctors")


def canonical(raw: Mapping[str, Any]) -> bytes:
    """A body as bytes that are the same for the same figures, whatever the database did to the order of keys."""
    return json.dumps(raw, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(raw: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical bytes, in hex: the hash printed on a report."""
    return hashlib.sha256(canonical(raw)).hexdigest()


def added_up(rows: Iterable[Row], level: str, **keys: int | None) -> Row:
    """One row that is the sum of others; doctors met are summed too, which is right where rows share none."""
    columns = [row[5:-1] for row in rows]
    sums = [sum(column) for column in zip(*columns, strict=True)] if columns else [0] * len(STORED)
    own = {"rep": None, "hospital": None, "product": None, "doctor": None, **keys}
    return Row(level, own["rep"], own["hospital"], own["product"], own["doctor"], *sums)


def stored(row: Row) -> list[Any]:
    """A row above doctors, as a body keeps it."""
    return [*row[:4], *row[5:-1]]
