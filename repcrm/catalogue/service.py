"""What is done to the catalogue: products taken up and revised, prices set, competitors noted."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.catalogue.models import Competitor, PackUnit, Product, ProductPrice
from repcrm.core.errors import Conflict, RuleBroken
from repcrm.core.words import N_
from repcrm.db.codes import check_code
from repcrm.db.journal import record, values_of


@dataclass(frozen=True)
class ProductFacts:
    """What is known of a product.

    pack_size  as printed on the pack, such as 10 mg x 28
    in_uptake  being built up: watched week by week
    """

    name: str
    pack_size: str
    unit: PackUnit
    is_active: bool = True
    in_uptake: bool = False


def add_product(session: Session, code: str, facts: ProductFacts) -> Product:
    """Take up a product.

    raises  RuleBroken (field `code`) if the code is taken, or could be mistaken for another
    """
    product = Product(code=check_code(session, Product, code), **vars(facts))
    session.add(product)
    session.flush()
    return product


def revise_product(session: Session, product: Product, facts: ProductFacts, version: int | None = None) -> None:
    """Put other facts in the place of what is known of a product.

    version  the version the writer was shown; None skips the check
    raises   Conflict if somebody else was faster
    """
    session.refresh(product, with_for_update=True)
    if version is not None and product.version != version:
        raise Conflict(N_("Somebody else has changed this product in the meantime."))
    if all(getattr(product, name) == value for name, value in vars(facts).items()):
        return
    for name, value in vars(facts).items():
        setattr(product, name, value)
    product.version += 1
    session.flush()


def set_price(
    session: Session, product: Product, price_fen: int, from_on: date, *, actor_id: int | None, now: datetime
) -> ProductPrice:
    """Let a price count from a day on; one already set for that day is replaced. Goes into the journal.

    price_fen  fen a pack, > 0

    A price in the past changes the money of targets and of flow without a value, in reports frozen from now on.
    """
    if price_fen <= 0:
        raise RuleBroken(N_("A price is more than 0."), field="price")
    price = session.scalar(
        select(ProductPrice).where(ProductPrice.product_id == product.id, ProductPrice.from_on == from_on)
    )
    before = values_of(price, "from_on", "price_fen") if price else None
    if price is None:
        price = ProductPrice(product_id=product.id, from_on=from_on, price_fen=price_fen)
        session.add(price)
    elif price.price_fen == price_fen:
        return price
    price.price_fen = price_fen
    session.flush()
    after = values_of(price, "from_on", "price_fen")
    record(session, actor_id, "product_price", product.id, "set_price", before, after, at=now)
    return price


def add_competitor(session: Session, product: Product, name: str, maker: str = "") -> Competitor:
    """Note another company's product that fits the same patients.

    raises  RuleBroken (field `name`) if it is noted already
    """
    noted = select(Competitor.id).where(Competitor.product_id == product.id, Competitor.name == name)
    if session.scalar(noted):
        raise RuleBroken(N_("%(name)s is noted already."), field="name", name=name)
    competitor = Competitor(product_id=product.id, name=name, maker=maker)
    session.add(competitor)
    session.flush()
    return competitor


def revise_competitor(session: Session, competitor: Competitor, name: str, maker: str) -> None:
    """Correct the name or the maker of a competitor.

    raises  RuleBroken (field `name`) if another of the same product has that name
    """
    other = select(Competitor.id).where(
        Competitor.product_id == competitor.product_id, Competitor.name == name, Competitor.id != competitor.id
    )
    if session.scalar(other):
        raise RuleBroken(N_("%(name)s is noted already."), field="name", name=name)
    competitor.name, competitor.maker = name, maker
    session.flush()
