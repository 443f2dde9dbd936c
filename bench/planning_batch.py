"""How long the night's batch takes for 500 reps of 150 doctors, from a company of some reps.

    .venv/bin/python bench/planning_batch.py [--reps 12] [--seconds 8]

Plans everybody with `repcrm plan cycle` in a temporary SQLite file, then again, when nothing is left to plan. What a
rep takes beyond the search is reading the company, writing the reasons and keeping the proposal.
"""

import argparse
import os
import random
import resource
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import reports
from reports import make_company, say
from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.accounts.models import ClinicSession, Doctor, Hospital
from repcrm.accounts.models import Session as DayPart
from repcrm.db import schema
from repcrm.db.engine import make_engine
from repcrm.planning.engine.warm import machine_code

NIGHT_REPS, GOAL_MINUTES = 500, 45
HOSPITALS_A_REP = 5
COMMAND = "import sys; from repcrm.cli import main; sys.exit(main())"


def main() -> None:
    """Make a company, plan it twice, say what that comes to."""
    wishes = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wishes.add_argument("--reps", type=int, default=12)
    wishes.add_argument("--seconds", type=float, help="of search for a rep; the command's own default if left away")
    said = wishes.parse_args()
    cores = os.cpu_count() or 1
    machine_code()
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.sqlite3"
        make(url, said.reps)
        taken, cpu, lines = plan(url, said.seconds)
        again, _, last = plan(url, said.seconds)
    say("\n".join(lines))
    say(f"once more: {last[-1]}")
    say(f"{said.reps} reps on {cores} cores: {taken:.0f} s")
    say(f"a rep: {taken * cores / said.reps:.1f} core-seconds, {cpu / said.reps:.1f} of them busy")
    say(f"{NIGHT_REPS} reps: {NIGHT_REPS * taken / said.reps / 60:.0f} min (goal: under {GOAL_MINUTES})")
    say(f"where nothing is left to do: {again / said.reps * cores:.2f} core-seconds a rep")


def make(url: str, reps: int) -> None:
    """A company as in bench/reports.py, with places on the map and clinic rosters."""
    reports.REPS, reports.HOSPITALS = reps, HOSPITALS_A_REP * reps
    engine = make_engine(url)
    schema.upgrade(engine)
    dice = random.Random(11)
    with Session(engine) as session:
        make_company(session)
        for hospital in session.scalars(select(Hospital)):
            hospital.latitude, hospital.longitude = 31.2 + dice.gauss(0, 0.06), 121.4 + dice.gauss(0, 0.06)
        slots = [(weekday, part) for weekday in range(1, 6) for part in (DayPart.AM, DayPart.PM)]
        for doctor in session.scalars(select(Doctor)):
            for weekday, part in dice.sample(slots, dice.randint(1, 4)):
                session.add(ClinicSession(doctor_id=doctor.id, weekday=weekday, session=part))
        session.commit()
    engine.dispose()


def plan(url: str, seconds: float | None) -> tuple[float, float, list[str]]:
    """Seconds, CPU-seconds and the lines of the batch."""
    environment = os.environ | {"REPCRM_DATABASE_URL": url, "REPCRM_SECRET_KEY": "bench-" * 8}
    wish = [] if seconds is None else ["--seconds", str(seconds)]
    command = [sys.executable, "-c", COMMAND, "plan", "cycle", "--start", "2026-11-30", *wish]
    before, begun = cpu_of_children(), perf_counter()
    done = subprocess.run(command, env=environment, cwd=Path(__file__).parent, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(done.stdout)
    return perf_counter() - begun, cpu_of_children() - before, done.stdout.splitlines()


def cpu_of_children() -> float:
    """CPU-seconds of all processes that were waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
