"""Previews in the database: saved, answered, rows set aside, rejected."""

import time
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from repcrm.core.errors import Conflict, RuleBroken
from repcrm.core.progress import Step, silent
from repcrm.core.words import N_
from repcrm.db.journal import record
from repcrm.db.unit_of_work import unit_of_work
from repcrm.imports.flow.remarks import REMARK
from repcrm.imports.flow.rest import REST
from repcrm.imports.kept_rows import forget_rows, write_rows
from repcrm.imports.models import NameKind
from repcrm.imports.questions import Question, question_of
from repcrm.imports.service.drafting import Draft
from repcrm.imports.verdicts import Verdict
from repcrm.organisation.access import Scope
from repcrm.sales.models import BatchStatus, Channel, ImportBatch, ImportRow
from repcrm.sales.staging import PAUSE_SECONDS, about, lock_batch, unstage

BATCH = "import_batch"
SAVING = N_("Saving the preview")
WAITING = (BatchStatus.READING, BatchStatus.PREVIEWED)


def save(
    session: Session,
    scope: Scope,
    drafted: Draft,
    *,
    now: datetime,
    batch: ImportBatch | None = None,
    channel: Channel = Channel.PAGE,
) -> ImportBatch:
    """Save a preview and its rows in the session's transaction.

    batch    the one whose preview it takes the place of; None makes one
    returns  the batch, previewed
    raises   Conflict if the batch is no longer waiting
    """
    batch = _begin(session, scope, drafted, now=now, batch=batch, channel=channel)
    for rows in drafted.spool.portions():
        write_rows(session, batch.id, rows)
    _conclude(session, batch, drafted)
    return batch


def save_in_steps(
    make_session: Callable[[], Session],
    scope: Scope,
    drafted: Draft,
    *,
    now: datetime,
    batch_id: int | None = None,
    channel: Channel = Channel.PAGE,
    step: Step = silent,
) -> int:
    """Save a long preview in many short transactions; until the last one it does not wait for anybody.

    step     told how many rows are saved; if it raises, nothing of the preview can be applied
    returns  the id of the batch, whose status `conclude` sets
    """
    with unit_of_work(make_session) as session:
        former = session.get(ImportBatch, batch_id) if batch_id is not None else None
        batch_id = _begin(session, scope, drafted, now=now, batch=former, channel=channel).id
    done = 0
    for rows in drafted.spool.portions():
        step(SAVING, done, drafted.spool.count)
        with unit_of_work(make_session) as session:
            write_rows(session, batch_id, rows)
        time.sleep(PAUSE_SECONDS)
        done += len(rows)
    return batch_id


def conclude(session: Session, batch_id: int, drafted: Draft) -> ImportBatch:
    """Let a preview that was saved in steps be looked at and applied."""
    batch = session.get_one(ImportBatch, batch_id)
    _conclude(session, batch, drafted)
    return batch


def set_aside(
    session: Session, scope: Scope, batch: ImportBatch, numbers: Collection[int], reason: str, *, now: datetime
) -> int:
    """Leave rows out on purpose; they stay visible and countable. The preview has to be worked out again afterwards.

    numbers  places of the rows in the file, from 1
    reason   why, in words
    returns  how many rows
    raises   RuleBroken (field `reason`) without a reason, Conflict if the batch is no longer waiting
    """
    reason = reason.strip()
    if not reason:
        raise RuleBroken(N_("Say why the lines are set aside."), field="reason")
    if len(reason) > 200:
        raise RuleBroken(N_("The reason has at most 200 characters."), field="reason")
    return _mark(session, scope, batch, numbers, reason, "set_rows_aside", now)


def take_up_again(
    session: Session, scope: Scope, batch: ImportBatch, numbers: Collection[int], *, now: datetime
) -> int:
    """Let rows that were set aside count like the others again."""
    return _mark(session, scope, batch, numbers, "", "take_rows_up", now)


def rows_of_verdict(session: Session, batch: ImportBatch, verdict: Verdict) -> list[int]:
    """Return the numbers of all rows of one verdict."""
    chosen = select(ImportRow.number).where(ImportRow.batch_id == batch.id, ImportRow.verdict == verdict.value)
    return list(session.scalars(chosen.order_by(ImportRow.number)))


def reject(session: Session, scope: Scope, batch: ImportBatch, *, now: datetime) -> None:
    """Discard a file that is being read or previewed; nothing of it has been applied.

    raises  Conflict if it is no longer waiting
    """
    claim(session, batch)
    before = {"status": batch.status, **about(batch)}
    batch.status, batch.content = BatchStatus.DISCARDED, None
    session.flush()
    after = {"status": batch.status}
    record(session, scope.user_id, BATCH, batch.id, "discard_batch", before, after, at=now)


def claim(session: Session, batch: ImportBatch) -> None:
    """Keep a waiting batch to oneself until the transaction ends.

    raises  Conflict if it is no longer waiting
    """
    lock_batch(session, batch)
    if batch.status not in WAITING:
        raise Conflict(N_("This import is no longer waiting: it is %(status)s."), status=batch.status)


def questions_of(batch: ImportBatch) -> list[Question]:
    """Return what has to be answered before a batch can be applied."""
    return [question_of(kept) for kept in batch.questions]


def blocking(questions: Collection[Question]) -> list[Question]:
    """Return the questions that no line can be applied before: all but those that only single lines wait for."""
    return [question for question in questions if not is_about_lines(question.key)]


def is_about_lines(key: str) -> bool:
    """Whether only some lines wait for an answer, so that the others can be applied."""
    is_name = key.startswith("name:") and not key.startswith(f"name:{NameKind.DISTRIBUTOR.value}:")
    return is_name or key.startswith((f"{REMARK}:", f"{REST}:"))


def _begin(
    session: Session, scope: Scope, drafted: Draft, *, now: datetime, batch: ImportBatch | None, channel: Channel
) -> ImportBatch:
    file = drafted.file
    if batch is None:
        batch = ImportBatch(
            kind=file.kind, file_name=file.name, file_digest=file.digest, created_by_id=scope.user_id, created_at=now,
            channel=channel,
        )  # fmt: skip
        session.add(batch)
    else:
        claim(session, batch)
        while batch.status is BatchStatus.PREVIEWED and batch.staged_lines and unstage(session, batch):
            pass
        forget_rows(session, batch.id)
    batch.status, batch.content, batch.answers = BatchStatus.READING, file.content, drafted.answers
    batch.distributor_id, batch.period, batch.mode = drafted.distributor_id, drafted.period, drafted.mode
    session.flush()
    return batch


def _conclude(session: Session, batch: ImportBatch, drafted: Draft) -> None:
    counts = drafted.spool.counts
    batch.count_new, batch.count_changed = counts[Verdict.NEW], counts[Verdict.CHANGED]
    batch.count_unchanged, batch.count_refused = counts[Verdict.UNCHANGED], counts[Verdict.REFUSED]
    batch.count_open, batch.count_aside = counts[Verdict.OPEN], counts[Verdict.ASIDE]
    batch.count_gone, batch.sums = drafted.gone, drafted.sums
    batch.questions = [question.as_json() for question in drafted.questions]
    batch.reading = {**drafted.reading, "signature": drafted.signature}
    batch.status = BatchStatus.PREVIEWED
    session.flush()


def _mark(
    session: Session, scope: Scope, batch: ImportBatch, numbers: Collection[int], reason: str, verb: str, now: datetime
) -> int:
    claim(session, batch)
    chosen = list(numbers)
    for start in range(0, len(chosen), 500):
        some = ImportRow.batch_id == batch.id, ImportRow.number.in_(chosen[start : start + 500])
        session.execute(update(ImportRow).where(*some).values(aside_reason=reason))
    what: Mapping[str, Any] = {"rows": len(chosen), "reason": reason}
    record(session, scope.user_id, BATCH, batch.id, verb, None, what, reason or None, at=now)
    return len(chosen)
