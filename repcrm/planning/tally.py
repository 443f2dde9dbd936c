"""What each doctor got and still gets in a cycle, counted from its visits."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from repcrm.planning.board import BoardVisit
from repcrm.planning.terms import VisitState


@dataclass
class Tally:
    """One doctor's visits: the days on which the doctor was met, is to be met, and was missed."""

    done: list[date] = field(default_factory=list)
    planned: list[date] = field(default_factory=list)
    missed: list[date] = field(default_factory=list)


def tally(visits: Iterable[BoardVisit]) -> Mapping[int, Tally]:
    """Return doctor -> Tally, an empty one for whoever has no visit. A visit not recorded yet is none of the three."""
    found: dict[int, Tally] = defaultdict(Tally)
    for visit in visits:
        mine = found[visit.doctor_id]
        match visit.state:
            case VisitState.DONE:
                mine.done.append(visit.day_on)
            case VisitState.PLANNED:
                mine.planned.append(visit.day_on)
            case VisitState.MISSED:
                mine.missed.append(visit.day_on)
    return found


def calls_due(goal: int, done: int, days_gone: int, days: int) -> int:
    """Calls a doctor is owed by now: the part of the goal whose time has come, less what was done.

    days_gone  working days of the cycle that have passed, today included
    days       working days of the cycle
    """
    return max(0, goal * days_gone // days - done) if days else 0
