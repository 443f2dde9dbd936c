"""The plan page: read, changed slot by slot, published, locked, and what else goes another way."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from repcrm.accounts.models import Session as DayPart
from repcrm.accounts.models import Tier
from repcrm.calls.models import CallStatus
from repcrm.calls.terms import MissReason
from repcrm.planning.models import ChangeRequest, PlanProposal, PlanVisit
from repcrm.planning.terms import PlanStatus, RequestState
from tests.factories import make_rep, make_visit
from tests.service.planning.conftest import NOW, Beat

EN = {"Accept-Language": "en"}
MONDAY, TUESDAY = date(2026, 11, 30), date(2026, 12, 1)
MOST_QUERIES = 40
"""Of the page, whatever stands on it."""
pytestmark = pytest.mark.usefixtures("_wednesday")


@pytest.fixture
def _wednesday(fixed_clock):
    fixed_clock("2026-11-25T09:00+08:00")


@pytest.fixture
def plan(beat, save):
    return save(beat.plan())


@pytest.fixture
def doctor(beat, save):
    return save(beat.doctor(name="Wang Qing", tier=Tier.KEY, rating=5))


def at(beat: Beat, what: str = "", day: date = MONDAY) -> str:
    return f"/plan/{beat.rep.id}/{day}" + (f"/{what}" if what else "")


def slots_of(html: str) -> dict[str, str]:
    """Slot -> whether it takes the doctor."""
    return dict(re.findall(r'data-slot="([^"]+)" data-takes="([^"]+)"', html))


class TestReading:
    def test_the_running_cycle_opens_by_itself(self, client_as, beat, doctor):
        page = client_as(beat.rep).get("/plan", headers=EN).text
        assert "2–29 Nov 2026" in page
        assert "Wang Qing" in page
        assert "nothing planned yet" in page

    def test_filters_keep_who_fits(self, client_as, beat, doctor, save):
        save(beat.doctor(name="Zhang Si", rating=2))
        browser = client_as(beat.rep)
        assert "Zhang Si" not in browser.get(at(beat) + "?rating=5").text
        assert "Zhang Si" in browser.get(at(beat) + "?tier=general").text
        assert (
            "Wang Qing"
            not in browser.get(at(beat) + "?tier=general&due=owed&unseen=7&hospital=" + str(beat.hospital.id)).text
        )

    def test_a_visit_stands_in_its_slot_with_its_state(self, client_as, beat, plan, doctor, save):
        save(make_visit(beat.session, plan=plan, doctor=doctor, hospital=beat.hospital, day_on=MONDAY, is_pinned=True))
        page = client_as(beat.rep).get(at(beat), headers=EN).text
        assert f'id="visit-{doctor.id}-{MONDAY}"' in page
        assert "1/13 calls" in page

    def test_the_week_and_the_whole_plan_are_rounded_alike(self, client_as, beat, plan, doctor, save):
        """Three of the eight calls that are due are 37.5 %."""
        for day in (MONDAY, date(2026, 12, 2), date(2026, 12, 4)):
            save(make_visit(beat.session, plan=plan, doctor=doctor, hospital=beat.hospital, day_on=day))
        page = client_as(beat.rep).get(at(beat), headers=EN).text
        assert "coverage 0% → 37%" in page
        assert "With the whole plan: 37%" in page

    def test_however_much_is_planned_the_statements_are_as_many(self, client_as, beat, plan, save, query_counter):
        doctors = [beat.doctor() for _ in range(12)]
        save(
            *(make_visit(beat.session, plan=plan, doctor=one, hospital=beat.hospital, day_on=MONDAY) for one in doctors)
        )
        browser = client_as(beat.rep)
        browser.get(at(beat))
        with query_counter() as queries:
            assert browser.get(at(beat)).status_code == 200
        assert len(queries) <= MOST_QUERIES

    def test_nobody_elses_plan_is_found(self, client_as, beat, plan, doctor):
        for path in (at(beat), at(beat, f"place?doctor={doctor.id}"), at(beat, "changes")):
            assert client_as(beat.stranger).get(path).status_code == 404

    def test_a_doctor_of_another_territory_is_not_found(self, client_as, beat, plan):
        assert client_as(beat.rep).get(at(beat, "place?doctor=999")).status_code == 404


class TestChanging:
    def test_a_slot_says_what_it_costs_or_which_rule_forbids_it(self, client_as, beat, plan, doctor):
        page = client_as(beat.rep).get(at(beat, f"place?doctor={doctor.id}"), headers=EN).text
        slots = slots_of(page)
        assert (slots[f"{MONDAY}.am"], slots[f"{MONDAY}.pm"]) == ("yes", "no")
        assert "The doctor has no clinic session then." in page
        assert re.search(r"value \+\d+ · way \+\d+ min", page)

    def test_a_dialog_gets_the_partial_only(self, client_as, beat, plan, doctor):
        answer = client_as(beat.rep).get(at(beat, f"place?doctor={doctor.id}"), headers={"X-Requested-With": "fetch"})
        assert "<html" not in answer.text

    def test_the_first_visit_begins_the_plan(self, client_as, beat, doctor, session):
        browser = client_as(beat.rep)
        put = {"doctor_id": doctor.id, "slot": f"{MONDAY}.am", "version": version_of(browser, beat)}
        assert browser.post(at(beat, "place"), data=put).location == at(beat)
        visit = session.scalars(select(PlanVisit)).one()
        assert (visit.doctor_id, visit.day_on, visit.part) == (doctor.id, MONDAY, DayPart.AM)

    def test_a_visit_is_moved_pinned_and_removed(self, client_as, beat, plan, doctor, session, save):
        visit = save(make_visit(session, plan=plan, doctor=doctor, hospital=beat.hospital, day_on=MONDAY))
        browser = client_as(beat.rep)

        def post(what: str, **data: object) -> int:
            sent = {"doctor_id": doctor.id, "was": "am", "version": version_of(browser, beat), **data}
            return browser.post(at(beat, what), data=sent).status_code

        assert post("place", on=MONDAY, slot=f"{TUESDAY}.am") == 302
        session.refresh(visit)
        assert visit.day_on == TUESDAY
        assert post("pin", on=TUESDAY, pinned="y") == 302
        session.refresh(visit)
        assert visit.is_pinned
        assert post("remove", on=TUESDAY) == 302
        assert session.scalars(select(PlanVisit)).all() == []
        page = browser.get(at(beat)).text
        assert f'name="slot" value="{TUESDAY}.am"' in page  # the toast's way back

    def test_a_move_that_breaks_a_rule_is_refused_with_the_rule(self, client_as, beat, plan, doctor, session):
        put = {"doctor_id": doctor.id, "slot": f"{MONDAY}.pm", "version": plan.version}
        answer = client_as(beat.rep).post(at(beat, "place"), data=put, headers=EN)
        assert answer.status_code == 422
        assert "The doctor has no clinic session then." in answer.text
        assert session.scalars(select(PlanVisit)).all() == []

    def test_a_plan_that_has_changed_since_is_a_conflict(self, client_as, beat, plan, doctor):
        put = {"doctor_id": doctor.id, "slot": f"{MONDAY}.am", "version": plan.version + 1}
        assert client_as(beat.rep).post(at(beat, "place"), data=put).status_code == 409

    def test_last_week_is_copied(self, client_as, beat, plan, doctor, session, save):
        save(make_visit(session, plan=plan, doctor=doctor, hospital=beat.hospital, day_on=MONDAY))
        next_week = date(2026, 12, 7)
        answer = client_as(beat.rep).post(at(beat, "copy", next_week), data={"version": plan.version})
        assert answer.location == at(beat, day=next_week)
        assert session.scalars(select(PlanVisit.day_on).order_by(PlanVisit.day_on)).all() == [MONDAY, next_week]


class TestPublishing:
    @pytest.fixture
    def visit(self, beat, plan, doctor, save):
        return save(make_visit(beat.session, plan=plan, doctor=doctor, hospital=beat.hospital, day_on=MONDAY))

    def test_the_visits_stand_on_the_days(self, client_as, beat, plan, visit, session):
        browser = client_as(beat.rep)
        assert browser.post(at(beat, "publish"), data={"version": plan.version}).status_code == 302
        session.refresh(plan)
        assert plan.status is PlanStatus.PUBLISHED
        assert "Wang Qing" in browser.get(f"/today/{MONDAY}").text

    def test_an_empty_plan_is_refused(self, client_as, beat, plan):
        answer = client_as(beat.rep).post(at(beat, "publish"), data={"version": plan.version}, headers=EN)
        assert answer.status_code == 422
        assert "There is no visit to publish yet." in answer.text

    def test_a_locked_plan_is_asked_about_and_the_lead_answers(self, client_as, beat, plan, visit, doctor, session):
        rep, lead = client_as(beat.rep), client_as(beat.lead)
        assert lead.post(at(beat, "lock"), data={"version": plan.version}).status_code == 302
        wish = {"doctor_id": doctor.id, "on": MONDAY, "was": "am", "slot": f"{TUESDAY}.am"}
        assert rep.post(at(beat, "place"), data={**wish, "version": version_of(rep, beat)}).status_code == 422
        sent = {**wish, "version": version_of(rep, beat), "reason": "The clinic is moved"}
        assert rep.post(at(beat, "place"), data=sent).status_code == 302
        asked = session.scalars(select(ChangeRequest)).one()
        page = lead.get(at(beat, "changes"), headers=EN).text
        assert "The clinic is moved" in page
        assert lead.post(f"/plan/changes/{asked.id}/answer", data={"granted": ""}).status_code == 422
        assert lead.post(f"/plan/changes/{asked.id}/answer", data={"granted": "y"}).status_code == 302
        session.refresh(asked)
        session.refresh(visit)
        assert (asked.state, visit.day_on) == (RequestState.GRANTED, TUESDAY)
        removal = {"doctor_id": doctor.id, "on": TUESDAY, "version": version_of(rep, beat), "reason": "He is abroad"}
        assert rep.post(at(beat, "remove"), data=removal).status_code == 302
        assert "He is abroad" in lead.get(at(beat, "changes")).text
        assert "granted" in rep.get(at(beat, "changes"), headers=EN).text
        assert (
            lead.post(f"/plan/changes/{asked.id}/answer", data={"granted": "y"}).status_code == 302
        )  # already answered

    def test_a_call_of_a_published_plan_that_was_missed_is_asked_after(self, client_as, beat, doctor, session, save):
        call = save(beat.call(doctor, date(2026, 11, 25), status=CallStatus.PLANNED, is_planned=True))
        browser = client_as(beat.rep)
        today = date(2026, 11, 25)
        page = browser.get(at(beat, f"place?doctor={doctor.id}&on={today}", today)).text
        assert f"/calls/{call.id}/miss" in page
        sent = {"version": call.version, "why": "no_time", "back": "plan"}
        assert browser.post(f"/calls/{call.id}/miss", data=sent).location == at(beat, day=today)
        session.refresh(call)
        assert call.miss_reason is MissReason.NO_TIME


class TestTheLead:
    def test_all_reps_of_the_region_with_how_their_plans_stand(self, client_as, beat, plan):
        page = client_as(beat.lead).get(f"/plan?start={MONDAY}", headers=EN).text
        assert beat.rep.name in page
        assert beat.stranger.name not in page
        assert "draft" in page

    def test_deviations_of_the_region_and_of_a_rep(self, client_as, beat, doctor, save):
        plan = beat.plan(
            start_on=date(2026, 11, 2),
            status=PlanStatus.PUBLISHED,
            published_at=NOW,
            published_by_id=beat.rep.id,
        )
        call = beat.call(
            doctor, date(2026, 11, 24), status=CallStatus.CANCELLED, is_planned=True, miss_reason=MissReason.LEAVE
        )
        save(
            make_visit(
                beat.session, plan=plan, doctor=doctor, hospital=beat.hospital, day_on=call.day_on, call_id=call.id
            )
        )
        lead = client_as(beat.lead)
        page = lead.get("/plan/deviations", headers=EN).text
        assert "on leave" in page
        page = lead.get(f"/plan/deviations?rep={beat.rep.id}", headers=EN).text
        assert "Wang Qing" in page
        assert lead.get(f"/plan/deviations?rep={beat.stranger.id}").status_code == 404
        assert client_as(beat.rep).get("/plan/deviations").status_code == 403

    def test_who_was_not_seen_for_too_long(self, client_as, beat, doctor):
        lead = client_as(beat.lead)
        assert "Wang Qing" in lead.get("/plan/unseen", headers=EN).text
        assert lead.get(f"/plan/unseen?rep={beat.stranger.id}").status_code == 404

    def test_the_lead_reads_a_plan_and_does_not_change_it(self, client_as, beat, plan, doctor):
        lead = client_as(beat.lead)
        assert "data-plan-slot" not in lead.get(at(beat)).text
        assert lead.post(at(beat, "place"), data={}).status_code == 403


def version_of(browser, beat: Beat) -> str:
    """The version of the plan that the page shows."""
    found = re.search(r'id="plan-drop".*?name="version" value="(\d+)"', browser.get(at(beat)).text)
    assert found
    return found[1]


class TestProposingForEveryRep:
    def test_a_lead_has_plans_proposed_for_the_whole_region(
        self, client_as, beat, doctor, lead, other_rep, session, do_long_work
    ):
        idle = make_rep(session, region=beat.region)
        browser = client_as(lead)
        assert "Propose plans for every rep" in browser.get("/plan?start=2026-11-30", headers=EN).text
        watched = browser.post("/plan/propose-all", data={"start": "2026-11-30"})
        assert "Proposing plans for every rep" in browser.get(watched.location, headers=EN).text
        do_long_work()
        assert browser.get(watched.location).location == "/plan?start=2026-11-30"
        [proposal] = session.scalars(select(PlanProposal)).all()
        assert (proposal.plan.rep_id, proposal.plan.start_on) == (beat.rep.id, MONDAY)
        assert proposal.plan.rep_id not in (idle.id, other_rep.id)

    def test_a_cycle_that_is_over_is_not_planned(self, client_as, lead):
        browser = client_as(lead)
        assert "Propose plans for every rep" not in browser.get("/plan?start=2026-10-05", headers=EN).text
        answer = browser.post("/plan/propose-all", data={"start": "2026-10-05"}, headers=EN)
        assert (answer.status_code, "This cycle is over." in answer.text) == (422, True)
