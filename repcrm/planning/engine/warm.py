"""Compiling everything ahead of time, so that nobody waits for it: servers do it in the background when they start."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from repcrm.core.parent import wait_until_parent_ends
from repcrm.planning.engine.problem import DoctorNeed, HospitalStop, Problem, Rules

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
_COMMAND = (sys.executable, "-m", "repcrm.planning.engine.warm")
_READY = "ready"
"""A file in the cache folder that says: everything is compiled."""
_CIVIL = 10
"""So many steps behind others a compilation stands in the queue for a core."""
_lock = threading.Lock()
_is_warm = False


def warm_up() -> None:
    """Compile the inner loops, or load them where that has been done before; the second call returns at once.

    Compiling takes half a minute of a core and 300 MB, so a process of its own does it and keeps the result: what goes
    on here shares its core with nobody, and the memory is given back. Where nothing can be kept it is done here.
    """
    global _is_warm
    with _lock:
        if not _is_warm:
            compile_apart()
            _compile()
            _is_warm = True


def warm_up_in_background() -> None:
    """Do it beside whatever else this process does."""
    threading.Thread(target=warm_up, daemon=True, name="planner warm-up").start()


def compile_apart() -> None:
    """Let a process fill the cache, unless it is filled. However that ends: what is missing then is compiled here."""
    from repcrm.planning.engine.compiled import FOLDER  # it loads numba, which web workers never need

    if FOLDER is not None and not (FOLDER / _READY).exists():
        # the pipe closes when this process is gone, however it went, and the child ends
        with subprocess.Popen(
            _COMMAND, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as child:
            child.wait()


def _compile() -> None:
    # they load numba, which web workers never need
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


def _fill_cache() -> None:
    """What that process does."""
    from repcrm.planning.engine.compiled import FOLDER  # it loads numba, which web workers never need

    threading.Thread(target=_end_with_parent, daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(_CIVIL)
    if FOLDER is None:
        return
    with _alone(FOLDER):
        if not (FOLDER / _READY).exists():
            _compile()
            (FOLDER / _READY).touch()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process at a time: whoever comes second waits and finds everything compiled."""
    try:
        import fcntl  # Windows has none
    except ImportError:  # each compiles for itself
        yield
        return
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _end_with_parent() -> None:
    wait_until_parent_ends()
    os._exit(1)


if __name__ == "__main__":
    _fill_cache()
