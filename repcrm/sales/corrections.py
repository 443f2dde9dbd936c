"""The lines that a correction consists of: what is taken away at one hospital, and what comes at another."""

from datetime import date

from repcrm.sales.lines import Delivery
from repcrm.sales.models import ClaimKind, FlowGrain


def share_of(value_fen: int | None, packs: int, of_packs: int) -> int | None:
    """Return the money of some packs of a line, rounded down to the fen; None where the line has none."""
    return None if value_fen is None else value_fen * packs // of_packs


def correction_lines(
    kind: ClaimKind,
    packs: int,
    hospital_id: int,
    other_hospital_id: int | None,
    product_id: int,
    on: date,
    grain: FlowGrain,
    value_fen: int | None = None,
    document: str = "",
) -> list[Delivery]:
    """Return the lines that put a claim right.

    packs              with the sign of the line that is wrong: negative of a return
    other_hospital_id  where they belong, if anywhere
    value_fen          the money of these packs, with their sign; None: by the price of the day

    What is missing comes on top. Everything else is taken away here, and comes at the other hospital if one is given.
    """

    def delivery(at: int, sign: int) -> Delivery:
        value = None if value_fen is None else sign * value_fen
        return Delivery(at, product_id, on, sign * packs, value, grain, document)

    if kind is ClaimKind.MISSING:
        return [delivery(hospital_id, 1)]
    taken = [delivery(hospital_id, -1)]
    return taken if other_hospital_id is None else [*taken, delivery(other_hospital_id, 1)]


def day_of_correction(on_file: list[tuple[date, FlowGrain]], month_on: date, last_on: date) -> tuple[date, FlowGrain]:
    """Return the day of a correction of a whole month, and how finely it is dated.

    on_file  days of the distributor's lines there in the month, latest first
    last_on  the last day of the month, or today in the current one

    It is dated like the lines there, so that days and months of the same packs do not stand side by side: on the last
    day that has a line, or else on the last day of the month.
    """
    if any(grain is FlowGrain.MONTH for _, grain in on_file):
        return month_on, FlowGrain.MONTH
    return (on_file[0][0] if on_file else last_on), FlowGrain.DAY
