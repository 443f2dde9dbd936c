"""A file whose sheets have been opened, ready to be read as often as there are new answers to its questions."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from repcrm.core.progress import Step, silent
from repcrm.core.words import N_
from repcrm.imports.kinds import KINDS
from repcrm.imports.layout import read_sheets
from repcrm.imports.layout.reading import Reading
from repcrm.imports.questions import Answers
from repcrm.imports.workbook import Limits, Sheet, open_file
from repcrm.sales.models import ImportKind

OPENING = N_("Opening the file")


@dataclass(frozen=True)
class OpenedFile:
    """The bytes of a file and what they hold.

    name    as the person's machine calls it
    digest  SHA-256 of the bytes
    """

    kind: ImportKind
    name: str
    digest: str
    content: bytes
    sheets: Sequence[Sheet]

    def read(self, answers: Answers) -> Reading:
        """Return its rows and what it leaves open, given what has been answered.

        raises  BadInput for a file without a heading or a column it needs, or with what no file may bring in
        """
        return read_sheets(self.sheets, KINDS[self.kind], answers, self.name)


def open_import(
    content: bytes, name: str, kind: ImportKind, *, limits: Limits | None = None, step: Step = silent
) -> OpenedFile:
    """Open a file of one kind; needs no database.

    step    told how many rows have been read; it may raise, to stop
    raises  BadInput in a sentence for a file that cannot be opened
    """
    sheets = open_file(content, limits, step=lambda rows: step(OPENING, rows, None))
    return OpenedFile(kind, name[-200:], hashlib.sha256(content).hexdigest(), content, sheets)
