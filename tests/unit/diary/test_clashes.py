"""Two appointments at the same hour."""

from dataclasses import dataclass, replace
from datetime import date, time

import pytest

from repcrm.diary.clashes import clash, first_common_day

MONDAY, TUESDAY, NEXT_MONDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 30)


@dataclass
class Meeting:
    """Half past eight for half an hour, every Monday, everybody."""

    rep_id: int | None = None
    weekday: int | None = 1
    from_on: date = MONDAY
    until_on: date | None = None
    part: str = "am"
    starts_at_time: time | None = time(8, 30)
    minutes: int = 30


EVERY = Meeting()
ONCE = Meeting(weekday=None, from_on=NEXT_MONDAY, until_on=date(2026, 12, 1))


@pytest.mark.parametrize(
    "other",
    [
        EVERY,
        ONCE,
        replace(ONCE, rep_id=4),
        replace(ONCE, starts_at_time=time(8), minutes=31),
        replace(ONCE, starts_at_time=time(8, 59)),
    ],
)
def test_they_clash(other):
    assert clash(EVERY, other)
    assert clash(other, EVERY)


@pytest.mark.parametrize(
    "other",
    [
        replace(ONCE, starts_at_time=time(9)),
        replace(ONCE, starts_at_time=time(8), minutes=30),
        replace(ONCE, starts_at_time=None),
        replace(EVERY, weekday=2),
        replace(ONCE, from_on=TUESDAY, until_on=date(2026, 11, 25)),
        replace(EVERY, from_on=date(2026, 1, 1), until_on=MONDAY),
    ],
)
def test_they_do_not(other):
    assert not clash(EVERY, other)
    assert not clash(other, EVERY)


def test_two_reps_may_each_have_something_at_one_hour():
    assert not clash(replace(EVERY, rep_id=4), replace(EVERY, rep_id=5))


def test_the_first_day_that_both_are_on():
    assert first_common_day(replace(EVERY, from_on=date(2026, 1, 1)), replace(EVERY, from_on=TUESDAY)) == NEXT_MONDAY
