"""The best plan is found where everything can be tried; the bound is never below it; time, steps and stops are kept."""

import time

import pytest

from repcrm.planning.engine.problem import Problem
from repcrm.planning.engine.solver import Progress, solve
from tests.unit.planning import simple
from tests.unit.planning.referee import opinions
from tests.unit.planning.small import small_problems


def solved(data, **said):
    """The calls of the plan as (doctor, day, session), and the plan."""
    plan = solve(Problem.from_dict(data), **{"steps": 20, **said})
    return [(call.doctor, call.day, call.session) for call in plan.calls], plan


# --- worked out by hand ----------------------------------------------------------------------------------------------


def test_one_doctor_is_called_once_and_costs_the_way_there_and_back():
    calls, plan = solved(simple.problem())
    assert [doctor for doctor, *_ in calls] == [1]
    assert plan.objective == 50 - 20
    assert plan.upper_bound == pytest.approx(30)
    assert plan.gap == pytest.approx(0, abs=1e-5)


def test_nobody_goes_out_for_a_call_that_does_not_pay_its_way():
    calls, plan = solved(simple.problem(simple.doctor(marginal_value=[19.0])))
    assert calls == []
    assert plan.objective == plan.upper_bound == 0


def test_doctors_of_one_hospital_share_the_way_as_far_as_the_session_goes():
    """Entering takes 5 of the 60 minutes, a call 15: three calls fit, the fourth doctor needs another day."""
    doctors = [simple.doctor(number, marginal_value=[10.0 * number]) for number in (1, 2, 3, 4)]
    calls, plan = solved(simple.problem(*doctors))
    assert sorted(doctor for doctor, *_ in calls) == [2, 3, 4], "the fourth would earn 10 and cost 20"
    assert len({day for _, day, _ in calls}) == 1
    assert plan.objective == 20 + 30 + 40 - 20


def test_a_guarantee_is_kept_even_where_it_does_not_pay():
    calls, plan = solved(simple.problem(simple.doctor(marginal_value=[5.0], must=1)))
    assert len(calls) == 1
    assert plan.objective == 5 - 20


def test_a_guarantee_that_cannot_be_kept_costs_its_price():
    calls, plan = solved(simple.problem(simple.doctor(available=[], must=2)))
    assert (calls, plan.objective, plan.upper_bound) == ([], -200, -200)


def test_a_rhythm_spreads_calls_over_the_weeks():
    """Both calls would fit into one week; each week earns a bonus for one."""
    both = simple.doctor(
        frequency=2,
        marginal_value=[50.0, 40.0],
        available=[[0, 0], [1, 0], [5, 0]],
        evenness=[[0, 5, 1, 7.0], [5, 10, 1, 7.0]],
    )
    data = simple.problem(both, days=10, session_minutes=[[60, 60, 0]] * 10, max_calls=[8] * 10)
    calls, plan = solved(data)
    assert [day for _, day, _ in calls][-1] == 5
    assert plan.objective == 50 + 40 + 2 * 7 - 2 * 20


def test_an_evening_costs_its_price():
    calls, plan = solved(simple.problem(simple.doctor(available=[[2, 2]]), session_minutes=[[60, 60, 60]] * 5))
    assert calls == [(1, 2, 2)]
    assert plan.objective == 50 - 20 - 10


def test_a_department_meeting_takes_the_rep_there_anyway():
    """The way is paid for by the meeting; a call on the same way is worth it at 1."""
    data = simple.problem(simple.doctor(marginal_value=[1.0]), presence=[{"day": 3, "session": 0, "hospital": 0}])
    calls, plan = solved(data)
    assert calls == [(1, 3, 0)]
    assert plan.objective == 1 - 20


def test_a_problem_without_doctors_has_an_empty_plan():
    data = simple.problem() | {"doctors": []}
    calls, plan = solved(data)
    assert (calls, plan.objective, plan.upper_bound) == ([], 0, 0)


# --- against trying everything ---------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
def test_small_problems_are_solved_as_well_as_by_trying_everything(part):
    """At most 8 doctors and 3 open days, with meetings, guarantees, history, published and pinned visits."""
    tried = []
    for seed, data, problem, everything in small_problems(range(part, 400, 4)):
        plan = solve(problem, steps=60, seed=seed, workers=2)
        best, best_kept = everything.best()
        for objective, violations in opinions(data, plan.to_dict()):
            assert violations == [], seed
            assert plan.objective == pytest.approx(objective, abs=0.006), seed
        assert plan.upper_bound is not None
        assert plan.upper_bound >= best - 1e-6, f"seed {seed}: the bound lies below a plan there is"
        assert plan.upper_bound >= plan.objective - 1e-9, seed
        found = plan.objective + everything.kept([(call.doctor, call.day, call.session) for call in plan.calls])
        assert found <= best_kept + 1e-6, seed
        tried.append((seed, found == pytest.approx(best_kept, abs=1e-6)))
    missed = [seed for seed, is_best in tried if not is_best]
    assert len(tried) > 80
    assert missed == []


# --- the same again, in time, step by step ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def large():
    """A problem nobody solves in an instant: 60 doctors, 12 hospitals, four weeks."""
    doctors = [
        simple.doctor(
            number,
            hospital=number % 12,
            frequency=4,
            min_spacing_days=2,
            max_per_week=2,
            available=[[day, (number + day) % 3] for day in range(number % 3, 20, 1 + number % 4)],
            marginal_value=[20.0 + number, 15.0 + number / 2, 9.5, 5.25],
            evenness=[[week, week + 5, 1, 3.5] for week in range(0, 20, 5)],
            must=number % 2,
        )
        for number in range(60)
    ]
    data = simple.problem(
        *doctors,
        hospitals=[{"entry_minutes": 5 + place % 3} for place in range(12)],
        days=20,
        session_minutes=[[150, 120, 60]] * 20,
        max_calls=[9] * 20,
    )
    size = 13
    data["travel_minutes"] = [[0 if a == b else 5 + (7 * a + 11 * b) % 40 for b in range(size)] for a in range(size)]
    return data


def test_the_same_seed_and_steps_give_the_same_plan(large):
    problem = Problem.from_dict(large)
    first, second = solve(problem, steps=3, seed=7), solve(Problem.from_dict(large), steps=3, seed=7)
    assert (first.calls, first.routes, first.objective, first.upper_bound) == (
        second.calls, second.routes, second.objective, second.upper_bound
    )  # fmt: skip


def test_two_workers_take_the_same_steps_as_one(large):
    problem = Problem.from_dict(large)
    alone, together = solve(problem, steps=3, seed=1), solve(problem, steps=3, seed=1, workers=2)
    assert (alone.calls, alone.upper_bound) == (together.calls, together.upper_bound)


def test_a_large_plan_breaks_no_rule(large):
    plan = solve(Problem.from_dict(large), steps=5)
    for objective, violations in opinions(large, plan.to_dict()):
        assert violations == []
        assert plan.objective == pytest.approx(objective, abs=0.006)


def test_progress_only_ever_gets_better_and_a_greedy_plan_comes_first(large):
    told: list[Progress] = []
    problem = Problem.from_dict(large)
    plan = solve(problem, seconds=1.2, on_progress=told.append)
    assert [told[0].phase, told[0].upper_bound, told[-1].phase] == ["greedy", None, "done"]
    assert told[0].objective == solve(problem, steps=0).objective
    assert (told[-1].objective, told[-1].upper_bound, told[-1].calls) == (
        plan.objective, plan.upper_bound, len(plan.calls)
    )  # fmt: skip
    objectives = [one.objective for one in told]
    bounds = [one.upper_bound for one in told if one.upper_bound is not None]
    assert objectives == sorted(objectives)
    assert bounds == sorted(bounds, reverse=True)
    assert all(one.upper_bound is None or one.objective <= one.upper_bound for one in told)
    assert plan.objective > objectives[0]
    assert len(told) > 3


def test_without_any_time_the_greedy_plan_is_the_plan(large):
    plan = solve(Problem.from_dict(large), seconds=0)
    assert plan.upper_bound is None
    assert plan.gap is None
    assert all(violations == [] for _, violations in opinions(large, plan.to_dict()))


def test_whoever_stops_gets_the_best_plan_so_far_at_once(large):
    stopped_at: list[float] = []

    def should_stop() -> bool:
        if told and told[-1].phase == "search":
            stopped_at.append(time.monotonic())
        return bool(stopped_at)

    told: list[Progress] = []
    plan = solve(Problem.from_dict(large), seconds=600, on_progress=told.append, should_stop=should_stop)
    assert time.monotonic() - stopped_at[0] < 5, "there were ten minutes left"
    assert plan.objective >= told[0].objective
    assert all(violations == [] for _, violations in opinions(large, plan.to_dict()))


def test_the_seconds_are_kept(large):
    solve(Problem.from_dict(large), steps=1)
    assert solve(Problem.from_dict(large), seconds=0.5).seconds < 5
