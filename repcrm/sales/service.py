"""Services for distributor sales: apply the lines of a distributor and period, and revert them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from repcrm.core.errors import Conflict
from repcrm.core.periods import Period
from repcrm.core.words import N_
from repcrm.db.journal import record
from repcrm.sales.lines import Delivery
from repcrm.sales.models import BatchStatus, Distributor, FlowMode, ImportBatch, ImportKind
from repcrm.sales.replacing import list_replaced
from repcrm.sales.staging import LINES_AT_ONCE, about, let_count, lock_batch, lock_flow, stage_lines


def take_flow(
    session: Session,
    actor_id: int,
    distributor: Distributor,
    period: Period,
    lines: Sequence[Delivery],
    now: datetime,
    *,
    mode: FlowMode = FlowMode.REPLACES,
    batch: ImportBatch | None = None,
    late: bool = False,
    reason: str = "",
) -> ImportBatch:
    """Apply lines of a distributor in a single transaction.

    actor_id  who applies them
    period    what the lines answer for: replacing, a distributor without a line on a day of it delivered nothing then
    mode      replaces: every applied import of the distributor whose period lies within this one stops counting;
              adds and corrects: everything else goes on counting
    batch     the previewed batch they come from; None makes one
    late      whether lines of days before the period are allowed; they count on their own day
    reason    why a closed period is changed
    returns   the batch, applied; those it replaced name it in `replaced_by_id`
    raises    RuleBroken for a line outside the period, or where periods that are replaced overlap in part

    Files with many lines are staged in short transactions instead: see `sales.staging`.
    """
    if batch is None:
        batch = ImportBatch(
            kind=ImportKind.FLOW, file_name="", file_digest="", status=BatchStatus.PREVIEWED,
            count_new=len(lines), created_by_id=actor_id, created_at=now,
        )  # fmt: skip
        session.add(batch)
    batch.distributor, batch.period, batch.mode = distributor, str(period), mode
    session.flush()
    for start in range(0, len(lines), LINES_AT_ONCE):
        stage_lines(session, batch, lines[start : start + LINES_AT_ONCE], start + 1, late=late)
    packs = sum(line.packs for line in lines)
    let_count(session, batch, actor_id, now, lines=len(lines), packs=packs, reason=reason)
    return batch


def take_back_flow(
    session: Session, batch: ImportBatch, actor_id: int, now: datetime, *, reason: str = ""
) -> list[ImportBatch]:
    """Revert an import of sales: its lines stop counting, and those it replaced count again.

    reason   why a closed period is changed
    returns  the imports that count again, oldest first
    raises   Conflict if a later file has replaced it: revert that one first
    """
    lock_flow(session)
    lock_batch(session, batch)
    if batch.status is BatchStatus.REPLACED:
        later = session.get_one(ImportBatch, batch.replaced_by_id)
        raise Conflict(
            N_("Import %(number)s (%(name)s, %(period)s) has replaced it. Revert that import first."),
            number=later.id,
            name=later.file_name or later.source,
            period=later.period,
        )
    if batch.status is not BatchStatus.APPLIED:
        raise Conflict(N_("Only an import that has been applied can be undone."))
    restored = list(list_replaced(session, batch))
    batch.status, batch.undone_at = BatchStatus.UNDONE, now
    for former in restored:
        former.status, former.replaced_by_id = BatchStatus.APPLIED, None
    session.flush()
    before = {"status": BatchStatus.APPLIED, **about(batch)}
    after = {"status": BatchStatus.UNDONE, "counts_again": [former.id for former in restored]}
    record(session, actor_id, "import_batch", batch.id, "undo_batch", before, after, reason, at=now)
    return restored
