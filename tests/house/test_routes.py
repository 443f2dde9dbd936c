"""Every route says who may open it, and means it: guards, CSRF, headers, no writing by reading."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import pytest
from flask import Flask
from pydantic import SecretStr
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from repcrm.app import create_app
from repcrm.organisation.access import Permission
from repcrm.settings import Settings
from repcrm.web.guards import PUBLIC, SIGNED_IN, TOKEN, guard_of, is_writing
from repcrm.web.security import SHARED
from tests.client import Browser, browser_on
from tests.house import markup
from tests.house.authorisation import CHARACTERS, ROUTES, World

pytestmark = pytest.mark.databases("sqlite")

OWN_COMMITS = {"identity.sign_in_now", "design.theme", "sales_files.send"}
"""Posted to without @writes: the second only sets a cookie, the others commit by themselves, as they say."""
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
UNSAFE_HTML = re.compile(
    r"<style|\sstyle=|\son\w+=\"|javascript:|\"data:|<script(?![^>]*\ssrc=)|=\"(?-i:None)\"", re.IGNORECASE
)


@cache
def bare_app() -> Flask:
    """The application, only to be asked about its routes."""
    return create_app(Settings(secret_key=SecretStr("for tests only " * 3), database_url="sqlite://"))


RULES: dict[str, Rule] = {rule.endpoint: rule for rule in bare_app().url_map.iter_rules()}
READING = sorted(name for name, rule in RULES.items() if "GET" in (rule.methods or ()))
WRITING = sorted(name for name, rule in RULES.items() if "POST" in (rule.methods or ()))


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def at_the_door(app: Flask, world: World, endpoint: str, character: str) -> tuple[Browser, str]:
    """The browser of a character, and the address of a route about a thing made for this visit."""
    world.visitor = world.person(character)
    browser = browser_on(app, world.session)
    if world.visitor:
        browser.sign_in(world.visitor)
    arguments = ROUTES[endpoint].thing(world)
    world.session.commit()
    with app.test_request_context():
        return browser, app.url_for(endpoint, **arguments)


def visit(app: Flask, world: World, endpoint: str, character: str) -> TestResponse:
    """Send a character to a route."""
    browser, address = at_the_door(app, world, endpoint, character)
    return browser.open(address, method="POST" if endpoint in WRITING else "GET")


def outcome_of(response: TestResponse, character: str) -> str:
    """What became of a visitor; signing out leads to the sign-in page, too."""
    if response.status_code == 302 and response.headers["Location"].startswith("/sign-in"):
        went_by_oneself = response.request.path in ("/sign-in", "/sign-out") and character != "stranger"
        return "in" if went_by_oneself else "sign in"
    if response.status_code == 401:
        return "sign in"
    return str(response.status_code) if response.status_code in (403, 404) else "in"


@contextmanager
def changes() -> Iterator[list[str]]:
    """The statements sent to any database meanwhile that change something."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield sent
    event.remove(Engine, "before_cursor_execute", note)


def test_every_route_has_a_row_that_says_who_may():
    assert sorted(set(RULES) - set(ROUTES)) == [], "add a row for each to tests/house/authorisation.py"


def test_no_row_is_about_a_route_that_is_gone():
    assert sorted(set(ROUTES) - set(RULES)) == []


@pytest.mark.parametrize("endpoint", sorted(RULES))
def test_a_view_carries_exactly_one_guard(endpoint):
    guard = guard_of(bare_app().view_functions[endpoint])
    assert isinstance(guard, Permission) or guard in (PUBLIC, SIGNED_IN, TOKEN)


def test_the_matrix_names_every_role_for_a_permission_somewhere():
    guards = {guard_of(view) for view in bare_app().view_functions.values()}
    assert {guard for guard in guards if isinstance(guard, Permission)} <= set(Permission)


def test_a_route_reads_or_writes_never_both():
    assert sorted(set(READING) & set(WRITING)) == []
    assert {method for rule in RULES.values() for method in rule.methods or ()} <= {"GET", "HEAD", "OPTIONS", "POST"}


def test_what_is_posted_is_committed_once_and_what_is_read_never():
    views = bare_app().view_functions
    assert [name for name in READING if is_writing(views[name])] == []
    assert [name for name in WRITING if not is_writing(views[name]) and name not in OWN_COMMITS] == []


@pytest.mark.parametrize("endpoint", sorted(ROUTES.keys() & RULES.keys()))
def test_who_may_gets_in_and_nobody_else(app, world, endpoint):
    outcomes = {}
    for character in CHARACTERS:
        response = visit(app, world, endpoint, character)
        outcomes[character] = outcome_of(response, character)
        assert_safe(response, endpoint)
    assert outcomes == {character: ROUTES[endpoint].outcome(character) for character in CHARACTERS}


@pytest.mark.parametrize("endpoint", [name for name in WRITING if name in ROUTES and not ROUTES[name].by_token])
def test_a_post_without_a_token_is_refused_and_changes_nothing(app, world, endpoint):
    browser, address = at_the_door(app, world, endpoint, min(ROUTES[endpoint].admitted - {"stranger"}))
    with changes() as made:
        response = browser.post(address, csrf=False)
    assert response.status_code == 400
    assert made == []


@pytest.mark.parametrize("endpoint", [name for name in READING if name in ROUTES])
def test_reading_changes_nothing_in_either_language(app, world, endpoint):
    for character in sorted(ROUTES[endpoint].admitted):
        browser, address = at_the_door(app, world, endpoint, character)
        for language in ("zh", "en"):
            with changes() as made:
                response = browser.get(address, headers={"Accept-Language": language})
            assert made == []
            assert_safe(response, endpoint)


def assert_safe(response: TestResponse, endpoint: str) -> None:
    """The headers stand on it, nothing personal is kept, and a page is well-formed, without inline script or style."""
    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS
    if not endpoint.startswith(SHARED):
        assert response.headers["Cache-Control"] == "no-store"
    if response.mimetype == "text/html":
        assert UNSAFE_HTML.findall(response.text) == []
        assert response.status_code != 200 or markup.faults_of(response.text) == []
