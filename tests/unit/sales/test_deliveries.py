"""Deliveries by hand: what an import answers for, what is due, and what is usual."""

from datetime import UTC, date, datetime, timedelta

import pytest

from repcrm.core.periods import Period, PeriodKind
from repcrm.sales.deliveries import Arrival, DeliveryState, Expectation, Sender, answered, due_on, expect, within
from repcrm.sales.models import DeliveryRhythm

MONTHLY = Sender(1, "DC1", "北岸", DeliveryRhythm.MONTHLY, due_day=5)
WEEKLY = Sender(2, "DC2", "澄江", DeliveryRhythm.WEEKLY, due_day=2)
AT = datetime(2026, 11, 2, 1, tzinfo=UTC)


def arrival(period: str, last_on: date | None = None, at: datetime = AT, counts: bool = True) -> Arrival:
    return Arrival(Period.parse(period), last_on, at, counts)


def states(sender: Sender, arrivals: list[Arrival], as_of: date, known_by: date) -> dict[str, str]:
    return {str(one.period): one.state.value for one in expect(sender, arrivals, {}, as_of, known_by)}


def test_a_month_is_due_on_its_day_of_the_next_and_a_week_on_its_weekday() -> None:
    assert due_on(MONTHLY, Period.parse("2026-11")) == date(2026, 12, 5)
    assert due_on(WEEKLY, Period.parse("2026-W47")) == date(2026, 11, 24)  # the Tuesday after


@pytest.mark.parametrize(
    ("period", "last_on", "until_on"),
    [
        ("2026-W47", None, date(2026, 11, 23)),  # its own period, even without a line: nothing was sold
        ("2026-11", date(2026, 11, 18), date(2026, 11, 23)),  # the month so far: up to the end of W47
        ("2026-11", date(2026, 11, 30), date(2026, 12, 1)),  # not beyond its own end
        ("2026-11", None, date(2026, 11, 1)),
        ("2026-11", date(2026, 10, 9), date(2026, 11, 1)),  # only late lines
    ],
)
def test_of_a_weekly_distributor_a_longer_file_answers_up_to_the_week_of_its_last_line(
    period: str, last_on: date | None, until_on: date
) -> None:
    assert answered(arrival(period, last_on), PeriodKind.WEEK)[1] == until_on


def test_a_month_of_a_monthly_distributor_is_delivered_by_its_file_by_its_weeks_or_by_the_quarter() -> None:
    october = [arrival("2026-10")]
    # W44 begins on 26 October; W45 to W48 are 2 to 29 November, W49 begins on the 30th
    weeks = [arrival(f"2026-W{week}") for week in (44, 45, 46, 47, 48, 49)]
    as_of, known_by = date(2026, 11, 30), date(2026, 12, 31)
    assert states(MONTHLY, [*october, arrival("2026-11")], as_of, known_by)["2026-11"] == "delivered"
    assert states(MONTHLY, [*october, *weeks], as_of, known_by)["2026-11"] == "delivered"
    assert states(MONTHLY, [*october, *weeks[:-1]], as_of, known_by)["2026-11"] == "missing"
    assert states(MONTHLY, [arrival("2026-Q4", date(2026, 11, 3))], as_of, known_by)["2026-11"] == "delivered"
    assert states(MONTHLY, [arrival("2026-Q4", date(2026, 10, 3))], as_of, known_by)["2026-11"] == "missing"


def test_a_period_is_missing_only_from_the_day_after_it_was_due() -> None:
    arrivals, as_of = [arrival("2026-10")], date(2026, 11, 22)
    assert states(MONTHLY, arrivals, as_of, date(2026, 11, 23)) == {"2026-10": "delivered", "2026-11": "expected"}
    assert states(MONTHLY, arrivals, as_of, date(2026, 12, 5))["2026-11"] == "expected"
    assert states(MONTHLY, arrivals, as_of, date(2026, 12, 6))["2026-11"] == "missing"


def test_an_import_that_was_replaced_no_longer_delivers_but_says_when_the_period_first_arrived() -> None:
    first = arrival("2026-11", date(2026, 11, 20), at=AT, counts=False)
    later = arrival("2026-11", date(2026, 11, 27), at=AT + timedelta(days=7))
    found = {str(one.period): one for one in expect(WEEKLY, [first, later], {}, date(2026, 11, 29), date(2026, 12, 9))}
    assert (found["2026-W47"].arrived_at, found["2026-W48"].arrived_at) == (AT, AT + timedelta(days=7))
    assert states(WEEKLY, [first], date(2026, 11, 29), date(2026, 12, 9)) == {"2026-W47": "missing"}


def test_the_usual_volume_is_the_mean_of_the_last_three_delivered_periods() -> None:
    packs = {
        date(2026, 6, 3): 900, date(2026, 7, 3): 100, date(2026, 8, 3): 150, date(2026, 8, 31): 25,
        date(2026, 10, 5): 76, date(2026, 9, 1): 7,
    }  # fmt: skip
    arrivals = [arrival(month) for month in ("2026-06", "2026-07", "2026-08", "2026-10")]
    found = {str(one.period): one for one in expect(MONTHLY, arrivals, packs, date(2026, 11, 30), date(2026, 12, 31))}
    # September never came: (900 + 100 + 175) / 3 = 391.67. November: (100 + 175 + 76) / 3 = 117, without its 7 packs.
    assert (found["2026-09"].state, found["2026-09"].usual_packs) == (DeliveryState.MISSING, 392)
    assert (found["2026-11"].state, found["2026-11"].usual_packs) == (DeliveryState.MISSING, 117)
    assert found["2026-06"].usual_packs == 0


def test_a_distributor_that_has_never_delivered_owes_the_newest_period_that_is_over() -> None:
    assert states(MONTHLY, [], date(2026, 11, 23), date(2026, 11, 23)) == {"2026-10": "missing"}
    assert states(WEEKLY, [], date(2026, 11, 23), date(2026, 11, 23)) == {"2026-W47": "expected"}


def test_a_week_has_its_days_share_of_a_months_usual_volume() -> None:
    november = Period.parse("2026-11")
    usual = Expectation(MONTHLY, november, date(2026, 12, 5), DeliveryState.EXPECTED, None, usual_packs=100)
    week, edge = Period.parse("2026-W47"), Period.parse("2026-W49")
    assert within(usual, week.from_on, week.until_on) == 23  # 100 x 7 / 30 = 23.3
    assert within(usual, edge.from_on, edge.until_on) == 3  # one day: 3.3
    assert within(usual, november.from_on, november.until_on) == 100
    assert within(usual, date(2026, 12, 7), date(2026, 12, 14)) == 0
