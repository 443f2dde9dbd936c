"""What a rep's device carries: a fortnight of the own plan and the doctors on it, and nothing more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from repcrm.calls.terms import CallPurpose, CallResult, CallStatus, SheetStatus

DAYS_EITHER_WAY = 7
LAST_CALLS = 3
"""So many earlier calls on each doctor go along."""


def window(today: date) -> tuple[date, date]:
    """The days that go along: the first, and the first that does not any more."""
    return today - timedelta(days=DAYS_EITHER_WAY), today + timedelta(days=DAYS_EITHER_WAY + 1)


@dataclass(frozen=True)
class PackDay:
    """A day of the plan. `status` is None while no sheet has been begun."""

    day_on: date
    status: SheetStatus | None
    works: bool


@dataclass(frozen=True)
class PackCall:
    """A call on an own sheet; `facts` is what it says, see `sync/facts.py`."""

    entity_id: str
    call_id: int
    version: int
    day_on: date
    status: CallStatus
    is_planned: bool
    doctor_id: int
    doctor: str
    hospital_id: int
    hospital: str
    department: str | None
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class LastCall:
    """An earlier call on a doctor."""

    day_on: date
    result: CallResult
    summary: str
    purposes: tuple[CallPurpose, ...]
    product_ids: tuple[int, ...]


@dataclass(frozen=True)
class PackDoctor:
    """A doctor who may be met in these days; `letters` is how the name is found without 汉字."""

    id: int
    name: str
    letters: str
    is_key: bool
    hospital_id: int
    hospital: str
    department: str | None
    ratings: Mapping[int, int]
    last_calls: tuple[LastCall, ...]


@dataclass(frozen=True)
class PackPromise:
    """An open follow-up."""

    id: int
    doctor_id: int
    doctor: str
    due_on: date
    text: str


@dataclass(frozen=True)
class PackProduct:
    """A product and its competitors."""

    id: int
    name: str
    unit: str
    competitors: Mapping[int, str]


@dataclass(frozen=True)
class Pack:
    """Everything that goes along. `held` says which products are the rep's where: hospital -> products."""

    user_id: int
    role: str
    made_at: datetime
    time_zone: str
    today: date
    days: tuple[PackDay, ...]
    calls: tuple[PackCall, ...]
    doctors: tuple[PackDoctor, ...]
    promises: tuple[PackPromise, ...]
    products: tuple[PackProduct, ...]
    held: Mapping[int, tuple[int, ...]]
    conflicts: int
    """Decisions that wait for the rep."""
