"""What is done to distributor flow: taken in for a source and period, and taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, insert, select, text
from sqlalchemy.orm import Session

from repcrm.core.errors import Conflict, RuleBroken
from repcrm.core.periods import Period, PeriodKind
from repcrm.core.words import N_
from repcrm.db.journal import record
from repcrm.sales.models import BatchStatus, FlowGrain, FlowLine, ImportBatch, ImportKind

_ONE_AT_A_TIME = 7_224_727
"""Key of the PostgreSQL advisory lock under which flow is taken in; SQLite has one writer in any case."""
_AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class Delivery:
    """A line of flow.

    on         the day; of a month, its first day
    packs      negative for a return
    value_fen  as the source says; None: packs x the price of the day
    document   number of the delivery note, if known
    """

    hospital_id: int
    product_id: int
    on: date
    packs: int
    value_fen: int | None = None
    grain: FlowGrain = FlowGrain.DAY
    document: str = ""


def take_flow(
    session: Session,
    actor_id: int,
    source: str,
    period: Period,
    lines: Sequence[Delivery],
    now: datetime,
    *,
    batch: ImportBatch | None = None,
) -> ImportBatch:
    """Let lines count as the flow of a source in a period, in the place of what counted before.

    actor_id  who takes them in
    source    the distributor
    period    what the lines answer for: a source without a line on a day of it delivered nothing that day
    lines     all within the period
    batch     the previewed batch they come from; None makes one
    returns   the batch, applied; the one it replaced is kept and named by `replaces_id`
    raises    RuleBroken for a line outside the period, or a period that overlaps another one of the same source

    Any number of lines: 50,000 take about a second.
    """
    source = source.strip()
    if not source:
        raise RuleBroken(N_("Say which distributor the flow is from."), field="source")
    for on, grain in {(line.on, line.grain) for line in lines}:
        _check(on, grain, period)
    lock_flow(session)
    check_overlap(session, source, period)
    replaced = find_applied(session, source, period)
    if batch is None:
        batch = ImportBatch(
            kind=ImportKind.FLOW, source=source, period=str(period), file_name="", file_digest="", rows=[],
            status=BatchStatus.PREVIEWED, count_new=len(lines), created_by_id=actor_id, created_at=now,
        )  # fmt: skip
        session.add(batch)
    if replaced is not None:
        replaced.status = BatchStatus.REPLACED
        session.flush()  # before the new one counts: the database lets only one count
        batch.replaces_id = replaced.id
    batch.status, batch.applied_at = BatchStatus.APPLIED, now
    session.flush()
    _insert(session, batch.id, lines)
    before = {"status": BatchStatus.PREVIEWED, "replaces": None}
    after = {"status": BatchStatus.APPLIED, "replaces": batch.replaces_id, **about(batch), "lines": len(lines)}
    record(session, actor_id, "import_batch", batch.id, "apply_batch", before, after, at=now)
    return batch


def take_back_flow(session: Session, batch: ImportBatch, actor_id: int, now: datetime) -> ImportBatch | None:
    """Let the flow of a batch no longer count, and that of the batch it replaced count again.

    returns  the batch that counts again, None if there was none before
    raises   Conflict if a later file has taken its place: undo that one first
    """
    lock_flow(session)
    lock_batch(session, batch)
    if batch.status is BatchStatus.REPLACED:
        raise Conflict(N_("A later file of %(source)s for %(period)s has taken its place. Undo that one first."),
                       **about(batch))  # fmt: skip
    if batch.status is not BatchStatus.APPLIED:
        raise Conflict(N_("Only an import that has been applied can be undone."))
    batch.status, batch.undone_at = BatchStatus.UNDONE, now
    session.flush()
    former = session.get(ImportBatch, batch.replaces_id) if batch.replaces_id else None
    if former is not None:
        former.status = BatchStatus.APPLIED
        session.flush()
    before = {"status": BatchStatus.APPLIED, **about(batch)}
    after = {"status": BatchStatus.UNDONE, "counts_again": former.id if former else None}
    record(session, actor_id, "import_batch", batch.id, "undo_batch", before, after, at=now)
    return former


def find_applied(session: Session, source: str, period: Period) -> ImportBatch | None:
    """Return the batch whose lines count for a source and period."""
    wanted = _applied(source).where(ImportBatch.period == str(period))
    return session.scalar(wanted.execution_options(populate_existing=True))


def check_overlap(session: Session, source: str, period: Period) -> None:
    """Refuse a period that shares days with another one the source has flow for: they would count twice.

    raises  RuleBroken (field `period`) naming the other period
    """
    for other in session.scalars(_applied(source)):
        there = Period.parse(other.period)
        if there != period and there.from_on < period.until_on and period.from_on < there.until_on:
            raise RuleBroken(
                N_(
                    "%(source)s already has flow for %(other)s, which shares days with %(period)s: they would count "
                    "twice. Use the same period, or undo that import first."
                ),
                field="period",
                source=source,
                other=other.period,
                period=str(period),
            )


def lock_flow(session: Session) -> None:
    """Let flow be taken in by one at a time, until the transaction ends."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})


def lock_batch(session: Session, batch: ImportBatch) -> None:
    """Keep a batch to oneself until the transaction ends, and read it afresh."""
    session.execute(select(ImportBatch.id).where(ImportBatch.id == batch.id).with_for_update())
    session.refresh(batch)


def about(batch: ImportBatch) -> dict[str, Any]:
    """What the journal says of a batch: source, period and file."""
    return {"source": batch.source, "period": batch.period, "file_name": batch.file_name}


def _applied(source: str) -> Select[ImportBatch]:
    return select(ImportBatch).where(
        ImportBatch.kind == ImportKind.FLOW, ImportBatch.status == BatchStatus.APPLIED, ImportBatch.source == source
    )


def _check(on: date, grain: FlowGrain, period: Period) -> None:
    last_on = on if grain is FlowGrain.DAY else Period.of(PeriodKind.MONTH, on).to_on
    if on not in period or last_on not in period:
        raise RuleBroken(N_("%(day)s does not lie in %(period)s."), day=on.isoformat(), period=str(period))
    if grain is FlowGrain.MONTH and on.day != 1:
        raise RuleBroken(N_("A line for a month stands on its first day."))


def _insert(session: Session, batch_id: int, lines: Sequence[Delivery]) -> None:
    for start in range(0, len(lines), _AT_ONCE):
        session.execute(
            insert(FlowLine.__table__),  # type: ignore[arg-type]  # a table, which the declarative type hides
            [
                {
                    "batch_id": batch_id, "line_no": number, "hospital_id": line.hospital_id,
                    "product_id": line.product_id, "on_day": line.on, "grain": line.grain, "packs": line.packs,
                    "document": line.document, "value_fen": line.value_fen,
                }
                for number, line in enumerate(lines[start : start + _AT_ONCE], start + 1)
            ],
        )  # fmt: skip
