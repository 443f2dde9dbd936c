"""Products, prices and competitors."""

from datetime import date

import pytest
from sqlalchemy import select

from repcrm.catalogue import queries, service
from repcrm.catalogue.models import PackUnit
from repcrm.catalogue.service import ProductFacts
from repcrm.core.errors import Conflict, NotFound, RuleBroken
from repcrm.db.journal import JournalEntry
from tests.factories import NOW, make_price, make_product

FACTS = ProductFacts("Sample tablets", "10 mg x 28", PackUnit.BOX)
JANUARY, JULY = date(2026, 1, 1), date(2026, 7, 1)


@pytest.fixture
def product(session):
    return service.add_product(session, "ST", FACTS)


def set_price(session, product, fen, day, actor_id=None):
    return service.set_price(session, product, fen, day, actor_id=actor_id, now=NOW)


def test_a_product_is_taken_up_once(session, product):
    assert queries.get_product(session, product.id) is queries.find_product(session, "ST") is product
    with pytest.raises(RuleBroken):
        service.add_product(session, "ST", FACTS)
    with pytest.raises(NotFound):
        queries.get_product(session, product.id + 1)


def test_a_product_is_revised_by_whoever_saw_the_newest_version(session, product):
    service.revise_product(session, product, ProductFacts("Sample", "20 mg x 14", PackUnit.BOX, is_active=False), 1)
    assert (product.name, product.version) == ("Sample", 2)
    with pytest.raises(Conflict):
        service.revise_product(session, product, FACTS, 1)
    assert queries.list_products(session) == []
    assert queries.list_products(session, active_only=False) == [product]


def test_a_price_counts_from_its_day_until_the_next(session, product, admin):
    other = make_price(session).product
    set_price(session, product, 5000, JANUARY)
    set_price(session, product, 4800, JULY, actor_id=admin.id)
    assert queries.prices_on(session, [product.id], date(2025, 12, 31)) == {}
    assert queries.prices_on(session, [product.id], date(2026, 6, 30)) == {product.id: 5000}
    assert queries.prices_on(session, None, JULY) == {product.id: 4800, other.id: 5000}
    assert [price.price_fen for price in queries.price_history(session, product.id)] == [5000, 4800]


def test_a_price_of_the_same_day_is_replaced_and_journalled(session, product, admin):
    first = set_price(session, product, 5000, JANUARY)
    assert set_price(session, product, 5100, JANUARY, actor_id=admin.id) is first
    set_price(session, product, 5100, JANUARY)
    entries = session.scalars(select(JournalEntry).order_by(JournalEntry.id)).all()
    assert [(e.before and e.before["price_fen"], e.after["price_fen"]) for e in entries] == [(None, 5000), (5000, 5100)]


@pytest.mark.parametrize("fen", [0, -1])
def test_a_price_is_more_than_nothing(session, product, fen):
    with pytest.raises(RuleBroken):
        set_price(session, product, fen, JANUARY)
    assert queries.list_prices(session) == {}


def test_a_competitor_is_noted_once_for_a_product(session, product):
    rival = service.add_competitor(session, product, "Other tablets", "Somebody")
    with pytest.raises(RuleBroken):
        service.add_competitor(session, product, "Other tablets")
    service.add_competitor(session, make_product(session), "Other tablets")
    third = service.add_competitor(session, product, "Third tablets")
    with pytest.raises(RuleBroken):
        service.revise_competitor(session, third, "Other tablets", "")
    service.revise_competitor(session, rival, "Other capsules", "Somebody else")
    assert [c.name for c in queries.list_competitors(session, [product.id])[product.id]] == [
        "Other capsules", "Third tablets",
    ]  # fmt: skip
    assert queries.get_competitor(session, rival.id).maker == "Somebody else"
