"""The rhythm: how long a doctor may go without a call, and how many of a hospital have gone longer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from repcrm.calls.suggestions import CALLS_A_MONTH

CYCLE_DAYS = 28
"""A cycle of call planning: four weeks."""

RHYTHM_DAYS: Mapping[str, int] = {tier: -(-CYCLE_DAYS // calls) for tier, calls in CALLS_A_MONTH.items()}
"""Tier -> days between two calls, so that a cycle holds as many as a month asks for: key 4, general 14."""


def is_due(tier: str, last_call_on: date | None, today: date) -> bool:
    """Whether a doctor has not been called on within the rhythm of the tier; whoever never was is due."""
    return last_call_on is None or (today - last_call_on).days >= RHYTHM_DAYS[tier]


@dataclass(frozen=True)
class Due:
    """The doctors of a hospital by tier, those who are due, and the last call on any of them."""

    key: int = 0
    key_due: int = 0
    general: int = 0
    general_due: int = 0
    last_call_on: date | None = None

    @property
    def due(self) -> int:
        """Everybody who is due."""
        return self.key_due + self.general_due

    @property
    def doctors(self) -> int:
        """Everybody there."""
        return self.key + self.general


def count_due(doctors: Iterable[tuple[str, date | None]], today: date) -> Due:
    """Count who is due in a hospital.

    doctors  tier and last call of each doctor there; None: never called on
    """
    found = [(tier, last_on, is_due(tier, last_on, today)) for tier, last_on in doctors]
    key = [due for tier, _, due in found if tier == "key"]
    general = [due for tier, _, due in found if tier != "key"]
    last = max((last_on for _, last_on, _ in found if last_on), default=None)
    return Due(len(key), sum(key), len(general), sum(general), last)
