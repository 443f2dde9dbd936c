"""A cycle planned in a browser: proposed, read, pinned, moved by keys, published, lived on a phone, mended."""

from datetime import date, datetime

import pytest
import time_machine
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import select

from repcrm.accounts.models import Session as DayPart
from repcrm.accounts.models import Tier
from repcrm.calls.models import Call, CallStatus
from repcrm.planning.models import CallPlan, PlanVisit
from repcrm.planning.terms import PlanStatus
from tests.browser.conftest import PHONE
from tests.service.planning.conftest import Beat
from tests.service.planning.conftest import beat as beat

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MONDAY, WEDNESDAY = date(2026, 11, 30), date(2026, 12, 2)
WORDS = {
    "zh": {
        "propose": "自动排", "proposed": "已排出方案", "accept_pin": "接受并固定", "accept_all": "全部接受",
        "publish": "发布", "undo": "撤销", "no_clinic": "此时不出诊", "record": "记录", "met": "达成",
        "save": "保存", "mend": "从今天起修补", "mended": "已排出修补方案", "pinned": "已固定",
        "published": "周三 发布", "cannot": "无法进行",
    },
    "en": {
        "propose": "Propose a plan", "proposed": "A plan is proposed", "accept_pin": "Accept and pin",
        "accept_all": "Accept all", "publish": "Publish", "undo": "Undo",
        "no_clinic": "The doctor has no clinic session then.", "record": "Record", "met": "Goal met", "save": "Save",
        "mend": "Mend from today on", "mended": "A mended plan is proposed", "pinned": "pinned",
        "published": "published", "cannot": "cannot be made",
    },
}  # fmt: skip


@pytest.fixture
def clock():
    """A clock that can be moved on, and goes on by itself: the planner counts seconds."""
    with time_machine.travel(datetime.fromisoformat("2026-11-25T09:00+08:00")) as traveller:
        yield traveller


@pytest.fixture
def doctors(beat, save):
    """Three key doctors and three others, in clinic on weekday mornings; one only on Wednesdays."""
    for name in ("王清文", "张思远", "李杏林"):
        beat.doctor(name=name, tier=Tier.KEY, rating=5)
    for name in ("周稻香", "陈芦笛"):
        beat.doctor(name=name, rating=3)
    save(beat.doctor(name="马渚", rating=4, slots=((3, DayPart.AM),)))
    return beat.doctors


def faults_of(page: Page) -> list[str]:
    """What axe finds on the page as it stands."""
    return [f"{found['id']}: {found['nodes'][0]['html'][:120]}" for found in Axe().run(page).response["violations"]]


def accept_first_and_pin(page: Page, words: dict[str, str]) -> None:
    ghost = page.locator(".plan-days .plan-ghost").first
    ghost.locator("summary").click()
    expect(ghost.locator(".plan-why li").first).to_be_visible()
    ghost.get_by_role("button", name=words["accept_pin"]).click()
    expect(page.locator(f".plan-visit svg[aria-label='{words['pinned']}']")).to_have_count(1)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_cycle_from_the_proposal_to_the_mended_plan(language, open_page, beat: Beat, doctors, clock, do_long_work):
    words, session = WORDS[language], beat.session
    page = open_page(beat.rep, f"/plan/{beat.rep.id}/{MONDAY}", language=language, refusals=(422,))

    page.get_by_role("button", name=words["propose"]).click()
    expect(page.locator("[data-plan-work]")).to_be_visible()
    do_long_work()
    expect(page.get_by_role("heading", name=words["proposed"])).to_be_visible(timeout=20_000)
    assert faults_of(page) == []
    accept_first_and_pin(page, words)
    page.get_by_role("button", name=words["accept_all"]).click()
    expect(page.locator(".plan-ghost")).to_have_count(0)

    move_by_keys(page, words)
    page.get_by_role("button", name=words["publish"]).click()
    expect(page.locator(".plan-top__state .status")).to_contain_text(words["published"])
    session.commit()
    plan = session.scalars(select(CallPlan)).one()
    assert plan.status is PlanStatus.PUBLISHED

    clock.move_to(datetime.fromisoformat("2026-11-30T09:00+08:00"))
    log_the_first_call(open_page, beat, words, language)
    mend_after_leave(open_page, beat, words, language, do_long_work)


def move_by_keys(page: Page, words: dict[str, str]) -> None:
    """Open a visit with Enter, choose a slot with Tab and Enter, take it back; afternoons are refused with the rule."""
    card = page.locator("a.plan-visit[draggable=true]").first
    card.focus()
    page.keyboard.press("Enter")
    dialog = page.locator("#plan-dialog")
    expect(dialog.get_by_text(words["no_clinic"]).first).to_be_visible()
    assert faults_of(page) == []
    slot = dialog.locator("button.plan-choice").first
    target = slot.get_attribute("value")
    slot.focus()
    page.keyboard.press("Enter")
    undo = page.get_by_role("button", name=words["undo"])
    expect(undo).to_be_visible()
    day, _, _part = (target or "").partition(".")
    assert page.url.endswith(day)
    expect(dialog).to_be_hidden()
    undo.press("Enter")
    expect(page.locator("[data-toast]")).to_have_count(1)


def log_the_first_call(open_page, beat: Beat, words: dict[str, str], language: str) -> None:
    phone = open_page(beat.rep, "/today", language=language, viewport=PHONE, has_touch=True, is_mobile=True)
    phone.get_by_role("link", name=words["record"], exact=True).first.tap()
    phone.locator("label.chip", has_text=words["met"]).first.tap()
    phone.get_by_role("button", name=words["save"], exact=True).tap()
    expect(phone.locator("[data-toast]")).to_be_visible()
    beat.session.commit()
    done = beat.session.scalars(select(Call).where(Call.status == CallStatus.DONE)).all()
    assert len(done) == 1
    phone.goto(f"/plan/{beat.rep.id}/{MONDAY}")
    expect(phone.locator(".plan-visit--done")).to_have_count(1)


def mend_after_leave(open_page, beat: Beat, words: dict[str, str], language: str, do_long_work) -> None:
    """Leave is taken through the app: what stood on that day is moved or dropped, with reasons."""
    page = open_page(beat.rep, "/time-off/new", language=language)
    page.fill("[name=from_on]", str(WEDNESDAY))
    page.get_by_role("button", name=words["save"], exact=True).click()
    page.goto(f"/plan/{beat.rep.id}/{MONDAY}")
    expect(page.locator(f"#day-{WEDNESDAY} .plan-visit--open").first).to_contain_text(words["cannot"])
    page.get_by_role("button", name=words["mend"]).click()
    expect(page.locator("[data-plan-work]")).to_be_visible()
    do_long_work()
    expect(page.get_by_role("heading", name=words["mended"])).to_be_visible(timeout=20_000)
    expect(page.locator(".plan-changes .plan-why li").first).to_be_visible()
    page.get_by_role("button", name=words["accept_all"]).click()
    expect(page.locator(".plan-proposal")).to_have_count(0)
    expect(page.locator(f"#day-{WEDNESDAY} .plan-visit--open")).to_have_count(0)
    beat.session.commit()
    assert beat.session.scalar(select(PlanVisit.id).where(PlanVisit.day_on == WEDNESDAY)) is not None, "as published"
