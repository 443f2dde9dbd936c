"""A folder that sales files are dropped into: which of them are complete, and where each goes with its report.

A file is reported on and moved only after its import is stored, and the same bytes are received once: a process killed
at any point leaves the file where the next look finds it, and finds its import again.
"""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from repcrm.imports.arrivals import ArrivalState

APPLIED, WAITING, REFUSED = "applied", "waiting", "refused"
FOLDER_OF = {
    ArrivalState.APPLIED: APPLIED, ArrivalState.UNCHANGED: APPLIED, ArrivalState.REPLACED: APPLIED,
    ArrivalState.WAITING: WAITING, ArrivalState.PREVIEWED: WAITING,
    ArrivalState.REFUSED: REFUSED, ArrivalState.REVERTED: REFUSED, ArrivalState.DISCARDED: REFUSED,
}  # fmt: skip
"""State of a file -> the folder it is moved into; one that is still being read stays."""
UNFINISHED = (".part", ".partial", ".tmp", ".crdownload", ".filepart")
"""Endings under which programs write a file before they rename it."""

Seen = Mapping[Path, tuple[int, int]]
"""File -> its size and the instant of its last change."""


def look(folder: Path) -> dict[Path, tuple[int, int]]:
    """Return the files that lie in a folder; hidden ones, links and unfinished downloads are none."""
    found = {}
    for entry in os.scandir(folder):
        if entry.name.startswith((".", "~$")) or entry.name.lower().endswith(UNFINISHED):
            continue
        try:
            if entry.is_file(follow_symlinks=False):
                state = entry.stat(follow_symlinks=False)
                found[Path(entry.path)] = state.st_size, state.st_mtime_ns
        except FileNotFoundError:  # moved meanwhile
            continue
    return found


def complete(before: Seen, now: Seen) -> list[Path]:
    """Return the files that are as they were at the look before, by name."""
    return sorted(path for path, state in now.items() if before.get(path) == state)


def read_file(path: Path, most_bytes: int) -> bytes | None:
    """Return the bytes of a complete file; None if it is gone, grows again, or is larger than may be read."""
    try:
        before = path.stat()
        if before.st_size > most_bytes:
            return None
        content = path.read_bytes()
        after = path.stat()
    except (FileNotFoundError, PermissionError):
        return None
    is_same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
    return content if is_same and len(content) == after.st_size else None


def put_away(path: Path, folder: str, report: str) -> Path | None:
    """Move a file into a folder beside it, with a report of the same name that ends in .txt.

    returns  where it is now; None if another process has moved it

    The report comes first: a file is never moved without one. A file of the same name that came before is kept.
    """
    place = path.parent / folder
    place.mkdir(exist_ok=True)
    try:
        target = _free_name(place, path)
        _write(target.with_name(f"{target.name}.txt"), report)
        os.replace(path, target)
    except FileNotFoundError:
        return None
    return target


def _free_name(place: Path, path: Path) -> Path:
    """Return the name for a file in a folder: its own, unless other bytes have that name already."""
    digest, number = _digest(path), 1
    target = place / path.name
    while target.exists() and _digest(target) != digest:
        number += 1
        target = place / f"{path.stem} ({number}){path.suffix}"
    return target


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(path: Path, text: str) -> None:
    """Write a file that nobody sees half of."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    unfinished.write_text(text, encoding="utf-8")
    os.replace(unfinished, path)
