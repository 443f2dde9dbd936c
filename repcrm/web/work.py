"""Long work as the one who asked for it watches it: how far it is, how to stop it, where it led."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from repcrm.core import clock
from repcrm.core.periods import Period
from repcrm.core.words import N_
from repcrm.extensions import db
from repcrm.planning.cycle import Cycle
from repcrm.planning.queries import get_plan
from repcrm.web.addresses import own_page
from repcrm.web.guards import signed_in, writes
from repcrm.web.identity import current_scope
from repcrm.work import queries, service
from repcrm.work.models import LongWork, WorkState

bp = Blueprint("work", __name__, url_prefix="/work")

TITLES: dict[str, str] = {
    "freeze": N_("Freezing a report"),
    "read_import": N_("Reading a file"),
    "apply_import": N_("Applying a file"),
    "revise_reports": N_("Revising reports"),
    "run_job": N_("Running a scheduled job"),
    "plan_cycle": N_("Proposing plans for every rep"),
    "take_sales_file": N_("Importing a sales file"),
    "propose": N_("Proposing a plan"),
}
"""Kind of work -> what its page is called."""


def _to_report(work: LongWork) -> str:
    if work.outcome:
        return url_for("reports.page", snapshot_id=work.outcome["snapshot_id"])
    return url_for("reports.index", kind=Period.parse(work.wish["period"]).kind.value)


def _to_plan(work: LongWork) -> str:
    plan = get_plan(db.session, current_scope(), work.wish["plan_id"])
    return url_for(
        "plan.page_of",
        rep_id=plan.rep_id,
        day=max(plan.start_on, min(current_scope().on, Cycle(plan.start_on).last_on)),
    )


def _to_batch(work: LongWork) -> str:
    made = (work.outcome or work.wish).get("batch_id")
    return url_for("imports.page", batch_id=made) if made else url_for("imports.index")


def _to_jobs(work: LongWork) -> str:
    return url_for("jobs.index")


def _to_plans(work: LongWork) -> str:
    return url_for("plan.page", start=work.wish["start_on"])


LEADS_TO: dict[str, Callable[[LongWork], str]] = {
    "freeze": _to_report, "read_import": _to_batch, "apply_import": _to_batch, "revise_reports": _to_batch,
    "take_sales_file": _to_batch,
    "propose": _to_plan, "run_job": _to_jobs, "plan_cycle": _to_plans,
}  # fmt: skip
"""Kind of work -> the page of what came of it, or, where it failed or was stopped, the page it was asked for on."""
STATES = {
    WorkState.WAITING: "waiting", WorkState.RUNNING: "running", WorkState.DONE: "done", WorkState.FAILED: "failed",
    WorkState.STOPPED: "unknown",
}  # fmt: skip
"""State -> the component's word for it."""


@bp.get("/<int:work_id>")
@signed_in
def page(work_id: int) -> ResponseReturnValue:
    """Show how far a piece of work is; once it is done, go where it led."""
    work = queries.get_work(db.session, current_scope(), work_id)
    if work.state is WorkState.DONE:
        return redirect(LEADS_TO[work.kind](work))
    return render_template("work/page.html", title=TITLES[work.kind], back=LEADS_TO[work.kind](work), **watched(work))


@bp.get("/<int:work_id>/progress")
@signed_in
def progress(work_id: int) -> ResponseReturnValue:
    """Answer the partial that watches a piece of work; a header says when there is nothing left to watch."""
    shown = watched(queries.get_work(db.session, current_scope(), work_id))
    answer = Response(render_template("work/_progress.html", **shown))
    answer.headers["X-Work-Under-Way"] = "yes" if shown["is_under_way"] else "no"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/<int:work_id>/stop")
@signed_in
@writes
def stop(work_id: int) -> ResponseReturnValue:
    """Ask for the end of a piece of work."""
    service.ask_to_stop(db.session, queries.get_work(db.session, current_scope(), work_id), now=clock.now())
    return redirect(own_page(request.form.get("next") or url_for(".page", work_id=work_id)))


def watched(work: LongWork) -> Mapping[str, Any]:
    """Return what `work/_progress.html` needs to show a piece of work."""
    now = clock.now()
    is_lost = service.is_lost(work, now)
    state = WorkState.FAILED if is_lost else work.state
    return {
        "work": work,
        "state": STATES[state],
        "label": state.label,
        "error": service.LOST if is_lost else work.error,
        "error_values": {name: _said(value) for name, value in work.error_values.items()},
        "before": queries.pieces_before(db.session, work) if work.state is WorkState.WAITING else 0,
        "is_unattended": work.state is WorkState.WAITING and not queries.is_anyone_working(db.session, work, now),
        "is_under_way": queries.is_under_way(work, now),
    }


def _said(value: str | dict[str, str]) -> str:
    if isinstance(value, str):
        return value
    label = value["term"]
    return gettext(label)
