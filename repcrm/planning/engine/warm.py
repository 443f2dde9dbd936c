"""Compiling everything ahead of time, so that nobody waits for it: servers do it in the background when they start."""

import threading

import numpy as np

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
_lock = threading.Lock()
_is_warm = False


def warm_up() -> None:
    """Compile the inner loops, or load them where that has been done before; the second call returns at once."""
    global _is_warm
    with _lock:
        if not _is_warm:
            _compile()
            _is_warm = True


def _compile() -> None:
    # they load numba, which web workers never need
    from repcrm.planning.engine.greedy import greedy
    from repcrm.planning.engine.hunt import Hunt
    from repcrm.planning.engine.proof import Proof
    from repcrm.planning.engine.tables import tables_of

    tables, visits, fixed = tables_of(_ONE)
    proof = Proof(tables)
    stop = np.zeros(1, dtype=np.int64)
    hunt = Hunt(_ONE, tables, visits, greedy(_ONE), fixed, 0)
    hunt.advance(1, 0.0, proof.option_price.copy(), proof.limit_prices(), stop)
    proof.advance(1, 0.0, stop)
