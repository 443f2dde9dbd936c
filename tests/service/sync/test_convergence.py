"""Any history of two devices on a network that loses, repeats and delays: nothing lost, twice, or overwritten.

The devices run the real log.js; the server is the real verbs on SQLite. Between them is a network that a test can bend.
"""

import json
import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.api.schemas import OperationIn
from repcrm.calls.models import Call, CallStatus
from repcrm.core.workdays import WorkCalendar
from repcrm.db.engine import make_engine
from repcrm.sync.models import SyncConflict, SyncOperation
from repcrm.sync.operation import Outcome
from repcrm.sync.pack import Pack
from repcrm.sync.queries import call_facts, get_pack
from repcrm.sync.service import take_in
from tests import factories
from tests.service.calls.conftest import Field
from tests.service.sync.conftest import NOW, TODAY, in_english, uuid
from tests.unit.sync.node import Node, running_node

pytestmark = [pytest.mark.databases("sqlite"), pytest.mark.slow]

PACK = TypeAdapter(Pack)
WORDS = st.sampled_from(["a", "b", "c"])
RESULTS = st.sampled_from(["goal_met", "partly", "not_met"])
DEVICES = st.sampled_from([0, 1])


class Device:
    """A phone: the state that store.js keeps, moved by log.js."""

    def __init__(self, node: Node, number: int, pack: dict[str, Any]) -> None:
        self.node = node
        self.id = uuid()
        self.pack = pack
        self.entries: list[dict[str, Any]] = []
        self.chance = random.Random(number)
        self.ms = 1_700_000_000_000 + number * 48 * 3_600_000  # clocks two days apart

    def calls(self) -> list[dict[str, Any]]:
        """The calls as they look on it, in an order that does not depend on chance."""
        seen: list[dict[str, Any]] = self.node("view", self.pack, self.entries)
        return sorted(seen, key=lambda call: (call["doctor_id"], call["entity_id"]))

    def do(self, kind: str, about: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
        """Do something on it."""
        self.ms += 1000
        entry = self.node("entry", kind, about, fields, self.ms, self.chance.choices(range(256), k=10))
        entry["seq"] = self.ms
        self.entries.append(entry)
        return dict(entry)

    def take(self, answers: list[dict[str, Any]]) -> None:
        """Take answers in."""
        taken = self.node("absorb", self.pack, self.entries, answers)
        self.pack, self.entries = taken["pack"], taken["entries"]


class Server:
    """The real verbs, and a memory of every fact before and after each operation."""

    def __init__(self, field: Field) -> None:
        self.field = field
        self.first_answers: dict[str, str] = {}
        self.overwritten: list[tuple[str, str]] = []

    def pack(self) -> dict[str, Any]:
        """What a device gets."""
        found = get_pack(self.field.session, self.field.rep, WorkCalendar([]), now=NOW)
        pack: dict[str, Any] = json.loads(PACK.dump_json(found))
        return pack

    def facts(self) -> dict[str, dict[str, Any]]:
        """Entity -> what the call says; made ones only."""
        calls = self.field.session.scalars(select(Call).where(Call.status == CallStatus.DONE)).all()
        facts = call_facts(self.field.session, self.field.rep, calls)
        return {call.client_id or f"call-{call.id}": facts[call.id] for call in calls}

    def receive(self, device: Device, said: dict[str, Any]) -> dict[str, Any]:
        """Take an operation in, and see that it overwrote nothing that its device had not before its eyes."""
        operation = OperationIn.model_validate(said).operation(device.id)
        before = self.facts().get(operation.entity_id)
        known = operation.op_id in self.first_answers
        answer = take_in(self.field.session, self.field.rep, operation, now=NOW, say=in_english)
        self.field.session.commit()
        after = self.facts().get(operation.entity_id)
        if known:
            assert answer == self.first_answers[operation.op_id]
            assert before == after, "done twice"
        self.first_answers[operation.op_id] = answer
        for name, was in (before or {}).items():
            stands = None if after is None else after[name]
            seen = operation.base.get(name, was if operation.kind == "delete" else None)
            if after is not None and stands != was and was != seen:
                self.overwritten.append((operation.op_id, name))
        return dict(json.loads(answer))


class TwoDevices(RuleBasedStateMachine):
    """A rep with two phones."""

    node: Node
    make_server: Any

    @initialize()
    def begin(self) -> None:
        self.world = self.make_server()
        self.server: Server = self.world.__enter__()
        self.devices = [Device(self.node, number, self.server.pack()) for number in (0, 1)]
        self.done: dict[str, dict[str, Any]] = {}
        self.on_the_way: list[tuple[Device, list[dict[str, Any]]]] = []

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.settle()
            self.world.__exit__(None, None, None)

    def note(self, entry: dict[str, Any]) -> None:
        self.done[entry["op"]["op_id"]] = entry["op"]

    @rule(at=DEVICES, result=RESULTS, words=WORDS, colleague=st.booleans())
    def meet_somebody(self, at: int, result: str, words: str, colleague: bool) -> None:
        device, field = self.devices[at], self.server.field
        doctor = field.colleague if colleague else field.doctor
        about = {"entity_id": uuid(), "day_on": str(TODAY), "doctor_id": doctor.id, "label": doctor.name}
        at_time = f"0{device.ms // 1000 % 10}:{device.ms // 10_000 % 60:02}"
        self.note(device.do("log", about, {"result": result, "summary": words, "started_at_time": at_time}))

    @rule(at=DEVICES, which=st.integers(0, 5), result=RESULTS, words=WORDS)
    def record_what_was_planned(self, at: int, which: int, result: str, words: str) -> None:
        device = self.devices[at]
        if planned := [call for call in device.calls() if call["status"] == "planned"]:
            about = self.node("about", planned[which % len(planned)])
            self.note(device.do("log", about, {"result": result, "summary": words}))

    @rule(at=DEVICES, which=st.integers(0, 9), name=st.sampled_from(["summary", "result", "purposes"]), words=WORDS)
    def change(self, at: int, which: int, name: str, words: str) -> None:
        device = self.devices[at]
        if made := [call for call in device.calls() if call["status"] == "done"]:
            value = {"summary": words, "result": {"a": "goal_met", "b": "partly", "c": "not_met"}[words],
                     "purposes": [{"a": "other", "b": "check_stock", "c": "solve_problem"}[words]]}[name]  # fmt: skip
            call = made[which % len(made)]
            if call["facts"][name] != value:
                self.note(device.do("revise", self.node("about", call), {name: value}))

    @rule(at=DEVICES, which=st.integers(0, 9))
    def take_back(self, at: int, which: int) -> None:
        device = self.devices[at]
        if made := [call for call in device.calls() if call["status"] == "done"]:
            self.note(device.do("delete", self.node("about", made[which % len(made)]), {}))

    @rule(at=DEVICES, fate=st.sampled_from(["arrive", "arrive", "lose", "deafen", "repeat", "delay"]))
    def send(self, at: int, fate: str) -> None:
        device = self.devices[at]
        batch = [entry["op"] for entry in self.node("next", device.entries)]
        if not batch or fate == "lose":
            return
        if fate == "delay":
            self.on_the_way.append((device, batch))
            return
        for _ in range(2 if fate == "repeat" else 1):
            answers = [self.server.receive(device, said) for said in batch]
        if fate != "deafen":
            device.take(answers)

    @precondition(lambda self: self.on_the_way)
    @rule(which=st.integers(0, 9), heard=st.booleans())
    def arrive_late(self, which: int, heard: bool) -> None:
        device, batch = self.on_the_way.pop(which % len(self.on_the_way))
        answers = [self.server.receive(device, said) for said in batch]
        if heard:
            device.take(answers)

    @rule(at=DEVICES)
    def fetch_the_pack(self, at: int) -> None:
        self.devices[at].pack = self.server.pack()

    @invariant()
    def nothing_is_overwritten_in_silence(self) -> None:
        if hasattr(self, "server"):
            assert self.server.overwritten == []

    def settle(self) -> None:
        """The network comes back: everything is sent, every pack fetched, and all sides say the same."""
        for device, batch in self.on_the_way:
            for said in batch:
                self.server.receive(device, said)
        for _ in range(50):
            for device in self.devices:
                if batch := [entry["op"] for entry in self.node("next", device.entries)]:
                    device.take([self.server.receive(device, said) for said in batch])
        session = self.server.field.session
        kept = {row.op_id: row for row in session.scalars(select(SyncOperation))}
        refused = {entry["op"]["op_id"] for device in self.devices for entry in device.entries}
        assert kept.keys() | refused == self.done.keys()  # nothing lost: with the server, or still on its device
        assert all(kept[op_id].outcome is Outcome.REFUSED for op_id in refused if op_id in kept)
        waiting = [entry for device in self.devices for entry in device.entries if entry["state"] == "waiting"]
        held = {entry["op"]["entity_id"] for device in self.devices for entry in device.entries}
        assert all(entry["op"]["entity_id"] in held for entry in waiting)
        self._every_word_is_somewhere(session, kept)
        stands = self.server.facts()
        for device in self.devices:
            device.pack, device.entries = self.server.pack(), []
            assert {call["entity_id"]: call["facts"] for call in device.calls() if call["status"] == "done"} == stands

    def _every_word_is_somewhere(self, session: Session, kept: dict[str, SyncOperation]) -> None:
        """What was said stands on the call, or was changed by a later word, or waits for a decision."""
        conflicts = {one.operation_id: one for one in session.scalars(select(SyncConflict))}
        for row in kept.values():
            if row.outcome is Outcome.CONFLICT:
                assert row.id in conflicts
        logged = [row.entity_id for row in kept.values() if row.kind == "log" and row.outcome is Outcome.APPLIED]
        gone = {row.entity_id for row in kept.values() if row.kind == "delete"}
        assert set(logged) <= self.server.facts().keys() | gone


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    with running_node() as node:
        yield node


def test_any_history_converges_and_loses_nothing(node, request, tmp_path):
    make_server = maker(request.getfixturevalue("_sqlite_template"), tmp_path)
    machine = type("Machine", (TwoDevices,), {"node": node, "make_server": staticmethod(make_server)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


def maker(template, folder):
    """Makes a server on a fresh database each time."""

    @contextmanager
    def made() -> Iterator[Server]:
        file = shutil.copy(template, folder / f"{uuid()}.sqlite3")
        engine = make_engine(f"sqlite:///{file}")
        with Session(engine, expire_on_commit=True) as session:
            yield Server(a_field(session))
        engine.dispose()

    return made


def a_field(session: Session) -> Field:
    region = factories.make_region(session)
    rep, lead = factories.make_rep(session, region=region), factories.make_lead(session, region=region)
    hospital = factories.make_hospital(session, region=region)
    product, other = factories.make_product(session), factories.make_product(session)
    factories.make_assignment(session, hospital=hospital, product=product, rep=rep)
    department = factories.make_department(session, hospital=hospital)
    doctor, colleague = (factories.make_doctor(session, department=department) for _ in range(2))
    sheet = factories.make_sheet(session, rep=rep, day_on=TODAY)
    for one in (doctor, colleague):
        factories.make_clinic_session(session, doctor=one)
        factories.make_call(
            session, sheet=sheet, hospital=hospital, department=department, main_doctor=one,
            status=CallStatus.PLANNED, is_planned=True,
        )  # fmt: skip
    session.commit()
    return Field(
        session, factories.scope_of(rep, TODAY), factories.scope_of(lead, TODAY), hospital, department, doctor,
        colleague, product, other,
    )  # fmt: skip
