"""Closed periods: which frozen reports an import of sales changes, why it may, and revising them in one step.

A month or quarter is closed for a region once its report is frozen. Late sales are welcome all the same, but somebody
says why. Weeks close every Monday and change whenever sales come late: their reports are revised without being asked.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from repcrm.core.errors import RuleBroken
from repcrm.core.periods import Period
from repcrm.core.progress import Step, silent
from repcrm.core.words import N_
from repcrm.organisation.models import Region, User
from repcrm.reports.models import ReportKind, ReportSnapshot
from repcrm.reports.service import Draft, draft, revise
from repcrm.sales.comparing import Changed
from repcrm.sales.models import ImportBatch

CLOSING = (ReportKind.MONTH, ReportKind.QUARTER)
"""Reports that close their period."""


@dataclass(frozen=True)
class Redraft:
    """A frozen report worked out again, not kept yet."""

    period: Period
    region_id: int
    draft: Draft


def touched_reports(session: Session, changes: Collection[Changed]) -> list[ReportSnapshot]:
    """Return the frozen reports of weeks, months and quarters in which sales change.

    changes  see `sales.comparing.changed_days`
    returns  the newest revision of each, in the order in which their periods end; without their bodies
    """
    if not changes:
        return []
    report = ReportSnapshot
    keys = (report.kind, report.period, report.region_id)
    last = func.row_number().over(partition_by=keys, order_by=report.revision.desc()).label("place")
    ranked = (
        select(report.id, last)
        .where(
            report.region_id.in_({change.region_id for change in changes}),
            report.from_on <= max(change.on for change in changes),
            report.until_on > min(change.on for change in changes),
        )
        .subquery()
    )
    reports = session.scalars(
        select(report)
        .options(joinedload(report.region))
        .where(report.id.in_(select(ranked.c.id).where(ranked.c.place == 1)))
        .order_by(report.until_on, report.from_on.desc(), report.region_id)
    )
    return [
        one
        for one in reports
        if any(change.region_id == one.region_id and one.from_on <= change.on < one.until_on for change in changes)
    ]


def check_reason(touched: Sequence[ReportSnapshot], reason: str) -> None:
    """Refuse to change a closed month or quarter without a reason.

    raises  RuleBroken (field `reason`) naming the reports
    """
    closed = [report for report in touched if report.kind in CLOSING]
    if closed and not reason.strip():
        raise RuleBroken(
            N_("Give a reason: this changes sales of periods whose report is frozen (%(reports)s)."),
            field="reason",
            reports=", ".join(f"{report.period} {report.region.name}" for report in closed),
        )


def draft_touched(
    session: Session, touched: Sequence[ReportSnapshot], *, now: datetime, today: date, step: Step = silent
) -> list[Redraft]:
    """Work out touched reports again, from the data of now: it only reads, so nobody waits for it.

    step     told what is done next; it may raise, to stop
    returns  those whose figures are no longer the frozen ones
    """
    redrafts = []
    for number, report in enumerate(touched):
        step(N_("Revising the reports it changes"), number, len(touched))
        period = Period.parse(report.period)
        drafted = draft(session, period, report.region, now=now, today=today)
        if {**report.body, "revision": None} != {**drafted.body, "revision": None}:
            redrafts.append(Redraft(period, report.region_id, drafted))
    return redrafts


def revise_touched(
    session: Session, batch: ImportBatch, redrafts: Sequence[Redraft], *, now: datetime, today: date, actor: User
) -> list[ReportSnapshot]:
    """Keep the drafts as the next revision of each report, all in the caller's transaction.

    batch    the import that was applied or reverted: its reason, else its distributor, period and file are theirs
    returns  the new revisions, each with a bridge from the one before
    """
    reason = batch.reason.strip() or " ".join(filter(None, (batch.source, batch.period, batch.file_name)))
    return [
        revise(
            session, one.period, session.get_one(Region, one.region_id), now=now, today=today, reason=reason,
            actor=actor, drafted=one.draft,
        )
        for one in redrafts
    ]  # fmt: skip
