"""Freezing gap reports, and freezing them again when late data changed what they say."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from repcrm.accounts.models import Hospital
from repcrm.calls.models import Call
from repcrm.core.errors import BadInput, Conflict, NotFound, RuleBroken
from repcrm.core.periods import Period
from repcrm.core.progress import Step, silent
from repcrm.core.words import N_
from repcrm.db.journal import record
from repcrm.organisation.calendar import work_calendar
from repcrm.organisation.models import Region, User
from repcrm.reports import bridge
from repcrm.reports.basis import basis_of, has_data
from repcrm.reports.body import SCHEMA_VERSION, Body, digest
from repcrm.reports.deliveries import arrived_since
from repcrm.reports.models import ReportKind, ReportSnapshot, SnapshotChart
from repcrm.sales.models import ImportBatch, ImportKind

if TYPE_CHECKING:
    from repcrm.reports.charts import Chart

Kept = TypeVar("Kept")

MOST_DRAFTS = 3
"""How often a report is drafted before somebody is told that its data does not stand still."""


class DataMoved(Conflict):
    """The data changed between drafting a report and keeping it."""


@dataclass(frozen=True)
class Draft:
    """A report computed and drawn, but not kept yet: making it only reads, so nobody waits for it.

    basis  fingerprint of the data it was made from (see `basis.basis_of`)
    """

    body: dict[str, Any]
    charts: Sequence["Chart"]
    data_as_of_at: datetime
    basis: str


def keep_drafted(
    make_draft: Callable[[], Draft | None],
    writing: Callable[[], AbstractContextManager[Session]],
    keep: Callable[[Session, Draft | None], Kept],
) -> Kept:
    """Draft a report while others write, then keep it in a transaction of milliseconds.

    make_draft  reads and computes; None where the report is frozen already
    writing     opens the transaction
    keep        freezes or revises with the draft it is handed, and whatever else belongs into the transaction
    raises      DataMoved if somebody changed the data during each of MOST_DRAFTS drafts

    The draft is made again where the data moved in between.
    """
    for drafts_left in reversed(range(MOST_DRAFTS)):
        drafted = make_draft()
        try:
            with writing() as session:
                return keep(session, drafted)
        except DataMoved:
            if not drafts_left:
                raise
    raise AssertionError("the last draft is kept or refused")


def draft(
    session: Session, period: Period, region: Region, *, now: datetime, today: date, step: Step = silent
) -> Draft:
    """Work out the report of a period that is over, from the data of now.

    step    told what is done next; it may raise, to stop
    raises  BadInput for another kind of period; RuleBroken while it still runs, or if the region has no data yet
    """
    from repcrm.reports.charts import draw  # Altair and pandas: only who freezes pays for them
    from repcrm.reports.compose import STEPS, compose

    check_over(period, today)
    if not has_data(session, region.id, period.until_on):
        raise RuleBroken(
            N_("%(region)s has no calls, targets or distributor sales up to the end of %(period)s: no data yet."),
            region=region.name,
            period=str(period),
        )
    basis = basis_of(session, region.id, period.until_on)
    as_of = _data_as_of(session, region.id, period, now)
    body = compose(session, region, period, work_calendar(session, region.id), step, today=today)
    step(N_("Drawing the charts"), STEPS - 1, STEPS)
    return Draft(body, draw(Body(body)), as_of, basis)


def check_over(period: Period, today: date) -> None:
    """Refuse a period that has no report, or none yet.

    raises  BadInput for another kind of period, RuleBroken while it still runs
    """
    _check_kind(period)
    if today < period.until_on:
        raise RuleBroken(
            N_("%(period)s has not ended yet: its report can be frozen from %(day)s on."),
            period=str(period),
            day=period.until_on.isoformat(),
        )


def check_reason(reason: str) -> None:
    """Refuse a revision that nobody gives a reason for (RuleBroken)."""
    if not reason.strip():
        raise RuleBroken(N_("Say why the report is revised."), field="reason")


def freeze(
    session: Session,
    period: Period,
    region: Region,
    *,
    now: datetime,
    today: date,
    actor: User | None = None,
    drafted: Draft | None = None,
) -> ReportSnapshot:
    """Freeze the gap report of a period that is over, once.

    period   a week, month or quarter
    now      the instant it is frozen at, aware
    today    the business day of that instant: the period must have ended before it
    actor    who asked for it; None: the clock
    drafted  what `draft` made of it just before; None: it is made now
    returns  revision 1, or the newest revision if the report is frozen already: then nothing is done
    raises   as `draft`; DataMoved if the data is no longer what the draft was made from

    Two processes that freeze at once leave one snapshot: the second finds the first one's under the unique key.
    """
    if found := newest(session, period, region.id):
        return found
    drafted = _checked(session, period, region, drafted) or draft(session, period, region, now=now, today=today)
    try:
        with session.begin_nested():
            snapshot = _kept(session, region, period, drafted, revision=1, now=now, actor=actor, reason="")
    except IntegrityError:
        if found := newest(session, period, region.id):
            return found
        raise
    return snapshot


def revise(
    session: Session,
    period: Period,
    region: Region,
    *,
    now: datetime,
    today: date,
    reason: str,
    actor: User | None = None,
    drafted: Draft | None = None,
) -> ReportSnapshot:
    """Freeze a report again from the data of now, as the next revision, with a bridge from the one before.

    reason   why, in words; shown on the report
    returns  revision n+1. Revision n stays as it is, byte for byte
    raises   NotFound if the report was never frozen, RuleBroken without a reason; DataMoved as `freeze`
    """
    before = newest(session, period, region.id)
    if before is None:
        raise NotFound(N_("%(period)s has not been frozen yet: there is nothing to revise."), period=str(period))
    check_reason(reason)
    drafted = _checked(session, period, region, drafted) or draft(session, period, region, now=now, today=today)
    old, new = Body(before.body), Body(drafted.body)
    drafted.body["revision"] = {
        "before": before.revision,
        "before_digest": before.digest,
        "gap_before": [old.total.gap, old.total.gap_fen],
        "gap_after": [new.total.gap, new.total.gap_fen],
        "steps": [step.stored() for step in bridge.between(old, new)],
        "reps": [[code, *packs] for code, packs in bridge.rep_changes(old, new).items() if any(packs)],
        "arrived": arrived_since(before.body, drafted.body),
    }
    return _kept(
        session, region, period, drafted, revision=before.revision + 1, now=now, actor=actor, reason=reason.strip()
    )


def newest(session: Session, period: Period, region_id: int, revision: int | None = None) -> ReportSnapshot | None:
    """The newest revision of a report, or the one that is named; None if it was never frozen.

    raises  BadInput for a kind of period that has no report
    """
    _check_kind(period)
    wanted = select(ReportSnapshot).where(
        ReportSnapshot.kind == ReportKind(period.kind.value),
        ReportSnapshot.period == str(period),
        ReportSnapshot.region_id == region_id,
    )
    if revision is not None:
        wanted = wanted.where(ReportSnapshot.revision == revision)
    return session.scalar(wanted.order_by(ReportSnapshot.revision.desc()).limit(1))


def _check_kind(period: Period) -> None:
    if period.kind.value not in list(ReportKind):
        raise BadInput(
            N_("There are reports of weeks, months and quarters, but %(period)s is none of these."), period=str(period)
        )


def _checked(session: Session, period: Period, region: Region, drafted: Draft | None) -> Draft | None:
    if drafted is not None and drafted.basis != basis_of(session, region.id, period.until_on):
        raise DataMoved(
            N_("The data of %(period)s kept changing while its report was being computed. Try again in a few minutes."),
            period=str(period),
        )
    return drafted


def _kept(
    session: Session,
    region: Region,
    period: Period,
    drafted: Draft,
    *,
    revision: int,
    now: datetime,
    actor: User | None,
    reason: str,
) -> ReportSnapshot:
    snapshot = ReportSnapshot(
        kind=ReportKind(period.kind.value),
        period=str(period),
        region_id=region.id,
        revision=revision,
        from_on=period.from_on,
        until_on=period.until_on,
        data_as_of_at=drafted.data_as_of_at,
        frozen_at=now,
        frozen_by_id=actor.id if actor else None,
        reason=reason,
        schema_version=SCHEMA_VERSION,
        body=drafted.body,
        digest=digest(drafted.body),
    )
    session.add(snapshot)
    session.flush()
    for chart in drafted.charts:
        session.add(SnapshotChart(snapshot_id=snapshot.id, name=chart.name, language=chart.language, svg=chart.svg))
    what = {"period": str(period), "region": region.code, "revision": revision, "digest": snapshot.digest}
    verb = "freeze" if revision == 1 else "revise"
    record(session, snapshot.frozen_by_id, "report_snapshot", snapshot.id, verb, None, what, reason, at=now)
    return snapshot


def _data_as_of(session: Session, region_id: int, period: Period, now: datetime) -> datetime:
    """When the newest data came in: a flow file applied or undone, a call logged; `now` if there is none."""
    flow = select(func.max(ImportBatch.applied_at), func.max(ImportBatch.undone_at)).where(
        ImportBatch.kind == ImportKind.FLOW
    )
    logged = (
        select(func.max(Call.logged_at))
        .join(Hospital, Hospital.id == Call.hospital_id)
        .where(Hospital.region_id == region_id, Call.day_on >= period.from_on, Call.day_on < period.until_on)
    )
    known = [at for at in (*session.execute(flow).one(), session.scalar(logged)) if at is not None and at <= now]
    return max(known, default=now)
