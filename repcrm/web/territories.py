"""Territories: who holds which hospital x product on a day, and handing it over."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from repcrm.accounts import queries as accounts
from repcrm.accounts.models import Hospital
from repcrm.accounts.queries import HospitalFilters
from repcrm.catalogue import queries as catalogue
from repcrm.core import clock
from repcrm.extensions import db
from repcrm.organisation import queries, territories
from repcrm.organisation.access import Permission, Role
from repcrm.organisation.models import TerritoryAssignment, User
from repcrm.web.forms.territories import NOBODY, DayForm, HandOverForm, TerritoryForm
from repcrm.web.guards import requires, writes
from repcrm.web.identity import current_scope
from repcrm.web.terms import number_of

bp = Blueprint("territories", __name__, url_prefix="/territories")


@dataclass(frozen=True)
class GridRow:
    """A hospital in the grid: its holder of each product, in the order of the columns; None: nobody."""

    hospital_id: int
    hospital_name: str
    holders: list[TerritoryAssignment | None]
    is_whole: bool
    """Somebody holds every product."""


@bp.get("")
@requires(Permission.VIEW_TERRITORIES)
def index() -> ResponseReturnValue:
    """Show who holds what on a chosen day."""
    scope = current_scope()
    day = DayForm(request.args).day(scope.on)
    then = scope.as_of(day)
    page = accounts.list_hospitals(
        db.session,
        then,
        HospitalFilters(words=request.args.get("q", "").strip()),
        number_of(request.args.get("page")) or 1,
    )
    products = catalogue.list_products(db.session)
    held = {(one.hospital_id, one.product_id): one for one in territories.list_holdings(db.session, then)}
    rows = []
    for hospital in page.items:
        holders = [held.get((hospital.id, product.id)) for product in products]
        rows.append(GridRow(hospital.id, hospital.name, holders, all(holders)))
    return render_template(
        "territories/index.html",
        day=day,
        today=scope.on,
        words=request.args.get("q", "").strip(),
        page=page,
        rows=rows,
        products=products,
        args={name: value for name, value in request.args.items() if value and name != "page"},
        may_edit=scope.may(Permission.EDIT_TERRITORIES),
    )


@bp.get("/<int:hospital_id>")
@requires(Permission.VIEW_TERRITORIES)
def page(hospital_id: int) -> ResponseReturnValue:
    """Show who ever held a hospital, and the form to hand it over."""
    hospital = _hospital(hospital_id)
    form = HandOverForm(formdata=None, from_on=current_scope().on)
    return _page(hospital, form)


@bp.post("/<int:hospital_id>")
@requires(Permission.EDIT_TERRITORIES)
@writes
def hand_over(hospital_id: int) -> ResponseReturnValue:
    """Hand products of a hospital over from a day on, or leave them without a rep."""
    hospital = _hospital(hospital_id)
    form = _offer(HandOverForm(), hospital)
    if form.validate() and form.succeeds(lambda: _hand_over(hospital, form)):
        count = len(form.product_ids.data or ())
        flash(ngettext("%(num)d product handed over.", "%(num)d products handed over.", count), "success")
        return redirect(url_for(".page", hospital_id=hospital_id))
    return _page(hospital, form), 422


@bp.get("/new")
@requires(Permission.EDIT_TERRITORIES)
def new() -> ResponseReturnValue:
    """Show the form of a new territory."""
    return _new_page(TerritoryForm(formdata=None))


@bp.post("/new")
@requires(Permission.EDIT_TERRITORIES)
@writes
def add() -> ResponseReturnValue:
    """Open a territory."""
    form = TerritoryForm().offer(queries.list_regions(db.session, current_scope()))
    if form.validate() and form.succeeds(
        lambda: territories.open_territory(db.session, form.code.data or "", form.name.data or "", form.region_id.data)
    ):
        flash(_("The territory is open; hand hospitals over to it."), "success")
        return redirect(url_for(".index"))
    return _new_page(form), 422


def _hand_over(hospital: Hospital, form: HandOverForm) -> None:
    """Do it product by product; the refusal of one refuses all."""
    how = {"actor_id": current_user.id, "now": clock.now(), "reason": form.reason.data or ""}
    from_on = form.from_on.data or current_scope().on
    people = {rep.id: rep for rep in _reps(hospital)}
    places = {one.id: one for one in territories.list_territories(db.session, current_scope())}
    for product_id in form.product_ids.data or ():
        if form.rep_id.data != NOBODY:
            territories.hand_over(
                db.session,
                places[form.territory_id.data],
                hospital,
                product_id,
                people[form.rep_id.data],
                from_on,
                **how,
            )
        else:
            territories.leave_unassigned(db.session, hospital, product_id, from_on, **how)


def _hospital(hospital_id: int) -> Hospital:
    return accounts.get_hospital(db.session, current_scope(), hospital_id)


def _reps(hospital: Hospital) -> list[User]:
    reps = queries.list_reps(db.session, current_scope())
    return [rep for rep in reps if rep.role is Role.REP and rep.region_id == hospital.region_id]


def _offer(form: HandOverForm, hospital: Hospital) -> HandOverForm:
    places = territories.list_territories(db.session, current_scope())
    here = [place for place in places if place.region_id == hospital.region_id]
    return form.offer(catalogue.list_products(db.session), _reps(hospital), here)


def _page(hospital: Hospital, form: HandOverForm) -> str:
    scope = current_scope()
    names = {product.id: product.name for product in catalogue.list_products(db.session, active_only=False)}
    return render_template(
        "territories/page.html",
        hospital=hospital,
        form=_offer(form, hospital),
        history=[
            (one, names[one.product_id], _state(one, scope.on))
            for one in territories.list_history(db.session, scope, hospital.id)
        ],
        may_edit=scope.may(Permission.EDIT_TERRITORIES),
    )


def _state(one: TerritoryAssignment, today: date) -> str:
    """Whether a stretch is `past`, `now` or `later`."""
    if one.from_on > today:
        return "later"
    return "now" if one.until_on is None or one.until_on > today else "past"


def _new_page(form: TerritoryForm) -> str:
    return render_template("territories/new.html", form=form.offer(queries.list_regions(db.session, current_scope())))
