"""Every hospital x product of a month with its target and flow, credited to reps."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from repcrm.core.periods import Period, PeriodKind
from repcrm.core.workdays import WorkCalendar
from repcrm.organisation.access import Role, Scope
from repcrm.organisation.territories import Holding, holdings
from repcrm.sales.models import BatchStatus, FlowGrain, FlowLine, ImportBatch
from repcrm.targets.attainment import RUN_RATE_DAYS
from repcrm.targets.board import Place
from repcrm.targets.credit import Credit, Pair, packs_between
from repcrm.targets.models import HospitalTarget
from repcrm.targets.queries.scope import Key, covers

PlaceKey = tuple[int | None, int, int]
"""Rep, hospital, product."""
Line = tuple[Pair, date, FlowGrain, int]
"""A hospital x product, the day or first of the month, how finely it is dated, packs."""


@dataclass
class _Sums:
    floor: int | None = None
    actual: int | None = None
    recent: int = 0


def list_places(
    session: Session, scope: Scope, today: date, calendar: WorkCalendar, *, with_recent: bool = True
) -> list[Place]:
    """Return the places of the month of `today` that are the reader's: a rep's own part of each, a lead's all of them.

    with_recent  whether the packs of the last 20 working days are wanted, which reach into the month before

    A hospital x product that changed hands in the month stands once for each who held it.
    """
    month = Period.of(PeriodKind.MONTH, today)
    recent_on = calendar.start_of_last(RUN_RATE_DAYS, today) if with_recent else today
    held, own = _holdings(session, scope, month)
    credit = Credit(month, held, calendar)
    sums: dict[PlaceKey, _Sums] = defaultdict(_Sums)

    def place(rep_id: int | None, pair: Pair) -> _Sums:
        return sums[rep_id, *pair]

    for pair, packs in _floors(session, scope, month, own):
        for rep_id, part in credit.of_month(pair, packs).items():
            if part or rep_id is not None:
                place(rep_id, pair).floor = (place(rep_id, pair).floor or 0) + part
    begin = min(month.from_on, Period.of(PeriodKind.MONTH, recent_on).from_on)
    for pair, day, grain, packs in _flow(session, scope, begin, month.until_on, own):
        if month.from_on <= day:
            credited = credit.of_month(pair, packs) if grain is FlowGrain.MONTH else {credit.rep_on(pair, day): packs}
            for rep_id, part in credited.items():
                place(rep_id, pair).actual = (place(rep_id, pair).actual or 0) + part
        place(credit.rep_on(pair, today), pair).recent += _recent(day, grain, packs, recent_on, today, calendar)
    return [
        Place(*key, found.floor, found.actual, found.recent)
        for key, found in sums.items()
        if scope.role is not Role.REP or key[0] == scope.user_id
    ]


def _recent(day: date, grain: FlowGrain, packs: int, recent_on: date, today: date, calendar: WorkCalendar) -> int:
    """The part of a line that lies in the last 20 working days."""
    if grain is FlowGrain.DAY:
        return packs if recent_on <= day < today else 0
    return packs_between(packs, Period.of(PeriodKind.MONTH, day), recent_on, today, calendar)


def _holdings(session: Session, scope: Scope, month: Period) -> tuple[list[Holding], set[Pair] | None]:
    """Who held what in the month, and which pairs the reader's figures are about; None: all in scope."""
    from_on, until_on = month.from_on, month.until_on
    if scope.role is not Role.REP:
        return holdings(session, region_id=scope.region_id, from_on=from_on, until_on=until_on), None
    own = holdings(session, rep_id=scope.user_id, from_on=from_on, until_on=until_on)
    pairs = {(holding.hospital_id, holding.product_id) for holding in own}
    hospitals = {hospital_id for hospital_id, _ in pairs}
    return holdings(session, hospital_ids=hospitals, from_on=from_on, until_on=until_on), pairs


def _floors(session: Session, scope: Scope, month: Period, own: set[Pair] | None) -> Iterable[tuple[Pair, int]]:
    target = HospitalTarget
    wanted = select(target.hospital_id, target.product_id, target.floor_packs).where(
        target.month_on == month.from_on, _readable(scope, target.hospital_id, target.product_id, own)
    )
    rows = session.execute(wanted)
    return [
        ((hospital, product), packs) for hospital, product, packs in rows if own is None or (hospital, product) in own
    ]


def _flow(session: Session, scope: Scope, from_on: date, until_on: date, own: set[Pair] | None) -> Iterable[Line]:
    line = FlowLine
    wanted = (
        select(line.hospital_id, line.product_id, line.on, line.grain, func.sum(line.packs))
        .join(ImportBatch, ImportBatch.id == line.batch_id)
        .where(
            ImportBatch.status == BatchStatus.APPLIED,
            line.on >= from_on,
            line.on < until_on,
            _readable(scope, line.hospital_id, line.product_id, own),
        )
        .group_by(line.hospital_id, line.product_id, line.on, line.grain)
    )
    return [
        ((hospital, product), day, grain, int(packs))
        for hospital, product, day, grain, packs in session.execute(wanted)
        if own is None or (hospital, product) in own
    ]


def _readable(scope: Scope, hospital_id: Key, product_id: Key, own: set[Pair] | None) -> ColumnElement[bool]:
    """A rep is credited for the days that were the own, so a hospital handed over in the month still counts."""
    if own is None:
        return covers(scope, hospital_id, product_id)
    return hospital_id.in_({hospital for hospital, _ in own})
