"""One product in one hospital: where it stands in the listing pipeline, and what could become of it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from repcrm.accounts import listing as pipeline
from repcrm.accounts import queries, service
from repcrm.accounts.listing import ListingStage
from repcrm.accounts.models import Hospital, Listing
from repcrm.catalogue import queries as catalogue
from repcrm.catalogue.models import Product
from repcrm.core import clock
from repcrm.extensions import db
from repcrm.organisation.access import Permission
from repcrm.web.forms.listings import ListingForm, OpenListingForm, StageForm
from repcrm.web.guards import requires, writes
from repcrm.web.identity import current_scope

bp = Blueprint("listings", __name__, url_prefix="/listings")


@bp.get("/<int:hospital_id>/<int:product_id>")
@requires(Permission.EDIT_ACCOUNTS)
def page(hospital_id: int, product_id: int) -> ResponseReturnValue:
    """Show where a product stands in a hospital, and what can be done about it."""
    return _page(_hospital(hospital_id), _product(product_id))


@bp.post("/<int:hospital_id>/<int:product_id>", endpoint="open")
@requires(Permission.EDIT_ACCOUNTS)
@writes
def begin(hospital_id: int, product_id: int) -> ResponseReturnValue:
    """Begin to follow a product in a hospital."""
    hospital, product, form = _hospital(hospital_id), _product(product_id), OpenListingForm()
    today = current_scope().on
    if form.validate() and form.succeeds(
        lambda: service.open_listing(db.session, hospital, product, form.since_on.data or today, form.stage.data)
    ):
        return _saved(hospital_id)
    return _page(hospital, product, opening=form), 422


@bp.post("/<int:listing_id>/move")
@requires(Permission.EDIT_ACCOUNTS)
@writes
def move(listing_id: int) -> ResponseReturnValue:
    """Move a product on in the pipeline."""
    found, today = _listing(listing_id), current_scope().on
    form = StageForm(prefix="move-").offer(tuple(ListingStage), today)
    if form.validate() and form.succeeds(
        lambda: service.move_listing(
            db.session,
            found,
            ListingStage(form.stage.data),
            form.moved_on.data or today,
            actor_id=current_user.id,
            now=clock.now(),
            today=today,
            version=form.version.data,
        )
    ):
        return _saved(found.hospital_id)
    return _page(found.hospital, found.product, moving=form), 422


@bp.post("/<int:listing_id>/edit")
@requires(Permission.EDIT_ACCOUNTS)
@writes
def save(listing_id: int) -> ResponseReturnValue:
    """Say what a hospital could use of a product, and what it uses instead."""
    found, form = _listing(listing_id), ListingForm()
    if form.validate() and form.succeeds(
        lambda: service.revise_listing(
            db.session, found, form.potential_packs.data, form.competitor_note.data or "", form.version.data
        )
    ):
        return _saved(found.hospital_id)
    return _page(found.hospital, found.product, facts=form), 422


def _hospital(hospital_id: int) -> Hospital:
    return queries.get_hospital(db.session, current_scope(), hospital_id)


def _product(product_id: int) -> Product:
    return catalogue.get_product(db.session, product_id)


def _listing(listing_id: int) -> Listing:
    return queries.get_listing(db.session, current_scope(), listing_id)


def _saved(hospital_id: int) -> ResponseReturnValue:
    flash(_("Saved."), "success")
    return redirect(url_for("hospitals.page", hospital_id=hospital_id, _anchor="listings"))


def _page(
    hospital: Hospital,
    product: Product,
    *,
    opening: OpenListingForm | None = None,
    moving: StageForm | None = None,
    facts: ListingForm | None = None,
) -> str:
    scope = current_scope()
    found = queries.find_listing(db.session, scope, hospital.id, product.id)
    shown: dict[str, Any] = {"hospital": hospital, "product": product, "wrong": opening or moving or facts}
    if found is None:
        form = opening or OpenListingForm(formdata=None, since_on=scope.on)
        return render_template("listings/new.html", form=form, **shown)
    stage = moving or StageForm(formdata=None, prefix="move-", version=found.version)
    return render_template(
        "listings/page.html",
        listing=found,
        step=pipeline.step_of(found.stage),
        steps=[_(one.label) for one in pipeline.STEPS],
        move=stage.offer(pipeline.NEXT[found.stage], scope.on),
        facts=facts or ListingForm(formdata=None, obj=found),
        **shown,
    )
