"""Flow within the reader's scope: only lines of applied batches count."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import Session, aliased, joinedload

from repcrm.accounts.models import Hospital
from repcrm.core.errors import NotFound
from repcrm.core.periods import Period, PeriodKind
from repcrm.core.words import N_
from repcrm.organisation.access import Role, Scope
from repcrm.organisation.models import Region, TerritoryAssignment
from repcrm.sales.models import (
    BatchStatus,
    Distributor,
    DistributorRegion,
    FlowGrain,
    FlowLine,
    ImportBatch,
    ImportKind,
    StockLine,
)


class Flow(NamedTuple):
    """What one hospital took of one product on a day, or in a month.

    on         the day; of lines dated by month only, the first of the month
    grain      how finely the source dates
    packs      may be negative: returns
    value_fen  of the lines that carry a value; `unpriced_packs` are those of the others
    """

    hospital_id: int
    product_id: int
    on: date
    grain: FlowGrain
    packs: int
    value_fen: int
    unpriced_packs: int


class Stock(NamedTuple):
    """Packs in stock as a distributor's sheet reports them.

    hospital_id  whose stock it is; None: the distributor's own
    """

    source: str
    hospital_id: int | None
    product_id: int
    on: date
    packs: int


def active() -> ColumnElement[bool]:
    """A clause over FlowLine: the lines that count."""
    return FlowLine.batch_id.in_(select(ImportBatch.id).where(ImportBatch.status == BatchStatus.APPLIED))


def flow_in(scope: Scope) -> ColumnElement[bool]:
    """A clause over FlowLine: whose flow a reader may see.

    A rep that of each hospital x product held on `scope.on`, a predecessor's days included; a lead that of the region.
    """
    if scope.role is Role.ADMIN:
        return true()
    if scope.role is Role.LEAD:
        return FlowLine.hospital_id.in_(select(Hospital.id).where(Hospital.region_id == scope.region_id))
    held = aliased(TerritoryAssignment)
    return exists().where(
        and_(
            held.hospital_id == FlowLine.hospital_id,
            held.product_id == FlowLine.product_id,
            held.rep_id == scope.user_id,
            held.from_on <= scope.on,
            or_(held.until_on.is_(None), held.until_on > scope.on),
        )
    )


def list_flow(
    session: Session,
    scope: Scope,
    from_on: date,
    until_on: date,
    *,
    hospital_ids: Collection[int] | None = None,
    product_ids: Collection[int] | None = None,
) -> list[Flow]:
    """Return the flow of some days, added up by hospital, product and day, in that order.

    from_on, until_on          half-open
    hospital_ids, product_ids  narrow it down; None does not

    Lines dated by month stand on the first of the month, apart from those of that day.
    """
    line = FlowLine
    keys = (line.hospital_id, line.product_id, line.on, line.grain)
    unpriced = func.sum(line.packs).filter(line.value_fen.is_(None))
    wanted = (
        select(*keys, func.sum(line.packs), func.coalesce(func.sum(line.value_fen), 0), func.coalesce(unpriced, 0))
        .where(active(), flow_in(scope), line.on >= from_on, line.on < until_on)
        .group_by(*keys)
        .order_by(*keys)
    )
    if hospital_ids is not None:
        wanted = wanted.where(line.hospital_id.in_(hospital_ids))
    if product_ids is not None:
        wanted = wanted.where(line.product_id.in_(product_ids))
    rows: Sequence[Any] = session.execute(wanted).all()
    return [Flow(*row) for row in rows]


def list_monthly_flow(
    session: Session, scope: Scope, months: Sequence[Period], *, hospital_ids: Collection[int] | None = None
) -> dict[tuple[int, int, date], int]:
    """Return packs by hospital, product and first day of the month, of the months from the first to the last given."""
    if not months:
        return {}
    packs: dict[tuple[int, int, date], int] = {}
    for flow in list_flow(session, scope, months[0].from_on, months[-1].until_on, hospital_ids=hospital_ids):
        place = flow.hospital_id, flow.product_id, Period.of(PeriodKind.MONTH, flow.on).from_on
        packs[place] = packs.get(place, 0) + flow.packs
    return packs


def list_stock(session: Session, scope: Scope) -> list[Stock]:
    """Return the newest stock that purchase-sales-stock sheets report of each distributor, hospital and product.

    Only sheets of applied imports count. An administrator sees all of it, a lead that of the region's hospitals.
    """
    line, batch = StockLine, ImportBatch
    newest = func.row_number().over(
        partition_by=(batch.distributor_id, line.hospital_id, line.product_id),
        order_by=(line.on.desc(), line.id.desc()),
    )
    ranked = (
        select(
            Distributor.name, line.hospital_id, line.product_id, line.on.label("on_day"), line.packs,
            newest.label("place"),
        )
        .join(batch, batch.id == line.batch_id)
        .join(Distributor, Distributor.id == batch.distributor_id)
        .where(batch.status == BatchStatus.APPLIED, _stock_in(scope))
        .subquery()
    )  # fmt: skip
    columns = (ranked.c.name, ranked.c.hospital_id, ranked.c.product_id, ranked.c.on_day, ranked.c.packs)
    wanted = select(*columns).where(ranked.c.place == 1)
    rows: Sequence[Any] = session.execute(wanted.order_by(ranked.c.name, ranked.c.product_id)).all()
    return [Stock(*row) for row in rows]


def _stock_in(scope: Scope) -> ColumnElement[bool]:
    if scope.role is Role.LEAD:
        return StockLine.hospital_id.in_(select(Hospital.id).where(Hospital.region_id == scope.region_id))
    return batches_in(scope)


def lines_of_batches(session: Session, batch_ids: Collection[int]) -> Sequence[Any]:
    """The lines of some batches, whether they count or not, each with the fields of a `Delivery`."""
    line = FlowLine
    columns = (line.hospital_id, line.product_id, line.on, line.grain, line.document, line.packs, line.value_fen)
    rows: Sequence[Any] = session.execute(select(*columns).where(line.batch_id.in_(batch_ids))).all()
    return rows


def applied_ids(session: Session, distributor: Distributor) -> list[int]:
    """The ids of a distributor's imports that count: as long as they stay, so does everything it has sold."""
    wanted = select(ImportBatch.id).where(
        ImportBatch.distributor_id == distributor.id, ImportBatch.status == BatchStatus.APPLIED
    )
    return list(session.scalars(wanted.order_by(ImportBatch.id)))


def batches_in(scope: Scope) -> ColumnElement[bool]:
    """A clause over ImportBatch: files are the administrators' business."""
    return true() if scope.role is Role.ADMIN else false()


def get_batch(session: Session, scope: Scope, batch_id: int) -> ImportBatch:
    """Return a batch with who read it, or raise NotFound."""
    found = session.scalar(
        select(ImportBatch)
        .options(joinedload(ImportBatch.created_by), joinedload(ImportBatch.distributor))
        .where(ImportBatch.id == batch_id, batches_in(scope))
    )
    if found is None:
        raise NotFound(N_("There is no such import."))
    return found


def list_batches(
    scope: Scope,
    *,
    kind: ImportKind | None = None,
    status: BatchStatus | None = None,
    distributor_id: int | None = None,
    period: str = "",
) -> Select[ImportBatch]:
    """Return the select of the batches, the latest first, for `page_of`; their rows are not read.

    period  2026-11: that period and those within it, as 2026-W45 is not; any beginning of a period will do
    """
    shown = joinedload(ImportBatch.created_by), joinedload(ImportBatch.distributor)
    wanted = select(ImportBatch).options(*shown).where(batches_in(scope))
    chosen = (
        (ImportBatch.kind, kind), (ImportBatch.status, status), (ImportBatch.distributor_id, distributor_id),
    )  # fmt: skip
    for column, value in chosen:
        if value is not None:
            wanted = wanted.where(column == value)
    if period:
        wanted = wanted.where(ImportBatch.period.startswith(period, autoescape=True))
    return wanted.order_by(ImportBatch.created_at.desc(), ImportBatch.id.desc())


def lines_of_month(session: Session, distributor: Distributor, month: date) -> Iterator[Any]:
    """Go through the lines that count of a distributor in a month, given by its first day, a portion at a time."""
    until_on = Period.of(PeriodKind.MONTH, month).until_on
    columns = (
        FlowLine.hospital_id, FlowLine.product_id, FlowLine.on, FlowLine.grain, FlowLine.document, FlowLine.packs,
        FlowLine.value_fen, FlowLine.batch_id,
    )  # fmt: skip
    wanted = select(*columns).where(
        FlowLine.batch_id.in_(applied_ids(session, distributor)), FlowLine.on >= month, FlowLine.on < until_on
    )
    yield from session.execute(wanted.execution_options(yield_per=5000))


def sums_by_month(
    session: Session, distributor: Distributor, batch_ids: Collection[int] | None = None
) -> dict[date, tuple[int, int]]:
    """Return the packs and fen that count of a distributor, by first day of the month.

    batch_ids  only of these imports; None: of all that count
    """
    chosen = applied_ids(session, distributor) if batch_ids is None else batch_ids
    packs, fen = func.sum(FlowLine.packs), func.coalesce(func.sum(FlowLine.value_fen), 0)
    wanted = select(FlowLine.on, packs, fen).where(FlowLine.batch_id.in_(chosen)).group_by(FlowLine.on)
    sums: dict[date, tuple[int, int]] = {}
    for on, day_packs, day_fen in session.execute(wanted):
        month = on.replace(day=1)
        before = sums.get(month, (0, 0))
        sums[month] = before[0] + int(day_packs or 0), before[1] + int(day_fen or 0)
    return sums


def distributors_in(scope: Scope) -> ColumnElement[bool]:
    """A clause over Distributor: an administrator sees all, a lead those that deliver to the region."""
    if scope.role is Role.ADMIN:
        return true()
    if scope.role is Role.LEAD:
        area = aliased(DistributorRegion)
        of_it = exists().where(area.distributor_id == Distributor.id)
        return or_(~of_it, of_it.where(area.region_id == scope.region_id))
    return false()


def list_distributors(session: Session, scope: Scope, *, active_only: bool = False) -> list[Distributor]:
    """Return the distributors by name, those that are no longer active last."""
    wanted = select(Distributor).where(distributors_in(scope)).order_by(Distributor.is_active.desc(), Distributor.name)
    return list(session.scalars(wanted.where(Distributor.is_active) if active_only else wanted))


def get_distributor(session: Session, scope: Scope, distributor_id: int) -> Distributor:
    """Return a distributor, or raise NotFound."""
    found = session.scalar(select(Distributor).where(Distributor.id == distributor_id, distributors_in(scope)))
    if found is None:
        raise NotFound(N_("There is no such distributor."))
    return found


def list_areas(session: Session, scope: Scope) -> dict[int, list[Region]]:
    """Return the regions that distributors are meant to deliver to: distributor -> regions; without any, everywhere."""
    wanted = (
        select(DistributorRegion.distributor_id, Region)
        .join(Region, Region.id == DistributorRegion.region_id)
        .join(Distributor, Distributor.id == DistributorRegion.distributor_id)
        .where(distributors_in(scope))
        .order_by(Region.name)
    )
    areas: dict[int, list[Region]] = {}
    for distributor_id, region in session.execute(wanted):
        areas.setdefault(distributor_id, []).append(region)
    return areas
