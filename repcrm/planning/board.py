"""A rep's cycle on one page, as values: days, visits, doctors, coverage and what is proposed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from repcrm.accounts.models import DoctorClass, Tier
from repcrm.accounts.models import Session as DayPart
from repcrm.calls.terms import MissReason
from repcrm.core.workdays import Doubt
from repcrm.diary.openings import Reason
from repcrm.planning.coverage import Coverage
from repcrm.planning.cycle import Cycle
from repcrm.planning.terms import Change, PlanStatus, ProposalKind, VisitOrigin, VisitState

Reasons = tuple[Mapping[str, Any], ...]
"""Of the planner: {"code": ..., "numbers": {...}} each, put into words by the door."""


def visit_key(doctor_id: int, day_on: date) -> str:
    """What a visit is called: a doctor is on a day once, in a plan and in a proposal alike."""
    return f"{doctor_id}-{day_on.isoformat()}"


def gap_percent(objective: float, upper_bound: float | None) -> float | None:
    """How far a plan can be from the best there is, in percent of the proven bound; None where nothing was proven."""
    return max(0.0, 100 * (upper_bound - objective) / abs(upper_bound)) if upper_bound else None


@dataclass(frozen=True)
class PlanHead:
    """The plan itself."""

    id: int
    version: int
    status: PlanStatus
    published_at: datetime | None
    published_by: str | None
    locked_at: datetime | None
    locked_by: str | None


@dataclass(frozen=True)
class BoardVisit:
    """A visit of the plan, or a call that came without one.

    key         see `visit_key`; verbs take doctor and day
    call_id     None in a draft
    is_planned  False: it was made without having been planned
    moved_from  the day it was published for, if another
    reason      why it was missed
    """

    key: str
    doctor_id: int
    doctor: str
    hospital_id: int
    day_on: date
    part: DayPart
    state: VisitState
    is_planned: bool = True
    is_pinned: bool = False
    origin: VisitOrigin | None = None
    call_id: int | None = None
    call_version: int | None = None
    moved_from: date | None = None
    miss_reason: MissReason | None = None
    words: str = ""

    @property
    def is_made(self) -> bool:
        """Whether the rep was there, the doctor met or not."""
        return self.state is VisitState.DONE or (self.state is VisitState.MISSED and self.miss_reason is None)

    @property
    def takes_time(self) -> bool:
        """Whether it fills minutes of its day: what was missed for a reason or cancelled does not."""
        return self.is_made or self.state in (VisitState.PLANNED, VisitState.UNRECORDED)


@dataclass(frozen=True)
class Ghost:
    """A visit of the open proposal, beside what stands in the plan.

    change  moved, added or dropped; a dropped one stands on the day it would leave
    """

    key: str
    doctor_id: int
    doctor: str
    hospital_id: int
    day_on: date
    part: DayPart
    change: Change
    from_on: date | None
    from_part: DayPart | None
    reasons: Reasons


@dataclass(frozen=True)
class Stop:
    """A hospital on the day's way: minutes from the stop before, or from where the day starts."""

    hospital_id: int
    part: DayPart
    minutes: int
    calls: int


@dataclass(frozen=True)
class BoardPart:
    """A part of a day."""

    part: DayPart
    minutes: int
    minutes_left: int
    reasons: tuple[Reason, ...]
    presences: tuple[int, ...]
    visits: tuple[BoardVisit, ...]
    ghosts: tuple[Ghost, ...]


@dataclass(frozen=True)
class BoardDay:
    """A day of the cycle.

    holiday  its Chinese and English name, of a public holiday or a make-up day
    calls    those that take time
    route    in the order of the day; home_minutes: from the last stop home
    """

    day_on: date
    works: bool
    holiday: tuple[str, str] | None
    parts: tuple[BoardPart, ...]
    calls: int
    most_calls: int
    hospitals: int
    minutes_left: int
    route: tuple[Stop, ...]
    home_minutes: int

    @property
    def visits(self) -> tuple[BoardVisit, ...]:
        """Those of all its parts."""
        return tuple(visit for part in self.parts for visit in part.visits)

    @property
    def way_minutes(self) -> int:
        """On the road, from and to where the day starts."""
        return sum(stop.minutes for stop in self.route) + self.home_minutes


@dataclass(frozen=True)
class BoardDoctor:
    """A doctor of the territory.

    goal         calls due in the cycle; must: those guaranteed
    planned      calls still to come
    done         calls in which the doctor was met
    missed       planned calls that did not come about
    remaining    of the goal, neither done nor planned
    due          calls owed by now by the rhythm of the goal
    days_unseen  since the last call; None: never met
    """

    id: int
    name: str
    doctor_class: DoctorClass
    tier: Tier
    rating: int | None
    hospital_id: int
    department: str
    goal: int
    must: int
    planned: int
    done: int
    missed: int
    due: int
    last_call_on: date | None
    days_unseen: int | None

    @property
    def remaining(self) -> int:
        """Calls of the goal that are neither done nor planned."""
        return max(0, self.goal - self.done - self.planned)


@dataclass(frozen=True)
class LeftOut:
    """A doctor the proposal gives no call, or fewer than due, and why."""

    doctor_id: int
    doctor: str
    reasons: Reasons


@dataclass(frozen=True)
class BoardProposal:
    """The open proposal.

    is_outdated  the plan has changed since: it can only be dismissed
    changes      how many visits it moves, adds and drops and have not been taken one by one
    """

    id: int
    version: int
    kind: ProposalKind
    made_at: datetime
    now_on: date
    objective: float
    upper_bound: float | None
    seconds: float
    is_outdated: bool
    changes: Mapping[Change, int]
    left_out: tuple[LeftOut, ...]
    must: Mapping[str, Any]

    @property
    def gap_percent(self) -> float | None:
        """How far from the proven bound at most, in percent of it; None where nothing was proven."""
        return gap_percent(self.objective, self.upper_bound)


@dataclass(frozen=True)
class Board:
    """A rep's cycle as it stands today.

    doubts     the years of the cycle whose working days are not certain
    plan       None: nothing was planned yet
    weeks      four, each its Monday to Friday and what else is worked
    hospitals  key -> short name, where there is one, else name
    """

    rep_id: int
    rep: str
    cycle: Cycle
    today: date
    doubts: tuple[Doubt, ...]
    plan: PlanHead | None
    weeks: tuple[tuple[BoardDay, ...], ...]
    doctors: tuple[BoardDoctor, ...]
    hospitals: Mapping[int, str]
    coverage: Coverage
    proposal: BoardProposal | None
    open_requests: int

    @property
    def days(self) -> tuple[BoardDay, ...]:
        """All days, in order."""
        return tuple(day for week in self.weeks for day in week)

    def week_of(self, day: date) -> tuple[BoardDay, ...]:
        """The days of the week a day of the cycle lies in."""
        return self.weeks[self.cycle.week_of(day)]
