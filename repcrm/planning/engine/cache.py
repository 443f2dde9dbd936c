"""Where machine code is kept, so that nobody waits for it twice."""

import hashlib
import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path

_PARTS = (
    "tables", "compiled", "compiler", "machine_code", "rows", "day", "way", "market", "search",
    "visited", "menu", "trace", "best_day", "doctor", "bound",
)  # fmt: skip
"""Modules whose text decides what is compiled."""


def kept_file(target: str) -> Path | None:
    """The file that machine code is kept in, which need not be there; None where nothing can be written.

    target  the processor it is made for

    Its name carries a digest of all that the code depends on. What lies there is run, so a folder that somebody else
    could write to is not used.
    """
    here = Path(__file__).parent
    text = b"".join((here / f"{part}.py").read_bytes() for part in _PARTS)
    made_by = f"{version('numba')} {version('llvmlite')} {version('numpy')} {target}"
    digest = hashlib.sha256(text + made_by.encode()).hexdigest()[:16]
    for folder in _folders():
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
            if _is_ours(folder):
                return folder / f"kernels-{digest}.npz"
        except (OSError, RuntimeError):
            continue
    return None


def _folders() -> Iterator[Path]:
    if named := os.environ.get("NUMBA_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA"):
        yield Path(named) / "repcrm"
    home = Path(os.path.expanduser("~"))
    if home.is_absolute():
        yield home / ".cache" / "repcrm"
    with suppress(OSError):  # a machine without any place for temporary files
        yield Path(tempfile.gettempdir()) / (f"repcrm-{os.getuid()}" if hasattr(os, "getuid") else "repcrm")


def _is_ours(folder: Path) -> bool:
    if not hasattr(os, "getuid"):
        return True
    found = folder.stat()
    return found.st_uid == os.getuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def keep(file: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as part:
        try:
            part.write(data)
            part.close()
            os.replace(part.name, file)
        except OSError:
            os.unlink(part.name)
            raise


@contextmanager
def alone(file: Path) -> Iterator[None]:
    """One process at a time: whoever comes second waits and finds the file there."""
    if sys.platform == "win32":
        yield  # each compiles for itself
        return
    import fcntl  # Windows has none

    with file.with_suffix(".lock").open("w") as lock:
        with suppress(OSError):  # some drives of a network have no locks
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
