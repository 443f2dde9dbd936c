"""Reading the field a rep works in: doctors, where they are found, ratings and hospitals."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from repcrm.accounts.models import Department, Doctor, Hospital, Post
from repcrm.accounts.queries import latest_ratings
from repcrm.calls.models import Call, CallResult, CallStatus
from repcrm.organisation.models import User
from repcrm.organisation.territories import Holding, holdings
from repcrm.planning.cycle import Cycle
from repcrm.planning.field import Field, FieldDoctor, FieldHospital, Stay
from repcrm.planning.queries.scope import eyes_on_master_data

Days = tuple[date, date | None]
"""Half-open; None has no end."""


def field_of(session: Session, rep: User, cycle: Cycle, today: date, also: Collection[int] = ()) -> Field:
    """Return the doctors and hospitals that are a rep's on any day of a cycle.

    rep    already found within the reader's scope
    today  ratings are as of this day
    also   further hospitals in which the rep has to be
    """
    own = holdings(session, rep_id=rep.id, from_on=cycle.start_on, until_on=cycle.until_on)
    held = _stretches(own)
    stays: dict[int, list[Stay]] = defaultdict(list)
    for doctor_id, stay, posted in _posts(session, held.keys(), cycle):
        stays[doctor_id] += [
            Stay(stay.hospital_id, stay.department_id, stay.department, *both)
            for days in held[stay.hospital_id]
            if (both := _both(days, posted))
        ]
    wanted = select(Doctor.id, Doctor.name, Doctor.doctor_class, Doctor.tier)
    wanted = wanted.where(Doctor.id.in_([key for key, found in stays.items() if found]))
    ratings = _best_ratings(session, rep, list(stays), today)
    doctors = {
        row.id: FieldDoctor(*row, ratings.get(row.id), tuple(sorted(stays[row.id], key=lambda stay: stay.from_on)))
        for row in session.execute(wanted.order_by(Doctor.id))
    }
    rows = session.execute(
        select(Hospital.id, Hospital.name, Hospital.short_name).where(Hospital.id.in_({*held, *also}))
    )
    pairs = frozenset((one.hospital_id, one.product_id) for one in own)
    return Field(doctors, {row.id: FieldHospital(*row) for row in rows}, pairs)


def last_met(session: Session, rep: User, until_on: date) -> dict[int, date]:
    """Return when a rep last met each doctor before a day: doctor id -> day; who was never met is not in it.

    rep  already found within the reader's scope
    """
    wanted = (
        select(Call.main_doctor_id, func.max(Call.day_on))
        .where(Call.status == CallStatus.DONE, Call.result != CallResult.DOCTOR_NOT_MET)
        .where(Call.rep_id == rep.id, Call.day_on < until_on)
        .group_by(Call.main_doctor_id)
    )
    return {row[0]: row[1] for row in session.execute(wanted)}


def _stretches(own: Iterable[Holding]) -> dict[int, list[Days]]:
    """The days on which any product of a hospital is the rep's, without overlaps: hospital -> stretches."""
    found: dict[int, list[Days]] = defaultdict(list)
    for one in own:
        found[one.hospital_id].append((one.from_on, one.until_on))
    return {hospital_id: list(_joined(days)) for hospital_id, days in found.items()}


def _joined(stretches: Iterable[Days]) -> Iterator[Days]:
    """Stretches that touch, as one."""
    current: Days | None = None
    for from_on, until_on in sorted(stretches, key=lambda days: days[0]):
        if current is None or (current[1] is not None and current[1] < from_on):
            if current:
                yield current
            current = from_on, until_on
        elif current[1] is not None:
            current = current[0], None if until_on is None else max(until_on, current[1])
    if current:
        yield current


def _posts(session: Session, hospital_ids: Collection[int], cycle: Cycle) -> Iterator[tuple[int, Stay, Days]]:
    wanted = (
        select(Post.doctor_id, Department.hospital_id, Department.id, Department.name, Post.from_on, Post.until_on)
        .join(Post.department)
        .join(Post.doctor)
        .where(Department.hospital_id.in_(hospital_ids), Doctor.is_active)
        .where(Post.from_on < cycle.until_on, or_(Post.until_on.is_(None), Post.until_on > cycle.start_on))
        .order_by(Post.id)
    )
    for doctor_id, hospital_id, department_id, department, from_on, until_on in session.execute(wanted):
        yield doctor_id, Stay(hospital_id, department_id, department, from_on, until_on), (from_on, until_on)


def _both(one: Days, other: Days) -> Days | None:
    """The days that two stretches share."""
    from_on = max(one[0], other[0])
    ends = [until_on for until_on in (one[1], other[1]) if until_on is not None]
    until_on = min(ends, default=None)
    return (from_on, until_on) if until_on is None or from_on < until_on else None


def _best_ratings(session: Session, rep: User, doctor_ids: Collection[int], today: date) -> dict[int, int]:
    """The best rating of any product."""
    best: dict[int, int] = {}
    ratings = latest_ratings(session, eyes_on_master_data(rep, today), doctor_ids, today)
    for (doctor_id, _), rating in ratings.items():
        best[doctor_id] = max(rating, best.get(doctor_id, 0))
    return best
