"""Which distributors have not delivered yet, out of the database: for the import page, and for reports of a region."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from repcrm.accounts.models import Hospital
from repcrm.core.periods import Period
from repcrm.sales.deliveries import Arrival, DeliveryState, Expectation, Sender, expect, periods_until, within
from repcrm.sales.models import (
    BatchStatus,
    Distributor,
    DistributorRegion,
    FlowLine,
    FlowMode,
    ImportBatch,
    ImportKind,
)


@dataclass(frozen=True)
class Missing:
    """Sales that are due and have not been delivered.

    items        each distributor and period, the most packs first
    packs        their usual volume
    usual_packs  the usual volume of all that was due in the same stretch of days, delivered or not
    """

    items: list[Expectation]
    packs: int
    usual_packs: int

    @property
    def share(self) -> Fraction | None:
        """The share of the usual volume that is missing; None where nothing is usual yet."""
        return Fraction(self.packs, self.usual_packs) if self.usual_packs else None


def missing_deliveries(session: Session, today: date) -> Missing:
    """Return which distributors have not delivered which period, as of a day."""
    found = _expectations(session, today, today, None)
    items = [one for one in found if one.state is DeliveryState.MISSING]
    if not items:
        return Missing([], 0, 0)
    from_on = min(one.period.from_on for one in items)
    until_on = max(one.period.until_on for one in items)
    due = [one for one in found if one.due_on < today and one.state is not DeliveryState.EXPECTED]
    usual = sum(within(one, from_on, until_on) for one in due)
    items.sort(key=lambda one: (-one.usual_packs, one.sender.code, one.period))
    return Missing(items, sum(one.usual_packs for one in items), usual)


def deliveries_of(session: Session, region_id: int, period: Period, today: date) -> list[Expectation]:
    """Return the deliveries that the report of a region and period rests on, by code of the distributor.

    today    the day on which the report is worked out
    returns  those that share days with the period, of the distributors that usually sell in the region or are meant to
    """
    found = _expectations(session, period.to_on, today, region_id)
    meant = set(
        session.scalars(select(DistributorRegion.distributor_id).where(DistributorRegion.region_id == region_id))
    )
    return [
        one
        for one in found
        if one.period.from_on < period.until_on
        and period.from_on < one.period.until_on
        and (one.usual_packs or one.sender.id in meant)
    ]


def _expectations(session: Session, as_of: date, known_by: date, region_id: int | None) -> list[Expectation]:
    senders = [
        Sender(*row)
        for row in session.execute(
            select(Distributor.id, Distributor.code, Distributor.name, Distributor.rhythm, Distributor.due_day)
            .where(Distributor.is_active)
            .order_by(Distributor.code)
        )
    ]
    if not senders:
        return []
    from_on = min(periods_until(sender, as_of)[0].from_on for sender in senders)
    arrivals, packs = _arrivals(session, from_on), _packs(session, from_on, region_id)
    return [
        one
        for sender in senders
        for one in expect(sender, arrivals[sender.id], packs[sender.id], as_of, known_by)
    ]  # fmt: skip


def _arrivals(session: Session, from_on: date) -> dict[int, list[Arrival]]:
    rows: Any = session.execute(
        select(
            ImportBatch.distributor_id, ImportBatch.period, ImportBatch.last_on, ImportBatch.applied_at,
            ImportBatch.status,
        ).where(
            ImportBatch.kind == ImportKind.FLOW,
            ImportBatch.status.in_((BatchStatus.APPLIED, BatchStatus.REPLACED)),
            ImportBatch.mode != FlowMode.CORRECTS,
            ImportBatch.applied_at.is_not(None),
        )
    )  # fmt: skip
    arrivals: dict[int, list[Arrival]] = defaultdict(list)
    for distributor_id, period, last_on, at, status in rows:
        read = Period.parse(period)
        if read.until_on > from_on:
            arrivals[distributor_id].append(Arrival(read, last_on, at, counts=status is BatchStatus.APPLIED))
    return arrivals


def _packs(session: Session, from_on: date, region_id: int | None) -> dict[int, dict[date, int]]:
    """Add up packs by distributor and day; the index on batches and days holds all that is read."""
    line = FlowLine
    counting: Any = select(ImportBatch.id, ImportBatch.distributor_id).where(
        ImportBatch.kind == ImportKind.FLOW, ImportBatch.status == BatchStatus.APPLIED, ImportBatch.last_on >= from_on
    )
    distributors: dict[int, int] = dict(session.execute(counting).all())
    wanted: Any = (
        select(line.batch_id, line.on, func.sum(line.packs))
        .where(line.batch_id.in_(distributors), line.on >= from_on)
        .group_by(line.batch_id, line.on)
    )
    if region_id is not None:
        wanted = wanted.where(line.hospital_id.in_(select(Hospital.id).where(Hospital.region_id == region_id)))
    packs: dict[int, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for batch_id, on, count in session.execute(wanted):
        packs[distributors[batch_id]][on] += int(count)
    return packs
