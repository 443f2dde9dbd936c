"""The catalogue: products with their prices, conversions and competitors."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from repcrm.catalogue import converting, queries, service
from repcrm.catalogue.models import Competitor, Product
from repcrm.catalogue.pack_form import doses_of_pack
from repcrm.catalogue.units import LABELS, OWN
from repcrm.core import clock
from repcrm.extensions import db
from repcrm.organisation.access import Permission
from repcrm.web.forms.products import CompetitorForm, ConversionForm, EndForm, NewProductForm, PriceForm, ProductForm
from repcrm.web.guards import requires, writes
from repcrm.web.identity import current_scope

bp = Blueprint("products", __name__, url_prefix="/products")


@dataclass(frozen=True)
class ProductLine:
    """A product in the list, with today's price in fen (None: no price yet) and its competitors."""

    product: Product
    price_fen: int | None
    competitors: list[Competitor]


@bp.get("")
@requires(Permission.VIEW_CATALOGUE)
def index() -> ResponseReturnValue:
    """List the products, those no longer sold last."""
    scope = current_scope()
    products = queries.list_products(db.session, active_only=False)
    prices = queries.prices_on(db.session, None, scope.on)
    competitors = queries.list_competitors(db.session)
    lines = [ProductLine(one, prices.get(one.id), competitors.get(one.id, [])) for one in products]
    return render_template(
        "products/index.html",
        lines=sorted(lines, key=lambda line: not line.product.is_active),
        may_edit=scope.may(Permission.EDIT_CATALOGUE),
    )


@bp.get("/<int:product_id>")
@requires(Permission.VIEW_CATALOGUE)
def page(product_id: int) -> ResponseReturnValue:
    """Show a product with its price history and competitors."""
    return _page(_product(product_id))


@bp.get("/new")
@requires(Permission.EDIT_CATALOGUE)
def new() -> ResponseReturnValue:
    """Show the form of a new product."""
    return render_template("products/new.html", form=NewProductForm(formdata=None))


@bp.post("/new")
@requires(Permission.EDIT_CATALOGUE)
@writes
def add() -> ResponseReturnValue:
    """Take up a product."""
    form = NewProductForm()
    if form.validate() and form.succeeds(lambda: service.add_product(db.session, form.code.data or "", form.facts())):
        flash(_("The product is on file. It needs a price."), "success")
        return redirect(url_for(".page", product_id=form.result.id))
    return render_template("products/new.html", form=form), 422


@bp.get("/<int:product_id>/edit")
@requires(Permission.EDIT_CATALOGUE)
def edit(product_id: int) -> ResponseReturnValue:
    """Show a product as a form."""
    product = _product(product_id)
    return render_template("products/edit.html", product=product, form=ProductForm.of(product))


@bp.post("/<int:product_id>/edit")
@requires(Permission.EDIT_CATALOGUE)
@writes
def save(product_id: int) -> ResponseReturnValue:
    """Put what was typed in the place of what is known of a product."""
    product, form = _product(product_id), ProductForm()
    if form.validate() and form.succeeds(
        lambda: service.revise_product(db.session, product, form.facts(), form.version.data)
    ):
        return _saved(product_id)
    return render_template("products/edit.html", product=product, form=form), 422


@bp.post("/<int:product_id>/prices")
@requires(Permission.EDIT_CATALOGUE)
@writes
def set_price(product_id: int) -> ResponseReturnValue:
    """Let a price count from a day on."""
    product, today = _product(product_id), current_scope().on
    form = PriceForm(prefix="price-")
    if form.validate() and form.succeeds(
        lambda: service.set_price(
            db.session,
            product,
            form.price_fen,
            form.from_on.data or today,
            actor_id=current_user.id,
            now=clock.now(),
        )
    ):
        return _saved(product_id)
    return _page(product, price=form), 422


@bp.post("/<int:product_id>/competitors")
@requires(Permission.EDIT_CATALOGUE)
@writes
def add_competitor(product_id: int) -> ResponseReturnValue:
    """Note another company's product."""
    product, form = _product(product_id), CompetitorForm(prefix="competitor-")
    if form.validate() and form.succeeds(
        lambda: service.add_competitor(db.session, product, form.name.data or "", form.maker.data or "")
    ):
        return _saved(product_id)
    return _page(product, competitor=form), 422


@bp.post("/<int:product_id>/conversions")
@requires(Permission.EDIT_CATALOGUE)
@writes
def set_conversion(product_id: int) -> ResponseReturnValue:
    """Let a unit count as so many packs from a day on."""
    product, today = _product(product_id), current_scope().on
    form = ConversionForm(prefix="conversion-")
    if form.validate() and form.succeeds(
        lambda: converting.set_conversion(
            db.session,
            product,
            form.unit.data or "",
            form.packs_num.data or 0,
            form.packs_den.data or 0,
            form.from_on.data or today,
            actor_id=current_user.id,
            now=clock.now(),
        )
    ):
        return _saved(product_id)
    return _page(product, conversion=form), 422


@bp.post("/conversions/<int:conversion_id>/end")
@requires(Permission.EDIT_CATALOGUE)
@writes
def end_conversion(conversion_id: int) -> ResponseReturnValue:
    """End a conversion from a day on."""
    conversion, form = queries.get_conversion(db.session, conversion_id), EndForm(prefix=f"end-{conversion_id}-")
    if form.validate() and form.succeeds(
        lambda: converting.end_conversion(
            db.session,
            conversion,
            form.until_on.data or current_scope().on,
            actor_id=current_user.id,
            now=clock.now(),
        )
    ):
        return _saved(conversion.product_id)
    return _page(_product(conversion.product_id), ended=(conversion_id, form)), 422


def _product(product_id: int) -> Product:
    return queries.get_product(db.session, product_id)


def _saved(product_id: int) -> ResponseReturnValue:
    flash(_("Saved."), "success")
    return redirect(url_for(".page", product_id=product_id))


def _page(
    product: Product,
    *,
    price: PriceForm | None = None,
    competitor: CompetitorForm | None = None,
    conversion: ConversionForm | None = None,
    ended: tuple[int, EndForm] | None = None,
) -> str:
    scope = current_scope()
    history = queries.price_history(db.session, product.id)
    conversions = queries.list_conversions(db.session, [product.id]).get(product.id, [])
    return render_template(
        "products/page.html",
        product=product,
        history=history[::-1],
        today=scope.on,
        price_fen=queries.prices_on(db.session, [product.id], scope.on).get(product.id),
        competitors=queries.list_competitors(db.session, [product.id]).get(product.id, []),
        price=price or PriceForm(formdata=None, prefix="price-", from_on=scope.on),
        competitor=competitor or CompetitorForm(formdata=None, prefix="competitor-"),
        conversion=conversion or ConversionForm(formdata=None, prefix="conversion-", from_on=scope.on),
        conversions=conversions,
        ends={one.id: EndForm(formdata=None, prefix=f"end-{one.id}-", until_on=scope.on) for one in conversions}
        | dict([ended] if ended else []),
        printed=doses_of_pack(product.pack_size, OWN[product.unit]),
        unit_words={word: _(label) for word, label in LABELS.items()},
        wrong=price or competitor or conversion or (ended[1] if ended else None),
        may_edit=scope.may(Permission.EDIT_CATALOGUE),
    )
