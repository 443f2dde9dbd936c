"""What is left for the month (S43)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from repcrm.catalogue.models import PackUnit, Product
from repcrm.core.periods import Period, PeriodKind
from repcrm.core.workdays import WorkCalendar
from repcrm.organisation.access import Role, Scope
from repcrm.organisation.calendar import work_calendar
from repcrm.organisation.territories import Holding, holdings
from repcrm.sales.models import BatchStatus, FlowGrain, FlowLine, ImportBatch
from repcrm.targets.attainment import days_left
from repcrm.targets.cascade import part_of_rep
from repcrm.targets.models import HospitalTarget
from repcrm.targets.queries.scope import covers, targets_in

Pair = tuple[int, int]


@dataclass(frozen=True)
class MonthLeft:
    """One product of a month, for a rep's territory or a lead's region.

    floor_packs   None: no target
    actual_packs  None: no flow has come in yet
    left_packs    still missing to the floor, 0 when reached; None without a target
    days_left     working days of the month that remain, today included
    """

    product_id: int
    product: str
    unit: PackUnit
    floor_packs: int | None
    actual_packs: int | None
    left_packs: int | None
    days_left: int


def month_left(session: Session, scope: Scope, today: date) -> list[MonthLeft]:
    """Return per product how much of this month's floor is still missing, by product name.

    A rep is credited as in the reports: day by day for the hospitals x products held, targets and monthly
    sources by working days. Products with neither target nor flow are left out.
    """
    month = Period.of(PeriodKind.MONTH, today)
    calendar = work_calendar(session)
    credit = _Credit(session, scope, month, calendar)
    floors: dict[int, int] = defaultdict(int)
    for hospital_id, product_id, packs in _floors(session, scope, month, credit):
        floors[product_id] += credit.of_month((hospital_id, product_id), packs)
    actuals: dict[int, int] = defaultdict(int)
    for hospital_id, product_id, day, grain, packs in _flow(session, scope, month, credit):
        pair = (hospital_id, product_id)
        credited = credit.of_day(pair, day, packs) if grain is FlowGrain.DAY else credit.of_month(pair, packs)
        actuals[product_id] += credited
    left = days_left(month, today, calendar)
    products = session.scalars(
        select(Product).where(Product.id.in_(floors.keys() | actuals.keys())).order_by(Product.name, Product.id)
    )
    return [_row(product, floors.get(product.id), actuals.get(product.id), left) for product in products]


def _row(product: Product, floor: int | None, actual: int | None, left: int) -> MonthLeft:
    missing = None if floor is None else max(floor - (actual or 0), 0)
    return MonthLeft(product.id, product.name, product.unit, floor, actual, missing, left)


class _Credit:
    """How much of a hospital x product's month counts for the one who asks: all of it for a lead."""

    def __init__(self, session: Session, scope: Scope, month: Period, calendar: WorkCalendar) -> None:
        self.rep_id = scope.user_id if scope.role is Role.REP else None
        self._month, self._calendar = month, calendar
        self._held: dict[Pair, list[Holding]] = defaultdict(list)
        self.hospital_ids: set[int] = set()
        if self.rep_id is None:
            return
        own = holdings(session, rep_id=self.rep_id, from_on=month.from_on, until_on=month.until_on)
        self.hospital_ids = {holding.hospital_id for holding in own}
        pairs = {(holding.hospital_id, holding.product_id) for holding in own}
        everybody = holdings(session, hospital_ids=self.hospital_ids, from_on=month.from_on, until_on=month.until_on)
        for holding in everybody:
            if (holding.hospital_id, holding.product_id) in pairs:
                self._held[holding.hospital_id, holding.product_id].append(holding)

    def covers(self, pair: Pair) -> bool:
        return self.rep_id is None or pair in self._held

    def of_month(self, pair: Pair, packs: int) -> int:
        if self.rep_id is None:
            return packs
        return part_of_rep(packs, self._month, self._held[pair], self.rep_id, self._calendar)

    def of_day(self, pair: Pair, day: date, packs: int) -> int:
        if self.rep_id is None:
            return packs
        held = any(
            holding.rep_id == self.rep_id
            and holding.from_on <= day
            and (holding.until_on is None or day < holding.until_on)
            for holding in self._held[pair]
        )
        return packs if held else 0


def _floors(session: Session, scope: Scope, month: Period, credit: _Credit) -> Iterable[tuple[int, int, int]]:
    target = HospitalTarget
    wanted = select(target.hospital_id, target.product_id, target.floor_packs).where(target.month_on == month.from_on)
    if credit.rep_id is None:
        wanted = wanted.where(targets_in(scope))
    else:
        wanted = wanted.where(target.hospital_id.in_(credit.hospital_ids))
    return [row for row in session.execute(wanted) if credit.covers((row[0], row[1]))]


def _flow(
    session: Session, scope: Scope, month: Period, credit: _Credit
) -> Iterable[tuple[int, int, date, FlowGrain, int]]:
    line = FlowLine
    wanted = (
        select(line.hospital_id, line.product_id, line.on, line.grain, func.sum(line.packs))
        .join(ImportBatch, ImportBatch.id == line.batch_id)
        .where(ImportBatch.status == BatchStatus.APPLIED, line.on >= month.from_on, line.on < month.until_on)
        .group_by(line.hospital_id, line.product_id, line.on, line.grain)
    )
    if credit.rep_id is None:
        wanted = wanted.where(covers(scope, line.hospital_id, line.product_id))
    else:
        wanted = wanted.where(line.hospital_id.in_(credit.hospital_ids))
    rows = session.execute(wanted)
    return [
        (hospital, product, day, grain, int(packs))
        for hospital, product, day, grain, packs in rows
        if credit.covers((hospital, product))
    ]
