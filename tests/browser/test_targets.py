"""The target grid and the splits in a real browser: keys, pasting, undoing, thumbs."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import select

from repcrm.core.errors import BadInput
from repcrm.targets.grid import read_packs
from repcrm.targets.models import HospitalTarget, QuotaShare, QuotaSplit, SplitStatus
from repcrm.targets.service import CellEdit, assign_targets
from tests.browser.conftest import PHONE
from tests.factories import (
    MONTH,
    NOW,
    make_assignment,
    make_department,
    make_doctor,
    make_hospital,
    make_lead,
    make_period_target,
    make_product,
    make_target,
    scope_of,
)

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _monday(fixed_clock):
    fixed_clock("2026-11-23T10:00+08:00")


@pytest.fixture
def product(session, save):
    return save(make_product(session, name="Cardio"))


@pytest.fixture
def hospitals(session, region, product, save):
    made = [make_hospital(session, region=region, name=f"{place} Hospital") for place in ("Alpha", "Beta", "Gamma")]
    for hospital in made[:2]:
        make_target(session, hospital=hospital, product=product, stretch_packs=100)
    make_period_target(session, region=region, product=product)
    save(*made)
    return made


def cell(page: Page, hospital, month="2026-11"):
    return page.locator(f'[data-cell="{hospital.id}:{month}"]')


def box(page: Page, hospital, month="2026-11"):
    return cell(page, hospital, month).locator(".target-grid__input")


def total(page: Page, name: str):
    return page.locator(f"[data-total={name}]")


def floors(session):
    session.rollback()
    found = session.execute(select(HospitalTarget.hospital_id, HospitalTarget.month_on, HospitalTarget.floor_packs))
    return {(hospital_id, month.month): packs for hospital_id, month, packs in found}


def paste(page: Page, text: str):
    """Paste into whatever has the focus, as Ctrl+V does."""
    page.evaluate(
        """text => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", text);
            const paste = new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true});
            document.activeElement.dispatchEvent(paste);
        }""",
        text,
    )


def test_the_grid_by_keyboard_only(open_page, session, lead, hospitals):
    alpha, beta, gamma = hospitals
    page = open_page(lead, "/targets?period=2026-Q4")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('[data-cell]')"):
            break
    expect(cell(page, alpha, "2026-10")).to_be_focused()
    for key, place in [
        ("ArrowRight", (alpha, "2026-11")), ("ArrowDown", (beta, "2026-11")), ("End", (beta, "2026-12")),
        ("Home", (beta, "2026-10")), ("Control+End", (gamma, "2026-12")), ("Control+Home", (alpha, "2026-10")),
        ("ArrowUp", (alpha, "2026-10")), ("ArrowRight", (alpha, "2026-11")),
    ]:  # fmt: skip
        page.keyboard.press(key)
        expect(cell(page, *place)).to_be_focused()

    page.keyboard.type("150")
    page.keyboard.press("Enter")
    expect(box(page, alpha)).to_have_value("150")
    expect(cell(page, beta)).to_be_focused()
    expect(total(page, "assigned")).to_have_text("250")
    expect(total(page, "missing")).to_have_text("750")

    page.keyboard.press("F2")
    page.keyboard.type("999")
    page.keyboard.press("Escape")
    expect(box(page, beta)).to_have_value("100")
    expect(cell(page, beta)).to_be_focused()

    page.keyboard.press("l")
    expect(page.locator("[data-grid-status]")).to_have_text("locked")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.type("７０")
    page.keyboard.press("Tab")
    expect(box(page, gamma)).to_have_value("70")
    expect(cell(page, gamma, "2026-12")).to_be_focused()

    page.keyboard.press("Control+z")
    expect(box(page, gamma)).to_have_value("")
    page.get_by_role("button", name="Save targets").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("2 cells are saved.")).to_be_visible()
    assert floors(session) == {(alpha.id, 11): 150, (beta.id, 11): 100}
    assert session.scalars(select(HospitalTarget.is_locked).order_by(HospitalTarget.hospital_id)).all() == [False, True]


def test_a_block_from_excel_is_taken_whole_and_undone_whole(open_page, lead, hospitals):
    alpha, beta, gamma = hospitals
    page = open_page(lead, "/targets?period=2026-Q4")
    cell(page, alpha, "2026-10").click()
    paste(page, "1,200\t１３０\r\n\t140\r\n10\t20\t30\t40\r\n")
    values = {(alpha, "2026-10"): "1200", (alpha, "2026-11"): "130", (beta, "2026-10"): "", (beta, "2026-11"): "140",
              (gamma, "2026-12"): "30"}  # fmt: skip
    for place, value in values.items():
        expect(box(page, *place)).to_have_value(value)
    expect(page.locator("[data-grid-status]")).to_contain_text("1 cells lay outside the grid")
    expect(total(page, "assigned")).to_have_text("1,530")
    page.keyboard.press("Control+z")
    expect(box(page, alpha, "2026-10")).to_have_value("")
    expect(box(page, alpha)).to_have_value("100")
    expect(total(page, "assigned")).to_have_text("200")


def test_a_block_with_bad_cells_is_taken_only_when_corrected(open_page, lead, hospitals):
    alpha, beta, _ = hospitals
    page = open_page(lead, "/targets?period=2026-Q4")
    cell(page, alpha).click()
    paste(page, "12.5\n30\n")
    dialog = page.locator("#paste-review")
    expect(dialog).to_contain_text("nothing has been taken")
    expect(dialog).to_contain_text("“12.5” is not a whole number of packs.")
    expect(box(page, beta)).to_have_value("100")
    page.keyboard.press("Escape")
    expect(page.locator(".target-grid__cell--wrong")).to_have_count(0)
    expect(cell(page, alpha)).to_be_focused()
    paste(page, "12.5\n30\n")
    dialog.get_by_role("button", name="Take the block").click()
    expect(dialog).to_be_visible()
    dialog.get_by_role("textbox").fill("12")
    dialog.get_by_role("button", name="Take the block").click()
    expect(dialog).to_be_hidden()
    expect(box(page, alpha)).to_have_value("12")
    expect(box(page, beta)).to_have_value("30")


def test_spreading_a_row_and_a_column_can_be_undone(open_page, lead, hospitals):
    _, beta, gamma = hospitals
    page = open_page(lead, "/targets?period=2026-Q4")
    cell(page, beta).click()
    page.keyboard.press("=")
    page.locator("#row_total").fill("301")
    page.locator("#spread-row").get_by_role("button", name="Spread").click()
    expect(box(page, beta, "2026-10")).to_have_value("101")
    expect(box(page, beta, "2026-12")).to_have_value("100")
    page.keyboard.press("Control+z")
    expect(box(page, beta, "2026-10")).to_have_value("")

    cell(page, beta).click()
    page.keyboard.press("L")
    page.get_by_role("button", name="evenly").click()
    expect(box(page, gamma)).to_have_value("450")
    expect(box(page, beta)).to_have_value("100")
    expect(total(page, "missing")).to_have_text("0")


def test_somebody_else_was_faster_in_one_cell(open_page, session, lead, region, product, hospitals, save):
    alpha, beta, _ = hospitals
    page = open_page(lead, "/targets?period=2026-Q4", refusals=(409,))
    colleague = save(make_lead(session, region=region, name="Second Lead"))
    assign_targets(session, scope_of(colleague), [CellEdit(alpha.id, product.id, MONTH, 70, 70)], now=NOW)
    session.commit()
    cell(page, alpha).click()
    page.keyboard.type("111")
    page.keyboard.press("Enter")
    page.keyboard.type("222")
    page.keyboard.press("Enter")
    with page.expect_navigation():
        page.get_by_role("button", name="Save targets").click()
    expect(page.get_by_role("alert")).to_contain_text("Second Lead has meanwhile changed: Alpha Hospital 2026-11.")
    assert floors(session)[alpha.id, 11] == 70
    page.get_by_label("Mine: 111").check()
    page.get_by_role("button", name="Save targets").click()
    expect(page.get_by_text("2 cells are saved.")).to_be_visible()
    assert floors(session) == {(alpha.id, 11): 111, (beta.id, 11): 222}


def test_on_a_phone_a_hospital_is_a_card_with_steps(open_page, session, lead, hospitals):
    alpha = hospitals[0]
    page = open_page(lead, "/targets?period=2026-Q4", language="zh", viewport=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    cell(page, alpha).get_by_role("button").nth(1).click()
    expect(box(page, alpha)).to_have_value("101")
    expect(total(page, "assigned")).to_have_text("201")
    page.get_by_role("button", name="保存目标").click()
    expect(page.get_by_text("已保存 1 个单元格。")).to_be_visible()
    assert floors(session)[alpha.id, 11] == 101


def test_a_split_is_proposed_on_a_phone_and_handed_in_when_nothing_is_left(
    open_page, session, rep, product, hospitals, save
):
    alpha = hospitals[0]
    make_assignment(session, hospital=alpha, product=product, rep=rep)
    department = make_department(session, hospital=alpha)
    doctors = [make_doctor(session, department=department, name=name) for name in ("Ann", "Ben", "Eve")]
    save(*doctors)
    target_id = session.scalar(select(HospitalTarget.id).where(HospitalTarget.hospital_id == alpha.id))
    page = open_page(rep, f"/targets/{target_id}/split", viewport=PHONE)
    hand_in = page.get_by_role("button", name="Hand in")
    expect(hand_in).to_have_attribute("aria-disabled", "true")
    page.get_by_role("button", name="evenly").click()
    expect(page.locator("[data-split-words]")).to_have_text("Everything has been given out.")
    page.get_by_label("Part of Ann", exact=True).fill("40")
    expect(page.locator("[data-split-words]")).to_have_text("6 packs too many have been given out.")
    expect(hand_in).to_have_attribute("aria-disabled", "true")
    for _ in range(6):
        page.locator("tr", has_text="Ben").get_by_role("button", name="Less").click()
    expect(page.locator("[data-split-words]")).to_have_text("Everything has been given out.")
    hand_in.click()
    expect(page.get_by_text("The split is handed in.")).to_be_visible()
    session.rollback()
    assert session.scalar(select(QuotaSplit.status)) is SplitStatus.PROPOSED


@pytest.fixture
def split_of_three(session, rep, product, hospitals, save):
    """A target of 100 packs and its three doctors; returns the address of the split."""
    make_assignment(session, hospital=hospitals[0], product=product, rep=rep)
    department = make_department(session, hospital=hospitals[0])
    save(*(make_doctor(session, department=department, name=name) for name in ("Ann", "Ben", "Eve")))
    target_id = session.scalar(select(HospitalTarget.id).where(HospitalTarget.hospital_id == hospitals[0].id))
    return f"/targets/{target_id}/split"


def test_a_split_by_keyboard_only(open_page, session, rep, split_of_three):
    page = open_page(rep, split_of_three)
    ann, ben, eve = (page.get_by_label(f"Part of {name}", exact=True) for name in ("Ann", "Ben", "Eve"))
    words = page.locator("[data-split-words]")
    ann.focus()
    page.keyboard.type("60")
    page.keyboard.press("l")
    expect(page.get_by_label("Lock the part of Ann")).to_be_checked()
    page.keyboard.press("Enter")
    page.keyboard.type("30")
    page.keyboard.press("ArrowDown")
    expect(eve).to_be_focused()
    page.keyboard.type("15")
    expect(words).to_have_text("5 packs too many have been given out.")
    page.keyboard.press("Shift+Enter")
    expect(ben).to_be_focused()
    page.keyboard.type("25")
    expect(words).to_have_text("Everything has been given out.")
    for _ in range(2):
        page.keyboard.press("Control+z")
    expect(ben).to_have_value("30")
    expect(eve).to_have_value("")
    page.keyboard.press("ArrowDown")
    page.keyboard.type("10")
    expect(words).to_have_text("Everything has been given out.")
    page.get_by_role("button", name="Hand in").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("The split is handed in.")).to_be_visible()
    session.rollback()
    assert session.scalars(select(QuotaShare.packs).order_by(QuotaShare.doctor_id)).all() == [60, 30, 10]
    assert session.scalars(select(QuotaShare.is_locked).order_by(QuotaShare.doctor_id)).all() == [True, False, False]


def test_a_column_from_excel_fills_the_parts_below(open_page, rep, split_of_three):
    page = open_page(rep, split_of_three)
    ann, ben, eve = (page.get_by_label(f"Part of {name}", exact=True) for name in ("Ann", "Ben", "Eve"))
    status = page.locator("[data-split-status]")
    ann.focus()
    paste(page, "1,0\n30\n")
    expect(status).to_have_text("“1,0” is not a whole number of packs. Nothing has been pasted.")
    expect(ben).to_have_value("")
    ben.focus()
    paste(page, "６０\tx\n40\n7\n")
    expect(eve).to_have_value("40")
    expect(ben).to_have_value("60")
    expect(status).to_have_text("2 cells pasted. 1 cells lay outside the grid and were left out.")
    page.get_by_role("button", name="Undo").click()
    expect(ben).to_have_value("")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_whose_part_counts_is_chosen_on_the_page(open_page, session, rep, lead, split_of_three, language):
    page = open_page(rep, split_of_three, language=language, refusal=409)
    other = open_page(lead, split_of_three, language=language)
    parts = other.locator("[data-part]")
    for number, packs in enumerate(("60", "30", "10")):
        parts.nth(number).fill(packs)
    with other.expect_navigation():
        other.locator("button[name=save]").click()
    page.locator("[data-part]").first.fill("50")
    with page.expect_navigation():
        page.locator("button[name=save]").click()
    expect(page.get_by_role("alert")).to_contain_text("Lead of the East")
    assert Axe().run(page).response["violations"] == []
    page.locator("input[value=mine]").check()
    with page.expect_navigation():
        page.locator("button[name=save]").click()
    session.rollback()
    assert session.scalars(select(QuotaShare.packs).order_by(QuotaShare.doctor_id)).all() == [50, 30, 10]


def test_without_scripts_the_grid_is_a_plain_form(open_page, session, lead, hospitals):
    alpha = hospitals[0]
    page = open_page(lead, "/targets?period=2026-Q4", java_script_enabled=False)
    box(page, alpha).fill("135")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 cell is saved.")).to_be_visible()
    assert floors(session)[alpha.id, 11] == 135
    page.get_by_role("button", name="evenly").click()
    expect(page.get_by_text("A proposal: nothing is saved yet")).to_be_visible()


def test_the_browser_reads_numbers_as_the_server_does(open_page, lead, hospitals):
    page = open_page(lead, "/targets?period=2026-Q4")
    texts = ["", " ", "0", "1200", "1,200", "１，２００", "1 200", "1\u00a0200", "1'200", "12.0", "1、200", "9999999",
             "10000000", "1.5", "-3", "1,20", "abc", "=1", "1e3", "12 3", "٣"]  # fmt: skip
    found = page.evaluate(
        """async texts => {
            const address = document.querySelector("script[src$='grid.js']").src.replace("grid.js", "packs.js");
            const { readPacks } = await import(address);
            return texts.map(readPacks).map(packs => Number.isNaN(packs) ? "refused" : packs);
        }""",
        texts,
    )
    assert found == [reading(text) for text in texts]


def reading(text: str) -> int | str | None:
    try:
        return read_packs(text)
    except BadInput:
        return "refused"
