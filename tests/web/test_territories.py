"""The territory pages: who holds what, handing over."""

from datetime import date

import pytest

from repcrm.organisation.models import Territory
from repcrm.organisation.territories import holder_on
from tests.factories import LONG_AGO, make_assignment, make_hospital, make_product, make_rep, make_territory

EN = {"Accept-Language": "en"}
DAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _monday(fixed_clock):
    fixed_clock("2026-11-23T10:00+08:00")


@pytest.fixture
def territory(session, region):
    return make_territory(session, region=region)


@pytest.fixture
def hospital(session, region):
    return make_hospital(session, region=region, name="East Hospital")


@pytest.fixture
def products(session):
    return [make_product(session), make_product(session)]


@pytest.fixture
def second(session, region):
    return make_rep(session, region=region, name="Second rep")


@pytest.fixture
def held(session, territory, hospital, products, rep):
    return make_assignment(session, hospital=hospital, product=products[0], rep=rep, territory=territory)


def typed(territory, products, to, **changes):
    return {"product_ids": [product.id for product in products], "rep_id": to, "territory_id": territory.id,
            "from_on": "2026-11-23", "reason": "leave", **changes}  # fmt: skip


def test_the_grid_says_who_holds_what_on_the_day(client_as, lead, session, rep, held, hospital):
    make_assignment(session)
    browser = client_as(lead)
    page = browser.get("/territories", headers=EN).text
    assert "East Hospital" in page
    assert rep.name in page
    assert "nobody" in page
    assert rep.name not in browser.get("/territories?on=2024-12-31", headers=EN).text
    assert browser.get("/territories?on=someday").status_code == 200


def test_an_administrator_hands_products_over_from_a_day_on(
    client_as, admin, session, rep, second, hospital, products, territory, held
):
    browser = client_as(admin)
    response = browser.post(f"/territories/{hospital.id}", data=typed(territory, products, second.id))
    assert response.status_code == 302
    holders = [holder_on(session, hospital.id, product.id, DAY) for product in products]
    assert holders == [second.id, second.id]
    assert holder_on(session, hospital.id, products[0].id, date(2026, 11, 22)) == rep.id
    page = browser.get(f"/territories/{hospital.id}", headers=EN).text
    assert "Second rep" in page
    assert rep.name in page


def test_products_can_be_left_without_a_rep(client_as, admin, session, rep, hospital, products, territory, held):
    client_as(admin).post(f"/territories/{hospital.id}", data=typed(territory, products, "0"))
    assert holder_on(session, hospital.id, products[0].id, DAY) is None
    assert holder_on(session, hospital.id, products[0].id, date(2026, 11, 22)) == rep.id


def test_what_does_not_fit_is_refused_and_changes_nothing(
    client_as, admin, session, rep, other_rep, second, hospital, products, territory, held
):
    browser = client_as(admin)
    refused: list[dict[str, object]] = [
        {"rep_id": other_rep.id},
        {"rep_id": ""},
        {"reason": ""},
        {"from_on": "x"},
        {"product_ids": []},
        {"territory_id": make_territory(session).id},
    ]
    for changes in refused:
        response = browser.post(f"/territories/{hospital.id}", data=typed(territory, products, second.id, **changes))
        assert response.status_code == 422, changes
    assert [holder_on(session, hospital.id, product.id, DAY) for product in products] == [rep.id, None]


def test_a_lead_reads_but_does_not_hand_over(client_as, lead, hospital, products, territory, second, held):
    browser = client_as(lead)
    assert "Hand over" not in browser.get(f"/territories/{hospital.id}", headers=EN).text
    assert browser.post(f"/territories/{hospital.id}", data=typed(territory, products, second.id)).status_code == 403


def test_a_territory_is_opened_once(client_as, admin, session, region):
    browser = client_as(admin)
    data = {"code": "T1", "name": "City", "region_id": region.id}
    assert browser.post("/territories/new", data=data).status_code == 302
    assert browser.post("/territories/new", data=data).status_code == 422
    assert session.query(Territory).one().name == "City"


def test_the_grid_costs_the_same_however_many_hospitals(client_as, lead, session, region, products, query_counter):
    for _number in range(15):
        make_assignment(session, hospital=make_hospital(session, region=region), product=products[0], from_on=LONG_AGO)
    browser = client_as(lead)
    session.commit()
    with query_counter() as queries:
        browser.get("/territories")
    assert len(queries) <= 10
