"""The target grid: one product's hospitals and months, with what they sold before."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, and_, extract, func, or_, select
from sqlalchemy.orm import Session

from repcrm.accounts.models import Department, Doctor, Hospital, HospitalStatus, Listing, Post
from repcrm.accounts.queries import latest_ratings
from repcrm.accounts.queries.scope import held_on
from repcrm.core.periods import Period, PeriodKind
from repcrm.core.workdays import WorkCalendar
from repcrm.db.journal import JournalEntry
from repcrm.organisation.access import Role, Scope
from repcrm.organisation.models import TerritoryAssignment, User
from repcrm.sales.models import BatchStatus, FlowGrain, FlowLine, ImportBatch
from repcrm.targets.attainment import RUN_RATE_DAYS, run_rate
from repcrm.targets.grid import Measure, Range
from repcrm.targets.models import HospitalTarget, PeriodTarget, QuotaSplit, SplitStatus
from repcrm.targets.queries.scope import covers, targets_in


@dataclass(frozen=True)
class Cell:
    """A hospital's target for one month, as shown.

    version       to be handed back when saving; 0: the cell is empty
    original      what it was when first assigned, if that was something else (S20)
    split_status  None: not split among doctors yet
    """

    target_id: int | None = None
    range: Range | None = None
    is_locked: bool = False
    version: int = 0
    original: Range | None = None
    split_status: SplitStatus | None = None

    def packs(self, measure: Measure) -> int | None:
        """The floor or the stretch; None: empty."""
        if self.range is None:
            return None
        return self.range.floor_packs if measure is Measure.FLOOR else self.range.stretch_packs


@dataclass(frozen=True)
class GridRow:
    """A hospital in the grid.

    last_year        month of this year -> packs of the same month of the last year; a month without flow is not in it
    run_rate         packs a working day over the last 20; None: no flow in them
    potential_packs  a month, as estimated; None: nobody has estimated it
    rep              who holds it for the product today
    """

    hospital_id: int
    hospital: str
    rep: str | None
    potential_packs: int | None
    last_year: Mapping[Period, int]
    run_rate: Fraction | None
    cells: Mapping[Period, Cell]


@dataclass(frozen=True)
class TargetGrid:
    """One product's targets in a period.

    asked  month -> what the company asks of the region; empty for a rep, whose territory nobody asks as a whole
    """

    months: Sequence[Period]
    rows: Sequence[GridRow]
    asked: Mapping[Period, PeriodTarget] = field(default_factory=dict)


def target_grid(session: Session, scope: Scope, product_id: int, period: Period, calendar: WorkCalendar) -> TargetGrid:
    """Return the hospitals a reader may see with their targets, last year's packs and run rate, by name.

    period  year, half, quarter or month
    scope   its day decides who holds what, and before which day the run rate looks back

    Closed hospitals are left out unless they have a target in the period.
    """
    months = period.months()
    cells = _cells(session, scope, product_id, months)
    sold = _last_year(session, scope, product_id, months)
    rates = _run_rates(session, scope, product_id, calendar)
    rows = [
        GridRow(id_, name, rep, potential, sold.get(id_, {}), rates.get(id_), cells.get(id_, {}))
        for id_, name, status, rep, potential in _hospitals(session, scope, product_id)
        if status is not HospitalStatus.CLOSED or id_ in cells
    ]
    return TargetGrid(months, rows, _asked(session, scope, product_id, months))


def hospital_ratings(
    session: Session, scope: Scope, product_id: int, hospital_ids: Collection[int]
) -> dict[int, list[int]]:
    """Return the ratings of a product by hospital: one for each active doctor in post today, 0 for one not rated."""
    posts = session.execute(
        select(Department.hospital_id, Post.doctor_id)
        .join(Department, Department.id == Post.department_id)
        .join(Doctor, Doctor.id == Post.doctor_id)
        .where(Department.hospital_id.in_(hospital_ids), held_on(scope.on), Doctor.is_active)
        .where(covers(scope, Department.hospital_id, product_id))
        .distinct()
    ).all()
    latest = latest_ratings(session, scope, None, scope.on)
    ratings: dict[int, list[int]] = defaultdict(list)
    for hospital_id, doctor_id in posts:
        ratings[hospital_id].append(latest.get((doctor_id, product_id), 0))
    return dict(ratings)


def _hospitals(session: Session, scope: Scope, product_id: int) -> Sequence[Any]:
    held = TerritoryAssignment
    return session.execute(
        select(Hospital.id, Hospital.name, Hospital.status, User.name, Listing.potential_packs)
        .outerjoin(
            held,
            and_(
                held.hospital_id == Hospital.id,
                held.product_id == product_id,
                held.from_on <= scope.on,
                or_(held.until_on.is_(None), held.until_on > scope.on),
            ),
        )
        .outerjoin(User, User.id == held.rep_id)
        .outerjoin(Listing, and_(Listing.hospital_id == Hospital.id, Listing.product_id == product_id))
        .where(covers(scope, Hospital.id, product_id))
        .order_by(Hospital.name, Hospital.id)
    ).all()


def _cells(session: Session, scope: Scope, product_id: int, months: Sequence[Period]) -> dict[int, dict[Period, Cell]]:
    found = session.execute(
        select(HospitalTarget, QuotaSplit.status)
        .outerjoin(QuotaSplit, QuotaSplit.target_id == HospitalTarget.id)
        .where(HospitalTarget.product_id == product_id, targets_in(scope))
        .where(HospitalTarget.month_on.in_([month.from_on for month in months]))
    ).all()
    originals = _originals(session, [target.id for target, _ in found if target.version > 1])
    cells: dict[int, dict[Period, Cell]] = defaultdict(dict)
    for target, status in found:
        now = Range(target.floor_packs, target.stretch_packs)
        first = originals.get(target.id, now)
        month = Period(PeriodKind.MONTH, target.month_on)
        cells[target.hospital_id][month] = Cell(
            target.id, now, target.is_locked, target.version, first if first != now else None, status
        )
    return cells


def _originals(session: Session, target_ids: Collection[int]) -> dict[int, Range]:
    """What targets were when they were first assigned, out of the journal."""
    if not target_ids:
        return {}
    firsts = (
        select(func.min(JournalEntry.id))
        .where(JournalEntry.subject == HospitalTarget.__tablename__, JournalEntry.subject_id.in_(target_ids))
        .group_by(JournalEntry.subject_id)
    )
    found = session.execute(
        select(JournalEntry.subject_id, JournalEntry.before, JournalEntry.after).where(JournalEntry.id.in_(firsts))
    )
    return {
        target_id: Range(values["floor_packs"], values["stretch_packs"])
        for target_id, before, after in found
        if (values := before or after) and "stretch_packs" in values
    }


def _last_year(
    session: Session, scope: Scope, product_id: int, months: Sequence[Period]
) -> dict[int, dict[Period, int]]:
    """Packs by hospital and month of this year; at most twelve months, so a month's number names it."""
    this_year = {month.from_on.month: month for month in months}
    from_on, until_on = months[0].year_before().from_on, months[-1].year_before().until_on
    number = extract("month", FlowLine.on)
    found = session.execute(
        select(FlowLine.hospital_id, number, func.sum(FlowLine.packs))
        .join(ImportBatch, ImportBatch.id == FlowLine.batch_id)
        .where(*_counted(scope, product_id), FlowLine.on >= from_on, FlowLine.on < until_on)
        .group_by(FlowLine.hospital_id, number)
    )
    sold: dict[int, dict[Period, int]] = defaultdict(dict)
    for hospital_id, month, packs in found:
        sold[hospital_id][this_year[int(month)]] = int(packs)
    return sold


def _run_rates(session: Session, scope: Scope, product_id: int, calendar: WorkCalendar) -> dict[int, Fraction]:
    """Packs a working day over the last 20; of a monthly source the part of its month that lies in them."""
    start = calendar.start_of_last(RUN_RATE_DAYS, scope.on)
    first = Period.of(PeriodKind.MONTH, start).from_on
    daily = and_(FlowLine.grain == FlowGrain.DAY, FlowLine.on >= start)
    monthly = and_(FlowLine.grain == FlowGrain.MONTH, FlowLine.on >= first)
    found = session.execute(
        select(FlowLine.hospital_id, FlowLine.grain, extract("month", FlowLine.on), func.sum(FlowLine.packs))
        .join(ImportBatch, ImportBatch.id == FlowLine.batch_id)
        .where(*_counted(scope, product_id), FlowLine.on < scope.on, or_(daily, monthly))
        .group_by(FlowLine.hospital_id, FlowLine.grain, extract("month", FlowLine.on))
    )
    months = {month.from_on.month: month for month in _months_between(start, scope.on)}
    sold: dict[int, Fraction] = defaultdict(Fraction)
    for hospital_id, grain, number, packs in found:
        part = Fraction(1) if grain is FlowGrain.DAY else _part(months[int(number)], start, scope.on, calendar)
        sold[hospital_id] += part * int(packs)
    return {hospital_id: run_rate(1) * packs for hospital_id, packs in sold.items()}


def _months_between(from_on: date, until_on: date) -> list[Period]:
    months = [Period.of(PeriodKind.MONTH, from_on)]
    while months[-1].until_on < until_on:
        months.append(months[-1].next())
    return months


def _part(month: Period, from_on: date, until_on: date, calendar: WorkCalendar) -> Fraction:
    whole = calendar.count(month.from_on, month.until_on)
    inside = calendar.count(max(month.from_on, from_on), min(month.until_on, until_on))
    return Fraction(inside, whole) if whole else Fraction(0)


def _counted(scope: Scope, product_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        ImportBatch.status == BatchStatus.APPLIED,
        FlowLine.product_id == product_id,
        covers(scope, FlowLine.hospital_id, product_id),
    )


def _asked(session: Session, scope: Scope, product_id: int, months: Sequence[Period]) -> dict[Period, PeriodTarget]:
    if scope.role is not Role.LEAD:
        return {}
    found = session.scalars(
        select(PeriodTarget)
        .where(PeriodTarget.region_id == scope.region_id, PeriodTarget.product_id == product_id)
        .where(PeriodTarget.month_on.in_([month.from_on for month in months]))
    )
    return {Period(PeriodKind.MONTH, target.month_on): target for target in found}
