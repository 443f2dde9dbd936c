"""A file of one kind, read: its rows with what they say, before anybody has looked into the database."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from repcrm.core.errors import BadInput
from repcrm.core.words import N_
from repcrm.imports.kinds import KINDS
from repcrm.imports.layout import read_sheets
from repcrm.imports.layout.reading import SheetReading
from repcrm.imports.questions import Answers, Question
from repcrm.imports.verdicts import Row
from repcrm.imports.workbook import Limits, open_file
from repcrm.sales.models import ImportKind


@dataclass
class FileRead:
    """What a file says.

    kind       what it brings
    name       of the file
    digest     SHA-256 of its bytes
    rows       in the order of the file
    reading    for the page: places (sheet -> field -> letter and heading) and notes (message, params)
    questions  what has to be answered before the rows may be applied
    sheets     how each sheet was read
    signature  which layout the file has
    """

    kind: ImportKind
    name: str
    digest: str
    rows: list[Row] = field(default_factory=list)
    reading: dict[str, Any] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    sheets: list[SheetReading] = field(default_factory=list)
    signature: str = ""


def read_file(
    data: bytes, name: str, kind: ImportKind, limits: Limits | None = None, answers: Answers | None = None
) -> FileRead:
    """Read a file of one kind; needs no database.

    data     the bytes as uploaded
    name     as the person's machine calls it
    answers  to the questions that an earlier reading asked
    raises   BadInput in a sentence: for a file that cannot be opened, that carries what no file may bring in, that has
             no heading or lacks a column, or that has no rows
    """
    reading = read_sheets(open_file(data, limits), KINDS[kind], answers, name)
    rows = list(reading.rows)
    if not rows and not reading.questions:
        raise BadInput(N_("There are no rows below the header."), field="file")
    places = {sheet.name: sheet.places for sheet in reading.sheets}
    return FileRead(
        kind, name[-200:], hashlib.sha256(data).hexdigest(), rows,
        {"places": places, "notes": reading.notes}, reading.questions, reading.sheets, reading.signature,
    )  # fmt: skip
