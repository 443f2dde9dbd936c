"""Pages in their state of error: axe finds nothing, the summary has the focus, its first link leads to the field."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import select

from repcrm.targets.models import HospitalTarget
from tests.browser.conftest import DESKTOP, PHONE
from tests.factories import make_assignment, make_department, make_doctor, make_hospital, make_product, make_target

pytestmark = pytest.mark.browser

SEND_NONSENSE = """form => {
  form.noValidate = true;
  for (const box of form.querySelectorAll("input:not([type=hidden], [type=radio], [type=checkbox]), textarea")) {
    box.type = "text";
    box.value = box.closest("[data-cell], .split__part") ? "x" : "";
  }
  form.submit();
}"""
"""As somebody would whose browser checks nothing."""


@pytest.fixture(autouse=True)
def _monday(fixed_clock):
    fixed_clock("2026-11-23T10:00+08:00")


@pytest.fixture
def at_work(session, region, rep, save):
    """A hospital with a doctor and a target, for the pages that need one."""
    product = make_product(session, name="Cardio")
    hospital = make_hospital(session, region=region)
    make_assignment(session, hospital=hospital, rep=rep, product=product)
    make_target(session, hospital=hospital, product=product)
    return save(make_doctor(session, department=make_department(session, hospital=hospital)))


def refuse(page: Page) -> None:
    """Send the page's form with nothing right in it."""
    with page.expect_navigation():
        page.locator("main form[method=post]").first.evaluate(SEND_NONSENSE)
    page.wait_for_selector("html[data-awake]", state="attached")


@pytest.mark.parametrize(("language", "viewport"), [("zh", PHONE), ("en", DESKTOP)])
@pytest.mark.parametrize("role", ["rep", "lead", "admin"])
def test_a_refused_page_is_sound(open_page, request, session, at_work, role, language, viewport):
    split = f"/targets/{session.scalar(select(HospitalTarget.id))}/split"
    paths = {
        "rep": [f"/calls/new?doctor_id={at_work.id}&day=2026-11-23", split],
        "lead": ["/targets?period=2026-Q4", split, "/splits/factors", f"/doctors/{at_work.id}/edit"],
        "admin": ["/hospitals/new", "/doctors/new", "/admin/users/new", "/products/new", "/territories/new"],
    }[role]
    page = open_page(request.getfixturevalue(role), "/me", language=language, viewport=viewport, refusal=422)
    for path in paths:
        page.goto(path)
        refuse(page)
        summary = page.locator("[data-error-summary]").first
        expect(summary, path).to_be_focused()
        assert [one["id"] for one in Axe().run(page).response["violations"]] == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        link = summary.locator("a").first
        target = link.get_attribute("href")
        assert target is not None, path
        link.click()
        within = page.evaluate(
            "id => document.getElementById(id).contains(document.activeElement)", target.removeprefix("#")
        )
        assert within, f"{path}: the link does not lead to {target}"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_pages_that_say_no_are_sound(open_page, rep, language):
    for status, path in ((404, "/doctors/999"), (403, "/admin/users")):
        page = open_page(rep, path, language=language, refusal=status)
        assert [one["id"] for one in Axe().run(page).response["violations"]] == [], path
