"""What is in the repository, what the lock files say, and that both dev.py and the wheel work."""

import ast
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

import dev
from repcrm import __version__
from repcrm.planning.engine.cache import kept_file
from repcrm.planning.engine.machine_code import target
from tests.house.small_company import environment_of, make_company

ROOT = Path(__file__).resolve().parents[2]
LOCKS = [ROOT / "requirements.lock", ROOT / "requirements-dev.lock"]
OURS = ["repcrm", "templates", "static", "seed", "tests", "docs", ".ci"]
SHIPPED = ["templates", "static", "seed"]
PIN = re.compile(r"^(?P<name>[a-z0-9-]+)==(?P<version>\S+?)(?: ; (?P<marker>.+?))? \\$", re.MULTILINE)


def files_of(*folders: str) -> list[Path]:
    """Every file we keep in these folders of the project, whether or not there is a git to ask."""
    found = (path for folder in folders for path in sorted((ROOT / folder).rglob("*")))
    return [path for path in found if path.is_file() and "__pycache__" not in path.parts]


def pins_of(lock: Path) -> set[Requirement]:
    """What a lock file pins, with the platforms it pins it for."""
    found = PIN.finditer(lock.read_text("utf-8"))
    return {Requirement(f"{m['name']}=={m['version']}" + (f" ; {m['marker']}" if m["marker"] else "")) for m in found}


def as_pip_names_it(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


# --- lock files ---


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_file_carries_no_address(lock):
    text = lock.read_text("utf-8")
    assert not re.search(r"://|--index|--extra|--find|--trusted|file:|www\.| @ ", text)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_file_has_a_hash_for_each_version_and_nothing_else(lock):
    entries = re.split(r"\n(?=[a-z])", lock.read_text("utf-8").partition("\n")[2])
    for entry in entries:
        first, *hashes = entry.strip().splitlines()
        assert PIN.match(first), first
        assert hashes, first
        assert all(re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line) for line in hashes), first


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_file_answers_the_requirements_as_they_are_now(lock):
    assert f"Wishes: {dev.wishes()}\n" in lock.read_text("utf-8"), "run `python3 dev.py lock`"


def test_the_lock_files_pin_what_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    run_lock, dev_lock = map(pins_of, LOCKS)
    assert run_lock <= dev_lock
    for wish in map(Requirement, project["project"]["dependencies"]):
        pins = [pin for pin in run_lock if pin.name == as_pip_names_it(wish.name)]
        assert pins, wish
        assert all(next(iter(pin.specifier)).version in wish.specifier for pin in pins), wish
    for wish in map(Requirement, project["dependency-groups"]["dev"]):
        assert any(pin.name == as_pip_names_it(wish.name) for pin in dev_lock), wish


def test_what_is_installed_here_is_what_the_lock_file_says():
    for pin in pins_of(ROOT / "requirements-dev.lock"):
        if pin.marker is None or pin.marker.evaluate():
            assert version(pin.name) in pin.specifier, pin


# --- the repository ---


def test_no_third_party_file_is_kept():
    foreign = re.compile(r"\.min\.|\.(woff2?|ttf|otf|eot|map|whl|mo|jar|so|dll|exe|zip|gz)$")
    folders = {"node_modules", "vendor", "vendored", "third_party", "bower_components"}
    kept = [path.relative_to(ROOT) for path in files_of(*OURS)]
    assert [str(path) for path in kept if foreign.search(path.name) or folders & set(path.parts)] == []


def test_a_page_reaches_nowhere_but_its_own_server():
    outside = re.compile(r"""(?:https?:)?//(?!www\.w3\.org/)[a-z0-9-]+\.[a-z]""")
    pages = [path for path in files_of("templates", "static") if path.suffix in {".html", ".css", ".js", ".svg"}]
    assert [str(path) for path in pages if outside.search(path.read_text("utf-8"))] == []


def test_nothing_we_wrote_names_a_package_registry():
    registries = [
        "pypi" + ".org",
        "python" + "hosted",
        "npmjs" + ".",
        "deb.debian" + ".",
        "jsdelivr" + ".",
        "unpkg" + ".",
    ]
    samples = ROOT / "tests/data/files"  # not all of them in UTF-8, and none of them ours to word
    kept = [path for path in files_of(*OURS) if samples not in path.parents]
    texts = [path for path in kept if path.suffix not in {".png", ".xlsx", ".ico"}]
    texts += [path for path in ROOT.iterdir() if path.is_file() and path.suffix in {".py", ".md", ".toml", ".lock"}]
    assert [str(path) for path in texts if any(name in path.read_text("utf-8") for name in registries)] == []


# --- dev.py ---


def test_dev_py_can_be_read_by_a_python_too_old_to_run_it():
    ast.parse((ROOT / "dev.py").read_text("utf-8"), feature_version=(3, 7))


@pytest.fixture
def small_project(tmp_path):
    """A project whose lock files name no package, in a folder with a space, with a command that says where it is."""
    root = tmp_path / "a small project"
    cli = root / "repcrm" / "cli"
    cli.mkdir(parents=True)
    (cli.parent / "__init__.py").touch()
    (cli / "__init__.py").write_text("import sys\ndef main(): print(__file__, *sys.argv[1:])\n")
    for lock in ("requirements.lock", "requirements-dev.lock"):
        (root / lock).write_text(f"# {lock}\n")
    (root / "dev.py").write_text((ROOT / "dev.py").read_text("utf-8"), "utf-8")
    return root


def say(root: Path, *arguments: str) -> str:
    """Run dev.py of a project from another directory; returns what it printed."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(root), "PIP_CONFIG_FILE": os.devnull}
    command = [sys.executable, str(root / "dev.py"), *arguments]
    done = subprocess.run(command, cwd=root.parent, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_dev_py_makes_the_venv_once_and_again_when_the_lock_changes(small_project):
    assert "Installing requirements.lock" in say(small_project, "setup")
    assert "Installing" not in say(small_project, "setup")
    mark = small_project / ".venv" / "mark"
    mark.touch()

    # what is there already serves the tests too, and the tests' .venv serves the demo
    assert "Installing requirements-dev.lock" in say(small_project, "setup", "--dev")
    assert mark.exists()
    cli = small_project / "repcrm" / "cli" / "__init__.py"
    assert say(small_project, "demo", "--port", "1") == f"{cli} demo --port 1\n"

    with (small_project / "requirements.lock").open("a") as lock:
        lock.write("# changed\n")
    assert "Installing" in say(small_project, "setup")
    assert not mark.exists()


# --- the wheel ---


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel, built from the tree with what is installed here."""
    into = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(into)], cwd=ROOT, check=True)
    (built,) = into.glob("repcrm-*.whl")
    return built


@pytest.mark.slow
def test_the_wheel_holds_everything_the_program_reads(wheel):
    packed = set(zipfile.ZipFile(wheel).namelist())
    beside = {f"repcrm/{path.relative_to(ROOT).as_posix()}" for path in files_of(*SHIPPED)}
    inside = {path.relative_to(ROOT).as_posix() for path in files_of("repcrm")}
    assert beside | inside <= packed
    assert {name.partition("/")[0] for name in packed if ".dist-info/" not in name} == {"repcrm"}


@pytest.mark.slow
def test_the_command_of_the_wheel_works_from_any_directory(wheel, tmp_path):
    venv, elsewhere = tmp_path / "venv", tmp_path / "elsewhere"
    elsewhere.mkdir()
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    install = ["-m", "uv", "pip", "install", "--offline", "--no-cache", "--no-config", "--no-deps", "--quiet"]
    subprocess.run([sys.executable, *install, "--python", str(venv / "bin" / "python"), str(wheel)], check=True)
    (site_packages,) = venv.glob("lib/python3*/site-packages")
    # the other packages are lent by the .venv this runs in, but not its way to the tree
    (site_packages / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")

    environment = {"PATH": os.environ["PATH"], "HOME": str(elsewhere)}
    run: dict[str, Any] = {"cwd": elsewhere, "env": environment, "capture_output": True, "text": True, "check": True}
    helped = subprocess.run([str(venv / "bin" / "repcrm"), "--help"], **run)
    assert helped.stdout.startswith("Usage: repcrm")
    told = subprocess.run([str(venv / "bin" / "repcrm"), "--version"], **run)
    assert told.stdout == f"repcrm, version {__version__}\n"
    ask = "from repcrm.paths import *; print(TEMPLATES, STATIC, SEED, TRANSLATIONS, sep='\\n')"
    folders = subprocess.run([str(venv / "bin" / "python"), "-c", ask], **run).stdout.splitlines()
    assert all(Path(folder).is_relative_to(site_packages) and Path(folder).is_dir() for folder in folders)

    # processes that its command starts are of the wheel, too, in a folder with somebody else's `repcrm`
    (elsewhere / "repcrm").mkdir()
    (elsewhere / "repcrm" / "__init__.py").write_text("raise SystemExit('this is not ours')\n")
    ask = "import subprocess; from repcrm.core.child import python; subprocess.run(python('print(repcrm.__path__[0])'))"
    started = subprocess.run([str(venv / "bin" / "python"), "-P", "-c", ask], **run).stdout
    assert Path(started.strip()) == site_packages / "repcrm"
    machine_code, url = kept_file(target()), f"sqlite:///{elsewhere}/company.sqlite3"
    assert machine_code is not None
    make_company(url)
    run["env"] = environment_of(elsewhere, url) | environment | {"NUMBA_CACHE_DIR": str(machine_code.parents[1])}
    plan = [str(venv / "bin" / "repcrm"), "plan", "cycle", "--start", "2026-11-30", "--region", "EAST", "--steps", "20"]
    assert "1 reps: 1 proposed" in subprocess.run(plan, **run).stdout
