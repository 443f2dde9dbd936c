"""repcrm plan cycle: proposals for the reps of a region, or of all, on every core."""

import os
import threading
import time
from collections import Counter
from collections.abc import Generator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import get_context, parent_process

import click
from sqlalchemy.orm import Session, sessionmaker

from repcrm.cli.context import says_errors, sessions, settings_or_exit
from repcrm.cli.regions import regions_named
from repcrm.core import clock
from repcrm.core.child import safe_path
from repcrm.db.engine import make_engine
from repcrm.planning.cycle import Cycle
from repcrm.planning.service.batch import Ending, Line, propose_for, reps_to_plan

ENDED = "its process ended"
SECONDS = 8.0
"""So long one core searches for one rep: 500 of them take less than 45 minutes on two."""


@click.command("cycle")
@click.option("--start", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The Monday the cycle begins on.")
@click.option("--region", help="Code of a region; all regions if left away.")
@click.option(
    "--seconds", type=click.FloatRange(min=0), default=SECONDS, show_default=True, help="How long for each rep."
)
@click.option("--steps", type=click.IntRange(min=0), help="Search so many steps instead: the same plans each time.")
@click.option("--workers", type=click.IntRange(min=1), help="Processes; as many as there are cores if left away.")
@says_errors
def cycle_command(start: datetime, region: str | None, seconds: float, steps: int | None, workers: int | None) -> None:
    """Propose a plan for every rep. Called again, it goes on where it was stopped; a proposal is never made twice.

    A rep for whom it fails is named at the end, and the exit status is 1; the others are not held up.
    """
    settings = settings_or_exit()
    cycle = Cycle(start.date())
    with sessions(settings) as make_session, make_session() as session:
        regions = regions_named(session, region)
        reps = [rep_id for one in regions for rep_id in reps_to_plan(session, one.id)]
    begun = time.monotonic()
    task = Task(settings.resolved_database_url(), cycle, clock.now().astimezone(settings.zone), seconds, steps)
    endings: Counter[Ending] = Counter()
    for done, line in enumerate(_lines(task, reps, workers or os.cpu_count() or 1), start=1):
        endings[line.ending] += 1
        click.echo(f"{done}/{len(reps)} {_say(line)}")
    said = ", ".join(f"{number} {ending.label}" for ending, number in sorted(endings.items()))
    click.echo(f"{len(reps)} reps: {said or 'nobody'}; {time.monotonic() - begun:.0f} s")
    if endings[Ending.FAILED]:
        raise click.exceptions.Exit(1)


@dataclass(frozen=True)
class Task:
    """What a process needs to know once."""

    database_url: str
    cycle: Cycle
    now: datetime
    seconds: float
    steps: int | None


def _lines(task: Task, reps: Sequence[int], workers: int) -> Generator[Line, None, None]:
    """Whatever ends a process ends the pool with it: those that were under way then are done again, each by itself."""
    left = yield from _together(task, reps, workers)
    while left:
        under_way, rest = left[:workers], left[workers:]
        for rep_id in under_way:
            if (yield from _together(task, [rep_id], 1)):
                yield Line(str(rep_id), "", Ending.FAILED, words=ENDED)
        left = yield from _together(task, rest, workers)


def _together(task: Task, reps: Sequence[int], workers: int) -> Generator[Line, None, list[int]]:
    """The lines of reps planned side by side, as they come; returns those that were left, in order."""
    done: set[int] = set()
    if not reps:
        return []
    pool = ProcessPoolExecutor(
        min(workers, len(reps)), mp_context=get_context("spawn"), initializer=_begin, initargs=(task,)
    )
    with safe_path(), pool:
        rep_of = {pool.submit(_propose, rep_id): rep_id for rep_id in reps}
        for future in as_completed(rep_of):
            try:
                yield future.result()
                done.add(rep_of[future])
            except BrokenProcessPool:
                pass  # said by its absence
    return [rep_id for rep_id in reps if rep_id not in done]


_task: Task
_make_session: sessionmaker[Session]


def _begin(task: Task) -> None:
    """In the new process: its own connection to the database."""
    global _task, _make_session
    _task, _make_session = task, sessionmaker(make_engine(task.database_url))
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A command that was killed tells its processes nothing: they would wait for the next rep for ever."""
    parent = parent_process()
    assert parent is not None, "it was begun by the command"
    parent.join()
    os._exit(1)


def _propose(rep_id: int) -> Line:
    return propose_for(
        _make_session, rep_id, _task.cycle.start_on, now=_task.now, seconds=_task.seconds, steps=_task.steps
    )


def _say(line: Line) -> str:
    found = f"{line.calls} calls" if line.ending is Ending.PROPOSED else line.words
    gap = "" if line.gap_percent is None else f"gap {line.gap_percent:.1f} %"
    took = f"{line.seconds:.1f} s" if line.seconds else ""
    said = ", ".join(filter(None, (found, gap, took)))
    return f"{line.code} {line.name}: {line.ending.label}" + (f" ({said})" if said else "")
