"""Flow within the reader's scope: only lines of applied batches count."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import Session, aliased, joinedload

from repcrm.accounts.models import Hospital
from repcrm.core.errors import NotFound
from repcrm.core.periods import Period, PeriodKind
from repcrm.core.words import N_
from repcrm.organisation.access import Role, Scope
from repcrm.organisation.models import TerritoryAssignment
from repcrm.sales.models import BatchStatus, Distributor, FlowGrain, FlowLine, ImportBatch, ImportKind, StockLine


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
    scope: Scope, *, kind: ImportKind | None = None, status: BatchStatus | None = None
) -> Select[ImportBatch]:
    """Return the select of the batches, the latest first, for `page_of`; their rows are not read."""
    shown = joinedload(ImportBatch.created_by), joinedload(ImportBatch.distributor)
    wanted = select(ImportBatch).options(*shown).where(batches_in(scope))
    if kind is not None:
        wanted = wanted.where(ImportBatch.kind == kind)
    if status is not None:
        wanted = wanted.where(ImportBatch.status == status)
    return wanted.order_by(ImportBatch.created_at.desc(), ImportBatch.id.desc())


def list_sources(session: Session, scope: Scope) -> list[str]:
    """Return the names of the distributors that report sales, sorted."""
    wanted = select(Distributor.name).where(Distributor.is_active, batches_in(scope))
    return sorted(session.scalars(wanted))
