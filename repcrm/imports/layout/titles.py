"""What stands around a table: the month or year, and the unit, that titles, sheet name and file name give."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from repcrm.imports.dates import YEARS, find_month
from repcrm.imports.layout.footers import is_footer
from repcrm.imports.text import plain, split_brackets
from repcrm.imports.units import scale_of, unit_of

_MONTH = re.compile(
    r"(?<!\d)(20\d\d)\s*[年\-/._]\s*(\d{1,2})(?:\s*月|(?![\d]))(?!\s*[-/.日]?\s*\d)|(?<!\d)(20\d\d)(0[1-9]|1[0-2])(?!\d)"
    r"|\b(jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.?[ _-]*(20\d\d)(?!\d)",
    re.IGNORECASE,
)
_DAYS = re.compile(
    r"(20\d\d)\s*[年\-/.]\s*(\d{1,2})\s*[月\-/.]\s*(\d{1,2})\s*日?\s*(?:[-~—–～至到]+|to)\s*"
    r"(20\d\d)\s*[年\-/.]\s*(\d{1,2})\s*[月\-/.]\s*(\d{1,2})\s*日?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)|(?<![a-z])FY\s?'?(\d\d)(?!\d)", re.IGNORECASE)
_BARE_MONTH = re.compile(r"^(\d{1,2})\s*月份?$|(?<![\d年])\s?(\d{1,2})\s*月份?(?!\d)")
_RANGE = re.compile(r"(\d{1,2})\s*月?\s*[-~—–～至到]+\s*(?:20\d\d\s*年\s*)?(\d{1,2})\s*月")
_SEVERAL = re.compile(r"季度|季报|半年|累计|(?<![a-z])[qh][1-4](?!\d)|\bytd\b", re.IGNORECASE)
_ACTUAL = re.compile(r"实际|完成|达成|销量|实销|纯销|流向|同期|actual|achieve|\bsales\b|sell-?out", re.IGNORECASE)
_PLANNED = re.compile(r"指标|目标|任务|计划|保底|挑战|预算|target|quota|plan|budget|goal|floor|stretch", re.IGNORECASE)
_UNIT = re.compile(r"(?:单位|unit)\s*[:：]\s*([^\s,，;；)）]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Surroundings:
    """What is said around a table.

    months  the months that are named with their year, as their first days
    years   every year that is named
    numbers  months without a year, such as a sheet called 11月; both ends of a range
    is_several  whether a quarter, a half year or a year to date is named
    unit    of quantities; scale: yuan in one of money
    is_money  whether a title says that the whole table is in money
    is_actual  whether title and sheet name speak of actual sales, and of no plan
    """

    months: tuple[date, ...] = ()
    years: tuple[int, ...] = ()
    numbers: tuple[int, ...] = ()
    is_several: bool = False
    unit: str | None = None
    scale: Decimal | None = None
    is_money: bool = False
    is_actual: bool = False

    @property
    def year(self) -> int | None:
        """The one year that is named."""
        return self.years[0] if len(self.years) == 1 else None

    def month(self, year: int | None) -> date | None:
        """The one month that is named; `year` completes one without."""
        if self.is_several or len(self.months) > 1 or len(self.numbers) > 1:
            return None
        if self.months:
            return self.months[0] if self.numbers in ((), (self.months[0].month,)) else None
        year = year or self.year
        return date(year, self.numbers[0], 1) if self.numbers and year else None


def read_surroundings(titles: Sequence[str], sheet: str, file: str) -> Surroundings:
    """Return what titles, sheet name and file name say: titles and sheet name before the file name."""
    stem = re.sub(r"\.\w{2,5}$", "", plain(file))
    telling = [plain(title) for title in titles if not is_footer(title) or _DAYS.search(title)]
    inside, outside = _names([*telling, plain(sheet)]), _names([stem])
    years, numbers = inside[1] or outside[1], inside[2] or outside[2]
    months = inside[0] if inside[2] else inside[0] or outside[0]  # a sheet called 11月 is not of the file's month
    is_several = any(_SEVERAL.search(text) for text in (*telling, plain(sheet)))
    unit, scale, is_money = _units([*telling, plain(sheet)])
    said = " ".join((*telling, plain(sheet)))
    is_actual = bool(_ACTUAL.search(said)) and not _PLANNED.search(said)
    return Surroundings(months, years, numbers, is_several, unit, scale, is_money, is_actual)


def _names(texts: Iterable[str]) -> tuple[tuple[date, ...], tuple[int, ...], tuple[int, ...]]:
    months: dict[date, None] = {}
    years: dict[int, None] = {}
    numbers: dict[int, None] = {}
    for text in texts:
        for first in _of_ranges(text):
            months[first] = None
        rest = _DAYS.sub(" ", text)
        for found in _MONTH.finditer(rest):
            if (month := find_month(found[0].replace("_", "-").strip())) is not None:
                months[month] = None
        years.update((int(found[1] or f"20{found[2]}"), None) for found in _YEAR.finditer(text))
        for found in _RANGE.finditer(rest):
            numbers.update((int(number), None) for number in found.groups() if 1 <= int(number) <= 12)
        for found in _BARE_MONTH.finditer(_MONTH.sub(" ", rest)):
            if 1 <= (number := int(found[1] or found[2])) <= 12:
                numbers[number] = None
    years.update((month.year, None) for month in months)
    return tuple(months), tuple(year for year in years if year in YEARS), tuple(numbers)


def _of_ranges(text: str) -> Iterable[date]:
    for found in _DAYS.finditer(text):
        numbers = list(map(int, found.groups()))
        for year, number in (numbers[:2], numbers[3:5]):
            if 1 <= number <= 12:
                yield date(year, number, 1)


def _units(texts: Iterable[str]) -> tuple[str | None, Decimal | None, bool]:
    unit: str | None = None
    scale: Decimal | None = None
    is_money = False
    for text in texts:
        labelled = _UNIT.findall(text)
        bracketed = split_brackets(text)[1]
        for word in (piece for said in (*labelled, *bracketed) for piece in re.split(r"[,，、;；/]", said)):
            word = re.sub(r"^单位\s*[:：]?", "", word)
            if (found := unit_of(word)) is not None:
                unit = unit or found
            elif (size := scale_of(word)) is not None:
                scale = scale or size
                is_money = True
    return unit, scale, is_money and unit is None
