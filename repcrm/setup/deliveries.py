"""Which days of sales a distributor has delivered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Delivery:
    """A file of sales that counts.

    from_on, until_on  the days it answers for, half-open
    applied_on         the day it was applied: of that day and later ones it cannot know everything
    """

    from_on: date
    until_on: date
    applied_on: date

    def __contains__(self, day: date) -> bool:
        return self.from_on <= day < min(self.until_on, self.applied_on)


def is_delivered(deliveries: Iterable[Delivery], working_days: Iterable[date]) -> bool:
    """Whether the sales of some working days have all been delivered; days off bring no sales to wait for."""
    files = list(deliveries)
    return all(any(day in file for file in files) for day in working_days)
