"""The catalogue's pages."""

from datetime import date

import pytest

from repcrm.catalogue import queries
from repcrm.catalogue.models import Product
from tests.factories import make_competitor, make_price, make_product

EN = {"Accept-Language": "en"}


@pytest.fixture
def product(session):
    product = make_product(session, name="Sample tablets")
    make_price(session, product=product, price_fen=4580)
    make_competitor(session, product=product, name="Other tablets")
    return product


def test_everybody_reads_products_prices_and_competitors(client_as, rep, session, product):
    make_product(session, name="Without a price")
    browser = client_as(rep)
    page = browser.get("/products", headers=EN).text
    for words in ("Sample tablets", "¥45.80", "Other tablets", "no price yet"):
        assert words in page
    card = browser.get(f"/products/{product.id}", headers=EN).text
    assert "¥45.80" in card
    assert "Set price" not in card
    assert browser.get("/products/9999").status_code == 404


def test_an_administrator_takes_up_a_product_and_revises_it(client_as, admin, session):
    typed = {"code": "ST", "name": "Sample", "pack_size": "10 mg x 28", "unit": "box", "is_active": "y"}
    browser = client_as(admin)
    assert browser.post("/products/new", data=typed).status_code == 302
    assert browser.post("/products/new", data=typed).status_code == 422
    product = session.query(Product).one()
    address = f"/products/{product.id}/edit"
    assert browser.post(address, data={**typed, "version": 1, "in_uptake": "y"}).status_code == 302
    assert browser.post(address, data={**typed, "version": 1, "name": "Lost"}).status_code == 409
    assert browser.post(address, data={**typed, "version": 2, "unit": "barrel"}).status_code == 422
    session.refresh(product)
    assert (product.name, product.in_uptake, product.version) == ("Sample", True, 2)


def test_a_price_counts_from_its_day_on(client_as, admin, session, product):
    browser = client_as(admin)
    address = f"/products/{product.id}/prices"
    assert browser.post(address, data={"price-price": "43.80", "price-from_on": "2026-04-01"}).status_code == 302
    for wrong in ({"price-price": "0"}, {"price-price": "a lot"}, {"price-price": "5", "price-from_on": "x"}):
        assert browser.post(address, data={"price-from_on": "2026-05-01", **wrong}).status_code == 422
    assert queries.prices_on(session, [product.id], date(2026, 4, 1)) == {product.id: 4380}
    assert len(queries.price_history(session, product.id)) == 2


def test_a_competitor_is_noted_once(client_as, admin, session, product):
    browser, address = client_as(admin), f"/products/{product.id}/competitors"
    assert browser.post(address, data={"competitor-name": "Third"}).status_code == 302
    assert browser.post(address, data={"competitor-name": "Third"}).status_code == 422
    assert len(queries.list_competitors(session, [product.id])[product.id]) == 2


def test_the_list_costs_the_same_however_many_products(client_as, rep, session, query_counter):
    for _number in range(12):
        make_price(session)
    browser = client_as(rep)
    session.commit()
    with query_counter() as queries_sent:
        browser.get("/products")
    assert len(queries_sent) <= 6
