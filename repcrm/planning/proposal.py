"""A proposal as it is kept: what it does with each visit and why, and whom it leaves out and why."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from repcrm.accounts.models import Session as DayPart
from repcrm.planning.board import Reasons, visit_key
from repcrm.planning.terms import Change


@dataclass(frozen=True)
class ProposedVisit:
    """A visit of a proposal.

    day_on, part  where it would stand; of a dropped one, where it stands
    from_on ..    where a moved one stands now
    reasons       {"code": ..., "numbers": {...}} each
    """

    doctor_id: int
    hospital_id: int
    day_on: date
    part: DayPart
    change: Change
    from_on: date | None = None
    from_part: DayPart | None = None
    reasons: Reasons = ()

    @property
    def key(self) -> str:
        """What it is called, see `visit_key`."""
        return visit_key(self.doctor_id, self.day_on)

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "key": self.key,
            "doctor": self.doctor_id,
            "hospital": self.hospital_id,
            "day": self.day_on.isoformat(),
            "part": self.part.value,
            "change": self.change.value,
            "from": {"day": self.from_on.isoformat(), "part": self.from_part.value}
            if self.from_on and self.from_part
            else None,
            "reasons": list(self.reasons),
        }


@dataclass(frozen=True)
class Proposed:
    """The body of a proposal.

    taken     keys of changes that have been accepted one by one
    left_out  doctor and reasons
    must      what is to be said of guaranteed calls that do not fit
    """

    visits: tuple[ProposedVisit, ...]
    left_out: tuple[tuple[int, Reasons], ...]
    must: Mapping[str, Any]
    taken: frozenset[str] = frozenset()

    @cached_property
    def open_changes(self) -> tuple[ProposedVisit, ...]:
        """The visits that would change something and have not been taken yet."""
        return tuple(one for one in self.visits if one.change is not Change.KEPT and one.key not in self.taken)

    @cached_property
    def change_by_doctor(self) -> Mapping[int, int]:
        """Doctor -> calls more or fewer if all that is open were taken."""
        step = {Change.ADDED: 1, Change.DROPPED: -1}
        found: Counter[int] = Counter()
        for one in self.open_changes:
            found[one.doctor_id] += step.get(one.change, 0)
        return found

    @cached_property
    def doctor_ids(self) -> frozenset[int]:
        """Everybody it mentions."""
        return frozenset(one.doctor_id for one in self.visits) | {doctor_id for doctor_id, _ in self.left_out}

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "visits": [one.to_json() for one in self.visits],
            "left_out": [{"doctor": doctor_id, "reasons": list(reasons)} for doctor_id, reasons in self.left_out],
            "must": dict(self.must),
        }


def read_proposal(body: Mapping[str, Any], taken: Collection[str] = ()) -> Proposed:
    """Read a proposal as it is kept."""
    return Proposed(
        tuple(_read_visit(one) for one in body["visits"]),
        tuple((one["doctor"], tuple(one["reasons"])) for one in body["left_out"]),
        body["must"],
        frozenset(taken),
    )


def _read_visit(one: Mapping[str, Any]) -> ProposedVisit:
    came_from = one["from"]
    return ProposedVisit(
        doctor_id=one["doctor"],
        hospital_id=one["hospital"],
        day_on=date.fromisoformat(one["day"]),
        part=DayPart(one["part"]),
        change=Change(one["change"]),
        from_on=date.fromisoformat(came_from["day"]) if came_from else None,
        from_part=DayPart(came_from["part"]) if came_from else None,
        reasons=tuple(one["reasons"]),
    )
