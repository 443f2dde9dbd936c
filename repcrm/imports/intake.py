"""Sales files that arrive without a person: received once, then read, checked and applied like any other file.

The direct connection and the watched folder both end here. What is clear is previewed or applied, as the company chose
for the distributor; what is not waits on the import page. The same bytes of a distributor are received once.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from repcrm.core import clock
from repcrm.core.errors import BadInput, Conflict, NotFound, RepCRMError, RuleBroken
from repcrm.core.periods import Period
from repcrm.core.progress import Step, silent
from repcrm.core.words import N_
from repcrm.db.journal import record
from repcrm.db.unit_of_work import unit_of_work
from repcrm.imports import service
from repcrm.imports.opened import open_import
from repcrm.imports.service.saving import BATCH, WAITING
from repcrm.imports.verdicts import plain_params
from repcrm.organisation.access import Scope
from repcrm.organisation.models import User
from repcrm.organisation.queries import scope_of
from repcrm.sales.models import (
    MACHINES,
    BatchStatus,
    Channel,
    Distributor,
    FlowMode,
    ImportBatch,
    ImportKind,
    Intake,
    SalesToken,
)
from repcrm.sales.staging import lock_batch
from repcrm.sales.tokens import SUBJECT as TOKEN
from repcrm.work.models import LongWork
from repcrm.work.service import ENDED, ask_for, is_lost

WORK = "take_sales_file"
"""The kind of long work that reads a large file, see `worker.kinds`."""
SMALL_BYTES = 100_000
SMALL_ROWS = 500
"""A file of at most so many bytes and rows is settled while its sender waits; a worker settles larger ones."""
MOST_AT_ONCE = 100
"""Large files that may wait for a worker."""
MODES = {"replace": FlowMode.REPLACES, "add": FlowMode.ADDS}
"""What a sender may say of how a file counts."""

MakeSession = Callable[[], Session]


@dataclass(frozen=True)
class Arrival:
    """A file as it came.

    name      as its sender calls it
    by_id     the admin who answers for it
    answers   what the sender said of it: see `answers_of`
    token_id  the token it was sent with, if any
    """

    name: str
    content: bytes
    channel: Channel
    by_id: int
    answers: Mapping[str, str] = field(default_factory=dict)
    token_id: int | None = None


def answers_of(period: str, mode: str) -> dict[str, str]:
    """Return what a sender said of a file as answers; empty words say nothing.

    raises  BadInput (field `period` or `mode`)
    """
    answers = {}
    if period := period.strip():
        answers["period"] = str(Period.parse(period))
    if mode := mode.strip():
        if mode not in MODES:
            raise BadInput(N_("“%(mode)s” is not a mode. Use replace or add."), field="mode", mode=mode)
        answers["mode"] = MODES[mode].value
    return answers


def clean_name(name: str) -> str:
    """Return the name of a file without folders and characters that databases do not keep; "sales" for none."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable()).strip()[-200:] or "sales"


class Received(NamedTuple):
    """The import of a file, and whether these bytes came for the first time."""

    batch: ImportBatch
    is_new: bool


def receive(session: Session, distributor: Distributor, arrival: Arrival, *, now: datetime) -> Received:
    """Store a file to be settled, once: the same bytes of a distributor give the import they gave before.

    Sent again with more answers, a file that still waits is read again; so is one that could not be read, and one
    whose reading was interrupted.

    returns  the import, as `reading` if it has to be settled
    raises   Conflict if the file has been settled and the sender now says something else of it
    """
    session.refresh(distributor, with_for_update=True)  # one file of a distributor is received at a time
    digest = hashlib.sha256(arrival.content).hexdigest()
    batch = find_received(session, distributor.id, digest)
    if batch is None:
        batch = ImportBatch(
            kind=ImportKind.FLOW, distributor=distributor, file_name=clean_name(arrival.name), file_digest=digest,
            status=BatchStatus.READING, created_by_id=arrival.by_id, created_at=now, channel=arrival.channel,
            token_id=arrival.token_id, content=arrival.content,
            answers={**arrival.answers, "distributor": distributor.code},
        )  # fmt: skip
        session.add(batch)
        session.flush()
        return Received(batch, is_new=True)
    lock_batch(session, batch)
    says_more = not arrival.answers.items() <= batch.answers.items()
    if was_refused(batch) or (batch.status in WAITING and (says_more or _is_unfinished(session, batch))):
        batch.status, batch.content = BatchStatus.READING, arrival.content
        batch.answers = {**batch.answers, **arrival.answers}
        session.flush()
    elif says_more:
        raise Conflict(
            N_("This file was received before, as import %(number)s. It is %(status)s; send a corrected file instead."),
            number=batch.id,
            status=batch.status,
        )
    return Received(batch, is_new=False)


def find_received(session: Session, distributor_id: int, digest: str) -> ImportBatch | None:
    """Return what became of the same bytes of a distributor that arrived without a person before."""
    wanted = select(ImportBatch).where(
        ImportBatch.file_digest == digest,
        ImportBatch.distributor_id == distributor_id,
        ImportBatch.channel.in_(MACHINES),
    )
    return session.scalars(wanted.order_by(ImportBatch.id.desc())).first()


def get_received(session: Session, token: SalesToken, batch_id: int) -> ImportBatch:
    """Return a file of a token's distributor that arrived without a person, or raise NotFound."""
    wanted = select(ImportBatch).where(
        ImportBatch.id == batch_id,
        ImportBatch.distributor_id == token.distributor_id,
        ImportBatch.channel.in_(MACHINES),
    )
    batch = session.scalar(wanted.options(joinedload(ImportBatch.distributor)))
    if batch is None:
        raise NotFound(N_("There is no such file."))
    return batch


def settle(make_session: MakeSession, batch_id: int, *, zone: tzinfo) -> None:
    """Read and check a received file, and apply it if the company lets it be: a small one at once, in one transaction.

    A large file is left to a worker, which does the same in short transactions. Killed at any point, it leaves a file
    that is `reading`, and nothing of it counts; received again, it is settled from the beginning.
    """
    now = clock.now()
    with make_session() as reading:
        batch = reading.get_one(ImportBatch, batch_id)
        if batch.status is not BatchStatus.READING:
            return
        is_small = len(batch.content or b"") <= SMALL_BYTES
        scope = scope_of(reading.get_one(User, batch.created_by_id), clock.day_of(now, zone))
        drafted = draft(reading, scope, batch, now=now) if is_small else None
    with unit_of_work(make_session) as session:
        batch = session.get_one(ImportBatch, batch_id)
        lock_batch(session, batch)
        if batch.status is not BatchStatus.READING:
            return  # settled by someone else meanwhile
        if drafted is None or (isinstance(drafted, service.Draft) and drafted.spool.count > SMALL_ROWS):
            ask_for(session, scope, WORK, {"batch_id": batch_id}, now=now, most=MOST_AT_ONCE)
            return
        if isinstance(drafted, RepCRMError):
            refuse(session, batch, drafted)
        else:
            service.save(session, scope, drafted, now=now, batch=batch, channel=batch.channel)
            if applies_by_itself(session, batch):
                try_to(session, lambda: service.apply(session, scope, batch, now=now))
        note_arrival(session, batch, now=now)


def is_under_way(session: Session, batch_id: int, *, now: datetime) -> bool:
    """Whether a large file waits for a worker, or one is at it."""
    open_work = select(LongWork).where(LongWork.kind == WORK, LongWork.state.not_in(ENDED))
    return any(work.wish["batch_id"] == batch_id and not is_lost(work, now) for work in session.scalars(open_work))


def draft(
    session: Session, scope: Scope, batch: ImportBatch, *, now: datetime, step: Step = silent
) -> service.Draft | RepCRMError:
    """Read and check a received file without writing anything; returns the reason if it cannot be understood."""
    try:
        opened = open_import(batch.content or b"", batch.file_name, batch.kind, step=step)
        asides = service.asides_of(session, batch)
        return service.draft(session, scope, opened, batch.answers, now=now, asides=asides, step=step)
    except (BadInput, RuleBroken) as error:
        return error


def refuse(session: Session, batch: ImportBatch, error: RepCRMError) -> None:
    """Discard a file that cannot be understood, and keep the reason where its page shows notes."""
    service.claim(session, batch)
    batch.status, batch.content = BatchStatus.DISCARDED, None
    batch.reading = {"refused": True, "notes": [[error.message, dict(plain_params(error.params))]]}
    session.flush()


def was_refused(batch: ImportBatch) -> bool:
    """Whether a file could not be understood at all."""
    return batch.status is BatchStatus.DISCARDED and bool(batch.reading.get("refused"))


def applies_by_itself(session: Session, batch: ImportBatch) -> bool:
    """Whether what is clear of a previewed file is applied without a person.

    A file that changes nothing needs nobody. Otherwise the distributor decides, and never without the second person it
    may ask for.
    """
    if not service.is_ready(batch):
        return False
    if service.changes_nothing(batch) and not batch.count_open:
        return True
    distributor = session.get_one(Distributor, batch.distributor_id)
    return distributor.intake is Intake.APPLY and not distributor.needs_second_person


def try_to(session: Session, apply: Callable[[], object]) -> bool:
    """Apply a file unless something has changed since it was checked: then it waits for a person, and nothing is kept.

    returns  whether it was applied
    """
    try:
        with session.begin_nested():
            apply()
    except (RuleBroken, Conflict):
        session.expire_all()
        return False
    return True


def note_arrival(session: Session, batch: ImportBatch, *, now: datetime) -> None:
    """Write into the audit log what became of a file that arrived without a person."""
    rows = batch.count_new + batch.count_changed + batch.count_unchanged
    after = {
        "source": batch.source, "file_name": batch.file_name, "channel": batch.channel, "status": batch.status,
        "rows": rows, "rejected": batch.count_refused, "waiting": batch.count_open,
    }  # fmt: skip
    record(session, None, BATCH, batch.id, "receive_file", None, after, at=now)


def note_use(session: Session, token: SalesToken, batch: ImportBatch, *, now: datetime) -> None:
    """Write into the audit log that a token was used, and what had become of the file by then."""
    token.last_used_at = now
    after = {
        "distributor_id": token.distributor_id, "label": token.label, "file_name": batch.file_name,
        "import": batch.id, "status": batch.status,
    }  # fmt: skip
    record(session, None, TOKEN, token.id, "use_token", None, after, at=now)


def _is_unfinished(session: Session, batch: ImportBatch) -> bool:
    """Whether settling a file was interrupted, or what it was checked against changed before it could be applied."""
    return batch.status is BatchStatus.READING or applies_by_itself(session, batch)
