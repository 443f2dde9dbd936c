"""The best plan that the time allows, with a proof of how good it is."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from repcrm.planning.engine.greedy import greedy
from repcrm.planning.engine.plan import Plan
from repcrm.planning.engine.problem import Problem


@dataclass(frozen=True)
class Progress:
    """How far a search has come.

    upper_bound  None until something is proven
    phase        greedy, search or done
    """

    seconds: float
    objective: float
    upper_bound: float | None
    phase: str
    calls: int


def solve(
    problem: Problem,
    *,
    seconds: float = 5.0,
    steps: int | None = None,
    seed: int = 0,
    workers: int = 1,
    on_progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Plan:
    """Plan a cycle."""
    started = time.perf_counter()
    plan = greedy(problem)
    taken = time.perf_counter() - started
    if on_progress:
        on_progress(Progress(taken, plan.objective, None, "greedy", len(plan.calls)))
    return replace(plan, seconds=taken)
