"""The demo company while it is being built: what is known of it so far, and what is still to happen."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from heapq import heappop, heappush
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from repcrm.accounts.models import Hospital
from repcrm.accounts.models import Session as DayPart
from repcrm.catalogue.models import Competitor, Product
from repcrm.core.periods import Period, PeriodKind
from repcrm.core.workdays import WorkCalendar
from repcrm.demo.facts import Facts, Row
from repcrm.organisation.access import Scope
from repcrm.organisation.models import Region, Territory, User
from repcrm.organisation.queries import scope_of

Say = Callable[[str], None]
Place = tuple[int, int]
"""A hospital and a product."""


@dataclass(frozen=True)
class Size:
    """How much of the company is built; its `months` are those before the running one."""

    reps: int
    hospitals: int
    doctors: int
    products: int
    months: int
    weeks_frozen: int
    months_frozen: int
    quarters_frozen: int
    fewest_calls: int
    most_calls: int


FULL = Size(
    reps=8, hospitals=40, doctors=1200, products=6, months=15, weeks_frozen=14, months_frozen=12, quarters_frozen=4,
    fewest_calls=5, most_calls=9,
)  # fmt: skip
SMALL = Size(
    reps=2, hospitals=4, doctors=40, products=3, months=4, weeks_frozen=2, months_frozen=0, quarters_frozen=0,
    fewest_calls=2, most_calls=3,
)  # fmt: skip


@dataclass
class Ward:
    """A department as the demo knows it."""

    department_id: int
    hospital_id: int
    name: str


@dataclass
class Person:
    """A doctor as the demo knows it: where they work today, and what they think of our products."""

    doctor_id: int
    hospital_id: int
    ward: Ward
    is_key: bool
    is_nurse: bool
    roster: tuple[tuple[int, DayPart], ...]
    leaning: dict[int, int] = field(default_factory=dict)
    """product -> rating they would give if asked"""
    ceiling: dict[int, int] = field(default_factory=dict)
    told: dict[int, int] = field(default_factory=dict)
    """product -> rating on file"""
    last_on: date | None = None
    """last called on"""


@dataclass(order=True)
class Happening:
    """Something that happens at an instant of the company's history."""

    at: datetime
    serial: int
    do: Callable[[], None] = field(compare=False)


@dataclass
class World:
    """Everything the builders share. Instants are in the business time zone: their date is the day.

    Doctors, departments and listings are known by their keys only: a session that holds thousands of rows is slow.
    """

    session: Session
    facts: Facts
    size: Size
    now: datetime
    zone: ZoneInfo
    say: Say
    calendar: WorkCalendar = field(init=False)
    region: Region = field(init=False)
    admin: User = field(init=False)
    lead: User = field(init=False)
    reps: list[User] = field(default_factory=list)
    territories: dict[str, Territory] = field(default_factory=dict)
    rep_of_territory: dict[str, User] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)
    competitors: dict[int, list[Competitor]] = field(default_factory=dict)
    hospitals: dict[str, Hospital] = field(default_factory=dict)
    hospital_rows: dict[int, Row] = field(default_factory=dict)
    wards: dict[int, list[Ward]] = field(default_factory=dict)
    people: list[Person] = field(default_factory=list)
    staff: dict[int, list[Person]] = field(default_factory=dict)
    """hospital -> doctors who work there now"""
    buying_from: dict[Place, date] = field(default_factory=dict)
    """when each hospital can first order each product; one that never can is not in it"""
    holder: dict[Place, User] = field(default_factory=dict)
    """who holds what now"""
    proposed: dict[int, int] = field(default_factory=dict)
    """target -> version of its split as handed in"""
    agenda: list[Happening] = field(default_factory=list)
    noted: int = 0

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def month(self) -> Period:
        """The running month."""
        return Period.of(PeriodKind.MONTH, self.today)

    @property
    def first_month(self) -> Period:
        """The first month of the company's history."""
        return self.month.trail(self.size.months + 1)[0]

    @property
    def begins_on(self) -> date:
        return self.first_month.from_on

    @property
    def departments_of(self) -> dict[str, list[str]]:
        """Product code -> departments that can use it."""
        return {row["code"]: row["departments"].split(";") for row in self.facts.products}

    def rng(self, *about: object) -> Random:
        """Chance that is the same every time for the same thing."""
        return Random("repcrm/" + "/".join(map(str, about)))

    def instant(self, day: date, hour: int, minute: int = 0) -> datetime:
        return datetime.combine(day, time(hour, minute), self.zone)

    def happens(self, at: datetime, do: Callable[[], None]) -> None:
        """Put something on the agenda, unless it is still to come."""
        if at <= self.now:
            self.noted += 1
            heappush(self.agenda, Happening(at, self.noted, do))

    def go_through(self) -> Iterator[datetime]:
        """Let everything on the agenda happen in its order; gives each instant before it comes."""
        while self.agenda:
            happening = heappop(self.agenda)
            yield happening.at
            happening.do()

    def scope(self, user: User, day: date) -> Scope:
        return scope_of(user, day)

    def phrase(self, chance: Random, kind: str, **words: str) -> str:
        """One of the seed's sentences of a kind."""
        return chance.choice(self.facts.phrases[kind]).format(**words)

    def working_days(self, from_on: date, until_on: date) -> list[date]:
        return self.calendar.days(from_on, until_on)

    def next_working_day(self, day: date) -> date:
        """The day itself if people work on it, else the next one on which they do."""
        while not self.calendar.is_working(day):
            day += timedelta(days=1)
        return day

    def months(self) -> list[Period]:
        """The months of history, oldest first, the running one last."""
        return self.month.trail(self.size.months + 1)
