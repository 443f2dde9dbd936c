"""A week of diaries: what stands on each day, for whom."""

from dataclasses import dataclass, field
from datetime import date, time
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.accounts.models import Session as DayPart
from repcrm.core.periods import Period
from repcrm.core.workdays import SpecialDay, WorkCalendar
from repcrm.diary.models import Appointment, EveningDuty, TimeOff
from repcrm.diary.openings import falls_on, is_away, reaches
from repcrm.diary.queries.days import list_appointments, list_time_off
from repcrm.diary.queries.evenings import evening_duties
from repcrm.diary.queries.scope import reps_in
from repcrm.organisation.access import Role, Scope
from repcrm.organisation.calendar import special_days
from repcrm.organisation.models import User

PARTS = tuple(DayPart)


class Entry(NamedTuple):
    """Something that stands in a diary on a day: one of the three things.

    falls_out  nobody keeps it: the rep is away then, or nobody works
    """

    part: DayPart | None
    time_off: TimeOff | None = None
    appointment: Appointment | None = None
    duty: EveningDuty | None = None
    falls_out: bool = False

    @property
    def place(self) -> tuple[int, time]:
        """Where it stands in the day: whole days first, then by part and hour."""
        at = self.appointment.starts_at_time if self.appointment else None
        return (-1 if self.part is None else PARTS.index(self.part)), at or time.min


@dataclass
class DiaryDay:
    """A day of the week.

    special  why it departs from the ordinary week, None on most days
    entries  rep -> what stands in that diary; None: what stands in everybody's
    """

    on: date
    works: bool
    special: SpecialDay | None
    entries: dict[int | None, list[Entry]] = field(default_factory=dict)

    @property
    def is_idle(self) -> bool:
        """An ordinary day off, on which nothing stands."""
        return not (self.works or self.special or any(self.entries.values()))

    def of(self, rep_id: int) -> list[Entry]:
        """What stands in a rep's diary, everybody's appointments included; those fall out when the rep is away."""
        own = self.entries.get(rep_id, [])
        absences = [one.time_off for one in own if one.time_off]
        shared = [
            one._replace(falls_out=one.falls_out or is_away(absences, self.on, one.part or DayPart.AM))
            for one in self.entries.get(None, [])
        ]
        return sorted(own + shared, key=lambda one: one.place)


@dataclass(frozen=True)
class DiaryWeek:
    """A week of the diaries in scope: its seven days, and whose diaries they are."""

    week: Period
    days: list[DiaryDay]
    reps: list[User]


def get_week(session: Session, scope: Scope, week: Period) -> DiaryWeek:
    """Return a week of the diaries in scope: a rep's own, or those of a lead's team."""
    reps = list(session.scalars(select(User).where(reps_in(scope), User.is_active).order_by(User.code)))
    days = _days(session, scope.region_id, week)
    span = week.from_on, week.until_on
    absences = list_time_off(session, scope, *span)
    appointments = list_appointments(session, scope, *span)
    duties = evening_duties(session, scope, *span, rep_id=scope.user_id if scope.role is Role.REP else None)
    away_of = {rep.id: [one for one in absences if one.rep_id == rep.id] for rep in reps}
    for day in days:
        for absent in absences:
            if day.works and reaches(absent, day.on):
                _put(day, absent.rep_id, Entry(absent.part, time_off=absent))
        for one in appointments:
            if falls_on(one, day.on):
                away = one.rep_id is not None and is_away(away_of.get(one.rep_id, ()), day.on, one.part)
                _put(day, one.rep_id, Entry(one.part, appointment=one, falls_out=away or not day.works))
        for duty in duties:
            if duty.day_on == day.on:
                away = is_away(away_of.get(duty.rep_id, ()), day.on, DayPart.EVE)
                _put(day, duty.rep_id, Entry(DayPart.EVE, duty=duty, falls_out=away))
        for entries in day.entries.values():
            entries.sort(key=lambda entry: entry.place)
    return DiaryWeek(week, days, reps)


def _days(session: Session, region_id: int | None, week: Period) -> list[DiaryDay]:
    special = {row.on: row for row in special_days(session, region_id, week.from_on, week.until_on)}
    calendar = WorkCalendar(special.values())
    return [DiaryDay(on, calendar.is_working(on), special.get(on)) for on in week.days()]


def _put(day: DiaryDay, rep_id: int | None, entry: Entry) -> None:
    day.entries.setdefault(rep_id, []).append(entry)
