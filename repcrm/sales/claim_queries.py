"""Claims and the sales they are about, within the reader's scope."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, case, func, or_, select, true
from sqlalchemy.orm import Session, joinedload

from repcrm.accounts.models import Hospital
from repcrm.catalogue.models import Product
from repcrm.core.errors import NotFound
from repcrm.core.periods import Period, PeriodKind
from repcrm.core.words import N_
from repcrm.organisation.access import Role, Scope
from repcrm.organisation.models import TerritoryAssignment, User
from repcrm.sales.models import (
    ClaimKind,
    ClaimState,
    Distributor,
    FlowGrain,
    FlowLine,
    FlowMode,
    ImportBatch,
    SalesClaim,
)
from repcrm.sales.queries import active, flow_in


class SoldLine(NamedTuple):
    """A line of sales as the rep sees it.

    mode  `corrects` for a line that came of a claim or another correction
    """

    id: int
    product_id: int
    on: date
    grain: FlowGrain
    packs: int
    document: str
    chain: str
    distributor: str
    mode: FlowMode | None


@dataclass(frozen=True)
class ClaimFilters:
    """What a list of claims is narrowed to; what is left out narrows nothing.

    words  part of the hospital's name or code, or of the rep's name
    """

    state: ClaimState | None = None
    kind: ClaimKind | None = None
    words: str = ""


def claims_in(scope: Scope) -> ColumnElement[bool]:
    """A clause over SalesClaim: a rep sees the own claims, a lead those of the region, an administrator all."""
    if scope.role is Role.ADMIN:
        return true()
    if scope.role is Role.LEAD:
        return SalesClaim.hospital_id.in_(select(Hospital.id).where(Hospital.region_id == scope.region_id))
    return SalesClaim.made_by_id == scope.user_id


def get_claim(session: Session, scope: Scope, claim_id: int) -> SalesClaim:
    """Return a claim with what its page shows, or raise NotFound."""
    found = session.scalar(_claims().where(SalesClaim.id == claim_id, claims_in(scope)))
    if found is None:
        raise NotFound(N_("There is no such claim."))
    return found


def list_claims(scope: Scope, filters: ClaimFilters) -> Select[SalesClaim]:
    """Return the select of the claims for `page_of`: open ones first, oldest first; then the others, latest first."""
    wanted = _claims().where(claims_in(scope))
    if filters.state is not None:
        wanted = wanted.where(SalesClaim.state == filters.state)
    if filters.kind is not None:
        wanted = wanted.where(SalesClaim.kind == filters.kind)
    if filters.words:
        said = [column.icontains(filters.words, autoescape=True) for column in (Hospital.name, Hospital.code)]
        maker = SalesClaim.made_by_id.in_(select(User.id).where(User.name.icontains(filters.words, autoescape=True)))
        wanted = wanted.where(or_(SalesClaim.hospital_id.in_(select(Hospital.id).where(or_(*said))), maker))
    is_open = SalesClaim.state == ClaimState.OPEN
    return wanted.order_by(
        case((is_open, 0), else_=1), case((is_open, SalesClaim.made_at)), SalesClaim.closed_at.desc(), SalesClaim.id
    )


def count_open_claims(session: Session, scope: Scope) -> int:
    """Count the claims in scope that nobody has answered."""
    wanted = select(func.count()).select_from(SalesClaim).where(claims_in(scope), SalesClaim.state == ClaimState.OPEN)
    return session.scalar(wanted) or 0


def list_sold_lines(session: Session, scope: Scope, hospital_id: int, month_on: date) -> list[SoldLine]:
    """Return the lines that count of a hospital in a month, by product and day, as far as they are in scope."""
    until_on = Period.of(PeriodKind.MONTH, month_on).until_on
    line = FlowLine
    wanted = (
        select(
            line.id, line.product_id, line.on, line.grain, line.packs, line.document, line.chain, Distributor.name,
            ImportBatch.mode,
        )
        .join(ImportBatch, ImportBatch.id == line.batch_id)
        .outerjoin(Distributor, Distributor.id == ImportBatch.distributor_id)
        .where(active(), flow_in(scope), line.hospital_id == hospital_id, line.on >= month_on, line.on < until_on)
        .order_by(line.product_id, line.on, line.id)
    )  # fmt: skip
    return [SoldLine(*row) for row in session.execute(wanted)]


def get_sold_line(session: Session, scope: Scope, line_id: int) -> FlowLine:
    """Return a line that counts and is in scope, or raise NotFound."""
    found = session.scalar(select(FlowLine).where(FlowLine.id == line_id, active(), flow_in(scope)))
    if found is None:
        raise NotFound(N_("There is no such line."))
    return found


def list_claimed_products(session: Session, scope: Scope, hospital_id: int) -> Sequence[Product]:
    """Return the products whose sales at a hospital a reader may see: a rep's own, everyone else's all."""
    wanted = select(Product).where(Product.is_active).order_by(Product.code)
    if scope.role is Role.REP:
        held = select(TerritoryAssignment.product_id).where(*_held(scope), _at(hospital_id))
        wanted = select(Product).where(Product.id.in_(held)).order_by(Product.code)
    return session.scalars(wanted).all()


def list_claims_of_lines(session: Session, scope: Scope, hospital_id: int, month_on: date) -> list[SalesClaim]:
    """Return the claims in scope about a hospital's month that are not withdrawn, the latest first."""
    about = SalesClaim.hospital_id == hospital_id, SalesClaim.month_on == month_on
    wanted = _claims().where(claims_in(scope), *about, SalesClaim.state != ClaimState.WITHDRAWN)
    return list(session.scalars(wanted.order_by(SalesClaim.id.desc())))


def check_place(session: Session, scope: Scope, hospital_id: int, product_id: int) -> None:
    """Refuse a hospital and product that the rep does not hold.

    raises  NotFound
    """
    held = select(TerritoryAssignment.id).where(*_held(scope), _at(hospital_id))
    if session.scalar(held.where(TerritoryAssignment.product_id == product_id).limit(1)) is None:
        raise NotFound(N_("There is no such hospital and product in your territory."))


def packs_of_month(session: Session, hospital_id: int, product_id: int, month_on: date) -> int:
    """Return the packs that count of a hospital and product in a month."""
    return session.scalar(select(func.coalesce(func.sum(FlowLine.packs), 0)).where(*_of_month(
        hospital_id, product_id, month_on
    ))) or 0  # fmt: skip


def sources_of_month(session: Session, hospital_id: int, product_id: int, month_on: date) -> list[tuple[int, int]]:
    """Return (distributor, packs) of a hospital and product in a month, the most packs first."""
    wanted = (
        select(ImportBatch.distributor_id, func.sum(FlowLine.packs))
        .join(ImportBatch, ImportBatch.id == FlowLine.batch_id)
        .where(*_of_month(hospital_id, product_id, month_on), ImportBatch.distributor_id.is_not(None))
        .group_by(ImportBatch.distributor_id)
        .order_by(func.sum(FlowLine.packs).desc(), ImportBatch.distributor_id)
    )
    rows: Sequence[Any] = session.execute(wanted).all()
    return [(distributor_id, packs) for distributor_id, packs in rows]


def days_of_month(
    session: Session, distributor_id: int, hospital_ids: Collection[int], product_id: int, month_on: date
) -> list[tuple[date, FlowGrain]]:
    """Return the days that lines of a distributor, some hospitals and a product stand on in a month, latest first."""
    until_on = Period.of(PeriodKind.MONTH, month_on).until_on
    of_distributor = select(ImportBatch.id).where(ImportBatch.distributor_id == distributor_id)
    wanted: Any = (
        select(FlowLine.on, FlowLine.grain)
        .where(
            active(), FlowLine.batch_id.in_(of_distributor), FlowLine.hospital_id.in_(hospital_ids),
            FlowLine.product_id == product_id, FlowLine.on >= month_on, FlowLine.on < until_on,
        )
        .distinct()
        .order_by(FlowLine.on.desc())
    )  # fmt: skip
    return [(on, grain) for on, grain in session.execute(wanted)]


class CorrectedLine(NamedTuple):
    """A line of a correction."""

    hospital: str
    on: date
    grain: FlowGrain
    packs: int
    value_fen: int | None


def lines_of_correction(session: Session, claim: SalesClaim) -> list[CorrectedLine]:
    """Return the lines that accepting a claim has made; none while it is not accepted."""
    wanted = (
        select(Hospital.name, FlowLine.on, FlowLine.grain, FlowLine.packs, FlowLine.value_fen)
        .join(Hospital, Hospital.id == FlowLine.hospital_id)
        .where(FlowLine.batch_id == claim.batch_id)
        .order_by(FlowLine.line_no)
    )
    return [CorrectedLine(*row) for row in session.execute(wanted)] if claim.batch_id else []


def source_of_line(session: Session, claim: SalesClaim) -> str:
    """Return the name of the distributor whose line a claim is about; empty for a month."""
    if claim.line is None:
        return ""
    return session.get_one(ImportBatch, claim.line.batch_id).source


def _of_month(hospital_id: int, product_id: int, month_on: date) -> tuple[ColumnElement[bool], ...]:
    until_on = Period.of(PeriodKind.MONTH, month_on).until_on
    return (
        active(), FlowLine.hospital_id == hospital_id, FlowLine.product_id == product_id, FlowLine.on >= month_on,
        FlowLine.on < until_on,
    )  # fmt: skip


def _held(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    held = TerritoryAssignment
    return (
        held.rep_id == scope.user_id, held.from_on <= scope.on,
        or_(held.until_on.is_(None), held.until_on > scope.on),
    )  # fmt: skip


def _at(hospital_id: int) -> ColumnElement[bool]:
    return TerritoryAssignment.hospital_id == hospital_id


def _claims() -> Select[SalesClaim]:
    return select(SalesClaim).options(
        joinedload(SalesClaim.hospital), joinedload(SalesClaim.other_hospital), joinedload(SalesClaim.product),
        joinedload(SalesClaim.made_by), joinedload(SalesClaim.answered_by), joinedload(SalesClaim.batch),
        joinedload(SalesClaim.line),
    )  # fmt: skip
