"""What a rep may ask to have changed while a plan is locked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from repcrm.accounts.models import Session as DayPart
from repcrm.core.errors import BadInput
from repcrm.core.words import N_
from repcrm.planning.terms import Wish


@dataclass(frozen=True)
class Wanted:
    """One change of a plan.

    from_on       the day of the visit to be moved or taken out
    day_on, part  where it is to stand

    raises  BadInput if what the change needs is missing
    """

    what: Wish
    doctor_id: int
    from_on: date | None = None
    day_on: date | None = None
    part: DayPart | None = None

    def __post_init__(self) -> None:
        """Refuse a change that says too little."""
        if self.what is not Wish.ADD and self.from_on is None:
            raise BadInput(N_("Say which visit."), field="from_on")
        if self.what is not Wish.REMOVE and (self.day_on is None or self.part is None):
            raise BadInput(N_("Say on which day and in which part of it."), field="day_on")

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "what": self.what.value,
            "doctor_id": self.doctor_id,
            "from_on": self.from_on.isoformat() if self.from_on else None,
            "day_on": self.day_on.isoformat() if self.day_on else None,
            "part": self.part.value if self.part else None,
        }


def read_wanted(kept: Mapping[str, Any]) -> Wanted:
    """Read a change as it is kept."""
    return Wanted(
        Wish(kept["what"]),
        kept["doctor_id"],
        date.fromisoformat(kept["from_on"]) if kept["from_on"] else None,
        date.fromisoformat(kept["day_on"]) if kept["day_on"] else None,
        DayPart(kept["part"]) if kept["part"] else None,
    )
