"""A rep's cycle as the planner's problem: what each doctor needs, what was done, what is fixed."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from repcrm.accounts.models import Session as DayPart
from repcrm.calls.ceiling import Ceiling, Rhythm, rhythm_within
from repcrm.planning.board import BoardVisit
from repcrm.planning.cycle import spacing_in_days_worked
from repcrm.planning.engine.problem import NEVER, DoctorNeed, Problem, Slot, Visit, Window
from repcrm.planning.engine.rulebook import breaches
from repcrm.planning.field import FieldDoctor
from repcrm.planning.ground import PARTS, Ground
from repcrm.planning.tally import Tally, tally
from repcrm.planning.terms import VisitState
from repcrm.planning.value import marginal_values, worth

RosterSlot = tuple[int, DayPart]
WITHOUT_ROSTER = tuple((weekday, part) for weekday in range(1, 8) for part in (DayPart.AM, DayPart.PM))
"""Where nobody has noted when a doctor is in clinic, the ward is tried in the morning and in the afternoon."""
WARD_CALLS = 4
"""Most calls of a cycle on ward staff, whom the planner does not plan: they are put in by hand."""
KEEP_DAY, KEEP_SESSION = 0.15, 0.05
"""What a published visit earns by keeping its day, and its part of it, of an ordinary call's value."""


@dataclass(frozen=True)
class Facts:
    """What is known of the doctors of a field besides who they are.

    rosters     doctor -> weekdays (ISO) and parts in which the doctor can be met
    receptions  hospital -> weekdays and parts in which it lets reps in; one that is not in it always does
    missing     doctor -> fen still missing of the quota
    last_met    doctor -> last call before the cycle
    contacts    doctor -> days of calls by the whole company, made, or promised by others
    """

    rosters: Mapping[int, Sequence[RosterSlot]]
    receptions: Mapping[int, frozenset[RosterSlot]]
    missing: Mapping[int, int]
    last_met: Mapping[int, date]
    contacts: Mapping[int, Sequence[date]]
    ceiling: Ceiling | None


@dataclass(frozen=True)
class Case:
    """The problem of a rep's cycle, and how it came about.

    standing  the visits as they are, made and to come
    """

    ground: Ground
    facts: Facts
    standing: tuple[BoardVisit, ...]
    is_published: bool

    @cached_property
    def coming(self) -> tuple[Visit, ...]:
        """The planned visits from today on, as the planner sees them: what no longer can be, is not among them."""
        found = {}
        for visit in self.standing:
            if visit.state is VisitState.PLANNED and self._is_of(visit):
                day, part = self.ground.day_index[visit.day_on], PARTS.index(visit.part)
                found[visit.doctor_id, day] = Visit(day, part, visit.doctor_id, pinned=visit.is_pinned)
        return tuple(sorted(found.values()))

    @cached_property
    def lost(self) -> tuple[BoardVisit, ...]:
        """Planned visits from today on whose doctor is no longer the rep's on any day of the cycle."""
        field = self.ground.field.doctors
        return tuple(
            visit for visit in self.standing if visit.state is VisitState.PLANNED and visit.doctor_id not in field
        )

    @cached_property
    def problem(self) -> Problem:
        """What the planner is asked: a draft is planned anew around its pins, a published plan is mended."""
        bare = self._problem(())
        fixed: list[Visit] = []
        for visit in self.coming:
            if visit.pinned and not breaches(bare, [*fixed, visit]):
                fixed.append(visit)
        if not self.is_published:
            return self._problem(fixed)
        kept = {(visit.doctor, visit.day) for visit in fixed}
        others = [
            Visit(visit.day, visit.session, visit.doctor)
            for visit in self.coming
            if (visit.doctor, visit.day) not in kept
        ]
        return self._problem([*fixed, *others])

    @cached_property
    def tallies(self) -> Mapping[int, Tally]:
        """Doctor -> what the doctor got so far."""
        return tally(self.standing)

    def _is_of(self, visit: BoardVisit) -> bool:
        return visit.doctor_id in self.ground.field.doctors and visit.day_on in self.ground.day_index

    def _problem(self, published: Iterable[Visit]) -> Problem:
        needs = self._needs
        first = [need.marginal_value[0] for need in needs if need.marginal_value]
        ordinary = sorted(first)[len(first) // 2] if first and self.is_published else 0.0
        return self.ground.problem(
            needs,
            self._done,
            published,
            keep_day_bonus=round(KEEP_DAY * ordinary, 2),
            keep_session_bonus=round(KEEP_SESSION * ordinary, 2),
            made=self._made_today,
        )

    @cached_property
    def _made_today(self) -> dict[tuple[date, DayPart], int]:
        """Calls of today that have been made, met or not: part -> how many."""
        today = self.ground.today
        if today not in self.ground.day_index:
            return {}
        return Counter((today, visit.part) for visit in self.standing if visit.day_on == today and visit.is_made)

    @cached_property
    def _needs(self) -> list[DoctorNeed]:
        return [self._need(doctor) for doctor in self.ground.field.doctors.values()]

    @cached_property
    def _done(self) -> dict[int, tuple[int, ...]]:
        return {
            doctor_id: self._as_days(mine.done)
            for doctor_id, mine in self.tallies.items()
            if mine.done and doctor_id in self.ground.field.doctors
        }

    def _as_days(self, called_on: Iterable[date]) -> tuple[int, ...]:
        """Calls as days of the problem; one of a free weekend counts on the Friday before."""
        found: set[int] = set()
        for day in called_on:
            found.add(max(0, sum(other <= day for other in self.ground.days) - 1))
        return tuple(sorted(found))

    def _need(self, doctor: FieldDoctor) -> DoctorNeed:
        ground, policy = self.ground, self.ground.policy
        days = ground.days[ground.now :] or ground.days
        stay = doctor.main_stay(days)
        goal, done = doctor.goal(policy), len(self._done.get(doctor.id, ()))
        rhythm = self._rhythm(doctor, max(0, (goal or WARD_CALLS) - done))
        values = marginal_values(
            worth(
                self.facts.missing.get(doctor.id, 0),
                policy.least_worth_yuan * 100,
                policy.worths[doctor.rating or 0].headroom_permille,
                policy.pull_permille,
            ),
            goal,
        )
        frequency = done + rhythm.most
        return DoctorNeed(
            id=doctor.id,
            hospital=ground.hospital_index[stay.hospital_id],
            call_minutes=policy.call_minutes,
            frequency=frequency,
            min_spacing_days=max(
                policy.spacing_days(doctor.is_key), spacing_in_days_worked(ground.days, rhythm.spacing_days)
            ),
            max_per_week=policy.calls_a_week(doctor.is_key),
            available=self._available(doctor, stay.hospital_id, rhythm.first_on),
            marginal_value=values[:frequency],
            evenness=self._evenness(goal, values),
            days_since_last_call=self._days_since(doctor.id),
            must=min(policy.must(doctor.is_key), frequency) if goal else 0,
        )

    def _rhythm(self, doctor: FieldDoctor, wanted: int) -> Rhythm:
        apart = self.ground.policy.spacing_days(doctor.is_key)
        days = self.ground.days[self.ground.now :]
        if self.facts.ceiling is None or not days:
            return Rhythm(self.ground.days[0], wanted, 1)
        return rhythm_within(days, self.facts.contacts.get(doctor.id, ()), self.facts.ceiling, wanted, apart)

    def _available(self, doctor: FieldDoctor, hospital_id: int, first_on: date) -> tuple[Slot, ...]:
        roster = set(self.facts.rosters.get(doctor.id) or WITHOUT_ROSTER)
        if hospital_id in self.facts.receptions:
            roster &= self.facts.receptions[hospital_id]
        by_weekday: dict[int, list[int]] = {}
        for weekday, part in sorted(roster, key=lambda slot: (slot[0], PARTS.index(slot[1]))):
            by_weekday.setdefault(weekday, []).append(PARTS.index(part))
        return tuple(
            (index, part)
            for index, day in enumerate(self.ground.days)
            if day >= first_on and (stay := doctor.stay_on(day)) and stay.hospital_id == hospital_id
            for part in by_weekday.get(day.isoweekday(), ())
        )

    def _evenness(self, goal: int, values: Sequence[float]) -> tuple[Window, ...]:
        """A bonus for each call in a week of its own, up to the rhythm: weeks from four calls on, halves for two."""
        stretches = 4 if goal >= 4 else 2 if goal >= 2 else 0
        if not stretches or not values:
            return ()
        bonus = round(values[0] * self.ground.policy.evenness_permille / 1000, 2)
        weeks = [self.ground.cycle.week_of(day) for day in self.ground.days]
        length = 4 // stretches
        return tuple(
            Window(
                sum(week < part * length for week in weeks), sum(week < (part + 1) * length for week in weeks),
                goal // stretches, bonus,
            )
            for part in range(stretches)
        )  # fmt: skip

    def _days_since(self, doctor_id: int) -> int:
        """Working days from the last call before the cycle to its first day."""
        last = self.facts.last_met.get(doctor_id)
        if last is None:
            return NEVER
        weeks, rest = divmod((self.ground.days[0] - last).days, 7)
        return min(NEVER, 5 * weeks + min(rest, 5))
