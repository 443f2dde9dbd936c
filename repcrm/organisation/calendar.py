"""Working days as the database keeps them: public holidays by country, and which country a region follows from when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Date, Select, extract, literal, select, union_all
from sqlalchemy.orm import Session, joinedload

from repcrm.core.periods import Period, PeriodKind
from repcrm.core.workdays import DayKind, SpecialDay, WorkCalendar, YearState
from repcrm.organisation.access import Scope
from repcrm.organisation.models import DEFAULT_COUNTRY, CalendarDay, Region, RegionCalendar
from repcrm.organisation.queries import regions_in

DAY = (CalendarDay.on, CalendarDay.kind, CalendarDay.is_provisional, CalendarDay.name_zh, CalendarDay.name_en)


@dataclass(frozen=True)
class CalendarYear:
    """A year of a country's calendar.

    days    its public holidays and make-up days, in order
    months  the working days of January to December
    """

    country: str
    year: int
    state: YearState
    days: list[SpecialDay]
    months: list[int]

    @property
    def working_days(self) -> int:
        """How many the year has."""
        return sum(self.months)


def work_calendar(session: Session, region_id: int | None) -> WorkCalendar:
    """Return the working days by which targets, run rates and call sheets of a region are counted.

    region_id  None: nobody's in particular, so those of DEFAULT_COUNTRY
    """
    parts = _days_followed(session, region_id)
    return WorkCalendar.joined([(from_on, WorkCalendar(days)) for (from_on, _country), days in parts.items()])


def special_days(session: Session, region_id: int | None, from_on: date, until_on: date) -> list[SpecialDay]:
    """Return the public holidays and make-up days of a region among some days, half-open, in order."""
    parts = _days_followed(session, region_id)
    ends = [*(first for first, _country in parts), date.max][1:]
    return sorted(
        day
        for ((first, _country), days), end in zip(parts.items(), ends, strict=True)
        for day in days
        if max(first, from_on) <= day.on < min(end, until_on)
    )


def holidays_between(session: Session, region_id: int | None, from_on: date, until_on: date) -> set[date]:
    """Return the public holidays of a region among some days, half-open: also those that fall on a weekend."""
    return {day.on for day in special_days(session, region_id, from_on, until_on) if day.kind is DayKind.HOLIDAY}


def country_followed(session: Session, region_id: int, day: date) -> str:
    """Return the country whose public holidays a region follows on a day."""
    chosen = select(RegionCalendar.country).where(RegionCalendar.region_id == region_id, RegionCalendar.from_on <= day)
    return session.scalar(chosen.order_by(RegionCalendar.from_on.desc()).limit(1)) or DEFAULT_COUNTRY


def read_year(session: Session, country: str, year: int) -> CalendarYear:
    """Return a year of a country's calendar, without days if none are on file."""
    days = [special_day(row) for row in session.scalars(days_of_years(country, [year]).order_by(CalendarDay.on))]
    calendar = WorkCalendar(days)
    months = Period(PeriodKind.YEAR, date(year, 1, 1)).months()
    counts = [calendar.count(month.from_on, month.until_on) for month in months]
    return CalendarYear(country, year, calendar.state(year), days, counts)


def special_day(row: CalendarDay) -> SpecialDay:
    """Return a day on file as a plain value."""
    return SpecialDay(row.on, row.kind, row.is_provisional, row.name_zh, row.name_en)


def days_of_years(country: str, years: Iterable[int]) -> Select[CalendarDay]:
    """Return the select of a country's days in some years."""
    return select(CalendarDay).where(
        CalendarDay.country == country, extract("year", CalendarDay.on).in_(sorted(set(years)))
    )


def years_on_file(session: Session) -> dict[str, list[int]]:
    """Return the countries that have days on file, and of which years, in order."""
    year = extract("year", CalendarDay.on)
    rows = session.execute(select(CalendarDay.country, year).distinct().order_by(CalendarDay.country, year))
    years: dict[str, list[int]] = {}
    for country, one in rows:
        years.setdefault(country, []).append(int(one))
    return years


def list_followed(session: Session, scope: Scope) -> dict[Region, list[RegionCalendar]]:
    """Return the regions with what each has chosen to follow, in the order of codes and days.

    scope  a rep or lead sees the own region, an administrator all
    """
    chosen = select(RegionCalendar).options(joinedload(RegionCalendar.region)).order_by(RegionCalendar.from_on)
    regions = select(Region).where(regions_in(scope)).order_by(Region.code)
    followed: dict[Region, list[RegionCalendar]] = {region: [] for region in session.scalars(regions)}
    for one in session.scalars(chosen.where(RegionCalendar.region_id.in_([region.id for region in followed]))):
        followed[one.region].append(one)
    return followed


def _days_followed(session: Session, region_id: int | None) -> dict[tuple[date, str], list[SpecialDay]]:
    """(First day, country) of what a region follows one after another -> all days of that country; one statement."""
    usual = select(literal(date.min, Date), literal(DEFAULT_COUNTRY), *DAY)
    chosen = (
        select(RegionCalendar.from_on, RegionCalendar.country, *DAY)
        .outerjoin(CalendarDay, CalendarDay.country == RegionCalendar.country)
        .where(RegionCalendar.region_id == region_id)
    )
    rows = session.execute(union_all(usual.where(CalendarDay.country == DEFAULT_COUNTRY), chosen))
    found: dict[tuple[date, str], list[SpecialDay]] = {(date.min, DEFAULT_COUNTRY): []}
    for from_on, country, on, kind, is_provisional, name_zh, name_en in rows:
        days = found.setdefault((from_on, country), [])
        if on is not None:  # a country that is followed may have no days yet
            days.append(SpecialDay(on, kind, is_provisional, name_zh, name_en))
    return dict(sorted(found.items()))
