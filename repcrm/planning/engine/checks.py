"""What a problem may say: every value in its range, every name known, nothing that contradicts itself."""

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TypeVar

from repcrm.core.errors import BadInput
from repcrm.core.words import N_
from repcrm.planning.engine.problem import DoctorNeed, Presence, Problem, Visit
from repcrm.planning.engine.rulebook import Breach, breaches

Thing = TypeVar("Thing")

MOST_DAYS, MOST_SESSIONS, MOST_HOSPITALS, MOST_DOCTORS = 100, 4, 300, 2000
MOST_MINUTES, MOST_CALLS_A_DAY, MOST_STOPS = 1440, 60, 3
LARGEST = 1e6
"""So large a value or price may be; sums of them stay exact enough to compare."""


def check_problem(problem: Problem) -> None:
    """Refuse a problem that makes no sense.

    raises  BadInput naming the path of the first value that is wrong
    """
    _whole("days", problem.days, most=MOST_DAYS)
    _whole("sessions", len(problem.sessions), least=1, most=MOST_SESSIONS)
    _whole("hospitals", len(problem.hospitals), most=MOST_HOSPITALS)
    _whole("doctors", len(problem.doctors), most=MOST_DOCTORS)
    _whole("now", problem.now, most=problem.days)
    _check_weeks(problem)
    _check_minutes(problem)
    _check_rules(problem)
    seen: set[int] = set()
    for path, doctor in _each("doctors", problem.doctors):
        _check_doctor(problem, path, doctor)
        if doctor.id in seen:
            raise BadInput(N_("%(path)s: another doctor has the same id."), field=path, path=path)
        seen.add(doctor.id)
    for path, one in _each("presence", problem.presence):
        _slot(problem, path, one.day, one.session)
        _hospital(problem, path, one.hospital)
    _check_done(problem)
    _check_published(problem)
    _check_what_is_fixed(problem)


def _check_weeks(problem: Problem) -> None:
    if not problem.weeks:
        return
    _length("weeks", problem.weeks, problem.days)
    earlier = 0
    for path, week in _each("weeks", problem.weeks):
        _whole(path, week, least=earlier, most=MOST_DAYS)
        earlier = week


def _check_minutes(problem: Problem) -> None:
    size = len(problem.hospitals) + 1
    _length("travel_minutes", problem.travel_minutes, size)
    _length("session_minutes", problem.session_minutes, problem.days)
    _length("max_calls", problem.max_calls, problem.days)
    for path, row in _each("travel_minutes", problem.travel_minutes):
        _length(path, row, size)
        _wholes(path, row, MOST_MINUTES)
    for path, row in _each("session_minutes", problem.session_minutes):
        _length(path, row, len(problem.sessions))
        _wholes(path, row, MOST_MINUTES)
    _wholes("max_calls", problem.max_calls, MOST_CALLS_A_DAY)
    for path, hospital in _each("hospitals", problem.hospitals):
        _whole(f"{path}.entry_minutes", hospital.entry_minutes, most=MOST_MINUTES)
        _number(f"{path}.lat", hospital.lat, least=-LARGEST)
        _number(f"{path}.lon", hospital.lon, least=-LARGEST)


def _check_rules(problem: Problem) -> None:
    rules = problem.rules
    _length("rules.break_minutes", rules.break_minutes, len(problem.sessions) - 1)
    _wholes("rules.break_minutes", rules.break_minutes, MOST_MINUTES)
    _whole("rules.hospitals_per_session", rules.hospitals_per_session, most=MOST_STOPS)
    _whole("rules.hop_minutes", rules.hop_minutes, most=MOST_MINUTES)
    _whole("rules.evenings_per_week", rules.evenings_per_week, most=MOST_DAYS)
    for name in ("evening_cost", "travel_cost_per_minute", "must_penalty"):
        _number(f"rules.{name}", getattr(rules, name))
    for name in ("keep_day_bonus", "keep_session_bonus"):
        _number(name, getattr(problem, name))


def _check_doctor(problem: Problem, path: str, doctor: DoctorNeed) -> None:
    _hospital(problem, f"{path}.hospital", doctor.hospital)
    _whole(f"{path}.call_minutes", doctor.call_minutes, most=MOST_MINUTES)
    for name in ("frequency", "max_per_week", "must"):
        _whole(f"{path}.{name}", getattr(doctor, name), most=MOST_DAYS)
    _whole(f"{path}.min_spacing_days", doctor.min_spacing_days, least=1, most=10 * MOST_DAYS)
    _whole(f"{path}.days_since_last_call", doctor.days_since_last_call, most=100 * MOST_DAYS)
    for below, slot in _each(f"{path}.available", doctor.available):
        _slot(problem, below, *slot)
    if len(set(doctor.available)) < len(doctor.available):
        raise BadInput(N_("%(path)s names a slot twice."), field=f"{path}.available", path=f"{path}.available")
    for below, value in _each(f"{path}.marginal_value", doctor.marginal_value):
        _number(below, value)
    for index, (value, following) in enumerate(pairwise(doctor.marginal_value)):
        if following > value:
            below = f"{path}.marginal_value[{index + 1}]"
            raise BadInput(
                N_("%(path)s: a further call may not be worth more than the one before it."), field=below, path=below
            )
    for below, window in _each(f"{path}.evenness", doctor.evenness):
        _whole(f"{below}[0]", window.first_day, most=problem.days)
        _whole(f"{below}[1]", window.until_day, least=window.first_day, most=MOST_DAYS)
        _whole(f"{below}[2]", window.target, most=MOST_DAYS)
        _number(f"{below}[3]", window.bonus)
    windows = sorted(doctor.evenness, key=lambda window: (window.first_day, window.until_day))
    if any(later.first_day < earlier.until_day for earlier, later in pairwise(windows)):
        raise BadInput(N_("%(path)s: the periods overlap."), field=f"{path}.evenness", path=f"{path}.evenness")


def _check_done(problem: Problem) -> None:
    for doctor, days in problem.done.items():
        path = f"done.{doctor}"
        _doctor(problem, path, doctor)
        for below, day in _each(path, days):
            if not 0 <= day < problem.days or day > problem.now:
                raise BadInput(N_("%(path)s is not a day of the cycle that has come."), field=below, path=below)
        if len(set(days)) < len(days):
            raise BadInput(N_("%(path)s names a day twice."), field=path, path=path)


def _check_published(problem: Problem) -> None:
    seen: set[tuple[int, int]] = set()
    for path, visit in _each("published", problem.published):
        _slot(problem, path, visit.day, visit.session)
        _doctor(problem, f"{path}.doctor", visit.doctor)
        if (visit.doctor, visit.day) in seen:
            raise BadInput(N_("%(path)s: the doctor is on that day already."), field=path, path=path)
        seen.add((visit.doctor, visit.day))


def _check_what_is_fixed(problem: Problem) -> None:
    """Department meetings and pinned visits have to fit on their own, or no plan exists."""
    for breach in breaches(problem, ()):
        _refuse(problem, breach, "presence", problem.presence)
    for breach in breaches(problem, problem.pinned):
        _refuse(problem, breach, "published", problem.published)


def _refuse(problem: Problem, breach: Breach, path: str, things: Sequence[Presence | Visit]) -> None:
    """Name the first meeting or pinned visit that the breach is about."""
    about = {name: breach.numbers[name] for name in ("day", "session", "doctor") if name in breach.numbers}
    for index, one in enumerate(things):
        coming = one.day >= problem.now and not (isinstance(one, Visit) and not one.pinned)
        if coming and all(getattr(one, name, None) == number for name, number in about.items()):
            path = f"{path}[{index}]"
            break
    message = N_("%(path)s cannot be kept: it contradicts a hard rule (%(rule)s).")
    raise BadInput(message, field=path, path=path, rule=breach.code.value)


def _each(path: str, things: Iterable[Thing]) -> Iterator[tuple[str, Thing]]:
    return ((f"{path}[{index}]", thing) for index, thing in enumerate(things))


def _whole(path: str, value: int, least: int = 0, most: int = MOST_DAYS) -> None:
    if value < least:
        if least:
            raise BadInput(N_("%(path)s must be at least %(least)s."), field=path, path=path, least=least)
        raise BadInput(N_("%(path)s must not be negative."), field=path, path=path)
    if value > most:
        raise BadInput(N_("%(path)s must be at most %(most)s."), field=path, path=path, most=most)


def _wholes(path: str, values: Sequence[int], most: int) -> None:
    for below, value in _each(path, values):
        _whole(below, value, most=most)


def _number(path: str, value: float, least: float = 0.0) -> None:
    if not math.isfinite(value):
        raise BadInput(N_("%(path)s must be a finite number."), field=path, path=path)
    if value < least:
        raise BadInput(N_("%(path)s must not be negative."), field=path, path=path)
    if value > LARGEST:
        raise BadInput(N_("%(path)s must be at most %(most)s."), field=path, path=path, most=int(LARGEST))


def _length(path: str, values: Sequence[object], length: int) -> None:
    if len(values) != length:
        raise BadInput(N_("%(path)s must have %(length)s entries."), field=path, path=path, length=length)


def _slot(problem: Problem, path: str, day: int, session: int) -> None:
    if not (0 <= day < problem.days and 0 <= session < len(problem.sessions)):
        raise BadInput(N_("%(path)s lies outside the cycle."), field=path, path=path)


def _hospital(problem: Problem, path: str, hospital: int) -> None:
    if not 0 <= hospital < len(problem.hospitals):
        raise BadInput(N_("%(path)s: there is no such hospital."), field=path, path=path)


def _doctor(problem: Problem, path: str, doctor: int) -> None:
    if doctor not in problem.doctor:
        raise BadInput(N_("%(path)s: there is no such doctor."), field=path, path=path)
