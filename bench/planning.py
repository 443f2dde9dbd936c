"""How good call plans are, how fast, and what they take: a table of the planbench problems, in Markdown.

    .venv/bin/python bench/planning.py ../shared/planbench [--seconds 5 30] [--problems Cairo_80_1 ...] [--write]

Every solve runs in a process of its own, so that its peak memory is its own; compiled code is kept between them (the
time of a first compilation is in the last lines). planbench's referee judges every plan. --write puts the table into
docs/planning.md. On a busy machine put `chrt -r 5` in front.
"""

import argparse
import importlib.util
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from repcrm.planning.engine.draft import Draft
from repcrm.planning.engine.explain import explain
from repcrm.planning.engine.greedy import greedy
from repcrm.planning.engine.plan import Plan, plan_of
from repcrm.planning.engine.problem import Problem
from repcrm.planning.engine.replan import differences, replan
from repcrm.planning.engine.solver import Progress, solve

DOCS = Path(__file__).resolve().parents[1] / "docs" / "planning.md"
BEGIN, END = "<!-- last result -->", "<!-- end of last result -->"
GOALS = {20: (1.0, 0.3, 150), 80: (1.5, 0.7, 200), 150: (2.0, 1.0, 250), 200: (2.5, 1.3, 300)}
"""Doctors -> gap in per cent after 5 s and after 30 s, MB."""
ABOVE_GREEDY = {150: 8.0, 200: 8.0}
"""Doctors -> per cent above the greedy of best_known.json."""
REPLAN_SECONDS, MOST_MOVED = 2.0, 20.0
CANCELLED_FROM = 10
"""Mending: on this day of the cycle its busiest session is cancelled."""
WARM_UP = """
import time
from repcrm.planning.engine.warm import machine_code
begun = time.perf_counter()
machine_code()
print(time.perf_counter() - begun)
"""
PIPE = subprocess.PIPE
Data = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """A problem solved for some seconds, and what was measured beside it.

    moved  per cent of the coming visits that mending moved or dropped
    gone   per cent of them that were to be made in the cancelled session
    """

    name: str
    wanted: float
    objective: float
    bound: float
    greedy: float
    greedy_ms: float
    nearest: float
    seconds: float
    peak_mb: float
    replan_seconds: float
    moved: float
    gone: float
    explain_seconds: float
    violations: int

    @property
    def doctors(self) -> int:
        """The size in the problem's name."""
        return int(self.name.split("_")[1])

    @property
    def gap(self) -> float:
        """Per cent the plan may be below the best there is."""
        return 100 * (self.bound - self.objective) / self.bound


def main() -> None:
    """Measure, and print the table."""
    wishes = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wishes.add_argument("folder", type=Path, help="planbench")
    wishes.add_argument("--seconds", type=float, nargs="+", default=[5.0, 30.0])
    wishes.add_argument("--problems", nargs="+")
    wishes.add_argument("--workers", type=int, default=2)
    wishes.add_argument("--cold", action="store_true", help="compile afresh as well, to say how long it takes")
    wishes.add_argument("--write", action="store_true")
    wishes.add_argument("--one", type=float, help=argparse.SUPPRESS)
    said = wishes.parse_args()
    if said.one is not None:
        json.dump(vars(measure(said.folder, said.problems[0], said.one, said.workers)), sys.stdout)
        return
    known = json.loads((said.folder / "best_known.json").read_text("utf-8"))
    warm = warm_seconds()
    names = [name for name in known if not said.problems or name in said.problems]
    rows = [apart(said.folder, name, seconds, said.workers) for seconds in said.seconds for name in names]
    lines = [
        *table(rows, known),
        "",
        *medians(rows, known),
        "",
        *beaten(rows, known),
        f"Compiled code loads in {warm:.2f} s.",
    ]
    if said.cold:
        with tempfile.TemporaryDirectory() as folder:
            lines[-1] += f" Compiling it, once on a machine, takes {warm_seconds(NUMBA_CACHE_DIR=folder):.0f} s."
    print("\n".join(lines))
    if said.write:
        write(lines)


def warm_seconds(**environment: str) -> float:
    """How long a fresh process takes to load compiled code, or to compile it where none is kept."""
    done = subprocess.run([sys.executable, "-c", WARM_UP], env=os.environ | environment, stdout=PIPE, check=True)
    return float(done.stdout)


def apart(folder: Path, name: str, seconds: float, workers: int) -> Row:
    """Measure in a fresh process."""
    sys.stderr.write(f"{name} {seconds:g} s\n")
    wish = ["--problems", name, "--one", str(seconds), "--workers", str(workers)]
    done = subprocess.run([sys.executable, __file__, str(folder), *wish], stdout=PIPE, check=True)
    return Row(**json.loads(done.stdout))


# --- one problem, in a process of its own ----------------------------------------------------------------------------


def measure(folder: Path, name: str, seconds: float, workers: int) -> Row:
    """Solve a problem, then mend and explain its plan, and let the referee judge everything."""
    data = json.loads((folder / "problems" / f"{name}.json").read_text("utf-8"))
    problem = Problem.from_dict(data)
    told: list[Progress] = []
    plan = solve(problem, seconds=seconds, workers=workers, on_progress=told.append)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    _, explain_seconds = timed(lambda: explain(problem, plan))
    first, by_hand = greedy(problem), nearest(problem)
    changed = with_cancelled_session(problem, plan)
    mended, replan_seconds = timed(lambda: replan(changed, workers=workers))
    coming = [call.slot for call in plan.calls if call.day >= CANCELLED_FROM]
    judge = referee(folder)
    judged = [judge(problem.to_dict(), one.to_dict()) for one in (plan, first, by_hand)]
    judged.append(judge(changed.to_dict(), mended.to_dict()))
    return Row(
        name=name,
        wanted=seconds,
        objective=judged[0]["objective"],
        bound=plan.upper_bound or float("nan"),
        greedy=judged[1]["objective"],
        greedy_ms=1000 * told[0].seconds,
        nearest=judged[2]["objective"],
        seconds=plan.seconds,
        peak_mb=peak,
        replan_seconds=replan_seconds,
        moved=100 * differences(changed, changed.published, mended.calls).part_moved,
        gone=100 * statistics.mean(not changed.session_minutes[day][session] for day, session in coming),
        explain_seconds=explain_seconds,
        violations=sum(len(one["violations"]) for one in judged),
    )


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """What it gives, and the seconds it took."""
    begun = time.perf_counter()
    return work(), time.perf_counter() - begun


def referee(folder: Path) -> Callable[[Data, Data], Data]:
    """planbench's own judge of plans."""
    spec = importlib.util.spec_from_file_location("check", folder / "check.py")
    assert spec is not None, "a file can be loaded"
    assert spec.loader is not None, "a file can be loaded"
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    judge: Callable[[Data, Data], Data] = module.check
    return judge


def with_cancelled_session(problem: Problem, plan: Plan) -> Problem:
    """Half the cycle is over as planned, and the session of the next day with most calls is cancelled."""
    done: dict[int, tuple[int, ...]] = {}
    for call in plan.calls:
        if call.day < CANCELLED_FROM:
            done[call.doctor] = (*done.get(call.doctor, ()), call.day)
    here = [call.session for call in plan.calls if call.day == CANCELLED_FROM]
    lost = max(here, key=here.count, default=0)
    minutes = [list(row) for row in problem.session_minutes]
    minutes[CANCELLED_FROM][lost] = 0
    return replace(
        problem,
        session_minutes=tuple(tuple(row) for row in minutes),
        presence=tuple(one for one in problem.presence if (one.day, one.session) != (CANCELLED_FROM, lost)),
        done=done,
        now=CANCELLED_FROM,
        published=plan.calls,
    )


def nearest(problem: Problem) -> Plan:
    """What a rep does without a planner: the nearest hospital next, and there whoever has the highest tier."""
    draft = Draft(problem, problem.pinned)
    for day in range(problem.now, problem.days):
        here = problem.home
        for session in range(len(problem.sessions)):
            left = {doctor.hospital for doctor in problem.doctors if (day, session) in problem.slots[doctor.id]}
            while left:
                hospital = min(left, key=lambda one: (problem.travel_minutes[here][one], one))
                left.remove(hospital)
                if call_on_all(draft, hospital, day, session):
                    here = hospital
    return plan_of(problem, tuple(draft.calls))


def call_on_all(draft: Draft, hospital: int, day: int, session: int) -> bool:
    """Call on everybody there as long as there is time, key doctors first."""
    called = False
    doctors = [doctor for doctor in draft.problem.doctors if doctor.hospital == hospital]
    for doctor in sorted(doctors, key=lambda doctor: -doctor.frequency):
        may = (day, session) in draft.problem.slots[doctor.id] and draft.may_call_on(doctor, day)
        if may and draft.gain_of_next(doctor) > 0 and (stop := draft.cheapest_stop(doctor, day, session)):
            draft.put(doctor, (day, session), stop)
            called = True
    return called


# --- the table -------------------------------------------------------------------------------------------------------


def table(rows: Sequence[Row], known: Data) -> list[str]:
    """A line for each problem and time."""
    head = (
        "problem", "s", "plan", "bound", "gap %", "best known", "against it %", "greedy", "nearest",
        "greedy ms", "peak MB", "mend s", "moved %", "gone %", "explain s", "broken rules",
    )  # fmt: skip
    lines = [line(head), line(["---", *["---:"] * (len(head) - 1)])]
    for row in rows:
        best = known[row.name]["best_known"]
        lines.append(
            line(
                (
                    row.name, f"{row.wanted:g}", f"{row.objective:,.0f}", f"{row.bound:,.0f}", f"{row.gap:.2f}",
                    f"{best:,.0f}", f"{100 * (row.objective / best - 1):+.2f}", f"{row.greedy:,.0f}",
                    f"{row.nearest:,.0f}", f"{row.greedy_ms:.0f}", f"{row.peak_mb:.0f}", f"{row.replan_seconds:.2f}",
                    f"{row.moved:.1f}", f"{row.gone:.1f}", f"{row.explain_seconds:.2f}", str(row.violations),
                )
            )
        )  # fmt: skip
    return lines


def medians(rows: Sequence[Row], known: Data) -> list[str]:
    """A line for each size and time: the median against the goal."""
    head = (
        "doctors",
        "s",
        "gap %",
        "goal",
        "peak MB",
        "goal",
        "above greedy of best_known %",
        "goal",
        "mend s",
        "goal",
        "moved %",
        "goal",
    )
    lines = [line(head), line(["---:"] * len(head))]
    for seconds in dict.fromkeys(row.wanted for row in rows):
        for doctors in sorted({row.doctors for row in rows}):
            here = [row for row in rows if (row.wanted, row.doctors) == (seconds, doctors)]
            above = [100 * (row.objective / known[row.name]["greedy"] - 1) for row in here]
            short, long, megabytes = GOALS[doctors]
            goal = {5.0: f"{short}", 30.0: f"{long}"}.get(seconds, "")
            lines.append(
                line(
                    (
                        str(doctors), f"{seconds:g}", f"{median(row.gap for row in here):.2f}", goal,
                        f"{max(row.peak_mb for row in here):.0f}", str(megabytes),
                        f"{median(above):.1f}", f"{ABOVE_GREEDY.get(doctors, '')}",
                        f"{max(row.replan_seconds for row in here):.2f}", f"{REPLAN_SECONDS:g}",
                        f"{max(row.moved for row in here):.1f}", f"{MOST_MOVED:g}",
                    )
                )
            )  # fmt: skip
    return [
        *lines,
        "",
        "Gap and lead over greedy are medians, memory, seconds and part moved the largest of each size. Gone: the part "
        "of the coming visits whose session was cancelled, which have to move.",
    ]


def beaten(rows: Sequence[Row], known: Data) -> list[str]:
    """Where the best known plan or bound was beaten."""
    plans = sorted({row.name for row in rows if row.objective > known[row.name]["best_known"] + 0.005})
    bounds = sorted({row.name for row in rows if row.bound < known[row.name]["upper_bound"] - 0.005})
    return [
        f"Better than the best known plan: {', '.join(plans) or 'nowhere'}.",
        f"Tighter than the best known bound: {', '.join(bounds) or 'nowhere'}.",
    ]


def median(values: Any) -> float:
    """The median of what comes."""
    return float(statistics.median(values))


def line(cells: Sequence[str]) -> str:
    """One line of a Markdown table."""
    return f"| {' | '.join(cells)} |"


def write(lines: Sequence[str]) -> None:
    """Put the result into the documentation, in place of the last one."""
    text = DOCS.read_text("utf-8")
    before, after = text[: text.index(BEGIN) + len(BEGIN)], text[text.index(END) :]
    DOCS.write_text("\n".join([before, "", *lines, "", after]), "utf-8")


if __name__ == "__main__":
    main()
