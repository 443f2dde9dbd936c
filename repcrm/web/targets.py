"""The target grid: floor and stretch per hospital and month, typed, pasted, spread and saved as one block."""

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from repcrm.catalogue.queries import get_product, list_products
from repcrm.core import clock
from repcrm.core.errors import RepCRMError, RuleBroken
from repcrm.core.periods import Period, PeriodKind
from repcrm.core.words import N_
from repcrm.extensions import db
from repcrm.organisation.access import Permission
from repcrm.organisation.calendar import work_calendar
from repcrm.targets import cascade, proposals, queries, service
from repcrm.targets.grid import (
    CellKey,
    Measure,
    Range,
    SpreadWay,
    StaleCells,
    read_packs,
)
from repcrm.targets.queries import TargetGrid
from repcrm.targets.totals import spread_range
from repcrm.web.forms.targets import AskForm, GridForm, SpreadForm
from repcrm.web.grid_page import KINDS, Choice, grid_page
from repcrm.web.guards import requires, writes
from repcrm.web.identity import current_scope
from repcrm.web.languages import say
from repcrm.web.terms import number_of

bp = Blueprint("targets", __name__, url_prefix="/targets")


@bp.get("")
@requires(Permission.VIEW_TARGETS)
def grid() -> ResponseReturnValue:
    """Show the targets of a product: the half-year of today unless another period is asked for."""
    choice = _choice()
    if choice is None:
        return render_template("targets/none.html")
    return grid_page(choice, _grid(choice))


@bp.post("")
@requires(Permission.ASSIGN_TARGETS)
@writes
def save() -> ResponseReturnValue:
    """Save the cells that were changed, all or none of them."""
    choice, form = _posted_choice(), GridForm()
    edits = form.edits(choice.product.id, choice.measure)
    if form.wrong or not form.validate():
        return grid_page(choice, _grid(choice), form), 422
    try:
        assigned = service.assign_targets(
            db.session, current_scope(), edits, now=clock.now(), reason=(form.reason.data or "").strip()
        )
    except StaleCells as conflict:
        db.session.rollback()
        form.meet({cell.key: cell for cell in conflict.cells})
        return grid_page(choice, _grid(choice), form, conflict=conflict), 409
    _say_what_was_saved(assigned)
    return redirect(url_for("targets.grid", **choice.args()))


@bp.post("/spread")
@requires(Permission.ASSIGN_TARGETS)
@writes
def spread() -> ResponseReturnValue:
    """Propose figures for the cells that are not locked; nothing is saved."""
    choice, form = _posted_choice(), GridForm()
    grid = _grid(choice)
    try:
        proposal = _proposal(choice, grid, form)
    except RepCRMError as error:
        if _wants_json():
            return jsonify(error=say(error)), 422
        form.refuse(error)
        return grid_page(choice, grid, form), 422
    if _wants_json():
        return jsonify(cells={str(key): packs for key, packs in proposal.items()})
    form.typed |= {key: str(packs) for key, packs in proposal.items()}
    return grid_page(choice, grid, form, is_proposal=True)


@bp.post("/asked")
@requires(Permission.ASSIGN_TARGETS)
@writes
def ask() -> ResponseReturnValue:
    """Note what the company asks of the region for the period, spread over its months."""
    choice, form = _posted_choice(), AskForm()
    if form.validate() and form.succeeds(lambda: _ask(choice, form)):
        flash(_("What is asked of the region is saved."), "success")
        return redirect(url_for("targets.grid", **choice.args()))
    return grid_page(choice, _grid(choice), asking=form), 422


def _ask(choice: Choice, form: AskForm) -> None:
    scope, months = current_scope(), choice.period.months()
    if (form.stretch.data or 0) < (form.floor.data or 0):
        raise RuleBroken(N_("The stretch must not be below the floor."), field="stretch")
    calendar = work_calendar(db.session, scope.region_id)
    weights = cascade.even(months) if form.way.data == SpreadWay.EVEN else cascade.like_run_rate(months, calendar)
    asked = spread_range(Range(form.floor.data or 0, form.stretch.data or 0), weights)
    shown = form.shown_versions()
    service.ask_of_region(
        db.session,
        scope,
        scope.region_id or 0,
        choice.product.id,
        {month.from_on: packs for month, packs in asked.items()},
        versions={month.from_on: shown.get(str(month), 0) for month in months},
        now=clock.now(),
    )


def _choice() -> Choice | None:
    products = list_products(db.session)
    wanted = number_of(request.args.get("product"))
    if wanted is None and not products:
        return None
    product = get_product(db.session, wanted) if wanted is not None else products[0]
    period = _period(request.args.get("period"))
    weeks = request.args.get("weeks")
    expanded = Period.parse(weeks) if weeks else None
    return Choice(
        product,
        products,
        period,
        Measure.STRETCH if request.args.get("measure") == Measure.STRETCH else Measure.FLOOR,
        expanded if expanded in period.months() else None,
    )


def _posted_choice() -> Choice:
    choice = _choice()
    if choice is None:
        raise RuleBroken(N_("There is no product to assign targets for."))
    return choice


def _period(text: str | None) -> Period:
    """The period asked for; the half-year of today for none, and for one that the grid does not show."""
    period = Period.parse(text) if text else None
    return period if period and period.kind in KINDS else Period.of(PeriodKind.HALF, current_scope().on)


def _grid(choice: Choice) -> TargetGrid:
    scope = current_scope()
    calendar = work_calendar(db.session, scope.region_id)
    return queries.target_grid(db.session, scope, choice.product.id, choice.period, calendar)


def _proposal(choice: Choice, grid: TargetGrid, form: GridForm) -> dict[CellKey, int]:
    wanted = SpreadForm()
    packs = form.packs()
    kept = {key: packs.get(key, 0) for key in form.locks}
    if wanted.what.data == "row":
        total = read_packs(wanted.row_total.data or "")
        return proposals.over_months(
            db.session, current_scope(), grid, wanted.hospital_id.data, total, wanted.way, kept
        )
    return proposals.over_hospitals(
        db.session, current_scope(), choice.product.id, grid, choice.measure, wanted.way, kept
    )


def _say_what_was_saved(assigned: service.Assigned) -> None:
    changed, reopened = len(assigned.targets), len(assigned.reopened)
    if not changed:
        flash(_("Nothing had changed."), "info")
        return
    flash(ngettext("%(num)d cell is saved.", "%(num)d cells are saved.", changed), "success")
    if reopened:
        flash(
            ngettext(
                "%(num)d split is a draft again, because its target has changed.",
                "%(num)d splits are drafts again, because their targets have changed.",
                reopened,
            ),
            "warning",
        )


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"
