"""The lead's review of sheets."""

from datetime import date

import pytest

from repcrm.calls.models import SheetStatus
from tests.factories import NOW, make_call, make_lead, make_rep, make_sheet

EN = {"Accept-Language": "en"}
MONDAY = date(2026, 11, 16)


@pytest.fixture(autouse=True)
def _monday(fixed_clock):
    fixed_clock("2026-11-23T10:20+08:00")


@pytest.fixture
def waiting(session, rep):
    sheet = make_sheet(session, rep=rep, day_on=MONDAY, status=SheetStatus.SUBMITTED, submitted_at=NOW)
    make_call(session, sheet=sheet, summary="Wants the paper")
    return sheet


def test_sheets_wait_by_rep_with_their_counts(client_as, lead, rep, region, waiting, session):
    colleague = make_rep(session, region=region, name="Colleague")
    other = make_sheet(session, rep=colleague, day_on=MONDAY, status=SheetStatus.SUBMITTED, submitted_at=NOW)
    make_sheet(session, rep=rep, day_on=date(2026, 11, 17))
    browser = client_as(lead)
    page = browser.get("/sheets", headers=EN).text
    assert f'href="/sheets/{waiting.id}"' in page
    assert f'href="/sheets/{other.id}"' in page
    page = browser.get(f"/sheets?rep_id={colleague.id}", headers=EN).text
    assert f'href="/sheets/{waiting.id}"' not in page
    assert f'href="/sheets/{other.id}"' in page


def test_nothing_waits_for_the_lead_of_another_region(client_as, other_rep, waiting, session):
    elsewhere = make_lead(session, region_id=other_rep.region_id)
    browser = client_as(elsewhere)
    assert "No sheet waits for review" in browser.get("/sheets", headers=EN).text
    assert browser.get(f"/sheets/{waiting.id}").status_code == 404
    for verb in ("accept", "return"):
        assert browser.post(f"/sheets/{waiting.id}/{verb}", data={"version": 1, "comment": "x"}).status_code == 404
    session.refresh(waiting)
    assert waiting.status is SheetStatus.SUBMITTED


def test_another_reps_sheet_is_not_found(client_as, other_rep, waiting):
    assert client_as(other_rep).get(f"/sheets/{waiting.id}").status_code == 404


def test_a_sheet_is_read_at_a_glance_and_accepted(client_as, lead, rep, waiting, session):
    browser = client_as(lead)
    page = browser.get(f"/sheets/{waiting.id}", headers=EN).text
    assert "Wants the paper" in page
    assert "goal met" in page
    answer = browser.post(f"/sheets/{waiting.id}/accept", data={"version": 1, "comment": "Well done"})
    assert (answer.status_code, answer.location) == (302, "/sheets")
    session.refresh(waiting)
    assert (waiting.status, waiting.reviewed_by_id) == (SheetStatus.REVIEWED, lead.id)
    assert "Well done" in client_as(rep).get(f"/sheets/{waiting.id}", headers=EN).text


def test_a_sheet_goes_back_with_a_reason_only(client_as, lead, rep, waiting, session):
    browser = client_as(lead)
    answer = browser.post(f"/sheets/{waiting.id}/return", data={"version": 1, "comment": ""}, headers=EN)
    assert answer.status_code == 422
    assert "Say what is to be put right." in answer.text
    assert browser.post(f"/sheets/{waiting.id}/return", data={"version": 1, "comment": "Two are missing"}).location
    session.refresh(waiting)
    assert waiting.status is SheetStatus.RETURNED
    page = client_as(rep).get("/today/2026-11-16", headers=EN).text
    assert "Your lead sent this sheet back" in page
    assert "Two are missing" in page


def test_a_stale_review_is_a_conflict(client_as, lead, waiting, session):
    answer = client_as(lead).post(f"/sheets/{waiting.id}/accept", data={"version": 9, "comment": ""})
    assert answer.status_code == 409
    session.refresh(waiting)
    assert waiting.status is SheetStatus.SUBMITTED


def test_a_rep_does_not_review(client_as, rep, waiting):
    browser = client_as(rep)
    assert browser.get("/sheets").status_code == 403
    assert browser.post(f"/sheets/{waiting.id}/accept", data={"version": 1}).status_code == 403
    assert "Accept" not in browser.get(f"/sheets/{waiting.id}", headers=EN).text


def test_the_week_names_the_missing_days_of_every_rep(client_as, lead, rep, waiting):
    page = client_as(lead).get("/sheets/week/2026-W47", headers=EN).text
    assert rep.name in page
    assert "1 of 5" in page
    assert "Tue 17 Nov, Wed 18 Nov, Thu 19 Nov, Fri 20 Nov" in page


def test_long_lists_take_few_queries(client_as, lead, region, session, query_counter):
    for _ in range(8):
        colleague = make_rep(session, region=region)
        for day in range(16, 21):
            sheet = make_sheet(session, rep=colleague, day_on=date(2026, 11, day), status=SheetStatus.SUBMITTED)
            for _ in range(3):
                make_call(session, sheet=sheet)
    browser = client_as(lead)
    for address, most in (("/sheets", 6), ("/sheets/week/2026-W47", 9), (f"/sheets/{sheet.id}", 14)):
        with query_counter() as queries:
            assert browser.get(address).status_code == 200
        assert len(queries) <= most, "\n".join(queries)


def test_a_long_wait_shows_the_oldest_and_says_how_many_follow(client_as, lead, rep, session):
    for number in range(103):
        day = date.fromordinal(MONDAY.toordinal() - number)
        make_sheet(session, rep=rep, day_on=day, status=SheetStatus.SUBMITTED, submitted_at=NOW)
    page = client_as(lead).get("/sheets", headers=EN).text
    assert page.count('href="/sheets/') - page.count('href="/sheets/week') == 100
    assert "3 later sheets wait, too." in page
