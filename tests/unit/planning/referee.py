"""A second opinion on plans: knows the JSON form and the rules in words, and shares no line with the engine."""

import importlib.util
import os
from itertools import pairwise
from pathlib import Path
from typing import Any

DATA = dict[str, Any]
ROOT = Path(__file__).resolve().parents[3]


def planbench() -> Path | None:
    """The folder of published problems with their own referee, where it lies beside the repository."""
    named = os.environ.get("REPCRM_SHARED")
    places = [Path(named)] if named else [folder / "shared" for folder in ROOT.parents]
    return next((place / "planbench" for place in places if (place / "planbench" / "check.py").exists()), None)


def opinions(problem: DATA, plan: DATA) -> list[tuple[float, list[str]]]:
    """Objective and violations as this referee sees them, and as planbench's does where it is there."""
    found = [(objective(problem, plan), violations(problem, plan))]
    folder = planbench()
    if folder is not None:
        spec = importlib.util.spec_from_file_location("planbench_check", folder / "check.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        said = module.check(problem, plan)
        found.append((said["objective"], said["violations"]))
    return found


def objective(problem: DATA, plan: DATA) -> float:
    """Value and evenness of the calls, less travel, evenings and guarantees."""
    rules, total = problem["rules"], 0.0
    for doctor in problem["doctors"]:
        done = problem["done"].get(str(doctor["id"]), [])
        days = [call["day"] for call in plan["calls"] if call["doctor"] == doctor["id"]]
        total += sum(doctor["marginal_value"][len(done) : len(done) + len(days)])
        total -= rules["must_penalty"] * max(0, doctor.get("must", 0) - len(done) - len(days))
        for first, until, target, bonus in doctor.get("evenness", []):
            before = sum(first <= day < until for day in done)
            after = before + sum(first <= day < until for day in days)
            total += bonus * (min(target, after) - min(target, before))
    for route in plan["routes"]:
        total -= rules["travel_cost_per_minute"] * sum(
            problem["travel_minutes"][a][b] for a, b in _hops(problem, route)
        )
        total -= rules["evening_cost"] * bool(route["sessions"][-1])
    return total


def violations(problem: DATA, plan: DATA) -> list[str]:
    """Every hard rule that is broken, in words."""
    calls = plan["calls"]
    found = [f"{call} lies in the past" for call in calls if call["day"] < problem["now"]]
    for doctor in problem["doctors"]:
        mine = [call for call in calls if call["doctor"] == doctor["id"]]
        found += [f"doctor {doctor['id']}: {words}" for words in _of_doctor(problem, doctor, mine)]
    for visit in problem["published"]:
        if visit.get("pinned") and visit["day"] >= problem["now"]:
            place = (visit["day"], visit["session"], visit["doctor"])
            if place not in [(call["day"], call["session"], call["doctor"]) for call in calls]:
                found.append(f"{visit} was pinned")
    routes = {route["day"]: route["sessions"] for route in plan["routes"]}
    evenings: dict[int, int] = {}
    for day in range(problem["now"], problem["days"]):
        orders = routes.get(day, [[] for _ in problem["sessions"]])
        found += [f"day {day}: {words}" for words in _of_day(problem, day, orders, calls)]
        if orders[-1]:
            evenings[day // 5] = evenings.get(day // 5, 0) + 1
    most = problem["rules"]["evenings_per_week"]
    return found + [f"week {week}: {number} evenings" for week, number in evenings.items() if number > most]


def _of_doctor(problem: DATA, doctor: DATA, calls: list[DATA]) -> list[str]:
    found = []
    new = [call["day"] for call in calls]
    done = problem["done"].get(str(doctor["id"]), [])
    days = sorted(done + new)
    if any([call["day"], call["session"]] not in [list(slot) for slot in doctor["available"]] for call in calls):
        found.append("not in the clinic")
    if new and len(days) > doctor["frequency"]:
        found.append("called too often")
    if any(b - a < doctor["min_spacing_days"] for a, b in pairwise(days) if a in new or b in new):
        found.append("called too soon again")
    if new and not done and days[0] + doctor.get("days_since_last_call", 999) < doctor["min_spacing_days"]:
        found.append("called too soon after the last cycle")
    weeks = [day // 5 for day in days]
    if any(weeks.count(day // 5) > doctor["max_per_week"] for day in new):
        found.append("called too often in a week")
    return found


def _of_day(problem: DATA, day: int, orders: list[list[int]], calls: list[DATA]) -> list[str]:
    found, rules, travel = [], problem["rules"], problem["travel_minutes"]
    doctors = {doctor["id"]: doctor for doctor in problem["doctors"]}
    today = [call for call in calls if call["day"] == day]
    if len(today) > problem["max_calls"][day]:
        found.append("too many calls")
    for session, order in enumerate(orders):
        here = [doctors[call["doctor"]] for call in today if call["session"] == session]
        meetings = [one["hospital"] for one in problem["presence"] if (one["day"], one["session"]) == (day, session)]
        if not {doctor["hospital"] for doctor in here} | set(meetings) <= set(order):
            found.append(f"session {session} misses a hospital")
        if len(order) > rules["hospitals_per_session"] or len(set(order)) < len(order):
            found.append(f"session {session} has too many stops")
        hops = [travel[a][b] for a, b in pairwise(order)]
        minutes = sum(hops) + sum(doctor["call_minutes"] for doctor in here)
        minutes += sum(problem["hospitals"][hospital]["entry_minutes"] for hospital in order)
        if order and minutes > problem["session_minutes"][day][session]:
            found.append(f"session {session} takes {minutes} minutes")
        if any(hop > rules["hop_minutes"] for hop in hops):
            found.append(f"session {session} has too long a hop")
    used = [session for session, order in enumerate(orders) if order]
    for a, b in pairwise(used):
        if b == a + 1 and travel[orders[a][-1]][orders[b][0]] > rules["break_minutes"][a]:
            found.append(f"the break after session {a} is too short")
    return found


def _hops(problem: DATA, route: DATA) -> list[tuple[int, int]]:
    stops = [hospital for order in route["sessions"] for hospital in order]
    home = len(problem["hospitals"])
    return list(pairwise([home, *stops, home])) if stops else []
