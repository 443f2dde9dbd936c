"""The process that started this one and holds the other end of its standard input."""

import os
import sys


def wait_until_parent_ends() -> None:
    """Return when standard input closes, which it does however the parent ends.

    The descriptor is read as it is: a thread that waits in `sys.stdin` holds its lock, and Python aborts at its own
    end when it cannot have that.
    """
    while os.read(sys.stdin.fileno(), 1024):
        pass
