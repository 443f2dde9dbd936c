"""How long people wait who write while something long goes on: a report frozen by the clock, or by hand.

    .venv/bin/python bench/writers.py [--database sqlite] [--scenario "report freeze"] [--check]

Serves a company as in bench/reports.py and writes to it without a pause, by real requests (a sign-in; a call sent by a
phone) and by a bare transaction of one row, while each scenario of SCENARIOS does its work in a process of its own.
A request shares the cores with that work, so its time says less than that of the bare transaction: what a writer
waits for others. --check ends with 1 if one of those took longer than LONGEST_WAIT.
"""

import argparse
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener
from uuid import uuid4

from reports import make_company, say
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from repcrm.accounts.models import Department, Doctor, Post
from repcrm.core import clock
from repcrm.core.child import python
from repcrm.db import schema
from repcrm.db.engine import make_engine
from repcrm.db.unit_of_work import unit_of_work
from repcrm.organisation.models import SignInThrottle, TerritoryAssignment, User
from repcrm.organisation.passwords import hash_password
from repcrm.scheduler.models import JobRun, RunStatus
from tests.postgresql import running_server

LONGEST_WAIT = 0.2
"""Seconds."""
COMMAND = "import sys; from repcrm.cli import main; sys.exit(main())"
PASSWORD = "correct horse battery"


@dataclass
class Place:
    """A company that is served: its database, the environment of commands, where its pages are."""

    url: str
    environment: dict[str, str]
    address: str
    rounds: Iterator[int] = field(default_factory=count)
    """The same call is never sent twice: each scenario has ten minutes of the day of its own."""

    def command(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a `repcrm` command."""
        return subprocess.Popen(python(COMMAND, *arguments), env=self.environment, stdout=subprocess.DEVNULL)

    def do(self, *arguments: str) -> None:
        """Run a `repcrm` command to its end."""
        if self.command(*arguments).wait():
            sys.exit(f"repcrm {' '.join(arguments)} failed")


def nothing(place: Place) -> None:
    """What everything else is compared with."""
    time.sleep(8)


def report_freeze(place: Place) -> None:
    """A week, a month and a quarter by hand."""
    for kind, period in (("week", "2026-W40"), ("month", "2026-09"), ("quarter", "2026-Q2")):
        place.do("report", "freeze", "--kind", kind, "--period", period)


def ticking(place: Place) -> None:
    """Everything the clock has to catch up on: the last week, month and quarter."""
    process = place.command("scheduler", "run", "--every", "0.5")
    engine = make_engine(place.url)
    done = select(func.count()).where(JobRun.status == RunStatus.DONE)
    while True:
        time.sleep(0.2)
        with Session(engine) as session:
            if session.scalar(done) == 3:
                break
    process.terminate()
    process.wait()
    engine.dispose()


SCENARIOS: dict[str, Callable[[Place], None]] = {"nothing": nothing, "report freeze": report_freeze, "clock": ticking}
"""What goes on meanwhile: does its work in processes of its own and returns when it is over."""


# --- those who write --------------------------------------------------------------------------------------------------


class Caller:
    """A browser of the rep."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.open = build_opener(HTTPCookieProcessor(CookieJar())).open

    def ask(self, path: str, body: bytes | None = None, **headers: str) -> str:
        """The text of an answer; urllib raises what is not 2xx."""
        request = Request(
            self.address + path, data=body, headers={key.replace("_", "-"): headers[key] for key in headers}
        )
        with self.open(request, timeout=60) as answer:
            text: str = answer.read().decode()
            return text

    def sign_in(self) -> float:
        """Sign in; returns the seconds that sending the form took."""
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.ask("/sign-in"))
        assert found, "the sign-in page has no token"
        form = urlencode({"csrf_token": found[1], "username": "u0", "password": PASSWORD}).encode()
        begun = perf_counter()
        page = self.ask("/sign-in", form)
        took = perf_counter() - begun
        assert 'name="password"' not in page, "the sign-in was refused"
        return took


def signing_in(place: Place) -> Callable[[], float]:
    """Sign in again and again."""
    return lambda: Caller(place.address).sign_in()


def logging_calls(place: Place) -> Callable[[], float]:
    """Send a call of today after the other from a phone."""
    caller, device = Caller(place.address), str(uuid4())
    caller.sign_in()
    engine = make_engine(place.url)
    with Session(engine) as session:
        rep_id = session.scalars(select(User.id).where(User.username == "u0")).one()
        held = TerritoryAssignment
        mine = select(held.hospital_id).where(held.rep_id == rep_id, held.until_on.is_(None))
        doctors = session.scalars(
            select(Doctor.id).join(Post).join(Department).where(Department.hospital_id.in_(mine)).order_by(Doctor.id)
        ).all()
    engine.dispose()
    told = json.loads(caller.ask("/api/v1/token"))
    first = 10 * next(place.rounds)
    sent = iter((doctor, minute) for minute in range(first, first + 10) for doctor in doctors)

    def log() -> float:
        doctor_id, minute = next(sent)
        operation = {
            "op_id": str(uuid4()), "entity_id": str(uuid4()), "kind": "log", "device_time": told["now"],
            "base_version": None, "day_on": clock.now().date().isoformat(), "doctor_id": doctor_id, "label": "x",
            "fields": {"result": "goal_met", "purposes": ["other"], "started_at_time": f"00:{minute:02}"}, "base": {},
        }  # fmt: skip
        body = json.dumps({"user_id": rep_id, "device_id": device, "operations": [operation]}).encode()
        begun = perf_counter()
        answer = caller.ask("/api/v1/operations", body, Content_Type="application/json", X_CSRFToken=told["token"])
        took = perf_counter() - begun
        (said,) = json.loads(answer)["answers"]
        assert said["outcome"] == "applied", said
        return took

    return log


def bare_writes(place: Place) -> Callable[[], float]:
    """A transaction of one row."""
    make_session = sessionmaker(make_engine(place.url))

    def write() -> float:
        begun = perf_counter()
        with unit_of_work(make_session) as session:
            session.add(SignInThrottle(username=str(uuid4()), failures=0))
        return perf_counter() - begun

    return write


WRITERS: dict[str, Callable[[Place], Callable[[], float]]] = {
    "sign-in": signing_in, "call": logging_calls, "bare write": bare_writes,
}  # fmt: skip
PAUSES = {"sign-in": 0.5, "call": 0.2, "bare write": 0.02}
"""Seconds between two writes of a writer."""


@dataclass
class Writing:
    """A writer at work in a thread; `took` are the seconds of each write."""

    name: str
    write: Callable[[], float]
    took: list[float] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    trouble: BaseException | None = None

    def run(self) -> None:
        """Write until it is over."""
        try:
            while not self.over.wait(PAUSES[self.name]):
                self.took.append(self.write())
        except BaseException as error:  # said by the main thread
            self.trouble = error


# --- measuring --------------------------------------------------------------------------------------------------------


def main() -> None:
    """Measure, say it as a table, and judge it if asked."""
    wishes = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wishes.add_argument("--database", choices=["sqlite", "postgresql"], help="both if left away")
    wishes.add_argument("--scenario", choices=list(SCENARIOS), help="all if left away")
    wishes.add_argument("--check", action="store_true", help=f"fail if a bare write takes over {LONGEST_WAIT} s")
    said = wishes.parse_args()
    longest = 0.0
    say(f"{'database':11} {'meanwhile':15} {'lasted':>7}   longest (median) of {', '.join(WRITERS)} in ms")
    for database in [said.database] if said.database else ["sqlite", "postgresql"]:
        with TemporaryDirectory() as folder, database_of(database, Path(folder)) as url, served(url) as place:
            for name in [said.scenario] if said.scenario else SCENARIOS:
                longest = max(longest, measure(place, database, name))
    say(f"longest bare write: {longest * 1000:.0f} ms, {longest / LONGEST_WAIT:.2f} of the {LONGEST_WAIT} s allowed")
    if said.check and longest > LONGEST_WAIT:
        sys.exit(1)


def measure(place: Place, database: str, name: str) -> float:
    """Write during a scenario; returns the seconds of the longest bare write."""
    writers = [Writing(writer, make(place)) for writer, make in WRITERS.items()]
    threads = [threading.Thread(target=writer.run) for writer in writers]
    for thread in threads:
        thread.start()
    begun = perf_counter()
    try:
        SCENARIOS[name](place)
    finally:
        lasted = perf_counter() - begun
        for writer in writers:
            writer.over.set()
        for thread in threads:
            thread.join()
    for writer in writers:
        if writer.trouble:
            raise writer.trouble
    figures = "   ".join(
        f"{max(writer.took) * 1000:5.0f} ({median(writer.took) * 1000:.0f}) of {len(writer.took)}" for writer in writers
    )
    say(f"{database:11} {name:15} {lasted:6.1f}s   {figures}")
    return max(writers[-1].took)


@contextmanager
def database_of(kind: str, folder: Path) -> Iterator[str]:
    """A database with a company in it."""
    if kind == "sqlite":
        fill(url := f"sqlite:///{folder}/bench.sqlite3")
        yield url
        return
    with running_server() as server:
        fill(url := server.url(server.create()))
        yield url


def fill(url: str) -> None:
    """A company whose first rep can sign in."""
    engine = make_engine(url)
    schema.upgrade(engine)
    with Session(engine) as session:
        make_company(session)
        session.scalars(select(User).where(User.username == "u0")).one().password_hash = hash_password(PASSWORD)
        session.commit()
    engine.dispose()


@contextmanager
def served(url: str) -> Iterator[Place]:
    """Its pages, answered by a `repcrm serve` of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment: dict[str, Any] = os.environ | {
        "REPCRM_DATABASE_URL": url, "REPCRM_SECRET_KEY": "bench-" * 8, "REPCRM_PORT": str(port),
        "REPCRM_TIME_ZONE": "UTC",
    }  # fmt: skip
    place = Place(url, environment, f"http://127.0.0.1:{port}")
    server = place.command("serve", "--no-scheduler", "--no-worker")
    try:
        for _ in range(600):
            try:
                Caller(place.address).ask("/sign-in")
                break
            except OSError:
                time.sleep(0.1)
        yield place
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
