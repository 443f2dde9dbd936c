"""Compiling the inner loops: how, and where the result is kept so that nobody waits for it twice.

Only kernel modules import this one: it loads numba, which web workers never need.
"""

import hashlib
import os
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numba

KERNELS = (
    "tables", "compiled", "day", "way", "market", "search",
    "visited", "menu", "trace", "best_day", "doctor", "bound",
)  # fmt: skip
"""Modules whose text decides what is compiled."""


def cache_folder() -> Path | None:
    """A folder of our own for compiled code, made if need be; None when nothing can be written.

    Its name carries a digest of the kernels and the version of numba: numba itself only looks at the file a function is
    written in, not at those it calls, and would run yesterday's inner loop inside today's outer one.
    What lies there is loaded as code, so a folder that somebody else could write to is not used.
    """
    here = Path(__file__).parent
    text = b"".join((here / f"{name}.py").read_bytes() for name in KERNELS if (here / f"{name}.py").exists())
    digest = hashlib.sha256(text + f"{numba.__version__} {sys.version}".encode()).hexdigest()[:16]
    for base in _bases():
        folder = base / f"kernels-{digest}"
        try:
            for one in (base, folder):
                one.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
            if _is_ours(base) and _is_ours(folder):
                return folder
        except (OSError, RuntimeError):
            continue
    return None


def _bases() -> Iterator[Path]:
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


FOLDER = cache_folder()
"""Where compiled code is kept; None: nowhere."""
if FOLDER is not None:
    numba.config.CACHE_DIR = str(FOLDER)  # type: ignore[attr-defined]


def kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function that only other compiled ones call; Python cannot."""
    return _compiled(function, inner=True)


def entrance(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function that Python calls; other threads run meanwhile."""
    return _compiled(function, inner=False)


def lean(function: Callable[..., Any]) -> Callable[..., Any]:
    """A kernel that makes no arrays: nobody counts who holds those it reads, which takes longer than reading them."""
    return _compiled(function, inner=True, _nrt=False)


def _compiled(function: Callable[..., Any], inner: bool, **more: Any) -> Callable[..., Any]:
    njit: Any = numba.njit  # its type does not know every option
    compile_it = njit(
        cache=FOLDER is not None,
        nogil=True,
        error_model="numpy",
        no_cpython_wrapper=inner,
        no_cfunc_wrapper=True,
        **more,
    )
    compiled: Callable[..., Any] = compile_it(function)
    return compiled
