"""An operation: one thing a rep did on a device, what it was about, and what can become of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Self

from repcrm.core.words import N_, Term


class Kind(Term):
    """What can be done on a device without a network."""

    LOG = "log", N_("record a call")
    REVISE = "revise", N_("change a call")
    DELETE = "delete", N_("take a call back")
    KEEP = "keep", N_("tick off a follow-up")
    SUBMIT = "submit", N_("hand in the sheet")


class Outcome(Term):
    """What became of an operation."""

    APPLIED = "applied", N_("done")
    CONFLICT = "conflict", N_("waits for a decision")
    REFUSED = "refused", N_("not accepted")


class ConflictKind(Term):
    """Why a rep has to decide."""

    CHANGED = "changed", N_("changed in two places")
    GONE = "gone", N_("changed here, taken back elsewhere")
    DELETED = "deleted", N_("taken back here, changed elsewhere")
    MOVED = "moved", N_("the doctor is not in your territory any more")


class Side(Term):
    """Whose words are kept."""

    MINE = "mine", N_("from this phone")
    THEIRS = "theirs", N_("as it stands now")
    BOTH = "both", N_("both")


CALL, FOLLOW_UP, SHEET = "call-", "follow-up-", "sheet-"
"""What an entity is called that the server made: its kind and its key, or its day. What a device made has a UUID."""


@dataclass(frozen=True)
class Operation:
    """One thing a rep did.

    op_id         made by the device, different for each
    entity_id     what it was done to: `call-17`, `follow-up-9`, `sheet-2026-11-23`, or the UUID of a call made offline
    base_version  the version of the call that the rep had before the eyes; None where there was none
    day_on        the day of the call, for one that is recorded
    doctor_id     its main doctor, for one that was not planned
    fields        fact -> what the rep says
    base          fact -> what the rep had before the eyes, of the same facts
    label         what the device calls it: the doctor's name
    device_time   by the clock of the device, aware
    """

    op_id: str
    device_id: str
    entity_id: str
    kind: Kind
    device_time: datetime
    base_version: int | None = None
    day_on: date | None = None
    doctor_id: int | None = None
    label: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    base: dict[str, Any] = field(default_factory=dict)

    def digest(self) -> str:
        """A fingerprint of everything it says."""
        return sha256(json.dumps(self.said(), sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def said(self) -> dict[str, Any]:
        """All of it in plain values; `read` makes the same operation of them."""
        return {
            **vars(self),
            "device_time": self.device_time.isoformat(),
            "day_on": self.day_on.isoformat() if self.day_on else None,
        }

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> Self:
        """An operation out of the log."""
        day_on = date.fromisoformat(said["day_on"]) if said["day_on"] else None
        at = datetime.fromisoformat(said["device_time"])
        return cls(**{**said, "kind": Kind(said["kind"]), "day_on": day_on, "device_time": at})

    def key_of(self, kind: str) -> int | None:
        """The key of the thing it is about, None if that is of another kind."""
        key = self.entity_id.removeprefix(kind)
        return int(key) if key != self.entity_id and key.isascii() and key.isdigit() and len(key) < 10 else None

    def sheet_day(self) -> date | None:
        """The day of the sheet it is about, None if it is about something else."""
        try:
            return date.fromisoformat(self.entity_id.removeprefix(SHEET)) if self.entity_id.startswith(SHEET) else None
        except ValueError:
            return None


def entity_of(call_id: int, client_id: str | None) -> str:
    """What devices call a call."""
    return client_id or f"{CALL}{call_id}"
