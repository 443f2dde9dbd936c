"""The verbs of the Monday meeting: what each changes, what is refused, and that then nothing changed."""

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import sessionmaker

from repcrm.core.errors import Conflict, NotFound, RuleBroken
from repcrm.core.workdays import WorkCalendar
from repcrm.db.journal import JournalEntry
from repcrm.db.unit_of_work import unit_of_work
from repcrm.meeting import queries, service
from repcrm.meeting.models import Action, Review
from repcrm.meeting.queries import ActionFilter
from repcrm.meeting.service import Decision
from repcrm.meeting.terms import ActionStatus
from tests.factories import (
    MONDAY,
    NEXT_MONDAY,
    NOW,
    make_action,
    make_hospital,
    make_lead,
    make_rep,
    make_review,
    make_snapshot,
    scope_of,
)

CALENDAR = WorkCalendar([])
SOON = date(2026, 11, 30)
LATER = NOW + timedelta(days=7)


@pytest.fixture
def snapshot(session, region, save):
    return save(make_snapshot(session, region=region))


@pytest.fixture
def review(session, snapshot, save):
    return save(service.open_review(session, snapshot, CALENDAR, now=NOW))


@pytest.fixture
def next_review(session, region, save):
    following = make_snapshot(
        session, region=region, period="2026-W48", from_on=NEXT_MONDAY, until_on=date(2026, 11, 30)
    )
    return lambda: save(service.open_review(session, following, CALENDAR, now=LATER))


@pytest.fixture
def eyes(lead):
    return scope_of(lead, NEXT_MONDAY)


@pytest.fixture
def action(session, eyes, review, rep, save):
    return save(service.decide_action(session, eyes, review, Decision("Visit the pharmacy", rep.id, SOON), now=NOW))


def verbs_of(session, subject):
    wanted = select(JournalEntry.verb).where(JournalEntry.subject == subject).order_by(JournalEntry.id)
    return list(session.scalars(wanted))


def count(session, model=Action):
    return session.scalar(select(func.count()).select_from(model))


# --- the meeting ------------------------------------------------------------------------------------------------------


def test_a_meeting_is_opened_once_on_the_monday_after(session, snapshot, review):
    again = service.open_review(session, snapshot, CALENDAR, now=LATER)
    assert (again.id, count(session, Review)) == (review.id, 1)
    assert (review.period, review.meets_on, review.opened_at) == ("2026-W47", NEXT_MONDAY, NOW)


def test_an_open_meeting_looks_at_the_newest_revision_and_a_closed_one_at_what_it_saw(session, eyes, region, review):
    assert queries.shown_snapshot(session, eyes, review).revision == 1
    second = make_snapshot(session, region=region, revision=2, reason="late flow")
    assert queries.shown_snapshot(session, eyes, review).id == second.id
    service.close_review(session, eyes, review, now=NOW, version=1)
    make_snapshot(session, region=region, revision=3, reason="later flow")
    assert queries.shown_snapshot(session, eyes, review).id == second.id
    assert review.snapshot_id == second.id


def test_a_revision_reaches_an_open_meeting_but_not_a_closed_one(session, eyes, region, review, snapshot):
    second = make_snapshot(session, region=region, revision=2, reason="late flow")
    assert service.open_review(session, second, CALENDAR, now=LATER).snapshot_id == second.id
    service.close_review(session, eyes, review, now=NOW, version=1)
    third = make_snapshot(session, region=region, revision=3, reason="later flow")
    assert service.open_review(session, third, CALENDAR, now=LATER).snapshot_id == second.id


def test_notes_are_kept_and_written_down(session, eyes, review):
    service.note_review(session, eyes, review, "  Stock first. ", now=NOW, version=1)
    assert (review.notes, review.version) == ("Stock first.", 2)
    assert verbs_of(session, "review") == ["note_review"]


def test_notes_of_somebody_who_saw_an_older_version_are_refused(session, eyes, review):
    service.note_review(session, eyes, review, "First", now=NOW, version=1)
    with pytest.raises(Conflict):
        service.note_review(session, eyes, review, "Second", now=NOW, version=1)
    assert (review.notes, review.version) == ("First", 2)


def test_a_closed_meeting_decides_and_notes_nothing_more_but_its_actions_live_on(session, eyes, review, action, rep):
    service.close_review(session, eyes, review, now=NOW, version=1)
    with pytest.raises(RuleBroken, match="This meeting is closed"):
        service.decide_action(session, eyes, review, Decision("More", rep.id, SOON), now=NOW)
    with pytest.raises(RuleBroken, match="This meeting is closed"):
        service.note_review(session, eyes, review, "More", now=NOW, version=2)
    with pytest.raises(RuleBroken, match="This meeting is closed"):
        service.close_review(session, eyes, review, now=NOW, version=2)
    assert (count(session), review.notes) == (1, "")
    assert service.finish_action(session, eyes, action, now=LATER, version=1).status is ActionStatus.DONE


def test_closing_a_meeting_that_changed_meanwhile_is_a_conflict(session, eyes, review):
    service.note_review(session, eyes, review, "First", now=NOW, version=1)
    with pytest.raises(Conflict):
        service.close_review(session, eyes, review, now=NOW, version=1)
    assert review.closed_at is None


def test_a_rep_does_not_run_the_meeting(session, rep, review, action):
    eyes = scope_of(rep, NEXT_MONDAY)
    for deed in (
        lambda: service.decide_action(session, eyes, review, Decision("More", rep.id, SOON), now=NOW),
        lambda: service.note_review(session, eyes, review, "More", now=NOW, version=1),
        lambda: service.close_review(session, eyes, review, now=NOW, version=1),
        lambda: service.drop_action(session, eyes, action, "No time", now=NOW, version=1),
        lambda: service.carry_action_on(session, eyes, action, date(2026, 12, 7), now=NOW, version=1),
    ):
        with pytest.raises(RuleBroken, match="Only the regional lead runs the meeting"):
            deed()
    assert (count(session), review.version, action.version) == (1, 1, 1)


# --- deciding ---------------------------------------------------------------------------------------------------------


def test_an_action_says_what_who_until_when_and_where(session, eyes, review, region, rep):
    hospital = make_hospital(session, region=region)
    action = service.decide_action(
        session, eyes, review, Decision(" Visit the pharmacy ", rep.id, SOON, hospital.id), now=NOW
    )
    assert (action.what, action.owner_id, action.due_on, action.hospital_id) == (
        "Visit the pharmacy", rep.id, SOON, hospital.id,
    )  # fmt: skip
    assert (action.region_id, action.review_id, action.status) == (region.id, review.id, ActionStatus.OPEN)
    assert verbs_of(session, "action") == ["decide_action"]


def test_a_lead_may_own_an_action_too(session, eyes, review, lead):
    assert service.decide_action(session, eyes, review, Decision("Ask", lead.id, SOON), now=NOW).owner_id == lead.id


def test_the_owner_is_an_active_person_of_the_region(session, eyes, review, region, other_rep, admin):
    gone = make_rep(session, region=region, is_active=False)
    for owner in (other_rep, admin, gone):
        with pytest.raises(RuleBroken) as refusal:
            service.decide_action(session, eyes, review, Decision("Ask", owner.id, SOON), now=NOW)
        assert refusal.value.field == "owner_id"
    assert count(session) == 0


@pytest.mark.parametrize(
    ("what", "due_on", "field"),
    [("  ", SOON, "what"), ("x" * 501, SOON, "what"), ("Ask", MONDAY, "due_on")],
)
def test_an_action_that_makes_no_sense_is_refused(session, eyes, review, rep, what, due_on, field):
    with pytest.raises(RuleBroken) as refusal:
        service.decide_action(session, eyes, review, Decision(what, rep.id, due_on), now=NOW)
    assert refusal.value.field == field
    assert count(session) == 0


def test_a_hospital_out_of_scope_is_not_found(session, eyes, review, rep):
    elsewhere = make_hospital(session)
    with pytest.raises(NotFound):
        service.decide_action(session, eyes, review, Decision("Ask", rep.id, SOON, elsewhere.id), now=NOW)
    assert count(session) == 0


# --- what becomes of it -----------------------------------------------------------------------------------------------


def test_an_action_is_decided_and_comes_back_next_week(session, eyes, review, action, next_review):
    following = next_review()
    reviews = queries.list_reviews(session, eyes)
    assert queries.carried_actions(session, eyes, review, reviews) == []
    assert queries.carried_actions(session, eyes, following, reviews) == [action]
    assert queries.actions_of_review(session, eyes, review) == [action]
    assert queries.actions_of_review(session, eyes, following) == []


def test_it_comes_back_until_it_is_done_and_is_heard_of_once_more(session, eyes, region, review, action, next_review):
    second = next_review()
    snapshot = make_snapshot(session, region=region, period="2026-W49", from_on=SOON, until_on=date(2026, 12, 7))
    third = service.open_review(session, snapshot, CALENDAR, now=NOW + timedelta(days=14))
    snapshot = make_snapshot(
        session, region=region, period="2026-W50", from_on=date(2026, 12, 7), until_on=date(2026, 12, 14)
    )
    fourth = service.open_review(session, snapshot, CALENDAR, now=NOW + timedelta(days=21))
    service.finish_action(session, eyes, action, "ordered", now=NOW + timedelta(days=10), version=1)
    reviews = queries.list_reviews(session, eyes)
    heard = [queries.carried_actions(session, eyes, one, reviews) for one in (second, third, fourth)]
    assert heard == [[action], [action], []]


def test_finishing_says_when_who_and_what_came_of_it(session, rep, action):
    service.finish_action(session, scope_of(rep), action, " Ordered 40 packs ", now=LATER, version=1)
    assert (action.status, action.outcome, action.closed_at, action.closed_by_id, action.version) == (
        ActionStatus.DONE, "Ordered 40 packs", LATER, rep.id, 2,
    )  # fmt: skip
    assert verbs_of(session, "action") == ["decide_action", "finish_action"]


def test_a_colleagues_action_is_not_mine_to_finish(session, region, action):
    colleague = scope_of(make_rep(session, region=region))
    with pytest.raises(RuleBroken, match="Only its owner"):
        service.finish_action(session, colleague, action, now=LATER, version=1)
    assert (action.status, action.version) == (ActionStatus.OPEN, 1)


def test_an_action_of_another_region_is_not_found(session, action, other_rep):
    stranger = scope_of(make_lead(session, region_id=other_rep.region_id))
    for verb in (service.finish_action, service.reopen_action):
        with pytest.raises(NotFound):
            verb(session, stranger, action, now=LATER, version=1)
    with pytest.raises(NotFound):
        queries.get_action(session, stranger, action.id)


def test_dropping_wants_a_reason(session, eyes, action):
    with pytest.raises(RuleBroken) as refusal:
        service.drop_action(session, eyes, action, " ", now=LATER, version=1)
    assert (refusal.value.field, action.status) == ("reason", ActionStatus.OPEN)
    service.drop_action(session, eyes, action, "Pharmacy closed", now=LATER, version=1)
    assert (action.status, action.outcome) == (ActionStatus.DROPPED, "Pharmacy closed")


def test_what_is_closed_is_not_closed_again(session, eyes, action):
    service.finish_action(session, eyes, action, now=LATER, version=1)
    for deed in (
        lambda: service.finish_action(session, eyes, action, now=LATER, version=2),
        lambda: service.drop_action(session, eyes, action, "Why", now=LATER, version=2),
        lambda: service.carry_action_on(session, eyes, action, date(2026, 12, 7), now=LATER, version=2),
    ):
        with pytest.raises(RuleBroken, match="closed already"):
            deed()
    assert action.version == 2


def test_reopening_forgets_the_outcome(session, rep, action):
    eyes = scope_of(rep)
    service.finish_action(session, eyes, action, "Ordered", now=LATER, version=1)
    service.reopen_action(session, eyes, action, now=LATER, version=2)
    assert (action.status, action.outcome, action.closed_at, action.closed_by_id) == (ActionStatus.OPEN, "", None, None)
    with pytest.raises(RuleBroken, match="This action is open"):
        service.reopen_action(session, eyes, action, now=LATER, version=3)


def test_what_the_lead_dropped_the_owner_does_not_open_again(session, eyes, rep, action):
    service.drop_action(session, eyes, action, "Pharmacy closed", now=LATER, version=1)
    with pytest.raises(RuleBroken, match="Only the regional lead"):
        service.reopen_action(session, scope_of(rep), action, now=LATER, version=2)
    assert service.reopen_action(session, eyes, action, now=LATER, version=2).status is ActionStatus.OPEN


def test_carrying_on_gives_a_later_day(session, eyes, action):
    with pytest.raises(RuleBroken) as refusal:
        service.carry_action_on(session, eyes, action, SOON, now=LATER, version=1)
    assert (refusal.value.field, action.due_on) == ("due_on", SOON)
    service.carry_action_on(session, eyes, action, date(2026, 12, 7), now=LATER, version=1)
    assert (action.due_on, action.version) == (date(2026, 12, 7), 2)


def test_a_stale_version_is_a_conflict_for_every_verb(session, eyes, action):
    service.carry_action_on(session, eyes, action, date(2026, 12, 7), now=LATER, version=1)
    for deed in (
        lambda: service.finish_action(session, eyes, action, now=LATER, version=1),
        lambda: service.drop_action(session, eyes, action, "Why", now=LATER, version=1),
        lambda: service.reopen_action(session, eyes, action, now=LATER, version=1),
        lambda: service.carry_action_on(session, eyes, action, date(2026, 12, 14), now=LATER, version=1),
    ):
        with pytest.raises(Conflict):
            deed()
    assert (action.status, action.due_on, action.version) == (ActionStatus.OPEN, date(2026, 12, 7), 2)


def test_two_people_finish_one_action_at_once_and_one_is_told(session, engine, eyes, rep, action):
    barrier, outcomes = Barrier(2), []
    action_id = action.id

    def finish(who, words):
        barrier.wait()
        try:
            with unit_of_work(sessionmaker(engine)) as own:
                service.finish_action(own, who, own.get_one(Action, action_id), words, now=LATER, version=1)
            outcomes.append(words)
        except Conflict:
            outcomes.append("conflict")

    people = [(eyes, "lead"), (scope_of(rep), "rep")]
    threads = [Thread(target=finish, args=person) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    session.rollback()
    session.expire_all()
    (won,) = [outcome for outcome in outcomes if outcome != "conflict"]
    assert sorted(outcomes) == sorted([won, "conflict"])
    assert (action.outcome, action.version) == (won, 2)
    assert verbs_of(session, "action") == ["decide_action", "finish_action"]


# --- reading ----------------------------------------------------------------------------------------------------------


def test_lists_by_owner_and_standing(session, eyes, region, review, rep):
    other = make_rep(session, region=region)
    late = make_action(session, review=review, owner=rep, due_on=date(2026, 11, 20))
    soon = make_action(session, review=review, owner=other, due_on=SOON)
    done = make_action(session, review=review, owner=rep, status=ActionStatus.DONE, closed_at=NOW)

    def listed(wanted, **whose):
        return list(queries.list_actions(session, eyes, wanted, **whose).items)

    assert listed(ActionFilter.OPEN) == [late, soon]
    assert listed(ActionFilter.OVERDUE) == [late]
    assert listed(ActionFilter.CLOSED) == [done]
    assert listed(ActionFilter.OPEN, owner_id=other.id) == [soon]
    assert queries.count_actions(session, eyes) == {
        ActionFilter.OPEN: 2, ActionFilter.OVERDUE: 1, ActionFilter.CLOSED: 1,
    }  # fmt: skip
    assert queries.count_open_by_owner(session, eyes) == {rep.id: 1, other.id: 1}


def test_nobody_reads_another_regions_meetings_and_an_admin_none(session, review, action, other_rep, admin):
    for stranger in (scope_of(other_rep), scope_of(admin)):
        assert queries.latest_review(session, stranger) is None
        assert queries.list_reviews(session, stranger) == []
        assert queries.list_actions(session, stranger, ActionFilter.OPEN).total == 0
        assert set(queries.count_actions(session, stranger).values()) == {0}
        assert queries.count_open_by_owner(session, stranger) == {}
        with pytest.raises(NotFound):
            queries.get_review(session, stranger, review.id)
    assert queries.list_owners(session, scope_of(admin)) == []


def test_owners_are_the_reps_and_the_lead_of_the_region(session, eyes, rep, lead, other_rep):
    assert queries.list_owners(session, eyes) == [rep, lead]


def test_a_report_frozen_by_hand_waits_for_its_meeting(session, eyes, snapshot):
    assert queries.find_report_to_meet_about(session, eyes) == snapshot
    review = service.open_review(session, snapshot, CALENDAR, now=NOW)
    assert queries.find_report_to_meet_about(session, eyes) is None
    assert queries.latest_review(session, eyes) == review


def test_two_weeks_that_meet_on_one_day_keep_their_order(session, eyes, region):
    for period, monday in (("2026-W07", date(2026, 2, 9)), ("2026-W08", date(2026, 2, 16))):
        snapshot = make_snapshot(
            session, region=region, period=period, from_on=monday, until_on=monday + timedelta(days=7)
        )
        make_review(session, snapshot=snapshot, meets_on=date(2026, 2, 24))
    assert [one.period for one in queries.list_reviews(session, eyes)] == ["2026-W08", "2026-W07"]


def test_a_form_sent_twice_is_one_action(session, eyes, review, rep, action):
    same = service.decide_action(session, eyes, review, Decision("Visit the pharmacy", rep.id, SOON), now=NOW)
    assert (same.id, count(session), verbs_of(session, "action")) == (action.id, 1, ["decide_action"])

    service.decide_action(session, eyes, review, Decision("Visit the pharmacy again", rep.id, SOON), now=NOW)
    assert count(session) == 2
