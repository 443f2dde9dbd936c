"""Applying a previewed file: all of it that is clear, in one step that nobody sees half of."""

import time
from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from repcrm.core.errors import Conflict, RuleBroken
from repcrm.core.progress import Step, silent
from repcrm.core.words import N_
from repcrm.db.journal import record
from repcrm.db.unit_of_work import unit_of_work
from repcrm.imports import remembered_layouts, remembering
from repcrm.imports.closed import check_reason
from repcrm.imports.flow.staging import stage_portion
from repcrm.imports.kept_rows import portions, read_rows
from repcrm.imports.kinds import KINDS
from repcrm.imports.kinds.shared import Context
from repcrm.imports.naming import Resolver
from repcrm.imports.service.revising import enqueue_revisions, touched_by_applying
from repcrm.imports.service.saving import BATCH, blocking, claim, questions_of
from repcrm.imports.verdicts import Row, Verdict
from repcrm.organisation.access import Scope
from repcrm.reports.models import ReportSnapshot
from repcrm.sales.models import MACHINES, BatchStatus, Distributor, FlowMode, ImportBatch, ImportKind, ImportRow
from repcrm.sales.staging import PAUSE_SECONDS, let_count, unstage

APPLYING = N_("Writing the lines")


def apply(session: Session, scope: Scope, batch: ImportBatch, *, now: datetime) -> ImportBatch:
    """Apply the rows of a previewed batch in the session's transaction; rows that wait for an answer go on waiting.

    returns  the batch: applied, or `unchanged` if everything is on file already
    raises   RuleBroken while a row is refused or a question is open; Conflict if the batch is no longer waiting, or if
             what is on file has changed since the preview, so that a row would now do something else than was shown
    """
    check_ready(session, scope, batch)
    if changes_nothing(batch):
        if batch.count_open:
            raise RuleBroken(N_("There is nothing to apply yet: the remaining rows wait for answers."))
        return _leave_unchanged(session, batch)
    if batch.kind is ImportKind.FLOW:
        while unstage(session, batch):
            pass
        next_line = 1
        for portion in portions(read_rows(session, batch)):
            next_line = stage_portion(session, batch, portion, next_line)
        session.flush()
        return conclude_flow(session, scope, batch, now=now)
    return _apply_list(session, scope, batch, now)


def apply_flow_in_steps(
    make_session: Callable[[], Session], scope: Scope, batch_id: int, *, step: Step = silent
) -> None:
    """Stage the lines of a long sales file in many short transactions; they count once `conclude_flow` has run.

    step  told how many lines are written; it may raise, to stop: then nothing counts
    """
    with unit_of_work(make_session) as session:
        batch = session.get_one(ImportBatch, batch_id)
        check_ready(session, scope, batch)
        total = sum((batch.count_new, batch.count_changed, batch.count_unchanged))
    while _unstaged(make_session, batch_id):
        time.sleep(PAUSE_SECONDS)
    done, next_line = 0, 1
    with make_session() as reading:
        for portion in portions(read_rows(reading, reading.get_one(ImportBatch, batch_id))):
            step(APPLYING, done, total)
            with unit_of_work(make_session) as session:
                next_line = stage_portion(session, session.get_one(ImportBatch, batch_id), portion, next_line)
            time.sleep(PAUSE_SECONDS)
            done += len(portion)


def _unstaged(make_session: Callable[[], Session], batch_id: int) -> int:
    """Remove some of the lines that an attempt which was killed has left behind."""
    with unit_of_work(make_session) as session:
        return unstage(session, session.get_one(ImportBatch, batch_id))


def conclude_flow(
    session: Session,
    scope: Scope,
    batch: ImportBatch,
    *,
    now: datetime,
    touched: Sequence[ReportSnapshot] | None = None,
) -> ImportBatch:
    """Let the staged lines of a sales file count, all in the same instant, and have the reports they change revised.

    touched  the frozen reports that change, as `touched_by_applying` found them just before; None: they are found now
    raises   Conflict if other sales of the distributor have been applied or reverted since the preview; RuleBroken if
             a closed period is changed without a reason
    """
    check_ready(session, scope, batch)
    touched = touched_by_applying(session, batch) if touched is None else touched
    check_reason(touched, batch.answers.get("reason", ""))
    let_count(
        session, batch, scope.user_id, now, lines=batch.sums["staged"][0], packs=batch.sums["staged"][1],
        known=batch.sums["basis"], reason=batch.answers.get("reason", ""),
    )  # fmt: skip
    enqueue_revisions(session, scope, batch, touched, now=now)
    _remember_and_forget(session, scope, batch, now)
    return batch


def check_ready(session: Session, scope: Scope, batch: ImportBatch) -> None:
    """Claim a batch that can be applied as it is.

    raises  Conflict if it is no longer waiting, RuleBroken while something of it is refused or unanswered, or if its
            distributor's files are applied by a second person and the scope is that of the one who brought it. A file
            that arrived without a person is nobody's own: any admin is the second person
    """
    claim(session, batch)
    if batch.status is BatchStatus.READING:
        raise Conflict(N_("This file is still being read."))
    if batch.count_refused:
        raise RuleBroken(
            N_("Rejected rows: %(count)s. Correct them in the file, or set them aside with a reason."),
            count=batch.count_refused,
        )
    if open_questions := blocking(questions_of(batch)):
        raise RuleBroken(N_("Questions not answered yet: %(count)s."), count=len(open_questions))
    distributor = session.get(Distributor, batch.distributor_id) if batch.distributor_id else None
    is_own = batch.channel not in MACHINES and batch.created_by_id == scope.user_id
    if distributor is not None and distributor.needs_second_person and is_own:
        raise RuleBroken(N_("Files of %(distributor)s are applied by a second person."), distributor=distributor.name)


def is_ready(batch: ImportBatch) -> bool:
    """Whether a batch waits to be applied, with nothing refused or unanswered."""
    waits = batch.status is BatchStatus.PREVIEWED
    return waits and not batch.count_refused and not blocking(questions_of(batch))


def changes_nothing(batch: ImportBatch) -> bool:
    """Whether applying a batch now would change nothing at all; rows may still wait for answers."""
    adds = batch.mode is FlowMode.ADDS
    return not (batch.count_new or batch.count_changed or (batch.count_gone and not adds))


def _leave_unchanged(session: Session, batch: ImportBatch) -> ImportBatch:
    batch.status, batch.content = BatchStatus.UNCHANGED, None
    session.flush()
    return batch


def _apply_list(session: Session, scope: Scope, batch: ImportBatch, now: datetime) -> ImportBatch:
    """Apply master data: judged once more in the transaction that writes, against what is on file by now."""
    kind = KINDS[batch.kind]
    context = context_of(session, scope, batch, now)
    shown = [row for row in read_rows(session, batch) if not row.aside and row.verdict is not Verdict.OPEN]
    rows = [afresh(row) for row in shown]
    verdicts = [(row.verdict, row.changes) for row in shown]
    with session.no_autoflush:
        kind.judge(context, rows)
    _refuse_stale(verdicts, rows)
    take_rows(session, scope, batch, context, rows, now)
    batch.status, batch.applied_at = BatchStatus.APPLIED, now
    session.flush()
    after = {"status": batch.status, "kind": batch.kind, "file_name": batch.file_name, "rows": len(rows)}
    record(session, scope.user_id, BATCH, batch.id, "apply_batch", {"status": BatchStatus.PREVIEWED}, after, at=now)
    _remember_and_forget(session, scope, batch, now)
    return batch


def take_rows(
    session: Session, scope: Scope, batch: ImportBatch, context: Context, rows: list[Row], now: datetime
) -> None:
    """Carry judged rows of master data out, and note what they changed so that it can be reverted."""
    kind = KINDS[batch.kind]
    watched = kind.watch(context, rows)
    before = remembering.remember(session, watched)
    kind.take(context, rows, scope, now)
    remembering.note_changes(session, batch, before, remembering.remember(session, watched))


def context_of(session: Session, scope: Scope, batch: ImportBatch, now: datetime) -> Context:
    """Return what the rows of a batch are judged with."""
    resolver = Resolver(session, scope.on, batch.distributor_id, batch.answers)
    return Context(session, scope.on, scope.user_id, now, batch.file_name, resolver, dict(batch.answers))


def afresh(row: Row) -> Row:
    """Return a row without its verdict, but with what could not even be read."""
    problems = [problem for problem in row.problems if problem.is_of_file]
    verdict = Verdict.REFUSED if problems else Verdict.NEW
    return Row(row.sheet, row.row, row.values, row.places, row.at, verdict, problems=problems, number=row.number)


def mark_rows(session: Session, batch: ImportBatch, rows: Collection[Row]) -> None:
    """Write down what has become of rows."""
    for row in rows:
        chosen = ImportRow.batch_id == batch.id, ImportRow.number == row.number
        session.execute(update(ImportRow).where(*chosen).values(verdict=row.verdict.value, kept=row.as_json()))


def _remember_and_forget(session: Session, scope: Scope, batch: ImportBatch, now: datetime) -> None:
    """Keep the answers for the next file of this layout, and the file itself only while rows of it wait."""
    remembered_layouts.remember(session, batch, scope.user_id, now)
    if not batch.count_open:
        batch.content = None
    session.flush()


def _refuse_stale(shown: list[tuple[Verdict, dict[str, list[object]]]], now: list[Row]) -> None:
    for (verdict, changes), row in zip(shown, now, strict=True):
        if verdict != row.verdict or changes != row.changes:
            raise Conflict(
                N_(
                    "What is on file has changed since the preview: row %(row)s is now a %(verdict)s. Look at the rows "
                    "again before you apply them."
                ),
                row=row.row,
                verdict=row.verdict,
            )
