"""What a period lacks before its gap report can be trusted: working days, territories, targets, prices, sales."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta, tzinfo
from functools import cached_property
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select, union
from sqlalchemy.orm import Session, aliased

from repcrm.accounts.models import Hospital
from repcrm.catalogue.models import Product, ProductPrice
from repcrm.core.clock import day_of
from repcrm.core.periods import Period, PeriodKind, slices
from repcrm.core.words import N_
from repcrm.core.workdays import Doubt, WorkCalendar, YearState
from repcrm.organisation.calendar import work_calendar
from repcrm.organisation.models import Region, Territory, TerritoryAssignment
from repcrm.sales.models import BatchStatus, Distributor, FlowLine, ImportBatch, ImportKind
from repcrm.setup.checklist import Finding, Topic
from repcrm.setup.deliveries import Delivery, is_delivered
from repcrm.targets.models import HospitalTarget

LOOK_BACK = timedelta(days=183)
"""How far back the first trusted report is looked for: older ones are history by now."""
MOST_NAMED = 500
"""Hospitals that a statement names one by one; with more, it asks about all."""


class Periods:
    """What periods lack, as of a day; what several of them ask is read once."""

    def __init__(self, session: Session, today: date, zone: tzinfo) -> None:
        self.session, self.today, self.zone = session, today, zone
        self._unheld_of: dict[Period, Sequence[Any]] = {}

    def begins_on(self) -> date:
        """The first day of targets or sales, not longer ago than anybody looks; today where there are none."""
        first_target = self.session.scalar(select(func.min(HospitalTarget.month_on)))
        days = [file.from_on for files in self.deliveries.values() for file in files]
        known = [day for day in (first_target, *days) if day is not None]
        return max(min(known, default=self.today), self.today - LOOK_BACK)

    def lacks(self, period: Period) -> Iterator[Finding]:
        """Find what a period lacks, what is known already first."""
        yield from self._calendar(period)
        yield from self._sales(period)
        yield from self._holders(period)
        yield from self._targets(period)
        yield from self._prices(period)

    # --- known once for all -------------------------------------------------------------------------------------------

    @cached_property
    def calendars(self) -> dict[str, WorkCalendar]:
        """Region -> its working days; those of the company's country while there is no region."""
        regions: dict[str, int | None] = dict(
            self.session.execute(select(Region.name, Region.id).order_by(Region.code)).all()
        )
        return {name: work_calendar(self.session, region_id) for name, region_id in (regions or {"": None}).items()}

    def undated(self, from_on: date, to_on: date, *, also_provisional: bool = False) -> Iterator[Finding]:
        """Find the years among some days whose working days are missing, or not announced yet, in some region."""
        doubts: dict[Doubt, list[str]] = {}
        for region, calendar in self.calendars.items():
            for doubt in calendar.doubts(from_on, to_on):
                if doubt.state is YearState.MISSING or also_provisional:
                    doubts.setdefault(doubt, []).append(region)
        for doubt, regions in sorted(doubts.items()):
            yield Finding(Topic.CALENDAR, doubt.message, {"year": str(doubt.year)}, regions)

    @cached_property
    def expected(self) -> list[str]:
        """The distributors that deliver, by name."""
        names = select(Distributor.name).where(Distributor.is_active).order_by(Distributor.code)
        return list(self.session.scalars(names))

    @cached_property
    def deliveries(self) -> dict[str, list[Delivery]]:
        """Distributor -> its files of sales that count."""
        batch = ImportBatch
        wanted = (
            select(Distributor.name, batch.period, batch.applied_at)
            .join(Distributor, Distributor.id == batch.distributor_id)
            .where(batch.kind == ImportKind.FLOW, batch.status == BatchStatus.APPLIED, batch.applied_at.is_not(None))
        )
        found: dict[str, list[Delivery]] = {}
        rows: Any = self.session.execute(wanted)
        for name, text, applied_at in rows:
            period = Period.parse(text)
            file = Delivery(period.from_on, period.until_on, day_of(applied_at, self.zone))
            found.setdefault(name, []).append(file)
        return found

    @cached_property
    def _with_targets(self) -> set[tuple[int, date]]:
        """Regions and the months that they have targets of."""
        wanted = select(Hospital.region_id, HospitalTarget.month_on).join(HospitalTarget.hospital).distinct()
        return {(row[0], row[1]) for row in self.session.execute(wanted)}

    # --- what a period lacks ------------------------------------------------------------------------------------------

    def _calendar(self, period: Period) -> Iterator[Finding]:
        yield from self.undated(period.from_on, period.to_on)

    def _sales(self, period: Period) -> Iterator[Finding]:
        if not self.expected:
            yield Finding(Topic.SALES, N_("No distributor sales for %(period)s."), {"period": period})
        late = self.late(period)
        if late:
            message = N_("Distributors whose sales for %(period)s are not complete: %(count)s (%(names)s)")
            yield Finding(Topic.SALES, message, {"period": period}, late)

    def late(self, period: Period) -> list[str]:
        """The distributors whose sales of a period have not all been delivered."""
        days = {day for calendar in self.calendars.values() for day in calendar.days(period.from_on, period.until_on)}
        return [name for name in self.expected if not is_delivered(self.deliveries.get(name, ()), days)]

    def _holders(self, period: Period) -> Iterator[Finding]:
        if not self._regions_held(period):
            yield Finding(Topic.TERRITORIES, N_("No rep has a territory in %(period)s."), {"period": period})
            return
        names = self._without_rep(period)
        if names:
            message = N_("Targets or sales without a rep in %(period)s: %(count)s (%(names)s)")
            yield Finding(Topic.TERRITORIES, message, {"period": period}, names)

    def _without_rep(self, period: Period) -> list[str]:
        """The hospitals x products with targets or sales that nobody holds on some day of a period.

        Whoever lacks a rep in a week lacks one in its month: months are asked first, and remembered.
        """
        if period.kind is PeriodKind.MONTH:
            return self._names(self._unheld(period))
        suspects = {row.hospital_id for month in period.months() for row in self._unheld(month)}
        if not suspects:
            return []
        only = [Hospital.id.in_(suspects)] if len(suspects) <= MOST_NAMED else []
        return self._names(self._rows(_places(period), _is_not_held_throughout(period), *only))

    def _unheld(self, month: Period) -> Sequence[Any]:
        if month not in self._unheld_of:
            self._unheld_of[month] = self._rows(_places(month), _is_not_held_throughout(month))
        return self._unheld_of[month]

    def without_targets(self, month: Period) -> Iterator[Finding]:
        """Find the regions in which reps work in a month that has no targets at all."""
        regions = self._regions_held(month)
        lacking = [name for region_id, name in regions.items() if (region_id, month.from_on) not in self._with_targets]
        if lacking:
            message = N_("Regions without targets for %(period)s: %(count)s (%(names)s)")
            yield Finding(Topic.TARGETS, message, {"period": month}, lacking)

    def _targets(self, period: Period) -> Iterator[Finding]:
        for month in period.months():
            yield from self.without_targets(month)
        for piece in slices(period):
            sold = _sold(piece.from_on, piece.until_on)
            names = self._names(self._rows(sold, _has_no_target(piece.month.from_on)))
            if names:
                message = N_("Sales without a target for %(period)s: %(count)s (%(names)s)")
                yield Finding(Topic.TARGETS, message, {"period": piece.month}, names)

    def _prices(self, period: Period) -> Iterator[Finding]:
        used = _places(period).subquery()
        priced = exists().where(ProductPrice.product_id == Product.id, ProductPrice.from_on <= period.from_on)
        unpriced = select(Product.id, Product.name).where(~priced).order_by(Product.code)
        lacking = self.session.execute(unpriced).all()
        if not lacking:
            return
        ids = set(self.session.scalars(select(used.c.product_id).distinct()))
        names = [name for product_id, name in lacking if product_id in ids]
        if names:
            message = N_("Products without a price on %(day)s: %(count)s (%(names)s)")
            yield Finding(Topic.PRODUCTS, message, {"day": period.from_on}, names)

    def _regions_held(self, period: Period) -> dict[int, str]:
        """Region -> name, of those in which a rep holds something in a period."""
        a = TerritoryAssignment
        held = (
            select(Territory.region_id)
            .join(a, a.territory_id == Territory.id)
            .where(a.from_on < period.until_on, or_(a.until_on.is_(None), a.until_on > period.from_on))
        )
        wanted = select(Region.id, Region.name).where(Region.id.in_(held)).order_by(Region.code)
        return dict(self.session.execute(wanted).all())

    def _rows(self, places: Any, *which: ColumnElement[bool]) -> Sequence[Any]:
        """Those of some places that fit, with the names of hospital and product, in the order of codes."""
        these = places.subquery()
        wanted = (
            select(these.c.hospital_id, Hospital.name.label("hospital"), Product.name.label("product"))
            .select_from(these)
            .join(Hospital, Hospital.id == these.c.hospital_id)
            .join(Product, Product.id == these.c.product_id)
            .where(*which)
            .order_by(Hospital.code, Product.code)
        )
        return self.session.execute(wanted).all()

    def _names(self, rows: Sequence[Any]) -> list[str]:
        """Name the places of some rows: hospital: product, product."""
        return [
            f"{hospital}: {', '.join(row.product for row in group)}"
            for hospital, group in groupby(rows, key=lambda row: row.hospital)
        ]


def _sold(from_on: date, until_on: date) -> Any:
    """Hospitals x products with sales on some days."""
    line = FlowLine
    counting = exists().where(ImportBatch.id == line.batch_id, ImportBatch.status == BatchStatus.APPLIED)
    wanted = select(line.hospital_id.label("hospital_id"), line.product_id.label("product_id"))
    return wanted.where(counting, line.on >= from_on, line.on < until_on).distinct()


def _places(period: Period) -> Any:
    """Hospitals x products with targets or sales in a period."""
    target, months = HospitalTarget, [month.from_on for month in period.months()]
    asked = select(target.hospital_id.label("hospital_id"), target.product_id.label("product_id"))
    return union(asked.where(target.month_on.in_(months)), _sold(period.from_on, period.until_on))


def _is_not_held_throughout(period: Period) -> ColumnElement[bool]:
    """Whether a hospital x product is without a rep on a day of a period: at its beginning, or after a holding ended.

    Holdings of a hospital x product never overlap, so each that ends within the period needs one that begins that day.
    """
    first, ended, following = aliased(TerritoryAssignment), aliased(TerritoryAssignment), aliased(TerritoryAssignment)
    begins_held = exists().where(
        *_of_place(first),
        first.from_on <= period.from_on,
        or_(first.until_on.is_(None), first.until_on > period.from_on),
    )
    goes_on = exists().where(
        following.hospital_id == ended.hospital_id,
        following.product_id == ended.product_id,
        following.from_on == ended.until_on,
    )
    breaks_off = exists().where(
        *_of_place(ended), ended.until_on > period.from_on, ended.until_on < period.until_on, ~goes_on
    )
    return or_(~begins_held, breaks_off)


def _of_place(a: Any) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return a.hospital_id == Hospital.id, a.product_id == Product.id


def _has_no_target(month_on: date) -> ColumnElement[bool]:
    target = aliased(HospitalTarget)
    return ~exists().where(*_of_place(target), target.month_on == month_on)
