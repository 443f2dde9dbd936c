"""Rows of a sales file as deliveries: on which day, of how much, and what makes two of them the same."""

from datetime import date
from typing import NamedTuple

from repcrm.imports.verdicts import Row
from repcrm.sales.models import FlowGrain


class LineKey(NamedTuple):
    """What a delivery is about; two of one key may still be two deliveries."""

    hospital_id: int
    product_id: int
    on: date
    grain: FlowGrain
    document: str


class Amount(NamedTuple):
    """How much was delivered: packs, and fen where the distributor says so."""

    packs: int
    value_fen: int | None


def day_of(row: Row) -> tuple[date, FlowGrain]:
    """Return the day of a line and how finely it is dated; a month stands on its first day."""
    return day_and_grain(str(row.values.get("on") or row.values["month"][:7]))


def day_and_grain(text: str) -> tuple[date, FlowGrain]:
    """Read a day such as 2026-11-03, or a month such as 2026-11."""
    if len(text) == 7:
        return date.fromisoformat(text + "-01"), FlowGrain.MONTH
    return date.fromisoformat(text), FlowGrain.DAY


def key_of(row: Row) -> LineKey:
    """Return what a row whose hospital and product are known is about."""
    on, grain = day_of(row)
    return LineKey(row.found["hospital"].id, row.found["product"].id, on, grain, row.values.get("document", ""))


def amount_of(row: Row) -> Amount:
    """Return how much a row delivers."""
    return Amount(row.values["packs"], row.values.get("value"))
