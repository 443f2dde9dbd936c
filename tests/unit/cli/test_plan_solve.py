"""repcrm plan solve: a plan from a file, or a sentence; never a traceback."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from repcrm.cli import main
from tests.unit.planning import simple
from tests.unit.planning.referee import opinions


@pytest.fixture
def problem_file(tmp_path: Path) -> Path:
    """Three doctors of one hospital, two of whom pay for the way."""
    doctors = [simple.doctor(number, marginal_value=[20.0 * number]) for number in (1, 2, 3)]
    file = tmp_path / "problem.json"
    file.write_text(json.dumps(simple.problem(*doctors)), "utf-8")
    return file


def solve(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["plan", "solve", *map(str, arguments)])


def test_it_says_how_good_the_plan_is_and_writes_it(problem_file: Path):
    output = problem_file.with_name("plan.json")
    result = solve(problem_file, "-o", output, "--steps", 20, "--seed", 3, "--workers", 2)
    assert result.exit_code == 0, result.output
    said = dict(line.rsplit(" ", 1) for line in result.output.splitlines())
    assert list(said) == ["objective", "upper bound", "gap", "calls", "seconds"]
    assert (said["objective"], said["calls"]) == ("100.00", "3")
    assert float(said["upper bound"]) >= 100
    plan = json.loads(output.read_text("utf-8"))
    for objective, violations in opinions(json.loads(problem_file.read_text("utf-8")), plan):
        assert (objective, violations) == (pytest.approx(100), [])


def test_the_same_seed_and_steps_write_the_same_plan(problem_file: Path):
    plans = []
    for name in ("a", "b"):
        output = problem_file.with_name(name)
        assert solve(problem_file, "-o", output, "--steps", 5, "--seed", 9).exit_code == 0
        plans.append(json.loads(output.read_text("utf-8")) | {"seconds": 0})
    assert plans[0] == plans[1]


def test_without_a_file_for_it_the_plan_goes_to_standard_output_alone(problem_file: Path):
    result = solve(problem_file, "--steps", 1)
    assert len(json.loads(result.stdout)["calls"]) == 3
    assert result.stderr.startswith("objective 100.00\n")


def test_without_a_search_there_is_a_plan_and_nothing_proven(problem_file: Path):
    result = solve(problem_file, "-o", problem_file.with_name("plan"), "--seconds", 0)
    assert result.exit_code == 0
    assert "bound" not in result.output


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"not JSON", "is not a JSON file."),
        (b"\xff\xfe\x00", "is not a JSON file."),
        (b"[" * 100_000, "is not a JSON file."),
        (b"[]", "Error: problem must be an object."),
        (b"{}", "Error: days is missing."),
        (json.dumps(simple.problem(simple.doctor(call_minutes=-1))).encode(), "doctors[0].call_minutes must not be"),
        (json.dumps(simple.problem(now=9)).encode(), "Error: now must be at most 5."),
        (json.dumps(simple.problem(keep_day_bonus=float("nan"))).encode(), "keep_day_bonus must be a finite number."),
    ],
)
def test_a_bad_file_gives_a_sentence_and_an_exit_status(tmp_path: Path, content: bytes, sentence: str):
    file = tmp_path / "problem.json"
    file.write_bytes(content)
    result = solve(file)
    assert result.exit_code == 1
    assert sentence in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)


@pytest.mark.parametrize(
    "wrong", [["--seconds", "-1"], ["--workers", "3"], ["--seed", "-1"], ["--steps", "x"], ["nowhere.json"]]
)
def test_a_wrong_option_is_a_misuse(problem_file: Path, wrong: list[str]):
    assert solve(problem_file, *wrong).exit_code == 2


def test_a_folder_that_is_not_there_gives_a_sentence(problem_file: Path):
    result = solve(problem_file, "--steps", 1, "-o", problem_file / "nowhere" / "plan.json")
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert "plan.json" in result.output


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no polite kill")
def test_ctrl_c_writes_the_best_plan_so_far(problem_file: Path):
    doctors = [
        simple.doctor(
            number, hospital=number % 4, frequency=3, marginal_value=[30.0 + number, 20.0, 10.0], min_spacing_days=2
        )
        for number in range(40)
    ]
    hospitals = [{"entry_minutes": 5} for _ in range(4)]
    problem_file.write_text(json.dumps(simple.problem(*doctors, hospitals=hospitals)), "utf-8")
    output = problem_file.with_name("plan.json")
    code = "import sys; from repcrm.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", code, "plan", "solve", str(problem_file), "-o", str(output), "--seconds", "600"]
    with subprocess.Popen(command, env=os.environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        time.sleep(8)
        child.send_signal(signal.SIGINT)
        said, complaint = child.communicate(timeout=60)
    assert child.returncode == 0, complaint
    assert said.startswith("objective ")
    assert json.loads(output.read_text("utf-8"))["calls"]
