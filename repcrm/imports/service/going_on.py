"""Going on with a file whose clear rows have been applied: the rows that waited for an answer."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from repcrm.core.errors import Conflict
from repcrm.core.periods import Period
from repcrm.core.words import N_
from repcrm.db.journal import record
from repcrm.imports.closed import check_reason
from repcrm.imports.flow.rest import judge_rest
from repcrm.imports.flow.staging import deliver_rest, lines_of
from repcrm.imports.flow.sums import with_rest
from repcrm.imports.kept_rows import count_rows, read_rows
from repcrm.imports.kinds import KINDS
from repcrm.imports.questions import Answers
from repcrm.imports.service.applying import afresh, context_of, mark_rows, take_rows
from repcrm.imports.service.drafting import Names, collect_names, name_questions
from repcrm.imports.service.revising import enqueue_revisions, touched_by_adding
from repcrm.imports.service.saving import BATCH, is_about_lines
from repcrm.imports.verdicts import Row, Verdict
from repcrm.organisation.access import Scope
from repcrm.sales.models import BatchStatus, ImportBatch, ImportKind
from repcrm.sales.staging import lock_batch, lock_flow


def go_on(session: Session, scope: Scope, batch: ImportBatch, *, now: datetime, answers: Answers | None = None) -> int:
    """Apply the rows of an applied batch that were waiting, as far as their names are known and remarks decided by now.

    answers  what a person has decided about remarks
    returns  how many rows were applied; what they change can be reverted together with the rest of the file
    raises   Conflict if the batch is not applied
    """
    if batch.kind is ImportKind.FLOW:
        lock_flow(session)
    lock_batch(session, batch)
    if batch.status is not BatchStatus.APPLIED:
        raise Conflict(N_("This import is not applied, so there is nothing to go on with."))
    batch.answers = {**batch.answers, **{key: said for key, said in (answers or {}).items() if is_about_lines(key)}}
    context = context_of(session, scope, batch, now)
    rows = [afresh(row) for row in read_rows(session, batch, Verdict.OPEN)]
    with session.no_autoflush:
        if batch.kind is ImportKind.FLOW:
            judge_rest(context, batch, rows)
        else:
            KINDS[batch.kind].judge(context, rows)
    clear = [row for row in rows if not row.is_stuck]
    if clear:
        _apply(session, scope, batch, context, clear, now)
    mark_rows(session, batch, rows)
    _count_again(session, batch, context, rows)
    what = {"rows": len(clear), "waiting": batch.count_open}
    record(session, scope.user_id, BATCH, batch.id, "apply_rest", None, what, at=now)
    return len(clear)


def _apply(session: Session, scope: Scope, batch: ImportBatch, context: Any, rows: list[Row], now: datetime) -> None:
    if batch.kind is ImportKind.FLOW:
        lines = lines_of(batch, rows)
        touched = touched_by_adding(session, lines)
        check_reason(touched, batch.reason or batch.answers.get("reason", ""))
        deliver_rest(session, batch, rows)
        batch.sums = with_rest(batch.sums, lines, Period.parse(batch.period))
        enqueue_revisions(session, scope, batch, touched, now=now)
    else:
        take_rows(session, scope, batch, context, rows, now)


def _count_again(session: Session, batch: ImportBatch, context: Any, rows: list[Row]) -> None:
    session.flush()
    counts = count_rows(session, batch.id)
    batch.count_new, batch.count_changed = counts[Verdict.NEW], counts[Verdict.CHANGED]
    batch.count_unchanged, batch.count_refused = counts[Verdict.UNCHANGED], counts[Verdict.REFUSED]
    batch.count_open, batch.count_aside = counts[Verdict.OPEN], counts[Verdict.ASIDE]
    names: Names = {}
    collect_names(names, rows)
    batch.questions = [question.as_json() for question in name_questions(context.names, names)]
    if not batch.count_open:
        batch.content = None
    session.flush()
