"""The ground a cycle is planned on: its days, what is open on them, the field, and the ways between hospitals."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from repcrm.accounts.models import Session as DayPart
from repcrm.core.workdays import Doubt
from repcrm.diary.openings import Opening
from repcrm.planning.cycle import Cycle
from repcrm.planning.engine.problem import DoctorNeed, HospitalStop, Presence, Problem, Rules, Visit
from repcrm.planning.engine.routing import route_day, spare_minutes
from repcrm.planning.field import Field
from repcrm.planning.policy import Policy

PARTS = tuple(DayPart)


@dataclass(frozen=True)
class Leg:
    """A hospital on a day's way, and the minutes from the one before, or from where the day starts."""

    hospital_id: int
    part: DayPart
    minutes: int


@dataclass(frozen=True)
class Way:
    """A day's way: its legs in order, and the minutes from the last hospital to where the day ends."""

    legs: tuple[Leg, ...] = ()
    home_minutes: int = 0


@dataclass(frozen=True)
class Ground:
    """What holds for one rep and cycle before anybody is called on.

    days      Mondays to Fridays and what else is worked, in order: the days of the planner's problem
    works     those that are worked
    holidays  day -> its Chinese and English name, of public holidays and make-up days
    doubts    the years of the cycle whose working days are not certain
    openings  (day, part) -> minutes at disposal, why they are fewer, and where one has to be
    travel    minutes between the field's hospitals by key in ascending order, the base last
    """

    rep_id: int
    rep: str
    region_id: int
    cycle: Cycle
    today: date
    policy: Policy
    field: Field
    days: tuple[date, ...]
    works: frozenset[date]
    holidays: Mapping[date, tuple[str, str]]
    doubts: tuple[Doubt, ...]
    openings: Mapping[tuple[date, DayPart], Opening]
    travel: tuple[tuple[int, ...], ...]

    @cached_property
    def day_index(self) -> dict[date, int]:
        """Day -> its number in the planner's problem."""
        return {day: index for index, day in enumerate(self.days)}

    @cached_property
    def hospital_index(self) -> dict[int, int]:
        """Hospital -> its number in the planner's problem."""
        return {hospital_id: index for index, hospital_id in enumerate(sorted(self.field.hospitals))}

    @cached_property
    def hospital_ids(self) -> tuple[int, ...]:
        """Hospitals in the order of their numbers."""
        return tuple(sorted(self.field.hospitals))

    @cached_property
    def now(self) -> int:
        """The number of the first day that is not past."""
        return sum(day < self.today for day in self.days)

    def problem(
        self,
        doctors: Iterable[DoctorNeed] = (),
        done: Mapping[int, tuple[int, ...]] | None = None,
        published: Iterable[Visit] = (),
        keep_day_bonus: float = 0.0,
        keep_session_bonus: float = 0.0,
        made: Mapping[tuple[date, DayPart], int] | None = None,
    ) -> Problem:
        """The planner's problem on this ground; without doctors it still knows days, rules and ways.

        made  (day, part) -> calls of today that have been made: their time is over, and so is a meeting beside them
        """
        made = made or {}
        over = {(self.day_index[day], PARTS.index(part)) for day, part in made}
        return self._problem(
            tuple(one for one in self._presence if (one.day, one.session) not in over),
            made,
            doctors=tuple(doctors),
            done=done or {},
            published=tuple(published),
            keep_day_bonus=keep_day_bonus,
            keep_session_bonus=keep_session_bonus,
        )

    def _problem(
        self,
        presence: tuple[Presence, ...],
        made: Mapping[tuple[date, DayPart], int],
        doctors: tuple[DoctorNeed, ...] = (),
        **more: Any,
    ) -> Problem:
        policy = self.policy
        return Problem(
            days=len(self.days),
            weeks=tuple(self.cycle.week_of(day) for day in self.days),
            sessions=tuple(part.value for part in PARTS),
            hospitals=tuple(HospitalStop(policy.entry_minutes) for _ in self.hospital_ids),
            travel_minutes=self.travel,
            session_minutes=tuple(
                tuple(
                    max(0, self.openings[day, part].minutes - policy.call_minutes * made.get((day, part), 0))
                    for part in PARTS
                )
                for day in self.days
            ),
            max_calls=tuple(
                max(0, policy.calls_a_day - sum(made.get((day, part), 0) for part in PARTS)) if day in self.works else 0
                for day in self.days
            ),
            rules=self._rules(),
            doctors=doctors,
            presence=presence,
            now=self.now,
            name=f"{self.rep} {self.cycle.start_on.isoformat()}",
            **more,
        )

    @cached_property
    def bare_problem(self) -> Problem:
        """The problem without doctors."""
        return self.problem()

    def way(self, day: date, stops: Mapping[DayPart, Collection[int]]) -> Way:
        """The shortest way of a day through some hospitals, part by part.

        stops  part -> hospitals by key
        """
        index = self.hospital_index
        numbered = {PARTS.index(part): [index[key] for key in keys if key in index] for part, keys in stops.items()}
        found = route_day(self.bare_problem, {session: keys for session, keys in numbered.items() if keys},
                          hops=False, breaks=False)  # fmt: skip
        assert found is not None, "without any rule every order is a way"
        home = last = self.bare_problem.home
        legs = []
        for part, order in zip(PARTS, found[1], strict=True):
            for hospital in order:
                legs.append(Leg(self.hospital_ids[hospital], part, self.travel[last][hospital]))
                last = hospital
        return Way(tuple(legs), self.travel[last][home] if legs else 0)

    def _rules(self) -> Rules:
        policy = self.policy
        return Rules(
            break_minutes=(policy.noon_break_minutes, policy.evening_break_minutes),
            hospitals_per_session=policy.hospitals_a_session,
            hop_minutes=policy.hop_minutes,
            evenings_per_week=max(policy.evenings_a_week, self._most_evenings_on_duty()),
            evening_cost=float(policy.evening_price),
            travel_cost_per_minute=policy.travel_price_an_hour / 60,
            must_penalty=float(policy.must_price),
        )

    def _most_evenings_on_duty(self) -> int:
        """Evening rounds of the fullest week: the rota comes before the region's limit."""
        weeks = [0] * len(self.cycle.mondays)
        for day in self.days:
            weeks[self.cycle.week_of(day)] += bool(self.openings[day, DayPart.EVE].presences)
        return max(weeks)

    @cached_property
    def _presence(self) -> tuple[Presence, ...]:
        """Where one has to be, as far as it can be done: two places at once, or too far apart, are somebody's slip."""
        fitting: list[Presence] = []
        for day in self.days:
            stops: dict[int, list[int]] = {}
            for session, part in enumerate(PARTS):
                for hospital_id in self.openings[day, part].presences:
                    hospital = self.hospital_index[hospital_id]
                    more = {**stops, session: [*stops.get(session, []), hospital]}
                    if self._can_be_reached(self.day_index[day], more):
                        stops = more
                        fitting.append(Presence(self.day_index[day], session, hospital))
        return tuple(fitting)

    def _can_be_reached(self, day: int, stops: Mapping[int, Collection[int]]) -> bool:
        empty = self._without_meetings
        if any(len(hospitals) > empty.rules.hospitals_per_session for hospitals in stops.values()):
            return False
        return route_day(empty, stops, spare_minutes(empty, day, (), stops)) is not None

    @cached_property
    def _without_meetings(self) -> Problem:
        return self._problem((), {})
