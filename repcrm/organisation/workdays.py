"""Services for public holidays and make-up days: set, remove, load, confirm; and for which country a region follows."""

from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.core.errors import BadInput, NotFound, RuleBroken
from repcrm.core.words import N_
from repcrm.core.workdays import MonthChange, SpecialDay, YearState, changed_months, check_special_day
from repcrm.db.journal import record, values_of
from repcrm.organisation.calendar import country_followed, days_of_years, special_day, work_calendar
from repcrm.organisation.models import CalendarDay, Region, RegionCalendar


class RegionChange(NamedTuple):
    """A month of a region that would have another number of working days."""

    region: Region
    change: MonthChange


def set_days(
    session: Session, actor_id: int | None, country: str, days: Collection[SpecialDay], *, now: datetime
) -> int:
    """Make days public holidays or make-up days of a country, or change what they are; other days stay as they are.

    returns  the number of days that are new or changed
    raises   RuleBroken for a make-up day on a weekday or a day without names, BadInput for what is no country's code
    """
    for day in days:
        check_special_day(day)
    return _save(session, actor_id, country, days, (), "set_calendar_days", now)


def remove_day(session: Session, actor_id: int | None, country: str, on: date, *, now: datetime) -> None:
    """Make a day an ordinary one again.

    raises  NotFound if it is one already
    """
    if not _save(session, actor_id, country, (), [on], "remove_calendar_day", now):
        raise NotFound(N_("%(day)s is an ordinary day already."), day=on.isoformat())


def replace_years(
    session: Session,
    actor_id: int | None,
    country: str,
    days: Iterable[SpecialDay],
    *,
    now: datetime,
    verb: str = "load_calendar",
) -> int:
    """Make the years that some days lie in exactly these days; other years stay as they are.

    returns  the number of days added, changed or removed: 0 when the same is loaded again
    raises   as `set_days`
    """
    wanted = {day.on: day for day in days}
    for day in wanted.values():
        check_special_day(day)
    years = {on.year for on in wanted}
    gone = [row.on for row in session.scalars(days_of_years(country, years)) if row.on not in wanted]
    return _save(session, actor_id, country, wanted.values(), gone, verb, now)


def start_year(
    session: Session, actor_id: int | None, country: str, year: int, days: Iterable[SpecialDay], *, now: datetime
) -> int:
    """Begin a country's year with the public holidays that are expected.

    returns  the number of days
    raises   RuleBroken if the year has days already: they are changed one by one
    """
    if session.scalar(days_of_years(country, [year]).limit(1)) is not None:
        raise RuleBroken(
            N_("%(country)s %(year)s has days on file already. Change them one by one."), country=country, year=year
        )
    return replace_years(session, actor_id, country, days, now=now, verb="start_calendar_year")


def confirm_year(session: Session, actor_id: int | None, country: str, year: int, *, now: datetime) -> int:
    """Note that a provisional year has been announced as it is on file.

    returns  the number of days that were provisional
    raises   RuleBroken if none was
    """
    rows = session.scalars(days_of_years(country, [year]).where(CalendarDay.is_provisional).with_for_update()).all()
    if not rows:
        raise RuleBroken(N_("Nothing in %(country)s %(year)s is provisional."), country=country, year=year)
    announced = [special_day(row)._replace(is_provisional=False) for row in rows]
    return _save(session, actor_id, country, announced, (), "confirm_calendar_year", now)


def follow_country(
    session: Session, actor_id: int | None, region: Region, country: str, from_on: date, *, now: datetime
) -> RegionCalendar:
    """Let a region follow the public holidays of a country from a day on.

    raises  RuleBroken if it does so on that day anyway, BadInput for something that is no country's code
    """
    _check_country(country)
    if country_followed(session, region.id, from_on) == country:
        raise RuleBroken(
            N_("%(region)s follows %(country)s on %(day)s already."),
            field="country", region=region.name, country=country, day=from_on.isoformat(),
        )  # fmt: skip
    wanted = select(RegionCalendar).where(RegionCalendar.region_id == region.id, RegionCalendar.from_on == from_on)
    row = session.scalar(wanted.with_for_update())
    before = values_of(row, "region_id", "from_on", "country") if row else None
    if row is None:
        row = RegionCalendar(region_id=region.id, from_on=from_on)
        session.add(row)
    row.country = country
    session.flush()
    after = values_of(row, "region_id", "from_on", "country")
    record(session, actor_id, RegionCalendar.__tablename__, row.id, "follow_country", before, after, at=now)
    return row


def unfollow_country(session: Session, actor_id: int | None, region: Region, from_on: date, *, now: datetime) -> None:
    """Take back that a region follows another country from a day on: what held before goes on.

    raises  NotFound if nothing begins on that day
    """
    wanted = select(RegionCalendar).where(RegionCalendar.region_id == region.id, RegionCalendar.from_on == from_on)
    row = session.scalar(wanted.with_for_update())
    if row is None:
        raise NotFound(N_("%(region)s does not change its calendar on that day."), region=region.name)
    before = values_of(row, "region_id", "from_on", "country")
    session.delete(row)
    session.flush()
    record(session, actor_id, RegionCalendar.__tablename__, row.id, "unfollow_country", before, None, at=now)


def effect_of(
    session: Session, change: Callable[[], object], from_on: date, until_on: date
) -> list[RegionChange]:  # fmt: skip
    """Return which months of which regions would have another number of working days after a change.

    change  carried out, and taken back again
    """
    regions = session.scalars(select(Region).order_by(Region.code)).all()
    before = {region: work_calendar(session, region.id) for region in regions}
    with session.begin_nested() as rehearsal:
        change()
        after = {region: work_calendar(session, region.id) for region in regions}
        rehearsal.rollback()
    return [
        RegionChange(region, month)
        for region in regions
        for month in changed_months(before[region], after[region], from_on, until_on)
    ]


def _save(
    session: Session,
    actor_id: int | None,
    country: str,
    days: Iterable[SpecialDay],
    gone: Iterable[date],
    verb: str,
    now: datetime,
) -> int:
    """Add or change days and remove those that are gone, with one journal entry; returns how many differ."""
    _check_country(country)
    wanted: dict[date, SpecialDay | None] = {day.on: day for day in days} | dict.fromkeys(gone)
    here = select(CalendarDay).where(CalendarDay.country == country, CalendarDay.on.in_(wanted))
    kept = {row.on: row for row in session.scalars(here.with_for_update())}
    before = {on: special_day(row) for on, row in kept.items()}
    differing = sorted(on for on, day in wanted.items() if before.get(on) != day)
    if not differing:
        return 0
    touched = [_put(session, country, on, kept.get(on), wanted[on]) for on in differing]
    session.flush()
    was = {"country": country, "special_days": {on.isoformat(): _said(before.get(on)) for on in differing}}
    became = {"country": country, "special_days": {on.isoformat(): _said(wanted[on]) for on in differing}}
    record(session, actor_id, CalendarDay.__tablename__, touched[0].id, verb, was, became, at=now)
    return len(differing)


def _put(session: Session, country: str, on: date, row: CalendarDay | None, day: SpecialDay | None) -> CalendarDay:
    if row is None:
        row = CalendarDay(country=country, on=on)
        session.add(row)
    if day is None:
        session.delete(row)
        return row
    row.kind, row.name_zh, row.name_en, row.is_provisional = day.kind, day.name_zh, day.name_en, day.is_provisional
    return row


def _said(day: SpecialDay | None) -> list[str] | None:
    """What a day is, as the journal keeps it."""
    if day is None:
        return None
    return [day.kind, day.name_zh, day.name_en, *([YearState.PROVISIONAL] if day.is_provisional else [])]


def _check_country(country: str) -> None:
    if not (len(country) == 2 and country.isascii() and country.isalpha() and country.isupper()):
        raise BadInput(N_("“%(country)s” is not the two-letter code of a country."), field="country", country=country)
