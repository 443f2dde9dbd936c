"""What a cell says, as the trade means it: packs, money, days, months, words of a closed list."""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from repcrm.core.errors import BadInput
from repcrm.core.words import N_
from repcrm.imports.text import key, plain
from repcrm.imports.workbook import Cell

Reader = Callable[[Cell], Any]
"""Turns a cell that is not empty into a value that JSON can keep, or raises BadInput."""

_EMPTY = {"", "-", "--", "—", "–", "/", "N/A", "n/a", "无"}
_SERIAL_ZERO = date(1899, 12, 30)
_SERIALS = range(36526, 73051)
"""Excel's numbers of the days of 2000 to 2099."""
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_DAY = re.compile(r"(\d{4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})日?(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?")
_MONTH = re.compile(r"(\d{4})(?:[-/.]|年)(\d{1,2})月?份?|(\d{4})(\d{2})")
_HOUR = re.compile(r"(\d{1,2})(?::|[点點时時])(\d{1,2})?(?:[:分].*)?")
_ENGLISH_DAY = re.compile(r"(\d{1,2})[ -]([a-z]{3,9})[ ,-]+(\d{4})")
_ENGLISH_MONTH = re.compile(r"([a-z]{3,9})[ ,-]+(\d{4})|(\d{4})[ ,-]+([a-z]{3,9})")
_UNITS = re.compile(r"^(?:¥|RMB|CNY)|(?:元|盒|支|瓶|packs?|boxes|vials|bottles|RMB|CNY)$", re.IGNORECASE)
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LARGEST = 2**31 - 1
"""What a column holds; of fen a little more than 21 million yuan."""
MOST_DIGITS = 300
"""Places before or behind the point; what has more is no number of anything, and only costs time."""


def is_empty(cell: Cell) -> bool:
    """Whether a cell says nothing: spaces, and the dashes people put where there is nothing."""
    return cell is None or (isinstance(cell, str) and (len(cell) < 20 or cell.isspace()) and plain(cell) in _EMPTY)


def text(longest: int) -> Reader:
    """A reader of words of at most so many characters."""

    def read(cell: Cell) -> str:
        words = cell.isoformat() if isinstance(cell, date) else plain(_without_point_zero(cell))
        if len(words) > longest:
            raise BadInput(N_("“%(value)s” is longer than %(longest)s characters."), value=words[:30], longest=longest)
        return words

    return read


def number(cell: Cell) -> Decimal:
    """A number as people write it: 1,200 · １２００ · (120) · −120 · 45% · 1.2万 · ¥1,234.50 · 12盒."""
    if isinstance(cell, bool | date):
        raise BadInput(N_("“%(value)s” is not a number."), value=str(cell))
    if isinstance(cell, int | float):
        return Decimal(repr(cell))
    words = plain(cell).replace("−", "-").replace("–", "-").replace(" ", "")
    digits = _UNITS.sub("", words)
    if found := re.fullmatch(r"\((.+)\)", digits):
        digits = "-" + found[1]
    factor = Decimal(1)
    for ending, size in (("%", Decimal("0.01")), ("万", Decimal(10_000)), ("亿", Decimal(100_000_000))):
        if digits.endswith(ending):
            digits, factor = digits.removesuffix(ending), size
    if "," in digits:
        digits = digits.replace(",", "") if _GROUPED.fullmatch(digits) else "?"
    try:
        value = Decimal(digits)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or abs(value.adjusted()) > MOST_DIGITS:
        raise BadInput(N_("“%(value)s” is not a number."), value=plain(cell)[:60])
    return value * factor


def whole(least: int | None = None, most: int = _LARGEST) -> Reader:
    """A reader of whole numbers, such as packs or beds."""

    def read(cell: Cell) -> int:
        value = number(cell)
        if value != value.to_integral_value():
            raise BadInput(N_("“%(value)s” is not a whole number."), value=plain(cell))
        if least is not None and value < least:
            raise BadInput(N_("“%(value)s” is less than %(least)s."), value=plain(cell), least=least)
        if abs(value) > most:
            raise BadInput(N_("“%(value)s” is too large to be true."), value=plain(cell))
        return int(value)

    return read


packs = whole(most=100_000_000)


def money(cell: Cell) -> int:
    """Yuan as fen; what Excel leaves behind the second decimal is rounded."""
    fen = (number(cell) * 100).to_integral_value()
    if abs(fen) > _LARGEST:
        raise BadInput(N_("“%(value)s” is too large to be true."), value=plain(cell))
    return int(fen)


def degrees(most: int) -> Reader:
    """A reader of geographic degrees."""

    def read(cell: Cell) -> float:
        value = number(cell)
        if abs(value) > most:
            raise BadInput(N_("“%(value)s” is not between -%(most)s and %(most)s."), value=plain(cell), most=most)
        return float(value)

    return read


def day(cell: Cell) -> str:
    """A day as 2026-11-03, of a date, Excel's serial number, 2026/11/3, 2026年11月3日, 20261103 or 3 Nov 2026."""
    found = _find_day(cell)
    if found is None:
        raise BadInput(N_("“%(value)s” is not a day such as 2026-11-03."), value=_shown(cell))
    return found.isoformat()


def month(cell: Cell) -> str:
    """The first day of a month as 2026-11-01, of 2026-11, 2026年11月, 202611, Nov 2026 or any day in it."""
    found = find_month(cell)
    if found is None:
        raise BadInput(N_("“%(value)s” is not a month such as 2026-11."), value=_shown(cell))
    return found.isoformat()


def day_or_month(cell: Cell) -> str:
    """A day as 2026-11-03, or a month as 2026-11, whichever the cell says."""
    found = _find_day(cell)
    if found is not None:
        return found.isoformat()
    if (of_month := find_month(cell)) is not None:
        return of_month.isoformat()[:7]
    raise BadInput(N_("“%(value)s” is not a day such as 2026-11-03."), value=_shown(cell))


def find_month(cell: Cell) -> date | None:
    """The first day of the month that a cell or a header names, None if it names none."""
    if (found := _find_day(cell)) is not None:
        return found.replace(day=1)
    words = plain(_without_point_zero(cell)).casefold()
    if parts := _MONTH.fullmatch(words):
        return _date(parts[1] or parts[3], parts[2] or parts[4], "1")
    if parts := _ENGLISH_MONTH.fullmatch(words):
        return _date(parts[2] or parts[3], _month_number(parts[1] or parts[4]), "1")
    return None


def hour(cell: Cell) -> str:
    """A time of day as 08:30, of 8:30, 08：30, 8点30分 or Excel's part of a day."""
    if isinstance(cell, float) and 0 <= cell < 1:
        minutes = round(cell * 24 * 60)
        return f"{minutes // 60 % 24:02}:{minutes % 60:02}"
    found = _HOUR.fullmatch(plain(cell).replace("：", ":").replace(" ", ""))
    if found is None or int(found[1]) > 23 or int(found[2] or 0) > 59:
        raise BadInput(N_("“%(value)s” is not a time such as 08:30."), value=_shown(cell))
    return f"{int(found[1]):02}:{int(found[2] or 0):02}"


def one_of(choices: Mapping[str, str]) -> Reader:
    """A reader of a closed list: any of the words, in any spelling -> the value they stand for."""
    known = {key(words): value for words, value in choices.items()}
    first = dict.fromkeys(choices.values())

    def read(cell: Cell) -> str:
        found = known.get(key(_without_point_zero(cell)))
        if found is None:
            shown = ", ".join(next(words for words, v in choices.items() if v == value) for value in first)
            raise BadInput(N_("“%(value)s” is none of: %(choices)s."), value=_shown(cell), choices=shown)
        return found

    return read


def _find_day(cell: Cell) -> date | None:
    if isinstance(cell, date):
        return cell if 2000 <= cell.year < 2100 else None
    if isinstance(cell, bool) or cell is None:
        return None
    words = plain(_without_point_zero(cell)).casefold()
    if words.isdecimal():
        if len(words) == 8:
            return _date(words[:4], words[4:6], words[6:])
        return _SERIAL_ZERO + timedelta(days=int(words)) if len(words) == 5 and int(words) in _SERIALS else None
    if isinstance(cell, float):  # a serial with the time of the day behind the point
        return _SERIAL_ZERO + timedelta(days=int(cell)) if int(cell) in _SERIALS else None
    if parts := _DAY.fullmatch(words):
        return _date(parts[1], parts[2], parts[3])
    if parts := _ENGLISH_DAY.fullmatch(words):
        return _date(parts[3], _month_number(parts[2]), parts[1])
    return None


def _date(year: str, month_number: str, day_number: str) -> date | None:
    try:
        found = date(int(year), int(month_number), int(day_number))
    except ValueError:
        return None
    return found if 2000 <= found.year < 2100 else None


def _month_number(name: str) -> str:
    return str(_MONTH_NAMES.index(name[:3]) + 1) if name[:3] in _MONTH_NAMES else "0"


def _without_point_zero(cell: Cell) -> Cell:
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell


def _shown(cell: Cell) -> str:
    return plain(cell)[:60]
