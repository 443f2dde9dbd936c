"""How values look, in both languages."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from flask_babel import force_locale

from repcrm.core.periods import Period
from repcrm.organisation.access import Role
from repcrm.web import filters

pytestmark = pytest.mark.databases("sqlite")

DAY = date(2026, 11, 23)
INSTANT = datetime(2026, 11, 22, 16, 5, tzinfo=UTC)


@pytest.fixture
def shown(app):
    """A value through a filter, in Chinese and in English."""

    def show(name, *arguments):
        seen = []
        for language in ("zh", "en"):
            with app.test_request_context(), force_locale(language):
                seen.append(str(getattr(filters, name)(*arguments)))
        return tuple(seen)

    return show


@pytest.mark.parametrize(
    ("name", "arguments", "chinese", "english"),
    [
        ("day", (DAY,), "2026年11月23日 周一", "Mon 23 Nov 2026"),
        ("short_day", (DAY,), "11月23日 周一", "Mon 23 Nov"),
        ("plain_day", (DAY,), "2026年11月23日", "23 Nov 2026"),
        ("span", (date(2026, 11, 2), date(2026, 11, 29)), "2026年11月2日至29日", "2–29 Nov 2026"),
        (
            "span",
            (date(2026, 11, 30), date(2026, 12, 27)),
            "2026年11月30日至12月27日",
            "30 Nov\u2009–\u200927 Dec 2026",
        ),
        ("weekday", (DAY,), "周一", "Mon"),
        ("month", (DAY,), "2026年11月", "November 2026"),
        ("instant", (INSTANT,), "2026年11月23日 00:05", "23 Nov 2026, 00:05"),
        ("clock_time", (INSTANT,), "00:05", "00:05"),
        ("number", (12345,), "12,345", "12,345"),
        ("number", (-12,), "−12", "−12"),
        ("number", (Fraction(1, 3), 2), "0.33", "0.33"),
        ("signed", (12,), "+12", "+12"),
        ("signed", (0,), "0", "0"),
        ("signed", (-5,), "−5", "−5"),
        ("short_number", (9999,), "9,999", '<span title="9,999">10k</span>'),
        ("short_number", (123456,), '<span title="123,456">12.3万</span>', '<span title="123,456">123k</span>'),
        ("short_number", (-120000,), '<span title="−120,000">−12万</span>', '<span title="−120,000">−120k</span>'),
        ("money", (123450,), "¥1,234.50", "¥1,234.50"),
        ("money", (-123400,), "−¥1,234", "−¥1,234"),
        ("money", (5,), "¥0.05", "¥0.05"),
        (
            "short_money",
            (12_345_678_00,),
            '<span title="¥12,345,678">¥1,235万</span>',
            '<span title="¥12,345,678">¥12.3m</span>',
        ),
        ("percent", (Fraction(1, 8),), "12.5%", "12.5%"),
        ("percent", (0.8125, 0), "81%", "81%"),
        ("term", (Role.LEAD,), "地区经理", "regional lead"),
        ("period", ("2026",), "2026年", "2026"),
        ("period", ("2026-H2",), "2026年下半年", "H2 2026"),
        ("period", ("2026-Q4",), "2026年第4季度", "Q4 2026"),
        ("period", ("2026-11",), "2026年11月", "November 2026"),
        ("period", ("2026-W07",), "2026年第7周", "Week 7, 2026"),
        ("period", (Period.parse("2026-11-23"),), "2026年11月23日 周一", "Mon 23 Nov 2026"),
        ("days_of", (Period.parse("2026-W47"),), "11月16日 周一 – 11月22日 周日", "Mon 16 Nov – Sun 22 Nov"),
    ],
)
def test_a_value_looks_as_its_reader_writes_it(shown, name, arguments, chinese, english):
    assert shown(name, *arguments) == (chinese, english)


@pytest.mark.parametrize(
    "name",
    ["day", "instant", "clock_time", "number", "signed", "short_number", "money", "short_money", "percent", "term"],
)
def test_nothing_known_is_a_dash_and_never_a_zero(shown, name):
    assert shown(name, None) == ("–", "–")
