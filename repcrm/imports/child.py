"""The child process that reads a file: started, listened to, and ended when it takes too long or nobody wants it."""

import json
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from repcrm.imports import reading
from repcrm.imports.reading.limits import MEGABYTE, OUT_OF_MEMORY, Limits, Refused
from repcrm.imports.reading.out import END, HEAD, REFUSED

PATIENCE = 0.1
"""Seconds between two looks at the clock and at whoever waits."""

Piece = tuple[bytes, int, bytes]
"""Kind, number of rows, packed content: see `reading.out`."""


def read_in_child(data: bytes, limits: Limits, step: Callable[[int], None] | None = None) -> Iterator[Piece]:
    """Yield what the child finds, piece by piece; whoever stops listening ends it.

    step    called several times a second with the number of rows read; what it raises ends the child
    raises  Refused
    """
    with tempfile.TemporaryFile() as file:  # the child seeks in it, so that none of both holds it in memory twice
        file.write(data)
        file.seek(0)
        command = [sys.executable, "-P", str(Path(reading.__file__).parent), json.dumps(asdict(limits))]
        child = subprocess.Popen(command, stdin=file, stdout=subprocess.PIPE)
    try:
        yield from _listen(child, limits, step)
    finally:
        child.kill()
        child.wait()
        assert child.stdout is not None
        child.stdout.close()


def unpacked(content: bytes, object_hook: Callable[[dict[str, Any]], Any] | None = None) -> Any:
    """What a piece holds."""
    return json.loads(zlib.decompress(content), object_hook=object_hook)


def _listen(child: subprocess.Popen[bytes], limits: Limits, step: Callable[[int], None] | None) -> Iterator[Piece]:
    assert child.stdout is not None
    heard: queue.Queue[Piece | None] = queue.Queue(maxsize=16)
    given_up = threading.Event()
    ear = threading.Thread(target=_hear, args=(child.stdout, heard, given_up), daemon=True)
    ear.start()
    rows, deadline, next_step = 0, time.monotonic() + limits.wall_seconds, 0.0
    try:
        while True:
            piece = _next(heard)
            if step is not None and time.monotonic() >= next_step:
                step(rows)
                next_step = time.monotonic() + PATIENCE
            if time.monotonic() > deadline:
                raise Refused("time", seconds=limits.wall_seconds)
            if piece is _NOTHING:
                continue
            if piece is None:
                raise _died(child, limits)
            kind, count, content = piece
            if kind == END:
                return
            if kind == REFUSED:
                word, params = unpacked(content)
                raise Refused(word, **params)
            rows += count
            yield piece
    finally:
        given_up.set()
        child.kill()
        ear.join()


_NOTHING: Piece = (b"", 0, b"")


def _next(heard: "queue.Queue[Piece | None]") -> Piece | None:
    try:
        return heard.get(timeout=PATIENCE)
    except queue.Empty:
        return _NOTHING


def _hear(stream: IO[bytes], heard: "queue.Queue[Piece | None]", given_up: threading.Event) -> None:
    """Put every piece into the queue, and None when the child is gone; leave when nobody listens any more."""
    while not given_up.is_set():
        head = stream.read(HEAD.size)
        piece = None
        if len(head) == HEAD.size:
            kind, rows, length = HEAD.unpack(head)
            content = stream.read(length)
            piece = (kind, rows, content) if len(content) == length else None
        while not given_up.is_set():
            try:
                heard.put(piece, timeout=PATIENCE)
                break
            except queue.Full:
                continue
        if piece is None or piece[0] in (END, REFUSED):
            return


def _died(child: subprocess.Popen[bytes], limits: Limits) -> Refused:
    """Why the child ended without a last word: its time, its memory, or a file that nobody has thought of."""
    code = child.wait()
    if code == -getattr(signal, "SIGXCPU", 0):
        return Refused("time", seconds=limits.cpu_seconds)
    if code == OUT_OF_MEMORY or code < 0:
        return Refused("memory", megabytes=limits.memory_bytes // MEGABYTE)
    return Refused("damaged")
