"""A problem as arrays, which is how the inner loops read it.

An *option* is a doctor in one slot of the roster that is still open; a *cell* is a slot of the cycle (day * sessions +
session); a *stop* is a hospital in a cell, with the options of its doctors there.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from repcrm.planning.engine.problem import DoctorNeed, Problem, Visit
from repcrm.planning.engine.routing import best_route

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Records = NDArray[np.void]

FORBIDDEN = 1e15
"""Price of a hop that a rule forbids."""


class Tables(NamedTuple):
    """What the inner loops read; nothing in it changes while they run.

    Records of a kind lie in one array each: compiling functions that take few arrays is much quicker. Where a record
    says `first...`, its part of the other list ends where that of the next record begins; the last is only such an end.
    """

    frame: Records  # one record
    date: Records  # day
    cell: Records
    stop: Records
    of_stop: Ints  # the options of the first stop, then those of the second ...
    option: Records
    need: Records  # doctor
    travel: Floats  # (place, place), minutes; the last place is home
    entry: Floats  # hospital
    break_limit: Floats  # session -> longest hop to the next one
    gain: Floats  # (doctor, k): value of the k-th further call, guarantees included
    week_used: Ints  # (doctor, week): calls made already
    window: Ints  # (doctor, day): its period of evenness, or -1
    window_left: Ints  # (doctor, period): calls that still earn the bonus
    window_bonus: Floats


FRAME = np.dtype(
    [(name, np.int64) for name in ("days", "sessions", "weeks", "longest_week", "now", "home", "doctors")]
    + [(name, np.int64) for name in ("stops_per_session", "evenings_per_week")]
    + [(name, np.float64) for name in ("evening_cost", "travel_cost", "hop_limit")]
)
DATE = np.dtype(
    [(name, np.int64) for name in ("week", "weekday", "most_calls", "bare_evening", "first_double")]
    + [("bare_cost", np.float64)]
)
"""weekday: place in the week.

bare_...: the way with meetings and pinned visits only; double: a doctor to be met in several sessions that day.
"""
CELL = np.dtype([("first", np.int64), ("minutes", np.float64)])
STOP = np.dtype([(name, np.int64) for name in ("hospital", "forced", "first", "visit")])
"""forced: 1 for a meeting or a pinned visit; visit: number of its hospital's day, whatever the session."""
OPTION = np.dtype(
    [(name, np.int64) for name in ("doctor", "day", "session", "stop", "pinned", "double")]
    + [(name, np.float64) for name in ("call_minutes", "keep")]
)
"""double: which of these it belongs to, or -1; keep: bonus of a published visit, which steers and is never counted."""
NEED = np.dtype([(name, np.int64) for name in ("calls_left", "spacing", "per_week", "first_option")])


class Sizes(NamedTuple):
    """How much room the inner loops need."""

    days: int
    sessions: int
    options: int
    stops: int  # of a day
    calls: int  # of a day
    doubles: int


def sizes_of(tables: Tables) -> Sizes:
    """The largest day, and so on."""
    sessions = int(tables.frame["sessions"][0])
    return Sizes(
        days=tables.date.size - 1,
        sessions=sessions,
        options=tables.option.size,
        stops=int(np.diff(tables.cell["first"][::sessions]).max(initial=0)),
        calls=int(tables.date["most_calls"].max()),
        doubles=int(tables.date["first_double"][-1]),
    )


def tables_of(problem: Problem) -> tuple[Tables, list[Visit], float]:
    """Turn a problem into arrays.

    returns  the tables; option -> the visit it stands for; the worth of making no further call, travel left aside: what
             the guarantees cost that are not kept
    """
    visits = [visit for doctor in problem.doctors for visit in open_slots(problem, doctor)]
    option = _option_records(problem, visits)
    date = np.zeros(problem.days + 1, DATE)
    date["week"][:-1] = problem.week_of
    date["weekday"][:-1] = [day - problem.week_of.index(week) for day, week in enumerate(problem.week_of)]
    date["most_calls"][:-1] = problem.max_calls
    _mark_bare_days(problem, date)
    _mark_doubles(option, date)
    per_doctor = _doctor_tables(problem, option)
    size = len(problem.hospitals) + 1
    tables = Tables(
        frame=_frame(problem),
        date=date,
        option=option,
        travel=np.array(problem.travel_minutes, dtype=np.float64).reshape(size, size),
        entry=np.array([hospital.entry_minutes for hospital in problem.hospitals], dtype=np.float64),
        break_limit=np.array(problem.rules.break_minutes, dtype=np.float64),
        **_stops(problem, visits, option),
        **per_doctor,
    )
    return tables, visits, -problem.at_stake


def _frame(problem: Problem) -> Records:
    rules = problem.rules
    frame = np.zeros(1, FRAME)
    frame[0] = (
        problem.days,
        len(problem.sessions),
        problem.week_count,
        _longest_week(problem),
        problem.now,
        problem.home,
        len(problem.doctors),
        rules.hospitals_per_session,
        rules.evenings_per_week,
        rules.evening_cost,
        rules.travel_cost_per_minute,
        rules.hop_minutes,
    )
    return frame


def _longest_week(problem: Problem) -> int:
    return max((problem.week_of.count(week) for week in problem.week_of), default=0)


def _option_records(problem: Problem, visits: list[Visit]) -> Records:
    place = {doctor.id: place for place, doctor in enumerate(problem.doctors)}
    published = {(visit.doctor, visit.day): visit.session for visit in problem.published}
    option = np.zeros(len(visits), OPTION)
    for record, visit in zip(option, visits, strict=True):
        record["doctor"], record["day"], record["session"] = place[visit.doctor], visit.day, visit.session
        record["pinned"] = visit.pinned
        record["call_minutes"] = problem.doctor[visit.doctor].call_minutes
        session = published.get((visit.doctor, visit.day))
        if session is not None:
            record["keep"] = problem.keep_day_bonus + problem.keep_session_bonus * (session == visit.session)
    return option


def open_slots(problem: Problem, doctor: DoctorNeed) -> list[Visit]:
    """The slots in which a doctor could still be called, in order of time; those beside a pinned visit are gone."""
    done = problem.done.get(doctor.id, ())
    spacing = doctor.min_spacing_days
    first = max(problem.now, max(done) + spacing if done else spacing - doctor.days_since_last_call)
    pinned = {visit.day: visit.session for visit in problem.pinned if visit.doctor == doctor.id}
    entry = problem.hospitals[doctor.hospital].entry_minutes
    if len(done) >= doctor.frequency or not doctor.max_per_week or not problem.rules.hospitals_per_session:
        return []
    options = []
    for day, session in sorted(doctor.available):
        if day < first or not problem.max_calls[day]:
            continue
        if day in pinned:
            if pinned[day] == session:
                options.append(Visit(day, session, doctor.id, pinned=True))
        elif doctor.call_minutes + entry <= problem.session_minutes[day][session] and not any(
            abs(day - other) < spacing for other in pinned
        ):
            options.append(Visit(day, session, doctor.id))
    return options


def _mark_bare_days(problem: Problem, date: Records) -> None:
    rules = problem.rules
    for day in range(problem.now, problem.days):
        minutes, orders = best_route(problem, day, problem.pinned)
        evening = bool(orders[-1])
        date["bare_evening"][day] = evening
        date["bare_cost"][day] = rules.travel_cost_per_minute * minutes + rules.evening_cost * evening


def _mark_doubles(option: Records, date: Records) -> None:
    """Doctors who can be met in several sessions of a day: one of them may be used."""
    options: dict[tuple[int, int], list[int]] = {}
    for place, record in enumerate(option):
        options.setdefault((int(record["day"]), int(record["doctor"])), []).append(place)
    pairs = [pair for pair in sorted(options) if len(options[pair]) > 1]
    option["double"] = -1
    for number, pair in enumerate(pairs):
        option["double"][options[pair]] = number
        date["first_double"][pair[0] + 1] += 1
    date["first_double"] = np.cumsum(date["first_double"])


def _stops(problem: Problem, visits: list[Visit], option: Records) -> dict[str, NDArray[Any]]:
    sessions = len(problem.sessions)
    here: dict[tuple[int, int], list[int]] = {}
    forced: set[tuple[int, int]] = set()
    for (day, session), hospitals in problem.meetings.items():
        for hospital in hospitals:
            here.setdefault((day * sessions + session, hospital), [])
            forced.add((day * sessions + session, hospital))
    for number, visit in enumerate(visits):
        place = (visit.day * sessions + visit.session, problem.doctor[visit.doctor].hospital)
        here.setdefault(place, []).append(number)
        if visit.pinned:
            forced.add(place)
    cell, stop = np.zeros(problem.days * sessions + 1, CELL), np.zeros(len(here) + 1, STOP)
    visits_of: dict[tuple[int, int], int] = {}
    cell["minutes"][:-1] = [minutes for row in problem.session_minutes for minutes in row]
    for number, place in enumerate(sorted(here)):
        cell["first"][place[0] + 1] += 1
        stop["hospital"][number], stop["forced"][number] = place[1], place in forced
        stop["visit"][number] = visits_of.setdefault((place[0] // sessions, place[1]), len(visits_of))
        stop["first"][number + 1] = len(here[place])
        option["stop"][here[place]] = number
    stop["visit"][-1] = len(visits_of)
    cell["first"], stop["first"] = np.cumsum(cell["first"]), np.cumsum(stop["first"])
    of_stop = np.array([number for place in sorted(here) for number in here[place]], dtype=np.int64)
    return {"cell": cell, "stop": stop, "of_stop": of_stop}


def _doctor_tables(problem: Problem, option: Records) -> dict[str, NDArray[Any]]:
    """Per doctor what is left to earn, and within which limits."""
    count = len(problem.doctors)
    left = [max(0, doctor.frequency - len(problem.done.get(doctor.id, ()))) for doctor in problem.doctors]
    periods = max([1, *(len(doctor.evenness) for doctor in problem.doctors)])
    gain = np.zeros((count, max([1, *left])))
    window = np.full((count, max(1, problem.days)), -1, dtype=np.int64)
    window_left = np.zeros((count, periods), dtype=np.int64)
    window_bonus = np.zeros((count, periods))
    week_used = np.zeros((count, max(1, problem.week_count)), dtype=np.int64)
    need = np.zeros(count + 1, NEED)
    longest_week = _longest_week(problem)
    need["first_option"][1:] = np.cumsum(np.bincount(option["doctor"], minlength=count))[:count]
    for place, doctor in enumerate(problem.doctors):
        done = problem.done.get(doctor.id, ())
        need["calls_left"][place], need["spacing"][place] = left[place], doctor.min_spacing_days
        need["per_week"][place] = min(doctor.max_per_week, longest_week)
        for day in done:
            week_used[place, problem.week_of[day]] += 1
        for further in range(left[place]):
            number = len(done) + further
            guaranteed = problem.rules.must_penalty if number < doctor.must else 0.0
            gain[place, further] = doctor.value_of_call(number) + guaranteed
        for period, rule in enumerate(sorted(doctor.evenness, key=lambda rule: rule.first_day)):
            before = sum(rule.first_day <= day < rule.until_day for day in done)
            window[place, rule.first_day : rule.until_day] = period
            window_left[place, period] = max(0, min(rule.target - before, problem.days))
            window_bonus[place, period] = rule.bonus
    return {
        "need": need,
        "week_used": week_used,
        "gain": gain,
        "window": window,
        "window_left": window_left,
        "window_bonus": window_bonus,
    }
