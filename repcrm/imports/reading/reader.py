"""Bytes of a file -> sheets of cells. Each form has a module of its own, loaded only where it is met."""

import gc
from typing import IO

from repcrm.imports.reading.forms import find_form
from repcrm.imports.reading.limits import MEGABYTE, Limits, Refused
from repcrm.imports.reading.out import Out

_BROKEN = (ValueError, IndexError, KeyError, OverflowError)
"""What broken numbers in a file lead to."""


def answer(file: IO[bytes], stream: IO[bytes], limits: Limits) -> None:
    """Send the sheets of a file to the parent, or why there are none."""
    gc.disable()  # what is read is taken apart again without cycles; looking for them takes a third of the time
    out = Out(stream, limits)
    try:
        read(file, out, limits)
        if not out.has_rows:
            raise Refused("empty")
        out.end()
    except Refused as refusal:
        out.refuse(refusal)
    except MemoryError:
        out.refuse(Refused("memory", megabytes=limits.memory_bytes // MEGABYTE))


def read(file: IO[bytes], out: Out, limits: Limits) -> None:
    """Send the sheets of a file.

    raises  Refused
    """
    form = find_form(file)
    try:
        match form:
            case "zip":
                _read_archive(file, out, limits)
            case "ole":
                from repcrm.imports.reading import xls  # only where it is met

                xls.read(file, out, limits)
            case "html":
                from repcrm.imports.reading import webpage  # only where it is met

                webpage.read(file, out, limits)
            case "xml2003":
                from repcrm.imports.reading import xml2003  # only where it is met

                xml2003.read(file, out, limits)
            case _:
                from repcrm.imports.reading import delimited  # only where it is met

                delimited.read(file, out, limits)
    except _BROKEN as error:
        raise Refused("damaged") from error


def _read_archive(file: IO[bytes], out: Out, limits: Limits) -> None:
    from repcrm.imports.reading.archive import Archive  # only where it is met

    archive = Archive(file, limits)
    match archive.form():
        case "xlsx":
            from repcrm.imports.reading import xlsx  # only where it is met

            xlsx.read(archive, out, limits)
        case "xlsb":
            from repcrm.imports.reading import calamine  # only where it is met

            calamine.read(file, out, limits, "xlsb", {})
        case _:
            from repcrm.imports.reading import ods  # only where it is met

            ods.read(archive, out, limits)
