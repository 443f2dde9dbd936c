#!/usr/bin/env python3
"""Set up, run and check repcrm. Needs Python 3.11 or newer with pip, and nothing else.

    python3 dev.py demo              start the demo company on this machine, at port 8000
    python3 dev.py test [ARGS]       run the tests; ARGS go to pytest (without any: all of them, on every core)
    python3 dev.py check [--all]     everything CI runs: style, types, import contracts, templates, tests
                                     (--all: tests on both databases, and those that take minutes)
    python3 dev.py shots [ARGS]      pictures of every page, into shots/ (docs/screens.md)
    python3 dev.py setup [--dev]     only make .venv, with the `repcrm` command in it (--dev: the tools for tests too)
    python3 dev.py lock [ARGS]       renew the lock files from pyproject.toml; ARGS go to the locker (--upgrade)

.venv is made from requirements.lock (or requirements-dev.lock), hashes checked and nothing compiled, and made again
when they change. Standard library only, so that it runs before anything is installed.
"""

import sys

if sys.version_info < (3, 11):
    sys.exit("repcrm needs Python 3.11 or newer; this is Python %d.%d." % sys.version_info[:2])

import hashlib
import importlib.util
import os
import shutil
import subprocess
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
COMMAND = BIN / ("repcrm.cmd" if os.name == "nt" else "repcrm")
STAMP = VENV / "made-from.txt"
RUN_LOCK = HERE / "requirements.lock"
DEV_LOCK = HERE / "requirements-dev.lock"

CHECKS = {
    "ruff check": ["-m", "ruff", "check", "."],
    "ruff format": ["-m", "ruff", "format", "--check", "."],
    "mypy": ["-m", "mypy"],
    "import contracts": ["-c", "from importlinter.cli import lint_imports_command as run; run()"],
    "templates": ["-m", "djlint", "templates", "--lint", "--quiet"],
    "tests": ["-m", "pytest", "-n", "auto", "--dist", "worksteal", "--durations", "25"],
}
"""What CI runs: the name of each step, and what .venv's Python is told to do."""
ALL = "--all"
"""Tests take this word to run on both databases, with what takes minutes as well."""

SCRIPT = """\
#!/bin/sh
'''exec' "{python}" -P "$0" "$@"
' '''
if __name__ == "__main__":  # processes that the command starts load this file again
    import sys
    from repcrm.cli import main
    sys.exit(main())
"""
"""The `repcrm` command: sh hands it to .venv's Python, by way of which a path with spaces works too."""

SCRIPT_NT = '@"%~dp0python.exe" -P -c "from repcrm.cli import main; main(prog_name=\'repcrm\')" %*\n'


def main(arguments: list[str]) -> int:
    """Do what the first word says; returns the exit status."""
    commands = {"demo": demo, "test": test, "check": check, "shots": shots, "setup": setup, "lock": lock}
    if not arguments or arguments[0] not in commands:
        print(__doc__.strip())
        return 0 if arguments and arguments[0] in ("-h", "--help", "help") else 2
    return commands[arguments[0]](arguments[1:])


def demo(arguments: list[str]) -> int:
    """Make .venv if needed and become `repcrm demo`, so that ctrl-c and kill reach the server itself."""
    ensure_venv(RUN_LOCK)
    sys.stdout.flush()
    if os.name == "nt":
        return subprocess.call([COMMAND, "demo", *arguments])
    os.execv(COMMAND, [COMMAND.name, "demo", *arguments])


def test(arguments: list[str]) -> int:
    """Run pytest in the project's folder."""
    ensure_venv(DEV_LOCK)
    return run("-m", "pytest", *(arguments or ["-n", "auto"]))


def check(arguments: list[str]) -> int:
    """Run every step, also after one has failed, and fail if any did."""
    ensure_venv(DEV_LOCK)
    failed = []
    for name, command in CHECKS.items():
        if name == "tests" and ALL in arguments:
            command = [*command, ALL]
        print(f"\n=== {name}", flush=True)
        began = time.monotonic()
        status = run(*command)
        print(f"=== {name}: {'ok' if status == 0 else 'FAILED'}, {time.monotonic() - began:.1f} s", flush=True)
        if status != 0:
            failed.append(name)
    print(f"\ncheck: {'FAILED: ' + ', '.join(failed) if failed else 'everything is in order'}", flush=True)
    return 1 if failed else 0


def shots(arguments: list[str]) -> int:
    """Take pictures of every page of a demo company."""
    ensure_venv(DEV_LOCK)
    return run("-m", "tests.browser.shots", *arguments)


def setup(arguments: list[str]) -> int:
    """Only make .venv and say what it is good for."""
    ensure_venv(DEV_LOCK if "--dev" in arguments else RUN_LOCK)
    print(f"{VENV} is ready; try {BIN / 'repcrm'} --help")
    return 0


def lock(arguments: list[str]) -> int:
    """Resolve pyproject.toml for every platform into the two lock files; the first is part of the second."""
    ensure_venv(DEV_LOCK)
    compile_lock(DEV_LOCK, ["--group", "dev", *arguments])
    compile_lock(RUN_LOCK, ["--constraints", DEV_LOCK.name])
    return 0


def compile_lock(path: Path, arguments: list[str]) -> None:
    """Write one lock file: exact versions with hashes of wheels, and no address of where they come from."""
    options = ["--universal", "--python-version", "3.11", "--generate-hashes", "--only-binary", ":all:", "--no-config"]
    plain = ["--no-emit-index-url", "--no-emit-find-links", "--no-header", "--no-annotate", "--quiet"]
    if run("-m", "uv", "pip", "compile", *options, *plain, *arguments, "pyproject.toml", "-o", path.name) != 0:
        sys.exit(f"{path.name} could not be renewed.")
    pins = path.read_text("utf-8")
    if "://" in pins:
        sys.exit(f"{path.name} names an address; run lock with a plain pip and uv configuration.")
    first = f"# Made by `python3 dev.py lock`; do not edit. Wishes: {wishes()}\n"
    path.write_text(first + pins, "utf-8")
    print(f"{path.name}: {sum('==' in line for line in pins.splitlines())} packages")


def wishes() -> str:
    """A fingerprint of the requirements in pyproject.toml; each lock file says which ones it answers."""
    import tomllib  # not before Python 3.11, and the sentence above is for those who have less

    project = tomllib.loads((HERE / "pyproject.toml").read_text("utf-8"))
    wished = [*project["project"]["dependencies"], "", *project["dependency-groups"]["dev"]]
    return hashlib.sha256("\n".join(wished).encode()).hexdigest()[:16]


def ensure_venv(lock_file: Path) -> None:
    """Make .venv, or make it again, unless its stamp says that it holds what `lock_file` asks for.

    The stamp is written last: a .venv that was interrupted half way is made again. Since requirements.lock is part of
    requirements-dev.lock, the tools of the tests are added to a .venv that has the former, never the other way.
    """
    stamped = STAMP.read_text("utf-8").splitlines() if STAMP.exists() and os.access(PYTHON, os.X_OK) else []
    place = f"{HERE} {sys.version_info[0]}.{sys.version_info[1]}"
    if {place, stamp_of(lock_file)} <= set(stamped):
        add_command()
        return
    began = time.monotonic()
    print(f"Installing {lock_file.name} into .venv; the first time takes a minute or two ...", flush=True)
    if stamped != [place, stamp_of(RUN_LOCK)]:
        make_venv()
    STAMP.unlink(missing_ok=True)
    install(lock_file)
    add_tree()
    add_command()
    locks = [RUN_LOCK, DEV_LOCK] if lock_file == DEV_LOCK else [RUN_LOCK]
    STAMP.write_text("\n".join([place, *map(stamp_of, locks)]) + "\n", "utf-8")
    print(f"Done in {time.monotonic() - began:.0f} s.", flush=True)


def stamp_of(lock_file: Path) -> str:
    """The line of the stamp that stands for a lock file as it is now."""
    return f"{lock_file.name} {hashlib.sha256(lock_file.read_bytes()).hexdigest()}"


def make_venv() -> None:
    """Make an empty .venv in place of the old one."""
    shutil.rmtree(VENV, ignore_errors=True)
    base = getattr(sys, "_base_executable", None) or sys.executable
    has_ensurepip = importlib.util.find_spec("ensurepip") is not None
    if importlib.util.find_spec("venv") is None or not (has_ensurepip or importlib.util.find_spec("pip")):
        sys.exit(f"{base} has neither pip nor the means to install it; install your system's python3-venv package.")
    without = [] if has_ensurepip else ["--without-pip"]
    if subprocess.call([base, "-m", "venv", *without, str(VENV)]) != 0:
        sys.exit(f"{VENV} could not be made; the words above say why.")


def pip() -> list[str]:
    """The pip inside .venv, or, where the system has split that off, the pip outside working on .venv."""
    if importlib.util.find_spec("ensurepip") is not None:
        return [str(PYTHON), "-m", "pip"]
    return [sys.executable, "-m", "pip", "--python", str(PYTHON)]


def install(lock_file: Path) -> None:
    """Install exactly what the lock file names: hashes must fit, and nothing is compiled or run to build it."""
    options = ["--require-hashes", "--only-binary", ":all:", "--quiet", "--no-input", "--disable-pip-version-check"]
    environment = {"PIP_DEFAULT_TIMEOUT": "60", **os.environ, "PIP_USER": "0"}
    if subprocess.call([*pip(), "install", *options, "-r", str(lock_file)], env=environment, cwd=HERE) != 0:
        sys.exit(f"{lock_file.name} could not be installed; the words above say why. Is there a way to PyPI?")


def add_tree() -> None:
    """Let .venv's Python find this tree as it stands, by a path file: no copy to go stale."""
    find = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site_packages = Path(subprocess.check_output([str(PYTHON), "-c", find], text=True).strip())
    (site_packages / "repcrm-tree.pth").write_text(f"{HERE}\n", "utf-8")


def add_command() -> None:
    """Put `repcrm` into .venv, or put it right: it may have been written by an earlier dev.py."""
    text = SCRIPT_NT if os.name == "nt" else SCRIPT.format(python=PYTHON)
    if not COMMAND.exists() or COMMAND.read_text("utf-8") != text:
        COMMAND.write_text(text, "utf-8")
        COMMAND.chmod(0o755)


def run(*arguments: str) -> int:
    """Run .venv's Python in the project's folder; returns its exit status."""
    return subprocess.call([str(PYTHON), *arguments], cwd=HERE)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
