"""Operations at the door: batches, tokens, who is signed in, and what cannot be read."""

import json
import logging
from typing import Any

import pytest
from sqlalchemy import func, select

from repcrm.calls.models import Call
from repcrm.sync import service
from repcrm.sync.operation import Kind
from tests.service.sync.conftest import uuid

DEVICE = uuid()


@pytest.fixture(autouse=True)
def _monday(fixed_clock):
    fixed_clock("2026-11-23T16:30+08:00")


@pytest.fixture
def browser(client_as, rep, field):
    return client_as(rep)


def a_call(field, **said: Any) -> dict[str, Any]:
    return {
        "op_id": uuid(), "entity_id": uuid(), "kind": "log", "device_time": "2026-11-25T09:00:00+08:00",
        "day_on": "2026-11-23", "doctor_id": field.doctor.id, "label": "Li Min",
        "fields": {"result": "goal_met"}, **said,
    }  # fmt: skip


def batch(rep, *operations: dict[str, Any]) -> dict[str, Any]:
    return {"user_id": rep.id, "device_id": DEVICE, "operations": list(operations)}


def post(browser, body: Any):
    return browser.post("/api/v1/operations", json=body)


def count_calls(session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Call)) or 0


def test_a_batch_is_answered_one_by_one_in_its_order(browser, rep, field, session):
    good, bad = a_call(field), a_call(field, day_on="2026-11-24")
    answers = post(browser, batch(rep, good, bad)).json["answers"]
    assert [(one["op_id"], one["outcome"]) for one in answers] == [
        (good["op_id"], "applied"), (bad["op_id"], "refused"),
    ]  # fmt: skip
    assert count_calls(session) == 1


def test_a_batch_sent_again_is_answered_with_the_same_bytes(browser, rep, field, session):
    body = batch(rep, a_call(field), a_call(field, day_on="2026-11-24"))
    assert post(browser, body).data == post(browser, body).data
    assert count_calls(session) == 1


def test_refusals_are_in_the_readers_language(browser, rep, field):
    said = browser.post(
        "/api/v1/operations", json=batch(rep, a_call(field, day_on="2026-11-24")), headers={"Accept-Language": "zh"}
    ).json
    assert said["answers"][0]["words"] == "拜访尚未发生，不能记录。"


def test_the_same_key_with_another_body_is_refused(browser, rep, field):
    first = a_call(field)
    post(browser, batch(rep, first))
    said = post(browser, batch(rep, {**first, "fields": {"result": "not_met"}})).json["answers"][0]
    assert (said["outcome"], said["code"]) == ("refused", "reused")


def test_drafts_of_somebody_else_are_not_taken(browser, rep, other_rep, field, session):
    response = post(browser, batch(other_rep, a_call(field)))
    assert response.status_code == 409
    assert "属于另一位用户" in response.json["words"]
    assert count_calls(session) == 0


def test_a_stranger_is_told_so_in_json(client, field, rep):
    for response in (client.get("/api/v1/token"), client.get("/api/v1/day-pack"), post(client, batch(rep))):
        assert (response.status_code, response.json["status"]) == (401, 401)


def test_who_must_change_the_password_first_is_not_let_in(browser, rep, session):
    rep.must_change_password = True
    assert browser.get("/api/v1/day-pack").status_code == 401


def test_a_token_from_the_door_opens_it(browser, rep, field, session):
    token = browser.get("/api/v1/token").json
    assert (token["user_id"], token["role"], token["now"]) == (rep.id, "rep", "2026-11-23T08:30:00Z")
    headers = {"X-CSRFToken": token["token"]}
    response = browser.post("/api/v1/operations", json=batch(rep, a_call(field)), headers=headers, csrf=False)
    assert response.status_code == 200
    refused = browser.post("/api/v1/operations", json=batch(rep, a_call(field)), csrf=False)
    assert (refused.status_code, refused.json["status"]) == (400, 400)


@pytest.mark.parametrize(
    "body",
    [None, [], {}, {"user_id": 1}, {"user_id": "x", "device_id": DEVICE, "operations": []},
     {"user_id": 1, "device_id": DEVICE, "operations": [{}] * 51}],
)  # fmt: skip
def test_a_batch_that_cannot_be_read_is_refused(browser, body):
    assert post(browser, body).status_code == 422


@pytest.mark.parametrize(
    "wrong",
    [
        {"op_id": "1"}, {"op_id": None}, {"entity_id": "call-x"}, {"kind": "pay"}, {"device_time": "2026-11-25T09:00"},
        {"day_on": "9999-12-31"}, {"day_on": None}, {"doctor_id": 2**31}, {"doctor_id": 0}, {"label": "长" * 101},
        {"fields": {"summary": "a\0b"}}, {"fields": {"summary": "\ud800"}}, {"fields": {"summary": "x" * 4001}},
        {"fields": {"gift": "cash"}}, {"fields": {"started_at_time": "25:00"}}, {"fields": {"other_doctor_ids": [-1]}},
        {"fields": {"products": [{"product_id": 1, "rating": 8}]}}, {"kind": "delete"}, {"payments": 1},
        {"device_time": "0001-01-01T00:00:00+14:00"}, {"device_time": "9999-12-31T23:59:59-12:00"},
    ],
)  # fmt: skip
def test_an_operation_that_cannot_be_read_is_refused_and_does_not_hold_up_others(browser, rep, field, wrong, session):
    answers = post(browser, batch(rep, a_call(field, **wrong), a_call(field))).json["answers"]
    assert [(one["outcome"], one.get("code")) for one in answers] == [("refused", "malformed"), ("applied", None)]


def test_an_accident_with_one_operation_does_not_hold_up_others(browser, rep, field, session, monkeypatch, caplog):
    def accident(*_: object) -> None:
        raise RuntimeError("the disk is on fire")

    monkeypatch.setitem(service.VERBS, Kind.SUBMIT, accident)
    burning = a_call(field, kind="submit", entity_id="sheet-2026-11-23")
    with caplog.at_level(logging.CRITICAL, "repcrm.api.sync"):
        answers = post(browser, batch(rep, burning, a_call(field))).json["answers"]
    assert [one["outcome"] for one in answers] == [None, "applied"]
    monkeypatch.undo()
    assert post(browser, batch(rep, burning)).json["answers"][0]["outcome"] == "applied"


def test_answers_are_what_the_description_says(browser, rep, field):
    from repcrm.api.schemas import Answers

    said = post(browser, batch(rep, a_call(field), a_call(field, day_on="2026-11-24"))).data
    assert len(Answers.model_validate(json.loads(said)).answers) == 2


def test_half_a_character_in_a_key_does_not_keep_the_others_from_being_taken_in(browser, rep, field, session):
    broken = json.dumps(batch(rep, {"op_id": "\ud800"}, a_call(field)))
    answer = browser.post("/api/v1/operations", data=broken, content_type="application/json")
    assert [one["outcome"] for one in answer.json["answers"]] == ["refused", "applied"]
    assert count_calls(session) == 1
