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
_UNIT = re.compile(
    r"(?:单位|数量|金额|units?(?: of (?:quantity|measure))?)\s*(?:单位)?\s*[:：为]"
    r"\s*([^\s,，;；)）/、]+(?:[/、][^\s,，;；)）]+)?)"
    r"|[以按](件|箱|片|粒|支|瓶)计|(?:quantity|quantities|qty)\s+in\s+([a-z]+)"
    r"|(?:rmb|cny|yuan|元)?\s*(['’]000|in thousands)",
    re.IGNORECASE,
)
_CURRENCY = re.compile(r"(?<![a-z])(?:USD|HKD|EUR|GBP|JPY|SGD|MYR)(?![a-z])|美元|美金|港[币元]|欧元|日元|英镑")
_IN_MONEY = re.compile(r"销售额|销额|金额|(?<![\d(（])[万千]元|sales value|revenue|turnover", re.IGNORECASE)
_IN_PACKS = re.compile(r"数量|盒|件|销量|packs|units|quantity|qty", re.IGNORECASE)
_RETURNS = re.compile(r"退货|退回|销退|退单|红冲|冲红|红字|credit note|(?<![a-z])returns?(?![a-z])", re.IGNORECASE)
_NO_SALES = re.compile(
    r"赠|样品|订单|订货|预测|作废|去年|上年|同期"
    r"|(?<![a-z])(?:forecast|samples?|free goods|void|last year|prior year|orders?)(?![a-z])"
    r"|(?P<weak>采购|购进|入库|进货|要货|库存|结存|调拨|移库|领用"
    r"|(?<![a-z])(?:purchases?|stock|inventory|transfers?)(?![a-z]))",
    re.IGNORECASE,
)
"""What lines are no sales; the weak ones only where no word of sales stands beside them."""
_SALES = re.compile(r"销|流向|出库|sales|sold|sell", re.IGNORECASE)
_MONTHS = re.compile(
    r"(?<!\d)20\d\d\s*[./_-]\s*(0?[1-9]|1[0-2])(?!\d)|(?<!\d)(0?[1-9]|1[0-2])\s*月"
    r"|(?<![a-z])(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}(?![a-z])",
    re.IGNORECASE,
)
_CUMULATIVE = re.compile(r"累计|累积|cumulative|(?<![a-z])ytd(?![a-z])", re.IGNORECASE)
_MADE = re.compile(
    r"(?:下发|发布|制作|制表|编制|打印|更新|生成|导出|印发|签发)\s*(?:日期|时间|于)?\s*[:：]?"
    r"\s*20\d\d\s*[年\-/.]\s*\d{1,2}\s*[月\-/.]\s*(?:\d{1,2}\s*日?)?|20\d\d\s*年\s*\d{1,2}\s*月\s*(?:下发|发布|制作|编制|印发)"
)
"""When a file was made, which says nothing of its lines."""
_UNTIL = re.compile(r"截至|截止|[月日]止|各月累|月累|through|to date", re.IGNORECASE)


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
    unclear_unit: str = ""
    """A unit that is named, but not known: 万盒."""
    currency: str = ""
    """One other than the yuan."""
    cumulative: str = ""
    """A title that speaks of sums of several months."""
    doubt: str = ""
    """A title or sheet name that speaks of returns, or of something that is no sale."""

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
    is_several = is_several or any(map(_names_several, (*telling, plain(sheet))))
    unit, scale, is_money, unclear = _units([*map(plain, titles), plain(sheet)])
    said = " ".join((*telling, plain(sheet)))
    is_actual = bool(_ACTUAL.search(said)) and not _PLANNED.search(said)
    is_money = is_money or bool(_IN_MONEY.search(said) and not _IN_PACKS.search(said))
    currency = _CURRENCY.search(said)
    doubt = next((text for text in (*telling, plain(sheet)) if _is_doubtful(text)), "")
    return Surroundings(
        months, years, numbers, is_several, unit, scale, is_money, is_actual, unclear, currency[0] if currency else "",
        next((text for text in (*telling, plain(sheet)) if _CUMULATIVE.search(text)), ""), doubt,
    )  # fmt: skip


def _names_several(text: str) -> bool:
    """Whether a title names more than one month, or everything until a day."""
    if _DAYS.search(text):
        return False  # both ends are read with their years
    months = {found.lastindex and found[found.lastindex].casefold()[:3].lstrip("0") for found in _MONTHS.finditer(text)}
    return len(months) > 1 or bool(_UNTIL.search(text))


def _is_doubtful(text: str) -> bool:
    """Whether a title says that the lines below it are returns, or no sales."""
    found = _NO_SALES.search(text)
    return bool(_RETURNS.search(text)) or bool(found and not (found["weak"] and _SALES.search(text)))


def _names(texts: Iterable[str]) -> tuple[tuple[date, ...], tuple[int, ...], tuple[int, ...]]:
    months: dict[date, None] = {}
    years: dict[int, None] = {}
    numbers: dict[int, None] = {}
    for text in (_MADE.sub(" ", said) for said in texts):
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


def _units(texts: Iterable[str]) -> tuple[str | None, Decimal | None, bool, str]:
    unit: str | None = None
    scale: Decimal | None = None
    is_money, unclear = False, ""
    for text in texts:
        labelled = [next(filter(None, groups)) for groups in _UNIT.findall(text)]
        end = text.rstrip().rstrip(")）】]")
        bracketed = [said for said in split_brackets(text)[1] if end.endswith(said)]
        pieces = [(piece, True) for said in labelled for piece in re.split(r"[,，、;；/]", said)]
        pieces += [(piece, False) for said in bracketed for piece in re.split(r"[,，、;；/]", said)]
        for piece, is_labelled in pieces:
            word = re.sub(r"^(?:单位|数量|金额)\s*[:：]?", "", piece)
            if (found := unit_of(word)) is not None:
                unit = unit or found
            elif (size := scale_of(word)) is not None:
                scale = scale or size
                is_money = True
            elif is_labelled and re.search(
                r"[盒件箱片粒支瓶元]|000|thousand|cases?|boxes|tablets", word, re.IGNORECASE
            ):
                unclear = unclear or word
    return unit, scale, is_money and unit is None, unclear
