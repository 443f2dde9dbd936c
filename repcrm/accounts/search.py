"""Finding people and places by 汉字, pinyin, initials, and in spite of typing mistakes."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from rapidfuzz.distance import OSA

from repcrm.accounts.pinyin import has_han, plain, spellings

LONGEST_QUERY = 40
"""Characters; what is typed beyond that is not looked at."""
SLIPPED = 30
"""Score of a reading that fits but for slips of the finger, less the slips."""


class Entry(NamedTuple):
    """Something that can be found.

    pinyin, initials  its readings, separated by blanks, as the database keeps them
    """

    id: int
    name: str
    pinyin: str
    initials: str
    code: str = ""
    other_name: str = ""


@dataclass(frozen=True)
class Wanted:
    """What somebody typed, made ready for comparing.

    text    as typed, without blanks around
    letters the same in Latin letters as readings are kept: one or several spellings; none for signs only
    is_han  it has a Chinese character in it
    """

    text: str
    letters: tuple[str, ...]
    is_han: bool

    @classmethod
    def read(cls, query: str) -> "Wanted":
        """Take a search text apart."""
        text = query.strip()[:LONGEST_QUERY].strip()
        if has_han(text):
            return cls(text, tuple(spellings(text)), True)
        letters = plain(text)
        return cls(text, (letters,) if letters else (), False)

    def __bool__(self) -> bool:
        return bool(self.text)


def rank(wanted: Wanted, entries: Iterable[Entry], limit: int) -> list[Entry]:
    """Return the entries that fit, the best first; the same entries in any order give the same answer.

    Exact name or code, then names that begin with it, names that hold it, then readings and initials in the
    same order. Only if nothing fits, readings that differ by a slip of the finger. Equal ones go by length, name, id.
    """
    if not wanted:
        return []
    found = [
        (score, len(entry.name), entry.name, entry.id, entry) for entry in entries if (score := _score(wanted, entry))
    ]
    if any(score > SLIPPED for score, *_ in found):
        found = [row for row in found if row[0] > SLIPPED]
    found.sort(key=lambda row: (-row[0], *row[1:4]))
    return [row[-1] for row in found[:limit]]


def slips_allowed(letters: str) -> int:
    """How many letters may be wrong, missing, doubled or swapped: none in short words, which would fit everything."""
    return 0 if len(letters) < 4 else 1 if len(letters) < 8 else 2


def _score(wanted: Wanted, entry: Entry) -> int:
    """0: does not fit; more fits better."""
    best = max(
        _score_text(wanted.text, entry.name), _score_text(wanted.text, entry.other_name), _score_code(wanted, entry)
    )
    if best:
        return best
    return max((_score_letters(letters, entry) for letters in wanted.letters), default=0)


def _score_text(text: str, name: str) -> int:
    if not name:
        return 0
    text, name = text.casefold(), name.casefold()
    return 100 if name == text else 90 if name.startswith(text) else 80 if text in name else 0


def _score_code(wanted: Wanted, entry: Entry) -> int:
    text, code = wanted.text.casefold(), entry.code.casefold()
    return 0 if not code else 100 if code == text else 60 if len(text) > 2 and code.startswith(text) else 0


def _score_letters(letters: str, entry: Entry) -> int:
    readings, initials = entry.pinyin.split(), entry.initials.split()
    if letters in readings or letters in initials:
        return 70
    if any(reading.startswith(letters) for reading in readings):
        return 65
    if any(first.startswith(letters) for first in initials):
        return 55
    if len(letters) > 1 and any(letters in word for word in readings + initials):
        return 45
    slips = min((_slips(letters, reading) for reading in readings), default=99)
    return SLIPPED - slips if slips <= slips_allowed(letters) else 0


def _slips(letters: str, reading: str) -> int:
    """How many slips lie between what was typed and the beginning of a reading of about that length."""
    most = slips_allowed(letters)
    if not most:
        return 99
    length = len(letters)
    ends = {min(length + more, len(reading)) for more in range(-most, most + 1)}
    return min(OSA.distance(letters, reading[:end], score_cutoff=most) for end in ends)
