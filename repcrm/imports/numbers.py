"""Numbers as people write them, with the words that stand beside them: 1,200 · (120) · 40- · 负40 · 12件 · 1.2万."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from repcrm.core.errors import BadInput
from repcrm.core.words import N_
from repcrm.imports.style import PLAIN, Style
from repcrm.imports.text import plain
from repcrm.imports.workbook import Cell, MonthCell

MOST_DIGITS = 300
"""Digits of a number; what has more is no number of anything, and only costs time."""
NOISE = Decimal("0.000001")
"""How far a number that a formula computed may lie from the whole number it stands for."""

_MINUS = str.maketrans("−–—﹣", "----")
_NUMBER = re.compile(
    r"(?P<bracket>\()?\s*(?P<sign>[+-]|负|红字?)?\s*(?:¥|RMB|CNY|人民币)?\s*(?P<inner>-)?(?P<digits>\d[\d.,' ]*|\.\d+)"
    r"(?P<scale>万|亿|%)?\s*(?P<after>-)?\s*(?P<word>[^\d\s.,()+\-%][^\d.,()+\-%]*)?(?P<last>-)?(?P<close>\))?"
    r"(?P<outer>[^\d\s.,()+\-%][^\d.,()+\-%]*)?",
    re.IGNORECASE,
)
_SCALES = {"%": Decimal("0.01"), "万": Decimal(10_000), "亿": Decimal(100_000_000)}
_SHAPES = {
    ".": re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?: \d{3})+(?:\.\d+)?|\d+(?:\.\d*)?|\.\d+"),
    ",": re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d{1,3}(?: \d{3})+(?:,\d+)?|\d+(?:,\d*)?"),
    "?": re.compile(r"\d+|\d{1,3}(?: \d{3})+"),
}
"""Decimal mark -> how digits are grouped; while the mark is unknown, only what reads the same both ways."""
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+)?E[+-]?\d+", re.IGNORECASE)
_PROVES_COMMA = re.compile(r"\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}")
_COULD_BE_COMMA = re.compile(r"\d+,(?:\d{1,2}|\d{4,})|\d{4,},\d+|0,\d+|\d{1,3}\.\d{3}")
_PROVES_POINT = re.compile(r"\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:,\d{3}){2,}|\d+\.(?:\d{1,2}|\d{4,})|\d{4,}\.\d+|0\.\d+")


@dataclass(frozen=True)
class Amount:
    """A number, and the word that stands with it: 件 of 12件, % of 45%; empty if there is none."""

    value: Decimal
    word: str = ""


def is_scientific(cell: Cell) -> bool:
    """Whether Excel has turned a long number into 2.02611E+14, or cut the digits behind the fifteenth."""
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        return False
    return bool(_SCIENTIFIC.fullmatch(cell.strip())) if isinstance(cell, str) else abs(cell) >= 10**15


def read_amount(cell: Cell, style: Style = PLAIN) -> Amount:
    """Return the number of a cell, and the word beside it.

    raises  BadInput for what is no number, or could be two: “1,2 00”, “-(40)”
    """
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return Amount(_checked(Decimal(repr(cell)), cell))
    if not isinstance(cell, str):
        raise _no_number(cell)
    words = plain(cell).translate(_MINUS)
    parts = _NUMBER.fullmatch(words) if len(words) <= MOST_DIGITS else None
    if parts is None or bool(parts["bracket"]) != bool(parts["close"]) or (parts["word"] and parts["outer"]):
        raise _no_number(cell)
    minuses = [parts["sign"] not in (None, "+"), *(bool(parts[name]) for name in ("inner", "after", "last", "bracket"))]
    digits = parts["digits"].rstrip()
    if sum(minuses) > 1 or (any(minuses) and parts["sign"] == "+") or not _SHAPES[style.decimal].fullmatch(digits):
        raise _no_number(cell)
    thousands = "," if style.decimal == "." else "."
    value = Decimal(digits.replace(thousands, "").replace(" ", "").replace(",", "."))
    value *= _SCALES.get(parts["scale"] or "", Decimal(1))
    word = "%" if parts["scale"] == "%" else (parts["word"] or parts["outer"] or "").strip()
    return Amount(_checked(-value if any(minuses) else value, cell), word)


def find_decimal_mark(cells: Iterable[Cell]) -> Literal[".", ",", "?"]:
    """Return the decimal mark that the numbers of a file prove; "?" if they could be read both ways."""
    marks, unclear = set(), False
    for cell in cells:
        if isinstance(cell, str) and any(character.isdigit() for character in cell[:40]):
            digits = re.sub(r"[^\d.,]", "", plain(cell)[:60])
            if _PROVES_COMMA.fullmatch(digits):
                marks.add(",")
            elif _PROVES_POINT.fullmatch(digits):
                marks.add(".")
            unclear = unclear or bool(_COULD_BE_COMMA.fullmatch(digits))
    if marks == {","}:
        return ","
    return "?" if unclear and not marks else "."


def near_whole(value: Decimal) -> Decimal:
    """Return the whole number that a computed one such as 11.999999999 stands for; others as they are."""
    whole = value.to_integral_value()
    return whole if abs(value - whole) < NOISE else value


def _checked(value: Decimal, cell: Cell) -> Decimal:
    if not value.is_finite() or abs(value.adjusted()) > MOST_DIGITS:
        raise _no_number(cell)
    return value


def _no_number(cell: Cell) -> BadInput:
    shown = cell.on.isoformat()[:7] if isinstance(cell, MonthCell) else plain(cell)[:60]
    if isinstance(cell, date):
        shown = cell.isoformat()
    return BadInput(N_("“%(value)s” is not a number."), value=shown)
