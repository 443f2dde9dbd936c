"""The cycle of call planning: four weeks from a Monday, one after the other without a gap."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from repcrm.core.errors import BadInput
from repcrm.core.words import N_
from repcrm.core.workdays import WorkCalendar

ANCHOR = date(2026, 11, 2)
"""The Monday on which one of the cycles begins; all others lie whole cycles before or after it."""
WEEKS = 4
DAYS = timedelta(weeks=WEEKS)
WEEK = timedelta(weeks=1)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, order=True)
class Cycle:
    """Four weeks of planning.

    start_on  a Monday, a whole number of cycles from the anchor
    raises    BadInput for any other day
    """

    start_on: date

    def __post_init__(self) -> None:
        """Refuse a day on which no cycle begins."""
        if (self.start_on - ANCHOR).days % DAYS.days:
            raise BadInput(N_("No cycle begins on %(day)s."), field="start_on", day=self.start_on.isoformat())

    @classmethod
    def of(cls, day: date) -> "Cycle":
        """The cycle a day lies in."""
        return cls(day - timedelta(days=(day - ANCHOR).days % DAYS.days))

    @property
    def until_on(self) -> date:
        """The day after its last."""
        return self.start_on + DAYS

    @property
    def last_on(self) -> date:
        """Its last day, a Sunday."""
        return self.until_on - ONE_DAY

    @property
    def next(self) -> "Cycle":
        """The cycle that follows."""
        return Cycle(self.until_on)

    @property
    def previous(self) -> "Cycle":
        """The cycle before."""
        return Cycle(self.start_on - DAYS)

    @property
    def mondays(self) -> tuple[date, ...]:
        """The first days of its weeks."""
        return tuple(self.start_on + week * WEEK for week in range(WEEKS))

    def __contains__(self, day: date) -> bool:
        """Whether a day lies in it."""
        return self.start_on <= day < self.until_on

    def week_of(self, day: date) -> int:
        """The number of the week a day lies in, from 0."""
        return (day - self.start_on).days // 7

    def days(self) -> list[date]:
        """All its days, in order."""
        return [self.start_on + n * ONE_DAY for n in range(DAYS.days)]

    def working_days(self, calendar: WorkCalendar) -> list[date]:
        """The days of it that are worked: those a plan can use."""
        return calendar.days(self.start_on, self.until_on)

    def shown_days(self, calendar: WorkCalendar) -> list[list[date]]:
        """Its days week by week: Monday to Friday, and a weekend day that is worked."""
        return [
            [day for n in range(7) if (day := monday + n * ONE_DAY).weekday() < 5 or calendar.is_working(day)]
            for monday in self.mondays
        ]


def spacing_in_days_worked(days: Sequence[date], calendar_days: int) -> int:
    """How many working days on one has to go, from any of them, to be so many calendar days later at least.

    days  working days, ascending
    """
    for step in range(1, len(days)):
        if all((later - day).days >= calendar_days for day, later in zip(days, days[step:], strict=False)):
            return step
    return max(1, len(days))
