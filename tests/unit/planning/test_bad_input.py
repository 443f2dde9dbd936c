"""A problem that makes no sense is refused with a sentence that names the value."""

import copy
import json
from typing import Any

import pytest

from repcrm.core.errors import BadInput
from repcrm.planning.engine.plan import Plan
from repcrm.planning.engine.problem import Problem
from repcrm.planning.engine.scoring import score
from tests.unit.planning import simple

GOOD = simple.problem(
    simple.doctor(1, evenness=[[0, 5, 1, 3.5]]),
    simple.doctor(2, frequency=3, marginal_value=[30.0, 20.0, 10.0], must=1),
    done={"2": [0]},
    now=1,
    presence=[{"day": 2, "session": 1, "hospital": 0}],
    published=[{"day": 3, "session": 0, "doctor": 1, "pinned": True}],
    keep_day_bonus=4.0,
    keep_session_bonus=2.0,
    name="a small one",
)

REFUSED = {
    # who
    "done.77": (["done"], {"77": [0]}),
    "published[0].doctor": (["published", 0, "doctor"], 77),
    "doctors[0].hospital": (["doctors", 0, "hospital"], 1),
    "presence[0]": (["presence", 0, "hospital"], 3),
    "doctors[1]": (["doctors", 1, "id"], 1),
    # numbers below 0, too large, not finite, not whole
    "session_minutes[4][1]": (["session_minutes", 4, 1], -60),
    "travel_minutes[0][1]": (["travel_minutes", 0, 1], -1),
    "hospitals[0].entry_minutes": (["hospitals", 0, "entry_minutes"], -5),
    "doctors[0].call_minutes": (["doctors", 0, "call_minutes"], -15),
    "doctors[1].must": (["doctors", 1, "must"], 101),
    "doctors[0].frequency": (["doctors", 0, "frequency"], 1.5),
    "doctors[0].max_per_week": (["doctors", 0, "max_per_week"], 2.0),
    "doctors[0].min_spacing_days": (["doctors", 0, "min_spacing_days"], 0),
    "doctors[0].days_since_last_call": (["doctors", 0, "days_since_last_call"], "long ago"),
    "doctors[0].marginal_value[0]": (["doctors", 0, "marginal_value"], [float("nan")]),
    "doctors[0].evenness[0][3]": (["doctors", 0, "evenness", 0, 3], float("inf")),
    "rules.travel_cost_per_minute": (["rules", "travel_cost_per_minute"], float("inf")),
    "rules.evening_cost": (["rules", "evening_cost"], -10),
    "rules.must_penalty": (["rules", "must_penalty"], 10**400),
    "rules.hospitals_per_session": (["rules", "hospitals_per_session"], 4),
    "keep_day_bonus": (["keep_day_bonus"], float("-inf")),
    "max_calls[2]": (["max_calls", 2], True),
    "days": (["days"], 10**9),
    # when
    "now": (["now"], 6),
    "doctors[0].available[1]": (["doctors", 0, "available"], [[0, 0], [5, 0]]),
    "doctors[0].available[0]": (["doctors", 0, "available"], [[0, 3]]),
    "doctors[0].available[2]": (["doctors", 0, "available"], [[0, 0], [1, 0], [2, 0, 0]]),
    "published[0]": (["published", 0, "day"], -1),
    "done.2[0]": (["done"], {"2": [2]}),
    # lengths
    "travel_minutes": (["travel_minutes"], [[0]]),
    "travel_minutes[1]": (["travel_minutes", 1], [0]),
    "session_minutes": (["session_minutes"], []),
    "session_minutes[0]": (["session_minutes", 0], [60, 60]),
    "max_calls": (["max_calls"], [8] * 6),
    "rules.break_minutes": (["rules", "break_minutes"], [60]),
    "sessions": (["sessions"], []),
    # twice, or against itself
    "doctors[0].available": (["doctors", 0, "available"], [[0, 0], [0, 0]]),
    "done.2": (["done"], {"2": [0, 0]}),
    "doctors[1].marginal_value[2]": (["doctors", 1, "marginal_value"], [30.0, 20.0, 25.0]),
    "doctors[0].evenness": (["doctors", 0, "evenness"], [[0, 3, 1, 1.0], [2, 5, 1, 1.0]]),
    # not even of that kind
    "doctors": (["doctors"], {}),
    "hospitals[0]": (["hospitals", 0], 5),
    "rules": (["rules"], None),
    "published[0].pinned": (["published", 0, "pinned"], "yes"),
    "done.two": (["done"], {"two": [0]}),
    "name": (["name"], 5),
}
"""Path of what is named -> where a wrong value is put, and which."""


def with_value(data, place, value):
    """The problem with another value in one place."""
    changed = copy.deepcopy(data)
    below = changed
    for step in place[:-1]:
        below = below[step]
    below[place[-1]] = value
    return changed


def refusal(data) -> BadInput:
    with pytest.raises(BadInput) as refused:
        Problem.from_dict(data)
    return refused.value


def test_a_good_problem_is_read_and_written_as_it_was():
    problem = Problem.from_dict(GOOD)
    again = Problem.from_dict(json.loads(json.dumps(problem.to_dict())))
    assert again == problem
    assert problem.pinned[0].doctor == 1


@pytest.mark.parametrize("path", REFUSED)
def test_a_value_that_makes_no_sense_is_named(path):
    error = refusal(with_value(GOOD, *REFUSED[path]))
    assert error.field == path
    assert str(error).startswith(path)
    assert str(error).endswith(".")


@pytest.mark.parametrize("path", ["days", "doctors", "rules", "doctors[0].call_minutes", "rules.hop_minutes"])
def test_what_is_missing_is_named(path):
    data = copy.deepcopy(GOOD)
    parent, _, key = path.rpartition(".")
    below = {"": data, "doctors[0]": data["doctors"][0], "rules": data["rules"]}[parent]
    del below[key]
    assert str(refusal(data)) == f"{path} is missing."


@pytest.mark.parametrize("data", [None, [], "problem", 5])
def test_what_is_no_object_is_no_problem(data):
    assert str(refusal(data)) == "problem must be an object."


# --- what is fixed has to fit ----------------------------------------------------------------------------------------

PIN = {"day": 3, "session": 0, "doctor": 1, "pinned": True}

SHORT_MEETING = [[60, 60, 0], [60, 60, 0], [60, 4, 0], [60, 60, 0], [60, 60, 0]]
IMPOSSIBLE: dict[str, tuple[dict[str, Any], str]] = {
    "the doctor has no clinic then": ({"published": [PIN | {"session": 1}]}, "published[0]"),
    "the session is closed": ({"published": [PIN | {"session": 2}]}, "published[0]"),
    "too many that week": ({"published": [PIN, PIN | {"day": 4}]}, "published["),
    "no calls on that day": ({"max_calls": [8, 8, 8, 0, 8]}, "published[0]"),
    "the meeting is longer than the session": ({"session_minutes": SHORT_MEETING}, "presence[0]"),
}


@pytest.mark.parametrize("why", IMPOSSIBLE)
def test_a_pin_or_a_meeting_that_cannot_be_is_refused(why):
    change, path = IMPOSSIBLE[why]
    error = refusal(GOOD | change)
    assert error.field is not None
    assert error.field.startswith(path)
    assert "cannot be kept" in str(error)


def test_a_pin_of_the_past_asks_nothing():
    assert Problem.from_dict(GOOD | {"now": 4, "published": [PIN | {"session": 1}]}).pinned == ()


def test_a_visit_published_but_not_pinned_may_contradict_the_rules():
    """The clinic has been moved meanwhile: that is what mending is for."""
    data = GOOD | {"published": [{"day": 3, "session": 1, "doctor": 1}]}
    assert len(Problem.from_dict(data).published) == 1


# --- plans -----------------------------------------------------------------------------------------------------------

PLAN = {
    "calls": [{"day": 3, "session": 0, "doctor": 1}],
    "routes": [{"day": 3, "sessions": [[0], [], []]}],
    "objective": 30.0,
}


@pytest.mark.parametrize(
    ("place", "value", "path"),
    [
        (["calls", 0, "doctor"], 9, "calls[0]"),
        (["calls", 0, "day"], 5, "calls[0]"),
        (["routes", 0, "day"], -1, "routes[0]"),
        (["routes", 0, "sessions"], [[0]], "routes[0]"),
        (["routes", 0, "sessions", 1], [4], "routes[0]"),
        (["calls", 0, "session"], "am", "plan.calls[0].session"),
        (["objective"], None, "plan.objective"),
    ],
)
def test_a_plan_of_another_problem_is_refused(place, value, path):
    with pytest.raises(BadInput) as refused:
        score(Problem.from_dict(GOOD), Plan.from_dict(with_value(PLAN, place, value)))
    assert refused.value.field == path


def test_a_plan_is_read_and_written_as_it_was():
    plan = Plan.from_dict(PLAN)
    assert Plan.from_dict(json.loads(json.dumps(plan.to_dict()))) == plan
    assert (plan.upper_bound, plan.gap) == (None, None)


def test_a_plan_that_is_no_object_is_refused():
    with pytest.raises(BadInput):
        Plan.from_dict([1])
