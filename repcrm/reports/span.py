"""The days a gap report looks at: its period, the longer one it lands in, and those it is compared with."""

from dataclasses import dataclass
from datetime import date

from repcrm.core.errors import BadInput
from repcrm.core.periods import Period, PeriodKind
from repcrm.core.words import N_
from repcrm.core.workdays import WorkCalendar
from repcrm.targets.attainment import RUN_RATE_DAYS

TRAIL = {PeriodKind.WEEK: 13, PeriodKind.MONTH: 12, PeriodKind.QUARTER: 8}
"""How many periods a report looks back on, its own included."""

HORIZON = {PeriodKind.WEEK: PeriodKind.MONTH, PeriodKind.MONTH: PeriodKind.QUARTER, PeriodKind.QUARTER: PeriodKind.YEAR}
"""A report is frozen when its period is over; what is left to be done lies in the next longer one."""

SOURCE_MEMORY_MONTHS = 3
"""A distributor that delivered within so many months is expected to deliver again."""


@dataclass(frozen=True)
class Span:
    """Everything a report has to look at, in days.

    period    what it reports
    horizon   the month a week ends in, the quarter of a month, the year of a quarter
    trail     the last 13 weeks, 12 months or 8 quarters, oldest first, the period itself last
    compared  for each of the trail the same period of the year before
    recent_on the first of the last 20 working days
    """

    period: Period
    horizon: Period
    trail: tuple[Period, ...]
    compared: tuple[Period, ...]
    recent_on: date

    @classmethod
    def of(cls, period: Period, calendar: WorkCalendar) -> "Span":
        """Lay out the report of a period.

        raises  BadInput for a kind of period that has no report
        """
        if period.kind not in TRAIL:
            raise BadInput(
                N_("There are reports of weeks, months and quarters, but %(period)s is none of these."),
                period=str(period),
            )
        trail = tuple(period.trail(TRAIL[period.kind]))
        return cls(
            period=period,
            horizon=Period.of(HORIZON[period.kind], period.to_on),
            trail=trail,
            compared=tuple(earlier.year_before() for earlier in trail),
            recent_on=calendar.start_of_last(RUN_RATE_DAYS, period.until_on),
        )

    @property
    def periods(self) -> list[Period]:
        """Every period whose figures are wanted, once each, oldest first."""
        return sorted({*self.trail, *self.compared})

    @property
    def months(self) -> list[Period]:
        """Every month whose targets are wanted, oldest first."""
        wanted = {month for period in [*self.periods, self.horizon] for month in period.months()}
        return sorted(wanted)

    @property
    def sliced_months(self) -> frozenset[Period]:
        """The months that must be cut into week slices; the others are wanted whole."""
        if self.period.kind is PeriodKind.WEEK:
            return frozenset(self.months)
        return frozenset(self.period.months())

    @property
    def memory_on(self) -> date:
        """A distributor that delivered on this day or later is expected to deliver again."""
        return self.period.months()[0].trail(SOURCE_MEMORY_MONTHS + 1)[0].from_on

    @property
    def flow_days(self) -> list[tuple[date, date]]:
        """The stretches of days whose flow is wanted, half-open, apart from each other.

        Flow of monthly sources is dated the first of its month, so the stretches begin with one.
        """
        first = min(self.recent_on, self.horizon.from_on, Period.of(PeriodKind.MONTH, self.recent_on).from_on)
        stretches = [(min(first, self.memory_on), self.period.until_on)]
        stretches += [(period.months()[0].from_on, period.until_on) for period in self.periods]
        joined: list[tuple[date, date]] = []
        for from_on, until_on in sorted(stretches):
            if joined and from_on <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(joined[-1][1], until_on))
            else:
                joined.append((from_on, until_on))
        return joined
