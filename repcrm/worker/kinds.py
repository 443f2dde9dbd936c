"""What a worker can do: each kind of long work by its name."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.core import clock
from repcrm.core.errors import RepCRMError, RuleBroken
from repcrm.core.periods import Period
from repcrm.core.words import N_
from repcrm.db.unit_of_work import begin_writing, unit_of_work
from repcrm.imports import closed, intake
from repcrm.imports import service as imports
from repcrm.imports.kinds import KINDS as KINDS_OF_FILES
from repcrm.imports.opened import open_import
from repcrm.organisation.models import Region, User
from repcrm.planning.service import proposing
from repcrm.planning.service.batch import Ending, propose_for, reps_to_plan
from repcrm.planning.service.proposing import SECONDS
from repcrm.reports import service as reports
from repcrm.sales.models import BatchStatus, ImportBatch, ImportKind
from repcrm.sales.queries import get_batch
from repcrm.scheduler.jobs import JOBS, get_job
from repcrm.scheduler.models import JobRun, RunStatus
from repcrm.scheduler.runs import Due, run_once, worker_name
from repcrm.work.models import LongWork
from repcrm.worker.desk import Desk, MakeSession

Wish = Mapping[str, Any]
Do = Callable[[MakeSession, Wish, Desk], None]
"""Does the work and saves it with `desk.saving` and `desk.finish`.

raises  RepCRMError in words for whoever asked; Stopped where it was stopped before it saved anything
"""


def freeze_report(make_session: MakeSession, wish: Wish, desk: Desk) -> None:
    """Freeze the gap report of a period by hand, or its next revision.

    wish  period, region_id; reason: of a revision, else None
    """
    period, now = Period.parse(wish["period"]), clock.now()
    today = clock.day_of(now, desk.zone)

    def whose(session: Session) -> tuple[Region, User]:
        return session.get_one(Region, wish["region_id"]), session.get_one(User, desk.asked_by_id)

    def draft() -> reports.Draft:
        with make_session() as reading:
            drafted = reports.draft(reading, period, whose(reading)[0], now=now, today=today, step=desk.step)
        desk.stop_if_asked()
        return drafted

    def keep(session: Session, drafted: reports.Draft | None) -> None:
        region, actor = whose(session)
        when: dict[str, Any] = {"now": now, "today": today, "actor": actor, "drafted": drafted}
        if wish["reason"] is None:
            snapshot = reports.freeze(session, period, region, **when)
        else:
            snapshot = reports.revise(session, period, region, **when, reason=wish["reason"])
        desk.finish(session, snapshot_id=snapshot.id)

    reports.keep_drafted(draft, desk.saving, keep)


def read_import(make_session: MakeSession, wish: Wish, desk: Desk) -> None:
    """Read a file of the back office and say of each row what applying it would do.

    wish  name, kind, digest, answers; batch_id of a file that is read again, else None and the file is attached
    """
    kind, batch_id, now = ImportKind(wish["kind"]), wish["batch_id"], clock.now()
    desk.step(N_("Reading the file"), 0, None)
    with make_session() as reading:
        if KINDS_OF_FILES[kind].rehearses:
            begin_writing(reading)
        scope = desk.who(reading)
        batch = get_batch(reading, scope, batch_id) if batch_id is not None else None
        content = _attached(reading, desk) if batch is None else batch.content
        file = open_import(content or b"", wish["name"], kind, step=desk.step)
        asides = imports.asides_of(reading, batch) if batch is not None else {}
        drafted = imports.draft(reading, scope, file, wish["answers"], now=now, asides=asides, step=desk.step)
    desk.stop_if_asked()
    batch_id = imports.save_in_steps(make_session, scope, drafted, now=now, batch_id=batch_id, step=desk.step)
    with desk.saving() as session:
        imports.conclude(session, batch_id, drafted)
        desk.finish(session, batch_id=batch_id)


def _attached(session: Session, desk: Desk) -> bytes | None:
    attached = session.get_one(LongWork, desk.work_id).attached
    return attached.content if attached else None


def apply_import(make_session: MakeSession, wish: Wish, desk: Desk) -> None:
    """Apply all rows of a file that are clear, or none.

    wish  batch_id

    The lines of sales are written in short transactions and count all at once in the last one; master data is one.
    """
    desk.stop_if_asked()
    with make_session() as reading:
        scope = desk.who(reading)
        kind = get_batch(reading, scope, wish["batch_id"]).kind
    touched = None
    if kind is ImportKind.FLOW:
        imports.apply_flow_in_steps(make_session, scope, wish["batch_id"], step=desk.step)
        with make_session() as reading:
            touched = imports.touched_by_applying(reading, get_batch(reading, scope, wish["batch_id"]))
    with desk.saving() as session:
        batch = get_batch(session, scope, wish["batch_id"])
        if kind is ImportKind.FLOW:
            imports.conclude_flow(session, scope, batch, now=clock.now(), touched=touched)
        else:
            imports.apply(session, scope, batch, now=clock.now())
        desk.finish(session, batch_id=batch.id)


def revise_reports(make_session: MakeSession, wish: Wish, desk: Desk) -> None:
    """Revise the frozen reports that an import of sales has changed, all in one step.

    wish  batch_id, reports as (period, region id)
    """
    now = clock.now()
    today = clock.day_of(now, desk.zone)
    with make_session() as reading:
        found = [reports.newest(reading, Period.parse(period), region_id) for period, region_id in wish["reports"]]
        frozen = [snapshot for snapshot in found if snapshot is not None]
        redrafts = closed.draft_touched(reading, frozen, now=now, today=today, step=desk.step)
    desk.stop_if_asked()
    with desk.saving() as session:
        batch, actor = session.get_one(ImportBatch, wish["batch_id"]), session.get_one(User, desk.asked_by_id)
        revised = closed.revise_touched(session, batch, redrafts, now=now, today=today, actor=actor)
        desk.finish(session, batch_id=batch.id, snapshot_ids=[snapshot.id for snapshot in revised])


def run_job(make_session: MakeSession, wish: Wish, desk: Desk) -> None:
    """Run a scheduled job by hand, as the clock would; one that is done stays as it is.

    wish  job, period, region_id
    """
    job, period, region_id = get_job(wish["job"]), wish["period"], wish["region_id"]
    due = Due(Period.parse(period), JOBS.index(job), region_id)
    desk.step(job.label, 0, None)
    run_once(make_session, worker_name(), due, now=clock.now, zone=desk.zone, again=True)
    with make_session() as session:
        run = session.scalars(select(JobRun).filter_by(job=job.name, period=period, region_id=region_id)).one()
    if run.status is RunStatus.CLAIMED:
        raise RuleBroken(N_("Another process is running this job."))
    if run.status is RunStatus.FAILED:
        raise RuleBroken(N_("The job failed: %(error)s"), error=run.error)
    with desk.saving() as session:
        desk.finish(session)


def plan_cycle(make_session: MakeSession, wish: Wish, desk: Desk) -> None:
    """Propose a cycle's plan for each rep of the lead's region; asked to stop, it keeps those made so far.

    wish  start_on
    """
    with make_session() as session:
        reps = reps_to_plan(session, desk.who(session).region_id)
    endings: Counter[Ending] = Counter()
    for place, rep_id in enumerate(reps):
        desk.step(N_("Proposing plans, one rep after another"), place, len(reps))
        now = clock.now().astimezone(desk.zone)
        line = propose_for(make_session, rep_id, date.fromisoformat(wish["start_on"]), now=now, seconds=SECONDS)
        endings[line.ending] += 1
    if endings[Ending.FAILED]:
        raise RuleBroken(
            N_("No plan could be proposed for %(failed)s of %(reps)s reps."), failed=endings[Ending.FAILED],
            reps=len(reps),
        )  # fmt: skip
    with desk.saving() as session:
        desk.finish(session)


def take_sales_file(make_session: MakeSession, wish: Wish, desk: Desk) -> None:
    """Settle a large sales file that arrived without a person: see `imports.intake`.

    wish  batch_id

    Done again after it was interrupted, it reads the file from the beginning; a file that somebody has decided about
    meanwhile stays as it is.
    """
    batch_id, now = wish["batch_id"], clock.now()
    with make_session() as reading:
        scope = desk.who(reading)
        batch = get_batch(reading, scope, batch_id)
        is_open = batch.status is BatchStatus.READING
        drafted = intake.draft(reading, scope, batch, now=now, step=desk.step) if is_open else None
    desk.stop_if_asked()
    if isinstance(drafted, imports.Draft):
        imports.save_in_steps(make_session, scope, drafted, now=now, batch_id=batch_id, step=desk.step)
        with unit_of_work(make_session) as session:
            imports.conclude(session, batch_id, drafted)
    with make_session() as reading:
        is_applied = is_open and intake.applies_by_itself(reading, get_batch(reading, scope, batch_id))
    if is_applied:
        imports.apply_flow_in_steps(make_session, scope, batch_id, step=desk.step)
    with desk.saving() as session:
        batch = get_batch(session, scope, batch_id)
        if isinstance(drafted, RepCRMError):
            intake.refuse(session, batch, drafted)
        if is_applied:
            intake.try_to(session, lambda: imports.conclude_flow(session, scope, batch, now=clock.now()))
        if is_open:
            intake.note_arrival(session, batch, now=clock.now())
        desk.finish(session, batch_id=batch_id)


KINDS: Mapping[str, Do] = {
    "freeze": freeze_report,
    "read_import": read_import,
    "apply_import": apply_import,
    "revise_reports": revise_reports,
    "run_job": run_job,
    "plan_cycle": plan_cycle,
    intake.WORK: take_sales_file,
    proposing.WORK: proposing.propose,
}
"""Name, as `work.service.ask_for` is given it -> how it is done."""
