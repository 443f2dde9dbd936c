"""Every command of README and docs runs as it is written there, by the `repcrm` that dev.py puts into .venv."""

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import click
import pytest

import dev
from repcrm.cli import main
from repcrm.planning.engine.cache import kept_file
from repcrm.planning.engine.machine_code import target
from tests.house.documented import ROOT, all_commands
from tests.house.small_company import environment_of, make_company, write_files

COMMANDS = all_commands()
EXCUSED = {
    "python3 dev.py ": "makes .venv, runs all tests, takes all pictures",
    "python3 bench/": "measures a running demo for minutes",
    "python bench/": "measures for minutes",
    "repcrm": "the name of the command",
    "repcrm demo": "builds a whole company for a minute; tests/service/demo does it",
    'repcrm report freeze --revise --reason "…"': "shortened: the option is what the sentence is about",
    "repcrm job run NAME": "shortened",
    "repcrm user add": "shortened; it stands in full beside it",
}
"""A command, or how it begins -> why it is not run as written; its words and options are looked up all the same."""
LASTING = ("repcrm serve", "repcrm scheduler run", "repcrm worker", "gunicorn ")
"""What these start goes on until it is told to stop."""
LONGEST = 120  # seconds; a few on an idle machine

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(sys.platform == "win32", reason="the docs speak to a shell"),
]


def excuse_of(command: str) -> str | None:
    """The entry of EXCUSED that speaks of a command."""
    return next((one for one in EXCUSED if command == one or (one[-1] in " /" and command.startswith(one))), None)


RUN = [command for command in COMMANDS if not excuse_of(command)]


@pytest.fixture
def shell(tmp_path: Path) -> "Shell":
    """A folder in which commands are typed, with the command of dev.py and a small company."""
    return Shell(tmp_path)


class Shell:
    """Types commands, and stops those that go on."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        url = f"sqlite:///{folder}/company.sqlite3"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = str(free.getsockname()[1])
        machine_code = kept_file(target())
        assert machine_code is not None
        command = folder / "bin" / "repcrm"
        command.parent.mkdir()
        command.write_text(dev.SCRIPT.format(python=sys.executable), "utf-8")
        command.chmod(0o755)
        self.environment = environment_of(folder, url) | {
            "PATH": os.pathsep.join([str(command.parent), str(Path(sys.executable).parent), os.environ["PATH"]]),
            "NUMBA_CACHE_DIR": str(machine_code.parents[1]),
            "REPCRM_PORT": self.port,
            "GUNICORN_CMD_ARGS": f"--bind 127.0.0.1:{self.port}",
        }
        make_company(url)
        write_files(folder)

    def run(self, command: str) -> str:
        """Type a command and wait for its end; returns what is wrong, or nothing."""
        done = subprocess.run(
            command, shell=True, cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=LONGEST
        )
        self.said = done.stdout
        meant = (0, 1) if command == "repcrm check" else (0,)  # 1 says that something is still missing
        return "" if done.returncode in meant else f"{command}: status {done.returncode}\n{done.stdout}{done.stderr}"

    def start_and_stop(self, command: str) -> str:
        """Type a command that goes on, see that it works, and end it politely; returns what is wrong, or nothing."""
        log = self.folder / "log"
        with log.open("w") as said:
            started = subprocess.Popen(
                f"exec {command}", shell=True, cwd=self.folder, env=self.environment, stdout=said, stderr=said
            )
        try:
            deadline = time.monotonic() + LONGEST
            while started.poll() is None and not self._works(command, log.read_text()):
                assert time.monotonic() < deadline, f"{command}: nothing happens\n{log.read_text()}"
                time.sleep(0.2)
            if started.poll() is None:
                started.send_signal(signal.SIGTERM)
                started.wait(LONGEST)
        finally:
            started.kill()
        status = started.wait()
        return "" if status == 0 else f"{command}: status {status}\n{log.read_text()}"

    def _works(self, command: str, said: str) -> bool:
        if not command.startswith(("repcrm serve", "gunicorn ")):
            return "stop with ctrl-c" in said
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/sign-in", timeout=5) as page:
                return page.status == 200
        except OSError:
            return False


def test_every_command_runs_as_it_is_written(shell):
    wrong = [shell.start_and_stop(one) if one.startswith(LASTING) else shell.run(one) for one in RUN]
    assert "\n".join(filter(None, wrong)) == ""


def test_the_nights_batch_plans_for_every_rep(shell):
    assert shell.run("repcrm plan cycle --start 2026-11-30 --region EAST --steps 20") == ""
    assert re.search(r"^1 reps: 1 proposed; \d+ s$", shell.said, re.MULTILINE), shell.said


@pytest.mark.parametrize("command", [one for one in COMMANDS if excuse_of(one)])
def test_a_command_that_is_not_run_has_words_and_options_that_exist(command):
    words = shlex.split(command.replace("[", "").replace("]", ""))
    options = {word for word in words if word.startswith("--")}
    if words[0] != "repcrm":
        file = ROOT / words[1]
        text = file.read_text("utf-8")
        compile(text, words[1], "exec")
        assert all(option in text for option in options)
        assert words[1] != "dev.py" or f"python3 dev.py {words[2]}" in (dev.__doc__ or "")
        return
    found: click.Command = main
    for word in words[1:]:
        if not isinstance(found, click.Group):
            break
        known = found.get_command(click.Context(found), word)
        assert known is not None, command
        found = known
    assert options <= {name for one in found.params for name in one.opts}


def test_no_excuse_is_left_over():
    assert EXCUSED.keys() == {excuse_of(command) for command in COMMANDS} - {None}
