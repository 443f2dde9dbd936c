"""Reading frozen reports, each through the eyes of who asks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.orm import Session, undefer

from repcrm.core.errors import NotFound
from repcrm.core.periods import Period, PeriodKind
from repcrm.core.words import N_
from repcrm.organisation.access import Permission, Role, Scope
from repcrm.organisation.models import Region, User
from repcrm.organisation.queries import regions_in
from repcrm.reports.basis import has_data
from repcrm.reports.body import Body
from repcrm.reports.models import ReportKind, ReportSnapshot, SnapshotChart
from repcrm.reports.own import own_part


@dataclass(frozen=True)
class Listed:
    """A report in a list: its newest revision, without its body."""

    id: int
    kind: ReportKind
    period: str
    region_id: int
    revision: int
    from_on: date
    until_on: date
    frozen_at: datetime
    data_as_of_at: datetime

    @property
    def to_on(self) -> date:
        """The last day."""
        return self.until_on - timedelta(days=1)


def snapshots_in(scope: Scope) -> ColumnElement[bool]:
    """The condition for reports one may see: those of the own region; an administrator none."""
    if not scope.may(Permission.VIEW_REPORTS) or scope.region_id is None:
        return false()
    return ReportSnapshot.region_id == scope.region_id


def list_frozen_periods(session: Session, scope: Scope, months: Iterable[tuple[int, Period]]) -> list[str]:
    """Return the periods of frozen reports that share days with some months of regions, the earliest first.

    scope   an administrator may know that a report exists, not what it says
    months  (region, month) each
    """
    wanted = list(months)
    if not wanted:
        return []
    touches = [
        (ReportSnapshot.region_id == region_id)
        & (ReportSnapshot.from_on < month.until_on)
        & (ReportSnapshot.until_on > month.from_on)
        for region_id, month in wanted
    ]
    own = ReportSnapshot.region_id.in_(select(Region.id).where(regions_in(scope)))
    rows = session.execute(
        select(ReportSnapshot.period, ReportSnapshot.from_on, ReportSnapshot.until_on)
        .where(own, or_(*touches))
        .distinct()
        .order_by(ReportSnapshot.from_on, ReportSnapshot.until_on)
    )
    return [period for period, _from_on, _until_on in rows]


def list_snapshots(session: Session, scope: Scope, kind: ReportKind | None = None, limit: int = 60) -> list[Listed]:
    """Return the newest revision of each report, the latest period first.

    kind  weekly, monthly or quarterly; None: all
    """
    keys = (ReportSnapshot.kind, ReportSnapshot.period, ReportSnapshot.region_id)
    newest = (
        select(*keys, func.max(ReportSnapshot.revision).label("newest"))
        .where(snapshots_in(scope))
        .group_by(*keys)
        .subquery()
    )
    report = ReportSnapshot
    wanted = (
        select(
            report.id, report.kind, report.period, report.region_id, report.revision,
            report.from_on, report.until_on, report.frozen_at, report.data_as_of_at,
        )
        .join(
            newest,
            (newest.c.kind == report.kind) & (newest.c.period == report.period)
            & (newest.c.region_id == report.region_id) & (newest.c.newest == report.revision),
        )
        .order_by(report.until_on.desc(), report.kind)
        .limit(limit)
    )  # fmt: skip
    if kind:
        wanted = wanted.where(report.kind == kind)
    return [Listed(*row) for row in session.execute(wanted)]


def get_snapshot(session: Session, scope: Scope, snapshot_id: int) -> ReportSnapshot:
    """Return a report with its body.

    raises  NotFound outside the scope
    """
    found = session.scalar(
        select(ReportSnapshot)
        .options(undefer(ReportSnapshot.body))
        .where(ReportSnapshot.id == snapshot_id, snapshots_in(scope))
    )
    if found is None:
        raise NotFound(N_("There is no such report here."))
    return found


def find_snapshot(session: Session, scope: Scope, period: Period, revision: int | None = None) -> ReportSnapshot | None:
    """Return the report of a period in the reader's region, its newest revision unless one is named."""
    report = ReportSnapshot
    if period.kind.value not in list(ReportKind):
        return None
    wanted = select(report).where(
        snapshots_in(scope), report.kind == ReportKind(period.kind.value), report.period == str(period)
    )
    if revision is not None:
        wanted = wanted.where(report.revision == revision)
    return session.scalar(wanted.order_by(report.revision.desc()).limit(1))


def latest_snapshot(session: Session, scope: Scope, kind: ReportKind) -> ReportSnapshot | None:
    """Return the newest revision of the latest report of a kind, or None while there is none."""
    report = ReportSnapshot
    wanted = select(report).where(snapshots_in(scope), report.kind == kind)
    return session.scalar(wanted.order_by(report.until_on.desc(), report.revision.desc()).limit(1))


def list_revisions(session: Session, scope: Scope, snapshot: ReportSnapshot) -> Sequence[ReportSnapshot]:
    """Return every revision of a report, the newest first; their bodies are not read."""
    report = ReportSnapshot
    wanted = select(report).where(
        snapshots_in(scope),
        report.kind == snapshot.kind,
        report.period == snapshot.period,
        report.region_id == snapshot.region_id,
    )
    return session.scalars(wanted.order_by(report.revision.desc())).all()


def read_body(session: Session, scope: Scope, snapshot: ReportSnapshot) -> Body:
    """Return what the reader may see of a report: a lead all of it, a rep the own rows and totals of nothing else."""
    body = Body(snapshot.body)
    if scope.role is Role.LEAD:
        return body
    code = session.scalar(select(User.code).where(User.id == scope.user_id)) or ""
    return own_part(body, code)


def find_charts(session: Session, scope: Scope, snapshot: ReportSnapshot, language: str) -> dict[str, str]:
    """Return the drawings of a report by name, as SVG: a lead's only, for they show the whole region."""
    if scope.role is not Role.LEAD:
        return {}
    wanted = (
        select(SnapshotChart.name, SnapshotChart.svg)
        .join(ReportSnapshot, ReportSnapshot.id == SnapshotChart.snapshot_id)
        .where(snapshots_in(scope), SnapshotChart.snapshot_id == snapshot.id, SnapshotChart.language == language)
    )
    return {row[0]: row[1] for row in session.execute(wanted)}


def list_due(session: Session, scope: Scope, today: date, count: int = 4) -> list[Period]:
    """Return the latest periods that are over and not frozen yet, for a lead who does not want to wait for the clock.

    count    how many periods of each kind are looked at
    returns  none of a kind as long as the region has no data up to the end of its latest period
    """
    report = ReportSnapshot
    rows = session.execute(select(report.kind, report.period).where(snapshots_in(scope)))
    frozen = {(row[0], row[1]) for row in rows}
    latest = [Period.of(PeriodKind(kind.value), today).previous() for kind in ReportKind]
    region_id = scope.region_id
    ended = [
        period
        for last in latest
        if region_id is not None and has_data(session, region_id, last.until_on)
        for period in last.trail(count)
    ]
    return [
        period for period in sorted(ended, reverse=True) if (ReportKind(period.kind.value), str(period)) not in frozen
    ]
