"""The published problems of realistic size: plans that planbench's own referee finds nothing against."""

import json

import pytest

from repcrm.planning.engine.explain import explain
from repcrm.planning.engine.greedy import greedy
from repcrm.planning.engine.problem import Problem
from repcrm.planning.engine.solver import solve
from tests.unit.planning.referee import opinions, planbench

FOLDER = planbench()
NAMES = sorted(file.stem for file in (FOLDER / "problems").glob("*.json")) if FOLDER else []

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(FOLDER is None, reason="planbench does not lie beside the repository (or under REPCRM_SHARED)"),
]


@pytest.mark.parametrize("name", NAMES or ["none"])
def test_a_plan_breaks_no_rule_is_worth_what_it_says_and_is_better_than_greedy(name):
    assert FOLDER is not None
    data = json.loads((FOLDER / "problems" / f"{name}.json").read_text("utf-8"))
    known = json.loads((FOLDER / "best_known.json").read_text("utf-8"))[name]
    problem = Problem.from_dict(data)
    first, plan = greedy(problem), solve(problem, steps=4)
    for one in (first, plan):
        for objective, violations in opinions(problem.to_dict(), one.to_dict()):
            assert violations == []
            assert one.objective == pytest.approx(objective, abs=0.006)
    assert first.objective < plan.objective
    assert plan.upper_bound is not None
    assert plan.upper_bound >= known["best_known"] - 0.01, "there is a plan above the bound"
    told = explain(problem, plan)
    assert all(one.reasons for one in (*told.calls, *told.left_out))
