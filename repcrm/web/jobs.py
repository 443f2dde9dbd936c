"""What the clock has done and what it has still to do."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from repcrm.core import clock
from repcrm.core.errors import RuleBroken
from repcrm.core.periods import Period
from repcrm.core.words import N_
from repcrm.extensions import db
from repcrm.organisation.access import Permission
from repcrm.organisation.models import Region
from repcrm.scheduler.jobs import JOBS, due_at
from repcrm.scheduler.models import JobRun, RunStatus
from repcrm.scheduler.queries import list_runs
from repcrm.scheduler.runs import Due, list_due, list_without_data
from repcrm.web.guards import requires, writes
from repcrm.web.identity import current_scope
from repcrm.web.terms import number_of
from repcrm.work.service import ask_for

bp = Blueprint("jobs", __name__, url_prefix="/admin/jobs")

LABELS = {job.name: job.label for job in JOBS}
STATUSES = {RunStatus.CLAIMED: "running", RunStatus.DONE: "done", RunStatus.FAILED: "failed"}
MOST_SHOWN = 100


@dataclass(frozen=True)
class Waiting:
    """A job that is due and not done, as the page shows it."""

    job: str
    label: str
    period: Period
    region_id: int
    region: str
    since: datetime


@bp.get("")
@requires(Permission.VIEW_JOBS)
def index() -> ResponseReturnValue:
    """List what is due, what has no data to report on yet, then the latest runs."""
    settings, now = current_app.config["REPCRM"], clock.now()
    regions = {region.id: region.name for region in db.session.scalars(select(Region))}

    def shown(due: Due) -> Waiting:
        return Waiting(
            due.job.name, _(due.job.label), due.period, due.region_id, regions[due.region_id],
            due_at(due.job, due.period, settings.zone),
        )  # fmt: skip

    runs: list[tuple[JobRun, str]] = [
        (run, region) for run, region in db.session.execute(list_runs(current_scope()).limit(MOST_SHOWN))
    ]
    return render_template(
        "jobs/index.html",
        waiting=[shown(due) for due in list_due(db.session, now, settings.zone)],
        without_data=[shown(due) for due in list_without_data(db.session, now, settings.zone)],
        has_regions=bool(regions),
        runs=runs,
        labels={name: _(label) for name, label in LABELS.items()},
        statuses=STATUSES,
        zone=settings.time_zone,
    )


@bp.post("/run")
@requires(Permission.RUN_JOBS)
@writes
def run() -> ResponseReturnValue:
    """Have a job that is due run by a worker now, instead of waiting for the clock."""
    zone = current_app.config["REPCRM"].zone
    wanted = (request.form.get("job"), request.form.get("period"), number_of(request.form.get("region_id")))
    due = {(one.job.name, str(one.period), one.region_id) for one in list_due(db.session, clock.now(), zone)}
    if wanted not in due:
        raise RuleBroken(N_("This job is not due. It may have been done meanwhile."))
    wish = dict(zip(("job", "period", "region_id"), wanted, strict=True))
    work = ask_for(db.session, current_scope(), "run_job", wish, now=clock.now())
    return redirect(url_for("work.page", work_id=work.id))
