"""The checklist: when a line is done, and which gap report is the first to be trusted."""

from datetime import date

import pytest

from repcrm.core.periods import Period, PeriodKind
from repcrm.setup.checklist import Count, Finding, State, Topic, item, readiness
from repcrm.setup.deliveries import Delivery, is_delivered
from repcrm.setup.words import Speech

TODAY = date(2026, 11, 25)
"""Wednesday of 2026-W48."""
GAP = Finding(Topic.TARGETS, "No targets")
WEEK = PeriodKind.WEEK


@pytest.mark.parametrize(
    ("counts", "findings", "state"),
    [
        ([0], [], State.MISSING),
        ([0, 0], [GAP], State.MISSING),
        ([3, 0], [], State.PARTLY),
        ([3, 2], [GAP], State.PARTLY),
        ([3, 2], [], State.DONE),
    ],
)
def test_a_line_is_missing_incomplete_or_done(counts, findings, state):
    assert item(Topic.TARGETS, [Count("", number) for number in counts], findings).state is state


def lacking(**gaps: int):
    """Weeks that lack so many things; the others lack nothing."""
    return lambda period: [GAP] * gaps.get(str(period).replace("-", "_"), 0)


def test_the_first_period_that_lacks_nothing_can_be_trusted():
    found = readiness(WEEK, date(2026, 11, 2), TODAY, lacking(**{"2026_W45": 2, "2026_W46": 1}))
    assert (found.first, found.nearest, found.obstacles) == (Period.parse("2026-W47"),) * 2 + ((),)


def test_a_gap_after_the_first_does_not_take_it_back():
    found = readiness(WEEK, date(2026, 11, 2), TODAY, lacking(**{"2026_W46": 1}))
    assert found.first == Period.parse("2026-W45")


def test_without_one_the_last_or_the_running_period_is_told_whichever_lacks_less():
    every = {f"2026_W{week}": 3 for week in (45, 46, 47, 48)}
    assert str(readiness(WEEK, date(2026, 11, 2), TODAY, lacking(**every)).nearest) == "2026-W47"
    found = readiness(WEEK, date(2026, 11, 2), TODAY, lacking(**{**every, "2026_W48": 2}))
    assert (found.first, str(found.nearest), len(found.obstacles)) == (None, "2026-W48", 2)


def test_plans_for_the_future_do_not_begin_the_search_there():
    assert readiness(WEEK, date(2027, 1, 1), TODAY, lacking()).first == Period.parse("2026-W48")


def delivery(from_on: str, until_on: str, applied_on: str) -> Delivery:
    return Delivery(*map(date.fromisoformat, (from_on, until_on, applied_on)))


DAYS = [date(2026, 11, day) for day in (16, 17, 18, 19, 20)]


@pytest.mark.parametrize(
    ("files", "whole"),
    [
        ([], False),
        ([("2026-11-01", "2026-12-01", "2026-11-23")], True),  # the month so far, sent on Monday
        ([("2026-11-01", "2026-12-01", "2026-11-21")], True),  # on Saturday: nobody delivers at the weekend
        ([("2026-11-01", "2026-12-01", "2026-11-20")], False),  # on Friday: Friday is not over
        ([("2026-11-16", "2026-11-18", "2026-12-01")], False),
        ([("2026-11-16", "2026-11-18", "2026-12-01"), ("2026-11-18", "2026-11-23", "2026-12-01")], True),
    ],
)
def test_a_week_is_delivered_when_each_working_day_was_over(files, whole):
    assert is_delivered([delivery(*file) for file in files], DAYS) is whole


def test_names_are_written_out_and_the_rest_is_counted():
    speech = Speech(lambda message: message)
    few = Finding(Topic.PRODUCTS, "Without: %(count)s (%(names)s)", names=["A", "B"])
    many = Finding(Topic.PRODUCTS, "Without: %(count)s (%(names)s)", names=list("ABCDEFGHIJ"))
    assert speech.finding(few) == "Without: 2 (A, B)"
    assert speech.finding(many) == "Without: 10 (A, B, C, D, E, F, G, H and 2 more)"
