"""The planner is compiled beside the worker's other work, and kept wherever this machine lets us keep it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from repcrm.planning.engine import cache, warm
from repcrm.planning.engine.problem import Problem
from repcrm.planning.engine.solver import solve
from repcrm.settings import Settings
from repcrm.worker.process import COMMAND
from tests.unit.planning import simple

LONGEST = 60  # seconds

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="looks at processes and folders as POSIX has them")


def python(code: str, **environment: str) -> str:
    """What a fresh Python says."""
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | environment, capture_output=True, text=True, timeout=LONGEST * 3
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def compiling(folder: Path) -> list[int]:
    """The processes that compile for this folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            told, environment = (process / "cmdline").read_bytes(), (process / "environ").read_bytes()
        except OSError:
            continue  # it has ended meanwhile
        if b"repcrm.planning.engine.compiler" in told and str(folder).encode() in environment:
            found.append(int(process.name))
    return found


def wait_until(happens, what: str) -> None:
    deadline = time.monotonic() + LONGEST
    while not happens():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks at processes as Linux shows them")
def test_a_worker_compiles_the_planner_in_the_background_and_ends_politely_meanwhile(
    settings: Settings, tmp_path: Path, save
):
    save()
    environment = {**os.environ, **settings.as_environment(), "NUMBA_CACHE_DIR": str(tmp_path)}
    with subprocess.Popen([sys.executable, "-c", COMMAND, "worker"], env=environment) as worker:
        wait_until(lambda: compiling(tmp_path), "nobody compiles")
        wait_until(lambda: list(tmp_path.glob("repcrm/*.lock")), "it does not begin")
        begun = time.monotonic()
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(LONGEST) == 0
        assert time.monotonic() - begun < 10
    wait_until(lambda: not compiling(tmp_path), "it compiles for nobody")


@pytest.mark.slow
def test_what_was_compiled_once_is_loaded_from_then_on():
    code = "from repcrm.planning.engine.warm import machine_code; machine_code()"
    python(code)
    begun = time.monotonic()
    python(code)
    assert time.monotonic() - begun < 15, "compiling takes half a minute of a core"


KEPT = "from repcrm.planning.engine.cache import kept_file; print(kept_file('a processor'))"


def test_where_the_wished_folder_cannot_be_written_another_is_taken(tmp_path: Path):
    file = tmp_path / "a file"
    file.touch()
    nowhere = str(file / "below")
    assert Path(python(KEPT, NUMBA_CACHE_DIR=str(tmp_path))).parent == tmp_path / "repcrm"
    assert Path(python(KEPT, NUMBA_CACHE_DIR=nowhere, HOME=str(tmp_path))).parent == tmp_path / ".cache" / "repcrm"
    last = Path(python(KEPT, NUMBA_CACHE_DIR=nowhere, HOME=nowhere, TMPDIR=str(tmp_path)))
    assert last.parent == tmp_path / f"repcrm-{os.getuid()}"
    assert last.parent.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_others_can_write_to_is_not_trusted(tmp_path: Path):
    (tmp_path / "repcrm").mkdir()
    (tmp_path / "repcrm").chmod(0o777)
    home = tmp_path / "home"
    assert Path(python(KEPT, NUMBA_CACHE_DIR=str(tmp_path), HOME=str(home))).is_relative_to(home)


def test_what_was_made_for_another_processor_is_not_taken():
    assert python(KEPT) != python(KEPT.replace("a processor", "another"))


@pytest.mark.thorough
@pytest.mark.slow
def test_where_nothing_can_be_kept_it_is_compiled_each_time(tmp_path: Path):
    file = tmp_path / "a file"
    file.touch()
    nowhere = str(file / "below")
    (tmp_path / "sitecustomize.py").write_text(f"import tempfile; tempfile.tempdir = {nowhere!r}")
    names = "from repcrm.planning.engine.warm import compile_apart; print(sorted(compile_apart()))"
    told = python(f"{KEPT}; {names}", NUMBA_CACHE_DIR=nowhere, HOME=nowhere, PYTHONPATH=str(tmp_path))
    assert told.split("\n") == ["None", "['begin', 'improve', 'tighten']"]


def test_who_stops_while_it_is_compiled_gets_the_plan_there_is(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(warm, "_loaded", None)
    monkeypatch.setattr(warm, "_COMMAND", (sys.executable, "-c", "raise SystemExit(1)"))
    problem = Problem.from_dict(simple.problem(simple.doctor()))
    assert solve(problem, should_stop=lambda: True).calls
    with pytest.raises(RuntimeError, match="could not be compiled"):
        solve(problem)


def test_what_cannot_be_kept_leaves_nothing_behind(tmp_path: Path):
    (tmp_path / "kernels.npz").mkdir()
    with pytest.raises(OSError, match=r"kernels\.npz"):
        cache.keep(tmp_path / "kernels.npz", b"code")
    assert [file.name for file in tmp_path.iterdir()] == ["kernels.npz"]
