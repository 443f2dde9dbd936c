"""Compiling the inner loops: the only module that loads numba, in a process of its own.

What `main` does in that process: it writes the machine code to standard output, and keeps it where it can.
"""

import os
import signal
import sys
import threading
from contextlib import suppress
from typing import Any

import llvmlite.binding as llvm
import numba
import numpy as np

from repcrm.core.parent import wait_until_parent_ends
from repcrm.planning.engine import cache, compiled, machine_code
from repcrm.planning.engine.compiled import Function
from repcrm.planning.engine.machine_code import LLVM_TYPE, Code, MachineCode
from repcrm.planning.engine.problem import DoctorNeed, HospitalStop, Problem, Rules

_numba: Any = numba  # its types do not know every option
_ONE = Problem(
    days=1,
    sessions=("am", "pm", "eve"),
    hospitals=(HospitalStop(5),),
    travel_minutes=((0, 10), (10, 0)),
    session_minutes=((60, 60, 60),),
    max_calls=(2,),
    rules=Rules((60, 60), 3, 30, 1, 1.0, 0.5, 10.0),
    doctors=(DoctorNeed(0, 0, 10, 1, 1, 1, ((0, 0), (0, 1)), (20.0,)),),
)
"""The smallest problem that runs through every inner loop."""
_BARE = {"memset", "memcpy", "memmove", "exp", "pow"}
"""What machine code may need of the process it runs in."""
_CIVIL = 10
"""So many steps behind others a compilation stands in the queue for a core."""
_made: dict[str, Code] = {}


def inner(function: Function) -> Function:
    """A function for others that are compiled.

    `_nrt`: kernels make no arrays, so nobody has to count who holds those they read, which would take longer than
    reading them; what would need a count is refused here.
    """
    compile_it = _numba.njit(error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False)
    made: Function = compile_it(function)
    return made


def compile_and_run(function: Function) -> Function:
    """Compile a function for the first arguments it is called with; it is tried on them before it is kept."""

    def run(*args: Any) -> None:
        name = function.__name__
        if name not in _made:
            _made[name] = code_of(function, args)
        MachineCode(_made).run(name, args)

    return run


def code_of(function: Function, args: tuple[Any, ...]) -> Code:
    """A function for arguments like these, and whatever it calls."""
    dispatcher: Any = inner(function)
    dispatcher.compile(tuple(_numba.typeof(arg) for arg in args))
    module = llvm.parse_assembly(dispatcher.inspect_llvm(dispatcher.signatures[0]))
    defined = [one for one in module.functions if not one.is_declaration]
    (entry,) = (one for one in defined if one.linkage == llvm.Linkage.external)
    for one in defined:
        one.linkage = "external" if one is entry else "internal"
    entry.name = function.__name__
    check(module, entry, args)
    return Code(machine_code.target_machine().emit_object(module), machine_code.form_of(args))


def check(module: Any, entry: Any, args: tuple[Any, ...]) -> None:
    """Refuse what cannot be called the way we do, or needs something of numba's or Python's (TypeError)."""
    asked = [str(argument.type) for argument in entry.arguments]
    given = ["ptr", "ptr", *(LLVM_TYPE[type(piece)] for piece in machine_code.pieces(args))]
    if asked != given:
        raise TypeError(f"numba passes arguments otherwise now: {entry.name} asks for {asked}, we give {given}")
    needed = {one.name for one in module.functions if one.is_declaration and not one.name.startswith("llvm.")}
    if foreign := sorted(needed - _BARE):
        raise TypeError(f"{entry.name} makes arrays or calls others: it needs {', '.join(foreign)}")
    if machine_code.NOT_PLAIN in machine_code.form_of(args):
        raise TypeError(f"{entry.name} is given an array with gaps, or one that cannot be written to")


def _compile_all() -> bytes:
    # kernels: they must be loaded after `compiled` knows who compiles
    from repcrm.planning.engine.greedy import greedy
    from repcrm.planning.engine.hunt import Hunt
    from repcrm.planning.engine.proof import Proof
    from repcrm.planning.engine.tables import tables_of

    tables, visits, _ = tables_of(_ONE)
    proof = Proof(tables)
    stop = np.zeros(1, dtype=np.int64)
    hunt = Hunt(_ONE, tables, visits, greedy(_ONE), proof.limit_prices(), 0)
    hunt.advance(1, 0.0, proof.option_price.copy(), stop)
    proof.advance(1, 0.0, stop)
    return machine_code.packed(_made)


def main() -> None:
    """What the process does."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends with whoever wants it
    if hasattr(os, "nice"):
        os.nice(_CIVIL)
    compiled.compiler = sys.modules[__name__]
    file = cache.kept_file(machine_code.target())
    if file is None:
        sys.stdout.buffer.write(_compile_all())
        return
    with cache.alone(file):
        data = file.read_bytes() if file.exists() else b""
        if machine_code.unpacked(data) is None:
            data = _compile_all()
            with suppress(OSError):  # a full disk: it is compiled again the next time
                cache.keep(file, data)
    sys.stdout.buffer.write(data)


def _end_with_parent() -> None:
    wait_until_parent_ends()
    os._exit(1)
