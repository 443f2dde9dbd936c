"""The problem of one rep and one cycle: what there is to decide on, as plain values that have been checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

DAYS_PER_WEEK = 5
"""Working days of a week where a problem does not say which week each day is in."""
NEVER = 999
"""Days since the last call of a doctor nobody has called yet."""

Slot = tuple[int, int]
"""A day of the cycle and a session of that day."""


@dataclass(frozen=True)
class HospitalStop:
    """A hospital as a stop on the way.

    entry_minutes  lost in each session in which it is entered (gate, lift, ward)
    """

    entry_minutes: int
    lat: float = 0.0
    lon: float = 0.0


@dataclass(frozen=True)
class Window:
    """Calls between two days (the second not included) earn a bonus each, up to the rhythm of the tier."""

    first_day: int
    until_day: int
    target: int
    bonus: float


@dataclass(frozen=True)
class DoctorNeed:
    """What a doctor is worth and when the doctor can be met.

    hospital         index of the hospital
    frequency        most calls in the cycle, those already made included
    max_per_week     most calls in a week of five working days
    available        the slots of the clinic roster
    marginal_value   k -> value of the (k+1)-th call of the cycle, never increasing; further calls are worth nothing
    must             calls guaranteed: missing one costs `Rules.must_penalty`
    """

    id: int
    hospital: int
    call_minutes: int
    frequency: int
    min_spacing_days: int
    max_per_week: int
    available: tuple[Slot, ...]
    marginal_value: tuple[float, ...]
    evenness: tuple[Window, ...] = ()
    days_since_last_call: int = NEVER
    must: int = 0

    def value_of_call(self, number: int) -> float:
        """Value of the `number`-th call of the cycle, counted from 0."""
        return self.marginal_value[number] if number < len(self.marginal_value) else 0.0


@dataclass(frozen=True)
class Rules:
    """What holds for every day of the cycle, and the prices of what is only unwelcome.

    break_minutes     longest hop from one session to the next, a number for each pair of neighbours
    hop_minutes       longest hop inside a session
    """

    break_minutes: tuple[int, ...]
    hospitals_per_session: int
    hop_minutes: int
    evenings_per_week: int
    evening_cost: float
    travel_cost_per_minute: float
    must_penalty: float


@dataclass(frozen=True)
class Presence:
    """A hospital that must be on the way in a session: a department meeting."""

    day: int
    session: int
    hospital: int


@dataclass(frozen=True, order=True)
class Visit:
    """A call of a plan: a doctor in a slot.

    pinned  somebody wants exactly this one: the planner may not move it
    """

    day: int
    session: int
    doctor: int
    pinned: bool = field(default=False, compare=False)

    @property
    def slot(self) -> Slot:
        """Day and session."""
        return (self.day, self.session)


@dataclass(frozen=True)
class Problem:
    """One rep's cycle. It refuses to exist with a value that makes no sense (`BadInput`, naming the value's path).

    days, sessions      working days 0..days-1; names of the sessions of a day, the last is the evening
    travel_minutes      from row to column, the last index is home
    session_minutes     [day][session], meetings and leave taken off; 0 is closed
    max_calls           calls of each day
    done                doctor -> days of the cycle on which the doctor has been called already
    now                 days before it are past: nothing is planned there
    published           the plan that is being mended; pinned visits are kept, the others if it costs little
    keep_day_bonus      what a published visit earns the search (never the objective) by keeping its day
    keep_session_bonus  and what it earns on top by keeping its session
    weeks               the number of each day's week, from 0 and never falling; left away, each week has five days
    """

    days: int
    sessions: tuple[str, ...]
    hospitals: tuple[HospitalStop, ...]
    travel_minutes: tuple[tuple[int, ...], ...]
    session_minutes: tuple[tuple[int, ...], ...]
    max_calls: tuple[int, ...]
    rules: Rules
    doctors: tuple[DoctorNeed, ...]
    presence: tuple[Presence, ...] = ()
    done: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    now: int = 0
    published: tuple[Visit, ...] = ()
    keep_day_bonus: float = 0.0
    keep_session_bonus: float = 0.0
    name: str = ""
    weeks: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what makes no sense."""
        from repcrm.planning.engine.checks import check_problem  # it looks at the classes above

        check_problem(self)

    @classmethod
    def from_dict(cls, data: Any) -> Self:
        """Read the JSON form (docs/planning.md); keys it does not know are ignored.

        raises  BadInput naming the path of the value, such as `doctors[3].call_minutes`
        """
        from repcrm.planning.engine.problem_file import read_problem  # it builds the classes above

        return cls(**read_problem(data))

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        from repcrm.planning.engine.problem_file import write_problem  # it looks at the classes above

        return write_problem(self)

    @property
    def home(self) -> int:
        """Index of home in `travel_minutes`."""
        return len(self.hospitals)

    @cached_property
    def week_of(self) -> tuple[int, ...]:
        """Day -> its week; a week with a make-up Saturday has six days."""
        return self.weeks or tuple(day // DAYS_PER_WEEK for day in range(self.days))

    @property
    def at_stake(self) -> float:
        """What the guarantees that are still open cost together if none is kept."""
        missing = sum(max(0, doctor.must - len(self.done.get(doctor.id, ()))) for doctor in self.doctors)
        return self.rules.must_penalty * missing

    @property
    def week_count(self) -> int:
        """Weeks of the cycle, the last perhaps a short one."""
        return self.week_of[-1] + 1 if self.days else 0

    @cached_property
    def doctor(self) -> dict[int, DoctorNeed]:
        """Doctor by id."""
        return {doctor.id: doctor for doctor in self.doctors}

    @cached_property
    def slots(self) -> dict[int, frozenset[Slot]]:
        """Doctor -> slots of the roster."""
        return {doctor.id: frozenset(doctor.available) for doctor in self.doctors}

    @cached_property
    def meetings(self) -> dict[Slot, frozenset[int]]:
        """Slot -> hospitals that must be on the way then, of the days that are not past."""
        found: dict[Slot, set[int]] = {}
        for one in self.presence:
            if one.day >= self.now:
                found.setdefault((one.day, one.session), set()).add(one.hospital)
        return {slot: frozenset(hospitals) for slot, hospitals in found.items()}

    @cached_property
    def pinned(self) -> tuple[Visit, ...]:
        """The visits that must stay as they are, in order of time; what was pinned in the past has passed."""
        return tuple(sorted(visit for visit in self.published if visit.pinned and visit.day >= self.now))
