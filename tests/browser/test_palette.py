"""The command palette in a real browser: by keys alone, said to a screen reader, and out of the way on a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.factories import make_assignment, make_department, make_doctor, make_hospital

pytestmark = pytest.mark.browser


@pytest.fixture
def doctor(session, region, rep, save):
    hospital = make_hospital(session, region=region, name="海棠医院")
    make_assignment(session, hospital=hospital, rep=rep)
    ward = make_department(session, hospital=hospital, name="心内科")
    return save(make_doctor(session, department=ward, name="王清文", name_pinyin="wangqingwen", name_initials="wqw"))


def test_by_keys_from_anywhere_to_a_doctor(open_page, rep, doctor):
    page = open_page(rep, "/doctors")
    page.locator("input[type=search]").first.focus()
    page.keyboard.press("Control+k")  # from within a field, too
    box = page.get_by_role("combobox", name="Doctor, hospital or page")
    expect(box).to_be_focused()
    expect(page.get_by_role("option", name="Follow-ups")).to_be_visible()
    page.keyboard.type("wqw")
    option = page.get_by_role("option", name="王清文 海棠医院 · 心内科")
    expect(option).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", option.get_attribute("id"))
    expect(page.locator("#palette [role=status]")).to_have_text("2 found")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/doctors/{doctor.id}")


def test_it_closes_by_its_own_key_and_by_esc_and_the_focus_goes_back(open_page, rep, doctor):
    page = open_page(rep, "/doctors")
    link = page.locator("main a").first
    link.focus()
    for key in ("Escape", "Control+k"):
        page.keyboard.press("/")
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.press(key)
        expect(page.get_by_role("dialog")).to_be_hidden()
        expect(link).to_be_focused()


def test_arrows_go_through_the_pages_of_an_empty_box(open_page, rep, doctor):
    page = open_page(rep, "/doctors")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("option", name="Today page")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/week")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_axe_finds_nothing_in_it(open_page, lead, doctor, language, scheme):
    page = open_page(lead, "/doctors", language=language, color_scheme=scheme)
    page.keyboard.press("Control+k")
    page.wait_for_selector("#palette [role=option]")
    assert Axe().run(page).response["violations"] == []


def test_on_a_phone_and_without_scripts_it_is_the_search_page(open_page, rep, doctor):
    for options in ({"viewport": PHONE}, {"java_script_enabled": False}):
        page = open_page(rep, "/doctors", **options)
        page.get_by_role("link", name="Search doctors, hospitals, pages").click()
        page.wait_for_url("**/search")
