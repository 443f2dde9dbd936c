"""A zip archive under the names its parts should have: whatever its case and slashes, never more than it may hold."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from repcrm.imports.reading.limits import MEGABYTE, Limits, Refused

BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)
ALWAYS_FINE = 64 * MEGABYTE
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."


class Archive:
    """The parts of a zip archive."""

    def __init__(self, file: IO[bytes], limits: Limits) -> None:
        """Look at the list of parts, and refuse a bomb by what it says of itself; zipfile reads no more than that.

        raises  Refused
        """
        try:
            self._zip = zipfile.ZipFile(file)
            entries = self._zip.infolist()
        except BROKEN as error:
            raise Refused("damaged") from error
        if len(entries) > limits.entries:
            raise Refused("too many parts", most=limits.entries)
        unpacked = sum(entry.file_size for entry in entries)
        if unpacked > limits.unpacked_bytes:
            raise Refused("too much inside", megabytes=limits.unpacked_bytes // MEGABYTE)
        packed = sum(entry.compress_size for entry in entries)
        if unpacked > max(ALWAYS_FINE, packed * limits.unpacked_times):
            raise Refused("a bomb", times=limits.unpacked_times)
        self.is_locked = any(entry.flag_bits & 1 for entry in entries)
        self._parts: dict[str, zipfile.ZipInfo] = {}
        for entry in entries:
            self._parts.setdefault(_plain(entry.filename), entry)

    def __contains__(self, name: str) -> bool:
        return _plain(name) in self._parts

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """Open a part for reading.

        raises  Refused if it is missing or broken
        """
        entry = self._parts.get(_plain(name))
        if entry is None:
            raise Refused("damaged")
        try:
            with self._zip.open(entry) as part:
                yield part
        except BROKEN as error:
            raise Refused("damaged") from error

    def form(self) -> str:
        """Return "xlsx", "xlsb" or "ods".

        raises  Refused for archives of something else
        """
        if self.is_locked:
            raise Refused("a locked archive")
        if "mimetype" in self:
            with self.open("mimetype") as part:
                kind = part.read(200).decode("ascii", "replace").strip()
            if kind.startswith(OPEN_DOCUMENT):
                return self._open_document(kind.removeprefix(OPEN_DOCUMENT))
        for name, form in (("xl/workbook.xml", "xlsx"), ("xl/workbook.bin", "xlsb")):
            if name in self:
                return form
        for folder, word in (("word/", "a document"), ("ppt/", "a presentation"), ("index/", "numbers")):
            if any(name.startswith(folder) for name in self._parts):
                raise Refused(word)
        if any(name.startswith("xl/") for name in self._parts):
            return "xlsx"
        raise Refused("packed")

    def _open_document(self, kind: str) -> str:
        if not kind.startswith("spreadsheet"):
            raise Refused("a presentation" if kind.startswith("presentation") else "a document")
        if "META-INF/manifest.xml" in self:
            with self.open("META-INF/manifest.xml") as part:
                if b"encryption-data" in part.read(MEGABYTE):
                    raise Refused("a password")
        return "ods"


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").casefold()
