"""The JSON form of a problem: reading it with the path of whatever is wrong, and writing it."""

from collections.abc import Callable
from typing import Any, TypeVar

from repcrm.core.errors import BadInput
from repcrm.core.words import N_
from repcrm.planning.engine.problem import (
    NEVER,
    DoctorNeed,
    HospitalStop,
    Presence,
    Problem,
    Rules,
    Visit,
    Window,
)

Value = TypeVar("Value")
Read = Callable[[Any, str], Value]
_REQUIRED: Any = object()


def whole(value: Any, path: str) -> int:
    """Read a whole number; true and 1.0 are none."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadInput(N_("%(path)s must be a whole number."), field=path, path=path)
    return value


def number(value: Any, path: str) -> float:
    """Read a number; whether it is finite is checked with the rest of the problem."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise BadInput(N_("%(path)s must be a number."), field=path, path=path)
    try:
        return float(value)
    except OverflowError:
        return float("inf")


def text(value: Any, path: str) -> str:
    """Read a piece of text."""
    if not isinstance(value, str):
        raise BadInput(N_("%(path)s must be text."), field=path, path=path)
    return value


def truth(value: Any, path: str) -> bool:
    """Read true or false."""
    if not isinstance(value, bool):
        raise BadInput(N_("%(path)s must be true or false."), field=path, path=path)
    return value


def several(read: Read[Value]) -> Read[tuple[Value, ...]]:
    """A reader of lists out of a reader of one."""

    def read_all(value: Any, path: str) -> tuple[Value, ...]:
        if not isinstance(value, list | tuple):
            raise BadInput(N_("%(path)s must be a list."), field=path, path=path)
        return tuple(read(one, f"{path}[{index}]") for index, one in enumerate(value))

    return read_all


def members(value: Any, path: str) -> Callable[..., Any]:
    """Read an object; returns a function that reads one of its members: key, reader, and what holds if it is absent."""
    if not isinstance(value, dict):
        raise BadInput(N_("%(path)s must be an object."), field=path, path=path)

    def member(key: str, read: Read[Value], absent: Value = _REQUIRED) -> Value:
        below = f"{path}.{key}" if path != "problem" else key
        if key in value:
            return read(value[key], below)
        if absent is _REQUIRED:
            raise BadInput(N_("%(path)s is missing."), field=below, path=below)
        return absent

    return member


def _row(path: str, values: tuple[float, ...], length: int) -> None:
    if len(values) != length:
        raise BadInput(N_("%(path)s must have %(length)s entries."), field=path, path=path, length=length)


def _slot(value: Any, path: str) -> tuple[int, int]:
    slot = several(whole)(value, path)
    _row(path, slot, 2)
    return slot[0], slot[1]


def _window(value: Any, path: str) -> Window:
    row = several(number)(value, path)
    _row(path, row, 4)
    first, until, target = (whole(value[index], f"{path}[{index}]") for index in range(3))
    return Window(first, until, target, row[3])


def _hospital(value: Any, path: str) -> HospitalStop:
    member = members(value, path)
    index = int(path[path.rindex("[") + 1 : -1])
    if member("id", whole, index) != index:
        raise BadInput(N_("%(path)s must be the hospital's place in the list."), field=path, path=f"{path}.id")
    return HospitalStop(member("entry_minutes", whole), member("lat", number, 0.0), member("lon", number, 0.0))


def _doctor(value: Any, path: str) -> DoctorNeed:
    member = members(value, path)
    return DoctorNeed(
        id=member("id", whole),
        hospital=member("hospital", whole),
        call_minutes=member("call_minutes", whole),
        frequency=member("frequency", whole),
        min_spacing_days=member("min_spacing_days", whole),
        max_per_week=member("max_per_week", whole),
        available=member("available", several(_slot)),
        marginal_value=member("marginal_value", several(number)),
        evenness=member("evenness", several(_window), ()),
        days_since_last_call=member("days_since_last_call", whole, NEVER),
        must=member("must", whole, 0),
    )


def _rules(value: Any, path: str) -> Rules:
    member = members(value, path)
    return Rules(
        break_minutes=member("break_minutes", several(whole)),
        hospitals_per_session=member("hospitals_per_session", whole),
        hop_minutes=member("hop_minutes", whole),
        evenings_per_week=member("evenings_per_week", whole),
        evening_cost=member("evening_cost", number),
        travel_cost_per_minute=member("travel_cost_per_minute", number),
        must_penalty=member("must_penalty", number),
    )


def _presence(value: Any, path: str) -> Presence:
    member = members(value, path)
    return Presence(member("day", whole), member("session", whole), member("hospital", whole))


def read_visit(value: Any, path: str) -> Visit:
    """Read a call of a plan."""
    member = members(value, path)
    return Visit(
        member("day", whole), member("session", whole), member("doctor", whole), member("pinned", truth, False)
    )


def _done(value: Any, path: str) -> dict[int, tuple[int, ...]]:
    if not isinstance(value, dict):
        raise BadInput(N_("%(path)s must be an object."), field=path, path=path)
    done = {}
    for key, days in value.items():
        below = f"{path}.{key}"
        try:
            doctor = int(key)
        except (TypeError, ValueError):
            raise BadInput(N_("%(path)s must be a whole number."), field=below, path=below) from None
        done[doctor] = several(whole)(days, below)
    return done


def read_problem(data: Any) -> dict[str, Any]:
    """Read the JSON form into the arguments of `Problem`."""
    member = members(data, "problem")
    return {
        "days": member("days", whole),
        "sessions": member("sessions", several(text)),
        "hospitals": member("hospitals", several(_hospital)),
        "travel_minutes": member("travel_minutes", several(several(whole))),
        "session_minutes": member("session_minutes", several(several(whole))),
        "max_calls": member("max_calls", several(whole)),
        "rules": member("rules", _rules),
        "doctors": member("doctors", several(_doctor)),
        "presence": member("presence", several(_presence), ()),
        "done": member("done", _done, {}),
        "now": member("now", whole, 0),
        "published": member("published", several(read_visit), ()),
        "keep_day_bonus": member("keep_day_bonus", number, 0.0),
        "keep_session_bonus": member("keep_session_bonus", number, 0.0),
        "name": member("name", text, ""),
        "weeks": member("weeks", several(whole), ()),
    }


def write_visit(visit: Visit) -> dict[str, Any]:
    """Write a call of a plan; only a pinned one says so."""
    row: dict[str, Any] = {"day": visit.day, "session": visit.session, "doctor": visit.doctor}
    return row | {"pinned": True} if visit.pinned else row


def write_problem(problem: Problem) -> dict[str, Any]:
    """Write the JSON form."""
    return {
        "name": problem.name,
        "days": problem.days,
        "sessions": list(problem.sessions),
        "hospitals": [{"id": index, **vars(hospital)} for index, hospital in enumerate(problem.hospitals)],
        "travel_minutes": [list(row) for row in problem.travel_minutes],
        "session_minutes": [list(row) for row in problem.session_minutes],
        "max_calls": list(problem.max_calls),
        "presence": [dict(vars(one)) for one in problem.presence],
        "rules": vars(problem.rules) | {"break_minutes": list(problem.rules.break_minutes)},
        "doctors": [
            vars(doctor)
            | {
                "available": [list(slot) for slot in doctor.available],
                "marginal_value": list(doctor.marginal_value),
                "evenness": [list(vars(window).values()) for window in doctor.evenness],
            }
            for doctor in problem.doctors
        ],
        "done": {str(doctor): list(days) for doctor, days in problem.done.items()},
        "now": problem.now,
        "published": [write_visit(visit) for visit in problem.published],
        "keep_day_bonus": problem.keep_day_bonus,
        "keep_session_bonus": problem.keep_session_bonus,
    } | ({"weeks": list(problem.weeks)} if problem.weeks else {})
