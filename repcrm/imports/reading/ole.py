"""The container of old Office files (compound file): the names in it, and one stream."""

import struct
from typing import IO

from repcrm.imports.reading.limits import Limits, Refused

_FREE = 0xFFFFFFF0
"""Sector numbers from here on are marks."""
_ENTRY = 128


class Compound:
    """A compound file.

    raises  Refused if it is damaged
    """

    def __init__(self, file: IO[bytes], limits: Limits) -> None:
        file.seek(0)
        self._data = file.read(limits.file_bytes + 1)
        try:
            self._open()
        except (struct.error, IndexError, ValueError, OverflowError) as error:
            raise Refused("damaged xls") from error

    def _open(self) -> None:
        head = self._data[:512]
        self._size, self._small = 1 << struct.unpack_from("<H", head, 30)[0], 1 << struct.unpack_from("<H", head, 32)[0]
        if self._size not in (512, 4096) or self._small != 64:
            raise ValueError("size of sectors")
        directory, self._cutoff, small_table = (struct.unpack_from("<I", head, at)[0] for at in (48, 56, 60))
        tables = list(struct.unpack_from("<109I", head, 76))
        more = struct.unpack_from("<I", head, 68)[0]
        seen: set[int] = set()
        while more < _FREE and more not in seen:
            seen.add(more)
            *numbers, more = struct.unpack(f"<{self._size // 4}I", self._sector(more))
            tables += numbers
        self._next: list[int] = []
        for number in tables:
            if number < _FREE:
                self._next += struct.unpack(f"<{self._size // 4}I", self._sector(number))
        self._entries = self._directory(self._chain(directory))
        self._small_next = list(memoryview(self._chain(small_table)).cast("I")) if small_table < _FREE else []

    def _directory(self, data: bytes) -> dict[str, tuple[int, int]]:
        """Lower-case name -> first sector and length."""
        found = {}
        for at in range(0, len(data) - _ENTRY + 1, _ENTRY):
            length = struct.unpack_from("<H", data, at + 64)[0]
            kind = data[at + 66]
            if kind and 2 <= length <= 64:
                name = data[at : at + length - 2].decode("utf-16-le", "replace").casefold()
                found["root" if kind == 5 else name] = struct.unpack_from("<II", data, at + 116)
        if not found:
            raise ValueError("no directory")
        return found

    @property
    def names(self) -> set[str]:
        """Of all streams and storages, in lower case."""
        return set(self._entries)

    def stream(self, name: str) -> bytes:
        """The content of a stream.

        raises  Refused if it is damaged
        """
        start, length = self._entries[name]
        try:
            if length >= self._cutoff:
                return self._chain(start)[:length]
            pool = self._chain(self._entries["root"][0])
            parts: list[bytes] = []
            while start < _FREE and len(parts) <= length // self._small:
                parts.append(pool[start * self._small : (start + 1) * self._small])
                start = self._small_next[start]
            return b"".join(parts)[:length]
        except (IndexError, KeyError, struct.error, ValueError) as error:
            raise Refused("damaged xls") from error

    def _sector(self, number: int) -> bytes:
        at = (number + 1) * self._size
        if at >= len(self._data):
            raise ValueError("a sector behind the end")
        return self._data[at : at + self._size]

    def _chain(self, number: int) -> bytes:
        parts: list[bytes] = []
        while number < _FREE:
            if len(parts) > len(self._next):
                raise ValueError("a chain that never ends")
            parts.append(self._sector(number))
            number = self._next[number]
        return b"".join(parts)
