"""Products, their prices on a day, and their competitors. For everybody signed in: there is no scope."""

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from repcrm.catalogue.models import Competitor, Product, ProductConversion, ProductPrice
from repcrm.core.codes import code_key
from repcrm.core.errors import NotFound
from repcrm.core.words import N_
from repcrm.db.codes import find_by_codes


def get_product(session: Session, product_id: int) -> Product:
    """Return a product, or raise NotFound."""
    found = session.get(Product, product_id)
    if found is None:
        raise NotFound(N_("There is no such product."))
    return found


def find_product(session: Session, code: str) -> Product | None:
    """Return the product of a code, however it is written; None if there is none."""
    return find_by_codes(session, Product, [code]).get(code_key(code))


def list_products(session: Session, active_only: bool = True) -> list[Product]:
    """Return the products by name, those no longer sold only when asked for."""
    wanted = select(Product).order_by(Product.name, Product.id)
    return list(session.scalars(wanted.where(Product.is_active) if active_only else wanted))


def prices_on(session: Session, product_ids: Collection[int] | None, day: date) -> dict[int, int]:
    """Return the prices valid on a day.

    product_ids  whose; None for all products
    returns      product id -> fen a pack; a product without a price yet on that day is not in it
    """
    newest = select(ProductPrice.product_id, func.max(ProductPrice.from_on).label("from_on"))
    newest = newest.where(ProductPrice.from_on <= day).group_by(ProductPrice.product_id)
    if product_ids is not None:
        newest = newest.where(ProductPrice.product_id.in_(product_ids))
    valid = newest.subquery()
    wanted = select(ProductPrice.product_id, ProductPrice.price_fen).join(
        valid, (valid.c.product_id == ProductPrice.product_id) & (valid.c.from_on == ProductPrice.from_on)
    )
    return dict(session.execute(wanted).all())


def list_prices(session: Session, product_ids: Collection[int] | None = None) -> Mapping[int, list[ProductPrice]]:
    """Return the price histories, the oldest price first: product id -> prices."""
    wanted = select(ProductPrice).order_by(ProductPrice.product_id, ProductPrice.from_on)
    if product_ids is not None:
        wanted = wanted.where(ProductPrice.product_id.in_(product_ids))
    histories: dict[int, list[ProductPrice]] = {}
    for price in session.scalars(wanted):
        histories.setdefault(price.product_id, []).append(price)
    return histories


def price_history(session: Session, product_id: int) -> list[ProductPrice]:
    """Return the prices of one product, the oldest first."""
    return list_prices(session, [product_id]).get(product_id, [])


def list_conversions(
    session: Session, product_ids: Collection[int] | None = None
) -> Mapping[int, list[ProductConversion]]:
    """Return the conversion tables, by unit, the newest row first: product id -> rows.

    product_ids  whose; None for all products
    """
    row = ProductConversion
    wanted = select(row).order_by(row.product_id, row.unit, row.from_on.desc())
    if product_ids is not None:
        wanted = wanted.where(row.product_id.in_(product_ids))
    tables: dict[int, list[ProductConversion]] = {}
    for conversion in session.scalars(wanted):
        tables.setdefault(conversion.product_id, []).append(conversion)
    return tables


def get_conversion(session: Session, conversion_id: int) -> ProductConversion:
    """Return a row of a conversion table, or raise NotFound."""
    found = session.get(ProductConversion, conversion_id)
    if found is None:
        raise NotFound(N_("There is no such conversion."))
    return found


def list_competitors(session: Session, product_ids: Collection[int] | None = None) -> Mapping[int, list[Competitor]]:
    """Return the competitors of products by name: product id -> competitors."""
    wanted = select(Competitor).order_by(Competitor.product_id, Competitor.name)
    if product_ids is not None:
        wanted = wanted.where(Competitor.product_id.in_(product_ids))
    rivals: dict[int, list[Competitor]] = {}
    for competitor in session.scalars(wanted):
        rivals.setdefault(competitor.product_id, []).append(competitor)
    return rivals


def get_competitor(session: Session, competitor_id: int) -> Competitor:
    """Return a competitor, or raise NotFound."""
    found = session.get(Competitor, competitor_id)
    if found is None:
        raise NotFound(N_("There is no such competitor."))
    return found
