"""Where a cycle went another way than it was published: done, moved, missed and why, and what came unplanned."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from repcrm.calls.terms import MissReason
from repcrm.core.words import N_, Term
from repcrm.planning.terms import VisitState


class Fate(Term):
    """What became of a visit that was published, or where a call came from that was not."""

    AS_PLANNED = "as_planned", N_("done as planned")
    OTHER_DAY = "other_day", N_("done on another day")
    MISSED = "missed", N_("missed")
    CANCELLED = "cancelled", N_("cancelled")
    UNRECORDED = "unrecorded", N_("not recorded")
    MOVED = "moved", N_("moved to another day")
    TO_COME = "to_come", N_("still to come")
    UNPLANNED = "unplanned", N_("unplanned")
    ADDED = "added", N_("planned later")


AS_PUBLISHED = (Fate.AS_PLANNED, Fate.TO_COME)
"""Nothing to be said of them."""
NOT_MET = "not_met"
"""Missed on the spot: the rep was there and the doctor was not met."""


@dataclass(frozen=True)
class Published:
    """A visit as it was published; `call_id` None: its call is gone."""

    doctor_id: int
    day_on: date
    call_id: int | None


@dataclass(frozen=True)
class Made:
    """A call as it stands.

    reason  why it was missed; None also where the doctor was not met
    """

    id: int
    doctor_id: int
    day_on: date
    state: VisitState
    is_planned: bool
    reason: MissReason | None = None
    words: str = ""


@dataclass(frozen=True)
class Deviation:
    """A visit that went another way, or came without having been published.

    day_on     as published; of one that was not, the day of the call
    made_on    the day of the call now
    """

    doctor_id: int
    day_on: date
    made_on: date | None
    fate: Fate
    reason: MissReason | None
    words: str


@dataclass(frozen=True)
class Deviations:
    """A plan and what became of it.

    published  visits of the plan as it was published
    counts     fate -> visits or calls; of those published they add up to `published`
    reasons    why visits were missed -> how many; `NOT_MET`: the doctor was not met
    lines      all that went another way, in order of days
    """

    published: int = 0
    counts: Mapping[Fate, int] = field(default_factory=Counter)
    reasons: Mapping[str, int] = field(default_factory=Counter)
    lines: tuple[Deviation, ...] = ()

    @property
    def done(self) -> int:
        """Published visits that came about, on whatever day."""
        return self.counts[Fate.AS_PLANNED] + self.counts[Fate.OTHER_DAY]


def deviations(published: Iterable[Published], calls: Iterable[Made]) -> Deviations:
    """Hold what was published against the calls as they stand."""
    by_id = {call.id: call for call in calls}
    published = list(published)
    found = [_of_visit(visit, by_id.get(visit.call_id or 0)) for visit in published]
    known = {visit.call_id for visit in published}
    found += [_beside(call) for call in by_id.values() if call.id not in known]
    missed = [one for one in found if one.fate is Fate.MISSED]
    return Deviations(
        published=len(published),
        counts=Counter(one.fate for one in found),
        reasons=Counter(one.reason.value if one.reason else NOT_MET for one in missed),
        lines=tuple(
            sorted((one for one in found if one.fate not in AS_PUBLISHED), key=lambda one: (one.day_on, one.doctor_id))
        ),
    )


def _of_visit(visit: Published, call: Made | None) -> Deviation:
    if call is None:
        return Deviation(visit.doctor_id, visit.day_on, None, Fate.CANCELLED, None, "")
    other_day = call.day_on != visit.day_on
    fates = {
        VisitState.DONE: Fate.OTHER_DAY if other_day else Fate.AS_PLANNED,
        VisitState.MISSED: Fate.MISSED,
        VisitState.CANCELLED: Fate.CANCELLED,
        VisitState.UNRECORDED: Fate.UNRECORDED,
        VisitState.PLANNED: Fate.MOVED if other_day else Fate.TO_COME,
    }
    return Deviation(visit.doctor_id, visit.day_on, call.day_on, fates[call.state], call.reason, call.words)


def _beside(call: Made) -> Deviation:
    """A call that was not published: made as it came, or planned later."""
    fate = Fate.ADDED if call.is_planned else Fate.UNPLANNED
    return Deviation(call.doctor_id, call.day_on, call.day_on, fate, call.reason, call.words)
