"""What became of a sales file that arrived without a person, in words for whoever sent it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from sqlalchemy.orm import Session

from repcrm.core.words import N_, Term
from repcrm.imports import service
from repcrm.imports.intake import was_refused
from repcrm.imports.kept_rows import read_rows
from repcrm.imports.questions import Question
from repcrm.imports.verdicts import Verdict
from repcrm.imports.words import Translate, message_words, row_words
from repcrm.sales.models import BatchStatus, ImportBatch

SHOWN = 20
"""Rejected rows that are named."""


class ArrivalState(Term):
    """Where a file stands that arrived without a person."""

    READING = "reading", N_("being read")
    WAITING = "waiting", N_("waiting for answers or corrections; nothing of it counts yet")
    PREVIEWED = "previewed", N_("checked; waiting for someone to apply it")
    APPLIED = "applied", N_("applied")
    UNCHANGED = "unchanged", N_("everything in it had been reported before")
    REFUSED = "refused", N_("cannot be read; nothing of it counts")
    REPLACED = "replaced", N_("applied, then replaced by a later file")
    REVERTED = "reverted", N_("applied, then reverted")
    DISCARDED = "discarded", N_("discarded by the back office; nothing of it counts")


STATES = {
    BatchStatus.READING: ArrivalState.READING, BatchStatus.APPLIED: ArrivalState.APPLIED,
    BatchStatus.UNCHANGED: ArrivalState.UNCHANGED, BatchStatus.REPLACED: ArrivalState.REPLACED,
    BatchStatus.UNDONE: ArrivalState.REVERTED, BatchStatus.DISCARDED: ArrivalState.DISCARDED,
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A question that the file leaves open, in words.

    key      what an answer is filed under; `name:<kind>:<spelling>` of a name nobody knows
    choices  (value, words) of the possible answers
    """

    key: str
    words: str
    choices: tuple[tuple[str, str], ...]


def state_of(batch: ImportBatch) -> ArrivalState:
    """Say where a file stands."""
    if was_refused(batch):
        return ArrivalState.REFUSED
    if batch.status is BatchStatus.PREVIEWED:
        return ArrivalState.PREVIEWED if service.is_ready(batch) else ArrivalState.WAITING
    return STATES[batch.status]


def questions_of(batch: ImportBatch, translate: Translate) -> list[Asked]:
    """Return what is asked about the file as a whole."""
    return [_asked(one, translate) for one in _open(batch) if not service.is_about_lines(one.key)]


def names_of(batch: ImportBatch, translate: Translate) -> list[Asked]:
    """Return the names and remarks that only some lines wait for."""
    return [_asked(one, translate) for one in _open(batch) if service.is_about_lines(one.key)]


def rejected_of(session: Session, batch: ImportBatch, language: str, translate: Translate) -> list[str]:
    """Return the first rejected rows with their reasons; of a file that cannot be read, why not."""
    if was_refused(batch):
        return [message_words(message, params, translate) for message, params in batch.reading["notes"]]
    if batch.status is not BatchStatus.PREVIEWED or not batch.count_refused:
        return []
    words = (row_words(batch.kind, row, language, translate) for row in read_rows(session, batch, Verdict.REFUSED))
    return [f"{one.where}: {'; '.join(one.problems)}" for one in islice(words, SHOWN)]


def report_of(session: Session, batch: ImportBatch, language: str, translate: Translate) -> Iterator[str]:
    """Write down what became of a file, a line each."""
    yield f"{batch.file_name}: {translate(state_of(batch).label)}"
    yield translate(N_("Import %(number)s, %(distributor)s, %(period)s")) % {
        "number": batch.id, "distributor": batch.source, "period": batch.period or "–",
    }  # fmt: skip
    yield translate(
        N_("%(new)s new, %(changed)s changed, %(unchanged)s unchanged, %(refused)s rejected, %(open)s waiting")
    ) % {
        "new": batch.count_new, "changed": batch.count_changed, "unchanged": batch.count_unchanged,
        "refused": batch.count_refused, "open": batch.count_open,
    }  # fmt: skip
    yield from rejected_of(session, batch, language, translate)
    for asked in (*questions_of(batch, translate), *names_of(batch, translate)):
        yield asked.words
        for value, words in asked.choices:
            yield f"  - {value}: {words}"


def _open(batch: ImportBatch) -> list[Question]:
    is_open = batch.status in (BatchStatus.PREVIEWED, BatchStatus.APPLIED)
    return service.questions_of(batch) if is_open else []


def _asked(question: Question, translate: Translate) -> Asked:
    words = message_words(question.message, question.params, translate)
    choices = tuple(
        (choice.value, message_words(choice.label, choice.params, translate)) for choice in question.choices
    )
    return Asked(question.key, words, choices)
