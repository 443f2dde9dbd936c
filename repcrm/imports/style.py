"""How one file writes its numbers and dates: what a cell alone does not say."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from repcrm.imports.workbook import Cell

CHINA = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Style:
    """How a file writes numbers and dates.

    decimal  the mark before decimals: "." or ","
    order    of dates such as 3/11/2026: dmy, mdy or ymd; empty while nobody has said
    year     of dates and months without one; None while nobody has said
    zone     of the business, for times that carry an offset
    """

    decimal: str = "."
    order: str = ""
    year: int | None = None
    zone: tzinfo = CHINA


PLAIN = Style()
Read = Callable[[Cell, Style], Any]


class StyledReader:
    """A reader of cells that reads in the style of a file; called without one, in the plain style."""

    def __init__(self, read: Read) -> None:
        self._read = read

    def __call__(self, cell: Cell) -> Any:
        """Read a cell in the plain style."""
        return self._read(cell, PLAIN)

    def styled(self, style: Style) -> Callable[[Cell], Any]:
        """Return the reader for a file of this style."""
        return lambda cell: self._read(cell, style)
