"""Whatever is put before the planner: a plan that breaks no rule, or a refusal that names the value."""

import copy
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from repcrm.core.errors import BadInput
from repcrm.planning.engine.explain import explain
from repcrm.planning.engine.problem import Problem
from repcrm.planning.engine.replan import differences, replan
from repcrm.planning.engine.solver import solve
from tests.unit.planning.referee import opinions
from tests.unit.planning.small import random_problem

PATH = re.compile(r"[a-z_]+([.\[].*)?")
ODD: st.SearchStrategy[Any] = st.one_of(
    st.integers(-3, 40),
    st.sampled_from([None, True, "", "x", [], {}, 0.5, -1.0, 1e308, 10**30, float("nan"), float("inf"), [[]], [0, 0]]),
)


def places(data: Any, at: tuple = ()) -> list[tuple]:
    """The path of every value, at every depth."""
    below = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [place for key, value in below for place in [(*at, key), *places(value, (*at, key))]]


@st.composite
def problems(draw: st.DrawFn) -> dict[str, Any]:
    """A small problem with every rule at work, and up to three of its values replaced, left out or doubled."""
    data = copy.deepcopy(random_problem(draw(st.integers(0, 10**6))))
    for _ in range(draw(st.integers(0, 3))):
        *way, last = draw(st.sampled_from(places(data)))
        below: Any = data
        for step in way:
            below = below[step]
        deed = draw(st.sampled_from(["replace", "replace", "replace", "leave out", "double"]))
        if deed == "replace":
            below[last] = draw(ODD)
        elif deed == "leave out":
            del below[last]
        elif isinstance(below, list):
            below.append(copy.deepcopy(below[last]))
    return data


def read_or_refuse(data: Any) -> Problem | BadInput:
    try:
        return Problem.from_dict(data)
    except BadInput as error:
        return error


@pytest.mark.slow
@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=problems(), mend=st.booleans())
@example(data={}, mend=False)
def test_any_problem_gives_a_plan_that_breaks_no_rule_or_is_refused_by_name(data, mend):
    problem = read_or_refuse(data)
    if isinstance(problem, BadInput):
        assert problem.field
        assert PATH.fullmatch(problem.field)
        assert problem.field in str(problem)
        return
    plan = (replan if mend else solve)(problem, steps=3)
    for objective, violations in opinions(problem.to_dict(), plan.to_dict()):
        assert violations == []
        assert plan.objective == pytest.approx(objective, abs=0.006)
    assert plan.upper_bound is None or plan.upper_bound >= plan.objective
    told = explain(problem, plan)
    assert [one.visit for one in told.calls] == sorted(plan.calls)
    seen = differences(problem, problem.published, plan.calls)
    new = [one.after for one in (*seen.kept, *seen.moved, *seen.added)]
    assert sorted(visit for visit in new if visit) == sorted(plan.calls)
