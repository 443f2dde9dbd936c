"""The words of a report that is drawn or written below the doors: charts and workbooks, in both languages."""

from collections.abc import Callable
from functools import cache

from babel.messages.pofile import read_po

from repcrm.paths import TRANSLATIONS

Say = Callable[[str], str]
LANGUAGES = ("zh", "en")


def words(language: str) -> Say:
    """How to say an English message in a language.

    language  zh or en
    returns   a function from message to words; what has no translation stays English
    """
    known = _catalogue(language)
    return lambda message: known.get(message, message)


@cache
def _catalogue(language: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted((TRANSLATIONS / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if isinstance(message.id, str) and isinstance(message.string, str) and message.string:
                    found.setdefault(message.id, message.string)
    return found
