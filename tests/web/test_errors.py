"""Errors are pages too: the right status, in both languages, with the headers, and nothing left behind."""

import pytest
from flask import abort
from flask.testing import FlaskClient
from sqlalchemy import select

from repcrm.core.errors import BadInput, Conflict, NotFound, RuleBroken
from repcrm.core.words import N_
from repcrm.extensions import db
from repcrm.organisation.access import Role
from repcrm.organisation.models import Region
from repcrm.web.guards import public, writes
from tests.client import browser_on

KINDS = {NotFound: 404, Conflict: 409, RuleBroken: 422, BadInput: 422}


@pytest.fixture
def raising(own_app, session):
    """A browser on an app with one more page, which raises whatever it is told to."""

    def browse(error):
        @public
        @writes
        def view():
            db.session.add(Region(code="LEFT", name="left behind"))
            db.session.flush()
            if isinstance(error, int):
                abort(error)
            raise error

        own_app.add_url_rule("/raise", "raise", view, methods=["POST"])
        browser = browser_on(own_app, session)
        return browser

    return browse


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_from_below_becomes_a_page_in_its_own_words(raising, session, kind):
    error = kind(N_("The code %(code)s is taken."), code="R1")
    browser = raising(error)
    english = browser.post("/raise", headers={"Accept-Language": "en"})
    assert english.status_code == KINDS[kind]
    assert "The code R1 is taken." in english.text
    assert "代码 R1 已被使用。" in browser.post("/raise", headers={"Accept-Language": "zh"}).text
    assert session.scalars(select(Region.code)).all() == []


def test_terms_in_an_error_are_translated(raising):
    browser = raising(RuleBroken("%(role)s", role=Role.LEAD))
    assert "地区经理" in browser.post("/raise", headers={"Accept-Language": "zh"}).text


@pytest.mark.parametrize("status", [400, 403, 404, 413, 429])
def test_an_error_of_the_protocol_becomes_a_page(raising, session, status):
    response = raising(status).post("/raise", headers={"Accept-Language": "en"})
    assert response.status_code == status
    assert "<h1" in response.text
    assert response.headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert session.scalars(select(Region.code)).all() == []


def test_an_accident_is_logged_under_the_number_that_the_page_shows(raising, session, caplog):
    browser = raising(ZeroDivisionError("secret detail"))
    response = FlaskClient.open(browser, "/raise", method="POST", headers={"X-CSRFToken": browser._csrf_token()})
    number = caplog.records[0].getMessage().removeprefix("Accident ")
    assert response.status_code == 500
    assert len(number) == 8
    assert number in response.text
    assert "secret detail" not in response.text
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"
    assert session.scalars(select(Region.code)).all() == []


def test_a_method_that_is_not_allowed_says_which_are(client):
    response = client.post("/me")
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]


def test_an_upload_that_is_too_large_is_refused(app, client):
    app.config["MAX_CONTENT_LENGTH"] = 1000
    response = client.post("/sign-in", data={"username": "x" * 2000, "password": "y"})
    assert response.status_code == 413


@pytest.mark.parametrize(("code", "name", "status"), [("EAST", "again", 409), ("NEW", None, 500)])
def test_who_writes_the_same_a_moment_later_is_told_so(own_app, session, region, code, name, status):
    """Looking first does not help when two look at once; a constraint of another kind is our own fault."""

    @public
    @writes
    def view():
        db.session.add(Region(code=code, name=name))
        db.session.flush()

    own_app.add_url_rule("/raise", "raise", view, methods=["POST"])
    browser = browser_on(own_app, session)
    session.commit()
    assert FlaskClient.open(browser, "/raise", method="POST", headers=token_of(browser)).status_code == status


def token_of(browser):
    return {"X-CSRFToken": browser._csrf_token()}
