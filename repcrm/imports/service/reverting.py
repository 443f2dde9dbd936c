"""Reverting an applied file: what was on file before counts again."""

from datetime import datetime

from sqlalchemy.orm import Session

from repcrm.core.errors import Conflict
from repcrm.core.words import N_
from repcrm.db.journal import record
from repcrm.imports import remembering
from repcrm.imports.closed import check_reason
from repcrm.imports.service.revising import enqueue_revisions, touched_by_reverting
from repcrm.imports.service.saving import BATCH
from repcrm.organisation.access import Scope
from repcrm.sales.models import BatchStatus, ImportBatch, ImportKind
from repcrm.sales.service import take_back_flow
from repcrm.sales.staging import lock_batch


def revert(session: Session, scope: Scope, batch: ImportBatch, *, now: datetime, reason: str = "") -> list[ImportBatch]:
    """Bring back what was there before a batch was applied.

    reason   why a closed period is changed
    returns  of sales: the batches that count again
    raises   Conflict if it is not applied, if a later file of the distributor has taken its place, or if somebody has
             since changed or used what it brought: then nothing changes, and the message names it; RuleBroken (field
             `reason`) if a closed period is changed without one
    """
    if batch.kind is ImportKind.FLOW:
        touched = touched_by_reverting(session, batch) if batch.status is BatchStatus.APPLIED else []
        check_reason(touched, reason)
        restored = take_back_flow(session, batch, scope.user_id, now, reason=reason)
        enqueue_revisions(session, scope, batch, touched, now=now)
        return restored
    lock_batch(session, batch)
    if batch.status is not BatchStatus.APPLIED:
        raise Conflict(N_("Only an import that has been applied can be undone."))
    count = remembering.take_back(session, batch, scope.user_id, now)
    batch.status, batch.undone_at, batch.content = BatchStatus.UNDONE, now, None
    session.flush()
    before = {"status": BatchStatus.APPLIED, "file_name": batch.file_name}
    after = {"status": batch.status, "rows": count}
    record(session, scope.user_id, BATCH, batch.id, "undo_batch", before, after, at=now)
    return []
