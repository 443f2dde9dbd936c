"""The best plan that the time allows, with a proof of how good it is."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from repcrm.planning.engine.greedy import greedy
from repcrm.planning.engine.hunt import Hunt
from repcrm.planning.engine.plan import Plan, plan_of
from repcrm.planning.engine.problem import Problem
from repcrm.planning.engine.proof import Proof
from repcrm.planning.engine.tables import tables_of
from repcrm.planning.engine.warm import machine_code

ROUND_SECONDS = 0.1
"""So long bound and search work on their own before they tell each other what they found."""
ROUND_STEPS, ROUND_MOVES = 20, 100
"""The same where steps are counted instead of seconds."""
BOUND_SHARE, SETTLED_SHARE, PARTS_SHARE = 0.4, 0.2, 0.5
"""Part of a worker's time the bound gets where there is but one worker; where the bound has settled; where it goes on
part by part. Search has the rest."""
PROVEN = 1e-6
"""A plan this near to its bound, as a part of it, is taken for the best one: the bound itself is no more exact."""
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
    workers      1: bound and search take turns; 2: they run side by side on two cores, in threads of this process, and
                 where the bound has settled a second search joins it
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
        if run.error is not None and not run.stop[0]:
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
        self.past, self.target, self.price = 0.0, 0.0, np.zeros(0)
        self.phase = "compiling"
        self.error: BaseException | None = None

    def work(self) -> None:
        """Search until time or steps are over or somebody wants to stop."""
        try:
            self._search()
        except BaseException as error:
            self.error = error

    def _search(self) -> None:
        machine_code()
        self.phase = "search"
        tables, visits, fixed = tables_of(self.problem)
        proof, hunts, searches = Proof(tables), list[Hunt](), list[_Task]()
        bound = _Task(lambda count: proof.advance(count, self.target, self.stop), ROUND_STEPS)

        def begin_search() -> None:
            hunt = Hunt(self.problem, tables, visits, self.best, proof.limit_prices(), self.seed + len(hunts))
            hunts.append(hunt)
            searches.append(_Task(lambda count: hunt.advance(count, self.past, self.price, self.stop), ROUND_MOVES))

        begun, done = time.perf_counter(), 0
        with ThreadPoolExecutor(self.workers) as pool:
            while not self.stop[0]:
                self.past = done / self.steps if self.steps else (time.perf_counter() - begun) / self.seconds
                if self.past >= 1.0:
                    break
                if not hunts or (proof.is_settled and len(hunts) < self.workers):
                    begin_search()
                self.price, self.target = proof.option_price.copy(), max(hunt.worth for hunt in hunts)
                share = self._share_of(proof)
                last = self.workers - 1  # the last worker has the bound to do as well
                lanes = [[(one, 1.0)] for one in searches[:last]]
                lanes += [[(bound, share), *((one, 1.0 - share) for one in searches[last:])]]
                list(pool.map(self._go_on, lanes))
                done += 1
                self._keep(max(hunts, key=lambda hunt: hunt.worth), proof, fixed)
                if self.best.gap is not None and self.best.gap < PROVEN:
                    break

    def _share_of(self, proof: Proof) -> float:
        """The part of the last worker's time that is the bound's."""
        if proof.goes_by_parts:
            return PARTS_SHARE
        if proof.is_settled:
            return SETTLED_SHARE
        return BOUND_SHARE if self.workers == 1 else 1.0

    def _go_on(self, lane: list[tuple["_Task", float]]) -> None:
        """Let one worker do its tasks of a round, each with a part of its time."""
        for task, share in lane:
            task.go_on(None if self.steps else ROUND_SECONDS * share)

    def _keep(self, hunt: Hunt, proof: Proof, fixed: float) -> None:
        """Make what was found known; the bound counts nothing for kept visits, and neither does a plan's objective."""
        if hunt.calls != self.best.calls:
            self.best = plan_of(self.problem, hunt.calls)
        if proof.bound is not None:
            self.best = replace(self.best, upper_bound=max(proof.bound + fixed, self.best.objective))


class _Task:
    """Work that goes on round after round, as much at a time as fills its part of a round."""

    def __init__(self, advance: Callable[[int], None], count: int) -> None:
        self.advance, self.count = advance, count

    def go_on(self, seconds: float | None) -> None:
        """Do the next part; seconds: how long it should take, None: always as much."""
        started = time.perf_counter()
        self.advance(self.count)
        if seconds is not None:
            self.count = _adapted(self.count, time.perf_counter() - started, seconds)


def _adapted(count: int, took: float, wanted: float) -> int:
    """How many to do next time so that it takes about as long as wanted."""
    return max(1, min(4 * count, int(count * wanted / max(took, 1e-6)), 100_000))
