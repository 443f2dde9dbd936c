"""The calendars that come with a release: loaded when a database is upgraded, without touching what people changed."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.core.workdays import SpecialDay, read_special_days
from repcrm.organisation.calendar import read_year
from repcrm.organisation.models import ShippedYear
from repcrm.organisation.workdays import replace_years

FILES = {path.stem.removeprefix("workdays-").upper(): path for path in Path(__file__).parent.glob("workdays-*.csv")}
"""Country -> its public holidays and make-up days, those not announced yet marked provisional."""


def shipped_days(country: str) -> list[SpecialDay]:
    """Return the days of a country as this release has them."""
    with FILES[country].open(encoding="utf-8") as lines:
        return read_special_days(lines)


def load_shipped(session: Session, *, now: datetime) -> list[tuple[str, int]]:
    """Load the calendars of this release.

    returns  (country, year) of those that were loaded; [] when it is done again

    A year is loaded if it has no days yet, or if its days are still those that an earlier release loaded. One that
    people have entered or changed, whether by page, file or command, stays as it is.
    """
    return [
        (country, year)
        for country in sorted(FILES)
        for year, days in _by_year(shipped_days(country)).items()
        if _load_year(session, country, year, days, now)
    ]


def _load_year(session: Session, country: str, year: int, days: list[SpecialDay], now: datetime) -> bool:
    loaded = session.scalar(select(ShippedYear).where(ShippedYear.country == country, ShippedYear.year == year))
    on_file = read_year(session, country, year).days
    is_ours = not on_file if loaded is None else _digest(on_file) == loaded.digest
    if not is_ours or on_file == days:
        return False
    if loaded is None:
        loaded = ShippedYear(country=country, year=year)
        session.add(loaded)
    loaded.digest = _digest(days)
    replace_years(session, None, country, days, now=now)
    return True


def _by_year(days: Iterable[SpecialDay]) -> dict[int, list[SpecialDay]]:
    years: dict[int, list[SpecialDay]] = {}
    for day in sorted(days):
        years.setdefault(day.on.year, []).append(day)
    return years


def _digest(days: Iterable[SpecialDay]) -> str:
    """What some days say, in short."""
    return hashlib.sha256(repr([[str(part) for part in day] for day in days]).encode()).hexdigest()
