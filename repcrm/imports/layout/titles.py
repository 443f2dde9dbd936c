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
_UNIT = re.compile(r"(?:单位|unit)\s*[:：]\s*([^\s,，;；)）]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Surroundings:
    """What is said around a table.

    months  the months that are named with their year, as their first days
    years   every year that is named
    number  a month without a year, such as a sheet called 11月; None if there is none, or several
    unit    of quantities; scale: yuan in one of money
    is_money  whether a title says that the whole table is in money
    """

    months: tuple[date, ...] = ()
    years: tuple[int, ...] = ()
    number: int | None = None
    unit: str | None = None
    scale: Decimal | None = None
    is_money: bool = False

    @property
    def year(self) -> int | None:
        """The one year that is named."""
        return self.years[0] if len(self.years) == 1 else None

    def month(self, year: int | None) -> date | None:
        """The one month that is named; `year` completes one without."""
        if len(self.months) == 1:
            return self.months[0]
        year = year or self.year
        return date(year, self.number, 1) if self.number and year and not self.months else None


def read_surroundings(titles: Sequence[str], sheet: str, file: str) -> Surroundings:
    """Return what titles, sheet name and file name say: what stands nearest to the table counts first."""
    stem = re.sub(r"\.\w{2,5}$", "", plain(file))
    telling = [plain(title) for title in titles if not is_footer(title) or _DAYS.search(title)]
    near = [_names(telling), _names([plain(sheet)]), _names([stem])]
    months = next((months for months, _, _ in near if months), ())
    years = next((years for _, years, _ in near if years), ())
    numbers = next((numbers for _, _, numbers in near if numbers), ())
    unit, scale, is_money = _units([*telling, plain(sheet)])
    return Surroundings(months, years, numbers[0] if len(numbers) == 1 else None, unit, scale, is_money)


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
