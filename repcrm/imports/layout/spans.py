"""Months, quarters and years that stand across as headings: 2027年1月 目标, Jan-27, Q1合计, 全年."""

import re
from dataclasses import dataclass
from datetime import date

from repcrm.imports.dates import find_bare_month, find_days, find_month
from repcrm.imports.text import key, plain, simplified

_YEAR = r"(?P<year>20\d\d)"
_MONTH_WORDS = re.compile(
    r"20\d\d\s*[年\-/.]\s*\d{1,2}(?:\s*[-/.]\s*\d{1,2})?(?:\s*月份?)?(?!\d)|20\d\d(?:0[1-9]|1[0-2])(?!\d)"
    r"|(?<!\d)\d{1,2}\s*月份?|[一二三四五六七八九十]{1,2}月份?"
    r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.?[ -]*(?:'?\d{4}|'?\d{2})?\b",
    re.IGNORECASE,
)
_LATE = r"(?:[ '-]*(?P<late>20\d\d|\d\d)(?!\d))?"
_QUARTER = re.compile(
    rf"(?:{_YEAR}\s*年?度?\s*[-/]?)?\s*(?:第?\s*(?P<han>[1-4一二三四])\s*季度?|(?<![a-z])q(?P<number>[1-4])(?!\d)"
    rf"|(?<!\d)(?P<lead>[1-4])q){_LATE}",
    re.IGNORECASE,
)
_HALF = re.compile(
    rf"(?:{_YEAR}\s*年?\s*[-/]?)?\s*(?:(?P<han>[上下])半年度?|(?<![a-z])h(?P<number>[12])(?!\d)"
    rf"|(?<!\d)(?P<months>1\s?-\s?6|7\s?-\s?12)\s*月){_LATE}",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    rf"(?:{_YEAR}\s*年?)?\s*(?:全年度?|年度|full[ -]?year|\bannual\b|\byear\b){_LATE}|(?P<only>20\d\d)\s*年?$",
    re.IGNORECASE,
)
_LEADING_YEAR = re.compile(r"(20\d\d)年?度?(\D.*)")
TOTAL_WORDS = {"合计", "总计", "小计", "汇总", "共计", "total", "totals", "subtotal", "sum"}
_HAN = {"一": 1, "二": 2, "三": 3, "四": 4, "上": 1, "下": 2}


@dataclass(frozen=True)
class Span:
    """The months a heading is about.

    first, last  numbers of months
    year         None where the heading does not say it
    rest         what else the heading says, comparable
    is_total     whether it says that it adds others up
    """

    first: int
    last: int
    year: int | None
    rest: str
    is_total: bool = False

    @property
    def is_month(self) -> bool:
        """Whether it is one month."""
        return self.first == self.last


def read_span(words: str) -> Span | None:
    """Return the months that a whole heading, its brackets aside, is about; None for any other heading."""
    words = simplified(plain(words))
    if (days := find_days(words)) and all(day.day != 1 for day in days):
        return None
    for read in (_half, _quarter, _month, _whole):
        if (span := read(words)) is not None:
            return span
    rest, is_total = _without_total(key(words))
    return Span(1, 12, None, rest, True) if is_total else None


def _month(words: str) -> Span | None:
    if (found := _MONTH_WORDS.search(words)) is None:
        found_month = find_month(words)
        return Span(found_month.month, found_month.month, found_month.year, "") if found_month else None
    said = found[0].strip()
    month: date | None = find_month(said)
    number = month.month if month else find_bare_month(said)
    if number is None:
        return None
    rest, is_total = _rest(words, found)
    year = month.year if month else None
    if year is None and (parts := _LEADING_YEAR.fullmatch(rest)):  # 2027年目标 over 1月
        year, rest = int(parts[1]), parts[2]
    return Span(number, number, year, rest, is_total)


def _quarter(words: str) -> Span | None:
    if (found := _QUARTER.search(words)) is None:
        return None
    said = found["han"] or found["number"] or found["lead"]
    number = _HAN.get(said) or int(said)
    return _span(words, found, 3 * number - 2, 3 * number)


def _half(words: str) -> Span | None:
    if (found := _HALF.search(words)) is None:
        return None
    if found["months"]:
        number = 1 if found["months"].startswith("1") else 2
    else:
        number = _HAN.get(found["han"] or "") or int(found["number"])
    return _span(words, found, 6 * number - 5, 6 * number)


def _whole(words: str) -> Span | None:
    if (found := _WHOLE.search(words)) is None:
        return None
    if found["only"]:
        rest, is_total = _rest(words, found)
        return Span(1, 12, int(found["only"]), rest, is_total)
    return _span(words, found, 1, 12)


def _span(words: str, found: re.Match[str], first: int, last: int) -> Span:
    year = found["year"] or found["late"]
    rest, is_total = _rest(words, found)
    return Span(first, last, None if year is None else int(year if len(year) == 4 else "20" + year), rest, is_total)


def _rest(words: str, found: re.Match[str]) -> tuple[str, bool]:
    return _without_total(key(words[: found.start()] + " " + words[found.end() :]))


def _without_total(rest: str) -> tuple[str, bool]:
    for total in sorted(TOTAL_WORDS, key=len, reverse=True):
        if rest.startswith(total) or rest.endswith(total):
            return rest.removeprefix(total).removesuffix(total), True
    return rest, False
