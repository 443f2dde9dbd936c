"""Tokens of the direct connection on a distributor's page: shown once, listed, revoked."""

import re

import pytest
from sqlalchemy import select

from repcrm.sales.models import SalesToken
from tests.factories import make_distributor, make_token

ENGLISH = {"Accept-Language": "en"}
SECRET = re.compile(r'value="(repcrm_[\w-]{43})"')


@pytest.fixture
def distributor(session):
    return make_distributor(session, name="海棠医药")


def test_a_token_is_shown_once_listed_and_revoked(session, client_as, admin, distributor):
    browser, page = client_as(admin), f"/distributors/{distributor.id}"
    made = browser.post(f"{page}/tokens", data={"label": "ERP"}, headers=ENGLISH)
    secret = SECRET.search(made.text)
    assert secret
    assert "It will not be shown again." in made.text
    assert "/api/v1/sales-files" in made.text
    listed = browser.get(page, headers=ENGLISH).text
    assert "ERP" in listed
    assert "never" in listed
    assert secret[1] not in listed
    token = session.scalars(select(SalesToken)).one()
    assert browser.post(f"{page}/tokens/{token.id}/revoke").location == f"{page}#tokens"
    assert "No tokens yet." in browser.get(page, headers=ENGLISH).text
    assert browser.post(f"{page}/tokens/{token.id}/revoke").status_code == 409
    journal = browser.get("/admin/journal", headers=ENGLISH).text
    assert "Token of a distributor" in journal
    assert secret[1] not in journal


def test_a_token_needs_a_label_and_there_are_not_too_many(client_as, admin, session, distributor):
    browser, address = client_as(admin), f"/distributors/{distributor.id}/tokens"
    refused = browser.post(address, data={"label": " "}, headers=ENGLISH)
    assert (refused.status_code, "Enter what the token is for." in refused.text) == (422, True)
    for _ in range(5):
        make_token(session, distributor=distributor)
    refused = browser.post(address, data={"label": "sixth"}, headers=ENGLISH)
    assert (refused.status_code, "A distributor has at most 5 tokens." in refused.text) == (422, True)


def test_a_token_of_another_distributor_is_not_found_here(client_as, admin, session, distributor):
    token = make_token(session)
    session.commit()
    assert client_as(admin).post(f"/distributors/{distributor.id}/tokens/{token.id}/revoke").status_code == 404


def test_a_lead_sees_no_tokens(client_as, lead, session, distributor):
    make_token(session, distributor=distributor, label="Secret system")
    session.commit()
    assert "Secret system" not in client_as(lead).get(f"/distributors/{distributor.id}").text


def test_a_token_that_has_lost_its_maker_says_so(client_as, admin, session, distributor):
    token = make_token(session, distributor=distributor)
    token.created_by.is_active = False
    session.commit()
    page = client_as(admin).get(f"/distributors/{distributor.id}", headers=ENGLISH).text
    assert f"does not work: {token.created_by.name} is deactivated" in page
