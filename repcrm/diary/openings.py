"""What is left of a rep's day: minutes of each part of it, why they are fewer, and where one has to be."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from repcrm.core.words import Term
from repcrm.core.workdays import WorkCalendar
from repcrm.diary.terms import TAKES_NO_TIME, AppointmentKind, Hindrance, TimeOffKind

Part = TypeVar("Part", bound=str)
"""The words for the parts of a day: am, pm, eve."""


class Stretch(Protocol):
    """Days, half-open; `until_on` None has no end."""

    @property
    def from_on(self) -> date: ...
    @property
    def until_on(self) -> date | None: ...


class Absence(Stretch, Protocol):
    """Time off: whole days where `part` is None."""

    @property
    def part(self) -> str | None: ...
    @property
    def kind(self) -> TimeOffKind: ...


class Recurring(Stretch, Protocol):
    """Something that is once, or every week on a weekday (ISO) within its stretch."""

    @property
    def weekday(self) -> int | None: ...


class Fixture(Recurring, Protocol):
    """An appointment of the rep, or of everybody."""

    @property
    def part(self) -> str: ...
    @property
    def minutes(self) -> int: ...
    @property
    def hospital_id(self) -> int | None: ...
    @property
    def kind(self) -> AppointmentKind: ...
    @property
    def title(self) -> str: ...


@dataclass(frozen=True)
class Reason:
    """Why minutes are missing.

    minutes  how many it takes
    kind     of the time off or the appointment; None for a day nobody works
    title    of the appointment; empty else
    """

    hindrance: Hindrance
    minutes: int
    kind: Term | None = None
    title: str = ""


@dataclass(frozen=True)
class Opening:
    """A part of a day.

    minutes    at disposal for calls, entries and ways; 0 is closed
    presences  hospitals one has to be in, by key: department meetings, joint visits, evening rounds
    """

    minutes: int
    reasons: tuple[Reason, ...] = ()
    presences: tuple[int, ...] = ()


def reaches(stretch: Stretch, day: date) -> bool:
    """Whether a day lies in a stretch."""
    return stretch.from_on <= day and (stretch.until_on is None or day < stretch.until_on)


def falls_on(thing: Recurring, day: date) -> bool:
    """Whether something once or weekly is on a day."""
    return reaches(thing, day) and thing.weekday in (None, day.isoweekday())


def is_away(absences: Iterable[Absence], day: date, part: str) -> bool:
    """Whether one of the absences takes a part of a day."""
    return any(reaches(one, day) and one.part in (None, part) for one in absences)


def openings_of(
    days: Iterable[date],
    session_minutes: Mapping[Part, int],
    calendar: WorkCalendar,
    absences: Iterable[Absence],
    fixtures: Iterable[Fixture],
    rounds: Iterable[tuple[date, int]],
    evening: Part,
) -> dict[tuple[date, Part], Opening]:
    """Return what is left of each part of each day for one rep.

    session_minutes  part of the day -> minutes of an ordinary one
    absences         the rep's time off
    fixtures         appointments of the rep and of everybody
    rounds           day and hospital of the rep's evening rounds
    evening          the part of the day in which a round is
    returns          (day, part) -> opening, for every day and every part of `session_minutes`

    Nobody is anywhere on a day nobody works or in time off: appointments of that part then neither take minutes nor
    bind the place. An evening round binds the place and takes none: doctors are called on there.
    """
    absences, fixtures, rounds = list(absences), list(fixtures), set(rounds)
    found: dict[tuple[date, Part], Opening] = {}
    for day in days:
        today = [one for one in fixtures if falls_on(one, day)]
        gone = [one for one in absences if reaches(one, day)]
        for part, minutes in session_minutes.items():
            away = next((one for one in gone if one.part in (None, part)), None)
            if not calendar.is_working(day):
                found[day, part] = Opening(0, (Reason(Hindrance.NOT_WORKED, minutes),))
            elif away is not None:
                found[day, part] = Opening(0, (Reason(Hindrance.TIME_OFF, minutes, away.kind),))
            else:
                here = [one for one in today if one.part == part]
                places = {hospital for on, hospital in rounds if on == day and part == evening}
                found[day, part] = _kept_open(minutes, here, places)
    return found


def _kept_open(minutes: int, fixtures: Iterable[Fixture], places: set[int]) -> Opening:
    reasons = []
    for one in fixtures:
        taken = 0 if one.kind in TAKES_NO_TIME else min(one.minutes, minutes)
        minutes -= taken
        if taken:
            reasons.append(Reason(Hindrance.APPOINTMENT, taken, one.kind, one.title))
        if one.hospital_id is not None:
            places = places | {one.hospital_id}
    return Opening(minutes, tuple(reasons), tuple(sorted(places)))
