"""Cells that a pivot table leaves empty where the one above applies: never filled in without a person's word."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from repcrm.core.errors import BadInput
from repcrm.core.words import N_
from repcrm.imports.layout import asks
from repcrm.imports.layout.answers import answer_to
from repcrm.imports.layout.cells import text_of
from repcrm.imports.layout.mapping import Source
from repcrm.imports.layout.plan import Plan
from repcrm.imports.questions import Answers, Question
from repcrm.imports.verdicts import Row
from repcrm.imports.workbook import Cell

SHOWN_ROWS = 12
"""Numbers of rows that are kept as examples."""
DITTOS = {"〃", "″", '"', "''", "′′", "”", "“", "同上", "同前", "ditto", "do."}
"""What people write for “as above”."""


@dataclass
class Group:
    """The columns that name one thing, such as code and name of a hospital.

    above  the cells of the last line that named the thing
    """

    source: Source
    indexes: list[int]
    above: list[Cell] | None = None
    count: int = 0
    rows: list[int] = field(default_factory=list)


class Groups:
    """The things that every line of a sheet names, or leaves to the line above.

    indexes  every column that belongs to a thing
    """

    def __init__(self, plan: Plan, answers: Answers) -> None:
        self._sheet, self._answers = plan.table.name, answers
        expected = plan.expected
        needed = {column.field for column in expected.columns if column.required}
        needed |= {name for field in needed for name in expected.instead.get(field, ())}
        things: dict[str, list[Source]] = {}
        for source in plan.sources.values():
            if source.column.is_group and source.column.field in needed:
                things.setdefault(source.column.field.split("_")[0], []).append(source)
        self._groups = [
            Group(min(sources, key=lambda one: one.index), [one.index for one in sources])
            for sources in things.values()
        ]
        self.indexes = [index for group in self._groups for index in group.indexes]

    def are_named(self, cells: Sequence[Cell]) -> bool:
        """Whether a row names every thing itself."""
        return all(any(cells[index] is not None for index in group.indexes) for group in self._groups)

    def forget(self) -> None:
        """Start afresh, as below a total."""
        for group in self._groups:
            group.above = None

    def fill(self, row: Row, cells: list[Cell]) -> None:
        """Let empty cells of a line say what stands above them, where a person has said so; else refuse the row.

        A row that names nothing at all is rather a total without a word than a line: it is left as it is, and refused.
        """
        dittos = [index for index in self.indexes if text_of(cells[index]).strip() in DITTOS]
        if all(cells[index] is None for index in self.indexes):
            return
        for index in dittos:
            cells[index] = None
        for group in self._groups:
            if any(cells[index] is not None for index in group.indexes):
                group.above = cells
            elif group.above is not None:
                group.count += 1
                if len(group.rows) <= SHOWN_ROWS:
                    group.rows.append(row.row)
                source = group.source
                if answer_to(self._answers, f"blank_cells:{source.column.field}") == "above":
                    for index in group.indexes:
                        cells[index] = group.above[index]
                else:
                    row.refuse_cell(source.letter, source.heading, BadInput(N_("The cell is empty.")))

    def questions(self) -> list[Question]:
        """Return what is to be asked about empty cells."""
        return [
            asks.ask_blank_cells(self._sheet, group.source.column, group.source.heading, group.rows, group.count)
            for group in self._groups
            if group.count and not answer_to(self._answers, f"blank_cells:{group.source.column.field}")
        ]
