"""A rep's own part of a report holds nothing that others' figures went into."""

from repcrm.reports.body import Body
from repcrm.reports.own import own_part
from tests.unit.reports.bodies import body


def test_the_bridge_is_made_of_the_own_gap() -> None:
    whole = body()

    own = own_part(whole, "U1")

    assert sum(step["packs"] for step in whole.raw["bridge"]) == 27
    assert [(step["code"], step["packs"], step["count"]) for step in own.raw["bridge"]] == [("missed_calls", 7, 1)]
    assert own_part(whole, "U9").raw["bridge"] == [], "who has nothing in the report"


def test_whatever_others_did_the_own_part_is_the_same() -> None:
    """Every part of the body that differs between two companies of the rep's colleagues is a leak."""
    alone = body()
    raw = dict(body().raw)
    for row in raw["rows"]:
        if row[1] != 0:
            row[4:] = [figure + 1_000 if isinstance(figure, int) else figure for figure in row[4:]]
    raw["series"]["region"]["actual"] = [1, 2]
    raw["series"]["reps"]["1"]["actual"] = [3, 4]
    raw["bridge"] = [{"code": "behind", "packs": 9, "fen": 9, "count": 9, "moved": 0}]
    raw["stock"].append([1, 0, 77, "2026-11-18"])
    raw["revision"] = {"before": 1, "steps": [], "gap_before": [1, 1], "gap_after": [2, 2]}
    raw["development"]["hospitals"][1] = [1, 9, 9, 9, 9, 9, 9]
    raw["development"]["places"][1] = [1, 0, 9, 9, 9, 9, 9, 9]

    assert own_part(Body(raw), "U1").raw == own_part(alone, "U1").raw
