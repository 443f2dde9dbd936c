"""Two devices say different things: what one side changed is merged, the rest is kept twice until the rep decides."""

import pytest
from sqlalchemy import select

from repcrm.accounts.models import Post
from repcrm.calls.models import Call, CallStatus
from repcrm.calls.service import cancel_call
from repcrm.core.errors import Conflict, NotFound, RuleBroken
from repcrm.sync.models import SyncConflict
from repcrm.sync.operation import ConflictKind, Kind, Side
from repcrm.sync.queries import count_conflicts, get_conflict, list_conflicts
from repcrm.sync.service import WHOLE, settle_conflict
from tests import factories
from tests.service.sync.conftest import NOW, TODAY, uuid


@pytest.fixture
def call(phone):
    """A recorded call that both devices have seen."""
    return phone.log(uuid(), summary="First")["call"]


def the_conflict(field) -> SyncConflict:
    (conflict,) = list_conflicts(field.session, field.rep)
    return conflict


def facts_now(field, phone) -> dict:
    from repcrm.sync.queries import call_facts

    (call,) = field.session.scalars(select(Call)).all()
    return call_facts(field.session, field.rep, [call])[call.id]


def test_different_facts_from_two_devices_are_merged(phone, tablet, field, call):
    phone.revise(call, summary="From the phone")
    answer = tablet.revise(call, result="partly")
    assert answer["outcome"] == "applied"
    assert (answer["call"]["facts"]["summary"], answer["call"]["facts"]["result"]) == ("From the phone", "partly")


def test_the_same_words_from_two_devices_are_no_conflict(phone, tablet, call):
    phone.revise(call, summary="Same")
    assert tablet.revise(call, summary="Same")["outcome"] == "applied"


def test_different_words_are_both_kept_and_nothing_is_overwritten(phone, tablet, field, call):
    phone.revise(call, summary="From the phone")
    answer = tablet.revise(call, summary="From the tablet", result="partly")
    assert (answer["outcome"], answer["code"]) == ("conflict", "changed")
    assert answer["call"]["facts"]["summary"] == "From the phone"
    assert answer["call"]["facts"]["result"] == "partly"  # only the tablet changed it
    conflict = the_conflict(field)
    assert (conflict.kind, conflict.mine, conflict.theirs) == (
        ConflictKind.CHANGED, {"summary": "From the tablet"}, {"summary": "From the phone"},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("side", "stands"),
    [(Side.MINE, "From the tablet"), (Side.THEIRS, "From the phone"), (Side.BOTH, "From the phone\nFrom the tablet")],
)
def test_the_rep_chooses_whose_words_count(phone, tablet, field, call, side, stands):
    phone.revise(call, summary="From the phone")
    tablet.revise(call, summary="From the tablet")
    conflict = settle_conflict(field.session, field.rep, the_conflict(field), {"summary": side}, now=NOW)
    assert facts_now(field, phone)["summary"] == stands
    assert (conflict.settled_at, conflict.choice) == (NOW, {"summary": side.value})
    assert conflict.mine == {"summary": "From the tablet"}  # both stay on record
    with pytest.raises(RuleBroken, match="already"):
        settle_conflict(field.session, field.rep, conflict, {"summary": side}, now=NOW)


def test_every_fact_in_question_has_to_be_decided(phone, tablet, field, call):
    phone.revise(call, summary="From the phone", started_at_time="09:00")
    tablet.revise(call, summary="From the tablet", started_at_time="09:30")
    with pytest.raises(RuleBroken):
        settle_conflict(field.session, field.rep, the_conflict(field), {"summary": Side.MINE}, now=NOW)


def test_what_changed_after_it_was_shown_is_shown_again(phone, tablet, field, call):
    phone.revise(call, summary="From the phone")
    tablet.revise(call, summary="From the tablet")
    with pytest.raises(Conflict):
        settle_conflict(
            field.session, field.rep, the_conflict(field), {"summary": Side.MINE}, now=NOW, seen_version=1
        )  # fmt: skip


def test_a_planned_call_recorded_on_both_devices_is_one_call(phone, tablet, field, planned):
    phone.log(f"call-{planned.id}", summary="Phone")
    answer = tablet.log(f"call-{planned.id}", summary="Tablet", purposes=["other"])
    assert answer["outcome"] == "conflict"
    assert answer["call"]["facts"]["purposes"] == ["other"]
    assert the_conflict(field).mine == {"summary": "Tablet"}


def test_a_call_changed_here_and_taken_back_there_waits(phone, tablet, field, call):
    tablet.delete(call)
    answer = phone.revise(call, summary="Changed")
    assert (answer["outcome"], answer["code"]) == ("conflict", "gone")
    settle_conflict(field.session, field.rep, the_conflict(field), {WHOLE: Side.MINE}, now=NOW)
    stands = facts_now(field, phone)
    assert (stands["summary"], stands["result"]) == ("Changed", "goal_met")
    assert field.session.scalars(select(Call.client_id)).one() == call["entity_id"]


def test_a_call_taken_back_here_and_changed_there_waits(phone, tablet, field, call):
    tablet.revise(call, summary="Changed")
    answer = phone.delete(call)
    assert (answer["outcome"], answer["code"]) == ("conflict", "deleted")
    assert facts_now(field, phone)["summary"] == "Changed"
    settle_conflict(field.session, field.rep, the_conflict(field), {WHOLE: Side.MINE}, now=NOW)
    assert field.session.scalars(select(Call)).all() == []


def test_a_call_on_a_doctor_who_has_moved_away_goes_to_the_review_box(phone, field):
    post = field.session.scalars(select(Post).where(Post.doctor_id == field.doctor.id)).one()
    post.until_on = TODAY
    answer = phone.log(uuid(), summary="Met all the same")
    assert (answer["outcome"], answer["code"]) == ("conflict", "moved")
    conflict = the_conflict(field)
    assert conflict.mine["summary"] == "Met all the same"
    with pytest.raises(RuleBroken, match="still not"):
        settle_conflict(field.session, field.rep, conflict, {WHOLE: Side.MINE}, now=NOW)
    field.session.rollback()
    field.session.scalars(select(Post).where(Post.doctor_id == field.doctor.id)).one().until_on = None
    settle_conflict(field.session, field.rep, the_conflict(field), {WHOLE: Side.MINE}, now=NOW)
    assert facts_now(field, phone)["summary"] == "Met all the same"


def test_the_review_box_can_be_emptied_without_a_call(phone, field):
    field.session.scalars(select(Post).where(Post.doctor_id == field.doctor.id)).one().until_on = TODAY
    phone.log(uuid())
    settle_conflict(field.session, field.rep, the_conflict(field), {WHOLE: Side.THEIRS}, now=NOW)
    assert count_conflicts(field.session, field.rep) == 0
    assert field.session.scalars(select(Call)).all() == []


def test_a_cancelled_call_is_not_recorded_in_silence(phone, field, planned):
    cancel_call(field.session, field.rep, planned, "Ill")
    answer = phone.log(f"call-{planned.id}")
    assert answer["outcome"] == "refused"
    assert planned.status is CallStatus.CANCELLED


def test_a_day_with_something_undecided_is_not_handed_in(phone, tablet, field, call):
    phone.revise(call, summary="From the phone")
    tablet.revise(call, summary="From the tablet")
    submit = phone.send(phone.operation(Kind.SUBMIT, f"sheet-{TODAY}"))
    assert (submit["outcome"], submit["code"]) == ("refused", "rule")


def test_a_decision_is_nobody_elses(phone, tablet, field, call, other_rep):
    phone.revise(call, summary="From the phone")
    tablet.revise(call, summary="From the tablet")
    elsewhere = factories.scope_of(other_rep, TODAY)
    assert list_conflicts(field.session, elsewhere) == []
    with pytest.raises(NotFound):
        get_conflict(field.session, elsewhere, the_conflict(field).id)
