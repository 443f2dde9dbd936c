"""A rep's phone without a network: opened cold, written on, killed, and everything arrives once."""

from collections.abc import Iterator
from datetime import date, timedelta
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import func, select
from werkzeug.serving import make_server

from repcrm.calls.models import Call, CallStatus, SheetStatus
from repcrm.sync.models import SyncOperation
from tests.browser.conftest import PHONE
from tests.browser.wire import Wire
from tests.factories import (
    make_assignment,
    make_call,
    make_clinic_session,
    make_department,
    make_doctor,
    make_follow_up,
    make_hospital,
    make_product,
    make_sheet,
)

pytestmark = pytest.mark.browser

TODAY = date(2026, 11, 23)
SHEET = "html[data-sheet]"
SYNCED, KEPT = "已同步", "[data-queue]"


@pytest.fixture
def wire(app: Flask) -> Wire:
    return Wire(app)


@pytest.fixture
def server(wire: Wire) -> Iterator[str]:
    """The app behind the wire."""
    running = make_server("127.0.0.1", 0, wire, threaded=True)  # type: ignore[arg-type]  # any WSGI app
    thread = Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    thread.join()
    running.server_close()


@pytest.fixture(autouse=True)
def _monday(fixed_clock):
    fixed_clock("2026-11-23T10:20+08:00")


@pytest.fixture
def product(session):
    return make_product(session, name="安复坦")


@pytest.fixture
def ward(session, region, rep, product):
    hospital = make_hospital(session, region=region, name="海棠第一人民医院")
    make_assignment(session, hospital=hospital, rep=rep, product=product)
    return make_department(session, hospital=hospital, name="心内科")


@pytest.fixture
def doctors(session, ward, save):
    """Thirty doctors who can be met."""
    found = []
    for number in range(30):
        doctor = make_doctor(session, name=f"医生{number:02}", department=ward, name_initials=f"ys{number:02}")
        make_clinic_session(session, doctor=doctor)
        found.append(doctor)
    save()
    return found


@pytest.fixture
def planned(session, rep, ward, doctors, save):
    """A planned call of today, and one of Thursday."""
    calls = [
        make_call(
            session, rep=rep, day_on=day, hospital=ward.hospital, department=ward, main_doctor=doctors[at],
            status=CallStatus.PLANNED, is_planned=True,
        )
        for at, day in enumerate((TODAY, TODAY + timedelta(days=3)))
    ]  # fmt: skip
    return save(*calls)


@pytest.fixture
def phone(open_page, rep, planned):
    """The rep's phone after one visit online."""

    def opened(**options) -> Page:
        page = open_page(
            rep, "/today", language="zh", viewport=PHONE, has_touch=True, is_mobile=True, loses_network=True, **options
        )
        expect(page.locator(KEPT)).to_have_text(SYNCED)
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.wait_for_function("caches.match('/offline').then(Boolean)")
        page.wait_for_function("navigator.serviceWorker.controller !== null")
        return page

    return opened


def airplane(page: Page, wire: Wire, on: bool = True) -> None:
    wire.is_cut = on
    page.context.set_offline(on)


def cold(context: BrowserContext, path: str = "/today") -> Page:
    """A new tab on the app's first page."""
    page = context.new_page()
    page.goto(path)
    page.wait_for_selector(SHEET)
    return page


def test_the_day_opens_cold_without_a_network(phone, wire, session):
    page = phone()
    airplane(page, wire)
    page.close()
    page = cold(page.context)
    expect(page.get_by_role("heading", name="医生00")).to_be_visible()
