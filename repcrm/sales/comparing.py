"""What applying a file would change: packs and money by month before and after, and what does not add up or belong."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from repcrm.accounts.models import Hospital
from repcrm.catalogue.models import ProductPrice
from repcrm.catalogue.prices import Prices
from repcrm.core.periods import Period, PeriodKind
from repcrm.organisation.models import Region
from repcrm.sales.lines import Delivery
from repcrm.sales.models import BatchStatus, Distributor, DistributorRegion, FlowGrain, FlowLine, FlowMode, ImportBatch
from repcrm.sales.replacing import list_replaceable

Place = tuple[int, int]
"""A hospital and a product."""


@dataclass
class Sum:
    """Lines, their packs, and their money in fen."""

    lines: int = 0
    packs: int = 0
    fen: int = 0

    def add(self, lines: int, packs: int, fen: int) -> None:
        """Count some more."""
        self.lines, self.packs, self.fen = self.lines + lines, self.packs + packs, self.fen + fen


Months = dict[date, dict[Place, Sum]]
"""First day of a month -> hospital and product -> what was sold."""


@dataclass
class MonthChange:
    """A month of a distributor before and after an import counts.

    gone  hospital and product that had lines before and have none after -> the packs they had
    """

    month: Period
    before: Sum = field(default_factory=Sum)
    after: Sum = field(default_factory=Sum)
    gone: dict[Place, int] = field(default_factory=dict)


class Outside(NamedTuple):
    """Sales to a hospital outside the distributor's regions."""

    hospital_id: int
    hospital: str
    region: str
    lines: int
    packs: int


class Movement(NamedTuple):
    """One product of a distributor in a purchase-sales-stock sheet, in packs; None: the sheet does not say."""

    distributor: str
    product_id: int
    opening: int | None
    incoming: int | None
    outgoing: int | None
    closing: int | None


class StockDifference(NamedTuple):
    """A distributor and product whose closing stock is not opening + in - out."""

    distributor: str
    product_id: int
    expected: int
    closing: int


class Changed(NamedTuple):
    """A hospital's region and a day on which sales change."""

    region_id: int
    on: date


def months_before_after(
    session: Session, distributor: Distributor, period: Period, mode: FlowMode, lines: Iterable[Delivery]
) -> list[MonthChange]:
    """Work out what each month of a distributor comes to before and after an import.

    period, mode  of the import: what it would replace
    lines         its lines, once through
    returns       the months that it has lines of or takes lines from, in order; everything the distributor has sold in
                  them counts. Money is as the lines say, else packs x the price of the day
    """
    prices = Prices((row[0], row[1], row[2]) for row in session.execute(_PRICES))
    replaceable = list_replaceable(session, distributor, period) if mode is FlowMode.REPLACES else []
    replaced = [batch.id for batch in replaceable]
    new: Months = defaultdict(lambda: defaultdict(Sum))
    for line in lines:
        fen = line.value_fen if line.value_fen is not None else prices.worth(line.packs, line.product_id, line.on)
        new[line.on.replace(day=1)][line.hospital_id, line.product_id].add(1, line.packs, fen)
    goes = _on_file(session, prices, ImportBatch.id.in_(replaced)) if replaced else {}
    months = sorted({*new, *goes})
    if not months:
        return []
    until_on = Period.of(PeriodKind.MONTH, months[-1]).until_on
    stays = _on_file(
        session, prices, ImportBatch.distributor_id == distributor.id, ImportBatch.status == BatchStatus.APPLIED,
        ImportBatch.id.not_in(replaced), FlowLine.on >= months[0], FlowLine.on < until_on,
    )  # fmt: skip
    return [_change(on, stays.get(on, {}), goes.get(on, {}), new.get(on, {})) for on in months]


def find_outside_area(session: Session, distributor: Distributor, lines: Iterable[Delivery]) -> list[Outside]:
    """Find sales to hospitals outside the distributor's regions; one without regions may deliver everywhere.

    returns  a row a hospital, the most packs first
    """
    area = set(
        session.scalars(select(DistributorRegion.region_id).where(DistributorRegion.distributor_id == distributor.id))
    )
    if not area:
        return []
    sums: dict[int, Sum] = defaultdict(Sum)
    for line in lines:
        sums[line.hospital_id].add(1, line.packs, 0)
    outside = (
        select(Hospital.id, Hospital.name, Region.name)
        .join(Region, Region.id == Hospital.region_id)
        .where(Hospital.region_id.not_in(area))
    )
    found = [
        Outside(hospital_id, hospital, region, sums[hospital_id].lines, sums[hospital_id].packs)
        for hospital_id, hospital, region in session.execute(outside)
        if hospital_id in sums
    ]
    return sorted(found, key=lambda one: (-one.packs, one.hospital_id))


def stock_differences(movements: Iterable[Movement]) -> list[StockDifference]:
    """Check opening + in - out = closing of each distributor and product.

    movements  rows of the sheet, several a product where it has one a hospital or batch number
    returns    what does not add up; a product whose sheet leaves one of the four out is not checked
    """
    rows: dict[tuple[str, int], list[Movement]] = defaultdict(list)
    for movement in movements:
        rows[movement.distributor, movement.product_id].append(movement)
    found = []
    for (distributor, product_id), parts in rows.items():
        columns = [
            [packs for part in parts if (packs := getattr(part, column)) is not None]
            for column in ("opening", "incoming", "outgoing", "closing")
        ]
        if all(columns):
            opening, incoming, outgoing, closing = map(sum, columns)
            if opening + incoming - outgoing != closing:
                found.append(StockDifference(distributor, product_id, opening + incoming - outgoing, closing))
    return found


def changed_days(
    session: Session, lines: Iterable[Delivery], *, replaced: Sequence[int] = (), staged: int | None = None
) -> set[Changed]:
    """Find on which days of which regions sales change if lines begin to count and imports cease to.

    lines     that begin to count
    replaced  ids of the imports that cease to count; of a revert, the one that is reverted
    staged    id of an import whose stored lines begin to count, instead of or besides `lines`
    returns   the regions and days on which a hospital's packs or money of a product are no longer the same; every day
              of the month for lines dated by month
    """
    sums: dict[tuple[int, int, date, FlowGrain, bool], list[int]] = defaultdict(lambda: [0, 0])
    for line in lines:
        key = line.hospital_id, line.product_id, line.on, line.grain, line.value_fen is None
        _count(sums[key], line.packs, line.value_fen)
    for sign, ids in ((1, [staged] if staged else []), (-1, replaced)):
        if ids:
            for hospital_id, product_id, on, grain, unpriced, packs, fen in session.execute(_content(ids)):
                _count(sums[hospital_id, product_id, on, grain, unpriced], sign * packs, sign * fen)
    regions = dict(session.execute(select(Hospital.id, Hospital.region_id)).all())
    changed: set[Changed] = set()
    for (hospital_id, _, on, grain, _), figures in sums.items():
        if any(figures):
            days = [on] if grain is FlowGrain.DAY else Period.of(PeriodKind.MONTH, on).days()
            changed |= {Changed(regions[hospital_id], day) for day in days}
    return changed


_PRICES = select(ProductPrice.product_id, ProductPrice.from_on, ProductPrice.price_fen)


def _on_file(session: Session, prices: Prices, *where: ColumnElement[bool]) -> Months:
    """Add up stored lines by month, hospital and product."""
    line = FlowLine
    keys = (line.hospital_id, line.product_id, line.on)
    unpriced = func.sum(line.packs).filter(line.value_fen.is_(None))
    sums = (func.count(), func.sum(line.packs), func.coalesce(func.sum(line.value_fen), 0), func.coalesce(unpriced, 0))
    wanted: Any = select(*keys, *sums).join(ImportBatch, ImportBatch.id == line.batch_id).where(*where).group_by(*keys)
    months: Months = defaultdict(lambda: defaultdict(Sum))
    for hospital_id, product_id, on, lines, packs, fen, left in session.execute(wanted):
        place = months[on.replace(day=1)][hospital_id, product_id]
        place.add(lines, packs, fen + prices.worth(left, product_id, on))
    return months


def _content(batch_ids: Sequence[int]) -> Any:
    line = FlowLine
    keys = (line.hospital_id, line.product_id, line.on, line.grain, line.value_fen.is_(None))
    sums = (func.sum(line.packs), func.coalesce(func.sum(line.value_fen), 0))
    return select(*keys, *sums).where(line.batch_id.in_(batch_ids)).group_by(*keys)


def _count(figures: list[int], packs: int, fen: int | None) -> None:
    figures[0] += packs
    figures[1] += fen or 0


def _change(
    month_on: date, stays: Mapping[Place, Sum], goes: Mapping[Place, Sum], new: Mapping[Place, Sum]
) -> MonthChange:
    change = MonthChange(Period(PeriodKind.MONTH, month_on))
    for sums, columns in (
        (stays, (change.before, change.after)), (goes, (change.before,)), (new, (change.after,)),
    ):  # fmt: skip
        for place in sums.values():
            for column in columns:
                column.add(place.lines, place.packs, place.fen)
    change.gone = {place: sums.packs for place, sums in sorted(goes.items()) if place not in new and place not in stays}
    return change
