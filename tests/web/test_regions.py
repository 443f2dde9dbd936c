"""The regions: added, renamed, and who leads them; first passwords for people who came from a file."""

import re

import pytest
from sqlalchemy import select

from repcrm.db.journal import JournalEntry
from repcrm.organisation.models import Region
from tests import factories


@pytest.fixture
def browser(client_as, session, save):
    return client_as(save(factories.make_admin(session, language="en")))


def test_a_region_is_added_and_renamed_and_the_journal_knows(browser, session):
    assert "No regions yet" in browser.get("/admin/regions").text
    assert browser.post("/admin/regions/new", data={"code": " EAST ", "name": "East"}).location == "/admin/regions"
    region = session.scalars(select(Region)).one()
    assert (region.code, region.name) == ("EAST", "East")
    assert browser.post(f"/admin/regions/{region.id}", data={"name": "East China"}).status_code == 302
    page = browser.get("/admin/regions").text
    assert "East China" in page
    assert "no lead" in page
    verbs = session.scalars(select(JournalEntry.verb).where(JournalEntry.subject == "region")).all()
    assert verbs == ["add_region", "rename_region"]
    assert "renamed" in browser.get("/admin/journal").text


def test_a_code_that_is_taken_is_refused_beside_the_field(browser, region, session):
    response = browser.post("/admin/regions/new", data={"code": "EAST", "name": "Another"})
    assert response.status_code == 422
    assert "The code EAST is taken." in response.text
    assert session.scalars(select(Region.name)).all() == ["East"]


def test_the_list_says_who_leads_and_how_many_reps_there_are(browser, lead, rep, query_counter):
    browser.get("/admin/regions")
    with query_counter() as queries:
        page = browser.get("/admin/regions").text
    assert "Lead of the East" in page
    assert len(queries) <= 6


def test_first_passwords_are_shown_once_and_work(browser, client, rep, session):
    page = browser.get("/admin/users").text
    assert "2 people have no password yet" in page  # the rep, and the administrator whom the test signed in without
    shown = browser.post("/admin/users/first-passwords").text
    password = re.search(rf"{rep.username}</td>.*?<code>([a-z2-9-]{{19}})</code>", shown, re.S)
    assert password
    assert client.post("/sign-in", data={"username": rep.username, "password": password[1]}).status_code == 302
    assert client.get("/today").location == "/me"
    again = browser.post("/admin/users/first-passwords")
    assert password[1] not in again.text
