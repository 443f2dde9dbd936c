"""Starting a Python process of our own, with the code that is running, whatever folder somebody stands in."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
"""Where this very package lies: a checkout, or the site-packages it was installed into."""


def python(code: str, *arguments: str) -> list[str]:
    """Return the command that runs `code` in a new process, in which `import repcrm` finds this very package.

    arguments  what `sys.argv[1:]` is there

    Whether the package was found by an installation, a path file, PYTHONPATH or by pytest makes no difference, and
    neither does a folder with a `repcrm`, or a `json.py`, of somebody else's: `-P` keeps it off the path.
    """
    found = f"import sys; sys.path.insert(0, {str(_ROOT)!r}); import repcrm; del sys.path[0]; "
    return [sys.executable, "-P", "-c", found + code, *arguments]


@contextmanager
def safe_path() -> Iterator[None]:
    """Let processes that multiprocessing starts meanwhile keep the folder somebody stands in off their path, too."""
    before = os.environ.get("PYTHONSAFEPATH")
    os.environ["PYTHONSAFEPATH"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["PYTHONSAFEPATH"]
        else:
            os.environ["PYTHONSAFEPATH"] = before
