"""The gap: target against actual at every level, each total the exact sum of the rows below it."""

from dataclasses import dataclass

import pandas as pd

from repcrm.core.workdays import WorkCalendar
from repcrm.reports.doctors import CALL_MEASURES, PLACE_KEYS, doctor_rows
from repcrm.reports.frames import Frames
from repcrm.reports.reads import Place
from repcrm.reports.slices import (
    KEYS,
    TARGET_MEASURES,
    Slicer,
    flow_rows,
    late_places,
    recent_rows,
    target_rows,
)
from repcrm.reports.span import Span

LEVELS: dict[str, list[str]] = {
    "region": [],
    "region_product": ["product"],
    "rep": ["rep"],
    "hospital": ["rep", "hospital"],
    "product": PLACE_KEYS,
}
"""Level -> what tells its rows apart. Doctor rows stand in a table of their own."""

MEASURES = [
    *TARGET_MEASURES, "actual", "actual_fen", *CALL_MEASURES,
    "recent", "horizon_floor", "horizon_actual",
    "n_places", "n_target", "n_no_flow", "n_unsplit", "n_estimated",
]  # fmt: skip
"""What every row holds and what adds up from level to level.

recent          packs of the last 20 working days
horizon_...     of the longer period the report lands in: its whole target, and its actual so far
n_places        hospitals x products (once per rep who held them) with a target or flow; of these
n_target        have a target, n_no_flow have heard nothing from their distributors yet, n_unsplit have a
                target and no approved split for some month, n_estimated rest on flow dated by month only
"""

SEEN = ["seen_key", "seen_general"]
"""Different doctors met, by tier: a doctor met by two reps counts once for the region, so these do not add up."""


@dataclass(frozen=True)
class Gap:
    """The figures of a report.

    places   one row per rep, hospital and product: PLACE_KEYS and MEASURES
    levels   level -> its keys, MEASURES and SEEN; `product` has the same rows as places
    doctors  see `doctors.doctor_rows`
    slices   slice rows of all periods the span looks at, for the series
    """

    places: pd.DataFrame
    levels: dict[str, pd.DataFrame]
    doctors: pd.DataFrame
    targets: pd.DataFrame
    flow: pd.DataFrame
    late: set[Place]
    has_flow: bool


def work_out(frames: Frames, span: Span, calendar: WorkCalendar) -> Gap:
    """Compute every figure of a report.

    frames    what the database says
    returns   see `Gap`; every column of integers, every level the sum of the one below
    """
    slicer = Slicer(calendar, frames.holdings)
    targets, flow = target_rows(frames, span, slicer), flow_rows(frames, slicer)
    period = span.period
    in_period = [_between(rows, period.from_on.toordinal(), period.until_on.toordinal()) for rows in (targets, flow)]
    slice_rows = _added([rows.assign(n_target=int(rows is in_period[0])) for rows in in_period], KEYS)
    late, has_flow = late_places(frames, span), not in_period[1].empty
    period_rows = _added([slice_rows.drop(columns="slice_on"), recent_rows(frames, span, slicer)], PLACE_KEYS)
    places = _places(frames.calls, span, period_rows, targets, flow)
    places = _flagged(places, frames, span, late, has_flow)
    doctors = doctor_rows(frames, slice_rows, places)
    levels = {level: _level(places, frames, keys) for level, keys in LEVELS.items()}
    return Gap(places, levels, doctors, targets, flow, late, has_flow)


def _places(
    calls: pd.DataFrame, span: Span, period_rows: pd.DataFrame, targets: pd.DataFrame, flow: pd.DataFrame
) -> pd.DataFrame:
    """Everything added up per rep, hospital and product."""
    first, last, end = (day.toordinal() for day in (span.horizon.from_on, span.horizon.until_on, span.period.until_on))
    renamed = [
        _between(targets, first, last).rename(columns={"floor": "horizon_floor"})[[*PLACE_KEYS, "horizon_floor"]],
        _between(flow, first, end).rename(columns={"actual": "horizon_actual"})[[*PLACE_KEYS, "horizon_actual"]],
    ]
    return _added([period_rows, *renamed, calls[[*PLACE_KEYS, *CALL_MEASURES]]], PLACE_KEYS)


def _flagged(places: pd.DataFrame, frames: Frames, span: Span, late: set[Place], has_flow: bool) -> pd.DataFrame:
    """Count what is there and what is missing, so that totals know it too."""
    months = [month.from_on for month in span.period.months()]
    asked = frames.targets[frames.targets["month_on"].isin(months)][["hospital", "product", "month_on"]]
    unsplit = {target[:2] for target in asked.itertuples(index=False, name=None) if target not in frames.shares}
    here = list(zip(places["hospital"], places["product"], strict=True))
    has_target = places["n_target"] > 0
    counts = has_target | (places["actual"] != 0) | (places["estimated"] > 0)
    no_flow = pd.Series([not has_flow or place in late for place in here], index=places.index, dtype=bool)
    flags = {
        "n_places": counts,
        "n_target": has_target,
        "n_no_flow": counts & no_flow,
        "n_unsplit": has_target & pd.Series([place in unsplit for place in here], index=places.index, dtype=bool),
        "n_estimated": places["estimated"] > 0,
    }
    return places.assign(**{name: flag.astype("int64") for name, flag in flags.items()})[[*PLACE_KEYS, *MEASURES]]


def _level(places: pd.DataFrame, frames: Frames, keys: list[str]) -> pd.DataFrame:
    """Add the places up to a level, and count the different doctors met there."""
    tier = dict(zip(frames.doctors["id"], frames.doctors["tier"], strict=True))
    met = frames.seen.drop_duplicates([*keys, "doctor"])
    is_key = pd.Series([int(tier.get(doctor) == "key") for doctor in met["doctor"]], index=met.index, dtype="int64")
    met = met.assign(seen_key=is_key, seen_general=1 - is_key)
    if not keys:
        whole = places[MEASURES].sum().to_frame().T.astype("int64")
        return whole.assign(**{name: int(met[name].sum()) for name in SEEN})
    total = places.groupby(keys, as_index=False)[MEASURES].sum()
    return _added([total.assign(**dict.fromkeys(SEEN, 0)), met[[*keys, *SEEN]]], keys)


def _between(rows: pd.DataFrame, from_ordinal: int, until_ordinal: int) -> pd.DataFrame:
    return rows[(rows["slice_on"] >= from_ordinal) & (rows["slice_on"] < until_ordinal)]


def _added(tables: list[pd.DataFrame], keys: list[str]) -> pd.DataFrame:
    """Tables of different measures put together and added up per key, without a detour through floats."""
    measures = list(dict.fromkeys(name for table in tables for name in table.columns if name not in keys))
    whole = [table.reindex(columns=[*keys, *measures], fill_value=0) for table in tables]
    return pd.concat(whole, ignore_index=True).astype("int64").groupby(keys, as_index=False)[measures].sum()
