"""How values look to the reader: days, instants, numbers, money, terms, periods."""

from collections.abc import Iterable
from datetime import date, datetime
from fractions import Fraction

from babel.dates import format_date, format_time
from babel.numbers import format_decimal
from flask import Flask, current_app
from flask_babel import gettext
from markupsafe import Markup

from repcrm.core.periods import Period, PeriodKind
from repcrm.core.words import Term
from repcrm.web.languages import current_language

NOTHING = "–"
"""Shown where there is no value; never a zero."""

DAY = {"zh": "y年M月d日 EEE", "en": "EEE d MMM y"}
SHORT_DAY = {"zh": "M月d日 EEE", "en": "EEE d MMM"}
PLAIN_DAY = {"zh": "y年M月d日", "en": "d MMM y"}
MONTH = {"zh": "y年M月", "en": "MMMM y"}
WEEKDAY = {"zh": "EEE", "en": "EEE"}
PERIOD = {
    PeriodKind.YEAR: {"zh": "{year}年", "en": "{year}"},
    PeriodKind.HALF: {"zh": "{year}年{half}", "en": "H{part} {year}"},
    PeriodKind.QUARTER: {"zh": "{year}年第{part}季度", "en": "Q{part} {year}"},
    PeriodKind.WEEK: {"zh": "{year}年第{part}周", "en": "Week {part}, {year}"},
}
STEPS: dict[str, tuple[tuple[int, str], ...]] = {
    "zh": ((100_000_000, "亿"), (10_000, "万")),
    "en": ((1_000_000_000, "bn"), (1_000_000, "m"), (1_000, "k")),
}
"""How large numbers are cut short."""


def day(value: date | None) -> str:
    """2026年11月23日 周一 / Mon 23 Nov 2026."""
    return _date(value, DAY)


def short_day(value: date | None) -> str:
    """11月23日 周一 / Mon 23 Nov."""
    return _date(value, SHORT_DAY)


def plain_day(value: date | None) -> str:
    """2026年11月23日 / 23 Nov 2026."""
    return _date(value, PLAIN_DAY)


def weekday(value: date | None) -> str:
    """周一 / Mon."""
    return _date(value, WEEKDAY)


def names_of_weekdays(numbers: Iterable[int]) -> list[str]:
    """周一, 周三 / Mon, Wed of ISO weekdays 1 and 3, in the order of the week."""
    return [weekday(date.fromisocalendar(2024, 1, number)) for number in sorted(numbers)]


def month(value: date | None) -> str:
    """2026年11月 / November 2026, of any day in it."""
    return _date(value, MONTH)


def instant(value: datetime | None) -> str:
    """2026年11月23日 14:05 / 23 Nov 2026, 14:05, in the business time zone."""
    if value is None:
        return NOTHING
    joint = " " if current_language() == "zh" else ", "
    return plain_day(local(value).date()) + joint + clock_time(value)


def clock_time(value: datetime | None) -> str:
    """14:05, in the business time zone."""
    return NOTHING if value is None else format_time(local(value).time(), "HH:mm", locale="en")


def local(value: datetime) -> datetime:
    """Return an instant as the clock on the office wall shows it."""
    return value.astimezone(current_app.config["REPCRM"].zone)


def number(value: int | float | Fraction | None, digits: int = 0) -> str:
    """12,345; with digits 12,345.6."""
    if value is None:
        return NOTHING
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return format_decimal(_decimal(value), pattern, locale=current_language()).replace("-", "−")


def signed(value: int | float | Fraction | None, digits: int = 0) -> str:
    """+12 or −5; zero has no sign."""
    return ("+" if value is not None and value > 0 else "") + number(value, digits)


def short_number(value: int | float | Fraction | None) -> str | Markup:
    """12.3万 / 123k where space is short, with the exact value on tap; small numbers in full."""
    return _shortened(value, number(value), "")


def money(fen: int | None) -> str:
    """¥1,234.50 of 123450 fen; whole yuan without the zeros."""
    if fen is None:
        return NOTHING
    sign = "−" if fen < 0 else ""
    return f"{sign}¥{number(Fraction(abs(fen), 100), 2 if fen % 100 else 0)}"


def short_money(fen: int | None) -> str | Markup:
    """¥12.3万 / ¥123k, with the exact value on tap."""
    return _shortened(None if fen is None else Fraction(fen, 100), money(fen), "¥")


def percent(ratio: int | float | Fraction | None, digits: int = 1) -> str:
    """81.2% of 0.812; nothing known is a dash, never 0 %."""
    return NOTHING if ratio is None else number(ratio * 100, digits) + "%"


def term(value: Term | str | None) -> str:
    """Return the label of a term, or a message from below, in the reader's language."""
    if value is None:
        return NOTHING
    return gettext(value.label if isinstance(value, Term) else value)


def period(value: Period | str | None) -> str:
    """2026年第47周 / Week 47, 2026, of a Period or of what the database keeps of it (2026-W47)."""
    if value is None:
        return NOTHING
    found = Period.parse(value) if isinstance(value, str) else value
    if found.kind is PeriodKind.DAY:
        return day(found.from_on)
    if found.kind is PeriodKind.MONTH:
        return month(found.from_on)
    year, _, part = str(found).partition("-")
    halves = {"H1": "上半年", "H2": "下半年"}
    pattern = PERIOD[found.kind][current_language()]
    return pattern.format(year=year, part=part[1:].lstrip("0"), half=halves.get(part, ""))


def days_of(value: Period) -> str:
    """11月16日 周一 – 11月22日 周日 / Mon 16 Nov – Sun 22 Nov: a period's first and last day."""
    return f"{short_day(value.from_on)} – {short_day(value.to_on)}"


FILTERS = (
    day, short_day, plain_day, weekday, names_of_weekdays, month, instant, clock_time, local,
    number, signed, short_number, money, short_money, percent, term, period, days_of,
)  # fmt: skip


def init_filters(app: Flask) -> None:
    """Give the templates their filters, each under its own name."""
    app.jinja_env.filters.update({function.__name__: function for function in FILTERS})


def _date(value: date | None, patterns: dict[str, str]) -> str:
    if value is None:
        return NOTHING
    language = current_language()
    return format_date(value, patterns[language], locale=language)


def _decimal(value: int | float | Fraction) -> int | float:
    return float(value) if isinstance(value, Fraction) else value


def _shortened(value: int | float | Fraction | None, exact: str, sign: str) -> str | Markup:
    if value is None:
        return NOTHING
    amount = abs(Fraction(value))
    for size, word in STEPS[current_language()]:
        if amount >= size:
            short = number(amount / size, 1 if amount < 100 * size else 0)
            shown = f"{'−' if value < 0 else ''}{sign}{short.removesuffix('.0')}{word}"
            return Markup('<span title="{}">{}</span>').format(exact, shown)
    return exact
