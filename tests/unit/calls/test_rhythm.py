"""Who has gone longer without a call than the rhythm of the tier allows."""

from datetime import date, timedelta

import pytest

from repcrm.calls.rhythm import RHYTHM_DAYS, Due, count_due, is_due

TODAY = date(2026, 11, 23)


def days_ago(days):
    return TODAY - timedelta(days=days)


def test_the_rhythm_is_the_cycle_over_the_calls_it_is_to_hold():
    assert RHYTHM_DAYS == {"key": 4, "general": 14}  # 28 / 8 = 3.5, rounded up; 28 / 2


@pytest.mark.parametrize(
    ("tier", "last_on", "due"),
    [
        ("key", days_ago(3), False),
        ("key", days_ago(4), True),
        ("general", days_ago(13), False),
        ("general", days_ago(14), True),
        ("general", TODAY, False),
        ("key", None, True),
    ],
)
def test_due(tier, last_on, due):
    assert is_due(tier, last_on, TODAY) is due


def test_a_hospital_is_counted_by_tier():
    doctors = [("key", days_ago(5)), ("key", days_ago(1)), ("general", days_ago(5)), ("general", None)]
    found = count_due(doctors, TODAY)
    assert found == Due(key=2, key_due=1, general=2, general_due=1, last_call_on=days_ago(1))
    assert (found.due, found.doctors) == (2, 4)


def test_a_hospital_without_doctors():
    assert count_due([], TODAY) == Due()
