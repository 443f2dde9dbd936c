"""Terms, numbers and days out of an address, and terms to choose from in a list."""

from datetime import date
from typing import TypeVar

from flask_babel import gettext

from repcrm.core.words import Term

Word = TypeVar("Word", bound=Term)

EARLIEST, LATEST = date(1900, 1, 1), date(2200, 1, 1)


def member_of(kind: type[Word], text: str | None) -> Word | None:
    """Return the term an address names; None for none, or one that does not exist: addresses are typed by hand."""
    return kind(text) if text in set(kind) else None


def number_of(text: str | None) -> int | None:
    """Return the whole number an address names; None where there is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def day_of(text: str | None) -> date | None:
    """Return the day an address names, such as 2026-11-23; None where there is none that anybody can mean."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if is_within_reach(day) else None


def is_within_reach(day: date) -> bool:
    """Whether somebody can mean a day: plans and memories end long before years have five digits."""
    return EARLIEST <= day < LATEST


def options_of(kind: type[Term]) -> list[tuple[str, str]]:
    """Return (value, words in the reader's language) of every term of a kind."""
    return [(str(term.value), gettext(term.label)) for term in kind]
