"""The night's batch as processes: one that dies holds up nobody, and a command that was killed is called again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from repcrm.planning.models import PlanProposal
from tests import factories as make
from tests.service.planning.conftest import NEXT

COMMAND = "import sys; from repcrm.cli import main; sys.exit(main())"
LONGEST = 90  # seconds

pytestmark = [
    pytest.mark.slow,
    pytest.mark.databases("sqlite"),
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes as Linux shows them"),
]


@pytest.fixture
def begin(beat, session, database, save) -> Callable[..., subprocess.Popen[str]]:
    """Four reps with a doctor each, and the command to plan them."""
    for number in range(4):
        rep = beat.rep if number == 0 else make.make_rep(session, region=beat.region, code=f"ZZ{number}")
        hospital = make.make_hospital(session, region=beat.region, latitude=31.0, longitude=121.0)
        make.make_assignment(session, hospital=hospital, product=beat.product, rep=rep)
        beat.doctor(hospital=hospital)
    save()
    environment = os.environ | {"REPCRM_DATABASE_URL": database, "REPCRM_SECRET_KEY": "x1y2" * 8}

    def command(*options: str) -> subprocess.Popen[str]:
        wish = ["plan", "cycle", "--start", NEXT.isoformat(), "--region", "EAST", *options]
        return subprocess.Popen(
            [sys.executable, "-u", "-c", COMMAND, *wish],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    return command


def planners(command: subprocess.Popen) -> list[int]:
    """The processes that plan for a command."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == command.pid and b"spawn_main" in (process / "cmdline").read_bytes():
                found.append(int(process.name))
        except OSError:
            continue  # it has ended meanwhile
    return found


def wait_until(happens: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + LONGEST
    while not happens():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


def is_alive(process: int) -> bool:
    stat = Path(f"/proc/{process}/stat")
    try:
        return stat.read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_process_that_dies_is_replaced_and_nobody_is_left_out(begin, session):
    with begin("--seconds", "0", "--workers", "2") as command:
        wait_until(lambda: planners(command), "nobody plans")
        os.kill(planners(command)[0], signal.SIGKILL)
        said, _ = command.communicate(timeout=LONGEST)
    assert command.returncode == 0, said
    assert said.splitlines()[-1].startswith("4 reps: 4 proposed; ")
    assert len(session.scalars(select(PlanProposal)).all()) == 4


@pytest.mark.thorough
@pytest.mark.parametrize("deadly", [signal.SIGTERM, signal.SIGKILL])
def test_a_killed_command_leaves_no_process_and_goes_on_when_it_is_called_again(begin, session, deadly):
    with begin("--seconds", "0", "--workers", "1") as command:
        first = command.stdout.readline()
        left = planners(command)
        command.send_signal(deadly)
        command.wait(LONGEST)
        wait_until(lambda: not any(map(is_alive, left)), "its processes are still there")
    assert first.startswith("1/4 ")
    with begin("--seconds", "0", "--workers", "2") as command:
        said, _ = command.communicate(timeout=LONGEST)
    assert command.returncode == 0, said
    assert "as proposed before" in said.splitlines()[-1]
    assert len(session.scalars(select(PlanProposal)).all()) == 4
