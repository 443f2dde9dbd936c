"""Frozen reports that an import of sales changes: named before, revised by a worker right after."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from repcrm.core.periods import Period
from repcrm.imports import closed
from repcrm.organisation.access import Scope
from repcrm.reports.models import ReportSnapshot
from repcrm.sales.comparing import changed_days
from repcrm.sales.lines import Delivery
from repcrm.sales.models import FlowMode, ImportBatch
from repcrm.sales.queries import lines_of_batches
from repcrm.sales.replacing import list_replaceable, list_replaced
from repcrm.work.service import ask_for

WORK = "revise_reports"
"""The kind of long work that revises reports; its wish: batch_id, reports as (period, region id)."""


def touched_by_applying(session: Session, batch: ImportBatch) -> list[ReportSnapshot]:
    """Return the frozen reports that change when the staged lines of a batch begin to count."""
    replaced: list[int] = []
    if batch.mode is FlowMode.REPLACES and batch.distributor is not None:
        replaceable = list_replaceable(session, batch.distributor, Period.parse(batch.period))
        replaced = [one.id for one in replaceable]
    return closed.touched_reports(session, changed_days(session, (), replaced=replaced, staged=batch.id))


def touched_by_adding(session: Session, lines: Sequence[Delivery]) -> list[ReportSnapshot]:
    """Return the frozen reports that change when further lines begin to count."""
    return closed.touched_reports(session, changed_days(session, lines))


def touched_by_reverting(session: Session, batch: ImportBatch) -> list[ReportSnapshot]:
    """Return the frozen reports that change when a batch ceases to count and what it replaced counts again."""
    former = lines_of_batches(session, [one.id for one in list_replaced(session, batch)])
    lines = (Delivery(one.hospital_id, one.product_id, one.on, one.packs, one.value_fen, one.grain) for one in former)
    return closed.touched_reports(session, changed_days(session, lines, replaced=[batch.id]))


def enqueue_revisions(
    session: Session, scope: Scope, batch: ImportBatch, touched: Sequence[ReportSnapshot], *, now: datetime
) -> None:
    """Have a worker revise the reports, in the same transaction as what changed them."""
    if touched:
        reports = [[report.period, report.region_id] for report in touched]
        wish = {"batch_id": batch.id, "reports": reports, "asked_at": now.isoformat()}
        ask_for(session, scope, WORK, wish, now=now, most=None)
