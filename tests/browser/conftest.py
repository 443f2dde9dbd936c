"""A real browser on a running server; skipped where there is none, unless REPCRM_REQUIRE_BROWSER=1."""

import os
import shutil
from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect, sync_playwright
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from repcrm.organisation.models import User
from tests.client import browser_on

SWITCHES = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic", "--no-first-run",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
PHONE = {"width": 390, "height": 844}
AWAKE = "html[data-awake]"
"""Every script of the page is listening: keys pressed earlier than any hand could press them go nowhere."""
DESKTOP = {"width": 1280, "height": 800}
expect.set_options(timeout=15_000)  # two workers on two cores leave a browser little


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        if os.environ.get("REPCRM_REQUIRE_BROWSER") == "1":
            pytest.fail("REPCRM_REQUIRE_BROWSER=1, but there is no Chromium on this machine")
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(SWITCHES))
        yield browser
        browser.close()


@pytest.fixture
def app(own_app: Flask) -> Flask:
    """An app of its own: a page may still be asking for something when the next test begins."""
    return own_app


@pytest.fixture
def server(app: Flask) -> Iterator[str]:
    """The address of the app, served to a real browser while the test runs."""
    running = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    thread.join()
    running.server_close()


@pytest.fixture
def open_page(
    app: Flask, session: Session, server: str, chromium: Browser
) -> Iterator[Callable[[User | None, str], Page]]:
    """A window for a person: `open_page(rep, "/today", language="zh", viewport=PHONE)`.

    The test fails if the page logs an error, breaks the content policy or asks for anything off this server.
    refusals: statuses such as 409 that the test provokes; Chromium logs each as an error. loses_network: so it does of
    every request that does not arrive. clock: what the device believes the time to be.
    """
    contexts: list[Any] = []
    complaints: list[str] = []

    def opened(
        user: User | None,
        path: str,
        language: str = "en",
        viewport: Any = DESKTOP,
        refusals: Collection[int] = (),
        loses_network: bool = False,
        clock: datetime | None = None,
        **options: Any,
    ) -> Page:
        locale = "zh-CN" if language == "zh" else "en-GB"
        context = chromium.new_context(viewport=viewport, locale=locale, base_url=server, **options)
        contexts.append(context)
        if clock is not None:
            context.clock.set_fixed_time(clock)
        if user is not None:
            context.add_cookies([{"name": "repcrm", "value": cookie_of(app, session, user), "url": server}])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda message: (
                complaints.append(message.text)
                if message.type == "error"
                and not any(f"status of {refusal} " in message.text for refusal in refusals)
                and not (loses_network and "net::ERR_" in message.text)
                else None
            ),
        )
        page.on("request", lambda request: None if request.url.startswith(server) else complaints.append(request.url))
        page.goto(path)
        if options.get("java_script_enabled", True):
            page.wait_for_selector(AWAKE)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def cookie_of(app: Flask, session: Session, user: User) -> str:
    """The session cookie of somebody who has signed in."""
    browser = browser_on(app, session)
    browser.sign_in(user)
    cookie = browser.get_cookie("repcrm")
    assert cookie is not None
    return cookie.value


def until(page: Page, condition: str) -> None:
    """Wait inside the page for a condition or the promise of one.

    Playwright's `wait_for_function` evaluates a string again and again, which our CSP forbids from the second time on.
    """
    page.evaluate(f"async () => {{ while (!(await ({condition}))) await new Promise((go) => setTimeout(go, 50)); }}")
