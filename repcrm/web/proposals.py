"""Proposals of the planner: asked for, watched, accepted as a whole or visit by visit, dismissed."""

from collections.abc import Callable

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from repcrm.core.errors import BadInput, Conflict, RuleBroken
from repcrm.core.words import N_
from repcrm.extensions import db
from repcrm.organisation.access import Permission
from repcrm.planning import queries, service
from repcrm.planning.cycle import Cycle
from repcrm.planning.models import PlanProposal
from repcrm.planning.terms import ProposalKind
from repcrm.web.guards import requires, writes
from repcrm.web.identity import current_scope
from repcrm.web.languages import say
from repcrm.web.plan_desk import show
from repcrm.web.plan_work import work_view
from repcrm.web.terms import day_of, member_of, number_of
from repcrm.web.today import now_here, read_day
from repcrm.work.queries import get_work

bp = Blueprint("proposals", __name__, url_prefix="/plan")

SECONDS = {ProposalKind.PROPOSE: 20, ProposalKind.MEND: 2}
"""How long the planner may look for something better; it can be stopped sooner."""


@bp.post("/<int:rep_id>/<day>/propose")
@requires(Permission.PLAN_CALLS)
@writes
def ask(rep_id: int, day: str) -> ResponseReturnValue:
    """Ask the planner for a plan, or for the plan mended from today on."""
    scope, day_on = current_scope(), read_day(day)
    rep = queries.get_rep(db.session, scope, rep_id)
    kind = member_of(ProposalKind, request.form.get("kind"))
    if kind is None:
        raise BadInput(N_("Say what is to be proposed."))
    start_on, now = Cycle.of(day_on).start_on, now_here()
    try:
        service.ask_for_proposal(db.session, scope, rep, start_on, kind, seconds=SECONDS[kind], now=now)
    except RuleBroken as error:
        db.session.rollback()
        return show(rep_id, day_on, say(error)), 422
    return redirect(url_for("plan.page_of", rep_id=rep_id, day=day_on))


@bp.get("/work/<int:work_id>")
@requires(Permission.VIEW_PLANS)
def progress(work_id: int) -> ResponseReturnValue:
    """Answer the partial that watches the planner; a header says when there is nothing left to watch."""
    view = work_view(get_work(db.session, current_scope(), work_id))
    answer = Response(render_template("plan/_work.html", view=view))
    answer.headers["X-Work-Under-Way"] = "yes" if view.is_under_way else "no"
    return answer


@bp.post("/proposals/<int:proposal_id>/accept")
@requires(Permission.PLAN_CALLS)
@writes
def accept(proposal_id: int) -> ResponseReturnValue:
    """Make a proposal, or one visit of it, the plan; `pin` says that it is agreed with the doctor."""
    key = request.form.get("key")
    is_pinned = bool(request.form.get("pin"))

    def carry_out(proposal: PlanProposal) -> None:
        service.accept_proposal(
            db.session,
            current_scope(),
            proposal.plan,
            proposal,
            keys=[key] if key else None,
            is_pinned=is_pinned,
            seen_version=number_of(request.form.get("version")),
            now=now_here(),
        )
        flash(_("It is in the plan.") if key else _("The proposal is the plan now."), "success")

    return _decided(proposal_id, carry_out)


@bp.post("/proposals/<int:proposal_id>/dismiss")
@requires(Permission.PLAN_CALLS)
@writes
def dismiss(proposal_id: int) -> ResponseReturnValue:
    """Put a proposal aside."""

    def carry_out(proposal: PlanProposal) -> None:
        service.dismiss_proposal(db.session, current_scope(), proposal.plan, proposal, now=now_here())
        flash(_("The proposal is put aside."), "info")

    return _decided(proposal_id, carry_out)


def _decided(proposal_id: int, carry_out: Callable[[PlanProposal], None]) -> ResponseReturnValue:
    """Decide on a proposal and show its plan; what stands in the way is said there."""
    proposal = queries.get_proposal(db.session, current_scope(), proposal_id)
    rep_id, day_on = proposal.plan.rep_id, day_of(request.form.get("day")) or proposal.plan.start_on
    try:
        with db.session.begin_nested():
            carry_out(proposal)
    except RuleBroken as error:
        return show(rep_id, day_on, say(error)), 422
    except Conflict as conflict:
        db.session.rollback()
        return show(rep_id, day_on, say(conflict)), 409
    return redirect(url_for("plan.page_of", rep_id=rep_id, day=day_on))
