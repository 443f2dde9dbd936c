"""What is done with appointments: made, changed, left out once, cancelled. What has been stays as it was."""

from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from repcrm.accounts.models import Hospital, HospitalStatus
from repcrm.accounts.models import Session as DayPart
from repcrm.core.errors import Conflict, NotFound, RuleBroken
from repcrm.core.words import N_
from repcrm.db.journal import record, values_of
from repcrm.diary.clashes import clash
from repcrm.diary.models import Appointment, TimeOff
from repcrm.diary.openings import falls_on
from repcrm.diary.service.hands import check_hand, lock_region
from repcrm.diary.terms import AppointmentKind
from repcrm.organisation.access import Role, Scope
from repcrm.organisation.models import Region, User

FEWEST_MINUTES, MOST_MINUTES = 5, 480
HOURS = {
    DayPart.AM: (time(6), time(13)),
    DayPart.PM: (time(12), time(19)),
    DayPart.EVE: (time(17), time(23, 59)),
}
"""Part of the day -> when something in it may begin."""
ONE_DAY, ONE_WEEK = timedelta(days=1), timedelta(weeks=1)


@dataclass(frozen=True)
class AppointmentFacts:
    """What an appointment is.

    title           empty where the kind says it all
    weekday         ISO, 1 Monday to 7 Sunday; None: once, on `from_on`
    until_on        half-open; of a weekly one, None until it is cancelled; of one that is once, the next day
    starts_at_time  in the business time zone; None: some time in the part
    rep_id          None: everybody of the region
    hospital_id     where one has to be then
    """

    kind: AppointmentKind
    title: str
    from_on: date
    part: DayPart
    minutes: int
    weekday: int | None = None
    until_on: date | None = None
    starts_at_time: time | None = None
    rep_id: int | None = None
    hospital_id: int | None = None
    with_lead: bool = False


FACTS = tuple(field.name for field in fields(AppointmentFacts))


def make_appointment(
    session: Session, who: Scope, region: Region, facts: AppointmentFacts, *, now: datetime
) -> Appointment:
    """Put an appointment into the diary of a rep, or of everybody of a region. Goes into the journal.

    raises  RuleBroken (naming the field) for hours outside the part, a rep or hospital of another region, a rep who is
            away then, or another appointment at the same hour; NotFound for somebody else's diary
    """
    check_hand(who, region.id, facts.rep_id)
    lock_region(session, region.id)
    appointment = Appointment(region_id=region.id, **vars(_settled(facts)))
    _check(session, appointment)
    session.add(appointment)
    return _journal(session, who, appointment, "make_appointment", None, now)


def change_appointment(
    session: Session,
    who: Scope,
    appointment: Appointment,
    facts: AppointmentFacts,
    *,
    today: date,
    now: datetime,
    version: int | None = None,
) -> Appointment:
    """Make an appointment another one from today on. Goes into the journal.

    today    a weekly one that has been before goes on as a new one; its past stays
    version  the one the writer was shown; None skips the check
    returns  the appointment as it is from today on
    raises   as `make_appointment`; RuleBroken for one that is over, Conflict if somebody else was faster
    """
    fresh = _take(session, who, appointment, today, version)
    check_hand(who, fresh.region_id, facts.rep_id)
    before = _values(fresh)
    if fresh.weekday is not None and fresh.from_on < today:
        fresh.until_on = today
        _journal(session, who, fresh, "cancel_appointment", before, now)
        facts = facts if facts.weekday is None else replace(facts, from_on=max(facts.from_on, today))
        rest = Appointment(region_id=fresh.region_id, **vars(_settled(facts)))
        _check(session, rest)
        session.add(rest)
        return _journal(session, who, rest, "make_appointment", None, now)
    for name, value in vars(_settled(facts)).items():
        setattr(fresh, name, value)
    _check(session, fresh)
    fresh.version += 1
    return _journal(session, who, fresh, "change_appointment", before, now)


def skip_appointment(
    session: Session, who: Scope, appointment: Appointment, day: date, *, today: date, now: datetime
) -> None:
    """Leave a weekly appointment out on one day; from the next week on it is as before. Goes into the journal.

    raises  RuleBroken for a day it is not on, or that is gone by
    """
    fresh = _take(session, who, appointment, today, None)
    if fresh.weekday is None or not falls_on(fresh, day) or day < today:
        raise RuleBroken(N_("It is not on that day."), field="day")
    before, until_on = _values(fresh), fresh.until_on
    if until_on is None or day + ONE_WEEK < until_on:
        rest = Appointment(region_id=fresh.region_id, **{name: getattr(fresh, name) for name in FACTS})
        rest.from_on, rest.until_on = day + ONE_WEEK, until_on
        session.add(rest)
        _journal(session, who, rest, "make_appointment", None, now)
    _end(session, who, fresh, day, "skip_appointment", before, now)


def cancel_appointment(
    session: Session, who: Scope, appointment: Appointment, *, today: date, now: datetime, version: int | None = None
) -> None:
    """Cancel an appointment: what is still to come of it. Goes into the journal.

    raises  RuleBroken for one that is over, Conflict if somebody else was faster
    """
    fresh = _take(session, who, appointment, today, version)
    _end(session, who, fresh, today, "cancel_appointment", _values(fresh), now)


def check_facts(facts: AppointmentFacts) -> None:
    """See that an appointment is lawful for itself.

    raises  RuleBroken naming the field
    """
    if not FEWEST_MINUTES <= facts.minutes <= MOST_MINUTES:
        raise RuleBroken(
            N_("An appointment takes %(least)s to %(most)s minutes."),
            field="minutes", least=FEWEST_MINUTES, most=MOST_MINUTES,
        )  # fmt: skip
    if facts.weekday is not None and not 1 <= facts.weekday <= 7:
        raise RuleBroken(N_("A week has seven days."), field="weekday")
    if facts.until_on is not None and facts.until_on <= facts.from_on:
        raise RuleBroken(N_("The last day comes before the first."), field="to_on")
    earliest, latest = HOURS[facts.part]
    if facts.starts_at_time is not None and not earliest <= facts.starts_at_time <= latest:
        raise RuleBroken(N_("This hour lies in another part of the day."), field="starts_at_time")


def _settled(facts: AppointmentFacts) -> AppointmentFacts:
    """The facts, checked; of an appointment that is once, with the day it ends."""
    if facts.weekday is None:
        facts = replace(facts, until_on=facts.from_on + ONE_DAY)
    check_facts(facts)
    return facts


def _check(session: Session, appointment: Appointment) -> None:
    rep = session.get(User, appointment.rep_id) if appointment.rep_id is not None else None
    if appointment.rep_id is not None:
        _check_rep(session, appointment, rep)
    if appointment.hospital_id is not None:
        hospital = session.get(Hospital, appointment.hospital_id)
        if hospital is None or hospital.region_id != appointment.region_id:
            raise RuleBroken(N_("The hospital lies in another region."), field="hospital_id")
        if hospital.status is HospitalStatus.CLOSED:
            raise RuleBroken(N_("The hospital is closed."), field="hospital_id")
    others = select(Appointment).where(
        Appointment.region_id == appointment.region_id,
        or_(Appointment.until_on.is_(None), Appointment.until_on > appointment.from_on),
    )
    for other in session.scalars(others.order_by(Appointment.id)):
        if other is not appointment and clash(appointment, other):
            named = other.title or other.kind
            raise RuleBroken(N_("“%(title)s” is at the same hour."), field="starts_at_time", title=named)


def _check_rep(session: Session, appointment: Appointment, rep: User | None) -> None:
    if rep is None or rep.role is not Role.REP or rep.region_id != appointment.region_id:
        raise RuleBroken(N_("%(rep)s is not a rep of this region."), field="rep_id", rep=rep.name if rep else "–")
    if appointment.weekday is not None:
        return
    away = select(TimeOff.id).where(
        TimeOff.rep_id == rep.id,
        TimeOff.from_on <= appointment.from_on,
        TimeOff.until_on > appointment.from_on,
        or_(TimeOff.part.is_(None), TimeOff.part == appointment.part),
    )
    if session.scalar(away) is not None:
        raise RuleBroken(N_("%(rep)s is away then."), field="from_on", rep=rep.name)


def _take(session: Session, who: Scope, appointment: Appointment, today: date, version: int | None) -> Appointment:
    """Lock an appointment, read it as it is now, and see whether it may be touched."""
    check_hand(who, appointment.region_id, appointment.rep_id)
    lock_region(session, appointment.region_id)
    wanted = select(Appointment).where(Appointment.id == appointment.id)
    fresh = session.scalar(wanted.execution_options(populate_existing=True))
    if fresh is None:
        raise NotFound(N_("There is no such appointment here."))
    if version is not None and fresh.version != version:
        raise Conflict(N_("Somebody else has changed this in the meantime. Look at it again, then repeat your change."))
    if fresh.until_on is not None and fresh.until_on <= today:
        raise RuleBroken(N_("This appointment is over: it stays as it was."))
    return fresh


def _end(
    session: Session, who: Scope, fresh: Appointment, day: date, verb: str, before: dict[str, object], now: datetime
) -> None:
    """Let an appointment end before a day; one that would end before it began is gone."""
    if fresh.from_on < day and fresh.weekday is not None:
        fresh.until_on = day
        fresh.version += 1
        _journal(session, who, fresh, verb, before, now)
        return
    record(session, who.user_id, "appointment", fresh.id, verb, before, None, at=now)
    session.delete(fresh)
    session.flush()


def _values(appointment: Appointment) -> dict[str, object]:
    return values_of(appointment, "region_id", *FACTS)


def _journal(
    session: Session, who: Scope, appointment: Appointment, verb: str, before: dict[str, object] | None, now: datetime
) -> Appointment:
    session.flush()
    record(session, who.user_id, "appointment", appointment.id, verb, before, _values(appointment), at=now)
    return appointment
