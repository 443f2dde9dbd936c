"""Ratings of a doctor: the form that sets them, and how they came about."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from repcrm.accounts import queries, service
from repcrm.accounts.models import AdoptionRating, Doctor
from repcrm.catalogue import queries as catalogue
from repcrm.catalogue.models import Product
from repcrm.core import clock
from repcrm.extensions import db
from repcrm.organisation.access import Permission, Scope
from repcrm.web.forms.ratings import RateForm
from repcrm.web.guards import requires, writes
from repcrm.web.identity import current_scope
from repcrm.web.rating_chart import RatingChart, draw_ratings, first_month

bp = Blueprint("ratings", __name__, url_prefix="/doctors/<int:doctor_id>/ratings")


@dataclass(frozen=True)
class ProductRatings:
    """One product on a doctor's page: what counts today, how it came about, and its drawing."""

    product: Product
    rating: int | None
    history: list[AdoptionRating]
    """The newest first."""
    chart: RatingChart


def ratings_of(scope: Scope, doctor_id: int) -> list[ProductRatings]:
    """Return the products, each with its ratings of a doctor: rated ones first, no longer sold ones only if rated."""
    histories: dict[int, list[AdoptionRating]] = {}
    for rating in queries.rating_history(db.session, scope, doctor_id):
        histories.setdefault(rating.product_id, []).append(rating)
    days = [rating.rated_on for history in histories.values() for rating in history]
    begin = first_month(days, scope.on)
    products = [p for p in catalogue.list_products(db.session, active_only=False) if p.is_active or p.id in histories]
    current = _current(scope, doctor_id, scope.on)
    found = [
        ProductRatings(
            product,
            current.get(product.id),
            histories.get(product.id, [])[::-1],
            draw_ratings([(r.rated_on, r.rating) for r in histories.get(product.id, [])], begin, scope.on),
        )
        for product in products
    ]
    return sorted(found, key=lambda one: not one.history)


@bp.get("")
@requires(Permission.RATE_DOCTORS)
def edit(doctor_id: int) -> ResponseReturnValue:
    """Show the ratings of a doctor as a form, one row a product."""
    return _page(_doctor(doctor_id), RateForm(current_scope().on, formdata=None))


@bp.post("")
@requires(Permission.RATE_DOCTORS)
@writes
def save(doctor_id: int) -> ResponseReturnValue:
    """Write down the ratings that differ from the current ones."""
    scope, doctor = current_scope(), _doctor(doctor_id)
    form = RateForm(scope.on)
    if form.validate() and form.succeeds(lambda: _rate(scope, doctor, form)):
        flash(_("Saved."), "success")
        return redirect(url_for("doctors.page", doctor_id=doctor_id))
    return _page(doctor, form), 422


def _doctor(doctor_id: int) -> Doctor:
    return queries.get_doctor(db.session, current_scope(), doctor_id)


def _rate(scope: Scope, doctor: Doctor, form: RateForm) -> None:
    rated_on = form.rated_on.data or scope.on
    products = {product.id: product for product in catalogue.list_products(db.session)}
    for product_id, rating in form.changed(products, _current(scope, doctor.id, scope.on)).items():
        service.rate_doctor(
            db.session,
            doctor,
            products[product_id],
            rating,
            rated_on,
            actor_id=current_user.id,
            now=clock.now(),
            reason=form.reason.data or "",
        )


def _page(doctor: Doctor, form: RateForm) -> str:
    scope = current_scope()
    current = _current(scope, doctor.id, scope.on)
    products = catalogue.list_products(db.session)
    return render_template(
        "ratings/edit.html",
        doctor=doctor,
        row=queries.find_doctor_row(db.session, scope, doctor.id),
        form=form,
        rows=[(product, form.shown(product.id, current.get(product.id))) for product in products],
    )


def _current(scope: Scope, doctor_id: int, on: date) -> dict[int, int]:
    """What counted on a day: product id -> rating."""
    ratings = queries.latest_ratings(db.session, scope, [doctor_id], on)
    return {product_id: rating for (_doctor_id, product_id), rating in ratings.items()}
