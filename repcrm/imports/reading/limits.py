"""What reading one file may cost, and how a file is refused."""

from dataclasses import dataclass
from typing import Any

MEGABYTE = 1 << 20
OUT_OF_MEMORY = 3
"""How the child ends when it has not even memory to say so."""


@dataclass(frozen=True)
class Limits:
    """What reading one file may cost; the defaults fit a million lines of sales."""

    file_bytes: int = 100 * MEGABYTE
    entries: int = 2000
    """Files inside a workbook, which is a zip archive."""
    unpacked_bytes: int = 1200 * MEGABYTE
    unpacked_times: int = 200
    """How many times its own size a file may unpack to, once that is more than 64 MB: real tables reach about 30."""
    part_bytes: int = 16 * MEGABYTE
    """What one row, one text or one list inside a file may take."""
    sheets: int = 200
    rows: int = 1_048_576
    columns: int = 500
    cells: int = 20_000_000
    empty_rows: int = 100_000
    """In a row, with something below them."""
    cell_characters: int = 100_000
    memory_bytes: int = 1024 * MEGABYTE
    cpu_seconds: int = 240
    wall_seconds: int = 600


class Refused(Exception):
    """The file cannot be read: a word that `refusals.REFUSALS` has a sentence for, and what the sentence names."""

    def __init__(self, word: str, **params: Any) -> None:
        super().__init__(word)
        self.word = word
        self.params = params


def letter(index: int) -> str:
    """Excel's name of a column: 0 is A, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name
