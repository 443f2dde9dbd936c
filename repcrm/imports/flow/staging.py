"""Rows of a sales file as lines: staged before they count, or added to a file that counts already."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from repcrm.core.periods import Period
from repcrm.imports.flow.lines import day_of
from repcrm.imports.verdicts import Row, Verdict
from repcrm.sales.lines import Delivery, StockSeen
from repcrm.sales.models import FlowMode, ImportBatch
from repcrm.sales.staging import add_lines, stage_lines, stage_stock


def counts(row: Row, mode: FlowMode | None, period: Period) -> bool:
    """Whether a row becomes a line: what is on file already is written again only where the file replaces it."""
    if row.is_stuck:
        return False
    if row.verdict is not Verdict.UNCHANGED:
        return True
    return mode is not FlowMode.ADDS and day_of(row)[0] >= period.from_on


def stage_portion(session: Session, batch: ImportBatch, rows: Sequence[Row], first_line_no: int) -> int:
    """Write the lines of a portion of rows; they do not count yet.

    returns  the number of the next line
    """
    lines = lines_of(batch, rows)
    stage_lines(session, batch, lines, first_line_no, late=True)
    stage_stock(session, batch, _stock_of(batch, rows))
    return first_line_no + len(lines)


def deliver_rest(session: Session, batch: ImportBatch, rows: Sequence[Row]) -> None:
    """Add the lines of rows that waited to a batch that counts already."""
    add_lines(session, batch, lines_of(batch, rows), _stock_of(batch, rows))


def lines_of(batch: ImportBatch, rows: Sequence[Row]) -> list[Delivery]:
    """Return the lines that rows become."""
    period = Period.parse(batch.period)
    return [_delivery(row) for row in rows if counts(row, batch.mode, period)]


def _stock_of(batch: ImportBatch, rows: Sequence[Row]) -> list[tuple[int, StockSeen]]:
    """Return the stock that rows state, each with the number of its row, if it is to be kept."""
    if batch.answers.get("stock") != "take":
        return []
    stated = [(row, row.ids) for row in rows if "stock" in row.values and not row.is_stuck]
    return [
        (row.number, StockSeen(*ids, day_of(row)[0], row.values["stock"])) for row, ids in stated if ids is not None
    ]


def _delivery(row: Row) -> Delivery:
    assert row.ids is not None  # a row that counts has both names
    on, grain = day_of(row)
    return Delivery(
        *row.ids, on, row.values["packs"], row.values.get("value"), grain, row.values.get("document", ""),
        row.values.get("sub_distributor", ""),
    )  # fmt: skip
