"""Evening rounds of the rota count among the evenings of a week, whatever is searched."""

from repcrm.planning.engine.problem import DoctorNeed, HospitalStop, Presence, Problem, Rules
from repcrm.planning.engine.scoring import score
from repcrm.planning.engine.solver import solve


def test_a_search_keeps_the_limit_of_evenings_where_some_are_the_rotas():
    days, evening = 10, 2
    doctors = [
        DoctorNeed(
            id=number,
            hospital=number % 2,
            call_minutes=30,
            frequency=6,
            min_spacing_days=1,
            max_per_week=5,
            available=tuple((day, evening) for day in range(days)),
            marginal_value=(90.0, 80.0, 70.0, 60.0, 50.0, 40.0),
        )
        for number in range(6)
    ]
    problem = Problem(
        days=days,
        sessions=("am", "pm", "eve"),
        hospitals=(HospitalStop(5), HospitalStop(5)),
        travel_minutes=((0, 10, 20), (10, 0, 20), (20, 20, 0)),
        session_minutes=((200, 200, 120),) * days,
        max_calls=(9,) * days,
        rules=Rules((60, 60), 3, 30, 2, 5.0, 0.5, 100.0),
        doctors=tuple(doctors),
        presence=tuple(Presence(day, evening, day % 2) for day in (1, 3, 6)),
    )
    for seed in range(3):
        plan = solve(problem, steps=5, seed=seed)
        assert score(problem, plan).violations == ()
        assert plan.upper_bound is not None
        assert plan.objective <= plan.upper_bound + 1e-6
