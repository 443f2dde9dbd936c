"""The best plan that the time allows, with a proof of how good it is."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from repcrm.planning.engine.greedy import greedy
from repcrm.planning.engine.plan import Plan, plan_of
from repcrm.planning.engine.problem import Problem
from repcrm.planning.engine.tables import tables_of

if TYPE_CHECKING:
    from repcrm.planning.engine.hunt import Hunt
    from repcrm.planning.engine.proof import Proof

ROUND_SECONDS = 0.1
"""So long bound and search work on their own before they tell each other what they found."""
ROUND_STEPS, ROUND_MOVES = 20, 100
"""The same where steps are counted instead of seconds."""
BOUND_SHARE = 0.4
"""Part of the time the bound gets where there is one worker."""
POLL_SECONDS = 0.04
REPORT_SECONDS = 0.2


@dataclass(frozen=True)
class Progress:
    """How far a search has come.

    upper_bound  None until something is proven
    phase        greedy, compiling, search or done
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
    """Plan a cycle: greedily at once, then better and better until time or steps are over.

    seconds      to search; a first compilation on this machine is not counted, it is reported as its own phase
    steps        rounds of bound and search instead of seconds: same problem, seed, steps and workers, same plan
    workers      1: bound and search take turns; 2: they run side by side on two cores, in threads of this process
    on_progress  told some times a second, from the caller's thread
    should_stop  asked about 25 times a second; the best plan so far is returned
    """
    started = time.perf_counter()
    plan = greedy(problem)
    report = on_progress or (lambda progress: None)

    def tell(best: Plan, phase: str) -> None:
        report(Progress(time.perf_counter() - started, best.objective, best.upper_bound, phase, len(best.calls)))

    tell(plan, "greedy")
    tables, _, _ = tables_of(problem)
    if not tables.option.size:
        plan = replace(plan, upper_bound=plan.objective)  # nobody can be called: there is no other plan
    elif seconds > 0 and steps != 0:
        run = _Run(problem, plan, seconds, steps, seed, workers)
        worker = threading.Thread(target=run.work, daemon=True, name="repcrm planner")
        worker.start()
        told = started
        while worker.is_alive():
            worker.join(POLL_SECONDS)
            if should_stop is not None and should_stop():
                run.stop[0] = 1
                worker.join(POLL_SECONDS if run.phase == "compiling" else None)
                break
            if time.perf_counter() - told >= REPORT_SECONDS:
                told = time.perf_counter()
                tell(run.best, run.phase)
        if run.error is not None:
            raise run.error
        plan = run.best
    plan = replace(plan, seconds=time.perf_counter() - started)
    tell(plan, "done")
    return plan


class _Run:
    """One search, in a thread of its own so that whoever waits can be told and can stop it."""

    def __init__(
        self, problem: Problem, first: Plan, seconds: float, steps: int | None, seed: int, workers: int
    ) -> None:
        self.problem, self.best = problem, first
        self.seconds, self.steps, self.seed, self.workers = seconds, steps, seed, workers
        self.stop = np.zeros(1, dtype=np.int64)
        self.phase = "compiling"
        self.error: BaseException | None = None

    def work(self) -> None:
        """Search until time or steps are over or somebody wants to stop."""
        try:
            self._search()
        except BaseException as error:
            self.error = error

    def _search(self) -> None:
        # they load numba, which web workers never need
        from repcrm.planning.engine.hunt import Hunt
        from repcrm.planning.engine.proof import Proof
        from repcrm.planning.engine.warm import warm_up

        warm_up()
        self.phase = "search"
        tables, visits, fixed = tables_of(self.problem)
        hunt = Hunt(self.problem, tables, visits, self.best, fixed, self.seed)
        proof = Proof(tables)
        limits = proof.limit_prices()
        begun = time.perf_counter()
        steps, moves, done = ROUND_STEPS, ROUND_MOVES, 0
        share = BOUND_SHARE if self.workers == 1 else 1.0
        with ThreadPoolExecutor(self.workers) as pool:
            while not self.stop[0]:
                past = done / self.steps if self.steps is not None else (time.perf_counter() - begun) / self.seconds
                if past >= 1.0:
                    break
                price = proof.option_price.copy()
                took_bound = pool.submit(_timed, proof.advance, steps, hunt.worth, self.stop)
                took_search = pool.submit(_timed, hunt.advance, moves, past, price, limits, self.stop)
                bound_seconds, search_seconds = took_bound.result(), took_search.result()
                done += 1
                self._keep(hunt, proof, fixed)
                if self.best.gap is not None and self.best.gap < 1e-9:
                    break
                if self.steps is None:
                    steps = _adapted(steps, bound_seconds, ROUND_SECONDS * share)
                    moves = _adapted(moves, search_seconds, ROUND_SECONDS * (1.0 if self.workers > 1 else 1.0 - share))

    def _keep(self, hunt: "Hunt", proof: "Proof", fixed: float) -> None:
        """Make what was found known; the bound counts nothing for kept visits, and neither does a plan's objective."""
        if hunt.calls != self.best.calls:
            self.best = plan_of(self.problem, hunt.calls)
        if proof.bound is not None:
            self.best = replace(self.best, upper_bound=max(proof.bound + fixed, self.best.objective))


def _timed(work: Callable[..., None], *arguments: object) -> float:
    started = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - started


def _adapted(count: int, took: float, wanted: float) -> int:
    """How many to do next time so that it takes about as long as wanted."""
    return max(1, min(4 * count, int(count * wanted / max(took, 1e-6)), 100_000))
