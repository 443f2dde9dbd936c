"""A snapshot laid out flat, so that an outsider can add everything up again."""

from typing import Any

from repcrm.reports.body import Body, Row
from repcrm.reports.deliveries import deliveries_in, share_missing
from repcrm.reports.models import ReportSnapshot

COLUMNS = (
    "level", "region", "rep", "hospital", "product", "doctor",
    "floor_packs", "stretch_packs", "actual_packs", "gap_packs", "floor_fen", "actual_fen", "gap_fen",
    "attainment", "calls_planned", "calls_done", "calls_effective", "estimated",
)  # fmt: skip


def header(snapshot: ReportSnapshot) -> dict[str, Any]:
    """What a snapshot is.

    returns  kind, period, from_on, to_on (the last day), region, revision, data_as_of, frozen_at and hash, as text
             and whole numbers; instants in UTC. not_in: distributors and periods whose sales are not in;
             share_not_in: their share of the usual volume, None where nothing is usual
    """
    body = snapshot.body
    share = share_missing(body)
    return {
        "kind": snapshot.kind.value,
        "period": snapshot.period,
        "from_on": body["from_on"],
        "to_on": body["to_on"],
        "region": body["region"][1],
        "revision": snapshot.revision,
        "data_as_of": snapshot.data_as_of_at.isoformat(),
        "frozen_at": snapshot.frozen_at.isoformat(),
        "hash": snapshot.digest,
        "not_in": [f"{one.code} {one.period}" for one in deliveries_in(body) if not one.is_in],
        "share_not_in": None if share is None else round(float(share), 6),
    }


def flat_rows(body: Body) -> list[dict[str, Any]]:
    """Every row of a report under the names of COLUMNS.

    returns  rows level by level: region, region_product, rep, hospital, product, doctor. Each level sums to the
             region. Codes are null above their level, and where there is nobody: no rep held it, no product was
             named in a call, no split covers it. Attainment is null without a target or before there is any flow
    """
    region = body.raw["region"][1]
    return [dict(zip(COLUMNS, _values(body, row, region), strict=True)) for row in body.rows]


def _values(body: Body, row: Row, region: str) -> list[Any]:
    named = (body.name("reps", row.rep), body.name("hospitals", row.hospital), body.name("products", row.product))
    doctor = body.name("doctors", row.doctor)
    share = row.attainment
    return [
        row.level, region, *(one.code if one else None for one in (*named, doctor)),
        row.floor, row.stretch, row.actual, row.gap, row.floor_fen, row.actual_fen, row.gap_fen,
        None if share is None else round(float(share), 6),
        row.planned, row.done, row.effective, row.n_estimated > 0,
    ]  # fmt: skip
