"""Proposals on the plan page: asked for, watched, stopped, accepted whole or visit by visit, put aside."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from repcrm.core import clock
from repcrm.planning.models import PlanProposal, PlanVisit
from repcrm.planning.service import proposing
from repcrm.planning.terms import ProposalState
from repcrm.work.models import LongWork, WorkState
from tests.factories import make_proposal, make_work
from tests.service.planning.conftest import Beat

EN = {"Accept-Language": "en"}
MONDAY = date(2026, 11, 30)


@pytest.fixture(autouse=True)
def _wednesday(fixed_clock):
    fixed_clock("2026-11-25T09:00+08:00")


@pytest.fixture
def plan(beat, save):
    return save(beat.plan())


@pytest.fixture
def doctors(beat, save):
    return save(beat.doctor(name="Wang Qing"), beat.doctor(name="Zhang Si"))


@pytest.fixture
def proposal(beat, plan, save):
    """Two visits to be added."""
    visits = [
        {
            "key": f"{doctor.id}-{MONDAY}", "doctor": doctor.id, "hospital": beat.hospital.id, "day": str(MONDAY),
            "part": "am", "change": "added", "from": None, "reasons": [],
        }
        for doctor in (beat.doctor(name="Wang Qing"), beat.doctor(name="Zhang Si"))
    ]  # fmt: skip
    return save(make_proposal(beat.session, plan=plan, body={"visits": visits, "left_out": [], "must": {}}))


def at(beat: Beat, what: str = "") -> str:
    return f"/plan/{beat.rep.id}/{MONDAY}" + (f"/{what}" if what else "")


def test_a_proposal_is_asked_for_watched_and_stopped(client_as, beat, doctors, session):
    browser = client_as(beat.rep)
    assert browser.post(at(beat, "propose"), data={"kind": "propose"}).location == at(beat)
    page = browser.get(at(beat), headers=EN).text
    watch = re.search(r'data-plan-work="([^"]+)"', page)
    assert watch
    assert browser.get(watch[1]).headers["X-Work-Under-Way"] == "yes"
    assert client_as(beat.lead).get(watch[1]).status_code == 404
    work = session.scalars(select(LongWork)).one()
    assert browser.post(f"/work/{work.id}/stop", data={"next": at(beat)}).location == at(beat)
    assert browser.get(watch[1]).headers["X-Work-Under-Way"] == "no"
    assert "stopped" in browser.get(at(beat), headers=EN).text


def test_work_that_failed_says_so_on_the_page(client_as, beat, plan, save):
    save(
        make_work(
            beat.session,
            asked_by=beat.rep,
            kind=proposing.WORK,
            wish={"plan_id": plan.id},
            state=WorkState.FAILED,
            error="Something went wrong; it was written down under %(work)s, and nothing was saved.",
            error_values={"work": "7"},
            asked_at=clock.now(),
        )
    )
    assert "written down under 7" in client_as(beat.rep).get(at(beat), headers=EN).text


def test_figures_of_the_search_are_drawn(client_as, beat, plan, save):
    figures = {"objective": 12.0, "upper_bound": 15.0, "calls": 3, "curve": [[0.1, 10, None], [0.5, 12, 15]]}
    work = make_work(
        beat.session, asked_by=beat.rep, kind=proposing.WORK, wish={"plan_id": plan.id}, state=WorkState.RUNNING,
        asked_at=clock.now(), heartbeat_at=clock.now(), stage="Saving", figures=figures, steps=15,
    )  # fmt: skip
    save(work)
    page = client_as(beat.rep).get(f"/plan/work/{work.id}", headers=EN).text
    assert "3 calls · score 12 · no plan can reach more than 15" in page
    assert page.count("<polyline") == 2


def test_mending_a_draft_is_refused(client_as, beat, plan):
    answer = client_as(beat.rep).post(at(beat, "propose"), data={"kind": "mend"}, headers=EN)
    assert answer.status_code == 422
    assert "this plan is a draft" in answer.text
    assert client_as(beat.rep).post(at(beat, "propose"), data={"kind": "magic"}).status_code == 422


class TestDeciding:
    def test_one_visit_is_taken_and_pinned_then_the_rest(self, client_as, beat, plan, proposal, session):
        browser = client_as(beat.rep)
        page = browser.get(at(beat), headers=EN).text
        assert page.count('class="plan-ghost plan-ghost--added"') == 2
        key = proposal.body["visits"][0]["key"]
        sent = {"version": plan.version, "day": MONDAY, "key": key, "pin": "y"}
        assert browser.post(f"/plan/proposals/{proposal.id}/accept", data=sent).location == at(beat)
        assert session.scalars(select(PlanVisit.is_pinned)).all() == [True]
        session.refresh(plan)
        sent = {"version": plan.version, "day": MONDAY}
        assert browser.post(f"/plan/proposals/{proposal.id}/accept", data=sent).status_code == 302
        session.refresh(proposal)
        assert proposal.state is ProposalState.ACCEPTED
        assert browser.post(f"/plan/proposals/{proposal.id}/accept", data=sent).status_code == 409
        assert len(session.scalars(select(PlanVisit)).all()) == 2

    def test_another_version_of_the_plan_is_a_conflict(self, client_as, beat, plan, proposal, session):
        sent = {"version": plan.version + 1, "day": MONDAY}
        assert client_as(beat.rep).post(f"/plan/proposals/{proposal.id}/accept", data=sent).status_code == 409
        assert session.scalars(select(PlanVisit)).all() == []

    def test_it_is_put_aside(self, client_as, beat, proposal, session):
        browser = client_as(beat.rep)
        assert browser.post(f"/plan/proposals/{proposal.id}/dismiss").status_code == 302
        assert "plan-ghost" not in browser.get(at(beat)).text
        assert session.scalars(select(PlanProposal.state)).all() == [ProposalState.DISMISSED]

    def test_nobody_else_decides(self, client_as, beat, proposal):
        assert client_as(beat.stranger).post(f"/plan/proposals/{proposal.id}/accept").status_code == 404
        assert client_as(beat.stranger).post(f"/plan/proposals/{proposal.id}/dismiss").status_code == 404
        assert client_as(beat.lead).post(f"/plan/proposals/{proposal.id}/accept").status_code == 403
