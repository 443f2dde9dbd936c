"""The operation log of a device: what it shows, what it sends when, and what it makes of answers."""

from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from repcrm.sync.facts import BLANK
from tests.unit.sync.node import Node, running_node

MS = 1_764_000_000_000
RANDOM = list(range(10))
DAY = "2026-11-23"


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    with running_node() as node:
        yield node


def call(**values: Any) -> dict[str, Any]:
    return {
        "entity_id": "call-1", "call_id": 1, "version": 1, "day_on": DAY, "status": "planned", "is_planned": True,
        "doctor_id": 5, "doctor": "Li Min", "hospital_id": 3, "hospital": "East", "department": None,
        "facts": {**BLANK, "purposes": ["other"]}, **values,
    }  # fmt: skip


def pack(*calls: dict[str, Any]) -> dict[str, Any]:
    return {
        "calls": list(calls), "days": [{"day_on": DAY, "status": "draft", "works": True}], "conflicts": 0,
        "doctors": [{"id": 5, "name": "Li Min", "letters": "lm limin", "hospital_id": 3, "hospital": "East"}],
        "promises": [{"id": 9, "doctor_id": 5, "doctor": "Li Min", "due_on": DAY, "text": "Paper"}],
    }  # fmt: skip


def said(node: Node, kind: str, entity_id: str = "call-1", number: int = 0, **about: Any) -> dict[str, Any]:
    fields = about.pop("fields", {})
    whole = {"entity_id": entity_id, "day_on": DAY, "doctor_id": 5, "label": "Li Min", **about}
    entry: dict[str, Any] = node("entry", kind, whole, fields, MS + number, RANDOM)
    return entry


def answer(entry: dict[str, Any], outcome: str | None = "applied", **more: Any) -> dict[str, Any]:
    return {"op_id": entry["op"]["op_id"], "outcome": outcome, **more}


def test_blank_is_the_same_on_both_sides(node):
    assert node("BLANK") == BLANK


def test_keys_are_uuids_of_version_7_that_sort_by_time(node):
    keys = [node("uuid7", MS + step, RANDOM) for step in range(3)]
    assert sorted(keys) == keys
    assert keys[0] == f"{MS:012x}"[:8] + "-" + f"{MS:012x}"[8:] + "-7001-8203-040506070809"


@pytest.mark.parametrize(
    ("kind", "fields", "shown"),
    [
        ("log", {"result": "partly"}, [("done", "partly")]),
        ("revise", {"result": "partly"}, [("done", "partly")]),
        ("delete", {}, [("planned", None)]),
    ],
)
def test_what_was_done_here_is_laid_over_what_the_server_said(node, kind, fields, shown):
    seen = node("view", pack(call()), [said(node, kind, fields=fields)])
    assert [(one["status"], one["facts"]["result"]) for one in seen] == shown


def test_a_call_born_here_is_shown_and_taken_back_is_gone(node):
    born = said(node, "log", "new", fields={"result": "goal_met"})
    (seen,) = node("view", pack(), [born])
    assert (seen["doctor"], seen["hospital"], seen["status"]) == ("Li Min", "East", "done")
    assert node("view", pack(), [born, said(node, "delete", "new", 1)]) == []


def test_one_operation_a_call_is_sent_at_a_time_and_the_sheet_last(node):
    entries = [
        said(node, "log", "a", 1), said(node, "revise", "a", 2), said(node, "log", "b", 3),
        said(node, "submit", f"sheet-{DAY}", 4, day_on=None), said(node, "keep", "follow-up-9", 5, day_on=None),
    ]  # fmt: skip
    assert [one["op"]["entity_id"] for one in node("next", entries)] == ["a", "b", "follow-up-9"]
    assert [one["op"]["entity_id"] for one in node("next", entries[3:])] == [f"sheet-{DAY}", "follow-up-9"]


def test_what_needs_attention_holds_up_its_own_call_and_the_sheet_only(node):
    refused = {**said(node, "log", "a", 1), "state": "attention"}
    entries = [
        refused,
        said(node, "revise", "a", 2),
        said(node, "log", "b", 3),
        said(node, "submit", f"sheet-{DAY}", 4),
    ]
    assert [one["op"]["entity_id"] for one in node("next", entries)] == ["b"]


def test_a_batch_is_no_longer_than_the_server_takes(node):
    entries = [said(node, "log", f"call-{number}", number) for number in range(60)]
    assert len(node("next", entries)) == node("MOST") == 50


def test_an_answer_is_taken_in_once(node):
    entry = said(node, "log", fields={"result": "partly"})
    done = call(status="done", version=2, facts={**BLANK, "result": "partly"})
    taken = node("absorb", pack(call()), [entry], [answer(entry, call=done)])
    assert (taken["entries"], taken["gone"], taken["pack"]["calls"]) == ([], [entry], [done])
    again = node("absorb", taken["pack"], taken["entries"], [answer(entry, call=call(version=1))])
    assert again["pack"]["calls"] == [done]


def test_an_old_answer_does_not_undo_a_newer_one(node):
    entry = said(node, "revise")
    newer = call(version=7)
    taken = node("absorb", pack(newer), [entry], [answer(entry, call=call(version=2))])
    assert taken["pack"]["calls"] == [newer]


def test_the_next_operation_learns_the_version_of_the_answer(node):
    first, second = said(node, "log", "a", 1), said(node, "delete", "a", 2)
    assert second["op"]["base_version"] is None
    taken = node("absorb", pack(), [first, second], [answer(first, call=call(entity_id="a", version=4))])
    assert [one["op"]["base_version"] for one in taken["entries"]] == [4]
    assert [one["op"]["base_version"] for one in taken["changed"]] == [4]


def test_what_is_refused_stays_with_its_reason(node):
    entry = said(node, "log")
    taken = node("absorb", pack(call()), [entry], [answer(entry, "refused", code="rule", words="Locked.", field=None)])
    assert [(one["state"], one["words"]) for one in taken["entries"]] == [("attention", "Locked.")]


def test_an_accident_leaves_everything_as_it_is(node):
    entry = said(node, "log")
    assert node("absorb", pack(), [entry], [answer(entry, None)])["entries"] == [entry]


def test_a_conflict_is_counted_and_the_servers_call_shown(node):
    entry = said(node, "revise")
    stands = call(version=3, status="done")
    taken = node("absorb", pack(call()), [entry], [answer(entry, "conflict", call=stands, conflict_id=1)])
    assert (taken["entries"], taken["pack"]["conflicts"], taken["pack"]["calls"]) == ([], 1, [stands])


def test_a_call_taken_back_is_forgotten_and_a_sheet_handed_in_is_locked(node):
    gone, submit = said(node, "delete", number=1), said(node, "submit", f"sheet-{DAY}", 2)
    answers = [answer(gone), answer(submit, sheet={"day_on": DAY, "status": "submitted"})]
    taken = node("absorb", pack(call()), [gone, submit], answers)
    assert taken["pack"]["calls"] == []
    assert node("isLocked", taken["pack"], [], DAY) is True


def test_a_wish_to_hand_in_locks_and_a_kept_promise_leaves(node):
    entries = [said(node, "submit", f"sheet-{DAY}"), said(node, "keep", "follow-up-9")]
    assert node("isLocked", pack(), entries, DAY) is True
    assert node("promises", pack(), entries) == []


@pytest.mark.parametrize(("hours", "stale"), [(1, False), (24, True), (-48, False)])
def test_the_age_of_the_oldest_draft_is_known(node, hours, stale):
    entries = [said(node, "log"), {**said(node, "log", "a"), "state": "attention"}]
    told = node("summary", entries, MS + hours * 3_600_000)
    assert told == {"unsent": 2, "attention": 1, "age_ms": max(0, hours * 3_600_000), "stale": stale}


def test_waiting_grows_and_ends(node):
    assert [node("delay", failures, 1) for failures in (0, 1, 2, 20)] == [2000, 4000, 8000, 300_000]
    assert node("delay", 0, 0) == 1000


def test_a_device_comes_no_earlier_than_a_busy_server_asked(node):
    asked = [node("asked", header) for header in ("5", None, "Mon, 23 Nov 2026 02:20:00 GMT", "86400")]
    assert asked == [5000, 0, 0, 300_000]
    assert [node("delay", 1, chance, 5000) for chance in (0, 1)] == [5000, 7500]
    assert node("delay", 5, 1, 5000) == 64_000


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (200, "answered"),
        (401, "sign-in"),
        (403, "role"),
        (409, "other"),
        (422, "batch"),
        (500, "again"),
        (502, "again"),
        (503, "again"),
    ],
)
def test_each_status_has_a_meaning(node, status, verdict):
    assert node("verdict", status) == verdict


def test_the_time_is_the_offices(node):
    at = 1_795_400_400_000  # 2026-11-23 02:20 UTC
    two_days = 48 * 3_600_000
    assert node("wall", "Asia/Shanghai", -two_days, at + two_days) == {"day": DAY, "time": "10:20"}


def test_doctors_are_found_by_han_pinyin_and_initials(node):
    doctors = [{"name": "张思远", "letters": "zsy zhangsiyuan"}, {"name": "王张", "letters": "wz wangzhang"}]
    assert [one["name"] for one in node("find", doctors, "ZHANG")] == ["张思远", "王张"]
    assert [one["name"] for one in node("find", doctors, "张")] == ["张思远", "王张"]
    assert [one["name"] for one in node("find", doctors, "zs")] == ["张思远"]
    assert node("find", doctors, " ") == []


FORM = [
    ("outcome", "partly"), ("kept", "9"), ("product_ids", "2"), ("rating_2", "5"), ("stock_2", ""), ("rating_4", ""),
    ("stock_4", "12"), ("next_step", "14"), ("follow_up_on", ""), ("follow_up_text", " Paper "), ("summary", "a\nb "),
    ("purposes", "other"), ("purposes", "increase_use"), ("call_type", "one_to_one"), ("started_at_time", "09:30"),
    ("other_doctor_ids", "8"), ("other_doctor_ids", "6"), ("competitor_ids", "3"), ("competitor_note", "Leaflets"),
]  # fmt: skip


def changed(**values: str) -> list[tuple[str, str]]:
    return [(name, values.get(name, value)) for name, value in FORM]


@pytest.mark.parametrize(
    "form",
    [
        FORM, changed(outcome="doctor_not_met"), changed(next_step=""),
        changed(next_step="date", follow_up_on="2026-12-01"),
        [pair for pair in FORM if pair[0] not in ("other_doctor_ids", "product_ids", "started_at_time")],
        [("outcome", "goal_met"), ("purposes", "other"), ("call_type", "phone"), ("next_step", "")],
    ],
)  # fmt: skip
def test_a_form_says_the_same_on_the_phone_and_on_the_server(node, form, app):
    assert node("read", form, DAY) == facts_by_the_server(app, form)


def facts_by_the_server(app, form) -> dict[str, Any]:
    """What the server's own form and report make of the same answers."""
    from datetime import date

    from repcrm.sync.facts import facts_of
    from repcrm.web.forms.calls import Offer, call_form
    from repcrm.web.shell import AnyProduct, AnyThing

    things: Any = [AnyThing(id=key) for key in (3, 6, 8, 9)]
    products: Any = [AnyProduct(id=2), AnyProduct(id=4)]
    offer = Offer(products, {}, competitors=things, others=things, promises=things)
    with app.test_request_context(method="POST"):
        filled = call_form(offer, formdata=MultiDict(form), meta={"csrf": False})
        assert filled.validate(), filled.errors
        return facts_of(filled.report(5, date(2026, 11, 23)))


def test_what_changed_are_the_facts_that_differ(node):
    assert node("changed", BLANK, {**BLANK, "summary": "x"}) == {"summary": "x"}
