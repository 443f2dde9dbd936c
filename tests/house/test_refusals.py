"""A form that is refused says so as GOV.UK does: a summary on top that leads to each field, the same words beside it,
and what was typed still there. Every form of every page is sent with one field wrong at a time.
"""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from repcrm.extensions import db
from tests.client import Browser
from tests.house.authorisation import ROUTES, World
from tests.house.pages import PageForm, forms_on
from tests.house.test_bad_input import NOT_SENT, address_of, signed_in, who_opens
from tests.house.test_routes import RULES

WRONG: dict[str, tuple[str, ...]] = {
    "number": ("", "-1"), "date": ("", "yesterday"), "time": ("", "25:00"), "month": ("", "soon"),
    "password": ("",), "email": ("", "nobody"),
}  # fmt: skip
"""Kind of a field -> what is sent in it; nothing, and far too many words, in others that a person types into."""
OTHERS = ("", "长" * 3_000)
NOT_TYPED = ("hidden", "submit", "select", "password")
SHORT = 60
"""What was typed is looked for up to this length: a page need not give back three thousand characters."""

SUMMARY = re.compile(r'<div class="error-summary".*?</div>', re.S)
ITEM = re.compile(r'<li>(?:<a href="#([^"]+)">)?(.*?)(?:</a>)?</li>', re.S)


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


@pytest.fixture
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a request writes is taken back, so that the next finds the same."""
    monkeypatch.setattr(db.session, "commit", lambda: db.session.flush())


def every_form(app: Flask, world: World, browser: Browser, character: str) -> Iterator[PageForm]:
    """The forms on the pages of somebody, each once."""
    seen = set()
    for endpoint, rule in sorted(RULES.items()):
        if "GET" not in (rule.methods or ()) or who_opens(endpoint) != character or endpoint.startswith("assets"):
            continue
        response = browser.get(address_of(app, endpoint, **ROUTES[endpoint].thing(world)))
        for form in forms_on(response.text, response.request.path) if response.mimetype == "text/html" else []:
            posted, _ = app.url_map.bind("localhost").match(form.action.partition("?")[0], method="POST")
            mark = (posted, frozenset(form.fields))
            if posted not in NOT_SENT and mark not in seen:
                seen.add(mark)
                yield form


def faults_of(response: TestResponse, form: PageForm, name: str, wrong: str) -> Iterator[str]:
    """What is missing from a refusal."""
    page = unescape(response.text)
    summary = SUMMARY.search(page)
    if summary is None:
        yield "no summary on top"
        return
    for target, message in ITEM.findall(summary[0]):
        if target and f'id="{target}"' not in page:
            yield f"the summary leads to #{target}, which is not there"
        if target and page.count(message.rpartition(": ")[2]) < 2:  # a cell's place stands before, in the summary only
            yield f"{message!r} does not stand beside the field"
    typed = {other: values[0] for other, values in form.fields.items() if form.kinds[other] not in NOT_TYPED}
    typed[name] = wrong
    for other, text in typed.items():
        if text and len(text) <= SHORT and not re.search(rf'value="{re.escape(text)}"|>\s*{re.escape(text)}<', page):
            yield f"{text!r} in {other} is lost"


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("character", ["lead", "rep", "admin"])
@pytest.mark.usefixtures("nothing_kept")
def test_a_refusal_leads_to_the_field_and_keeps_what_was_typed(app: Flask, world: World, character: str) -> None:
    browser = signed_in(app, world, character)
    faults, refusals = [], 0
    for form in list(every_form(app, world, browser, character)):
        fields = {name: values for name, values in form.fields.items() if name != "csrf_token"}
        for name, kind in form.kinds.items():
            if name not in fields or kind in ("hidden", "submit", "select"):
                continue
            for wrong in WRONG.get(kind, OTHERS):
                response = browser.post(form.action, data={**fields, name: [wrong]})
                if response.status_code == 422:
                    refusals += 1
                    found = faults_of(response, form, name, wrong)
                    faults += [f"{form.action} {name}={wrong[:9]!r}: {fault}" for fault in found]
    assert refusals > 3
    assert not faults, "\n".join(faults)
