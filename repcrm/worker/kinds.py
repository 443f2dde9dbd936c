"""What a worker can do: each kind of long work by its name."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.core import clock
from repcrm.core.errors import RuleBroken
from repcrm.core.periods import Period
from repcrm.core.words import N_
from repcrm.imports import service as imports
from repcrm.imports.files import read_file
from repcrm.organisation.models import Region, User
from repcrm.planning.service import proposing
from repcrm.planning.service.batch import Ending, propose_for, reps_to_plan
from repcrm.planning.service.proposing import SECONDS
from repcrm.reports import service as reports
from repcrm.sales.models import ImportKind
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

    with make_session() as reading:
        drafted = reports.draft(reading, period, whose(reading)[0], now=now, today=today, step=desk.step)
    desk.stop_if_asked()
    with desk.saving() as session:
        region, actor = whose(session)
        when: dict[str, Any] = {"now": now, "today": today, "actor": actor, "drafted": drafted}
        if wish["reason"] is None:
            snapshot = reports.freeze(session, period, region, **when)
        else:
            snapshot = reports.revise(session, period, region, **when, reason=wish["reason"])
        desk.finish(session, snapshot_id=snapshot.id)


def read_import(make_session: MakeSession, wish: Wish, desk: Desk) -> None:
    """Read a file of the back office and say of each row what taking it in would do.

    wish  name, kind, digest, source, period; the file is attached
    """
    desk.step(N_("Reading the file"), 0, 2)
    with make_session() as reading:
        content = reading.get_one(LongWork, desk.work_id).attachment or b""
        file = read_file(content, wish["name"], ImportKind(wish["kind"]))
        desk.step(N_("Comparing the rows with what is on file"), 1, 2)
        about = {"source": wish["source"], "period": wish["period"]}
        batch = imports.examine(reading, desk.who(reading), file, now=clock.now(), **about)
    desk.stop_if_asked()
    with desk.saving() as session:
        session.add(batch)
        session.flush()
        desk.finish(session, batch_id=batch.id)


def apply_import(make_session: MakeSession, wish: Wish, desk: Desk) -> None:
    """Take in all rows of a batch, or none: comparing them afresh is part of the one transaction that writes them.

    wish  batch_id
    """
    desk.stop_if_asked()
    with desk.saving() as session:
        who = desk.who(session)
        batch = get_batch(session, who, wish["batch_id"])
        imports.apply(session, who, batch, now=clock.now())
        desk.finish(session, batch_id=batch.id)


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


KINDS: Mapping[str, Do] = {
    "freeze": freeze_report,
    "read_import": read_import,
    "apply_import": apply_import,
    "run_job": run_job,
    "plan_cycle": plan_cycle,
    proposing.WORK: proposing.propose,
}
"""Name, as `work.service.ask_for` is given it -> how it is done."""
