"""The lines of the checklist: what is on file, and what it lacks today."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session

from repcrm.accounts.models import Department, Doctor, Hospital, HospitalStatus, Post
from repcrm.catalogue.models import Product, ProductPrice
from repcrm.core.periods import Period, PeriodKind
from repcrm.core.words import N_
from repcrm.db.base import Base
from repcrm.organisation.access import Role
from repcrm.organisation.calendar import years_on_file
from repcrm.organisation.models import Region, TerritoryAssignment, User
from repcrm.sales.models import Distributor
from repcrm.setup.checklist import Count, Finding, Item, Topic, item
from repcrm.setup.queries.periods import Periods
from repcrm.targets.models import HospitalTarget

AHEAD = timedelta(days=14)
"""A month that begins within so many days should have its targets by now."""


class Items:
    """The lines of the checklist as of a day."""

    def __init__(self, session: Session, today: date, periods: Periods) -> None:
        self.session, self.today, self.periods = session, today, periods

    def every(self) -> list[Item]:
        """Return every line, in order."""
        lines: dict[Topic, tuple[Callable[[], Sequence[Count]], Callable[[], Iterator[Finding]]]] = {
            Topic.CALENDAR: (self._years, self._calendar),
            Topic.PEOPLE: (self._count_people, self._people),
            Topic.PRODUCTS: (self._count_products, self._products),
            Topic.ACCOUNTS: (self._count_accounts, self._accounts),
            Topic.TERRITORIES: (self._count_territories, self._territories),
            Topic.TARGETS: (self._count_targets, self._targets),
            Topic.DISTRIBUTORS: (self._count_distributors, lambda: iter(())),
            Topic.SALES: (self._count_sales, self._sales),
        }
        return [item(topic, counts(), list(findings())) for topic, (counts, findings) in lines.items()]

    # --- working days -------------------------------------------------------------------------------------------------

    def _years(self) -> list[Count]:
        years = {year for countries in years_on_file(self.session).values() for year in countries}
        return [Count(N_("Years"), len(years))]

    def _calendar(self) -> Iterator[Finding]:
        yield from self.periods.undated(self.periods.begins_on(), self.today + AHEAD, also_provisional=True)

    # --- regions and people -------------------------------------------------------------------------------------------

    def _count_people(self) -> list[Count]:
        return [
            Count(N_("Regions"), self._count(Region)),
            Count(N_("Regional leads"), self._count(User, User.role == Role.LEAD, User.is_active)),
            Count(N_("Reps"), self._count(User, User.role == Role.REP, User.is_active)),
        ]

    def _people(self) -> Iterator[Finding]:
        topic = Topic.PEOPLE
        for role, message in (
            (Role.LEAD, N_("Regions without a lead: %(count)s (%(names)s)")),
            (Role.REP, N_("Regions without a rep: %(count)s (%(names)s)")),
        ):
            there = exists().where(User.region_id == Region.id, User.role == role, User.is_active)
            yield from self._lacking(topic, message, select(Region.name).where(~there).order_by(Region.code))
        waiting = select(User.name).where(User.is_active, User.password_hash.is_(None)).order_by(User.code)
        yield from self._lacking(topic, N_("People without a password: %(count)s (%(names)s)"), waiting)

    # --- products and prices ------------------------------------------------------------------------------------------

    def _count_products(self) -> list[Count]:
        priced = self._count(Product, Product.is_active, self._has_price())
        return [
            Count(N_("Products sold"), self._count(Product, Product.is_active)),
            Count(N_("with a price"), priced),
        ]

    def _products(self) -> Iterator[Finding]:
        wanted = select(Product.name).where(Product.is_active, ~self._has_price()).order_by(Product.code)
        message = N_("Products without a price on %(day)s: %(count)s (%(names)s)")
        yield from self._lacking(Topic.PRODUCTS, message, wanted, day=self.today)

    def _has_price(self) -> Any:
        return exists().where(ProductPrice.product_id == Product.id, ProductPrice.from_on <= self.today)

    # --- hospitals and doctors ----------------------------------------------------------------------------------------

    def _count_accounts(self) -> list[Count]:
        return [
            Count(N_("Hospitals"), self._count(Hospital, Hospital.status == HospitalStatus.ACTIVE)),
            Count(N_("Doctors"), self._count(Doctor, Doctor.is_active)),
        ]

    def _accounts(self) -> Iterator[Finding]:
        works_there = (
            exists()
            .where(
                Department.hospital_id == Hospital.id,
                Post.department_id == Department.id,
                Post.from_on <= self.today,
                or_(Post.until_on.is_(None), Post.until_on > self.today),
                Doctor.id == Post.doctor_id,
                Doctor.is_active,
            )
            .select_from(Post)
        )
        yield from self._by_region(
            Topic.ACCOUNTS, N_("Hospitals in %(region)s without a doctor: %(count)s (%(names)s)"), ~works_there
        )

    # --- territories --------------------------------------------------------------------------------------------------

    def _count_territories(self) -> list[Count]:
        held = select(TerritoryAssignment.hospital_id, TerritoryAssignment.territory_id).where(*self._holds_today())
        rows = self.session.execute(held.distinct()).all()
        return [
            Count(N_("Territories"), len({row[1] for row in rows})),
            Count(N_("Hospitals assigned"), len({row[0] for row in rows})),
        ]

    def _territories(self) -> Iterator[Finding]:
        a = TerritoryAssignment
        held = exists().where(a.hospital_id == Hospital.id, *self._holds_today())
        message = N_("Hospitals in %(region)s that belong to no territory: %(count)s (%(names)s)")
        yield from self._by_region(Topic.TERRITORIES, message, ~held)
        busy = exists().where(a.rep_id == User.id, *self._holds_today())
        idle = select(User.name).where(User.role == Role.REP, User.is_active, ~busy).order_by(User.code)
        yield from self._lacking(Topic.TERRITORIES, N_("Reps without a territory: %(count)s (%(names)s)"), idle)

    def _holds_today(self) -> tuple[Any, Any]:
        a = TerritoryAssignment
        return a.from_on <= self.today, or_(a.until_on.is_(None), a.until_on > self.today)

    # --- targets ------------------------------------------------------------------------------------------------------

    def _count_targets(self) -> list[Count]:
        month = Period.of(PeriodKind.MONTH, self.today)
        wanted = select(func.count(func.distinct(HospitalTarget.hospital_id)))
        asked = self.session.scalar(wanted.where(HospitalTarget.month_on == month.from_on))
        return [Count(N_("Hospitals with a target this month"), asked or 0)]

    def _targets(self) -> Iterator[Finding]:
        months = {Period.of(PeriodKind.MONTH, day) for day in (self.today, self.today + AHEAD)}
        for month in sorted(months):
            yield from self.periods.without_targets(month)

    # --- distributors and sales ---------------------------------------------------------------------------------------

    def _count_distributors(self) -> list[Count]:
        return [Count(N_("Distributors"), self._count(Distributor, Distributor.is_active))]

    def _count_sales(self) -> list[Count]:
        return [Count(N_("Files applied"), sum(map(len, self.periods.deliveries.values())))]

    def _sales(self) -> Iterator[Finding]:
        silent = [name for name in self.periods.expected if name not in self.periods.deliveries]
        if silent:
            message = N_("Distributors that have not delivered any sales: %(count)s (%(names)s)")
            yield Finding(Topic.SALES, message, names=silent)
        month = Period.of(PeriodKind.MONTH, self.today).previous()
        if self.periods.begins_on() < month.until_on:
            late = [name for name in self.periods.late(month) if name not in silent]
            if late:
                message = N_("Distributors whose sales for %(period)s are not complete: %(count)s (%(names)s)")
                yield Finding(Topic.SALES, message, {"period": month}, late)

    # --- how it is read -----------------------------------------------------------------------------------------------

    def _count(self, model: type[Base], *which: Any) -> int:
        return self.session.scalar(select(func.count()).select_from(model).where(*which)) or 0

    def _lacking(self, topic: Topic, message: str, wanted: Select[str], **params: Any) -> Iterator[Finding]:
        names = list(self.session.scalars(wanted))
        if names:
            yield Finding(topic, message, params, names)

    def _by_region(self, topic: Topic, message: str, *which: Any) -> Iterator[Finding]:
        """A finding for each region with active hospitals that fit."""
        wanted = (
            select(Region.name, Hospital.name)
            .join(Hospital, Hospital.region_id == Region.id)
            .where(Hospital.status == HospitalStatus.ACTIVE, *which)
            .order_by(Region.code, Hospital.code)
        )
        by_region: dict[str, list[str]] = {}
        for region, hospital in self.session.execute(wanted):
            by_region.setdefault(region, []).append(hospital)
        for region, names in by_region.items():
            yield Finding(topic, message, {"region": region}, names)
