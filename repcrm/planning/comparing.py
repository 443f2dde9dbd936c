"""What a new plan does with the visits there are: kept, moved, added, dropped."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from repcrm.accounts.models import Session as DayPart
from repcrm.planning.board import Reasons
from repcrm.planning.proposal import ProposedVisit
from repcrm.planning.terms import Change


@dataclass(frozen=True, order=True)
class Placed:
    """A doctor on a day, in a part of it."""

    doctor_id: int
    day_on: date
    part: DayPart
    hospital_id: int


@dataclass(frozen=True)
class Step:
    """One visit from what is to what would be; None on either side: there is none."""

    before: Placed | None
    after: Placed | None

    @property
    def change(self) -> Change:
        """What it does."""
        if self.before is None:
            return Change.ADDED
        if self.after is None:
            return Change.DROPPED
        same = (self.before.day_on, self.before.part) == (self.after.day_on, self.after.part)
        return Change.KEPT if same else Change.MOVED


def compare(standing: Iterable[Placed], wanted: Iterable[Placed]) -> list[Step]:
    """Pair the visits there are with those wanted, doctor by doctor; the fewest that can be are moved.

    A visit that keeps its day is kept, or moved within it. Of the others the first goes to the first day left, the
    second to the second: no two ever want to change places.
    """
    before, after = _by_doctor(standing), _by_doctor(wanted)
    steps: list[Step] = []
    for doctor_id in sorted(before.keys() | after.keys()):
        old, new = before[doctor_id], after[doctor_id]
        steps += [Step(old[day], new[day]) for day in sorted(old.keys() & new.keys())]
        leaving = [old[day] for day in sorted(old.keys() - new.keys())]
        coming = [new[day] for day in sorted(new.keys() - old.keys())]
        steps += [Step(one, other) for one, other in zip(leaving, coming, strict=False)]
        steps += [Step(one, None) for one in leaving[len(coming) :]]
        steps += [Step(None, other) for other in coming[len(leaving) :]]
    return steps


def proposed(steps: Iterable[Step], reasons_of: Callable[[Step], Reasons]) -> tuple[ProposedVisit, ...]:
    """The same as the visits of a proposal, in order of days."""
    visits = []
    for step in steps:
        place = step.after or step.before
        assert place is not None, "a step has a side"
        moved = step.change is Change.MOVED and step.before is not None
        visits.append(
            ProposedVisit(
                place.doctor_id, place.hospital_id, place.day_on, place.part, step.change,
                step.before.day_on if moved and step.before else None,
                step.before.part if moved and step.before else None, reasons_of(step),
            )
        )  # fmt: skip
    return tuple(sorted(visits, key=lambda one: (one.day_on, list(DayPart).index(one.part), one.doctor_id)))


def _by_doctor(visits: Iterable[Placed]) -> dict[int, dict[date, Placed]]:
    found: dict[int, dict[date, Placed]] = defaultdict(dict)
    for visit in visits:
        found[visit.doctor_id][visit.day_on] = visit
    return found
