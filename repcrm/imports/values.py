"""What a cell says, as the trade means it: packs, money, days, months, words of a closed list."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from repcrm.core.errors import BadInput
from repcrm.core.words import N_
from repcrm.imports.dates import read_day, read_day_or_month, read_month, shown
from repcrm.imports.numbers import is_scientific, near_whole, read_amount
from repcrm.imports.style import PLAIN, Style, StyledReader
from repcrm.imports.text import key, plain
from repcrm.imports.units import BOX, PACK, scale_of, unit_of
from repcrm.imports.workbook import Cell

Reader = Callable[[Cell], Any]
"""Turns a cell that is not empty into a value that JSON can keep, or raises BadInput."""

_EMPTY = {"", "-", "--", "—", "–", "/", "N/A", "n/a", "无"}
_HOUR = re.compile(r"(\d{1,2})(?::|[点點时時])(\d{1,2})?(?:[:分].*)?")
_LARGEST = 2**31 - 1
"""What a column holds; of fen a little more than 21 million yuan."""


def is_empty(cell: Cell) -> bool:
    """Whether a cell says nothing: spaces, and the dashes people put where there is nothing."""
    return cell is None or (isinstance(cell, str) and (len(cell) < 20 or cell.isspace()) and plain(cell) in _EMPTY)


def text(longest: int) -> Reader:
    """A reader of words of at most so many characters."""

    def read(cell: Cell) -> str:
        if is_scientific(cell):
            raise BadInput(
                N_(
                    "“%(value)s” is a long number that Excel has shortened. Format the column as text and export again."
                ),
                value=shown(cell),
            )
        words = cell.isoformat() if isinstance(cell, date) else plain(_without_point_zero(cell))
        if len(words) > longest:
            raise BadInput(N_("“%(value)s” is longer than %(longest)s characters."), value=words[:30], longest=longest)
        return words

    return read


def read_number(cell: Cell, style: Style = PLAIN) -> Decimal:
    """A number as people write it: 1,200 · １２００ · (120) · −120 · 45% · 1.2万 · ¥1,234.50 · 12盒."""
    amount = read_amount(cell, style)
    if amount.word == "%":
        return amount.value
    if amount.word and unit_of(amount.word) not in (PACK, BOX) and scale_of(amount.word) != 1:
        raise BadInput(N_("“%(value)s” is not a number."), value=shown(cell))
    return amount.value


number = StyledReader(read_number)


def whole(least: int | None = None, most: int = _LARGEST) -> StyledReader:
    """A reader of whole numbers, such as packs or beds."""

    def read(cell: Cell, style: Style) -> int:
        if isinstance(cell, str) and cell.rstrip().endswith(("%", "％")):
            raise BadInput(N_("“%(value)s” is not a whole number."), value=shown(cell))
        return check_whole(read_number(cell, style), cell, least, most)

    return StyledReader(read)


def check_whole(value: Decimal, cell: Cell, least: int | None = None, most: int = _LARGEST) -> int:
    """Return a number as a whole one.

    raises  BadInput for one that is not whole, too small or too large
    """
    rounded = near_whole(value)
    if rounded != rounded.to_integral_value():
        raise BadInput(N_("“%(value)s” is not a whole number."), value=shown(cell))
    if least is not None and rounded < least:
        raise BadInput(N_("“%(value)s” is less than %(least)s."), value=shown(cell), least=least)
    if abs(rounded) > most:
        raise BadInput(N_("“%(value)s” is too large to be true."), value=shown(cell))
    return int(rounded)


MOST_PACKS = 100_000_000
packs = whole(most=MOST_PACKS)


def to_fen(yuan: Decimal, cell: Cell) -> int:
    """Return yuan as fen; what Excel leaves behind the second decimal is rounded.

    raises  BadInput for more than a column holds
    """
    fen = (yuan * 100).to_integral_value()
    if abs(fen) > _LARGEST:
        raise BadInput(N_("“%(value)s” is too large to be true."), value=shown(cell))
    return int(fen)


def read_money(cell: Cell, style: Style = PLAIN) -> int:
    """Yuan as fen."""
    return to_fen(read_number(cell, style), cell)


money = StyledReader(read_money)


def degrees(most: int) -> Reader:
    """A reader of geographic degrees."""

    def read(cell: Cell) -> float:
        value = number(cell)
        if abs(value) > most:
            raise BadInput(N_("“%(value)s” is not between -%(most)s and %(most)s."), value=plain(cell), most=most)
        return float(value)

    return read


day = StyledReader(read_day)
"""A day as 2026-11-03, of a date, Excel's serial number, 2026/11/3, 2026年11月3日, 20261103 or 3 Nov 2026."""
month = StyledReader(read_month)
"""The first day of a month as 2026-11-01, of 2026-11, 2026年11月, 202611, Nov 2026 or any day in it."""
day_or_month = StyledReader(read_day_or_month)
"""A day as 2026-11-03, or a month as 2026-11, whichever the cell says."""


def hour(cell: Cell) -> str:
    """A time of day as 08:30, of 8:30, 08：30, 8点30分 or Excel's part of a day."""
    if isinstance(cell, float) and 0 <= cell < 1:
        minutes = round(cell * 24 * 60)
        return f"{minutes // 60 % 24:02}:{minutes % 60:02}"
    found = _HOUR.fullmatch(plain(cell).replace("：", ":").replace(" ", ""))
    if found is None or int(found[1]) > 23 or int(found[2] or 0) > 59:
        raise BadInput(N_("“%(value)s” is not a time such as 08:30."), value=shown(cell))
    return f"{int(found[1]):02}:{int(found[2] or 0):02}"


def one_of(choices: Mapping[str, str]) -> Reader:
    """A reader of a closed list: any of the words, in any spelling -> the value they stand for."""
    known = {key(words): value for words, value in choices.items()}
    first = dict.fromkeys(choices.values())

    def read(cell: Cell) -> str:
        found = known.get(key(_without_point_zero(cell)))
        if found is None:
            named = ", ".join(next(words for words, v in choices.items() if v == value) for value in first)
            raise BadInput(N_("“%(value)s” is none of: %(choices)s."), value=shown(cell), choices=named)
        return found

    return read


def _without_point_zero(cell: Cell) -> Cell:
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell
