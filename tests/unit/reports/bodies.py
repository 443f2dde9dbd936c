"""A report of two reps with a hospital each, one product and a doctor each, small enough to read."""

from typing import Any

from repcrm.reports import bridge
from repcrm.reports.body import DOCTOR_STORED, STORED, Body, Row, stored


def place(level: str, rep: int | None, hospital: int | None, product: int | None, **figures: int) -> list[Any]:
    return stored(Row(level, rep, hospital, product, None, **figures))


FIRST = {
    "floor": 20, "stretch": 25, "floor_fen": 100_000, "stretch_fen": 125_000, "actual": 13, "actual_fen": 65_000,
    "planned": 4, "done": 3, "effective": 2, "recent": 50, "horizon_floor": 100, "horizon_actual": 60,
    "n_places": 1, "n_target": 1, "seen_general": 1,
}  # fmt: skip
SECOND = {
    "floor": 30, "stretch": 40, "floor_fen": 150_000, "stretch_fen": 200_000, "actual": 10, "actual_fen": 50_000,
    "planned": 2, "done": 2, "effective": 1, "recent": 40, "horizon_floor": 120, "horizon_actual": 50,
    "n_places": 1, "n_target": 1, "n_unsplit": 1, "seen_key": 1,
}  # fmt: skip
BOTH = {name: FIRST.get(name, 0) + SECOND.get(name, 0) for name in {*FIRST, *SECOND}}


def body(**changes: Any) -> Body:
    """A weekly report of 2026-W47."""
    series = {"floor": [19, 20], "actual": [7, 13], "last_floor": [None, 10], "last_actual": [None, 9]}
    second = {"floor": [29, 30], "actual": [9, 10], "last_floor": [None, None], "last_actual": [None, None]}
    whole = {"floor": [48, 50], "actual": [16, 23], "last_floor": [None, 10], "last_actual": [None, 9]}
    raw: dict[str, Any] = {
        "schema": 1, "kind": "week", "period": "2026-W47", "from_on": "2026-11-16", "to_on": "2026-11-22",
        "region": [1, "EAST", "=East"],
        "calendar": {"days": 5, "horizon": "2026-11", "horizon_days": 21, "horizon_passed": 15, "doubts": []},
        "data": {"has_flow": True, "sources": [["Distributor", "2026-11-21"]], "unpriced": []},
        "reps": [[1, "U1", "First Rep"], [2, "U2", "Second Rep"]],
        "hospitals": [[1, "H1", "First Hospital"], [2, "H2", "Second Hospital"]],
        "products": [[1, "P1", "+Alpha", "box"]],
        "doctors": [[1, "D1", "@Doctor One", "", "general"], [2, "D2", "Doctor Two", "", "key"]],
        "columns": ["level", "rep", "hospital", "product", *STORED],
        "rows": [
            place("region", None, None, None, **BOTH), place("region_product", None, None, 0, **BOTH),
            place("rep", 0, None, None, **FIRST), place("rep", 1, None, None, **SECOND),
            place("hospital", 0, 0, None, **FIRST), place("hospital", 1, 1, None, **SECOND),
            place("product", 0, 0, 0, **FIRST), place("product", 1, 1, 0, **SECOND),
        ],
        "doctor_columns": ["rep", "hospital", "product", "doctor", *DOCTOR_STORED],
        "doctor_rows": [
            [0, 0, 0, 0, 20, 25, 100_000, 125_000, 13, 65_000, 4, 3, 2, 1, 6],
            [1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 2, 2, 1, 0, 7],
            [1, 1, 0, None, 30, 40, 150_000, 200_000, 10, 50_000, 0, 0, 0, 0, 0],
        ],
        "series": {
            "periods": ["2026-W46", "2026-W47"], "compared": ["2025-W46", "2025-W47"],
            "region": whole, "products": {"0": whole}, "reps": {"0": series, "1": second},
        },
        "development": {
            "columns": [], "hospitals": [[0, 4, 1, 2, 1, 3, 0], [1, 2, 2, 1, 1, 1, 1]],
            "places": [[0, 0, 4, 0, 2, 0, 3, 0], [1, 0, 2, 1, 1, 1, 1, 0]],
        },
        "stock": [[0, 0, 20, "2026-11-18"]], "unlisted": [],
        "facts": [
            {"code": "gap_missed_calls", "rep": 0, "hospital": 0, "packs": 7, "fen": 35_000, "missed": 1, "planned": 4},
            {"code": "top_doctor_unseen", "rep": 1, "hospital": 1, "product": 0, "doctor": 1, "rating": 7, "days": 40},
        ],
        "bridge": [], "revision": None, **changes,
    }  # fmt: skip
    raw["bridge"] = [
        {"code": step.code.value, "packs": step.packs, "fen": step.fen, "count": step.count, "moved": 0}
        for step in bridge.made_of(Body(raw))
    ]
    return Body(raw)
