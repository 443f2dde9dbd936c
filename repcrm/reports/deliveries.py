"""The deliveries of distributors that a report rests on, as its body keeps them: what is in, and what is usual."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from repcrm.core.periods import Period
from repcrm.core.words import N_
from repcrm.reports.words import Say
from repcrm.sales.deliveries import DeliveryState, Expectation, within
from repcrm.sales.models import DeliveryRhythm

SENTENCES = {
    DeliveryState.MISSING: N_(
        "%(source)s (reports %(rhythm)s): %(period)s was due %(due_on)s and is not in. Usual in this period: "
        "%(packs)s packs."
    ),
    DeliveryState.EXPECTED: N_(
        "%(source)s (reports %(rhythm)s): %(period)s is expected by %(due_on)s. Usual in this period: %(packs)s packs."
    ),
}
WITHOUT_PACKS = {
    DeliveryState.MISSING: N_("%(source)s (reports %(rhythm)s): %(period)s was due %(due_on)s and is not in."),
    DeliveryState.EXPECTED: N_("%(source)s (reports %(rhythm)s): %(period)s is expected by %(due_on)s."),
}
"""For whoever may not see the region's packs, and where nothing is usual yet."""
SHARE = N_("%(share)s of the usual volume is not in this report.")
ARRIVED = N_("%(source)s: %(period)s has arrived since the last revision, on %(at)s.")


class Delivery(NamedTuple):
    """One distributor and period of its rhythm that shares days with the report.

    due_on, arrived_at  ISO; None while it has not arrived
    packs               its usual volume on the days of the report
    """

    code: str
    name: str
    rhythm: str
    period: str
    due_on: str
    state: str
    arrived_at: str | None
    packs: int

    @property
    def is_in(self) -> bool:
        """Whether it has been delivered."""
        return self.state == DeliveryState.DELIVERED.value


def kept_of(expectation: Expectation, period: Period) -> list[Any]:
    """Return a delivery as a body keeps it.

    period  of the report
    """
    one, sender = expectation, expectation.sender
    arrived_at = one.arrived_at.isoformat() if one.arrived_at else None
    return [
        *Delivery(
            sender.code, sender.name, sender.rhythm.value, str(one.period), one.due_on.isoformat(), one.state.value,
            arrived_at, within(one, period.from_on, period.until_on),
        )
    ]  # fmt: skip


def deliveries_in(raw: Mapping[str, Any]) -> list[Delivery]:
    """Return the deliveries that a body keeps; none of a report that was frozen before they were kept."""
    return [Delivery(*kept) for kept in raw["data"].get("deliveries", [])]


def share_missing(raw: Mapping[str, Any]) -> Fraction | None:
    """Return the share of the usual volume that is not in a report, due or not; None where nothing is usual."""
    found = deliveries_in(raw)
    usual = sum(one.packs for one in found)
    return Fraction(sum(one.packs for one in found if not one.is_in), usual) if usual else None


def arrived_since(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[list[Any]]:
    """Return what one revision lacked and the next one has: name, period and when it arrived."""
    lacked = {(one.code, one.period) for one in deliveries_in(old) if not one.is_in}
    return [
        [one.name, one.period, one.arrived_at]
        for one in deliveries_in(new)
        if one.is_in and (one.code, one.period) in lacked
    ]


def without_packs(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a body says of its data, without the packs of the region's distributors."""
    return {**data, "deliveries": [[*kept[:-1], 0] for kept in data.get("deliveries", [])]}


def sentence(delivery: Delivery, say: Say, *, period: str, due_on: str, packs: str) -> str:
    """Put a delivery that is not in into words.

    period, due_on, packs  as the reader reads them
    """
    state = DeliveryState(delivery.state)
    words = (SENTENCES if delivery.packs else WITHOUT_PACKS)[state]
    rhythm = say(DeliveryRhythm(delivery.rhythm).label)
    return say(words) % {
        "source": delivery.name, "rhythm": rhythm, "period": period, "due_on": due_on, "packs": packs,
    }  # fmt: skip
