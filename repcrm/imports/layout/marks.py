"""Rows below a heading that are no lines: totals of lines and of pages, in any column, under any of their names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from functools import lru_cache

from repcrm.core.errors import BadInput
from repcrm.imports.numbers import read_amount
from repcrm.imports.text import plain, simplified
from repcrm.imports.units import scale_of
from repcrm.imports.workbook import Cell


class Level(IntEnum):
    """How much a total covers, by its name."""

    BLOCK = 1
    """小计, 本页小计: the lines since the last one."""
    ANY = 2
    """合计, total: those, or all lines."""
    ALL = 3
    """总计, 累计, grand total: all lines."""


@dataclass(frozen=True)
class Mark:
    """A total's name in a row.

    index     of its column
    label     as compared: totals of one label cover the lines between them
    is_named  whether it carries the name of what it adds up: 云泽市听澜医院 小计
    stated    the number that stands in the same cell: 合计：42盒
    is_money  whether that number is money
    """

    level: Level
    index: int
    label: str
    is_named: bool = False
    stated: Decimal | None = None
    is_money: bool = False

    @property
    def is_of_page(self) -> bool:
        """Whether it adds up what happens to stand on one page."""
        return "页" in self.label or "page" in self.label

    def is_about(self, field: str) -> bool:
        """Whether the number in the same cell is of a field."""
        return self.stated is not None and field == ("value" if self.is_money else "packs")


_UNIT = r"(?:\s*[(（【\[][^()（）]{1,8}[)）】\]])?\s*[:：]?\s*"
_HAN = re.compile(
    r"(?P<of>.*?)(?P<word>小\s*计|合\s*计|总\s*计|共\s*计|累\s*计|总\s*和|总\s*数|汇\s*总|总\s*合\s*计)(?:数量?|金额|数)?"
    + _UNIT
)
_LATIN = re.compile(
    r"(?P<word>(?:grand|overall|sub|page|running|report|block)?[ -]*totals?|sum)(?:\s+(?:for|of)\s+(?P<of>.+?))?"
    + _UNIT,
    re.IGNORECASE,
)
_LATIN_AFTER = re.compile(r"(?P<of>.+?)\s+(?P<word>(?:grand|sub|page)?[ -]?totals?)" + _UNIT, re.IGNORECASE)
_BRACKETED = re.compile(r"[(（【\[]\s*([^()（）【】\[\]]*(?:计|和|数|总|汇|total|sum))\s*[)）】\]]$", re.IGNORECASE)
"""小计 of “云舒平片（小计）”: a total's word in brackets."""
_HINT = re.compile(r"[计計]|总|總|汇|total|sum\b", re.IGNORECASE)
_WITH_NUMBER = re.compile(r"(?P<words>\D+?)\s*[:：]?\s*(?P<number>[-(]?\d[\d.,]*\s?[^\d\s:：]{0,3})")
_OWN = { "", "本", "页", "本页", "当页", "每页", "分页", "本月", "当月", "月", "本日", "当日", "日", "本期", "当期",
"本表", "全表",
        "全年", "年度", "全部", "总", "大", "数量", "金额", "销售", "销量", "医院", "客户", "产品", "品种", "商业",
        "区域", "地区", "部门", "报表",
        "以上", "上述", "终端"}  # fmt: skip
_ALL = {"总计", "累计", "总合计", "总和", "总数", "grandtotal", "overalltotal", "runningtotal", "reporttotal"}
_BLOCK = {"小计", "subtotal", "pagetotal", "blocktotal"}


@lru_cache(maxsize=1 << 14)
def read_mark(text: str) -> tuple[Level, str, str] | None:
    """Return level, label and the name before it (of “云泽市听澜医院 小计”), None for a text that is no total."""
    if not _HINT.search(text) or len(text) > 80:
        return None
    words = _BRACKETED.sub(r" \1", simplified(plain(text))).strip()
    found = _HAN.fullmatch(words) or _LATIN.fullmatch(words) or _LATIN_AFTER.fullmatch(words)
    if found is None:
        return None
    word = re.sub(r"[\s-]", "", found["word"]).casefold()
    name = (found["of"] or "").strip()
    own = re.sub(r"\s", "", name)
    level = Level.ALL if word in _ALL else Level.BLOCK if word in _BLOCK else Level.ANY
    if own in _OWN:
        return (Level.BLOCK if own.endswith("页") else level), own + word, ""
    return min(level, Level.ANY), word, name


def find_mark(cells: Sequence[Cell], indexes: Sequence[int], names: Sequence[Cell]) -> Mark | None:
    """Return the total that a row is, None for any other.

    indexes  the columns in which totals are named
    names    the cells of the line before: “云泽市听澜医院小计” is a total where it follows that hospital
    """
    for index in indexes:
        cell = cells[index]
        if type(cell) is str and _HINT.search(cell) and (mark := _mark(cell, index, names)) is not None:
            return mark
    return None


def _mark(text: str, index: int, names: Sequence[Cell]) -> Mark | None:
    stated: tuple[Decimal | None, bool] = (None, False)
    if found := _WITH_NUMBER.fullmatch(plain(text)):
        text, stated = found["words"], _stated(found["number"])
    if (read := read_mark(text)) is None:
        return None
    level, label, name = read
    if not name:
        return Mark(level, index, label, False, *stated)
    stands_apart = plain(text)[len(name) : len(name) + 1] in (" ", ":", "(", "【", "[")
    follows = any(isinstance(one, str) and simplified(plain(one)) == name for one in names)
    if stands_apart or follows or label in ("小计", "合计", "总计", "total", "subtotal"):
        return Mark(level, index, label, True, *stated)
    return None


def _stated(words: str) -> tuple[Decimal | None, bool]:
    try:
        amount = read_amount(words)
    except BadInput:
        return None, False
    return amount.value, scale_of(amount.word) is not None
