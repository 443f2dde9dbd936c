"""The inner loops, written in Python and run as machine code.

Kernels read and write arrays they are given, and make none. They are compiled in a process of its own (`compiler.py`);
everywhere else a kernel is what it looks like, a Python function, and an entrance jumps into the machine code.
"""

from collections.abc import Callable
from functools import wraps
from types import ModuleType
from typing import Any

from repcrm.planning.engine.warm import machine_code

compiler: ModuleType | None = None
"""Who compiles, in the process that does."""

Function = Callable[..., Any]


def kernel(function: Function) -> Function:
    """An inner loop that other ones call."""
    made: Function = compiler.inner(function) if compiler else function
    return made


def entrance(function: Function) -> Function:
    """An inner loop that Python calls; it returns nothing, and other threads run meanwhile."""
    if compiler:
        made: Function = compiler.compile_and_run(function)
        return made

    @wraps(function)
    def run(*args: Any) -> None:
        machine_code().run(function.__name__, args)

    return run
