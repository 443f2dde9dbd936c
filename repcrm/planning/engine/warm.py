"""Having the inner loops ready, so that nobody waits for them: servers see to it in the background when they start."""

import subprocess
import threading
from typing import TYPE_CHECKING

from repcrm.core.child import python

if TYPE_CHECKING:
    from repcrm.planning.engine.machine_code import Code, MachineCode

_COMMAND = python("from repcrm.planning.engine.compiler import main; main()")
_lock = threading.Lock()
_loaded: "MachineCode | None" = None


def machine_code() -> "MachineCode":
    """The inner loops as machine code, compiled where that has not been done before; the second call returns at once.

    Compiling takes half a minute of a core and 300 MB, so a process of its own does it and keeps the result: what goes
    on here shares its core with nobody, and the memory is given back.
    """
    global _loaded
    with _lock:
        if _loaded is None:
            from repcrm.planning.engine.machine_code import MachineCode  # it loads LLVM: 40 MB that only planning needs

            _loaded = MachineCode(compile_apart())
        return _loaded


def warm_up_in_background() -> None:
    """Do it beside whatever else this process does."""
    threading.Thread(target=machine_code, daemon=True, name="planner warm-up").start()


def compile_apart() -> "dict[str, Code]":
    """The machine code that is kept, else what a process makes now.

    raises  RuntimeError when that process fails; what was wrong is on standard error
    """
    # the second loads LLVM: 40 MB that only planning needs
    from repcrm.planning.engine.cache import kept_file
    from repcrm.planning.engine.machine_code import target, unpacked

    file = kept_file(target())
    if file is not None and file.exists() and (code := unpacked(file.read_bytes())) is not None:
        return code
    # its standard input closes when this process is gone, however it went, and the child ends; Ctrl-C is not for it
    with subprocess.Popen(_COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True) as child:
        assert child.stdout is not None, "asked for"
        code = unpacked(child.stdout.read())
    if child.returncode or code is None:
        raise RuntimeError(f"The planner could not be compiled (status {child.returncode})")
    return code
