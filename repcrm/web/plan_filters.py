"""Which of a rep's doctors the plan page lists."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from flask_babel import gettext as _

from repcrm.accounts.models import Tier
from repcrm.planning.board import Board, BoardDoctor
from repcrm.web.terms import member_of, number_of

UNSEEN_STEPS = (7, 14, 28, 56)
"""Days one can ask for."""
OWED, SHORT = "owed", "short"


@dataclass(frozen=True)
class Filters:
    """What is chosen; None and empty take every doctor."""

    hospital: int | None = None
    tier: Tier | None = None
    rating: int | None = None
    due: str = ""
    unseen: int | None = None

    @classmethod
    def read(cls, args: Mapping[str, str]) -> Self:
        """Return what an address asks for; what nobody can have meant is nothing."""
        due = args.get("due", "")
        return cls(
            number_of(args.get("hospital")),
            member_of(Tier, args.get("tier")),
            number_of(args.get("rating")),
            due if due in (OWED, SHORT) else "",
            number_of(args.get("unseen")),
        )

    def args(self) -> dict[str, Any]:
        """The arguments of an address that asks for the same."""
        found = {
            "hospital": self.hospital, "tier": self.tier and self.tier.value, "rating": self.rating, "due": self.due,
            "unseen": self.unseen,
        }  # fmt: skip
        return {name: value for name, value in found.items() if value not in (None, "")}

    def takes(self, doctor: BoardDoctor) -> bool:
        """Whether a doctor is listed."""
        return (
            self.hospital in (None, doctor.hospital_id)
            and self.tier in (None, doctor.tier)
            and self.rating in (None, doctor.rating or 0)
            and (self.due != OWED or doctor.due > 0)
            and (self.due != SHORT or doctor.remaining > 0)
            and (self.unseen is None or doctor.days_unseen is None or doctor.days_unseen > self.unseen)
        )

    def offers(self, board: Board) -> dict[str, Any]:
        """What can be chosen, and what is."""
        held = {doctor.hospital_id for doctor in board.doctors}
        return {
            "hospital": self.hospital,
            "tier": self.tier and self.tier.value,
            "rating": self.rating,
            "due": self.due,
            "unseen": self.unseen,
            "hospitals": sorted(
                ((key, name) for key, name in board.hospitals.items() if key in held), key=lambda one: one[1]
            ),
            "tiers": [(tier.value, _(tier.label)) for tier in Tier],
            "ratings": [*((str(rating), str(rating)) for rating in range(7, 0, -1)), ("0", _("not rated"))],
            "unseen_steps": [(str(days), _("more than %(days)s days", days=days)) for days in UNSEEN_STEPS],
        }
