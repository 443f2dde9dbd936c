"""Staging: lines are stored while their import is previewed, and made to count in one short transaction.

Storing many lines takes longer than anyone else should wait for the database, so it happens in chunks, each a
transaction of its own. Nothing staged counts: queries read lines of applied imports only. A process killed between two
chunks leaves lines that count nowhere; the next attempt removes them with `unstage` and starts over.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, case, delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from repcrm.core.errors import Conflict, RuleBroken
from repcrm.core.periods import Period
from repcrm.core.words import N_
from repcrm.db.journal import record
from repcrm.db.writing import rows_changed
from repcrm.sales.lines import Delivery, StockSeen, check_days, last_day
from repcrm.sales.models import BatchStatus, Distributor, FlowLine, FlowMode, ImportBatch, StockLine
from repcrm.sales.queries import applied_ids
from repcrm.sales.replacing import check_overlap, list_replaceable

LINES_AT_ONCE = 500
"""Lines staged or removed per transaction, so that nobody waits longer than 0.2 s on SQLite (bench/imports.py)."""
PAUSE_SECONDS = 0.03
"""How long to sleep after each of these transactions: SQLite has no queue, whoever waits asks again every 25 ms."""
_ONE_AT_A_TIME = 7_224_727
"""Key of the PostgreSQL advisory lock under which imports begin or cease to count; SQLite has one writer anyway."""


def stage_lines(
    session: Session, batch: ImportBatch, lines: Sequence[Delivery], first_line_no: int, *, late: bool = False
) -> None:
    """Store lines of a previewed import; they do not count yet.

    lines          at most LINES_AT_ONCE, for the caller to commit before it stages the next ones
    first_line_no  number of the first of them, from 1
    late           whether lines of days before the period are allowed; `let_count` says in the audit log how many
    raises         RuleBroken for a line after the period, or before it unless `late`; Conflict if the import is no
                   longer previewed
    """
    _check_waiting(batch)
    if not lines:
        return
    check_days(lines, Period.parse(batch.period), late=late)
    _store_lines(session, batch, lines, first_line_no)


def add_lines(
    session: Session, batch: ImportBatch, lines: Sequence[Delivery], stock: Sequence[tuple[int, StockSeen]] = ()
) -> None:
    """Store further lines of an import that counts already, and their stock: rows that waited for an answer.

    stock   each with the number of its row
    raises  RuleBroken for a line after the period; Conflict if the import does not count
    """
    if batch.status is not BatchStatus.APPLIED:
        raise Conflict(N_("This import is not applied, so no lines can be added to it."))
    _store_stock(session, batch, stock)
    if not lines:
        return
    check_days(lines, Period.parse(batch.period), late=True)
    last = session.scalar(select(func.max(FlowLine.line_no)).where(FlowLine.batch_id == batch.id)) or 0
    _store_lines(session, batch, lines, last + 1)


def stage_stock(session: Session, batch: ImportBatch, stock: Sequence[tuple[int, StockSeen]]) -> None:
    """Store the stock of a previewed purchase-sales-stock sheet, each with the number of its row; as `stage_lines`."""
    _check_waiting(batch)
    _store_stock(session, batch, stock)


def _store_stock(session: Session, batch: ImportBatch, stock: Sequence[tuple[int, StockSeen]]) -> None:
    if not stock:
        return
    _insert(session, StockLine, [
        {
            "batch_id": batch.id, "line_no": number, "hospital_id": seen.hospital_id, "product_id": seen.product_id,
            "on_day": seen.on, "packs": seen.packs,
        }
        for number, seen in stock
    ])  # fmt: skip


def unstage(session: Session, batch: ImportBatch) -> int:
    """Remove staged lines of an import that does not count, at most LINES_AT_ONCE of them.

    returns  how many were removed; 0 when nothing is left. Commit and call again until then
    raises   Conflict if the import is no longer previewed
    """
    _check_waiting(batch)
    before = Period.parse(batch.period).from_on
    columns = (FlowLine.id, FlowLine.packs, FlowLine.on)
    lines = session.execute(select(*columns).where(FlowLine.batch_id == batch.id).limit(LINES_AT_ONCE)).all()
    if not lines:
        stock = select(StockLine.id).where(StockLine.batch_id == batch.id).limit(LINES_AT_ONCE)
        return rows_changed(session, delete(StockLine).where(StockLine.id.in_(stock.scalar_subquery())))
    session.execute(delete(FlowLine).where(FlowLine.id.in_([line.id for line in lines])))
    late = sum(line.on < before for line in lines)
    _add_up(session, batch, -len(lines), -sum(line.packs for line in lines), -late, None)
    return len(lines)


def let_count(
    session: Session,
    batch: ImportBatch,
    actor_id: int,
    now: datetime,
    *,
    lines: int,
    packs: int,
    reason: str = "",
    known: Collection[int] | None = None,
) -> list[ImportBatch]:
    """Make the staged lines of an import count, in the place of what it replaces.

    actor_id      who applies it
    lines, packs  what has to be staged for it, exactly
    reason        why a closed period is changed, for the audit log
    known         ids of the distributor's applied imports that the preview compared with (`applied_ids`); None: any
    returns       the imports it replaced, oldest first
    raises        Conflict if something else is staged, or if another import of the distributor was applied or reverted
                  since the preview; RuleBroken if its period overlaps another one in part

    The whole of it is a few short statements, however many lines there are.
    """
    lock_flow(session)
    lock_batch(session, batch)
    _check_waiting(batch)
    distributor, mode = _whose(session, batch)
    if (batch.staged_lines, batch.staged_packs) != (lines, packs):
        raise Conflict(
            N_("%(staged)s of %(lines)s lines are stored. Apply the import again from the beginning."),
            staged=batch.staged_lines,
            lines=lines,
        )
    if known is not None and set(known) != set(applied_ids(session, distributor)):
        raise Conflict(
            N_("Sales of %(source)s have changed since the preview. Check the preview again before you apply it."),
            source=distributor.name,
        )
    replaced: list[ImportBatch] = []
    if mode is FlowMode.REPLACES:
        period = Period.parse(batch.period)
        check_overlap(session, distributor, period)
        replaced = list_replaceable(session, distributor, period)
    for former in replaced:
        former.status, former.replaced_by_id = BatchStatus.REPLACED, batch.id
    batch.status, batch.applied_at = BatchStatus.APPLIED, now
    batch.reason = reason or batch.reason
    session.flush()
    after = {
        "status": BatchStatus.APPLIED, "mode": mode, "replaces": [former.id for former in replaced], **about(batch),
        "lines": lines, "packs": packs, "late": batch.staged_late,
    }  # fmt: skip
    record(
        session, actor_id, "import_batch", batch.id, "apply_batch", {"status": BatchStatus.PREVIEWED}, after,
        batch.reason, at=now,
    )  # fmt: skip
    return replaced


def lock_flow(session: Session) -> None:
    """Let imports of sales begin or cease to count one at a time, until the transaction ends."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})


def lock_batch(session: Session, batch: ImportBatch) -> None:
    """Keep a batch to oneself until the transaction ends, and read it afresh."""
    session.execute(select(ImportBatch.id).where(ImportBatch.id == batch.id).with_for_update())
    session.refresh(batch)


def about(batch: ImportBatch) -> dict[str, Any]:
    """What the journal says of a batch: distributor, period and file."""
    return {"source": batch.source, "period": batch.period, "file_name": batch.file_name}


def _whose(session: Session, batch: ImportBatch) -> tuple[Distributor, FlowMode]:
    if batch.distributor_id is None:
        raise RuleBroken(N_("Say which distributor the flow is from."), field="source")
    if batch.mode is None:
        raise RuleBroken(N_("Choose whether the file adds to its period or replaces it."), field="mode")
    return session.get_one(Distributor, batch.distributor_id), batch.mode


def _check_waiting(batch: ImportBatch) -> None:
    if batch.status is not BatchStatus.PREVIEWED:
        raise Conflict(N_("This import is no longer waiting: it is %(status)s."), status=batch.status)


def _add_up(session: Session, batch: ImportBatch, lines: int, packs: int, late: int, last_on: date | None) -> None:
    """Count what is stored in the same transaction, so that nobody has to add up a million lines to know it.

    last_on  of lines that are stored; None for lines that are removed: all of them go
    """
    counted: dict[Any, Any] = {
        ImportBatch.staged_lines: ImportBatch.staged_lines + lines,
        ImportBatch.staged_packs: ImportBatch.staged_packs + packs,
        ImportBatch.staged_late: ImportBatch.staged_late + late,
        ImportBatch.last_on: last_on and case((ImportBatch.last_on > last_on, ImportBatch.last_on), else_=last_on),
    }
    session.execute(
        update(ImportBatch).where(ImportBatch.id == batch.id).values(counted),
        execution_options={"synchronize_session": False},
    )
    session.expire(batch, [column.key for column in counted])


def _store_lines(session: Session, batch: ImportBatch, lines: Sequence[Delivery], first_line_no: int) -> None:
    _insert(session, FlowLine, [
        {
            "batch_id": batch.id, "line_no": number, "hospital_id": line.hospital_id, "product_id": line.product_id,
            "on_day": line.on, "grain": line.grain, "packs": line.packs, "document": line.document,
            "value_fen": line.value_fen, "chain": line.chain,
        }
        for number, line in enumerate(lines, first_line_no)
    ])  # fmt: skip
    before = sum(line.on < Period.parse(batch.period).from_on for line in lines)
    last_on = max(last_day(line.on, line.grain) for line in lines)
    _add_up(session, batch, len(lines), sum(line.packs for line in lines), before, last_on)


def _insert(session: Session, model: type[FlowLine | StockLine], rows: list[dict[str, Any]]) -> None:
    table = model.__table__
    assert isinstance(table, Table)
    session.execute(insert(table), rows)
