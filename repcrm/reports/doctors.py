"""Doctor rows: each doctor's part of a hospital's target and flow, an estimate that adds up exactly."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pandas as pd

from repcrm.reports.frames import Frames
from repcrm.reports.reads import NOBODY
from repcrm.reports.slices import FLOW_MEASURES, TARGET_MEASURES
from repcrm.targets.attribution import attribute, share_target

DOCTOR_KEYS = ["rep", "hospital", "product", "doctor"]
PLACE_KEYS = DOCTOR_KEYS[:3]
CALL_MEASURES = ["planned", "done", "effective"]
ADDITIVE = [*TARGET_MEASURES, *FLOW_MEASURES[:2], *CALL_MEASURES]
"""What adds up from doctors to hospitals."""


def doctor_rows(frames: Frames, slice_rows: pd.DataFrame, place_rows: pd.DataFrame) -> pd.DataFrame:
    """Divide slice rows among the doctors of their month's approved split.

    slice_rows  of the report's period: KEYS and all measures
    place_rows  the same added up per rep, hospital and product, with the calls
    returns     DOCTOR_KEYS, ADDITIVE and `estimated`. Per rep, hospital and product the rows sum to the place row:
                what no split covers stands in a row of its own with the doctor NOBODY
    """
    split = _divided(frames, slice_rows)
    columns = [*DOCTOR_KEYS, *ADDITIVE, "estimated"]
    # Filled before they are put together: a gap would turn whole numbers into floats.
    known = pd.concat([table.reindex(columns=columns, fill_value=0) for table in (split, frames.calls)])
    known = known.groupby(DOCTOR_KEYS, as_index=False)[[*ADDITIVE, "estimated"]].sum()
    parts = known.groupby(PLACE_KEYS)[ADDITIVE].sum()
    whole = place_rows.set_index(PLACE_KEYS)[ADDITIVE]
    rest = whole.sub(parts.reindex(whole.index, fill_value=0))
    rest = rest[(rest != 0).any(axis=1) | ~rest.index.isin(parts.index)].reset_index()
    rest["doctor"] = NOBODY
    marks = place_rows[[*PLACE_KEYS, "n_estimated"]].rename(columns={"n_estimated": "estimated"})
    rest = rest.merge(marks, on=PLACE_KEYS)
    rows = pd.concat([known[columns], rest[columns]], ignore_index=True)
    rows["estimated"] = rows["estimated"].clip(upper=1)
    return rows.sort_values(DOCTOR_KEYS, ignore_index=True)


def _divided(frames: Frames, slice_rows: pd.DataFrame) -> pd.DataFrame:
    ratings = _ratings(frames)
    sums: dict[tuple[int, int, int, int], list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0, 0])
    for row in slice_rows.to_dict("records"):
        month_on = date.fromordinal(row["slice_on"]).replace(day=1)
        place = (row["hospital"], row["product"])
        if shares := frames.shares.get((*place, month_on)):
            price = frames.prices.on(place[1], month_on) or 0
            for doctor, figures in _parts(row, shares, ratings[place[1]], frames.factors, price):
                total = sums[row["rep"], *place, doctor]
                for column, figure in enumerate(figures):
                    total[column] += figure
    measures = [*TARGET_MEASURES, *FLOW_MEASURES[:2]]
    rows = [(*key, *figures, 1) for key, figures in sums.items()]
    return pd.DataFrame(rows, columns=[*DOCTOR_KEYS, *measures, "estimated"], dtype=object).astype("int64")


def _parts(
    row: Mapping[Any, Any],
    shares: Mapping[int, int],
    ratings: Mapping[int, int],
    factors: Mapping[int, int],
    price: int,
) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Each doctor's part of one slice row, in the order of TARGET_MEASURES and FLOW_MEASURES."""
    floors = share_target(row["floor"], shares)
    stretches = share_target(row["stretch"], shares)
    packs = attribute(row["actual"], shares, ratings, factors)
    fen = attribute(row["actual_fen"], shares, ratings, factors)
    for doctor, floor in floors.items():
        stretch = stretches[doctor]
        yield doctor, (floor, stretch, floor * price, stretch * price, packs[doctor], fen[doctor])


def _ratings(frames: Frames) -> dict[int, dict[int, int]]:
    """product -> doctor -> rating"""
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for doctor, product, rating in frames.ratings.itertuples(index=False, name=None):
        found[product][doctor] = rating
    return found
