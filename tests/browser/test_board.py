"""The live board in a real browser: it changes by itself, fits the office screen, and says when it is old."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from repcrm.targets.service import CellEdit, assign_targets
from tests.browser.conftest import PHONE
from tests.factories import (
    MONTH,
    NOW,
    make_assignment,
    make_flow,
    make_hospital,
    make_product,
    make_rep,
    make_target,
    scope_of,
)

pytestmark = pytest.mark.browser

SCREENS = {"full hd": {"width": 1920, "height": 1080}, "projector": {"width": 1280, "height": 720}}
LOOK_AGAIN = "document.dispatchEvent(new Event('visibilitychange'))"
"""What the half minute does by itself."""


@pytest.fixture(autouse=True)
def _monday(fixed_clock):
    fixed_clock("2026-11-23T10:00+08:00")


@pytest.fixture
def region_at_work(session, region, rep, save):
    """Eight reps, six products, twenty hospitals: a region as large as the demo's, more than a screen holds."""
    products = [make_product(session, name=f"Product {letter}") for letter in "ABCDEF"]
    reps = [rep, *(make_rep(session, region=region, name=f"Rep {number}") for number in range(7))]
    for number in range(20):
        hospital = make_hospital(session, region=region, name=f"Hospital number {number} of the East")
        for product in products:
            make_assignment(session, hospital=hospital, product=product, rep=reps[number % 8])
            make_target(session, hospital=hospital, product=product, floor_packs=1000 + number, stretch_packs=2000)
        make_flow(session, hospital=hospital, product=products[number % 6], packs=500)
    save()
    return hospital, products[0]


def test_it_changes_by_itself_and_says_when_it_is_old(open_page, session, lead, region_at_work):
    hospital, product = region_at_work
    page = open_page(lead, "/board/screen", viewport=SCREENS["full hd"], refusal=503)
    before = page.locator(".figure__note").first.inner_text()
    with page.expect_response("**/board/figures*"):
        page.evaluate(LOOK_AGAIN)
    assign_targets(session, scope_of(lead), [CellEdit(hospital.id, product.id, MONTH, 1, 2000, version=1)], now=NOW)
    session.commit()
    with page.expect_response("**/board/figures*") as answer:
        page.evaluate(LOOK_AGAIN)
    assert answer.value.status == 200
    expect(page.locator(".figure__note").first).not_to_have_text(before)
    with page.expect_response("**/board/figures*") as answer:
        page.evaluate(LOOK_AGAIN)
    assert answer.value.status == 304
    stale = page.get_by_text("No connection: the figures may be old.")
    expect(stale).to_be_hidden()
    page.route("**/board/figures*", lambda route: route.fulfill(status=503))
    page.evaluate(LOOK_AGAIN)
    expect(stale).to_be_visible()


@pytest.mark.parametrize("size", SCREENS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_office_screen_holds_it_whole(open_page, lead, region_at_work, language, size):
    page = open_page(lead, "/board/screen", language=language, viewport=SCREENS[size])
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    name = page.locator(".board__name").first
    assert name.evaluate("one => parseFloat(getComputedStyle(one).fontSize) * 80 > innerWidth")
    assert Axe().run(page).response["violations"] == []


def test_a_rep_reads_the_own_month_on_a_phone(open_page, rep, region_at_work):
    page = open_page(rep, "/board", language="zh", viewport=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.get_by_role("heading", name="医药代表")).to_have_count(0)
    expect(page.get_by_role("heading", name="医院")).to_be_visible()
    assert Axe().run(page).response["violations"] == []
