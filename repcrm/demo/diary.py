"""Where and when the demo's reps can be: bases, ways, reception, meetings, leave to come, and evening rounds."""

from datetime import date, datetime, time, timedelta
from statistics import mean

from repcrm.accounts.models import Session as DayPart
from repcrm.demo.world import World
from repcrm.diary import service
from repcrm.diary.service import Absence, AppointmentFacts
from repcrm.diary.terms import AppointmentKind, TimeOffKind
from repcrm.diary.travel import Point
from repcrm.organisation.models import User

ONE_DAY = timedelta(days=1)
ROTA_WEEKS = 4
LONGEST = timedelta(days=30)
"""Within so many days the longest leave of the seed ends, holidays included."""
DEPARTMENT_MEETINGS = ((1, DayPart.PM, time(12, 30)), (4, DayPart.AM, time(7, 30)), (8, DayPart.PM, time(16, 30)))
"""Days from today, part of the day, hour: those of one rep after those of the other, in turn."""
JOINT_VISITS = ((2, DayPart.AM), (7, DayPart.PM))


def keep_diaries(world: World) -> None:
    """Settle what always holds, and put what the last Friday decided on the agenda."""
    _settle_places(world)
    _call_meetings(world)
    monday = world.today - timedelta(days=world.today.weekday())
    friday = world.instant(monday - 3 * ONE_DAY, 16)
    world.happens(friday, lambda: _ask_for_leave(world, friday))
    world.happens(friday, lambda: _fix_appointments(world, friday))
    for weeks in (ROTA_WEEKS, 0):
        _plan_sharing(world, monday - timedelta(weeks=weeks))


def days_off(world: World, rep: User) -> set[date]:
    """The days still to come on which a rep is away wholly."""
    return {
        absence.from_on + timedelta(days=number)
        for absence in _absences(world, rep)
        if absence.part is None
        for number in range((absence.until_on - absence.from_on).days)
    }


def _settle_places(world: World) -> None:
    lead, now = world.scope(world.lead, world.begins_on), world.instant(world.begins_on, 9)
    for row in world.facts.reception:
        if hospital := world.hospitals.get(row["hospital"]):
            slots = [(int(one[0]), DayPart(one[2:])) for one in row["reception"].split(";") if one]
            service.set_reception(world.session, lead, hospital, slots, now=now)
            service.set_rounds(
                world.session, lead, hospital, [int(d) for d in row["evenings"].split(";") if d], now=now
            )
    for row in world.facts.ways:
        one, other = world.hospitals.get(row["one"]), world.hospitals.get(row["other"])
        if one and other:
            service.set_travel(world.session, lead, one, other, int(row["minutes"]), now=now)
    for rep in world.reps:
        chance = world.rng("base", rep.code)
        held = [hospital for hospital in world.hospitals.values() if world.holder[hospital.id, _product(world)] is rep]
        point = Point(
            *(
                mean(value for one in held if (value := getattr(one, axis)) is not None) + chance.uniform(-0.04, 0.04)
                for axis in ("latitude", "longitude")
            )
        )
        name = chance.choice(world.facts.phrases["base"])
        service.set_base(world.session, world.scope(rep, world.begins_on), rep, name, point, now=now)


def _call_meetings(world: World) -> None:
    lead, now = world.scope(world.lead, world.begins_on), world.instant(world.begins_on, 9)
    for kind, weekday, part, at, minutes in (
        (AppointmentKind.TEAM_MEETING, 1, DayPart.AM, time(8, 30), 30),
        (AppointmentKind.TRAINING, 5, DayPart.PM, time(15), 60),
    ):
        title = world.facts.phrases[f"meeting_{kind.value}"][0]
        facts = AppointmentFacts(
            kind, title, world.begins_on, part, minutes, weekday=weekday, starts_at_time=at, with_lead=True
        )  # fmt: skip
        service.make_appointment(world.session, lead, world.region, facts, now=now)


def _ask_for_leave(world: World, now: datetime) -> None:
    for rep in world.reps:
        for absence in _absences(world, rep):
            service.take_time_off(world.session, world.scope(rep, now.date()), rep, absence, now=now)


def _absences(world: World, rep: User) -> list[Absence]:
    """A rep's leave to come, so many working days of it."""
    found = []
    for row in world.facts.leave:
        if row["rep"] == rep.code:
            from_on = world.next_working_day(world.today + timedelta(days=int(row["in_days"])))
            until_on = world.working_days(from_on, from_on + LONGEST)[int(row["days"]) - 1] + ONE_DAY
            part = DayPart(row["part"]) if row["part"] else None
            found.append(Absence(from_on, until_on, TimeOffKind(row["kind"]), part))
    return found


def _fix_appointments(world: World, now: datetime) -> None:
    """A department meeting for every rep in the own biggest hospital, and joint visits with some."""
    lead = world.scope(world.lead, now.date())
    for place, rep in enumerate(world.reps):
        held = [one for one in world.hospitals.values() if world.holder.get((one.id, _product(world))) is rep]
        biggest = max(held, key=lambda one: (one.beds or 0, one.code))
        in_days, part, at = DEPARTMENT_MEETINGS[place % len(DEPARTMENT_MEETINGS)]
        ward = world.wards[biggest.id][place % 3].name
        title = world.facts.phrases["meeting_department_meeting"][0].format(department=ward)
        meeting = AppointmentFacts(
            AppointmentKind.DEPARTMENT_MEETING, title, _free_day(world, rep, in_days), part, 45,
            starts_at_time=at, rep_id=rep.id, hospital_id=biggest.id,
        )  # fmt: skip
        service.make_appointment(world.session, lead, world.region, meeting, now=now)
        if place < len(JOINT_VISITS):
            in_days, part = JOINT_VISITS[place]
            visit = AppointmentFacts(
                AppointmentKind.JOINT_VISIT, "", _free_day(world, rep, in_days), part, 120,
                rep_id=rep.id, hospital_id=biggest.id, with_lead=True,
            )  # fmt: skip
            service.make_appointment(world.session, lead, world.region, visit, now=now)


def _free_day(world: World, rep: User, in_days: int) -> date:
    """The first working day from so many days on, on which a rep is there."""
    day = world.next_working_day(world.today + timedelta(days=in_days))
    while day in days_off(world, rep):
        day = world.next_working_day(day + ONE_DAY)
    return day


def _plan_sharing(world: World, from_on: date) -> None:
    """Let the lead share some weeks' evenings out on the Friday before."""
    at = world.instant(from_on - 3 * ONE_DAY, 17)
    until_on = from_on + timedelta(weeks=ROTA_WEEKS)

    def share() -> None:
        lead = world.scope(world.lead, at.date())
        service.share_evenings(world.session, lead, world.region, from_on, until_on, today=at.date(), now=at)

    world.happens(at, share)


def _product(world: World) -> int:
    """The product that every hospital holds under the rep of its territory."""
    return next(iter(world.products.values())).id
