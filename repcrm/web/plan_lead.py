"""The lead's view of call plans: who has planned, what came otherwise, and who has not been seen for too long."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from repcrm.calls.terms import MissReason
from repcrm.core import clock
from repcrm.core.errors import RuleBroken
from repcrm.core.words import N_
from repcrm.extensions import db
from repcrm.organisation.access import Permission
from repcrm.organisation.models import User
from repcrm.organisation.queries import list_reps
from repcrm.planning import queries
from repcrm.planning.cycle import Cycle
from repcrm.planning.deviations import NOT_MET, Deviation, Fate
from repcrm.planning.models import CallPlan
from repcrm.web.filters import NOTHING, local, short_day, span
from repcrm.web.guards import requires, writes
from repcrm.web.identity import current_scope
from repcrm.web.terms import day_of, number_of
from repcrm.work.service import ask_for

MOST_UNSEEN = 100

bp = Blueprint("plan_lead", __name__, url_prefix="/plan")


@dataclass(frozen=True)
class RepRow:
    """A rep and how the plan stands."""

    name: str
    url: str
    state: str
    words: str
    is_locked: bool
    lock: str
    requests: int
    requests_url: str | None


@dataclass(frozen=True)
class LineView:
    """A visit that went another way."""

    doctor: str
    doctor_url: str
    day_on: date
    made_on: date | None
    fate: str
    tone: str | None
    why: str


SHOWN = (Fate.MISSED, Fate.CANCELLED, Fate.MOVED, Fate.UNRECORDED, Fate.UNPLANNED, Fate.ADDED)
"""Fates with a column of their own, beside what was published and done."""
TONES = {Fate.MISSED: "behind", Fate.CANCELLED: "behind", Fate.UNRECORDED: "watch", Fate.UNPLANNED: "good"}


@bp.get("/deviations")
@requires(Permission.LEAD_PLANS)
def deviations() -> ResponseReturnValue:
    """Show where published plans went another way: rep by rep, or one rep doctor by doctor."""
    scope, cycle, rep_id = current_scope(), cycle_asked(), number_of(request.args.get("rep"))
    rep = queries.get_rep(db.session, scope, rep_id) if rep_id is not None else None
    found = queries.get_deviations(db.session, scope, cycle.start_on, rep_id)
    reasons: Counter[str] = Counter()
    for one in found:
        reasons.update(one.found.reasons)
    return render_template(
        "plan/deviations.html",
        found=found,
        fate=Fate,
        columns=[{"text": _(fate.label), "numeric": True} for fate in SHOWN],
        fates=SHOWN,
        reasons=[(_reason_words(reason), count) for reason, count in reasons.most_common()],
        rep=rep,
        lines=[_line(line, one.doctors) for one in found for line in one.found.lines] if rep else [],
        pager=pager(cycle, "plan_lead.deviations", rep=rep_id),
        start=cycle.start_on,
    )


@bp.get("/unseen")
@requires(Permission.LEAD_PLANS)
def unseen() -> ResponseReturnValue:
    """Show the doctors nobody has met for longer than their rhythm, the longest overdue first."""
    scope, rep_id = current_scope(), number_of(request.args.get("rep"))
    reps = list_reps(db.session, scope)
    if rep_id is not None:
        queries.get_rep(db.session, scope, rep_id)
    chips = [{"text": _("all"), "href": url_for(".unseen"), "current": rep_id is None}]
    chips += [{"text": rep.name, "href": url_for(".unseen", rep=rep.id), "current": rep.id == rep_id} for rep in reps]
    rows = queries.list_unseen(db.session, scope, rep_id=rep_id, limit=MOST_UNSEEN)
    return render_template("plan/unseen.html", rows=rows, chips=chips, most=MOST_UNSEEN)


@bp.post("/propose-all")
@requires(Permission.LEAD_PLANS)
@writes
def propose_all() -> ResponseReturnValue:
    """Have plans of a cycle proposed for every rep of the region; each rep then accepts or changes the own one."""
    scope = current_scope()
    cycle = Cycle.of(day_of(request.form.get("start")) or scope.on)
    if cycle.last_on < scope.on:
        raise RuleBroken(N_("This cycle is over."))
    work = ask_for(db.session, scope, "plan_cycle", {"start_on": cycle.start_on.isoformat()}, now=clock.now())
    return redirect(url_for("work.page", work_id=work.id))


def reps_page(cycle: Cycle) -> str:
    """The reps of the region with their plans of a cycle."""
    scope = current_scope()
    plans = {plan.rep_id: plan for plan in queries.list_plans(db.session, scope, cycle.start_on)}
    asked = Counter(request.plan.rep_id for request in queries.list_change_requests(db.session, scope))
    day = scope.on if scope.on in cycle else cycle.start_on
    return render_template(
        "plan/reps.html",
        rows=[_row(rep, plans.get(rep.id), asked[rep.id], day) for rep in list_reps(db.session, scope)],
        pager=pager(cycle, "plan.page"),
        start=cycle.start_on,
        is_over=cycle.last_on < scope.on,
    )


def pager(cycle: Cycle, endpoint: str, **args: Any) -> dict[str, str | None]:
    """What the period pager needs to go from cycle to cycle."""
    return {
        "text": cycle_words(cycle),
        "previous": url_for(endpoint, start=cycle.previous.start_on, **args),
        "next": url_for(endpoint, start=cycle.next.start_on, **args),
        "today": None if current_scope().on in cycle else url_for(endpoint, **args),
    }


def cycle_words(cycle: Cycle) -> str:
    """A cycle's first and last day."""
    return span(cycle.start_on, cycle.last_on)


def cycle_asked() -> Cycle:
    """The cycle an address asks for: the one of a day, today's without."""
    return Cycle.of(day_of(request.args.get("start")) or current_scope().on)


def _reason_words(reason: str) -> str:
    return _("the doctor was not met") if reason == NOT_MET else _(MissReason(reason).label)


def _line(line: Deviation, doctors: Mapping[int, str]) -> LineView:
    why = _(line.reason.label) if line.reason else ""
    return LineView(
        doctor=doctors.get(line.doctor_id, NOTHING),
        doctor_url=url_for("doctors.page", doctor_id=line.doctor_id),
        day_on=line.day_on,
        made_on=line.made_on if line.made_on != line.day_on else None,
        fate=_(line.fate.label),
        tone=TONES.get(line.fate),
        why=": ".join(words for words in (why, line.words) if words),
    )


def _row(rep: User, plan: CallPlan | None, asked: int, day: date) -> RepRow:
    state, words = "unknown", _("nothing planned yet")
    if plan:
        state, words = "draft", _("draft")
    if plan and plan.published_at:
        state, words = "done", _("published %(day)s", day=short_day(local(plan.published_at).date()))
    is_locked = bool(plan and plan.is_locked)
    return RepRow(
        name=rep.name,
        url=url_for("plan.page_of", rep_id=rep.id, day=day),
        state=state,
        words=words,
        is_locked=is_locked,
        lock=_("locked") if is_locked else _("open to the rep"),
        requests=asked,
        requests_url=url_for("plan_changes.index", rep_id=rep.id, day=day) if asked else None,
    )
