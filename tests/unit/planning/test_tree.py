"""Bounds of parts of all plans, against the best plan of the part found by trying everything."""

import random

import numpy as np
import pytest

from repcrm.planning.engine.bound import AWAY, OPEN, THERE
from repcrm.planning.engine.descent import Descent, Ground
from repcrm.planning.engine.problem import Problem
from repcrm.planning.engine.proof import Proof
from repcrm.planning.engine.solver import solve
from repcrm.planning.engine.tables import tables_of
from tests.unit.planning import simple
from tests.unit.planning.small import small_problems

GOING_ON = np.zeros(1, dtype=np.int64)


def visits_of(tables):
    """Visit -> (day, hospital)."""
    sessions = int(tables.frame["sessions"][0])
    day_of_stop = np.repeat(np.arange(tables.cell.size - 1) // sessions, np.diff(tables.cell["first"]))
    stops = tables.stop[:-1]
    return {int(stop["visit"]): (int(day), int(stop["hospital"])) for day, stop in zip(day_of_stop, stops, strict=True)}


def small_tables(seeds):
    """Small problems in which somebody can be called, as tables, with what no plan can change and with all plans."""
    for seed, data, problem, everything in small_problems(seeds):
        tables, _, fixed = tables_of(problem)
        if tables.option.size:
            yield seed, data, tables, fixed, everything


def agreeing(data, visits, decided):
    """Whether calls are made at all visits decided to be made, and at none of the others decided."""
    hospital = {doctor["id"]: doctor["hospital"] for doctor in data["doctors"]}

    def agrees(calls):
        made = {(day, hospital[doctor]) for doctor, day, _ in calls}
        return all(decided[visit] in (OPEN, THERE if visits[visit] in made else AWAY) for visit in visits)

    return agrees


@pytest.mark.slow
def test_no_bound_of_a_part_lies_below_its_best_plan():
    tried = binding = 0
    for seed, data, tables, fixed, everything in small_tables(range(400, 520)):
        draw = np.random.default_rng(seed)
        visits, ground = visits_of(tables), Ground(tables)
        decided = draw.choice([OPEN, OPEN, AWAY, THERE], ground.visits)
        decided[tables.stop["visit"][:-1][tables.stop["forced"][:-1] > 0]] = OPEN
        best, _ = everything.best(agreeing(data, visits, decided))
        if best is None:
            continue
        part = Descent(ground, ground.first_price(), decided, 1.5, 20)
        for _ in range(15):
            part.advance(20, best - fixed, GOING_ON)
            ground.remember()
            assert part.bound is not None
            assert part.bound + fixed >= best - 1e-6, f"seed {seed}: the bound lies below a plan of the part"
        assert part.bound is not None
        tried += 1
        binding += part.bound + fixed < everything.best()[0] - 1e-6
    assert tried > 60
    assert binding > 20, "what is decided makes bounds lower than the best of all plans"


@pytest.mark.slow
def test_part_by_part_the_bound_only_falls_and_never_below_the_best_plan():
    tried = by_parts = 0
    for seed, _, tables, fixed, everything in small_tables(range(520, 640)):
        best, _ = everything.best()
        proof, bounds = Proof(tables), []
        for _ in range(150):
            proof.advance(20, best - fixed, GOING_ON)
            assert proof.bound is not None
            bounds.append(proof.bound)
        assert bounds == sorted(bounds, reverse=True), f"seed {seed}: a bound was taken back"
        assert bounds[-1] + fixed >= best - 1e-6, f"seed {seed}: the bound lies below a plan there is"
        tried += 1
        by_parts += proof.goes_by_parts
    assert tried > 60
    assert by_parts > 3


def torn():
    """Twelve doctors at four hospitals, each to be met on four of ten days: going out for few of them hardly pays."""
    draw = random.Random(1)
    doctors = [
        simple.doctor(
            number,
            hospital=number % 4,
            frequency=2,
            min_spacing_days=4,
            available=[[day, draw.randrange(2)] for day in sorted(draw.sample(range(10), 4))],
            marginal_value=[draw.randint(15, 40), draw.randint(5, 14)],
        )
        for number in range(12)
    ]
    data = simple.problem(*doctors, hospitals=[{"entry_minutes": 5}] * 4, days=10)
    data |= {"session_minutes": [[60, 60, 0]] * 10, "max_calls": [8] * 10}
    data["travel_minutes"] = [[0 if a == b else 15 + (a * 7 + b * 11) % 20 for b in range(5)] for a in range(5)]
    return data


def test_what_prices_for_all_plans_leave_open_is_proven_part_by_part():
    """A plan worth 116 is found at once; prices alone can only say that none is worth more than 122."""
    plan = solve(Problem.from_dict(torn()), steps=500)
    assert plan.objective == 116
    assert plan.upper_bound == pytest.approx(116, rel=1e-6)
    tables, _, fixed = tables_of(Problem.from_dict(torn()))
    proof = Proof(tables)
    while not proof.goes_by_parts:
        alone = proof.bound
        proof.advance(20, plan.objective - fixed, GOING_ON)
    assert alone is not None
    assert alone + fixed > 122


def test_a_visit_is_a_hospital_on_a_day_whatever_the_session():
    for _, _, problem, _ in small_problems(range(20)):
        tables, _, _ = tables_of(problem)
        visits = visits_of(tables)
        assert len(visits) == tables.stop["visit"][-1] == len(set(visits.values()))
