"""Number formats of Excel: which numbers are days or months, and which are shown as more than a number: 007, 12件."""

import datetime
import re
from dataclasses import dataclass
from functools import lru_cache

from repcrm.imports.reading.cells import Cell, as_month, of_day

BUILT_IN = {
    14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm", 19: "h:mm:ss", 20: "h:mm", 21: "h:mm:ss",
    22: "yyyy-mm-dd h:mm", 27: "yyyy年m月", 28: "m月d日", 29: "m月d日", 30: "m-d-yy", 31: "yyyy年m月d日", 32: "h:mm",
    33: "h:mm:ss", 34: "h:mm", 35: "h:mm:ss", 36: "yyyy年m月", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss",
    50: "yyyy年m月", 51: "m月d日", 52: "yyyy年m月", 53: "m月d日", 54: "m月d日", 55: "h:mm", 56: "h:mm:ss",
    57: "yyyy年m月", 58: "m月d日",
}  # fmt: skip
"""Those that files name by number only, as Chinese and English Excel show them."""

_PARTS = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|!(?P<banged>.)|_.|\*.|\[(?P<bracket>[^\]]*)\]|(?P<general>general)|'
    r"(?P<half>am/pm|a/p|上午/下午)|(?P<science>e[+-]0*)|(?P<date>y+|m+|d+|h+|s+|e+|g+|aaaa?|b+)|"
    r"(?P<digits>[0#?.,%]+)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)


@dataclass(frozen=True)
class Format:
    """How a number is shown.

    kind    "day", "month", "time", "elapsed" or "words"
    parts   of words: text as it stands, and the places of digits
    """

    kind: str
    parts: tuple[tuple[str, str], ...] = ()

    def cell(self, value: float, *, is_1904: bool = False) -> Cell:
        """What the cell of a number says in this format."""
        match self.kind:
            case "words":
                return self._words(value)
            case "elapsed":
                return str(datetime.timedelta(seconds=round(value * 86400))) if 0 <= value < 1e6 else value
            case "time" if 0 <= value < 1:
                return str(datetime.timedelta(seconds=min(round(value * 86400), 86399))).zfill(8)
        day = _day(value, is_1904=is_1904)
        if day is None:
            return value
        return as_month(of_day(day)) if self.kind == "month" else of_day(day)

    def _words(self, value: float) -> Cell:
        """The shown text, with every digit of the number itself; the number where the format tells nothing more."""
        digits = [text for kind, text in self.parts if kind == "digits"]
        places = sum(map(len, digits))
        if set("".join(digits)) == {"0"} and places > 1:
            return self._filled(value, places)
        if len(digits) != 1:
            return value
        number = str(int(value)) if float(value).is_integer() else repr(value)
        return "".join(number if kind == "digits" else text for kind, text in self.parts).strip()

    def _filled(self, value: float, places: int) -> Cell:
        """Digits put into places of zeros from the right: 7 in 000 is 007, 20261103 in 0000-00-00 is 2026-11-03."""
        if value < 0 or not float(value).is_integer():
            return value
        rest = str(int(value)).zfill(places)
        shown = []
        for number, (kind, text) in reversed(list(enumerate(self.parts))):
            if kind == "text":
                shown.append(text)
                continue
            is_first = not any(kind == "digits" for kind, _ in self.parts[:number])
            cut = 0 if is_first else len(rest) - len(text)
            shown.append(rest[cut:])
            rest = rest[:cut]
        return "".join(reversed(shown)).strip()


@lru_cache(maxsize=4096)
def read_format(code: str) -> Format | None:
    """Say what a format code shows, None if it is a plain number."""
    code = code.split(";")[0] if '"' not in code else _first_section(code)
    dates, parts = "", []
    for found in _PARTS.finditer(code):
        kind, text = found.lastgroup, found[found.lastgroup] if found.lastgroup else ""
        if kind == "bracket":
            if _ELAPSED.fullmatch(text):
                return Format("elapsed")
        elif kind == "date":
            dates += text.casefold() + " "
        elif kind in ("quoted", "escaped", "banged", "other"):
            parts.append(("text", text))
        elif kind in ("digits", "science", "general"):
            parts.append((kind, text))
    if dates:
        return _of_dates(dates)
    return _of_numbers(parts)


def _first_section(code: str) -> str:
    """What stands before the first semicolon that is not inside quotes."""
    inside = False
    for number, character in enumerate(code):
        if character == '"':
            inside = not inside
        elif character == ";" and not inside:
            return code[:number]
    return code


def _of_dates(dates: str) -> Format:
    words = dates.split()
    if any(word[0] in "da" for word in words):
        return Format("day")
    has_clock = any(word[0] in "hs" for word in words)
    if has_clock:
        return Format("day" if any(word[0] in "ye" for word in words) else "time")
    return Format("month" if any(word[0] == "m" for word in words) else "day")


def _of_numbers(parts: list[tuple[str, str]]) -> Format | None:
    """A format of zeros or with words beside the number; percent, fractions and scaled numbers stay numbers."""
    if not parts or any(kind in ("science",) for kind, _ in parts):
        return None
    parts = [("digits" if kind == "general" else kind, text) for kind, text in parts]
    digits = [text for kind, text in parts if kind == "digits"]
    if not digits or any("%" in text or text.endswith(",") for text in digits):
        return None
    has_words = any(kind == "text" and any(map(str.isalpha, text)) for kind, text in parts)
    is_code = set("".join(digits)) == {"0"} and sum(map(len, digits)) > 1
    return Format("words", tuple(parts)) if has_words or is_code else None


def _day(value: float, *, is_1904: bool) -> datetime.date | None:
    """The day of a serial number; 1900 has a 29 February in Excel that never was."""
    try:
        if is_1904:
            return datetime.date(1904, 1, 1) + datetime.timedelta(days=int(value)) if value >= 0 else None
        if value < 1 or int(value) == 60:
            return None
        return datetime.date(1899, 12, 30 if value > 60 else 31) + datetime.timedelta(days=int(value))
    except (OverflowError, ValueError):
        return None
