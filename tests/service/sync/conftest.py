"""Devices of a rep: each says what was done on it, in the words that the door lets through."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest

from repcrm.calls.models import Call, CallStatus
from repcrm.core.errors import RepCRMError
from repcrm.organisation.access import Scope
from repcrm.sync.facts import BLANK
from repcrm.sync.operation import Kind, Operation
from repcrm.sync.service import take_in
from tests import factories
from tests.service.calls.conftest import NOW, TODAY, Field, field

__all__ = ["NOW", "TODAY", "Field", "field"]

_numbers = count(1)


def uuid(number: int | None = None) -> str:
    return f"01900000-0000-7000-8000-{number or next(_numbers):012x}"


def in_english(error: RepCRMError) -> str:
    return str(error)


@dataclass
class Phone:
    """One device of a rep."""

    field: Field
    who: Scope
    device_id: str

    def operation(self, kind: Kind, entity_id: str, **said: Any) -> Operation:
        words = {"op_id": uuid(), "day_on": TODAY, "doctor_id": self.field.doctor.id, "label": "Li Min", **said}
        return Operation(
            device_id=self.device_id, entity_id=entity_id, kind=kind, device_time=datetime(2026, 11, 21, tzinfo=UTC),
            **words,
        )  # fmt: skip

    def send(self, operation: Operation, now: datetime = NOW) -> dict[str, Any]:
        """Send an operation; returns its answer."""
        answer = take_in(self.field.session, self.who, operation, now=now, say=in_english)
        self.field.session.commit()
        return dict(json.loads(answer))

    def log(self, entity_id: str, **facts: Any) -> dict[str, Any]:
        said = {"result": "goal_met", "started_at_time": "10:00", **facts}
        return self.send(self.operation(Kind.LOG, entity_id, fields=said))

    def revise(self, call: dict[str, Any], **facts: Any) -> dict[str, Any]:
        """Change facts of a call as this device last saw it."""
        said = {"fields": facts, "base": call["facts"], "base_version": call["version"]}
        return self.send(self.operation(Kind.REVISE, call["entity_id"], **said))

    def delete(self, call: dict[str, Any]) -> dict[str, Any]:
        return self.send(self.operation(Kind.DELETE, call["entity_id"], base_version=call["version"]))


@pytest.fixture
def phone(field: Field) -> Phone:
    return Phone(field, field.rep, uuid())


@pytest.fixture
def tablet(field: Field) -> Phone:
    return Phone(field, field.rep, uuid())


@pytest.fixture
def planned(field: Field, save: Callable[..., Any]) -> Call:
    """A planned call of today."""
    call = factories.make_call(
        field.session, sheet=field.sheet(), hospital=field.hospital, department=field.department,
        main_doctor=field.doctor, status=CallStatus.PLANNED, is_planned=True,
    )  # fmt: skip
    return save(call)


def blank(**facts: Any) -> dict[str, Any]:
    return {**BLANK, **facts}
