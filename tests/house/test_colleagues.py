"""What is one rep's is not another's, though both work in one region: whoever is not named here gets 404."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories as make
from tests.client import browser_on
from tests.house.authorisation import ROUTES, World, a_day, a_product, a_week, an_own_sign_in
from tests.house.test_routes import WRITING

pytestmark = pytest.mark.databases("sqlite")

OWN = (a_day, a_week, an_own_sign_in, a_product)
"""Things of which everybody has the own, or which are the company's."""
OF_THE_REGION = {
    "reports.page", "reports.export", "meeting.page", "meeting.slides",
    "actions.page",
}  # fmt: skip
"""A report is cut to the own rows; what the meeting decided, everybody heard."""
REFUSED_IN_WORDS = {"actions.finish", "actions.reopen"}
"""Seen, and answered that only its owner and the lead change it."""


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def of_one_rep() -> list[str]:
    rows = ((name, row) for name, row in ROUTES.items() if {"rep"} <= row.admitted and "other_rep" not in row.admitted)
    return sorted(name for name, row in rows if row.thing not in OWN)


@pytest.mark.parametrize("endpoint", of_one_rep())
def test_a_colleague_of_the_region_finds_nothing(app: Flask, world: World, endpoint: str) -> None:
    colleague = make.make_rep(world.session, region=world.east)
    elsewhere = make.make_hospital(world.session, region=world.east)
    make.make_assignment(world.session, hospital=elsewhere, product=world.product, rep=colleague)
    arguments = ROUTES[endpoint].thing(world)
    browser = browser_on(app, world.session)
    browser.sign_in(colleague)
    with app.test_request_context():
        address = app.url_for(endpoint, **arguments)
    response = browser.open(address, method="POST" if endpoint in WRITING else "GET", data={"version": 1})
    expected = 200 if endpoint in OF_THE_REGION else 422 if endpoint in REFUSED_IN_WORDS else 404
    assert response.status_code == expected
