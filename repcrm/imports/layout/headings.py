"""The heading rows of a sheet, one to three, and the whole heading of every column."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from repcrm.core.errors import BadInput
from repcrm.imports.dates import find_days
from repcrm.imports.layout.cells import cell_at
from repcrm.imports.layout.spans import read_span
from repcrm.imports.layout.vocabulary import Meaning, Vocabulary
from repcrm.imports.numbers import read_amount
from repcrm.imports.text import key, plain
from repcrm.imports.workbook import Cell, MonthCell, NoValue, Sheet

SEARCHED_ROWS = 30
"""How far down a heading is looked for; titles and notes stand above it."""
LEAST_KNOWN = 2
"""Headings of a row that must be known for it to be a heading row."""
MOST_ABOVE = 2
"""Rows of upper headings."""


@dataclass(frozen=True)
class Heading:
    """The whole heading of a column.

    parts  its texts, from the upper row to the lower one
    """

    index: int
    parts: tuple[str, ...]
    meaning: Meaning | None

    @property
    def whole(self) -> str:
        """The heading as a person reads it: 销售 数量（盒）."""
        return " ".join(self.parts)


@dataclass
class Table:
    """A sheet with its heading found.

    top, bottom  the heading rows, from 1
    titles       the texts above them
    """

    sheet: Sheet
    top: int
    bottom: int
    headings: list[Heading]
    titles: list[str]

    @property
    def name(self) -> str:
        """The name of the sheet in messages; csv has none."""
        return self.sheet.name or "1"

    def is_heading(self, number: int) -> bool:
        """Whether a row, counted from 1, is a heading row."""
        return self.top <= number <= self.bottom


def find_table(sheet: Sheet, vocabulary: Vocabulary) -> Table | None:
    """Return a sheet with its heading rows; None if no row of its beginning looks like one."""
    rows = sheet.rows[:SEARCHED_ROWS]
    base, most = 0, LEAST_KNOWN - 1
    for number, cells in enumerate(rows, 1):
        if (known := _count_known(cells, vocabulary)) > most:
            base, most = number, known
    if not base:
        return None
    finder = _HeadingRows(sheet, vocabulary, base)
    top, bottom = finder.top(), finder.bottom()
    headings = [
        Heading(index, parts, vocabulary.read(parts)) for index, parts in enumerate(finder.parts(top, bottom)) if parts
    ]
    titles = [text for cells in rows[: top - 1] for cell in cells if (text := heading_text(cell))]
    return Table(sheet, top, bottom, headings, titles)


def heading_text(cell: Cell) -> str:
    """Return what a cell says as a heading: text, or a day or month in figures."""
    if cell is None or isinstance(cell, NoValue):
        return ""
    if isinstance(cell, MonthCell):
        return cell.on.isoformat()[:7]
    return cell.isoformat() if isinstance(cell, date) else plain(cell)


def _is_figure(text: str) -> bool:
    """Whether a text is a number or a day, as lines have them."""
    try:
        return bool(read_amount(text))
    except BadInput:
        return bool(find_days(text))


def _count_known(cells: Sequence[Cell], vocabulary: Vocabulary) -> int:
    """How many different fields and months the texts of a row name."""
    fields, spans = set(), 0
    for text in filter(None, map(heading_text, cells)):
        meaning = vocabulary.read((text,)) if len(text) <= 100 else None
        if meaning is not None and meaning.span is not None:
            spans += 1
        elif meaning is not None:
            fields.add(meaning.column.field)
    return len(fields) + spans if fields else 0


class _HeadingRows:
    """The rows around the one with most known headings that belong to the heading, too."""

    def __init__(self, sheet: Sheet, vocabulary: Vocabulary, base: int) -> None:
        self._sheet, self._vocabulary, self._base = sheet, vocabulary, base
        rows = sheet.rows[base - 1 - min(MOST_ABOVE, base - 1) : base + MOST_ABOVE]
        self._width = max(len(row) for row in rows)

    def top(self) -> int:
        """The first heading row."""
        top = self._base
        while top > max(1, self._base - MOST_ABOVE) and self._groups(top - 1, top):
            top -= 1
        return top

    def bottom(self) -> int:
        """The last heading row."""
        bottom = self._base
        while bottom < min(len(self._sheet.rows), self._base + MOST_ABOVE) and self._continues(bottom + 1):
            bottom += 1
        return bottom

    def parts(self, top: int, bottom: int) -> list[tuple[str, ...]]:
        """The texts of each column, from the upper row to the lower one, groups spread over their columns."""
        rows = [self._spread(number) if number < bottom else self._texts(number) for number in range(top, bottom + 1)]
        columns = zip(*rows, strict=True)
        leaves = [tuple(dict.fromkeys(filter(None, column))) for column in columns]
        bare = [any(self._texts(number)[index] for number in range(top, bottom + 1)) for index in range(self._width)]
        return [parts if is_named else () for parts, is_named in zip(leaves, bare, strict=True)]

    def _texts(self, number: int) -> list[str]:
        cells = self._sheet.rows[number - 1]
        return [heading_text(cell_at(cells, index)) for index in range(self._width)]

    def _blocks(self, number: int) -> list[tuple[int, int]]:
        """The columns of the merged cells of a row that go over several columns, but not over the whole table."""
        return [
            (left, right)
            for top, left, bottom, right in self._sheet.merged
            if top <= number <= bottom and right > left and right - left + 1 < self._used_width()
        ]

    def _used_width(self) -> int:
        texts = self._texts(self._base)
        return max((index for index, text in enumerate(texts) if text), default=0) + 1

    def _spread(self, number: int) -> list[str]:
        """A row of upper headings, each written over all of the columns it stands for."""
        texts, below = self._texts(number), self._texts(number + 1)
        blocks = self._blocks(number)
        for left, right in blocks:
            if texts[left]:
                texts[left : right + 1] = [texts[left]] * (right - left + 1)
        if not blocks:
            for index in range(1, self._width):
                if not texts[index] and below[index] and below[index - 1]:
                    texts[index] = texts[index - 1]
        return texts

    def _groups(self, number: int, below: int) -> bool:
        """Whether a row holds upper headings for the row below it."""
        texts = self._texts(number)
        said = list(dict.fromkeys(filter(None, texts)))
        if not said or any(":" in text for text in said):
            return False
        if len(said) == 1 and (texts[0] or sum(map(bool, texts)) >= self._used_width()):
            return False  # a title
        if self._blocks(number):
            return True
        lower = self._texts(below)
        leaves = Counter(key(text) for text in lower if text)
        return any(count > 1 for count in leaves.values()) or self._explains(self._spread(number), lower)

    def _explains(self, upper: Sequence[str], lower: Sequence[str]) -> bool:
        """Whether upper and lower texts together are headings that the lower ones alone are not."""
        for above, leaf in zip(upper, lower, strict=True):
            if above and leaf and key(above) != key(leaf):
                together, alone = self._vocabulary.read((above, leaf)), self._vocabulary.read((leaf,))
                if together is not None and together.certainty and together != alone:
                    return True
        return False

    def _continues(self, number: int) -> bool:
        """Whether a row is the lower part of the heading."""
        texts, above = self._texts(number), self._texts(number - 1)
        said = [text for text in texts if text]
        if not said or texts == above:
            return False
        if any(top <= self._base and bottom >= number for top, _, bottom, _ in self._sheet.merged if top < number):
            return True
        cells = self._sheet.rows[number - 1]
        if any(cell is not None and not isinstance(cell, str) for cell in cells):
            return False
        fresh = [text for text, over in zip(texts, above, strict=True) if text and text != over]
        known = sum(self._vocabulary.is_known_leaf(text) for text in fresh)
        spans = all(read_span(text) is not None for text in fresh)
        return known * 2 > len(fresh) and (spans or not any(map(_is_figure, fresh)))
