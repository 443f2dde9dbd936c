"""A rep's own part of a report: the own rows, and totals made of nothing else."""

from collections import defaultdict
from typing import Any

from repcrm.reports import bridge
from repcrm.reports.body import NAMED, Body, Row, added_up, stored
from repcrm.reports.deliveries import without_packs

FOR_EVERYBODY = ("late_data", "provisional_calendar", "missing_calendar")
"""Facts about the data, not about anybody's hospitals."""


def own_part(body: Body, code: str) -> Body:
    """Cut a report down to what a rep may see.

    code     of the rep
    returns  a body whose region row is the rep's own; other reps are not even named
    """
    return Body(_cut(body, body.place_of("reps", code)))


def _cut(body: Body, rep: int | None) -> dict[str, Any]:
    """The raw body with only what is one rep's; without any row if the rep has none in it."""
    raw = body.raw
    own = [row for level in ("rep", "hospital", "product") for row in body.level(level) if row.rep == rep]
    own = own if rep is not None else []
    places = [row for row in own if row.level == "product"]
    doctor_rows = [one for one in raw["doctor_rows"] if rep is not None and one[0] == rep]
    facts = [
        fact for fact in raw["facts"] if fact["code"] in FOR_EVERYBODY or (rep is not None and fact.get("rep") == rep)
    ]
    hospitals = {row.hospital for row in places}
    kept: dict[str, set[int | None]] = {
        "reps": {rep},
        "hospitals": hospitals,
        "products": set(range(len(raw["products"]))),
        "doctors": {one[3] for one in doctor_rows} | {fact.get("doctor") for fact in facts},
    }
    own_places = {(row.hospital, row.product) for row in places}
    mine = raw["series"]["reps"].get(str(rep), {})
    cut = {
        **raw,
        **{kind: [one if place in kept[kind] else None for place, one in enumerate(raw[kind])] for kind in NAMED},
        "data": without_packs(raw["data"]),
        "rows": [stored(row) for row in [*_totals(own, places), *own]],
        "doctor_rows": doctor_rows,
        "series": {**raw["series"], "region": mine, "products": {}, "reps": {str(rep): mine} if mine else {}},
        "development": {
            **raw["development"],
            "hospitals": [one for one in raw["development"]["hospitals"] if one[0] in hospitals],
            "places": [one for one in raw["development"].get("places", []) if (one[0], one[1]) in own_places],
        },
        "stock": [one for one in raw["stock"] if (one[0], one[1]) in own_places],
        "unlisted": [one for one in raw["unlisted"] if (one[0], one[1]) in own_places],
        "facts": facts,
        "bridge": [],
        "revision": None,
    }
    return {**cut, "bridge": [step.stored() for step in bridge.made_of(Body(cut))]}


def _totals(own: list[Row], places: list[Row]) -> list[Row]:
    """The rows above a rep's own, made of nothing else."""
    total = next((row for row in own if row.level == "rep"), added_up([], "rep"))
    by_product: dict[int | None, list[Row]] = defaultdict(list)
    for row in places:
        by_product[row.product].append(row)
    products = [
        added_up(rows, "region_product", product=product)
        for product, rows in sorted(by_product.items(), key=_none_last)
    ]
    return [total._replace(level="region", rep=None), *products]


def _none_last(item: tuple[int | None, Any]) -> tuple[bool, int]:
    return item[0] is None, item[0] or 0
