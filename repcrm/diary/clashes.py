"""Whether two appointments are at the same time, for somebody who has to be at both."""

from datetime import date, time, timedelta
from typing import Protocol

from repcrm.diary.openings import Recurring, falls_on


class Timed(Recurring, Protocol):
    """An appointment with its hour; `rep_id` None is everybody's, `starts_at_time` None is some time of the part."""

    @property
    def rep_id(self) -> int | None: ...
    @property
    def part(self) -> str: ...
    @property
    def starts_at_time(self) -> time | None: ...
    @property
    def minutes(self) -> int: ...


def clash(one: Timed, other: Timed) -> bool:
    """Whether the same rep would have to be in two places: only where both hours are known."""
    if one.rep_id is not None and other.rep_id is not None and one.rep_id != other.rep_id:
        return False
    return _same_hour(one, other) and first_common_day(one, other) is not None


def first_common_day(one: Recurring, other: Recurring) -> date | None:
    """Return the first day that both are on; None if there is none: both repeat within a week of the later start."""
    begins = max(one.from_on, other.from_on)
    days = (begins + timedelta(days=n) for n in range(7))
    return next((day for day in days if falls_on(one, day) and falls_on(other, day)), None)


def _same_hour(one: Timed, other: Timed) -> bool:
    if one.starts_at_time is None or other.starts_at_time is None:
        return False
    begins, also = _minute(one.starts_at_time), _minute(other.starts_at_time)
    return begins < also + other.minutes and also < begins + one.minutes


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute
