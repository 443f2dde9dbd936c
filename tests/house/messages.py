"""Everything the product says, read out of its sources. `python -m tests.house.messages [PATH]` lists what zh lacks."""

import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
KEYWORDS = {
    **dict.fromkeys(("_", "_l", "N_", "gettext", "lazy_gettext")),
    **dict.fromkeys(("ngettext", "lazy_ngettext"), (1, 2)),
}
Message = str | tuple[str, str]
"""An English message, or singular and plural."""


class Place(NamedTuple):
    """Where a message stands."""

    path: str
    line: int


class Translation(NamedTuple):
    """What one .po file says."""

    file: str
    words: str | tuple[str, ...]
    is_fuzzy: bool


@cache
def messages() -> dict[Message, list[Place]]:
    """Every message of the Python sources and templates, with where it stands."""
    found: dict[Message, list[Place]] = {}
    for path in sorted([*(ROOT / "repcrm").rglob("*.py"), *(ROOT / "templates").rglob("*.html")]):
        for message, line in _messages_in(path):
            found.setdefault(message, []).append(Place(path.relative_to(ROOT).as_posix(), line))
    return found


def _messages_in(path: Path) -> Iterator[tuple[Message, int]]:
    method = "python" if path.suffix == ".py" else "jinja2.ext:babel_extract"
    options = {} if path.suffix == ".py" else {"trimmed": "false", "silent": "false"}
    with_keywords = {name: spec for name, spec in KEYWORDS.items() if name != "_l" or path.suffix == ".py"}
    for line, message, _comments, _context in extract_from_file(method, path, keywords=with_keywords, options=options):
        if message:
            yield (message if isinstance(message, str) else (message[0], message[1])), line


@cache
def translations(language: str = "zh") -> dict[Message, list[Translation]]:
    """Every message of the .po files, with what each file says."""
    found: dict[Message, list[Translation]] = {}
    for path in sorted((ROOT / "repcrm" / "translations" / language).glob("*.po")):
        with path.open("rb") as file:
            for entry in read_po(file, locale=language, abort_invalid=True):
                if entry.id:
                    words = entry.string if isinstance(entry.string, str) else tuple(entry.string or ())
                    message = entry.id if isinstance(entry.id, str) else (entry.id[0], entry.id[1])
                    found.setdefault(message, []).append(Translation(path.name, words, entry.fuzzy))
    return found


def missing() -> Iterator[tuple[Message, list[Place]]]:
    """Every message without Chinese words."""
    for message, places in messages().items():
        said = translations().get(message, [])
        if not any(all(one.words) if isinstance(one.words, tuple) else one.words for one in said):
            yield message, places


if __name__ == "__main__":
    wanted = tuple(sys.argv[1:])
    for message, places in missing():
        if not wanted or any(place.path.startswith(wanted) for place in places):
            print(f"{places[0].path}:{places[0].line}: {message!r}")  # noqa: T201 - a tool that lists
