"""The columns of the target grid and the sums under and beside it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto

from repcrm.core.apportion import apportion
from repcrm.core.periods import Period, PeriodKind
from repcrm.core.workdays import WorkCalendar
from repcrm.targets.cascade import WeekSlice, even, slice_month, slices_of, sum_of_months
from repcrm.targets.grid import Range


class ColumnKind(StrEnum):
    """What a column of the grid holds."""

    MONTH = auto()
    WEEK = auto()
    SUM = auto()
    TOTAL = auto()


@dataclass(frozen=True)
class Column:
    """A column of the grid.

    period  the month, the week, the quarter that is summed, or the whole period
    slice   of a week: the days it shares with its month
    """

    kind: ColumnKind
    period: Period
    slice: WeekSlice | None = None

    @property
    def months(self) -> list[Period]:
        """The months it shows or adds up."""
        return self.period.months()


def columns_of(period: Period, expanded: Period | None = None) -> list[Column]:
    """Return the columns of a period: months, a sum after each quarter, and the total.

    expanded  a month whose week slices are shown after it
    """
    columns: list[Column] = []
    months = period.months()
    for month in months:
        columns.append(Column(ColumnKind.MONTH, month))
        if month == expanded:
            columns += [Column(ColumnKind.WEEK, piece.week, piece) for piece in slices_of(month)]
        quarter = Period.of(PeriodKind.QUARTER, month.from_on)
        if len(months) > 3 and month.until_on == quarter.until_on:
            columns.append(Column(ColumnKind.SUM, quarter))
    if len(months) > 1:
        columns.append(Column(ColumnKind.TOTAL, period))
    return columns


def figures(columns: Sequence[Column], months: Mapping[Period, int], calendar: WorkCalendar) -> list[int | None]:
    """Return what stands in each column of a row, given its months.

    months   a month without a figure is not in it
    returns  None where there is nothing to add up
    """
    sliced: dict[WeekSlice, int] = {}
    for month in {column.slice.month for column in columns if column.slice}:
        if month in months:
            sliced |= slice_month(months[month], month, calendar)
    return [sliced.get(column.slice) if column.slice else sum_of_months(column.period, months) for column in columns]


def add_up(rows: Iterable[Mapping[Period, int]]) -> dict[Period, int]:
    """Return the sum of each month over all rows; a month that no row has is not in it."""
    sums: dict[Period, int] = {}
    for row in rows:
        for month, packs in row.items():
            sums[month] = sums.get(month, 0) + packs
    return sums


def value_of(months: Mapping[Period, int], prices: Mapping[Period, int]) -> int | None:
    """Return what packs are worth in fen, at the price valid on the first day of each month.

    returns  None if a month has packs but no price: half a sum would be a false one
    """
    if any(packs and month not in prices for month, packs in months.items()):
        return None
    return sum(packs * prices.get(month, 0) for month, packs in months.items())


def differences(asked: Sequence[int | None], assigned: Sequence[int | None]) -> list[int | None]:
    """Return what is still to be assigned in each column; None where nothing is asked."""
    return [None if wanted is None else wanted - (given or 0) for wanted, given in zip(asked, assigned, strict=True)]


def spread_range(whole: Range, weights: Mapping[Period, int]) -> dict[Period, Range]:
    """Spread a floor and a stretch over months so that both add up and no stretch falls below its floor.

    whole  of the period, its stretch not below its floor
    """
    weights = weights if any(weights.values()) else even(weights)
    floors = apportion(whole.floor_packs, weights)
    extras = apportion(whole.stretch_packs - whole.floor_packs, weights)
    return {month: Range(floors[month], floors[month] + extras[month]) for month in weights}
