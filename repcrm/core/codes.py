"""Codes of the company's things, compared: which two are one code, and which two could be mistaken for each other."""

import re
import unicodedata

_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_NOT_IN_A_GROUP = re.compile(r"[\W_]+")


def code_key(code: str) -> str:
    """Return what two spellings of one code have in common: normal width, no case, no blanks around.

    Punctuation and leading zeros count: 1-12 and 11-2 are two codes, and so are 007 and 7.
    """
    return " ".join(unicodedata.normalize("NFKC", _INVISIBLE.sub("", code)).casefold().split())


def code_letters(code: str) -> str:
    """Return what codes that could be mistaken for each other share: letters and digits without zeros.

    Codes that share it need not look alike (H10 and H1): it only narrows the search.
    """
    return _NOT_IN_A_GROUP.sub("", code_key(code)).replace("0", "")


def look_alike(one: str, other: str) -> bool:
    """Whether two different codes could be mistaken for each other.

    They could if they differ by case, punctuation or zeros in front of a number only: 1-12 and 1.12, H-1 and H1,
    007 and 7. Two codes that are both divided, at different places, are told apart by that: 1-12 and 11-2.
    """
    if code_key(one) == code_key(other):
        return True
    groups, others = _groups(one), _groups(other)
    if list(map(_number, groups)) == list(map(_number, others)):
        return True
    undivided = len(groups) == 1 or len(others) == 1
    return undivided and _number("".join(groups)) == _number("".join(others))


def _groups(code: str) -> list[str]:
    return [group for group in _NOT_IN_A_GROUP.split(code_key(code)) if group]


def _number(group: str) -> str:
    """A group as Excel would keep it: a number without zeros in front."""
    return (group.lstrip("0") or "0") if group.isdecimal() else group
