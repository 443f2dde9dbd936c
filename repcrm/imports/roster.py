"""When a doctor can be met or a hospital receives, as people write it: 周一上午、周三下午 or Mon AM; Wed PM."""

import re

from repcrm.core.errors import BadInput
from repcrm.core.words import N_
from repcrm.imports.text import plain
from repcrm.imports.workbook import Cell

_HAN = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "日": 7, "天": 7}
_ENGLISH = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PARTS = {
    "上午": ("am",), "早上": ("am",), "morning": ("am",), "am": ("am",), "下午": ("pm",), "afternoon": ("pm",),
    "pm": ("pm",), "晚上": ("eve",), "晚间": ("eve",), "夜间": ("eve",), "evening": ("eve",), "eve": ("eve",),
    "全天": ("am", "pm"), "all day": ("am", "pm"),
}  # fmt: skip
_ORDER = ("am", "pm", "eve")
_DAY = r"(?:(?:周|星期|礼拜)?[一二三四五六日天]|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*)"
_TOKEN = re.compile(rf"({_DAY})(?: ?(?:至|到|-|–|~|to) ?({_DAY}))?|({'|'.join(sorted(_PARTS, key=len, reverse=True))})")
_NOISE = re.compile(r"[\s;；,，、/|.。&+和]+|and")


def roster(cell: Cell) -> str:
    """Such a roster as `1am 3pm`: ISO weekday and part of the day, in order; a day without a part is am and pm.

    raises  BadInput naming what is not understood
    """
    words = plain(cell).casefold()
    slots: set[tuple[int, str]] = set()
    waiting: list[int] = []
    is_closed = False
    at = 0
    while at < len(words):
        if noise := _NOISE.match(words, at):
            at = noise.end()
            continue
        found = _TOKEN.match(words, at)
        if found is None:
            raise BadInput(
                N_("“%(value)s” is no weekday and part of the day. Write it like %(example)s."),
                value=words[at:][:30],
                example="周一上午；周三下午 / Mon AM; Wed PM",
            )
        at = found.end()
        if found[3]:
            slots.update((day, part) for day in waiting for part in _PARTS[found[3]])
            is_closed = True
            continue
        if is_closed:
            waiting, is_closed = [], False
        first = _weekday(found[1])
        last = _weekday(found[2]) if found[2] else first
        waiting += range(first, last + 1)
    if not is_closed:
        slots.update((day, part) for day in waiting for part in ("am", "pm"))
    return written(slots)


def written(slots: "set[tuple[int, str]]") -> str:
    """Slots as `1am 3pm`."""
    return " ".join(f"{day}{part}" for day, part in sorted(slots, key=lambda one: (one[0], _ORDER.index(one[1]))))


def slots_of(text: str) -> list[tuple[int, str]]:
    """The slots of `1am 3pm`: weekday and part of the day."""
    return [(int(word[0]), word[1:]) for word in text.split()]


def _weekday(word: str) -> int:
    return _HAN[word[-1]] if word[-1] in _HAN else _ENGLISH.index(word[:3]) + 1
