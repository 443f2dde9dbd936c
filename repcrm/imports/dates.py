"""Days and months as people write them; what could be two days is said to be so, never guessed."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from repcrm.core.errors import BadInput
from repcrm.core.words import N_
from repcrm.imports.style import PLAIN, Style
from repcrm.imports.text import plain
from repcrm.imports.workbook import Cell, MonthCell

ORDERS = ("dmy", "mdy", "ymd")
YEARS = range(2000, 2100)
_SERIAL_ZERO = date(1899, 12, 30)
_SERIALS = range(36526, 73051)
"""Excel's numbers of the days of 2000 to 2099."""
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_HAN_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_HAN_TENS = re.compile(r"([一二三四五六七八九]?)十([一二三四五六七八九]?)(?=[月日号])")
_WEEKDAY = re.compile(
    r"[(（]?(?:星期|周|礼拜)[一二三四五六日天][)）]?|\([一二三四五六日]\)|\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b[,.]?"
)
_TIME = re.compile(
    r"(?:[ T]+|(?<=[日号]))(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(?:[ap]m)?\s*(z|[+-]\d{2}:?\d{2})?$",
    re.IGNORECASE,
)
_PART_OF_DAY = re.compile(r"(?:上午|下午|早上|晚上|中午|夜间|凌晨|[ap]m)$")
_SPACES = re.compile(r"(?<=[\d年月日号./-])\s+(?=[\d年月日号./-])|(?<=[年月])\s+|\s+(?=[年月日号])")
_DAY = re.compile(r"(\d{4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})[日号]?")
_ENGLISH_DAYS = (
    re.compile(rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[ -]?{_NAME}[ ,-]*(?P<year>\d{{4}})"),
    re.compile(rf"{_NAME} ?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})"),
)
_UNORDERED = re.compile(r"(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})")
_WITHOUT_YEAR = re.compile(r"(\d{1,2})月(\d{1,2})[日号]?")
_MONTH = re.compile(r"(\d{4})(?:[-/.]|年)(\d{1,2})月?份?|(\d{4})(\d{2})")
_MONTH_FIRST = re.compile(r"(\d{1,2})[-/.](\d{4})")
_LOST_ZERO = re.compile(r"\d{4}\.1")
_ENGLISH_MONTH = re.compile(
    rf"{_NAME}(?:[ ,-]*(?P<year>\d{{4}}|'\d{{2}})|-(?P<short>2\d))|(?P<first>\d{{4}})[ ,-]*{_NAME}"
)
_BARE_MONTH = re.compile(rf"(\d{{1,2}})月?份?|([一二三四五六七八九十]{{1,2}})月份?|{_NAME}")


def read_day(cell: Cell, style: Style = PLAIN) -> str:
    """Return a day as 2026-11-03.

    raises  BadInput for what names no day, or could name two
    """
    return _the_day(cell, style).isoformat()


def read_month(cell: Cell, style: Style = PLAIN) -> str:
    """Return the first day of a month as 2026-11-01: of 2026-11, Nov-26, 11月, or of any day in it."""
    found = find_month(cell, style)
    if found is None:
        _refuse_without_year(cell)
        if find_days(cell):
            return _the_day(cell, style).replace(day=1).isoformat()
        raise BadInput(N_("“%(value)s” is not a month such as 2026-11."), value=shown(cell))
    return found.isoformat()


def read_day_or_month(cell: Cell, style: Style = PLAIN) -> str:
    """Return a day as 2026-11-03, or a month as 2026-11, whichever the cell says."""
    if isinstance(cell, MonthCell):
        return cell.on.isoformat()[:7]
    if not find_days(cell, style) and (month := find_month(cell, style)) is not None:
        return month.isoformat()[:7]
    return read_day(cell, style)


def find_month(cell: Cell, style: Style = PLAIN) -> date | None:
    """Return the first day of the month that a cell or heading names, None if it names none."""
    if isinstance(cell, MonthCell):
        return cell.on.replace(day=1) if cell.on.year in YEARS else None
    if len(days := find_days(cell, style)) == 1:
        return days[0].replace(day=1)
    words = _tidy(cell)
    if isinstance(cell, float) and _LOST_ZERO.fullmatch(words):
        return None  # 2026.10, kept as a number, has become 2026.1
    if parts := _MONTH.fullmatch(words):
        return _date(parts[1] or parts[3], parts[2] or parts[4])
    if parts := _MONTH_FIRST.fullmatch(words):
        return _date(parts[2], parts[1])
    if parts := _ENGLISH_MONTH.fullmatch(words):
        year = (parts["year"] or parts["short"] or parts["first"]).lstrip("'")
        return _date(year if len(year) == 4 else "20" + year, _month_number(parts[1] or parts[5]))
    if style.year is not None and (bare := find_bare_month(cell)) is not None:
        return date(style.year, bare, 1)
    return None


def find_bare_month(cell: Cell) -> int | None:
    """Return the number of a month that stands without a year: 11, 11月, 十一月, Nov; None for anything else."""
    parts = _BARE_MONTH.fullmatch(_tidy(cell)) if not isinstance(cell, bool | date | None) else None
    if parts is None:
        return None
    if parts[3]:
        return int(_month_number(parts[3]))
    number = int(parts[1]) if parts[1] else _han_number(parts[2])
    return number if 1 <= number <= 12 else None


def find_days(cell: Cell, style: Style = PLAIN) -> list[date]:
    """Return the days that a cell can mean: one if it is clear, several if not, none if it names no day."""
    if isinstance(cell, date):
        return [cell] if cell.year in YEARS else []
    if isinstance(cell, float) and not cell.is_integer():  # a serial number with the time of the day behind the point
        return [_SERIAL_ZERO + timedelta(days=int(cell))] if int(cell) in _SERIALS else []
    if not isinstance(cell, str | int | float) or isinstance(cell, bool):
        return []
    words = _tidy(cell, style)
    if words.isdecimal():
        return _of_digits(words)
    if parts := _DAY.fullmatch(words):
        return _days([_date(*parts.groups())])
    for pattern in _ENGLISH_DAYS:
        if parts := pattern.fullmatch(words):
            name = next(value for value in parts.groups() if value and value[0].isalpha())
            return _days([_date(parts["year"], _month_number(name), parts["day"])])
    if parts := _UNORDERED.fullmatch(words):
        numbers = (parts[1], parts[3], parts[4])
        if style.order:
            return _days([_in_order(numbers, style.order, (2, 4))])
        return _days(_in_order(numbers, order, (1, 2, 4)) for order in ORDERS)  # 26-11-3 may be of 2003
    if (parts := _WITHOUT_YEAR.fullmatch(words)) and style.year is not None:
        return _days([_date(str(style.year), parts[1], parts[2])])
    return []


def lacks_year(cell: Cell) -> bool:
    """Whether a cell names a day or a month, but no year: 11月3日, 11月."""
    if isinstance(cell, MonthCell | date | None):
        return False
    words = _tidy(cell)
    return bool(_WITHOUT_YEAR.fullmatch(words)) or (not find_days(cell) and find_bare_month(cell) is not None)


def is_unordered(cell: Cell) -> bool:
    """Whether a cell writes a day as three numbers whose order it does not say: 3/11/2026, 26-11-3."""
    return isinstance(cell, str) and not _DAY.fullmatch(_tidy(cell)) and bool(_UNORDERED.fullmatch(_tidy(cell)))


def find_order(cells: Iterable[Cell]) -> str:
    """Return the order of day, month and year that the cells of a column prove; empty if more than one fits all."""
    left = set(ORDERS)
    for cell in cells:
        if is_unordered(cell):
            left &= {order for order in ORDERS if find_days(cell, Style(order=order))}
    return left.pop() if len(left) == 1 else ""


def shown(cell: Cell) -> str:
    """Return a cell as a message quotes it."""
    return (cell.on.isoformat()[:7] if isinstance(cell, MonthCell) else plain(cell))[:60]


def _the_day(cell: Cell, style: Style) -> date:
    days = find_days(cell, style)
    if len(days) > 1:
        raise BadInput(
            N_("“%(value)s” could be several days (%(days)s). Choose the order of day, month and year first."),
            value=shown(cell),
            days=", ".join(day.isoformat() for day in days),
        )
    if not days:
        _refuse_without_year(cell)
        raise BadInput(N_("“%(value)s” is not a day such as 2026-11-03."), value=shown(cell))
    return days[0]


def _refuse_without_year(cell: Cell) -> None:
    if lacks_year(cell):
        raise BadInput(N_("“%(value)s” does not say the year."), value=shown(cell))


def _tidy(cell: object, style: Style = PLAIN) -> str:
    """The words of a cell without weekday and time of the day, in Western digits."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    words = plain(cell).casefold()
    if len(words) > 60:
        return ""
    words = _WEEKDAY.sub("", words).strip()
    if stamped := _TIME.search(words):
        words = _local_day(words[: stamped.start()], stamped, style)
    words = _PART_OF_DAY.sub("", words).strip()
    if "月" in words and not words.isascii():
        words = _HAN_TENS.sub(lambda found: f"{found[1] or '一'}{found[2] or '〇'}", words)
        words = words.translate(_HAN_DIGITS)
    return _SPACES.sub("", words)


def _local_day(words: str, stamped: re.Match[str], style: Style) -> str:
    """The day of a moment, in the zone of the business where the moment names its own."""
    parts = _DAY.fullmatch(words.strip())
    day = _date(*parts.groups()) if parts and stamped[4] else None
    if day is None:
        return words
    offset = "+00:00" if stamped[4].casefold() == "z" else stamped[4]
    try:
        moment = datetime.fromisoformat(f"{day}T{int(stamped[1]):02}:{stamped[2]}:{stamped[3] or '00'}{offset}")
    except ValueError:
        return words
    return moment.astimezone(style.zone).date().isoformat()


def _of_digits(words: str) -> list[date]:
    if len(words) == 8:
        return _days([_date(words[:4], words[4:6], words[6:])])
    return [_SERIAL_ZERO + timedelta(days=int(words))] if len(words) == 5 and int(words) in _SERIALS else []


def _in_order(numbers: tuple[str, ...], order: str, years: tuple[int, ...]) -> date | None:
    """The day that three numbers name in an order; `years` are the digits that a year may have."""
    by_letter = dict(zip(order, numbers, strict=True))
    year = by_letter["y"]
    if len(year) not in years or any(len(by_letter[letter]) > 2 for letter in "md"):
        return None
    return _date("2000"[: 4 - len(year)] + year, by_letter["m"], by_letter["d"])


def _days(days: Iterable[date | None]) -> list[date]:
    return list(dict.fromkeys(day for day in days if day is not None))


def _date(year: str, month_number: str, day_number: str = "1") -> date | None:
    try:
        found = date(int(year), int(month_number), int(day_number))
    except ValueError:
        return None
    return found if found.year in YEARS else None


def _month_number(name: str) -> str:
    return str(_MONTH_NAMES.index(name[:3]) + 1)


def _han_number(words: str) -> int:
    tens, ten, ones = words.rpartition("十")
    if not ten:
        return int(words.translate(_HAN_DIGITS)) if len(words) == 1 else 0
    return int(tens.translate(_HAN_DIGITS) or "1") * 10 + int(ones.translate(_HAN_DIGITS) or "0")
