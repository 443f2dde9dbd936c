"""What the layout has made of a file: rows, questions, and how each column, total and row was read."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as filled
from decimal import Decimal
from typing import Any, Protocol

from repcrm.imports.columns import Column, MonthColumns, letter
from repcrm.imports.questions import Question
from repcrm.imports.verdicts import Row

Note = tuple[str, dict[str, Any]]
"""An English message with placeholders, and their plain values."""


class Expected(Protocol):
    """What a kind of file may have, as far as the layout cares; `kinds.shared.Kind` is one."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns it may have."""

    @property
    def instead(self) -> Mapping[str, Collection[str]]:
        """Required field -> other fields any of which will do, too."""

    @property
    def across(self) -> MonthColumns | None:
        """Where months may stand across."""

    @property
    def names_doctors(self) -> bool | None:
        """True: each row is a doctor; False: rows are packs, and no column may name one; None: neither."""


@dataclass
class ColumnReading:
    """What a column of a sheet was taken for.

    heading   the whole heading, of all of its rows: 销售 数量（盒）
    field     the field it is read as; empty where it is not used
    why       English message
    unit      件, or 万元 of money; empty where neither heading nor answer names one
    examples  the first values, as text
    """

    index: int
    heading: str
    field: str = ""
    why: str = ""
    unit: str = ""
    examples: list[str] = filled(default_factory=list)

    @property
    def letter(self) -> str:
        """The letter of the column in Excel."""
        return letter(self.index)

    def as_json(self) -> dict[str, Any]:
        """What the batch keeps of it."""
        return {
            "letter": self.letter, "heading": self.heading, "field": self.field, "why": self.why, "unit": self.unit,
            "examples": self.examples,
        }  # fmt: skip


@dataclass(frozen=True)
class StatedTotal:
    """A total that the file carries, beside the sum of the lines it covers.

    at      letter of its column
    stated  None where the file shows no value
    """

    sheet: str
    row: int
    field: str
    at: str
    stated: Decimal | None
    computed: Decimal
    agrees: bool

    def as_json(self) -> dict[str, Any]:
        """What the batch keeps of it."""
        return {
            "sheet": self.sheet, "row": self.row, "field": self.field, "at": self.at, "agrees": self.agrees,
            "stated": None if self.stated is None else format(self.stated.normalize(), "f"),
            "computed": format(self.computed.normalize(), "f"),
        }  # fmt: skip


@dataclass
class Counts:
    """How many rows of a sheet are what; all of them add up to the rows under the heading."""

    lines: int = 0
    blank: int = 0
    headings: int = 0
    totals: int = 0
    footers: int = 0
    hidden: int = 0
    skipped: int = 0
    """Lines left out for their type, as answered."""


@dataclass
class SheetReading:
    """How a sheet was read.

    heading_rows  the first and the last row of its heading, from 1
    places        field -> letter and heading of the column it is read from
    """

    name: str
    heading_rows: tuple[int, int]
    columns: list[ColumnReading]
    places: Mapping[str, tuple[str, str]]
    counts: Counts = filled(default_factory=Counts)
    totals: list[StatedTotal] = filled(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """What the batch keeps of it."""
        return {
            "name": self.name, "heading_rows": list(self.heading_rows), "counts": vars(self.counts),
            "columns": [column.as_json() for column in self.columns],
            "totals": [total.as_json() for total in self.totals],
        }  # fmt: skip


@dataclass
class Reading:
    """How a file was read; everything but the signature is complete when the rows are exhausted.

    rows       can be consumed once
    questions  what has to be answered before the rows may be applied
    notes      how the file was read
    signature  digest of the headings: which layout this is
    """

    rows: Iterator[Row]
    questions: list[Question] = filled(default_factory=list)
    notes: list[Note] = filled(default_factory=list)
    sheets: list[SheetReading] = filled(default_factory=list)
    signature: str = ""
