"""An operation is done exactly once, whoever sends it how often, and what cannot be done is kept with its reason."""

import pytest
from sqlalchemy import func, select

from repcrm.calls.models import Call, CallStatus, SheetStatus
from repcrm.calls.service import accept_sheet, submit_sheet
from repcrm.core.errors import Conflict
from repcrm.sync.models import SyncOperation
from repcrm.sync.operation import Kind, Outcome
from repcrm.sync.service import take_in
from tests import factories
from tests.service.sync.conftest import NOW, TODAY, in_english, uuid


def test_an_unplanned_call_is_recorded_under_the_name_the_phone_gave_it(phone, field):
    entity = uuid()
    answer = phone.log(entity, summary="Asked for paper", products=[{"product_id": field.product.id, "rating": 5}])
    call = field.session.scalars(select(Call)).one()
    assert (call.client_id, call.status, call.is_planned) == (entity, CallStatus.DONE, False)
    assert answer["outcome"] == "applied"
    assert answer["call"]["entity_id"] == entity
    assert answer["call"]["facts"]["summary"] == "Asked for paper"
    assert answer["call"]["facts"]["products"] == [{"product_id": field.product.id, "rating": 5, "stock_packs": None}]


def test_a_planned_call_is_recorded_under_its_own_name(phone, field, planned):
    answer = phone.log(f"call-{planned.id}")
    field.session.refresh(planned)
    assert (planned.status, planned.client_id, answer["call"]["version"]) == (CallStatus.DONE, None, 2)


def test_the_same_operation_twice_is_done_once_and_answered_with_the_same_bytes(phone, field):
    operation = phone.operation(Kind.LOG, uuid(), fields={"result": "goal_met"})
    first = take_in(field.session, field.rep, operation, now=NOW, say=in_english)
    field.session.commit()
    again = take_in(field.session, field.rep, operation, now=NOW.replace(hour=17), say=lambda _: "other words")
    assert again == first
    assert field.session.scalar(select(func.count()).select_from(Call)) == 1


def test_what_was_refused_stays_refused_with_the_same_bytes(phone, field):
    operation = phone.operation(Kind.LOG, uuid(), fields={"result": "goal_met", "started_at_time": "23:59"})
    first = take_in(field.session, field.rep, operation, now=NOW, say=in_english)
    again = take_in(field.session, field.rep, operation, now=NOW, say=lambda _: "other words")
    assert first == again
    assert "before it was made" in first
    kept = field.session.scalars(select(SyncOperation)).one()
    assert (kept.outcome, kept.said["fields"]["started_at_time"]) == (Outcome.REFUSED, "23:59")
    assert field.session.scalars(select(Call)).all() == []


def test_a_known_key_with_other_words_is_refused(phone, field):
    key = uuid()
    phone.send(phone.operation(Kind.LOG, uuid(), op_id=key, fields={"result": "goal_met"}))
    with pytest.raises(Conflict):
        phone.send(phone.operation(Kind.LOG, uuid(), op_id=key, fields={"result": "not_met"}))


def test_a_key_of_somebody_else_tells_nothing(phone, field, other_rep):
    operation = phone.operation(Kind.LOG, uuid(), fields={"result": "goal_met"})
    phone.send(operation)
    with pytest.raises(Conflict):
        take_in(field.session, factories.scope_of(other_rep, TODAY), operation, now=NOW, say=in_english)


def test_a_call_of_somebody_else_is_not_found(phone, field, other_rep):
    call = factories.make_call(field.session, rep=other_rep, day_on=TODAY)
    answer = phone.send(phone.operation(Kind.DELETE, f"call-{call.id}", base_version=1))
    assert (answer["outcome"], answer["code"]) == ("refused", "not_found")


def test_a_product_of_somebody_else_is_refused(phone, field):
    foreign = factories.make_product(field.session)
    answer = phone.log(uuid(), products=[{"product_id": foreign.id}])
    assert (answer["outcome"], answer["code"], answer["field"]) == ("refused", "input", "products")


def test_a_call_is_taken_back_and_a_second_time_nothing_happens(phone, field, planned):
    call = phone.log(f"call-{planned.id}")["call"]
    assert phone.delete(call)["call"]["status"] == "planned"
    assert phone.delete(call)["outcome"] == "applied"
    unplanned = phone.log(uuid())["call"]
    assert "call" not in phone.delete(unplanned)
    assert field.session.scalars(select(Call.status)).all() == [CallStatus.PLANNED]


def test_a_follow_up_is_ticked_off_once(phone, field):
    promise = factories.make_follow_up(
        field.session, call=factories.make_call(field.session, rep_id=field.rep.user_id, day_on=TODAY)
    )
    for _ in range(2):
        assert phone.send(phone.operation(Kind.KEEP, f"follow-up-{promise.id}"))["outcome"] == "applied"
    field.session.refresh(promise)
    assert promise.done_at == NOW


def test_a_sheet_is_handed_in_and_a_second_device_finds_it_done(phone, tablet, field):
    phone.log(uuid())
    for device in (phone, tablet):
        answer = device.send(device.operation(Kind.SUBMIT, f"sheet-{TODAY}"))
        assert answer["sheet"] == {"day_on": "2026-11-23", "status": "submitted"}


def test_a_sheet_with_an_open_call_is_not_handed_in(phone, planned):
    answer = phone.send(phone.operation(Kind.SUBMIT, f"sheet-{TODAY}"))
    assert answer["outcome"] == "refused"
    assert "Li Min" in answer["words"]


@pytest.mark.parametrize("entity", ["sheet-2026-02-30", "call-1"])
def test_a_sheet_that_cannot_be_is_not_found(phone, entity):
    assert phone.send(phone.operation(Kind.SUBMIT, entity))["code"] == "not_found"


def test_a_locked_sheet_refuses_and_keeps_what_was_said(phone, field, lead):
    call = phone.log(uuid())["call"]
    sheet = submit_sheet(field.session, field.rep, field.sheet(), now=NOW)
    assert phone.revise(call, summary="Too late")["code"] == "rule"
    assert phone.delete(call)["code"] == "rule"
    assert phone.log(uuid(), started_at_time="11:00")["code"] == "rule"
    accept_sheet(field.session, field.lead, sheet, now=NOW)
    assert sheet.status is SheetStatus.REVIEWED
    said = field.session.scalars(select(SyncOperation.said).where(SyncOperation.kind == Kind.REVISE)).one()
    assert said["fields"] == {"summary": "Too late"}


def test_the_clock_of_the_device_is_written_down_and_not_believed(phone, field):
    phone.log(uuid())
    kept = field.session.scalars(select(SyncOperation)).one()
    assert (kept.device_time.day, kept.received_at) == (21, NOW)
    assert field.session.scalars(select(Call.logged_at)).one() == NOW
