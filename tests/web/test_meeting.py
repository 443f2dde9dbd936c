"""The pages of the Monday meeting and its actions."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from repcrm.core import clock
from repcrm.meeting.models import Action, Review
from repcrm.meeting.terms import ActionStatus
from repcrm.organisation.shipped import load_shipped
from repcrm.reports.body import STORED
from tests.factories import (
    NEXT_MONDAY,
    make_action,
    make_assignment,
    make_hospital,
    make_lead,
    make_product,
    make_rep,
    make_review,
    make_snapshot,
    report_body,
)

ENGLISH = {"Accept-Language": "en"}
SOON = date(2026, 11, 30)


@pytest.fixture(autouse=True)
def _monday(fixed_clock, session, save):
    fixed_clock("2026-11-23T10:00+08:00")
    load_shipped(session, now=clock.now())
    save()


def stored(level, rep=None, hospital=None, product=None, **measures):
    return [level, rep, hospital, product, *(measures.get(name, 0) for name in STORED)]


def figures(floor, actual, **more):
    counted = {"n_places": 1, "n_target": 1, "planned": 4, "done": 3, "effective": 2}
    return {"floor": floor, "actual": actual, "floor_fen": floor * 100, "actual_fen": actual * 100, **counted, **more}


@pytest.fixture
def colleague(session, region, save):
    return save(make_rep(session, region=region, name="Colleague"))


@pytest.fixture
def hospital(session, region, rep, save):
    hospital = make_hospital(session, region=region, code="H1", name="First Hospital")
    make_assignment(session, hospital=hospital, product=make_product(session, code="P1"), rep=rep)
    return save(hospital)


@pytest.fixture
def snapshot(session, region, rep, colleague, hospital, save):
    """The rep is 60 packs behind at the First Hospital, the colleague on target elsewhere."""
    body = report_body("2026-W47")
    body |= {
        "region": [region.id, region.code, region.name],
        "reps": [[rep.id, rep.code, rep.name], [colleague.id, colleague.code, colleague.name]],
        "hospitals": [[hospital.id, "H1", "First Hospital"], [hospital.id + 1000, "H2", "Second Hospital"]],
        "products": [[1, "P1", "Alpha", "box"]],
        "rows": [
            stored("region", **figures(200, 140)),
            stored("region_product", product=0, **figures(200, 140)),
            stored("rep", 0, **figures(100, 40)),
            stored("rep", 1, **figures(100, 100)),
            stored("hospital", 0, 0, **figures(100, 40)),
            stored("hospital", 1, 1, **figures(100, 100)),
            stored("product", 0, 0, 0, **figures(100, 40)),
            stored("product", 1, 1, 0, **figures(100, 100)),
        ],
        "facts": [
            {"code": "gap_missed_calls", "rep": 0, "hospital": 0, "packs": 60, "fen": 6000, "missed": 1, "planned": 4},
            {"code": "not_split", "rep": 1, "count": 2},
            {"code": "provisional_calendar", "year": 2027},
        ],
    }
    return save(make_snapshot(session, region=region, body=body))


@pytest.fixture
def last_review(session, region, save):
    earlier = make_snapshot(
        session, region=region, period="2026-W46", from_on=date(2026, 11, 9), until_on=date(2026, 11, 16)
    )
    return save(make_review(session, snapshot=earlier))


@pytest.fixture
def review(session, snapshot, save):
    return save(make_review(session, snapshot=snapshot))


@pytest.fixture
def action(session, last_review, rep, save):
    return save(
        make_action(session, review=last_review, owner=rep, what="Visit the pharmacy", due_on=date(2026, 11, 20))
    )


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))


def find(pattern: str, text: str) -> str:
    """The first group of what must be there, as an address or words."""
    found = re.search(pattern, text)
    assert found, pattern
    return found[1].replace("&amp;", "&")


def fresh(session, thing):
    session.rollback()
    session.refresh(thing)
    return thing


def decided(session):
    session.rollback()
    return session.scalars(select(Action)).all()


def form(owner, **more):
    return {"what": "Order 40 packs", "owner_id": str(owner.id), "due_on": "2026-11-30", "hospital_id": "", **more}


# --- the page ---------------------------------------------------------------------------------------------------------


def test_before_the_first_report_the_page_says_when_it_comes(client_as, rep):
    page = words(client_as(rep).get("/meeting", headers=ENGLISH))
    assert "The report of Week 48, 2026 is frozen on 30 Nov 2026, 06:00" in page


def test_the_latest_meeting_is_gone_on_to(client_as, rep, last_review, review):
    assert client_as(rep).get("/meeting").headers["Location"] == f"/meeting/{review.id}"


def test_a_report_frozen_by_hand_gets_its_meeting_from_the_lead(client_as, lead, rep, session, snapshot):
    assert "No week has been reported yet" in client_as(rep).get("/meeting", headers=ENGLISH).text
    browser = client_as(lead)
    assert "It was frozen by hand" in browser.get("/meeting", headers=ENGLISH).text
    response = browser.post("/meeting/open")
    opened = session.scalar(select(Review))
    assert response.headers["Location"] == f"/meeting/{opened.id}"
    assert opened.meets_on == NEXT_MONDAY
    assert browser.post("/meeting/open").status_code == 404


def test_the_page_begins_with_what_was_promised_then_figures_then_facts(client_as, lead, review, action):
    page = words(client_as(lead).get(f"/meeting/{review.id}", headers=ENGLISH))
    order = [
        page.index(text)
        for text in (
            "2026-W47 · East", "Revision 1", "data as of", "Visit the pharmacy", "Attainment 70.0%",
            "due by time elapsed", "Gap by Rep", "First Hospital is 60 packs behind", "What is to be done",
            "Needed and run rate are",
        )
    ]  # fmt: skip
    assert order == sorted(order)
    assert "Fri 20 Nov · 3 days late" in page


def test_the_table_drills_down_and_back(client_as, lead, rep, review):
    browser = client_as(lead)
    top = browser.get(f"/meeting/{review.id}", headers=ENGLISH).text
    assert f"/meeting/{review.id}?rep={rep.code}#table" in top
    below = browser.get(f"/meeting/{review.id}?rep={rep.code}", headers=ENGLISH)
    assert "Gap by Hospital" in below.text
    assert f"/meeting/{review.id}?rep={rep.code}&amp;hospital=H1#table" in below.text
    assert "Second Hospital" not in words(below)
    assert browser.get(f"/meeting/{review.id}?rep=nobody").status_code == 404


def test_calls_and_coverage_stay_on_the_way_down_and_after_an_action(client_as, lead, rep, session, review, action):
    browser = client_as(lead)
    place = f"/meeting/{review.id}?rep={rep.code}&view=coverage"
    page = browser.get(place, headers=ENGLISH)

    assert "First Hospital 4 3 2 67% 0 0 none in scope none in scope none in scope" in words(page)
    assert f"/meeting/{review.id}?rep={rep.code}&amp;hospital=H1&amp;view=coverage#table" in page.text
    address = find(rf'action="(/actions/{action.id}/finish[^"]+)"', page.text)
    response = browser.post(address, data={"version": "1"})
    assert response.headers["Location"] == place
    slides = browser.get(f"/meeting/{review.id}/slides?rep={rep.code}&view=coverage&sort=rate", headers=ENGLISH)
    assert "First Hospital" in words(slides), "slides have a table of their own"


def test_weeks_follow_one_another(client_as, lead, last_review, review):
    browser = client_as(lead)
    assert f'href="/meeting/{last_review.id}"' in browser.get(f"/meeting/{review.id}").text
    assert f'href="/meeting/{review.id}"' in browser.get(f"/meeting/{last_review.id}").text


def test_an_open_meeting_shows_the_newest_revision_and_what_changed(client_as, lead, session, region, review, save):
    body = report_body("2026-W47") | {
        "revision": {"before": 1, "gap_before": [60, 0], "gap_after": [20, 0], "steps": [
            {"code": "flow_added", "packs": -40, "fen": 0, "count": 1, "moved": 0}]},
    }  # fmt: skip
    save(make_snapshot(session, region=region, revision=2, reason="late flow", body=body))
    page = words(client_as(lead).get(f"/meeting/{review.id}", headers=ENGLISH))
    for found in ("Revision 2", "restated", "Flow added", "Reason: late flow"):
        assert found in page


def test_a_closed_meeting_keeps_its_revision_and_says_that_there_is_another(
    client_as, lead, session, region, review, save
):
    browser = client_as(lead)
    assert browser.post(f"/meeting/{review.id}/close", data={"version": "1"}).status_code == 302
    save(make_snapshot(session, region=region, revision=2, reason="late flow"))
    page = words(browser.get(f"/meeting/{review.id}", headers=ENGLISH))
    assert "Revision 1" in page
    assert "The report was revised after this meeting" in page
    assert "Decide" not in page


def test_a_rep_sees_the_own_rows_and_everybodys_actions_but_no_form(client_as, rep, colleague, session, review, save):
    save(make_action(session, review=review, owner=colleague, what="Ask the colleague"))
    page = words(client_as(rep).get(f"/meeting/{review.id}", headers=ENGLISH))
    assert "Attainment 40.0%" in page
    assert "Ask the colleague" in page
    assert "Second Hospital" not in page
    for hidden in ("Decide", "Make it an action", "Save notes", "Not done"):
        assert hidden not in page


def test_a_meeting_elsewhere_is_not_found_and_an_admin_has_none(client_as, other_rep, admin, review, action):
    for address in (f"/meeting/{review.id}", f"/meeting/{review.id}/slides", f"/actions/{action.id}"):
        assert client_as(other_rep).get(address).status_code == 404
        assert client_as(admin).get(address).status_code == 403


def test_the_page_takes_few_queries(client_as, lead, rep, session, last_review, review, query_counter, save):
    for number in range(20):
        make_action(session, review=last_review, owner=rep, what=f"Action {number}")
    save()
    browser = client_as(lead)
    with query_counter() as queries:
        assert browser.get(f"/meeting/{review.id}").status_code == 200
    assert len(queries) <= 15, queries


# --- deciding ---------------------------------------------------------------------------------------------------------


def test_a_fact_becomes_an_action_in_two_clicks(client_as, lead, rep, session, review, hospital):
    browser = client_as(lead)
    assert f"/meeting/{review.id}?fact=0#new-action" in browser.get(f"/meeting/{review.id}").text
    begun = browser.get(f"/meeting/{review.id}?fact=0", headers=ENGLISH).text
    assert 'value="Make up 1 missed calls at First Hospital, 60 packs behind"' in begun
    assert re.search(rf'<option selected value="{rep.id}">Rep of the East', begun)
    assert re.search(rf'<option selected value="{hospital.id}">First Hospital', begun)
    assert 'value="2026-11-30"' in begun
    response = browser.post(f"/meeting/{review.id}/actions?mode=page", data=form(rep, hospital_id=str(hospital.id)))
    assert response.headers["Location"] == f"/meeting/{review.id}#new-action"
    (action,) = decided(session)
    assert (action.what, action.owner_id, action.due_on, action.hospital_id) == (
        "Order 40 packs", rep.id, SOON, hospital.id,
    )  # fmt: skip
    assert "Order 40 packs" in browser.get(f"/meeting/{review.id}").text


def test_a_fact_about_the_calendar_offers_no_action(client_as, lead, review):
    page = client_as(lead).get(f"/meeting/{review.id}").text
    assert "fact=1" in page
    assert "fact=2" not in page


def test_a_fact_that_is_gone_begins_an_empty_form(client_as, lead, review):
    assert client_as(lead).get(f"/meeting/{review.id}?fact=99").status_code == 200


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"what": ""}, "Say what is to be done."),
        ({"due_on": ""}, "Choose the day."),
        ({"due_on": "2026-11-01"}, "The day lies before the meeting."),
        ({"owner_id": ""}, "Choose who does it."),
    ],
)
@pytest.mark.parametrize("mode", ["page", "slides"])
def test_a_wrong_action_keeps_what_was_typed(client_as, lead, rep, session, review, wrong, said, mode):
    response = client_as(lead).post(
        f"/meeting/{review.id}/actions?mode={mode}&at=decide", data=form(rep, **wrong), headers=ENGLISH
    )
    assert response.status_code == 422
    assert said in response.text
    assert "There is a problem" in response.text
    assert ("Order 40 packs" in response.text) == ("what" not in wrong)
    assert decided(session) == []


def test_somebody_of_another_region_cannot_be_chosen(client_as, lead, other_rep, session, review):
    response = client_as(lead).post(f"/meeting/{review.id}/actions", data=form(other_rep))
    assert response.status_code == 422
    assert decided(session) == []


def test_a_closed_meeting_decides_nothing_more(client_as, lead, rep, session, review):
    browser = client_as(lead)
    browser.post(f"/meeting/{review.id}/close", data={"version": "1"})
    response = browser.post(f"/meeting/{review.id}/actions", data=form(rep), headers=ENGLISH)
    assert response.status_code == 422
    assert "This meeting is closed." in response.text
    assert decided(session) == []


def test_a_rep_neither_decides_nor_notes_nor_closes(client_as, rep, review, action):
    browser = client_as(rep)
    for address in (f"/meeting/{review.id}/actions", f"/meeting/{review.id}/notes", f"/meeting/{review.id}/close",
                    "/meeting/open", f"/actions/{action.id}/drop", f"/actions/{action.id}/carry-on"):  # fmt: skip
        assert browser.post(address).status_code == 403


def test_notes_are_saved_and_a_stale_page_is_told(client_as, lead, session, review):
    browser = client_as(lead)
    response = browser.post(f"/meeting/{review.id}/notes", data={"version": "1", "notes": "Stock first."})
    assert response.status_code == 302
    assert fresh(session, review).notes == "Stock first."
    stale = browser.post(f"/meeting/{review.id}/notes", data={"version": "1", "notes": "Other"}, headers=ENGLISH)
    assert stale.status_code == 409
    assert "Somebody else was faster" in stale.text
    assert fresh(session, review).notes == "Stock first."


def test_nothing_happens_without_the_version_that_was_shown(client_as, lead, session, review):
    browser = client_as(lead)
    assert browser.post(f"/meeting/{review.id}/close").status_code == 422
    assert browser.post(f"/meeting/{review.id}/notes", data={"notes": "x"}).status_code == 422
    assert (fresh(session, review).closed_at, review.notes) == (None, "")


# --- slides -----------------------------------------------------------------------------------------------------------


def test_the_slides_follow_the_agenda_by_plain_links(client_as, lead, rep, colleague, review, action):
    browser, seen = client_as(lead), []
    address = f"/meeting/{review.id}/slides"
    while address:
        page = browser.get(address, headers=ENGLISH)
        assert page.status_code == 200
        seen.append(find(r"<h1[^>]*>([^<]+)", page.text))
        following = r'<a href="([^"]+)"[^>]*rel="next"'
        address = find(following, page.text) if 'rel="next"' in page.text else ""
    assert seen == [
        "What became of the actions", "The region's figures", "The region's figures", "Product by product",
        "Rep of the East", "Colleague", "Worth acting on", "New actions", "Next week",
    ]  # fmt: skip


def test_a_slide_of_a_hospital_leads_back_to_its_rep(client_as, lead, rep, review):
    page = client_as(lead).get(f"/meeting/{review.id}/slides?rep={rep.code}&hospital=H1", headers=ENGLISH).text
    assert "Alpha" in page
    assert re.search(rf'<a href="/meeting/{review.id}/slides\?rep={rep.code}"[^>]*rel="prev"', page)


def test_an_action_typed_on_a_slide_stays_on_it(client_as, lead, rep, session, review):
    browser = client_as(lead)
    page = browser.get(f"/meeting/{review.id}/slides?rep={rep.code}").text
    assert re.search(rf'<option selected value="{rep.id}">', page)
    address = find(r'<form class="meeting-decide[^"]*" method="post" action="([^"]+)"', page)
    response = browser.post(address, data=form(rep))
    assert response.headers["Location"] == f"/meeting/{review.id}/slides?rep={rep.code}"
    assert "Order 40 packs" in browser.get(response.headers["Location"]).text


@pytest.mark.parametrize("query", ["at=nothing", "at=rep", "rep=nobody"])
def test_a_slide_that_is_not_there_is_not_found(client_as, lead, review, query):
    assert client_as(lead).get(f"/meeting/{review.id}/slides?{query}").status_code == 404


def test_a_rep_may_look_at_the_own_slides(client_as, rep, colleague, review):
    browser = client_as(rep)
    assert browser.get(f"/meeting/{review.id}/slides?rep={rep.code}").status_code == 200
    assert browser.get(f"/meeting/{review.id}/slides?rep={colleague.code}").status_code == 404


# --- actions ----------------------------------------------------------------------------------------------------------


def test_a_rep_finishes_an_own_action_with_its_outcome(client_as, rep, session, action):
    browser = client_as(rep)
    assert "What came of it" in browser.get(f"/actions/{action.id}", headers=ENGLISH).text
    response = browser.post(f"/actions/{action.id}/finish", data={"version": "1", "outcome": "40 packs ordered"})
    assert response.headers["Location"] == "/actions"
    assert (fresh(session, action).status, action.outcome) == (ActionStatus.DONE, "40 packs ordered")
    assert "40 packs ordered" in browser.get("/actions?show=closed").text


def test_done_in_one_click_comes_back_to_the_slide_and_can_be_undone(client_as, lead, session, review, action):
    browser = client_as(lead)
    page = browser.get(f"/meeting/{review.id}/slides?at=actions").text
    address = find(rf'action="(/actions/{action.id}/finish[^"]+)"', page)
    response = browser.post(address, data={"version": "1"}, headers=ENGLISH)
    assert response.headers["Location"] == f"/meeting/{review.id}/slides?at=actions"
    after = browser.get(response.headers["Location"], headers=ENGLISH).text
    assert "Done: Visit the pharmacy" in after
    assert f"/actions/{action.id}/reopen?review={review.id}" in after
    assert browser.post(f"/actions/{action.id}/reopen", data={"version": "2"}).status_code == 302
    assert fresh(session, action).status is ActionStatus.OPEN


def test_not_done_carries_on_to_the_next_meeting(client_as, lead, session, review, action):
    browser = client_as(lead)
    page = browser.get(f"/meeting/{review.id}").text
    assert 'name="due_on" value="2026-11-30"' in page
    data = {"version": "1", "due_on": "2026-11-30"}
    response = browser.post(f"/actions/{action.id}/carry-on?review={review.id}&mode=page", data=data)
    assert response.headers["Location"] == f"/meeting/{review.id}"
    assert (fresh(session, action).due_on, action.status) == (SOON, ActionStatus.OPEN)


def test_two_people_finish_one_action_and_the_second_is_told(client_as, rep, lead, session, action):
    assert client_as(rep).post(f"/actions/{action.id}/finish", data={"version": "1", "outcome": "A"}).status_code == 302
    late = client_as(lead).post(f"/actions/{action.id}/finish", data={"version": "1", "outcome": "B"}, headers=ENGLISH)
    assert late.status_code == 409
    assert fresh(session, action).outcome == "A"


def test_a_colleagues_action_can_be_read_but_not_closed(client_as, colleague, session, action):
    browser = client_as(colleague)
    assert "Only its owner and the regional lead" in browser.get(f"/actions/{action.id}", headers=ENGLISH).text
    response = browser.post(f"/actions/{action.id}/finish", data={"version": "1"})
    assert response.status_code == 422
    assert fresh(session, action).status is ActionStatus.OPEN


def test_dropping_says_why(client_as, lead, session, action):
    browser = client_as(lead)
    response = browser.post(f"/actions/{action.id}/drop", data={"version": "1", "reason": ""}, headers=ENGLISH)
    assert response.status_code == 422
    assert "Say why it is dropped." in response.text
    assert browser.post(f"/actions/{action.id}/drop", data={"version": "1", "reason": "Closed"}).status_code == 302
    assert fresh(session, action).status is ActionStatus.DROPPED


def test_an_earlier_day_does_not_carry_on(client_as, lead, session, action):
    data = {"version": "1", "due_on": "2026-11-01"}
    response = client_as(lead).post(f"/actions/{action.id}/carry-on", data=data, headers=ENGLISH)
    assert response.status_code == 422
    assert "It is due on that day or later already." in response.text


def test_a_rep_begins_with_the_own_actions_and_may_look_at_all(
    client_as, rep, colleague, session, review, action, save
):
    save(make_action(session, review=review, owner=colleague, what="Ask the colleague", due_on=SOON))
    browser = client_as(rep)
    mine = browser.get("/actions", headers=ENGLISH).text
    assert "Visit the pharmacy" in mine
    assert "Ask the colleague" not in mine
    everybodys = browser.get("/actions?whose=all").text
    assert "Ask the colleague" in everybodys
    assert "Visit the pharmacy" in browser.get("/actions?show=overdue").text
    assert "Nothing has been closed yet." in browser.get("/actions?show=closed", headers=ENGLISH).text
    assert "Ask the colleague" in browser.get(f"/actions?whose={colleague.id}").text


def test_nobody_reads_the_actions_of_another_region(client_as, session, other_rep, action):
    browser = client_as(make_lead(session, region_id=other_rep.region_id))
    assert "Visit the pharmacy" not in browser.get("/actions?whose=all").text
    assert browser.post(f"/actions/{action.id}/finish", data={"version": "1"}).status_code == 404
    assert fresh(session, action).status is ActionStatus.OPEN


def test_an_action_about_a_hospital_out_of_the_reps_scope_names_it_without_a_link(
    client_as, rep, session, region, review, save
):
    elsewhere = make_hospital(session, region=region, name="Second Hospital")
    save(make_action(session, review=review, owner=rep, hospital=elsewhere))
    page = client_as(rep).get("/actions").text
    assert "Second Hospital" in page
    assert f"/hospitals/{elsewhere.id}" not in page
