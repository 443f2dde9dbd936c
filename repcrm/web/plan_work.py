"""A proposal while the planner works on it: how far it is, what it has found, and what it cannot be better than."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from repcrm.core import clock
from repcrm.extensions import db
from repcrm.organisation.access import Scope
from repcrm.planning.board import PlanHead
from repcrm.planning.service.proposing import WORK
from repcrm.web.filters import number
from repcrm.web.work import watched
from repcrm.work.models import LongWork, WorkState
from repcrm.work.queries import find_work

TOLD_FOR = timedelta(hours=1)
"""How long the page says that work has failed or was stopped."""
WIDTH, HEIGHT, MARGIN = 300, 56, 3


@dataclass(frozen=True)
class Trace:
    """Points of two lines over time: the worth of the plan found, and the proven bound."""

    value: str
    bound: str


@dataclass(frozen=True)
class WorkView:
    """Work on a proposal."""

    url: str
    stop_url: str
    state: str
    label: str
    words: str
    done: int
    steps: int | None
    done_words: str
    figures: str
    trace: Trace | None
    is_under_way: bool
    may_stop: bool


def work_of(scope: Scope, plan: PlanHead | None) -> WorkView | None:
    """The reader's work on proposals for a plan: while it is under way, and for a while if nothing came of it."""
    work = find_work(db.session, scope, WORK, plan_id=plan.id) if plan else None
    if work is None or work.state is WorkState.DONE or work.asked_at < clock.now() - TOLD_FOR:
        return None
    return work_view(work)


def work_view(work: LongWork) -> WorkView:
    """What is shown of work on a proposal."""
    shown = watched(work)
    label = shown["label"]
    return WorkView(
        url=url_for("proposals.progress", work_id=work.id),
        stop_url=url_for("work.stop", work_id=work.id),
        state=shown["state"],
        label=_(label),
        words=_stage(work, shown),
        done=work.steps_done,
        steps=work.steps,
        done_words=_("%(done)s of %(all)s s", done=work.steps_done, all=work.steps),
        figures=_figures(work.figures),
        trace=draw_trace(work.figures.get("curve", ())),
        is_under_way=shown["is_under_way"],
        may_stop=work.stop_asked_at is None,
    )


def _stage(work: LongWork, shown: Mapping[str, Any]) -> str:
    """What is being done, why it waits, or why it failed."""
    if error := shown["error"]:
        return _(error) % shown["error_values"]
    if work.stop_asked_at:
        return _("It stops in a moment.")
    if shown["is_unattended"]:
        return _("No worker has taken it yet. If this stays so, an administrator starts one: repcrm worker")
    if shown["before"]:
        return ngettext("%(num)s piece of work comes first.", "%(num)s pieces of work come first.", shown["before"])
    return _(work.stage) if work.stage else ""


def _figures(found: Mapping[str, Any]) -> str:
    if "objective" not in found:
        return ""
    calls = ngettext("%(num)s call", "%(num)s calls", found["calls"])
    worth = _("score %(value)s", value=number(found["objective"]))
    bound = found["upper_bound"]
    most = _("no plan can reach more than %(bound)s", bound=number(bound)) if bound is not None else ""
    return " · ".join(words for words in (calls, worth, most) if words)


def draw_trace(trace: Sequence[Sequence[Any]]) -> Trace | None:
    """Lay the figures out over time; nothing while there are not two of them.

    trace  seconds, worth found, bound or None where nothing is proven yet; in order of time
    """
    if len(trace) < 2:
        return None
    last = trace[-1][0] or 1
    known = [figure for _seconds, *figures in trace for figure in figures if figure is not None]
    low, span = min(known), (max(known) - min(known)) or 1

    def points(column: int) -> str:
        return " ".join(
            f"{round(MARGIN + row[0] / last * (WIDTH - 2 * MARGIN), 1)},"
            f"{round(HEIGHT - MARGIN - (figure - low) / span * (HEIGHT - 2 * MARGIN), 1)}"
            for row in trace
            if (figure := row[column]) is not None
        )

    return Trace(points(1), points(2))
