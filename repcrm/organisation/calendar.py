"""The working calendar as the database keeps it."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.core.workdays import SpecialDay, WorkCalendar
from repcrm.organisation.models import CalendarDay, DayKind


def work_calendar(session: Session) -> WorkCalendar:
    """Return the working days everybody's targets and run rates are counted by."""
    return WorkCalendar(session.scalars(select(CalendarDay).order_by(CalendarDay.on)))


def holidays_between(session: Session, from_on: date, until_on: date) -> set[date]:
    """Return the public holidays of some days, half-open: also those on a weekend, which no count of workdays shows."""
    wanted = select(CalendarDay.on).where(CalendarDay.kind == DayKind.HOLIDAY)
    return set(session.scalars(wanted.where(CalendarDay.on >= from_on, CalendarDay.on < until_on)))


def load_workdays(session: Session, rows: Iterable[SpecialDay]) -> int:
    """Make the calendar's years those of a file such as seed/workdays.csv.

    rows     special days, see `repcrm.core.workdays.read_special_days`
    returns  the number of days added, changed or taken away: 0 when the same file is loaded again

    Years that the file does not mention stay as they are; of a year it does mention, days that it no longer has go.
    """
    wanted = {row.on: row for row in rows}
    years = {day.year for day in wanted}
    kept = {day.on: day for day in session.scalars(select(CalendarDay)) if day.on.year in years}
    changed = 0
    for on, row in wanted.items():
        values = {
            "kind": DayKind(row.kind.value),
            "name_zh": row.name_zh,
            "name_en": row.name_en,
            "is_provisional": row.is_provisional,
        }
        if on not in kept:
            session.add(CalendarDay(on=on, **values))
        elif any(getattr(kept[on], name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(kept[on], name, value)
        else:
            continue
        changed += 1
    for on in kept.keys() - wanted.keys():
        session.delete(kept[on])
        changed += 1
    session.flush()
    return changed
