"""A demo rep's working days: the week planned on its first morning, calls made and reported, promises kept."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random

from repcrm.accounts.models import Session as DayPart
from repcrm.calls import service
from repcrm.calls.models import Call, FollowUp
from repcrm.calls.report import CallReport, Place
from repcrm.calls.terms import CallPurpose, CallResult, MissReason
from repcrm.demo.clerks import Clerk, Intended, Live, Past, place_of
from repcrm.demo.talk import Talk
from repcrm.demo.world import Person, World
from repcrm.organisation.models import User

KEY_EVERY, GENERAL_EVERY = 10, 80
"""Days between two calls on a doctor, about."""
MISSED = (
    MissReason.DOCTOR_AWAY, MissReason.DOCTOR_AWAY, MissReason.CLINIC_CANCELLED, MissReason.NOT_RECEIVED,
    MissReason.NO_TIME,
)  # fmt: skip
NO_LONGER = "不再负责或医生已调离"
MISTAKEN = "记错了结果，当天医生只同意了一部分"


@dataclass(frozen=True)
class Owed:
    """A promise still to be kept."""

    follow_up_id: int
    doctor_id: int
    due_on: date
    is_forgotten: bool


@dataclass
class Desk:
    """One rep's desk."""

    world: World
    rep: User
    place: int
    """Among the reps, from 0."""
    live: Live = field(init=False)
    past: Past = field(init=False)
    plan: dict[date, list[Intended]] = field(default_factory=dict)
    owed: list[Owed] = field(default_factory=list)
    visited: dict[int, date] = field(default_factory=dict)
    """hospital -> last day there"""
    made: list[tuple[Call, CallReport, dict[int, Place]]] = field(default_factory=list)
    """the calls of the last day, where each stands on file"""

    def __post_init__(self) -> None:
        self.live, self.past = Live(self.world, self.rep), Past(self.world, self.rep)

    def plan_week(self, days: list[date], at: datetime, clerk: Clerk) -> None:
        """Put the calls of a week's days on the plan."""
        size = self.world.size
        for day in days:
            chance = self.world.rng("plan", self.rep.code, day)
            count = round(chance.randint(size.fewest_calls, size.most_calls) * 0.75)
            calls = []
            for person in self._whom(day, 2, count, chance):
                purposes = Talk(self.world, self.rep, person, day, chance).purposes()
                calls.append(Intended(person, purposes, self._part(person, day, chance), is_planned=True))
                self._goes_to(person, day)
            calls.sort(key=lambda one: (list(DayPart).index(one.part or DayPart.AM), one.person.doctor_id))
            clerk.plan(day, calls, at)
            self.plan[day] = calls

    def take_up_week(self, days: list[date], at: datetime) -> None:
        """Work a week by the published plan of the cycle; without one, plan it on its first morning."""
        people = {person.doctor_id: person for person in self.world.people}
        published = {day: self.live.published(day) for day in days}
        if not any(published.values()):
            self.plan_week(days, at, self.live)
            return
        for day, calls in published.items():
            chance = self.world.rng("purpose", self.rep.code, day)
            self.plan[day] = []
            for call in calls:
                person = people[call.main_doctor_id]
                self._goes_to(person, day)
                purposes = [CallPurpose.INCREASE_USE]
                if self._can_see(person):
                    purposes = Talk(self.world, self.rep, person, day, chance).purposes()
                self.plan[day].append(Intended(person, purposes, call.session, is_planned=True, call=call))

    def work(self, day: date, until: datetime | None, clerk: Clerk) -> None:
        """Make the day's calls, planned and others.

        until  the instant at which the day breaks off, what is left stays planned; None: all of them are made
        """
        world, chance = self.world, self.world.rng("work", self.rep.code, day)
        at = world.instant(day, 8, chance.randrange(5, 30))
        self.made = []
        calls = self._day(day, chance)
        lunch = len(calls) // 2
        slowest = min(60, 400 // max(len(calls), 1))
        for number, intended in enumerate(calls):
            at += timedelta(minutes=chance.randrange(20, max(slowest, 25)))
            if number == lunch:
                at = max(at, world.instant(day, 13, chance.randrange(25, 55)))
            if until is not None and at + timedelta(minutes=20) > until:
                break
            if intended.is_planned and not self._can_see(intended.person):
                clerk.cancel(day, intended, NO_LONGER)
            elif intended.is_planned and (fate := chance.random()) < 0.10:
                self._let_go(day, intended, fate, at, chance, clerk)
            else:
                self._log(day, intended, at, chance, clerk)
        self._keep_promises(day)

    def correct(self, at: datetime) -> None:
        """Amend a call of the day whose goal was met only in part, as it turns out."""
        scope = self.world.scope(self.rep, at.date())
        for call, report, places in self.made:
            if report.result is CallResult.GOAL_MET:
                corrected = replace(report, result=CallResult.PARTLY)
                service.amend_call(self.world.session, scope, call, corrected, places, MISTAKEN, now=at)
                return

    def owe(self, promises: Iterable[FollowUp]) -> None:
        """Remember what was promised, or forget it."""
        for one in promises:
            forgotten = self.world.rng("forgotten", one.id).random() < 0.12
            self.owed.append(Owed(one.id, one.doctor_id, one.due_on, forgotten))

    def _let_go(self, day: date, intended: Intended, fate: float, at: datetime, chance: Random, clerk: Clerk) -> None:
        """A planned call that is not made: moved while the week lasts, missed for a reason, or cancelled."""
        later = [other for other, calls in self.plan.items() if other > day and self._is_free(intended, calls)]
        if fate < 0.04 and later and intended.call is not None:
            self.live.move(intended, min(later), at)
            self.plan[min(later)].append(intended)
        elif fate < 0.08:
            clerk.cancel(day, intended, "", chance.choice(MISSED))
        else:
            clerk.cancel(day, intended, self.world.phrase(chance, "cancel"))

    def _is_free(self, intended: Intended, calls: list[Intended]) -> bool:
        return all(one.person is not intended.person for one in calls)

    def _day(self, day: date, chance: Random) -> list[Intended]:
        """The planned calls, and some more on the way."""
        planned = self.plan.pop(day, [])
        busy = {one.person.doctor_id for one in planned}
        more = [
            Intended(person, Talk(self.world, self.rep, person, day, chance).purposes())
            for person in self._whom(day, 1, chance.randrange(0, 4), chance)
            if person.doctor_id not in busy
        ]
        half = len(planned) // 2
        return planned[:half] + more + planned[half:]

    def _log(self, day: date, intended: Intended, at: datetime, chance: Random, clerk: Clerk) -> None:
        person = intended.person
        others = self._others(person, chance)
        kept = tuple(one.follow_up_id for one in self.owed if one.doctor_id == person.doctor_id)
        talk = Talk(self.world, self.rep, person, day, chance)
        report = talk.report(at, self.place, tuple(one.doctor_id for one in others), kept, intended.purposes)
        places = {one.doctor_id: place_of(one) for one in (person, *others)}
        promise = clerk.log(day, intended, report, places, at + timedelta(minutes=18))
        if intended.call is not None:
            self.made.append((intended.call, report, places))
        person.told.update(report.ratings)
        self._goes_to(person, day)
        self.owed = [one for one in self.owed if one.follow_up_id not in report.kept_follow_up_ids]
        if promise is not None:
            self.owe([promise])

    def _goes_to(self, person: Person, day: date) -> None:
        person.last_on = day
        self.visited[person.hospital_id] = day

    def _keep_promises(self, day: date) -> None:
        """Tick off in the evening what was promised for the day; what is forgotten is remembered weeks later."""
        evening, scope = self.world.instant(day, 18, 5), self.world.scope(self.rep, day)
        due = [one for one in self.owed if one.due_on + timedelta(days=17 * one.is_forgotten) <= day]
        if evening <= self.world.now:
            for one in due:
                follow_up = self.world.session.get_one(FollowUp, one.follow_up_id)
                service.keep_follow_up(self.world.session, scope, follow_up, now=evening)
            self.owed = [one for one in self.owed if one not in due]

    def _others(self, person: Person, chance: Random) -> list[Person]:
        if chance.random() > 0.06:
            return []
        near = [one for one in self.world.staff[person.hospital_id] if one.ward is person.ward and one is not person]
        return near[:3]

    def _can_see(self, person: Person) -> bool:
        here = person in self.world.staff.get(person.hospital_id, ())
        return here and person.hospital_id in self._hospitals()

    def _hospitals(self) -> list[int]:
        return list(dict.fromkeys(place[0] for place, rep in self.world.holder.items() if rep is self.rep))

    def _whom(self, day: date, hospitals: int, count: int, chance: Random) -> list[Person]:
        """The doctors whose turn it is, in the hospitals not visited for longest; who can be met that day first."""
        mine = self._hospitals()
        mine.sort(key=lambda one: (self.visited.get(one, self.world.begins_on), chance.random()))
        here = [person for hospital in mine[:hospitals] for person in self.world.staff.get(hospital, ())]
        here = [person for person in here if person.last_on != day and self._has_business(person)]
        here.sort(key=lambda one: -self._urgency(one, day, chance))
        return here[:count]

    def _has_business(self, person: Person) -> bool:
        wards = self.world.departments_of
        return any(
            person.ward.name in wards[code] and self.world.holder.get((person.hospital_id, product.id)) is self.rep
            for code, product in self.world.products.items()
        )

    def _urgency(self, person: Person, day: date, chance: Random) -> float:
        since = (day - (person.last_on or self.world.begins_on - timedelta(days=20))).days
        every = KEY_EVERY if person.is_key else GENERAL_EVERY * (2 if person.is_nurse else 1)
        at_clinic = any(weekday == day.isoweekday() for weekday, _ in person.roster)
        return since / every + 0.6 * at_clinic + chance.random() * 0.8

    def _part(self, person: Person, day: date, chance: Random) -> DayPart:
        known = [part for weekday, part in person.roster if weekday == day.isoweekday()]
        return known[0] if known else chance.choice((DayPart.AM, DayPart.PM))
