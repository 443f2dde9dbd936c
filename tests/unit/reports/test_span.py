"""What days a report looks at, and the price of a day."""

from datetime import date

import pytest

from repcrm.catalogue.prices import Prices
from repcrm.core.errors import BadInput
from repcrm.core.periods import Period
from repcrm.core.workdays import WorkCalendar
from repcrm.organisation.shipped import shipped_days
from repcrm.reports.span import Span

CALENDAR = WorkCalendar(shipped_days("CN"))


def span(period: str) -> Span:
    return Span.of(Period.parse(period), CALENDAR)


@pytest.mark.parametrize(
    ("period", "horizon", "first", "first_compared", "recent_on"),
    [
        # 20 working days before Monday 23 November: back to Monday 26 October.
        ("2026-W47", "2026-11", "2026-W35", "2025-W35", date(2026, 10, 26)),
        # A week that ends in December lands in December.
        ("2026-W49", "2026-12", "2026-W37", "2025-W37", date(2026, 11, 9)),
        # 20 working days before 1 November, with National Day and its make-up Saturday in between: 18 in October.
        ("2026-10", "2026-Q4", "2025-11", "2024-11", date(2026, 9, 29)),
        # September has 22 working days, so all but the first two.
        ("2026-Q3", "2026", "2024-Q4", "2023-Q4", date(2026, 9, 3)),
    ],
)
def test_a_span_reaches_forward_and_back(period, horizon, first, first_compared, recent_on):
    found = span(period)
    assert str(found.horizon) == horizon
    assert (str(found.trail[0]), str(found.compared[0])) == (first, first_compared)
    assert str(found.trail[-1]) == period
    assert found.recent_on == recent_on


def test_flow_is_read_in_few_stretches_that_hold_every_day_needed():
    for period in ("2026-W01", "2026-W47", "2026-10", "2026-Q3"):
        found = span(period)
        stretches = found.flow_days
        assert len(stretches) <= 2
        for one in found.periods:
            assert any(start <= one.months()[0].from_on and one.until_on <= end for start, end in stretches)
        assert any(start <= found.recent_on.replace(day=1) for start, _ in stretches)
        assert stretches[-1][1] == found.period.until_on, "nothing that came later counts"


def test_only_a_report_s_own_months_are_cut_where_months_are_compared():
    assert {str(month) for month in span("2026-Q3").sliced_months} == {"2026-07", "2026-08", "2026-09"}
    assert span("2026-W47").sliced_months == frozenset(span("2026-W47").months)


def test_there_are_no_reports_of_days_and_years():
    for period in ("2026", "2026-H2", "2026-11-23"):
        with pytest.raises(BadInput):
            span(period)


def test_a_price_holds_until_the_next_one():
    prices = Prices([(1, date(2026, 7, 1), 6000), (1, date(2026, 1, 1), 5000), (2, date(2026, 1, 1), 1)])
    assert [prices.on(1, day) for day in (date(2025, 12, 31), date(2026, 6, 30), date(2026, 7, 1))] == [
        None,
        5000,
        6000,
    ]
    assert prices.worth(3, 1, date(2026, 8, 1)) == 18_000
    assert prices.worth(3, 1, date(2025, 8, 1)) == prices.worth(3, 9, date(2026, 8, 1)) == 0
