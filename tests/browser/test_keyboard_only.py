"""The three moments of the week by keys alone, in both languages: no mouse, and the focus always in sight."""

from datetime import date

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from repcrm.calls.models import CallSheet, CallStatus, SheetStatus
from repcrm.meeting.models import Action
from repcrm.reports.body import STORED
from repcrm.targets.models import HospitalTarget, QuotaShare, QuotaSplit, SplitStatus
from repcrm.web.languages import catalogue
from tests import factories as make
from tests.browser.conftest import AWAKE

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("language", ["zh", "en"])]

FARTHEST = 90
"""So many presses of Tab lead through a page and out of it."""
SEEN = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect();
  const marked = [one, one.parentElement, one.nextElementSibling, one.closest("label, td, a")].filter(Boolean)
    .some((each) => getComputedStyle(each).outlineStyle !== "none" || getComputedStyle(each).boxShadow !== "none");
  return marked && box.bottom > 0 && box.top < innerHeight;
}"""
"""Whether what has the focus is on the screen and marked."""


@pytest.fixture(autouse=True)
def _monday(fixed_clock):
    fixed_clock("2026-11-23T10:00+08:00")


class Keys:
    """Somebody with a keyboard and nothing else."""

    def __init__(self, page: Page, language: str) -> None:
        self.page = page
        self._words = catalogue(language)

    def say(self, text: str, **values: object) -> str:
        """The words of the reader's language."""
        return self._words.gettext(text) % values

    def reach(self, what: Locator) -> None:
        """Press Tab until it has the focus."""
        for _ in range(FARTHEST):
            if what.evaluate("one => one === document.activeElement"):
                assert self.page.evaluate(SEEN), f"the focus is not in sight: {what}"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not lead to {what}")

    def press(self, *keys: str) -> None:
        """Press these keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def choose(self, radio: Locator) -> None:
        """Go to a group of radio buttons and by arrows to one of it."""
        group = self.page.locator(f"input[type=radio][name='{radio.get_attribute('name')}']")
        self.reach(
            group.and_(self.page.locator(":checked"))
            if group.and_(self.page.locator(":checked")).count()
            else group.first
        )
        self.press("Space")
        for _ in range(group.count()):
            if radio.is_checked():
                return
            self.press("ArrowRight")
        raise AssertionError("the arrows do not lead to it")

    def leave_with(self, *keys: str) -> None:
        """Press keys that lead to another page."""
        with self.page.expect_navigation():
            self.press(*keys)
        self.page.wait_for_selector(AWAKE, state="attached")


@pytest.fixture
def product(session, save):
    return save(make.make_product(session, name="Cardio"))


@pytest.fixture
def hospital(session, region, rep, product, save):
    hospital = make.make_hospital(session, region=region, name="East Hospital")
    make.make_assignment(session, hospital=hospital, rep=rep, product=product)
    return save(hospital)


@pytest.fixture
def doctor(session, hospital, save):
    return save(make.make_doctor(session, name="Ann", department=make.make_department(session, hospital=hospital)))


def test_a_reps_day(open_page, session, rep, hospital, doctor, product, save, language):
    sheet = make.make_sheet(session, rep=rep, day_on=date(2026, 11, 23))
    save(make.make_call(session, sheet=sheet, hospital=hospital, main_doctor=doctor, status=CallStatus.PLANNED,
                        is_planned=True))  # fmt: skip
    keys = Keys(open_page(rep, "/today", language=language), language)
    page, say = keys.page, keys.say
    keys.reach(page.get_by_role("link", name=say("Record"), exact=True))
    keys.leave_with("Enter")
    keys.choose(page.get_by_role("radio", name=say("goal met"), exact=True))
    keys.reach(page.get_by_role("checkbox", name="Cardio"))
    keys.press("Space")
    keys.reach(page.get_by_role("button", name=say("Save"), exact=True))
    keys.leave_with("Enter")
    expect(page.get_by_text(say("%(done)s / %(all)s done", done=1, all=1))).to_be_visible()
    keys.reach(page.get_by_role("button", name=say("Hand in sheet")))
    keys.leave_with("Enter")
    session.rollback()
    assert session.scalars(select(CallSheet.status)).one() is SheetStatus.SUBMITTED


def test_the_targets_and_a_split(open_page, session, lead, hospital, doctor, language):
    keys = Keys(open_page(lead, "/targets?period=2026-Q4", language=language), language)
    page, say = keys.page, keys.say
    keys.reach(page.locator(f'[data-cell="{hospital.id}:2026-10"]'))
    keys.press("ArrowRight", "1", "0", "0", "Enter")
    keys.reach(page.get_by_role("button", name=say("Save targets")))
    keys.leave_with("Enter")
    keys.press("Control+k")
    page.keyboard.type({"zh": "zbfj", "en": "splits"}[language])
    expect(page.locator("[role=option][aria-selected=true]")).to_contain_text(say("Splits"))
    keys.leave_with("Enter")
    keys.reach(page.get_by_role("link", name="East Hospital").first)
    keys.leave_with("Enter")
    keys.reach(page.get_by_role("button", name=say("evenly")))
    keys.leave_with("Enter")
    keys.reach(page.get_by_role("button", name=say("Save and approve")))
    keys.leave_with("Enter")
    session.rollback()
    assert session.scalars(select(HospitalTarget.floor_packs)).all() == [100]
    assert session.scalars(select(QuotaSplit.status)).all() == [SplitStatus.APPROVED]
    assert session.scalars(select(QuotaShare.packs)).all() == [100]


def test_the_meeting(open_page, session, region, rep, lead, save, language):
    figures = {"floor": 100, "actual": 60, "n_places": 1, "n_target": 1}
    row = [figures.get(name, 0) for name in STORED]
    body = make.report_body("2026-W47") | {
        "reps": [[rep.id, rep.code, rep.name]],
        "rows": [["region", None, None, None, *row], ["rep", 0, None, None, *row]],
    }
    review = save(make.make_review(session, snapshot=make.make_snapshot(session, region=region, body=body)))
    keys = Keys(open_page(lead, "/meeting", language=language), language)
    page, say = keys.page, keys.say
    keys.leave_with("f")
    while page.locator("h1").inner_text() != rep.name:
        keys.leave_with("ArrowRight")
    keys.press("n")
    page.keyboard.type("Order 40 packs")
    keys.leave_with("Enter")
    expect(page.get_by_text("Order 40 packs").first).to_be_visible()
    keys.leave_with("Escape")
    assert page.url.endswith(f"/meeting/{review.id}")
    keys.reach(page.get_by_role("link", name=say("Meeting mode")))
    session.rollback()
    assert session.scalars(select(Action.what)).all() == ["Order 40 packs"]
