"""A rep's day on a phone: how many taps a call takes, undoing it, handing the sheet in, and who may read the page."""

from datetime import date
from os import times

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from repcrm.calls.models import Call, CallProduct, CallStatus, SheetStatus
from repcrm.calls.terms import CallResult
from tests.browser.conftest import DESKTOP, PHONE
from tests.factories import (
    make_assignment,
    make_call,
    make_department,
    make_doctor,
    make_follow_up,
    make_hospital,
    make_product,
    make_rating,
    make_sheet,
    make_target,
)

pytestmark = pytest.mark.browser

TODAY = date(2026, 11, 23)


PAUSE_SECONDS = 1.2
"""What a person takes to find the next thing to tap, and to move there; and to type two letters."""


class Thumb:
    """A thumb on a phone, which counts its taps and pauses before each as a person does."""

    def __init__(self) -> None:
        self.taps = 0
        self.began = times().elapsed  # the clock on the wall of the test stands still

    def tap(self, what: Locator) -> None:
        what.page.wait_for_timeout(PAUSE_SECONDS * 1000)
        what.tap()
        self.taps += 1

    @property
    def seconds(self) -> float:
        """How long it has all taken so far."""
        return times().elapsed - self.began


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
    make_target(session, hospital=hospital, product=product)
    return make_department(session, hospital=hospital, name="心内科")


@pytest.fixture
def planned(session, rep, ward, product, save):
    """A planned call on a doctor rated 5."""
    doctor = make_doctor(session, name="王清文", department=ward)
    make_rating(session, doctor=doctor, product=product, rating=5, rated_on=date(2026, 11, 2))
    sheet = make_sheet(session, rep=rep, day_on=TODAY)
    call = make_call(
        session, sheet=sheet, hospital=ward.hospital, department=ward, main_doctor=doctor, status=CallStatus.PLANNED,
        is_planned=True,
    )  # fmt: skip
    return save(call)


def phone(open_page, rep, path: str) -> Page:
    return open_page(rep, path, language="zh", viewport=PHONE, has_touch=True, is_mobile=True)


def test_a_planned_call_takes_four_taps_fifteen_seconds_and_no_typing(open_page, rep, planned, product, session):
    page, thumb = phone(open_page, rep, "/today"), Thumb()
    thumb.tap(page.get_by_role("link", name="记录"))
    thumb.tap(page.locator("label.chip", has_text="部分达成"))
    thumb.tap(page.locator("label.chip", has_text="安复坦"))
    expect(page.locator(f"#rating_{product.id}-5")).to_be_checked()
    thumb.tap(page.get_by_role("button", name="保存"))
    expect(page.locator("[data-toast]")).to_contain_text("对 王清文 的拜访已保存。")
    assert thumb.taps == 4
    assert thumb.seconds <= 15
    session.commit()
    session.refresh(planned)
    assert (planned.status, planned.result) == (CallStatus.DONE, CallResult.PARTLY)
    assert session.scalars(select(CallProduct.rating)).all() == [5]
    page.get_by_role("button", name="撤销").tap()
    expect(page.get_by_role("link", name="记录")).to_be_visible()
    session.commit()
    session.refresh(planned)
    assert planned.status is CallStatus.PLANNED


def test_an_unplanned_call_takes_seven_taps_and_thirty_seconds_at_most(open_page, rep, ward, session, save):
    doctor = make_doctor(session, name="张思远", department=ward, name_pinyin="zhangsiyuan", name_initials="zsy")
    save(doctor)
    page, thumb = phone(open_page, rep, "/today"), Thumb()
    thumb.tap(page.get_by_role("link", name="临时拜访"))
    page.get_by_role("combobox").press_sequentially("zs", delay=PAUSE_SECONDS * 500)
    thumb.tap(page.get_by_role("option", name="张思远"))
    thumb.tap(page.locator("label.chip", has_text="达成").first)
    thumb.tap(page.locator("label.chip", has_text="安复坦"))
    thumb.tap(page.locator("label.chip", has_text="14 天后"))
    thumb.tap(page.get_by_role("button", name="保存"))
    expect(page.locator("[data-toast]")).to_contain_text("张思远")
    assert thumb.taps <= 7
    assert thumb.seconds <= 30
    call = session.scalars(select(Call)).one()
    assert (call.main_doctor_id, call.is_planned) == (doctor.id, False)


def test_ratings_show_for_chosen_products_of_a_doctor_who_was_met(open_page, rep, planned, product):
    page = phone(open_page, rep, f"/calls/{planned.id}/record")
    rating = page.locator(f"#rating_{product.id}")
    expect(rating).to_be_hidden()
    page.locator("label.chip", has_text="安复坦").tap()
    expect(rating).to_be_visible()
    page.locator("label.chip", has_text="未见到").tap()
    expect(rating).to_be_hidden()


def test_the_day_is_handed_in_and_then_only_corrected(open_page, rep, planned, session):
    planned.status, planned.result = CallStatus.DONE, CallResult.GOAL_MET
    session.commit()
    page = phone(open_page, rep, "/today")
    page.get_by_role("button", name="提交日报").tap()
    expect(page.get_by_text("这张工作表已提交")).to_be_visible()
    session.commit()
    session.refresh(planned.sheet)
    assert planned.sheet.status is SheetStatus.SUBMITTED
    page.get_by_role("link", name="王清文").tap()
    page.get_by_role("link", name="更正").tap()
    expect(page.get_by_label("更正原因")).to_be_visible()


@pytest.mark.parametrize(("language", "viewport"), [("zh", {"width": 320, "height": 640}), ("en", DESKTOP)])
def test_everybody_can_read_the_pages_of_the_day(open_page, rep, lead, planned, session, language, viewport):
    done = make_call(session, rep=rep, day_on=date(2026, 11, 20), main_doctor=planned.main_doctor)
    make_follow_up(session, call=done, due_on=TODAY)
    session.commit()
    pages = {
        rep: ("/today", f"/calls/{planned.id}/record", f"/calls/{done.id}", "/week", "/follow-ups", "/calls/find"),
        lead: ("/sheets", "/sheets/week/2026-W47", f"/sheets/{done.sheet_id}"),
    }
    for person, addresses in pages.items():
        page = open_page(person, "/me", language=language, viewport=viewport)
        for address in addresses:
            page.goto(address)
            assert [(found["id"], address) for found in Axe().run(page).response["violations"]] == []
            assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], address
