"""Python's search for garbage in cycles, kept from holding everyone up."""

import gc


def set_loaded_apart() -> None:
    """Leave what the process has loaded so far out of every later search for garbage.

    Modules live as long as their process. A search through all of them takes 0.2 to 0.3 s, and where it falls into a
    transaction that writes, everyone else waits for it on SQLite (bench/imports.py).
    """
    gc.collect()
    gc.freeze()
