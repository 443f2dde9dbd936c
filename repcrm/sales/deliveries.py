"""Deliveries of sales: which periods a distributor has reported, which are due, and how much usually comes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from repcrm.core.periods import Period, PeriodKind
from repcrm.core.words import N_, Term
from repcrm.sales.models import DeliveryRhythm

USUAL_OF = 3
"""The usual volume is the mean of so many delivered periods."""
KINDS = {DeliveryRhythm.WEEKLY: PeriodKind.WEEK, DeliveryRhythm.MONTHLY: PeriodKind.MONTH}
LOOKS_BACK = {DeliveryRhythm.WEEKLY: 10, DeliveryRhythm.MONTHLY: 6}
"""So many periods are looked at: of those that are missing, and of those that say what is usual."""


class DeliveryState(Term):
    """Where the sales of a period are."""

    DELIVERED = "delivered", N_("delivered")
    EXPECTED = "expected", N_("expected")
    MISSING = "missing", N_("not delivered")


@dataclass(frozen=True)
class Sender:
    """A distributor, as far as its deliveries go.

    due_day  ISO weekday of the week after, or day of the month after
    """

    id: int
    code: str
    name: str
    rhythm: DeliveryRhythm
    due_day: int


@dataclass(frozen=True)
class Arrival:
    """An import that replaced or added sales of a distributor.

    period    what it answers for
    last_on   the last day its lines speak of; None without lines
    counts    whether it counts now; one that was replaced still says when its period first arrived
    """

    period: Period
    last_on: date | None
    at: datetime
    counts: bool = True


@dataclass(frozen=True)
class Expectation:
    """The sales of one distributor and period, delivered or not.

    arrived_at   when the import that completed them was applied; None while they are not all there
    usual_packs  mean of the last three periods delivered before it
    """

    sender: Sender
    period: Period
    due_on: date
    state: DeliveryState
    arrived_at: datetime | None
    usual_packs: int


def due_on(sender: Sender, period: Period) -> date:
    """Return the last day on which the sales of a period are in time."""
    return period.until_on + timedelta(days=sender.due_day - 1)


def periods_until(sender: Sender, day: date) -> list[Period]:
    """Return the periods of a distributor's rhythm that had begun by a day, oldest first."""
    return Period.of(KINDS[sender.rhythm], day).trail(LOOKS_BACK[sender.rhythm])


def answered(arrival: Arrival, kind: PeriodKind) -> tuple[date, date]:
    """Return the days an import answers for, half-open.

    kind  of the distributor's periods

    An import no longer than those answers for all of its own period. A longer one, such as the month so far of a
    distributor that reports every week, answers up to the end of the week that its last line lies in.
    """
    first, until_on = arrival.period.from_on, arrival.period.until_on
    if until_on - first <= timedelta(days=7 if kind is PeriodKind.WEEK else 31):
        return first, until_on
    if arrival.last_on is None or arrival.last_on < first:
        return first, first
    return first, min(until_on, Period.of(kind, arrival.last_on).until_on)


def is_delivered(period: Period, arrivals: Iterable[Arrival]) -> bool:
    """Return whether imports together answer for every day of a period."""
    days = set(period.days())
    for arrival in arrivals:
        from_on, until_on = answered(arrival, period.kind)
        days -= {day for day in days if from_on <= day < until_on}
    return not days


def expect(
    sender: Sender, arrivals: Sequence[Arrival], packs: Mapping[date, int], as_of: date, known_by: date
) -> list[Expectation]:
    """Say of each period of a distributor whether it has been delivered, is expected or is missing.

    arrivals  its imports, of this and earlier periods
    packs     day -> packs sold, of all days looked back at
    as_of     periods that had begun by this day are looked at
    known_by  the day on which the question is asked: what was due before it and is not there is missing
    returns   the periods from the first one ever delivered, oldest first; of a distributor that has never delivered
              anything, only the newest one that is over
    """
    counting = [arrival for arrival in arrivals if arrival.counts]
    volumes: list[int] = []
    found: list[Expectation] = []
    for period in periods_until(sender, as_of):
        delivered = is_delivered(period, counting)
        if delivered or volumes:
            found.append(_expectation(sender, period, arrivals if delivered else (), known_by, _mean(volumes)))
        if delivered:
            volumes.append(sum(count for day, count in packs.items() if day in period))
    if not found:
        over = Period.of(KINDS[sender.rhythm], as_of).previous()
        found.append(_expectation(sender, over, (), known_by, 0))
    return found


def within(expectation: Expectation, from_on: date, until_on: date) -> int:
    """Return the part of a usual volume that falls on some days, in proportion to days, rounded half up.

    from_on, until_on  half-open
    """
    period = expectation.period
    shared = (min(until_on, period.until_on) - max(from_on, period.from_on)).days
    part = Fraction(expectation.usual_packs * max(shared, 0), (period.until_on - period.from_on).days)
    return int(part + Fraction(1, 2))


def _expectation(
    sender: Sender, period: Period, arrivals: Sequence[Arrival], known_by: date, usual_packs: int
) -> Expectation:
    due = due_on(sender, period)
    late = DeliveryState.MISSING if known_by > due else DeliveryState.EXPECTED
    state = DeliveryState.DELIVERED if arrivals else late
    return Expectation(sender, period, due, state, _arrived_at(period, arrivals), usual_packs)


def _arrived_at(period: Period, arrivals: Sequence[Arrival]) -> datetime | None:
    """When the imports so far first answered for the whole period."""
    in_order = sorted(arrivals, key=lambda arrival: arrival.at)
    for count in range(1, len(in_order) + 1):
        if is_delivered(period, in_order[:count]):
            return in_order[count - 1].at
    return None


def _mean(volumes: Sequence[int]) -> int:
    """The mean of the last volumes, rounded half up; 0 of none, and where returns outweigh them."""
    last = volumes[-USUAL_OF:]
    return max(0, int(Fraction(sum(last), len(last)) + Fraction(1, 2))) if last else 0
