"""The pages of distributors."""

import pytest
from sqlalchemy import select

from repcrm.imports.models import NameAlias, NameKind
from repcrm.sales.models import Distributor
from tests.factories import make_alias, make_distributor, make_distributor_region

EN = {"Accept-Language": "en"}
TYPED = {
    "code": "DA", "name": "Alpha Pharma", "tier": "first", "rhythm": "weekly", "due_day": "2", "intake": "apply",
    "is_active": "y",
}  # fmt: skip


@pytest.fixture
def distributor(session):
    return make_distributor(session, code="DC1", name="Central Pharma")


def test_an_administrator_adds_a_distributor_and_revises_it(client_as, admin, session, region):
    browser = client_as(admin)
    assert browser.post("/distributors/new", data={**TYPED, "region_ids": [region.id]}).status_code == 302
    again = browser.post("/distributors/new", data={**TYPED, "code": "d-a"}, headers=EN)
    assert again.status_code == 422
    distributor = session.scalars(select(Distributor)).one()
    page = browser.get(f"/distributors/{distributor.id}", headers=EN).text
    for words in ("Alpha Pharma", "every week by Tue", region.name, "apply what is clear"):
        assert words in page
    address = f"/distributors/{distributor.id}/edit"
    assert browser.post(address, data={**TYPED, "version": 1, "due_day": "9"}).status_code == 422
    assert (
        browser.post(address, data={**TYPED, "version": 1, "name": "Alpha Group", "is_active": ""}).status_code == 302
    )
    assert browser.post(address, data={**TYPED, "version": 1, "name": "Lost"}).status_code == 409
    session.refresh(distributor)
    assert (distributor.name, distributor.is_active, distributor.version) == ("Alpha Group", False, 2)
    assert "no longer active" in browser.get("/distributors", headers=EN).text


def test_a_code_easily_mistaken_is_refused_naming_the_other(client_as, admin, session, distributor):
    answer = client_as(admin).post("/distributors/new", data={**TYPED, "code": "dc-1"}, headers=EN)
    assert answer.status_code == 422
    assert "easily mistaken for DC1" in answer.text


def test_other_names_are_added_listed_and_removed(client_as, admin, session, distributor):
    browser, address = client_as(admin), f"/distributors/{distributor.id}"
    assert browser.post(f"{address}/names", data={"spelling": "Central Pharma Ltd"}).status_code == 302
    assert browser.post(f"{address}/names", data={"spelling": " "}).status_code == 422
    assert "Central Pharma Ltd" in browser.get(address).text
    alias = session.scalars(select(NameAlias)).one()
    other = make_distributor(session)
    session.commit()
    assert browser.post(f"/distributors/{other.id}/names/{alias.id}/remove").status_code == 404
    assert browser.post(f"{address}/names/{alias.id}/remove").status_code == 302
    assert "Central Pharma Ltd" not in browser.get(address).text


def test_a_lead_reads_the_distributors_of_the_region_only(client_as, lead, session, region, other_rep, distributor):
    elsewhere = make_distributor(session, name="Elsewhere")
    make_distributor_region(session, distributor=elsewhere, region_id=other_rep.region_id)
    make_alias(session, kind=NameKind.DISTRIBUTOR, spelling="CP", named_distributor=distributor)
    session.commit()
    browser = client_as(lead)
    listed = browser.get("/distributors", headers=EN).text
    assert "Central Pharma" in listed
    assert "Elsewhere" not in listed
    assert browser.get(f"/distributors/{elsewhere.id}").status_code == 404
    page = browser.get(f"/distributors/{distributor.id}", headers=EN).text
    assert "CP" in page
    assert "Add name" not in page


def test_the_list_costs_the_same_however_many_distributors(client_as, admin, session, region, query_counter):
    for _number in range(12):
        make_distributor_region(session, region=region)
    browser = client_as(admin)
    session.commit()
    with query_counter() as sent:
        browser.get("/distributors")
    assert len(sent) <= 6
