"""Lines of distributor sales and stock, and the days they may stand on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from repcrm.core.errors import RuleBroken
from repcrm.core.periods import Period, PeriodKind
from repcrm.core.words import N_
from repcrm.sales.models import FlowGrain


@dataclass(frozen=True, slots=True)
class Delivery:
    """A line of distributor sales.

    on         the day; of a month, its first day
    packs      negative for a return
    value_fen  as the source says; None: packs x the price of the day
    document   number of the delivery note, if known
    chain      the sub-distributor that delivered, as the file spells it
    """

    hospital_id: int
    product_id: int
    on: date
    packs: int
    value_fen: int | None = None
    grain: FlowGrain = FlowGrain.DAY
    document: str = ""
    chain: str = ""


@dataclass(frozen=True, slots=True)
class StockSeen:
    """Packs in stock at the end of a day.

    hospital_id  whose stock it is; None: the distributor's own
    """

    hospital_id: int | None
    product_id: int
    on: date
    packs: int


def last_day(on: date, grain: FlowGrain) -> date:
    """Return the last day a line speaks of: the day itself, or the end of its month."""
    return on if grain is FlowGrain.DAY else Period.of(PeriodKind.MONTH, on).to_on


def check_days(lines: Iterable[Delivery], period: Period, *, late: bool) -> None:
    """Refuse lines that the file of a period cannot hold.

    late    whether lines of days before the period are allowed: late returns and corrections
    raises  RuleBroken naming the first day outside the period
    """
    for on, grain in {(line.on, line.grain) for line in lines}:
        if grain is FlowGrain.MONTH and on.day != 1:
            raise RuleBroken(N_("A line for a month stands on its first day."))
        last_on = last_day(on, grain)
        if not (on in period and last_on in period) and not (late and last_on < period.from_on):
            raise RuleBroken(N_("%(day)s does not lie in %(period)s."), day=on.isoformat(), period=str(period))
