"""A file as the back office hands it in -> sheets of cells, read in a child process that may fail alone."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from repcrm.core.errors import BadInput
from repcrm.core.words import N_
from repcrm.imports import reader


@dataclass(frozen=True)
class NoValue:
    """A cell without a value.

    what  the error it shows, such as #REF!, or "formula" for a formula that was never computed
    """

    what: str


@dataclass(frozen=True)
class MonthCell:
    """A date that is formatted as a month: what it says is 2026-11, not the first of November."""

    on: date


Cell = str | int | float | bool | date | NoValue | MonthCell | None

MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Limits:
    """What reading one file may cost; the defaults fit 100,000 rows of flow several times over."""

    file_bytes: int = 20 * MEGABYTE
    entries: int = 2000
    """Files inside a workbook, which is a zip archive."""
    unpacked_bytes: int = 400 * MEGABYTE
    rows: int = 200_000
    columns: int = 500
    cells: int = 5_000_000
    memory_bytes: int = 1536 * MEGABYTE
    cpu_seconds: int = 40
    wall_seconds: int = 60


REFUSALS = {
    "empty": N_("The file is empty."),
    "old or encrypted": N_(
        "The file is protected by a password, or comes from an old Excel (.xls). Open it in Excel and save it as "
        ".xlsx without a password."
    ),
    "damaged": N_("The file is damaged or was not copied completely. Open it in Excel and save it again as .xlsx."),
    "not a workbook": N_("This is a zip archive, but not an Excel workbook. Upload the .xlsx or .csv file itself."),
    "not a table": N_("This is not a table. Upload an Excel workbook (.xlsx) or a text file with commas (.csv)."),
    "too much inside": N_("The file unpacks to far more than a table of this kind holds, so it was not opened."),
    "too many cells": N_("The file has too many rows or columns. Split it, or delete the empty ones in Excel."),
}
"""Word of the reader -> what a person is told."""


@dataclass(frozen=True)
class Sheet:
    """A sheet of a file: its raw grid, nothing filled in; csv has one sheet, without a name.

    hidden_rows     numbers of hidden and filtered-out rows, from 1
    hidden_columns  indexes of hidden columns, from 0
    merged          blocks of merged cells: top and bottom from 1, left and right from 0, all inclusive
    form            xlsx, xls, xlsb, ods, csv, html or xml2003
    """

    name: str
    is_hidden: bool
    rows: Sequence[Sequence[Cell]]
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    form: str = "xlsx"
    notes: tuple[str, ...] = ()


def open_file(data: bytes, limits: Limits | None = None) -> list[Sheet]:
    """Return the sheets of an xlsx or csv file.

    data    the bytes as uploaded; the name of the file is not believed
    raises  BadInput in a sentence for a file too large, damaged, encrypted, old, not a table, a bomb, or one that
            the child process could not read within its memory and time
    """
    limits = limits or Limits()
    if len(data) > limits.file_bytes:
        raise BadInput(
            N_("The file has more than %(megabytes)s MB."), field="file", megabytes=limits.file_bytes // MEGABYTE
        )
    command = [sys.executable, "-P", str(Path(reader.__file__)), json.dumps(asdict(limits))]
    try:
        child = subprocess.run(command, input=data, capture_output=True, timeout=limits.wall_seconds, check=False)
    except subprocess.TimeoutExpired:
        raise _gave_up() from None
    try:
        answer = json.loads(child.stdout)
    except ValueError:
        raise _gave_up() from None
    if child.returncode != 0:
        raise _gave_up()
    if "refused" in answer:
        raise BadInput(REFUSALS[answer["refused"]], field="file")
    return [
        Sheet(one["name"], one["hidden"], [list(map(_cell, row)) for row in one["rows"]]) for one in answer["sheets"]
    ]


def _gave_up() -> BadInput:
    return BadInput(
        N_(
            "Reading the file took too much memory or time, so it was given up. "
            "Delete empty rows and columns in Excel, or split the file."
        ),
        field="file",
    )


def _cell(raw: Any) -> Cell:
    return date.fromisoformat(raw["on"]) if isinstance(raw, dict) else raw
