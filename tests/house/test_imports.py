"""Which way imports run, and who may import what."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "repcrm").rglob("*.py"))


def imported_by(path: Path) -> set[str]:
    """The top-level names of everything `path` imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.module, f"{path} imports relatively"
            names.add(node.module.partition(".")[0])
    return names


def imports_inside_functions(path: Path) -> Iterator[ast.Import | ast.ImportFrom]:
    """Every import statement of `path` that waits for a call."""
    for function in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    yield node


def test_every_import_contract_is_kept():
    run = "from importlinter.cli import lint_imports_command as run; run(['--no-cache'])"
    done = subprocess.run([sys.executable, "-c", run], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", [p for p in SOURCES if p.parent.name == "core"], ids=lambda path: path.name)
def test_the_core_imports_the_standard_library_only(path):
    assert imported_by(path) <= sys.stdlib_module_names | {"repcrm"}


@pytest.mark.parametrize("path", [ROOT / "dev.py", ROOT / "repcrm" / "paths.py"], ids=lambda path: path.name)
def test_what_runs_before_anything_is_installed_needs_the_standard_library_only(path):
    assert imported_by(path) <= sys.stdlib_module_names


def test_an_import_inside_a_function_says_why_it_waits():
    silent = []
    for path in [ROOT / "dev.py", *SOURCES]:
        lines = path.read_text("utf-8").splitlines()
        for node in imports_inside_functions(path):
            above, own = lines[node.lineno - 2], lines[node.lineno - 1]
            first_of_block = not above.strip().startswith(("import ", "from "))
            if first_of_block and "#" not in own and not above.strip().startswith("#"):
                silent.append(f"{path.relative_to(ROOT)}:{node.lineno}: {own.strip()}")
    assert silent == []


def test_importing_the_web_door_loads_nothing_that_only_workers_need():
    heavy = ("pandas", "altair", "vl_convert", "numba", "llvmlite")
    loads = f"import repcrm.web, sys; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", loads], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
