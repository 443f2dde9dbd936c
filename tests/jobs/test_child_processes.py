"""Processes that we start run this very repcrm, whatever lies in the folder somebody stands in."""

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

import repcrm
from repcrm.core.child import python
from repcrm.planning.engine import warm
from repcrm.worker.process import COMMAND

ROOT = Path(repcrm.__path__[0]).parent
WRONG = "raise SystemExit('this is not ours')\n"
WHERE = "import repcrm.tables, sys; print(repcrm.__path__[0], *sys.argv[1:])"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A folder with a `repcrm` and more of somebody else's in it."""
    folder = tmp_path / "somebody else's"
    (folder / "repcrm").mkdir(parents=True)
    (folder / "repcrm" / "__init__.py").write_text(WRONG)
    for name in ("click", "json", "sqlalchemy", "signal"):
        (folder / f"{name}.py").write_text(WRONG)
    return folder


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A Python that has all our packages, but no way to the tree."""
    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    (site_packages,) = venv.glob("[Ll]ib/**/site-packages")
    (site_packages / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return next(venv.glob("bin/python")) if sys.platform != "win32" else venv / "Scripts" / "python.exe"


def said(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_process_runs_this_tree_in_a_folder_with_another(elsewhere: Path) -> None:
    assert said(python(WHERE, "a", "b c"), elsewhere) == f"{ROOT / 'repcrm'} a b c"


def test_a_process_of_a_bare_checkout_runs_it_too(elsewhere: Path, bare: Path) -> None:
    # as pytest finds it: by a path that only this process knows of
    code = (
        f"import subprocess, sys; sys.path.insert(0, {str(ROOT)!r}); from repcrm.core.child import python; "
        f"sys.exit(subprocess.run(python({WHERE!r}), cwd={str(elsewhere)!r}).returncode)"
    )
    assert said([str(bare), "-c", code], ROOT.parent) == str(ROOT / "repcrm")


def test_the_worker_and_the_compiler_are_started_that_way(elsewhere: Path) -> None:
    assert said(python(COMMAND, "worker", "--help"), elsewhere).startswith("Usage: ")
    assert python("from repcrm.planning.engine.compiler import main; main()") == warm._COMMAND


def test_no_process_is_started_in_another_way() -> None:
    """`sys.executable` stands where -P is, and in a developer's tool."""
    named = {path.relative_to(ROOT).as_posix() for path in (ROOT / "repcrm").rglob("*.py")
             if "sys.executable" in path.read_text("utf-8")}  # fmt: skip
    assert named == {"repcrm/core/child.py", "repcrm/imports/child.py", "repcrm/tables.py"}
