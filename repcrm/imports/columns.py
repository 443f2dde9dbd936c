"""What columns a kind of file may have, and by which headings people name them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from repcrm.core.words import Term
from repcrm.imports.text import header_key
from repcrm.imports.values import Reader


class Use(Enum):
    """What the layout does with a column, beyond reading its cells."""

    PLAIN = "plain"
    QUANTITY = "quantity"
    """Packs, or another unit that the heading, the cell or a column of units names."""
    MONEY = "money"
    DATE = "date"
    UNIT = "unit"
    MOVEMENT = "movement"
    """The type of a line: a sale, a return, something else."""
    REMARK = "remark"


@dataclass(frozen=True)
class Column:
    """A column that a kind of file may have.

    field         name of the value
    english, chinese   its heading in templates
    read          what its cells say
    synonyms      other headings people write, in either language
    required      a file without it, and a row that leaves it empty, is refused
    note          for the notes in templates: what goes in
    samples       one invented value, English and Chinese
    shape         how a value is shown: text, packs, fen, day, month, weekday, roster
    term          the closed list its values come from
    use           what else the layout does with it
    converts      of a quantity: whether it may count in other units than packs, to be converted
    broad         headings that mean this field unless a synonym stands beside them: then they are `broad_field`
    doubtful      headings that may mean this field, but only if a person says so
    in_template   whether templates show it
    is_group      whether an empty cell may stand for the one above it, as pivot tables leave them
    """

    field: str
    english: str
    chinese: str
    read: Reader
    synonyms: tuple[str, ...] = ()
    required: bool = False
    note: str = ""
    samples: tuple[str | int | float, str | int | float] = ("", "")
    shape: str = "text"
    term: type[Term] | None = None
    use: Use = Use.PLAIN
    converts: bool = False
    broad: tuple[str, ...] = ()
    broad_field: str = ""
    doubtful: tuple[str, ...] = ()
    in_template: bool = True
    is_group: bool = False

    @property
    def names(self) -> set[str]:
        """Every heading it goes by, comparable."""
        names = (self.english, self.chinese, *self.synonyms, *self.broad, self.field)
        return {header_key(name) for name in names}


@dataclass(frozen=True)
class MonthColumns:
    """For sheets with months across: which fields a month's columns hold, and the field of the month itself.

    parts    words in the heading, comparable -> field; a heading that is only a month holds the field of ""
    is_plan  whether it is about what is planned: a quarter may be divided, and figures of actual sales are refused
    """

    month: str
    parts: Mapping[str, str]
    is_plan: bool = False


def letter(index: int) -> str:
    """Return Excel's name of a column: 0 is A, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name
