"""Why a plan is as it is: a reason for every call and for every doctor left out, with numbers that are true."""

from dataclasses import replace

import pytest

from repcrm.core.errors import BadInput
from repcrm.planning.engine.explain import Explanation, explain
from repcrm.planning.engine.plan import Plan, plan_of
from repcrm.planning.engine.problem import Problem, Visit
from repcrm.planning.engine.reasons import CODES, Why
from repcrm.planning.engine.rulebook import breaches
from repcrm.planning.engine.scoring import score
from repcrm.planning.engine.solver import solve
from tests.unit.planning import simple
from tests.unit.planning.small import random_problem


def explained(data, *calls: tuple[int, int, int]) -> Explanation:
    """The explanation of a plan with these calls, each (day, session, doctor)."""
    problem = Problem.from_dict(data)
    return explain(problem, plan_of(problem, tuple(Visit(*call) for call in calls)))


def codes(one) -> list:
    return [reason.code for reason in one.reasons]


# --- worked out by hand ----------------------------------------------------------------------------------------------


def test_the_only_call_of_a_day_pays_for_the_way():
    [call] = explained(simple.problem(), (0, 0, 1)).calls
    assert (call.earns, call.evenness, call.marginal_value) == (50, 0, 30)
    assert (call.call_minutes, call.entry_minutes, call.travel_minutes) == (15, 5, 20)
    assert call.shares == ()
    assert Why.OPENS_HOSPITAL in codes(call)


def test_two_calls_at_one_stop_share_the_way():
    """Neither needs the way alone: without either the rep would go there all the same."""
    data = simple.problem(simple.doctor(1), simple.doctor(2, marginal_value=[30.0]))
    first, second = explained(data, (0, 0, 1), (0, 0, 2)).calls
    assert (first.shares, second.shares) == ((2,), (1,))
    assert (first.marginal_value, second.marginal_value) == (50, 30)
    assert (first.travel_minutes, first.entry_minutes) == (0, 0)
    assert Why.ON_THE_WAY in codes(first)


def test_a_guaranteed_call_earns_its_penalty():
    [call] = explained(simple.problem(simple.doctor(must=1)), (0, 0, 1)).calls
    assert (call.earns, call.marginal_value) == (150, 130)
    assert Why.GUARANTEED in codes(call)


def test_a_call_not_worth_its_way_says_what_it_would_earn_and_cost():
    [left] = explained(simple.problem(simple.doctor(marginal_value=[19.0]))).left_out
    assert codes(left) == [Why.NOT_WORTH_TRAVEL]
    assert left.reasons[0].numbers == {"value": 19, "price": 20}
    assert left.net_value == -1


@pytest.mark.parametrize(
    ("doctor", "calls", "code"),
    [
        ({"available": []}, [], Why.NO_CLINIC_SESSION),
        ({"available": [[0, 2]]}, [], Why.NO_CLINIC_SESSION),
        ({"days_since_last_call": 1, "min_spacing_days": 9}, [], Why.NO_SLOT_FAR_ENOUGH),
        ({"frequency": 2, "max_per_week": 1}, [(0, 0, 1)], Why.NO_SLOT_FAR_ENOUGH),
        ({"marginal_value": []}, [], Why.WORTH_NOTHING),
        ({}, [], Why.COULD_BE_ADDED),
    ],
)
def test_what_stands_against_a_doctor_is_named(doctor, calls, code):
    [left] = explained(simple.problem(simple.doctor(**doctor)), *calls).left_out
    assert codes(left) == [code]


def test_a_full_day_names_the_call_that_would_have_to_give_way():
    data = simple.problem(
        simple.doctor(1, marginal_value=[40.0], available=[[0, 0]]),
        simple.doctor(2, marginal_value=[25.0], available=[[0, 0]]),
        max_calls=[1] * 5,
    )
    [left] = explained(data, (0, 0, 1)).left_out
    assert codes(left) == [Why.DAY_FULL]
    assert (left.doctor, left.best_slot, left.displaces) == (2, (0, 0), Visit(0, 0, 1))
    assert left.reasons[0].numbers == {"most": 1, "displaced": 20}


def test_a_full_session_is_named():
    data = simple.problem(
        simple.doctor(1, available=[[0, 0]]),
        simple.doctor(2, available=[[0, 0]]),
        session_minutes=[[20, 0, 0] for _ in range(5)],
    )
    [left] = explained(data, (0, 0, 1)).left_out
    assert codes(left) == [Why.SESSIONS_FULL]


def test_guarantees_that_do_not_fit_are_counted_and_what_would_help_is_told():
    """One call a day and one morning: of three guaranteed calls one fits; one call a day more would take a second."""
    doctors = [
        simple.doctor(number, must=1, available=[[0, 0]], marginal_value=[float(number)]) for number in (1, 2, 3)
    ]
    found = explained(simple.problem(*doctors, max_calls=[1] * 5), (0, 0, 3)).guarantees
    assert (found.needed, found.fit, found.left_out) == (3, 1, (1, 2))
    best = found.relaxations[0]
    assert (best.rule, best.guaranteed_calls, best.worth) == ("max_calls", 1, 102)


def test_guarantees_that_are_kept_need_no_advice():
    found = explained(simple.problem(simple.doctor(must=1)), (0, 0, 1)).guarantees
    assert (found.needed, found.fit, found.left_out, found.relaxations) == (1, 1, (), ())


# --- for any plan ----------------------------------------------------------------------------------------------------


def plans(seeds) -> list[tuple[int, Problem, Plan]]:
    """Greedy and better plans of small problems."""
    found = []
    for seed in seeds:
        try:
            problem = Problem.from_dict(random_problem(seed))
        except BadInput:
            continue
        found.append((seed, problem, solve(problem, steps=5 * (seed % 2))))
    return found


def test_every_call_and_every_doctor_with_too_few_has_a_reason():
    for seed, problem, plan in plans(range(150)):
        told = explain(problem, plan)
        assert [one.visit for one in told.calls] == list(plan.calls), seed
        planned = [call.doctor for call in plan.calls]
        short = [
            doctor.id
            for doctor in problem.doctors
            if planned.count(doctor.id) + len(problem.done.get(doctor.id, ())) < doctor.frequency
        ]
        assert [one.doctor for one in told.left_out] == short, seed
        for reasons in (*(one.reasons for one in told.calls), *(one.reasons for one in told.left_out)):
            assert reasons, seed
            for reason in reasons:
                assert reason.code in CODES, seed
                assert reason.code.label % reason.numbers, seed


def test_a_calls_worth_is_what_the_plan_would_lose_without_it():
    compared = 0
    for seed, problem, plan in plans(range(150)):
        for one in explain(problem, plan).calls:
            rest = tuple(call for call in plan.calls if call != one.visit)
            if one.visit.pinned or breaches(problem, rest):
                continue  # the plan without it is no plan of this problem
            without = score(problem, plan_of(problem, rest))
            lost = plan.objective - without.objective
            assert one.marginal_value == pytest.approx(lost, abs=1e-6), (seed, one)
            assert one.travel_minutes == score(problem, plan).travel_minutes - without.travel_minutes, (seed, one)
            compared += 1
    assert compared > 100


def test_what_a_doctor_left_out_would_earn_is_what_the_plan_would_gain():
    compared = 0
    for seed, problem, plan in plans(range(300)):
        for one in explain(problem, plan).left_out:
            if one.best_slot is None or one.net_value is None:
                continue
            kept = [call for call in plan.calls if call != one.displaces]
            more = tuple(sorted([*kept, Visit(*one.best_slot, one.doctor)]))
            gain = score(problem, plan_of(problem, more)).objective - plan.objective
            if one.displaces is None:
                assert breaches(problem, more) == [], (seed, one)
                assert one.net_value == pytest.approx(gain, abs=1e-6), (seed, one)
                compared += 1
    assert compared > 30


def test_the_worth_of_pinned_calls_is_told_like_any_other():
    data = simple.problem(published=[{"day": 2, "session": 0, "doctor": 1, "pinned": True}])
    [call] = explain(problem := Problem.from_dict(data), solve(problem, steps=2)).calls
    assert call.visit == replace(Visit(2, 0, 1), pinned=True)
    assert Why.PINNED in codes(call)
