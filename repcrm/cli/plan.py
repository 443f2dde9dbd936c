"""repcrm plan: call plans, from files."""

import json
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from repcrm.cli.context import says_errors
from repcrm.cli.plan_cycle import cycle_command
from repcrm.core.errors import BadInput
from repcrm.core.words import N_
from repcrm.planning.engine.plan import Plan
from repcrm.planning.engine.problem import Problem
from repcrm.planning.engine.solver import Progress, solve


@click.group("plan")
def command() -> None:
    """Plan the calls of a cycle.

    \b
      repcrm plan solve problem.json -o plan.json --seconds 5
      repcrm plan cycle --start 2026-11-30 --region EAST
    """


command.add_command(cycle_command)


@command.command("solve")
@click.argument("problem_file", metavar="PROBLEM.json", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--output", "-o", type=click.Path(path_type=Path, dir_okay=False), help="A file; else standard output.")
@click.option("--seconds", type=click.FloatRange(min=0), default=5.0, show_default=True, help="How long to search.")
@click.option("--steps", type=click.IntRange(min=0), help="Search so many steps instead: the same plan each time.")
@click.option("--seed", type=click.IntRange(min=0, max=2**31 - 1), default=0, show_default=True)
@click.option("--workers", type=click.IntRange(min=1, max=2), default=1, show_default=True, help="Cores to use.")
@says_errors
def solve_command(
    problem_file: Path, output: Path | None, seconds: float, steps: int | None, seed: int, workers: int
) -> None:
    """Plan the problem of a file (its form: docs/planning.md). Ctrl-C writes the best plan so far."""
    problem = Problem.from_dict(_read(problem_file))
    on_terminal = sys.stderr.isatty()
    with _stopped_by_ctrl_c() as should_stop:
        plan = solve(
            problem,
            seconds=seconds,
            steps=steps,
            seed=seed,
            workers=workers,
            on_progress=_show if on_terminal else None,
            should_stop=should_stop,
        )
    if on_terminal:
        click.echo(err=True)
    content = json.dumps(plan.to_dict()) + "\n"
    if output:
        _write(output, content)
    else:
        click.echo(content, nl=False)
    click.echo(_summary(plan), err=output is None)


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise BadInput(N_("%(path)s is not a JSON file."), path=str(path)) from error


def _write(path: Path, content: str) -> None:
    try:
        path.write_text(content, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}") from error


@contextmanager
def _stopped_by_ctrl_c() -> Iterator[Callable[[], bool]]:
    """Take the first Ctrl-C as a wish to stop searching; a second one ends the command as ever."""
    asked: list[int] = []

    def ask(number: int, _frame: object) -> None:
        asked.append(number)
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield lambda: bool(asked)
    finally:
        signal.signal(signal.SIGINT, before)


def _show(progress: Progress) -> None:
    bound = "" if progress.upper_bound is None else f", bound {progress.upper_bound:,.0f}"
    line = f"{progress.seconds:5.1f} s  {progress.phase}: {progress.objective:,.0f}{bound}, {progress.calls} calls"
    click.echo(f"\r{line:<78}", nl=False, err=True)


def _summary(plan: Plan) -> str:
    lines = [f"objective {plan.objective:,.2f}", f"calls {len(plan.calls)}", f"seconds {plan.seconds:.1f}"]
    if plan.upper_bound is not None and plan.gap is not None:
        lines[1:1] = [f"upper bound {plan.upper_bound:,.2f}", f"gap {plan.gap:.2%}"]
    return "\n".join(lines)
