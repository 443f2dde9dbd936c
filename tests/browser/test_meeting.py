"""The Monday meeting in a real browser: meeting mode by keys alone, axe on every slide, both languages."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from sqlalchemy import select

from repcrm.meeting.models import Action
from repcrm.meeting.terms import ActionStatus
from repcrm.reports.body import STORED
from tests.browser.conftest import AWAKE, PHONE
from tests.factories import make_action, make_review, make_snapshot, report_body

pytestmark = pytest.mark.browser

PROJECTOR = {"width": 1280, "height": 720}


@pytest.fixture
def review(session, region, rep, lead, save):
    """A meeting about a rep who is behind, with an action of the week before."""
    figures = {"floor": 100, "actual": 60, "n_places": 1, "n_target": 1, "planned": 4, "done": 3}
    row = [figures.get(name, 0) for name in STORED]
    body = report_body("2026-W47") | {
        "reps": [[rep.id, rep.code, rep.name]],
        "rows": [["region", None, None, None, *row], ["rep", 0, None, None, *row]],
        "facts": [{"code": "not_split", "rep": 0, "count": 2}],
    }
    earlier = make_review(session, snapshot=make_snapshot(session, region=region, period="2026-W46"))
    make_action(session, review=earlier, owner=rep, what="Visit the pharmacy")
    return save(make_review(session, snapshot=make_snapshot(session, region=region, body=body)))


def small_words(page):
    """What is written smaller than 24 px."""
    return page.evaluate(
        """() => [...document.querySelectorAll("body *")].filter((one) => one.offsetParent
        && !one.closest(".visually-hidden, .skip-link, svg, dialog")
        && [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim())
        && parseFloat(getComputedStyle(one).fontSize) < 24).map((one) => one.outerHTML)"""
    )


def test_the_meeting_is_run_by_keys_alone(open_page, lead, rep, session, review):
    page = open_page(lead, f"/meeting/{review.id}", viewport=PROJECTOR)
    page.keyboard.press("f")
    page.wait_for_url("**/slides")
    assert page.locator("h1").inner_text() == "What became of the actions"
    for _ in range(4):
        before = page.url
        page.wait_for_selector(AWAKE)
        page.keyboard.press("ArrowRight")
        page.wait_for_url(lambda url, before=before: url != before)
    page.wait_for_selector(AWAKE)
    assert page.locator("h1").inner_text() == rep.name
    page.keyboard.press("n")
    page.keyboard.type("Order 40 packs")
    page.keyboard.press("ArrowLeft")  # moves the caret, not the slide
    page.keyboard.press("Enter")
    page.get_by_text("Decided: Order 40 packs").wait_for()
    page.wait_for_selector(AWAKE)
    assert page.locator("h1").inner_text() == rep.name
    session.rollback()
    decided = session.scalars(select(Action).where(Action.review_id == review.id)).one()
    assert (decided.what, decided.owner_id) == ("Order 40 packs", rep.id)
    page.keyboard.press("n")
    page.keyboard.press("Escape")  # leaves the field first, then the slides
    page.keyboard.press("Escape")
    page.wait_for_url(f"**/meeting/{review.id}")


def test_done_in_one_click_on_the_slide(open_page, lead, session, review):
    page = open_page(lead, f"/meeting/{review.id}/slides", viewport=PROJECTOR)
    page.get_by_role("button", name="Done: Visit the pharmacy", exact=True).click()
    page.get_by_text("Open again").first.wait_for()
    session.rollback()
    assert session.scalars(select(Action.status)).one() is ActionStatus.DONE


def test_the_timer_counts_on_from_slide_to_slide(open_page, lead, review):
    page = open_page(lead, f"/meeting/{review.id}/slides", viewport=PROJECTOR)
    page.get_by_role("button", name="Start the timer").click()
    assert page.get_by_role("timer").inner_text() in ("30:00", "29:59")
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**at=figures")
    assert page.get_by_role("timer").inner_text().startswith(("30:00", "29:5"))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_slide_is_large_and_open_to_everybody(open_page, lead, rep, review, language):
    page = open_page(lead, f"/meeting/{review.id}/slides", language=language, viewport=PROJECTOR)
    stops = [
        "at=actions",
        "at=figures",
        "at=trend",
        "at=products",
        f"rep={rep.code}",
        "at=facts",
        "at=decide",
        "at=next",
    ]
    for stop in stops:
        page.goto(f"/meeting/{review.id}/slides?{stop}")
        assert small_words(page) == []
        assert Axe().run(page).response["violations"] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_and_the_actions_are_open_to_everybody_on_a_phone(open_page, lead, review, theme):
    page = open_page(lead, f"/meeting/{review.id}", language="zh", viewport=PHONE, color_scheme=theme)
    for address in (f"/meeting/{review.id}", "/actions", "/actions?show=closed", f"/actions/{_action(page)}"):
        page.goto(address)
        assert Axe().run(page).response["violations"] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def _action(page):
    return page.locator(".meeting-action__what a").first.get_attribute("href").split("?")[0].rpartition("/")[2]


def test_without_scripts_a_fact_still_becomes_an_action(open_page, lead, rep, session, review):
    page = open_page(lead, f"/meeting/{review.id}", java_script_enabled=False)
    page.get_by_role("link", name="Make it an action").click()
    assert page.get_by_label("What is to be done").input_value() == f"Split 2 targets of {rep.name} among doctors"
    page.get_by_role("button", name="Decide").click()
    session.rollback()
    assert session.scalars(select(Action.what).where(Action.review_id == review.id)).one().startswith("Split 2 targets")
