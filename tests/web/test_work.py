"""Long work as its page shows it."""

import pytest

from repcrm.core import clock
from repcrm.work.models import WorkState
from tests import factories

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def work(session, lead, save):
    return save(factories.make_work(session, asked_by=lead, asked_at=clock.now()))


def test_the_page_shows_how_far_it_is_and_the_partial_whether_to_go_on_watching(client_as, lead, work, session):
    browser = client_as(lead)
    assert "waiting" in browser.get(f"/work/{work.id}", headers=ENGLISH).text
    work.state, work.stage, work.steps_done, work.steps = WorkState.RUNNING, "Working out the gap", 1, 4
    work.heartbeat_at = clock.now()
    session.commit()
    answer = browser.get(f"/work/{work.id}/progress", headers=ENGLISH)
    assert "Working out the gap" in answer.text
    assert "1 of 4" in answer.text
    assert answer.headers["X-Work-Under-Way"] == "yes"
    assert "计算差距" in browser.get(f"/work/{work.id}/progress", headers={"Accept-Language": "zh"}).text


def test_stopping_what_waits_ends_it(client_as, lead, work, session):
    browser = client_as(lead)
    assert browser.post(f"/work/{work.id}/stop").status_code == 302
    session.refresh(work)
    assert work.state is WorkState.STOPPED
    page = browser.get(f"/work/{work.id}", headers=ENGLISH).text
    assert "stopped" in page
    assert 'href="/reports?kind=week"' in page, "back to where it was asked for"


def test_work_that_lost_its_worker_says_so(client_as, lead, work, session):
    work.state, work.heartbeat_at = WorkState.RUNNING, factories.NOW
    session.commit()
    answer = client_as(lead).get(f"/work/{work.id}/progress", headers=ENGLISH)
    assert "has ended. Nothing of it was kept" in answer.text
    assert answer.headers["X-Work-Under-Way"] == "no"


def test_a_refusal_is_told_in_the_readers_language(client_as, lead, work, session):
    work.state, work.error = WorkState.FAILED, "%(period)s has not been frozen yet: there is nothing to revise."
    work.error_values = {"period": "2026-W47"}
    session.commit()
    assert "2026-W47 has not been frozen yet" in client_as(lead).get(f"/work/{work.id}", headers=ENGLISH).text
