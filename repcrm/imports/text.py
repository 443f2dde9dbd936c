"""Headers as people type them into files, made comparable."""

import re

from repcrm.spelling import key, plain, simplified

__all__ = ["header_key", "key", "plain", "simplified"]

_BRACKETED = re.compile(r"\(.*?\)|\[.*?\]|【.*?】")


def split_brackets(words: str) -> tuple[str, list[str]]:
    """Return a heading without its brackets, and what stands in each of them."""
    inside = [part[1:-1].strip() for part in _BRACKETED.findall(words)]
    return " ".join(_BRACKETED.sub(" ", words).split()), [part for part in inside if part]


def header_key(value: object) -> str:
    """Like `key`, without what stands in brackets: 数量（盒） is 数量."""
    return key(_BRACKETED.sub("", plain(value))) or key(value)


def words_of(text: str) -> set[str]:
    """Return the words of a list written with spaces, comparable."""
    return {key(word) for word in text.split()}
