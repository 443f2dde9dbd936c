"""Terms and numbers out of an address, and terms to choose from in a list."""

from typing import TypeVar

from flask_babel import gettext

from repcrm.core.words import Term

Word = TypeVar("Word", bound=Term)


def member_of(kind: type[Word], text: str | None) -> Word | None:
    """Return the term an address names; None for none, or one that does not exist: addresses are typed by hand."""
    return kind(text) if text in set(kind) else None


def number_of(text: str | None) -> int | None:
    """Return the whole number an address names; None where there is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def options_of(kind: type[Term]) -> list[tuple[str, str]]:
    """Return (value, words in the reader's language) of every term of a kind."""
    return [(str(term.value), gettext(term.label)) for term in kind]
