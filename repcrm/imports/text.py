"""Headers as people type them into files, made comparable."""

import re

from repcrm.spelling import key, plain, simplified

__all__ = ["header_key", "key", "plain", "simplified"]

_BRACKETED = re.compile(r"\(.*?\)|\[.*?\]|【.*?】")


def header_key(value: object) -> str:
    """Like `key`, without what stands in brackets: 数量（盒） is 数量."""
    return key(_BRACKETED.sub("", plain(value))) or key(value)
