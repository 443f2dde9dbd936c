"""Where the products stand in the hospitals' drug lists."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from repcrm.accounts.listing import UNDER_WAY
from repcrm.accounts.models import Hospital, Listing
from repcrm.accounts.queries.scope import hospitals_in
from repcrm.catalogue.models import Product
from repcrm.core.errors import NotFound
from repcrm.core.words import N_
from repcrm.organisation.access import Scope


def list_listings(session: Session, scope: Scope, hospital_id: int) -> list[Listing]:
    """Return a hospital's listings with their products, in the order of the products' names."""
    wanted = (
        select(Listing)
        .join(Listing.product)
        .join(Listing.hospital)
        .options(contains_eager(Listing.product))
        .where(Listing.hospital_id == hospital_id, hospitals_in(scope))
        .order_by(Product.name, Product.id)
    )
    return list(session.scalars(wanted))


def find_listing(session: Session, scope: Scope, hospital_id: int, product_id: int) -> Listing | None:
    """Return the listing of a product in a hospital in scope, None if nobody has begun one."""
    return session.scalar(
        select(Listing)
        .join(Listing.hospital)
        .where(Listing.hospital_id == hospital_id, Listing.product_id == product_id, hospitals_in(scope))
    )


def get_listing(session: Session, scope: Scope, listing_id: int) -> Listing:
    """Return a listing in scope, or raise NotFound."""
    found = session.scalar(
        select(Listing)
        .join(Listing.hospital)
        .join(Listing.product)
        .options(contains_eager(Listing.hospital), contains_eager(Listing.product))
        .where(Listing.id == listing_id, hospitals_in(scope))
    )
    if found is None:
        raise NotFound(N_("There is no such listing."))
    return found


def list_stuck_listings(session: Session, scope: Scope, before_on: date, limit: int = 50) -> list[Listing]:
    """Return the listings under way that have not moved since before a day, the longest stuck first."""
    wanted = (
        select(Listing)
        .join(Listing.hospital)
        .join(Listing.product)
        .options(contains_eager(Listing.hospital), contains_eager(Listing.product))
        .where(Listing.stage.in_(UNDER_WAY), Listing.since_on < before_on, hospitals_in(scope))
        .order_by(Listing.since_on, Hospital.name, Product.name, Listing.id)
        .limit(limit)
    )
    return list(session.scalars(wanted))
