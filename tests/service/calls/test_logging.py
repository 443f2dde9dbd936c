"""Recording calls: what is written, what is refused, and that then nothing was written."""

from datetime import date, time
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from repcrm.accounts.models import AdoptionRating
from repcrm.accounts.models import Session as DayPart
from repcrm.calls import service
from repcrm.calls.models import (
    Amendment,
    Call,
    CallDoctor,
    CallProduct,
    CallPurposeChoice,
    CallStatus,
    FollowUp,
)
from repcrm.calls.queries import get_details, places_of
from repcrm.calls.report import CompetitorNote, ProductTalk, Promise
from repcrm.calls.terms import CallPurpose, CallResult, CallType
from repcrm.core.errors import BadInput, Conflict, NotFound, RuleBroken
from repcrm.db.journal import JournalEntry
from tests import factories
from tests.service.calls.conftest import NOW, TODAY, Field

YESTERDAY, TOMORROW = date(2026, 11, 22), date(2026, 11, 24)


def log(field: Field, day: date = TODAY, planned: Call | None = None, **said: Any) -> Call:
    report = field.report(said.pop("result", CallResult.GOAL_MET), **said)
    return service.log_call(
        field.session, field.rep, field.sheet(day), report, field.places(day), now=NOW, planned=planned
    )


def plan(field: Field, day: date = TODAY) -> Call:
    place = field.places(day)[field.doctor.id]
    return service.plan_call(field.session, field.rep, field.sheet(day), field.doctor.id, place, now=NOW)


def count(session: Session, kind: type) -> int:
    return session.scalar(select(func.count()).select_from(kind)) or 0


def test_everything_said_of_a_call_is_kept(field: Field) -> None:
    competitor = factories.make_competitor(field.session, product=field.product)
    call = log(
        field,
        call_type=CallType.ONE_TO_SEVERAL,
        other_doctor_ids=(field.colleague.id,),
        purposes=(CallPurpose.INCREASE_USE, CallPurpose.CHECK_STOCK),
        products=(ProductTalk(field.other_product.id, rating=5, stock_packs=40), ProductTalk(field.product.id)),
        competitors=(CompetitorNote(competitor.id, "new price"),),
        summary="Wants the paper",
        follow_up=Promise(date(2026, 11, 30), "Bring the paper"),
    )
    field.session.commit()
    assert get_details(field.session, field.rep, call.id).facts() == {
        "result": "goal_met",
        "call_type": "one_to_several",
        "started_at_time": "10:00",
        "doctors": ["Li Min", "Wang Fang"],
        "purposes": ["check_stock", "increase_use"],
        "products": [field.other_product.name, field.product.name],
        "ratings": {field.other_product.name: 5},
        "stock": {field.other_product.name: 40},
        "competitors": {competitor.name: "new price"},
        "summary": "Wants the paper",
        "follow_up": ["2026-11-30 Bring the paper"],
    }
    assert (call.hospital_id, call.department_id) == (field.hospital.id, field.department.id)
    assert (call.session, call.status, call.is_planned) == (DayPart.AM, CallStatus.DONE, False)
    rating = field.session.scalars(select(AdoptionRating)).one()
    assert (rating.rating, rating.rated_on, rating.call_id, rating.doctor_id) == (5, TODAY, call.id, field.doctor.id)


def test_a_rating_that_says_nothing_new_is_not_given_again(field: Field) -> None:
    factories.make_rating(field.session, doctor=field.doctor, product=field.product, rating=4, rated_on=YESTERDAY)
    log(field, products=(ProductTalk(field.product.id, rating=4),))
    assert count(field.session, AdoptionRating) == 1


def test_ratings_known_beforehand_are_not_looked_up(field: Field) -> None:
    report = field.report(products=(ProductTalk(field.product.id, rating=4),))
    service.log_call(
        field.session, field.rep, field.sheet(), report, field.places(), now=NOW, known_ratings={field.product.id: 4}
    )
    assert count(field.session, AdoptionRating) == 0


def test_a_doctor_who_was_not_met_is_not_rated(field: Field) -> None:
    call = log(field, result=CallResult.DOCTOR_NOT_MET, products=(ProductTalk(field.product.id, rating=2),))
    assert count(field.session, AdoptionRating) == 0
    assert get_details(field.session, field.rep, call.id).products[0].rating is None


def test_a_planned_call_becomes_the_one_that_was_made(field: Field) -> None:
    call = plan(field)
    logged = log(field, planned=call, purposes=(CallPurpose.OTHER,))
    assert logged.id == call.id
    assert (logged.status, logged.is_planned, logged.version) == (CallStatus.DONE, True, 2)
    assert count(field.session, CallDoctor) == 1


def test_a_planned_call_is_recorded_once(field: Field) -> None:
    call = plan(field)
    log(field, planned=call)
    with pytest.raises(RuleBroken, match="no longer open"):
        log(field, planned=call)
    assert count(field.session, Call) == 1


@pytest.mark.parametrize(
    ("day", "said", "error"),
    [
        (TOMORROW, {}, RuleBroken),
        (date(2026, 11, 8), {}, RuleBroken),
        (TODAY, {"started_at_time": time(16, 31)}, RuleBroken),
        (TODAY, {"follow_up": Promise(TODAY)}, RuleBroken),
        (TODAY, {"products": (ProductTalk(1, rating=8),)}, BadInput),
        (TODAY, {"products": (ProductTalk(1, stock_packs=-1),)}, BadInput),
        (TODAY, {"summary": "x" * 4001}, BadInput),
    ],
)
def test_a_call_that_cannot_be_true_leaves_nothing_behind(
    field: Field, day: date, said: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        log(field, day, **said)
    field.session.rollback()
    assert count(field.session, Call) == count(field.session, CallProduct) == 0


def test_several_doctors_are_not_met_one_to_one(field: Field) -> None:
    with pytest.raises(RuleBroken, match="one to one"):
        log(field, other_doctor_ids=(field.colleague.id,))
    with pytest.raises(BadInput, match="twice"):
        log(field, other_doctor_ids=(field.doctor.id,), call_type=CallType.ONE_TO_SEVERAL)


def test_doctors_of_one_call_work_in_one_hospital(field: Field, rep: Any, region: Any) -> None:
    elsewhere = factories.make_hospital(field.session, region=region)
    factories.make_assignment(field.session, hospital=elsewhere, product=field.product, rep=rep)
    stranger = factories.make_doctor(field.session, hospital=elsewhere)
    places = places_of(field.session, field.rep, [field.doctor.id, stranger.id])
    report = field.report(other_doctor_ids=(stranger.id,), call_type=CallType.ONE_TO_SEVERAL)
    with pytest.raises(RuleBroken, match="one hospital"):
        service.log_call(field.session, field.rep, field.sheet(), report, places, now=NOW)


def test_a_doctor_outside_the_territory_on_that_day_has_no_place(field: Field) -> None:
    stranger = factories.make_doctor(field.session, hospital=factories.make_hospital(field.session))
    with pytest.raises(NotFound):
        places_of(field.session, field.rep, [stranger.id])
    with pytest.raises(NotFound):
        places_of(field.session, field.rep.as_of(date(2024, 12, 31)), [field.doctor.id])


def test_nobody_but_its_rep_writes_on_a_sheet(field: Field, other_rep: Any) -> None:
    sheet = field.sheet()
    for who in (field.lead, factories.scope_of(other_rep, TODAY)):
        with pytest.raises(NotFound):
            service.log_call(field.session, who, sheet, field.report(), field.places(), now=NOW)
        with pytest.raises(NotFound):
            service.plan_call(field.session, who, sheet, field.doctor.id, field.places()[field.doctor.id], now=NOW)
    with pytest.raises(NotFound):
        service.open_sheet(field.session, field.lead, TODAY)


def test_a_call_is_said_anew_while_the_sheet_is_open(field: Field) -> None:
    call = log(
        field,
        products=(ProductTalk(field.product.id, rating=3),),
        follow_up=Promise(date(2026, 11, 30), "Paper"),
    )
    said = field.report(
        CallResult.PARTLY, products=(ProductTalk(field.product.id, rating=6),), follow_up=Promise(date(2026, 12, 7))
    )
    service.revise_call(field.session, field.rep, call, said, field.places(), now=NOW, seen_version=1)
    assert (call.result, call.version) == (CallResult.PARTLY, 2)
    assert [row.rating for row in field.session.scalars(select(AdoptionRating))] == [6]
    assert [(row.due_on, row.text) for row in field.session.scalars(select(FollowUp))] == [(date(2026, 12, 7), "")]
    service.revise_call(field.session, field.rep, call, field.report(), field.places(), now=NOW)
    assert count(field.session, FollowUp) == count(field.session, AdoptionRating) == 0


def test_a_stale_form_changes_nothing(field: Field) -> None:
    call = log(field)
    service.revise_call(field.session, field.rep, call, field.report(summary="mine"), field.places(), now=NOW)
    with pytest.raises(Conflict):
        service.revise_call(
            field.session, field.rep, call, field.report(summary="late"), field.places(), now=NOW, seen_version=1
        )
    assert call.summary == "mine"


def test_an_unplanned_call_taken_back_leaves_nothing(field: Field) -> None:
    call = log(
        field,
        purposes=(CallPurpose.OTHER,),
        products=(ProductTalk(field.product.id, rating=3),),
        follow_up=Promise(date(2026, 11, 30)),
    )
    field.session.commit()
    assert service.withdraw_call(field.session, field.rep, call, now=NOW) is None
    field.session.commit()
    for kind in (Call, CallDoctor, CallProduct, CallPurposeChoice, FollowUp, AdoptionRating):
        assert count(field.session, kind) == 0


def test_a_planned_call_taken_back_is_planned_again(field: Field) -> None:
    call = log(field, planned=plan(field), summary="Oh", products=(ProductTalk(field.product.id, rating=3),))
    back = service.withdraw_call(field.session, field.rep, call, now=NOW)
    assert back is call
    assert (call.status, call.result, call.summary, call.is_planned) == (CallStatus.PLANNED, None, "", True)
    assert count(field.session, CallProduct) == count(field.session, AdoptionRating) == 0
    assert count(field.session, CallDoctor) == 1


def test_a_planned_call_is_not_taken_back_but_cancelled(field: Field) -> None:
    call = plan(field)
    with pytest.raises(RuleBroken, match="not been recorded"):
        service.withdraw_call(field.session, field.rep, call, now=NOW)
    with pytest.raises(RuleBroken, match="Say why"):
        service.cancel_call(field.session, field.rep, call, "  ")
    service.cancel_call(field.session, field.rep, call, "At a congress")
    assert (call.status, call.is_planned, call.cancel_reason) == (CallStatus.CANCELLED, True, "At a congress")


def test_a_call_moves_to_another_day_and_stays_planned(field: Field) -> None:
    call = plan(field)
    service.move_call(field.session, field.rep, call, field.sheet(TOMORROW), now=NOW)
    assert (call.day_on, call.sheet_id, call.is_planned) == (TOMORROW, field.sheet(TOMORROW).id, True)
    with pytest.raises(RuleBroken, match="gone by"):
        service.move_call(field.session, field.rep, call, field.sheet(YESTERDAY), now=NOW)
    assert call.day_on == TOMORROW


def test_a_doctor_is_planned_once_a_day(field: Field) -> None:
    plan(field)
    with pytest.raises(RuleBroken, match="Li Min is on the plan"):
        plan(field)
    later = plan(field, TOMORROW)
    with pytest.raises(RuleBroken, match="Li Min is on the plan"):
        service.move_call(field.session, field.rep, later, field.sheet(), now=NOW)


def test_a_locked_call_is_corrected_with_a_reason_and_both_versions_stay(field: Field) -> None:
    call = log(field, summary="Before")
    service.submit_sheet(field.session, field.rep, call.sheet, now=NOW)
    said = field.report(CallResult.NOT_MET, summary="After")
    with pytest.raises(RuleBroken, match="Say why"):
        service.amend_call(field.session, field.rep, call, said, field.places(), " ", now=NOW)
    service.amend_call(field.session, field.rep, call, said, field.places(), "Mixed up two doctors", now=NOW)
    field.session.commit()
    amendment = field.session.scalars(select(Amendment)).one()
    assert amendment.before == {"result": "goal_met", "summary": "Before"}
    assert amendment.after == {"result": "not_met", "summary": "After"}
    assert (amendment.reason, call.result) == ("Mixed up two doctors", CallResult.NOT_MET)
    entry = field.session.scalars(select(JournalEntry).where(JournalEntry.verb == "amend_call")).one()
    assert (entry.subject_id, entry.reason, entry.after) == (call.id, "Mixed up two doctors", amendment.after)


def test_a_correction_that_changes_nothing_is_refused(field: Field) -> None:
    call = log(field)
    service.submit_sheet(field.session, field.rep, call.sheet, now=NOW)
    with pytest.raises(RuleBroken, match="Nothing has been changed"):
        service.amend_call(field.session, field.rep, call, field.report(), field.places(), "Why not", now=NOW)
    field.session.rollback()


def test_an_open_call_is_revised_and_a_locked_one_is_not(field: Field) -> None:
    call = log(field)
    with pytest.raises(RuleBroken, match="still open"):
        service.amend_call(field.session, field.rep, call, field.report(), field.places(), "x", now=NOW)
    service.submit_sheet(field.session, field.rep, call.sheet, now=NOW)
    with pytest.raises(RuleBroken, match="handed in"):
        service.revise_call(field.session, field.rep, call, field.report(), field.places(), now=NOW)
    with pytest.raises(RuleBroken, match="handed in"):
        service.withdraw_call(field.session, field.rep, call, now=NOW)
    with pytest.raises(RuleBroken, match="handed in"):
        log(field)
    assert count(field.session, Call) == 1


def test_a_call_keeps_the_promises_it_was_made_for(field: Field, other_rep: Any) -> None:
    call = log(field, YESTERDAY, follow_up=Promise(TODAY, "Paper"))
    mine = field.session.scalars(select(FollowUp).where(FollowUp.call_id == call.id)).one()
    others = factories.make_follow_up(field.session, call=factories.make_call(field.session, rep=other_rep))
    log(field, kept_follow_up_ids=(mine.id, others.id))
    field.session.expire_all()
    assert mine.done_at == NOW
    assert others.done_at is None


def test_a_call_taken_back_opens_the_promises_it_kept(field: Field) -> None:
    log(field, YESTERDAY, follow_up=Promise(TODAY, "Paper"))
    promise = field.session.scalars(select(FollowUp)).one()
    by_hand = factories.make_follow_up(field.session, call=promise_call(field), done_at=NOW)
    call = log(field, kept_follow_up_ids=(promise.id,))
    service.withdraw_call(field.session, field.rep, call, now=NOW)
    field.session.expire_all()
    assert (promise.done_at, promise.kept_by_call_id) == (None, None)
    assert by_hand.done_at == NOW


def promise_call(field: Field) -> Call:
    return log(field, YESTERDAY, started_at_time=time(16))


def test_a_promise_is_ticked_off_and_opened_again_by_its_rep_only(field: Field, other_rep: Any) -> None:
    log(field, follow_up=Promise(date(2026, 11, 30)))
    promise = field.session.scalars(select(FollowUp)).one()
    service.keep_follow_up(field.session, field.rep, promise, now=NOW)
    assert promise.done_at == NOW
    for who in (field.lead, factories.scope_of(other_rep, TODAY)):
        with pytest.raises(NotFound):
            service.reopen_follow_up(field.session, who, promise)
    service.reopen_follow_up(field.session, field.rep, promise)
    assert promise.done_at is None


def test_a_call_is_written_down_in_few_statements(field: Field, query_counter: Any) -> None:
    """The demo writes 22,000 of them; one statement asks for the company's ceiling on contact."""
    sheet, places = field.sheet(), field.places()
    report = field.report(
        purposes=(CallPurpose.INCREASE_USE,),
        products=(ProductTalk(field.product.id, rating=4), ProductTalk(field.other_product.id)),
        follow_up=Promise(date(2026, 11, 30)),
    )
    known = {field.product.id: 4}
    with query_counter() as queries:
        service.log_call(field.session, field.rep, sheet, report, places, now=NOW, known_ratings=known)
    assert len(queries) <= 7, "\n".join(queries)


def test_a_form_sent_twice_is_one_call(field: Field) -> None:
    log(field, started_at_time=time(9, 30))
    with pytest.raises(RuleBroken) as refused:
        log(field, started_at_time=time(9, 30))
    assert refused.value.field == "started_at_time"
    log(field, started_at_time=time(16))
    assert count(field.session, Call) == 2


def test_without_a_time_a_doctor_is_met_once_a_day(field: Field) -> None:
    log(field)
    with pytest.raises(RuleBroken):
        log(field)
    log(field, day=YESTERDAY)
    assert count(field.session, Call) == 2
