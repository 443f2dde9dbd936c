"""Reading the ground a cycle is planned on."""

from datetime import date

from sqlalchemy.orm import Session

from repcrm.diary.queries import openings, travel_matrix
from repcrm.organisation.access import Scope
from repcrm.organisation.calendar import special_days, work_calendar
from repcrm.organisation.models import User
from repcrm.planning.cycle import Cycle
from repcrm.planning.ground import PARTS, Ground
from repcrm.planning.queries.field import field_of
from repcrm.planning.queries.policy import get_policy
from repcrm.planning.queries.scope import eyes_of, eyes_on_region, get_rep


def get_ground(session: Session, scope: Scope, rep_id: int, start_on: date, today: date) -> Ground:
    """Return what holds for a rep in the cycle that begins on a day.

    raises  NotFound for a rep outside the scope, BadInput if no cycle begins on that day
    """
    return ground_of(session, get_rep(session, scope, rep_id), start_on, today)


def ground_of(session: Session, rep: User, start_on: date, today: date) -> Ground:
    """Return what holds for a rep already found within the reader's scope, as `get_ground`."""
    cycle = Cycle(start_on)
    policy = get_policy(session, eyes_of(rep, today))
    calendar = work_calendar(session, rep.region_id)
    days = tuple(day for week in cycle.shown_days(calendar) for day in week)
    minutes = {part: policy.minutes_of(part) for part in PARTS}
    opened = openings(session, eyes_of(rep, today), rep.id, days, minutes)
    bound = {hospital_id for opening in opened.values() for hospital_id in opening.presences}
    field = field_of(session, rep, cycle, today, bound)
    travel = travel_matrix(session, eyes_on_region(rep, today), rep.id, sorted(field.hospitals))
    return Ground(
        rep_id=rep.id,
        rep=rep.name,
        region_id=rep.region_id or 0,
        cycle=cycle,
        today=today,
        policy=policy,
        field=field,
        days=days,
        works=frozenset(day for day in days if calendar.is_working(day)),
        holidays=_holidays(session, rep, cycle),
        doubts=calendar.doubts(days[0], days[-1]),
        openings=opened,
        travel=travel.minutes,
    )


def _holidays(session: Session, rep: User, cycle: Cycle) -> dict[date, tuple[str, str]]:
    days = special_days(session, rep.region_id, cycle.start_on, cycle.until_on)
    return {day.on: (day.name_zh, day.name_en) for day in days}
