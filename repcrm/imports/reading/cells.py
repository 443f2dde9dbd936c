"""What a cell holds on its way to the parent: plain JSON values, and small objects for what JSON has no word for."""

import datetime
import math
import re
from typing import Any

Cell = Any
"""None, text, a number, true or false; or {"on": day}, {"month": first day}, {"no": "#REF!"}."""

ERRORS = {"#REF!", "#VALUE!", "#DIV/0!", "#N/A", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
FORMULA = {"no": "formula"}
"""A formula that nobody has computed."""
_QUOTED = re.compile(r'="([^"]*)"')
_FORMULA = re.compile(r"=\s*[-+@(]?\s*[A-Za-z0-9$(\"'].*", re.DOTALL)
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_SPECIAL = "#=\t"
"""What a text begins with that may be more than a text."""
_EXACT = 2**53


def of_text(words: str) -> Cell:
    """The cell of a text: ="H001" is H001, #REF! an error, =A1*2 a formula without a value."""
    if words and words[0] not in _SPECIAL and words[-1] != "\t":
        return words
    words = words.strip("\t")
    if not words:
        return None
    if words[0] == "#" and words in ERRORS:
        return {"no": words}
    if words[0] == "=":
        if found := _QUOTED.fullmatch(words):
            return found[1].strip("\t") or None
        if _FORMULA.fullmatch(words):
            return FORMULA
    return words


def of_number(words: str) -> Cell:
    """The number that a file writes as text; what is no number stays text."""
    try:
        value = int(words) if words.isdecimal() and len(words) < 16 else float(words)
    except ValueError:
        return of_text(words)
    return of_float(value)


def of_float(value: float) -> Cell:
    """The same number, whole where it is whole; what is not finite is text."""
    if isinstance(value, int):
        return value
    if not math.isfinite(value):
        return str(value)
    return int(value) if value.is_integer() and abs(value) < _EXACT else value


def of_day(day: datetime.date) -> Cell:
    """The cell of a date."""
    return {"on": day.isoformat()[:10]}


def as_month(day: Cell) -> Cell:
    """The cell of a date that is shown as a month; of anything else, the same."""
    return {"month": f"{day['on'][:8]}01"} if isinstance(day, dict) and "on" in day else day


def of_iso(words: str) -> Cell:
    """The cell of 2026-11-03T00:00:00.000, as XML writes dates; a time without a date is text."""
    try:
        return of_day(datetime.date.fromisoformat(words[:10]))
    except ValueError:
        return of_text(words)


def unescaped(words: str) -> str:
    """Text as Excel means it: _x000D_ is a carriage return; PostgreSQL keeps no NUL, so _x0000_ is nothing."""
    if "_x" not in words:
        return words
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), words).replace("\x00", "")
