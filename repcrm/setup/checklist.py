"""The checklist of setting up: what is there, what is missing by name, and the first report that can be trusted."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from repcrm.core.periods import Period, PeriodKind
from repcrm.core.words import N_, Term


class Topic(Term):
    """What has to be set up, in the order in which it is best done."""

    CALENDAR = "calendar", N_("Working days")
    PEOPLE = "people", N_("Regions and people")
    PRODUCTS = "products", N_("Products and prices")
    ACCOUNTS = "accounts", N_("Hospitals and doctors")
    TERRITORIES = "territories", N_("Territories")
    TARGETS = "targets", N_("Targets")
    DISTRIBUTORS = "distributors", N_("Distributors")
    SALES = "sales", N_("Distributor sales")


class State(Term):
    """How far something has been set up."""

    DONE = "done", N_("done")
    PARTLY = "partly", N_("incomplete")
    MISSING = "missing", N_("not set up")


Value = str | int | date | Period


@dataclass(frozen=True)
class Finding:
    """One thing that is missing.

    message  English message; %(count)s and %(names)s are filled in from `names`
    names    of what lacks something, in the order of codes
    """

    topic: Topic
    message: str
    params: Mapping[str, Value] = field(default_factory=dict)
    names: Sequence[str] = ()


@dataclass(frozen=True)
class Count:
    """How many of something there are."""

    label: str
    number: int


@dataclass(frozen=True)
class Item:
    """One line of the checklist."""

    topic: Topic
    state: State
    counts: Sequence[Count]
    findings: Sequence[Finding]


@dataclass(frozen=True)
class Readiness:
    """From when on the gap reports of one length can be trusted.

    first      the earliest period for which everything is complete; None: there is none yet
    nearest    the period that lacks least: `first`, or else the one that `obstacles` are about
    obstacles  what `nearest` still lacks; empty where there is a first
    """

    kind: PeriodKind
    first: Period | None
    nearest: Period
    obstacles: Sequence[Finding] = ()


@dataclass(frozen=True)
class Checklist:
    """How far a company has been set up."""

    items: Sequence[Item]
    readiness: Sequence[Readiness]

    @property
    def done(self) -> int:
        """How many items are done."""
        return sum(item.state is State.DONE for item in self.items)

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing."""
        return self.done == len(self.items) and self.is_trusted

    @property
    def is_trusted(self) -> bool:
        """Whether there is a report that can be trusted."""
        return any(one.first is not None for one in self.readiness)


def item(topic: Topic, counts: Sequence[Count], findings: Sequence[Finding]) -> Item:
    """Judge one line: missing while nothing of it is there, incomplete while something is lacking."""
    if not any(count.number for count in counts):
        return Item(topic, State.MISSING, counts, findings)
    is_whole = not findings and all(count.number for count in counts)
    return Item(topic, State.DONE if is_whole else State.PARTLY, counts, findings)


def readiness(
    kind: PeriodKind, begins_on: date, today: date, lacks: Callable[[Period], Iterable[Finding]]
) -> Readiness:
    """Find the first period whose gap report can be trusted.

    begins_on  where to begin to look
    lacks      what a period lacks, found one by one: reading stops at the first where one is enough
    """
    running = Period.of(kind, today)
    period = Period.of(kind, min(begins_on, today))
    while period <= running:
        if next(iter(lacks(period)), None) is None:
            return Readiness(kind, period, period)
        period = period.next()
    last = running.previous()
    found = {one: list(lacks(one)) for one in (last, running)}
    nearest = min(found, key=lambda one: len(found[one]))
    return Readiness(kind, None, nearest, found[nearest])
