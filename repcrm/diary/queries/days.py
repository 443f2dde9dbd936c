"""Time off and appointments, and what they leave of a rep's days, within the reader's scope."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from repcrm.accounts.models import Session as DayPart
from repcrm.core.errors import NotFound
from repcrm.core.words import N_
from repcrm.diary.models import Appointment, EveningDuty, TimeOff
from repcrm.diary.openings import Opening, openings_of
from repcrm.diary.queries.scope import appointments_in, belongs_to, get_rep, time_off_in
from repcrm.organisation.access import Scope
from repcrm.organisation.calendar import work_calendar

ONE_DAY = timedelta(days=1)


def get_time_off(session: Session, scope: Scope, time_off_id: int) -> TimeOff:
    """Return a time off with its rep, or raise NotFound outside the scope."""
    wanted = select(TimeOff).options(joinedload(TimeOff.rep))
    found = session.scalar(wanted.where(TimeOff.id == time_off_id, time_off_in(scope)))
    if found is None:
        raise NotFound(N_("There is no such time off here."))
    return found


def list_time_off(
    session: Session, scope: Scope, from_on: date, until_on: date, rep_id: int | None = None
) -> list[TimeOff]:
    """Return the time off within scope that reaches into some days, each with its rep, by first day.

    from_on, until_on  half-open
    rep_id             of one rep only; None: of everybody in scope
    """
    wanted = select(TimeOff).options(joinedload(TimeOff.rep))
    wanted = wanted.where(time_off_in(scope), TimeOff.from_on < until_on, TimeOff.until_on > from_on)
    if rep_id is not None:
        wanted = wanted.where(TimeOff.rep_id == rep_id)
    return list(session.scalars(wanted.order_by(TimeOff.from_on, TimeOff.rep_id, TimeOff.id)))


def get_appointment(session: Session, scope: Scope, appointment_id: int) -> Appointment:
    """Return an appointment with rep and hospital, or raise NotFound outside the scope."""
    wanted = select(Appointment).options(joinedload(Appointment.rep), joinedload(Appointment.hospital))
    found = session.scalar(wanted.where(Appointment.id == appointment_id, appointments_in(scope)))
    if found is None:
        raise NotFound(N_("There is no such appointment here."))
    return found


def list_appointments(
    session: Session, scope: Scope, from_on: date, until_on: date, rep_id: int | None = None
) -> list[Appointment]:
    """Return the appointments within scope whose stretch reaches into some days, each with rep and hospital.

    from_on, until_on  half-open; whether a weekly one is on a day of them says `openings.falls_on`
    rep_id             of one rep, everybody's included; None: of everybody in scope
    returns            by part of the day and time
    """
    wanted = select(Appointment).options(joinedload(Appointment.rep), joinedload(Appointment.hospital))
    wanted = wanted.where(
        appointments_in(scope),
        Appointment.from_on < until_on,
        or_(Appointment.until_on.is_(None), Appointment.until_on > from_on),
    )
    if rep_id is not None:
        wanted = wanted.where(belongs_to(rep_id))
    found = session.scalars(wanted.order_by(Appointment.starts_at_time, Appointment.title, Appointment.id))
    parts = list(DayPart)
    return sorted(found, key=lambda one: parts.index(one.part))


def openings(
    session: Session,
    scope: Scope,
    rep_id: int,
    days: Sequence[date],
    session_minutes: Mapping[DayPart, int],
) -> Mapping[tuple[date, DayPart], Opening]:
    """Return what calendar, time off, appointments and evening rounds leave of a rep's days.

    days             any days, in order
    session_minutes  part of the day -> minutes of an ordinary one
    returns          (day, part) -> opening, for every day and every part of `session_minutes`
    raises           NotFound for a rep outside the scope
    """
    rep = get_rep(session, scope, rep_id)
    if not days:
        return {}
    first, last = min(days), max(days)
    absences = list_time_off(session, scope, first, last + ONE_DAY, rep_id)
    fixtures = list_appointments(session, scope, first, last + ONE_DAY, rep_id)
    rounds = select(EveningDuty.day_on, EveningDuty.hospital_id).where(
        EveningDuty.rep_id == rep_id, EveningDuty.day_on.between(first, last)
    )
    return openings_of(
        days,
        session_minutes,
        work_calendar(session, rep.region_id),
        absences,
        fixtures,
        session.execute(rounds).all(),
        DayPart.EVE,
    )
