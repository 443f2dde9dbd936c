"""Every component in a real browser: within the screen, without a violation, and alive."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE

NARROWEST = {"width": 320, "height": 640}


@pytest.mark.parametrize("viewport", [NARROWEST, PHONE, DESKTOP], ids=["320", "390", "1280"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_axe_finds_nothing_and_nothing_sticks_out(open_page, admin, language, scheme, viewport):
    page = open_page(admin, "/design?toasts=1", language, viewport, color_scheme=scheme)
    page.wait_for_selector("[role=tablist]")
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    found = Axe().run(page)
    assert [violation["id"] for violation in found.response["violations"]] == [], found.generate_report()


def test_the_summary_of_errors_has_the_focus_and_leads_to_the_field(open_page, admin):
    page = open_page(admin, "/design")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.click("[data-error-summary] a >> nth=0")
    assert page.evaluate("document.activeElement.name") == "refused-name"


def test_a_dialog_opens_closes_and_gives_the_focus_back(open_page, admin):
    page = open_page(admin, "/design")
    page.wait_for_selector("[role=tablist]")
    page.click("[data-dialog-open=sample-dialog]")
    assert page.locator("#sample-dialog").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#sample-dialog").is_visible()
    assert page.evaluate("document.activeElement.dataset.dialogOpen") == "sample-dialog"


def test_a_dialog_shows_without_scripts(open_page, admin):
    page = open_page(admin, "/design", java_script_enabled=False)
    page.click("[data-dialog-open=sample-dialog]")
    assert page.locator("#sample-dialog").is_visible()
    page.click("#sample-dialog [data-dialog-close]")
    assert not page.locator("#sample-dialog").is_visible()


def test_the_combobox_finds_while_typing_and_takes_by_key(open_page, admin):
    page = open_page(admin, "/design")
    box = page.locator("#doctor[role=combobox]")
    box.type("emer")
    page.wait_for_selector("#doctor-list [role=option]")
    page.keyboard.press("Enter")
    assert box.input_value() == "Emergency"
    assert page.locator("[name=doctor]").input_value() == "2"
    box.press("Backspace")
    assert page.locator("[name=doctor]").input_value() == ""


def test_the_theme_changes_at_once_and_stays(open_page, admin):
    page = open_page(admin, "/design")
    page.wait_for_selector("[role=tablist]")
    page.click(".account summary")
    page.click("button[name=theme][value=dark]")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_tabs_move_by_arrow(open_page, admin):
    page = open_page(admin, "/design")
    page.focus("#panel-a-tab")
    page.keyboard.press("ArrowRight")
    assert page.locator("#panel-b").is_visible()
    assert not page.locator("#panel-a").is_visible()


def test_a_question_mark_lists_the_keys(open_page, admin):
    page = open_page(admin, "/design")
    page.wait_for_selector("[aria-keyshortcuts='/']")
    page.keyboard.press("Shift+?")
    assert page.locator("#keyboard-help").is_visible()


def test_rows_are_filtered_while_typing(open_page, admin):
    page = open_page(admin, "/design")
    page.fill("#sample-table-filter", "emer")
    assert page.locator("#sample-table tbody tr:visible").count() == 1


def test_a_stepper_steps(open_page, admin):
    page = open_page(admin, "/design")
    page.click("[data-step=up]")
    assert page.locator("#stock").input_value() == "13"


def test_a_toast_can_be_sent_away(open_page, admin):
    page = open_page(admin, "/design?toasts=1")
    page.click(".toast--warning [data-toast-close]")
    assert page.locator(".toast").count() == 3
