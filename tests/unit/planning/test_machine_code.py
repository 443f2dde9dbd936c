"""What was compiled does what the same lines do in plain Python, and is only called with what it was compiled for."""

import copy

import llvmlite.binding as llvm
import numpy as np
import pytest

from repcrm.core.errors import BadInput
from repcrm.planning.engine import compiler, descent, hunt
from repcrm.planning.engine.descent import Descent, Ground
from repcrm.planning.engine.greedy import greedy
from repcrm.planning.engine.hunt import Hunt
from repcrm.planning.engine.machine_code import Code, MachineCode, packed, unpacked
from repcrm.planning.engine.problem import Problem
from repcrm.planning.engine.tables import Tables, tables_of
from repcrm.planning.engine.warm import machine_code
from tests.unit.planning.small import legible, random_problem

ENTRANCES = ((hunt, "begin"), (hunt, "improve"), (descent, "tighten"))


def arrays(args):
    for arg in args:
        if isinstance(arg, tuple):
            yield from arrays(arg)
        elif isinstance(arg, np.ndarray):
            yield arg


def in_python(function, args):
    with np.errstate(over="ignore"):  # random numbers are multiplied until nothing is left of their first digits
        function.__wrapped__(*(legible(arg) if isinstance(arg, Tables) else arg for arg in args))


@pytest.fixture
def compared(monkeypatch):
    """Every call of machine code is made in plain Python too, which minds its indices, and must leave the same."""
    seen = dict.fromkeys((name for _, name in ENTRANCES), 0)

    def twice(function):
        def run(*args):
            other = copy.deepcopy(args)
            function(*args)
            in_python(function, other)
            for one, two in zip(arrays(args), arrays(other), strict=True):
                same = np.testing.assert_array_equal if one.dtype.names else np.testing.assert_allclose
                same(one, two)
            seen[function.__name__] += 1

        return run

    for module, name in ENTRANCES:
        monkeypatch.setattr(module, name, twice(getattr(module, name)))
    return seen


def test_it_does_what_the_same_lines_do_in_python(compared):
    stop = np.zeros(1, np.int64)
    for seed in range(60):
        try:
            problem = Problem.from_dict(random_problem(seed))
        except BadInput:
            continue  # what is pinned cannot be kept
        tables, visits, _ = tables_of(problem)
        if not tables.option.size:
            continue
        ground = Ground(tables)
        down = Descent(ground, ground.first_price(), ground.undecided(), 1.5, 3)
        down.advance(6, 0.0, stop)
        ground.remember()
        down.advance(6, 0.0, stop)
        limits = (
            down.last_call.copy(),
            np.zeros((ground.days, ground.sessions)),
            np.zeros(tables.date["first_double"][-1]),
        )
        search = Hunt(problem, tables, visits, greedy(problem), limits, seed)
        search.advance(6, 0.3, down.best_price[: tables.option.size].copy(), stop)
    assert min(compared.values()) > 30


@pytest.mark.parametrize(
    "array",
    [np.zeros(1, np.int32), np.zeros((1, 1), np.int64), np.zeros(4, np.int64)[::2], np.zeros(1), [0], 0],
    ids=["short", "table", "gaps", "float", "list", "number"],
)
def test_what_it_was_not_compiled_for_is_refused(array):
    tables, _, _ = tables_of(Problem.from_dict(random_problem(0)))
    ground = Ground(tables)
    down = Descent(ground, ground.first_price(), ground.undecided(), 1.5, 3)
    down.advance(1, 0.0, np.zeros(1, np.int64))
    with pytest.raises(TypeError, match="tighten is called with"):
        down.advance(1, 0.0, array)


def test_what_may_not_be_written_to_is_refused():
    array = np.zeros(1, np.int64)
    array.flags.writeable = False
    with pytest.raises(TypeError, match="not plain"):
        machine_code().run("begin", (array,))


def halve(numbers):
    if numbers[0] > 9.0:
        raise ValueError
    numbers[0] /= 2.0


def test_what_is_compiled_here_runs_and_its_errors_are_not_passed_over():
    numbers = np.array([6.0])
    code = MachineCode({"halve": compiler.code_of(halve, (numbers,))})
    code.run("halve", (numbers,))
    assert numbers[0] == 3.0
    with pytest.raises(RuntimeError, match="halve ended with status"):
        code.run("halve", (np.array([10.0]),))


@pytest.mark.parametrize(
    ("asked", "said"),
    [("i64", "passes arguments otherwise"), ("double", "it needs NRT_Free")],
    ids=["other", "foreign"],
)
def test_what_numba_makes_otherwise_than_we_call_it_is_refused(asked, said):
    module = llvm.parse_assembly(
        f"""declare void @NRT_Free(ptr)
        define i32 @f(ptr %0, ptr %1, {asked} %2) {{
          call void @NRT_Free(ptr %0)
          ret i32 0
        }}"""
    )
    with pytest.raises(TypeError, match=said):
        compiler.check(module, module.get_function("f"), (1.0,))


def test_code_comes_out_of_a_file_as_it_went_in():
    code = {"one": Code(b"\x7fELF\x00", ("int64 1", "float")), "two": Code(b"more", ())}
    assert unpacked(packed(code)) == code


@pytest.mark.parametrize("place", [0, 31, 32, 60, -1])
def test_a_file_with_a_changed_byte_is_none(place):
    data = bytearray(packed({"one": Code(b"code" * 100, ("float",))}))
    data[place] ^= 1
    assert unpacked(bytes(data)) is None


@pytest.mark.parametrize("left", [0, 1, 100, -1], ids=["nothing", "a byte", "the beginning", "all but the end"])
def test_a_broken_file_is_none(left):
    assert unpacked(packed({"one": Code(b"code" * 100, ("float",))})[:left]) is None
