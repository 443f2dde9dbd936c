"""Whatever is typed into an address or a form, the answer is never an accident.

Every page is opened as somebody who may. The arguments it asks for, and the fields of the forms that stand on it, are
then given values that nobody means, one at a time while the others stay right, so that they come as far as they can.
"""

from typing import Any, ClassVar

import pytest
from flask import Flask, Request
from sqlalchemy.orm import Session
from werkzeug.datastructures import ImmutableMultiDict

from repcrm.extensions import db
from repcrm.web.typed import KeyConverter
from tests.client import Browser, browser_on
from tests.house.authorisation import ROUTES, World
from tests.house.pages import PageForm, forms_on
from tests.house.test_routes import RULES

WIDE, WIDER, LONG = str(2**31), "9" * 5_000, "长😀" * 10_000
"""Too wide for a column, for Python to read, for any text."""
FIRST_DAY, LAST_DAY = "0001-01-01", "9999-12-31"
IN_ADDRESSES = ("999999999", WIDER, FIRST_DAY, LAST_DAY, "9999-W52")
IN_FIELDS: dict[str, tuple[str, ...]] = {
    "number": (WIDE, WIDER, "-1", "1.5"),
    "hidden": (WIDER, '{"a": "b"}', "[1]"),
    "select": (WIDER, "x"),
    "date": (FIRST_DAY, LAST_DAY, "x"),
    "time": ("25:00",),
}
"""Kind of a field -> what is sent in it; words too long for any column in all others."""

NOT_SENT = ("identity.sign_in_now", "identity.sign_out", "identity.revoke")
"""After the first two nobody is signed in any more."""


class Asked(ImmutableMultiDict[str, str]):
    """The arguments of a request, writing down what they are asked for."""

    names: ClassVar[set[str]] = set()

    def __getitem__(self, key: Any) -> Any:
        self.names.add(key)
        return super().__getitem__(key)

    def get(self, key: Any, *args: Any, **kwargs: Any) -> Any:
        self.names.add(key)
        return super().get(key, *args, **kwargs)


class AskedRequest(Request):
    """A request that notes what a view wants to know."""

    parameter_storage_class = Asked


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


@pytest.fixture
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a request writes goes to the database and is taken back, so that the next finds the same."""
    monkeypatch.setattr(db.session, "commit", lambda: db.session.flush())


def who_opens(endpoint: str) -> str | None:
    """The one who visits a route: the first of those who may."""
    return next((name for name in ("lead", "rep", "admin") if name in ROUTES[endpoint].admitted), None)


def signed_in(app: Flask, world: World, character: str) -> Browser:
    world.visitor = world.person(character)
    assert world.visitor is not None
    browser = browser_on(app, world.session)
    browser.sign_in(world.visitor)
    return browser


def address_of(app: Flask, endpoint: str, **values: Any) -> str:
    with app.test_request_context():
        return app.url_for(endpoint, **values)


def visit(app: Flask, world: World, browser: Browser, endpoint: str) -> list[PageForm]:
    """Open a page, then with each of its arguments wrong; returns the forms on it."""
    right = ROUTES[endpoint].thing(world)
    Asked.names.clear()
    response = browser.get(address_of(app, endpoint, **right))
    assert response.status_code in (200, 302), f"{endpoint}: {response.status}"
    names = Asked.names | {name for name, value in right.items() if not isinstance(value, int)}
    for name in sorted(names):
        for wrong in IN_ADDRESSES:
            browser.get(address_of(app, endpoint, **{**right, name: wrong}))
    return forms_on(response.text, response.request.path) if response.mimetype == "text/html" else []


def send(browser: Browser, form: PageForm) -> None:
    """Post a form as it stands, then with each of its fields wrong, then without it."""
    fields = {name: values for name, values in form.fields.items() if name != "csrf_token"}
    browser.post(form.action, data=fields)
    for name in fields:
        for wrong in IN_FIELDS.get(form.kinds[name], (LONG,)):
            browser.post(form.action, data={**fields, name: [wrong]})
        browser.post(form.action, data={other: values for other, values in fields.items() if other != name})


@pytest.mark.databases("postgresql")  # the stricter one: it takes no wider number, no longer text, no NUL
@pytest.mark.parametrize("character", [pytest.param("lead", marks=pytest.mark.thorough), "rep", "admin"])
@pytest.mark.usefixtures("nothing_kept")
def test_nothing_that_is_typed_causes_an_accident(app: Flask, world: World, character: str) -> None:
    app.request_class = AskedRequest
    browser = signed_in(app, world, character)
    forms: dict[tuple[str, frozenset[str]], PageForm] = {}
    for endpoint, rule in sorted(RULES.items()):
        if "GET" in (rule.methods or ()) and who_opens(endpoint) == character and not endpoint.startswith("assets"):
            for form in visit(app, world, browser, endpoint):
                posted, _ = app.url_map.bind("localhost").match(form.action.partition("?")[0], method="POST")
                if posted not in NOT_SENT:
                    forms.setdefault((posted, frozenset(form.fields)), form)
    assert forms
    for form in forms.values():
        send(browser, form)


def test_a_key_wider_than_a_column_is_of_nothing(app: Flask) -> None:
    converters = [one for rule in app.url_map.iter_rules() for one in rule._converters.values()]
    assert all(one.max == 2**31 - 1 for one in converters if isinstance(one, KeyConverter))
    assert app.url_map.converters["int"] is KeyConverter


@pytest.mark.parametrize("where", ["/search?q=%00", "/search?%00=a", "/today/%00"])
def test_the_character_nul_is_refused(app: Flask, world: World, where: str) -> None:
    assert signed_in(app, world, "rep").get(where).status_code == 422


def test_the_character_nul_is_refused_in_a_form(app: Flask, world: World) -> None:
    response = browser_on(app, world.session).post("/sign-in", data={"username": "a\0b", "password": "a long password"})
    assert response.status_code == 422
