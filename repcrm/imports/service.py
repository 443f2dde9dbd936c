"""Files of the back office: previewed, applied all at once or not at all, undone, discarded."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from repcrm.core.errors import BadInput, Conflict, RuleBroken
from repcrm.core.periods import Period
from repcrm.core.words import N_
from repcrm.db.journal import record
from repcrm.db.paging import PAGE_SIZE, Page
from repcrm.imports import remembering
from repcrm.imports.files import FileRead
from repcrm.imports.kinds import KINDS
from repcrm.imports.kinds.flow import derive_period, derive_source
from repcrm.imports.kinds.shared import Context
from repcrm.imports.lookup import Known
from repcrm.imports.text import plain
from repcrm.imports.verdicts import Row, Verdict, row_of
from repcrm.organisation.access import Scope
from repcrm.sales.models import BatchStatus, Distributor, FlowMode, ImportBatch, ImportKind
from repcrm.sales.replacing import check_overlap, list_replaceable
from repcrm.sales.service import take_back_flow
from repcrm.sales.staging import about, lock_batch, lock_flow

BATCH = "import_batch"


def preview(
    session: Session, scope: Scope, file: FileRead, *, now: datetime, source: str = "", period: str = ""
) -> ImportBatch:
    """Say of each row of a file what taking it in would do, and keep that; nothing but the batch is written.

    returns         the batch, previewed, with its rows
    raises          as `examine`
    """
    batch = examine(session, scope, file, now=now, source=source, period=period)
    session.add(batch)
    session.flush()
    return batch


def examine(
    session: Session, scope: Scope, file: FileRead, *, now: datetime, source: str = "", period: str = ""
) -> ImportBatch:
    """Say of each row of a file what taking it in would do, and write nothing.

    file            as `files.read_file` gives it
    source, period  of flow: the distributor and what the file answers for; derived from the file where left empty
    returns         the batch, previewed, with its rows, not kept yet
    raises          BadInput (field `source` or `period`) where flow does not say whose it is, or of when;
                    RuleBroken for a period that overlaps another one of the source
    """
    batch = ImportBatch(
        kind=file.kind, file_name=file.name, file_digest=file.digest, status=BatchStatus.PREVIEWED, rows=[],
        reading=file.reading, created_by_id=scope.user_id, created_at=now,
    )  # fmt: skip
    if file.kind is ImportKind.FLOW:
        batch.distributor, batch.mode = _distributor(session, _source(source, file.rows)), FlowMode.REPLACES
        batch.period = str(Period.parse(period.strip()) if period.strip() else derive_period(file.rows))
        check_overlap(session, batch.distributor, Period.parse(batch.period))
    context = _context(session, scope.on, batch)
    _judge(context, file.rows)
    _keep(batch, context, file.rows)
    return batch


def look_again(session: Session, scope: Scope, batch: ImportBatch) -> None:
    """Preview the rows of a batch afresh, against what is on file now.

    raises  Conflict if it is no longer waiting
    """
    _claim(session, batch)
    context = _context(session, scope.on, batch)
    rows = _afresh(batch)
    _judge(context, rows)
    _keep(batch, context, rows)
    session.flush()


def apply(session: Session, scope: Scope, batch: ImportBatch, *, now: datetime) -> ImportBatch:
    """Take in all rows of a previewed batch, or none.

    returns  the batch: applied, or `unchanged` if everything is on file already
    raises   RuleBroken if a row is refused; Conflict if the batch is no longer waiting, or if what is on file has
             changed since the preview, so that a row would now do something else than was shown
    """
    _claim(session, batch)
    if batch.count_refused:
        raise RuleBroken(N_("%(count)s rows are refused. Nothing is taken in until all rows are in order."),
                         count=batch.count_refused)  # fmt: skip
    if batch.kind is ImportKind.FLOW:
        lock_flow(session)
    context = _context(session, scope.on, batch)
    shown, rows = batch.rows, _afresh(batch)
    _judge(context, rows)
    _refuse_stale(shown, rows, batch.count_gone != context.gone)
    if all(row.verdict is Verdict.UNCHANGED for row in rows) and not context.gone:
        batch.status = BatchStatus.UNCHANGED
        session.flush()
        return batch
    kind = KINDS[batch.kind]
    if batch.kind is ImportKind.FLOW:
        kind.take(context, rows, scope, now)  # a batch of flow is its own memory, and journals itself
        return batch
    watched = kind.watch(context, rows)
    before = remembering.remember(session, watched)
    kind.take(context, rows, scope, now)
    remembering.note_changes(session, batch, before, remembering.remember(session, watched))
    batch.status, batch.applied_at = BatchStatus.APPLIED, now
    session.flush()
    after = {"status": batch.status, "kind": batch.kind, "file_name": batch.file_name, "rows": len(rows)}
    record(session, scope.user_id, BATCH, batch.id, "apply_batch", {"status": BatchStatus.PREVIEWED}, after, at=now)
    return batch


def undo(session: Session, scope: Scope, batch: ImportBatch, *, now: datetime) -> ImportBatch | None:
    """Bring back what was there before a batch was applied.

    returns  of flow: the batch that counts again, if there was one
    raises   Conflict if it is not applied, if a later file of the source and period has taken its place, or if
             somebody has since changed or used what it brought: then nothing changes, and the message names it
    """
    if batch.kind is ImportKind.FLOW:
        return next(iter(take_back_flow(session, batch, scope.user_id, now)), None)
    lock_batch(session, batch)
    if batch.status is not BatchStatus.APPLIED:
        raise Conflict(N_("Only an import that has been applied can be undone."))
    count = remembering.take_back(session, batch, scope.user_id, now)
    batch.status, batch.undone_at = BatchStatus.UNDONE, now
    session.flush()
    before = {"status": BatchStatus.APPLIED, "file_name": batch.file_name}
    after = {"status": batch.status, "rows": count}
    record(session, scope.user_id, BATCH, batch.id, "undo_batch", before, after, at=now)
    return None


def discard(session: Session, scope: Scope, batch: ImportBatch, *, now: datetime) -> None:
    """Put a previewed batch aside; nothing of it has been taken in.

    raises  Conflict if it is no longer waiting
    """
    _claim(session, batch)
    batch.status = BatchStatus.DISCARDED
    session.flush()
    before, after = {"status": BatchStatus.PREVIEWED, **about(batch)}, {"status": batch.status}
    record(session, scope.user_id, BATCH, batch.id, "discard_batch", before, after, at=now)


def rows_of(batch: ImportBatch, verdict: Verdict | None = None) -> list[Row]:
    """The rows of a batch as previewed, all or those of one verdict."""
    places = _places(batch)
    return [row_of(kept, places) for kept in batch.rows if verdict is None or kept["verdict"] == verdict]


def page_of_rows(batch: ImportBatch, verdict: Verdict | None, number: int, size: int = PAGE_SIZE) -> Page[Row]:
    """One page of the rows as previewed, all or those of one verdict; past the end, the last page."""
    chosen = [kept for kept in batch.rows if verdict is None or kept["verdict"] == verdict]
    number = min(max(number, 1), max(1, -(-len(chosen) // size)))
    places = _places(batch)
    return Page(
        [row_of(kept, places) for kept in chosen[(number - 1) * size : number * size]], number, size, len(chosen)
    )


def changes_anything(batch: ImportBatch) -> bool:
    """Whether applying a batch would change anything at all."""
    return bool(batch.count_new or batch.count_changed or batch.count_gone)


def is_ready(batch: ImportBatch) -> bool:
    """Whether a batch waits to be applied, with all of its rows in order."""
    return batch.status is BatchStatus.PREVIEWED and not batch.count_refused


def _claim(session: Session, batch: ImportBatch) -> None:
    lock_batch(session, batch)
    if batch.status is not BatchStatus.PREVIEWED:
        raise Conflict(N_("This import is no longer waiting: it is %(status)s."), status=batch.status)


def _context(session: Session, today: date, batch: ImportBatch) -> Context:
    context = Context(session, today, batch, Known(session, today))
    if batch.distributor is not None:
        context.replaced = list_replaceable(session, batch.distributor, context.period)
    return context


def _judge(context: Context, rows: list[Row]) -> None:
    with context.session.no_autoflush:
        KINDS[context.batch.kind].judge(context, rows)


def _keep(batch: ImportBatch, context: Context, rows: Sequence[Row]) -> None:
    counts = Counter(row.verdict for row in rows)
    batch.rows = [row.as_json() for row in rows]
    batch.count_new, batch.count_changed = counts[Verdict.NEW], counts[Verdict.CHANGED]
    batch.count_unchanged, batch.count_refused = counts[Verdict.UNCHANGED], counts[Verdict.REFUSED]
    batch.count_gone = context.gone


def _places(batch: ImportBatch) -> dict[str, dict[str, tuple[str, str]]]:
    """Sheet -> field -> letter and header of its column."""
    return {
        sheet: {name: (letter, header) for name, (letter, header) in columns.items()}
        for sheet, columns in batch.reading.get("places", {}).items()
    }


def _afresh(batch: ImportBatch) -> list[Row]:
    """The rows without verdicts, but with what could not even be read."""
    rows = rows_of(batch)
    for row in rows:
        row.changes = {}
        row.problems = [problem for problem in row.problems if problem.is_of_file]
        row.verdict = Verdict.REFUSED if row.problems else Verdict.NEW
    return rows


def _refuse_stale(shown: Sequence[Mapping[str, Any]], now: Sequence[Row], other_lines: bool) -> None:
    for before, after in zip(shown, now, strict=True):
        if before["verdict"] != after.verdict or before.get("changes", {}) != after.changes:
            raise Conflict(
                N_(
                    "What is on file has changed since the preview: row %(row)s is now a %(verdict)s. Look at the rows "
                    "again before you apply them."
                ),
                row=after.row,
                verdict=after.verdict,
            )
    if other_lines:
        raise Conflict(
            N_("What is on file has changed since the preview. Look at the rows again before you apply them.")
        )


def _source(given: str, rows: Sequence[Row]) -> str:
    source = plain(given)
    if len(source) > 60:
        raise BadInput(N_("The name of a distributor has at most 60 characters."), field="source")
    return source or derive_source(list(rows))


def _distributor(session: Session, name: str) -> Distributor:
    """The distributor of a name; one that is new is kept together with its first file."""
    found = session.scalar(select(Distributor).where(Distributor.name == name))
    number = (session.scalar(select(func.max(Distributor.id))) or 0) + 1
    return found or Distributor(code=f"D{number:03}", name=name)
