"""Assigning targets: what is asked of a region, and what of its hospitals."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.accounts.models import Hospital
from repcrm.catalogue.models import Product
from repcrm.core.errors import Conflict, NotFound, RuleBroken
from repcrm.core.words import N_
from repcrm.db.journal import JournalEntry, record, values_of
from repcrm.organisation.access import Role, Scope
from repcrm.organisation.models import Region, User
from repcrm.targets.grid import CellKey, Range, StaleCell, StaleCells, check_range
from repcrm.targets.models import HospitalTarget, PeriodTarget, QuotaSplit, SplitStatus

TARGET = "hospital_target"
ASKED = "period_target"
SPLIT = "quota_split"
"""What the journal calls them."""

_VALUES = ("floor_packs", "stretch_packs", "is_locked")
_Place = tuple[int, int, date]


@dataclass(frozen=True)
class CellEdit:
    """What somebody wants a cell to hold.

    month_on   the first day of the month
    version    the one that was shown, 0 for an empty cell; None: take whatever is there (an imported file)
    is_locked  None: as it is
    """

    hospital_id: int
    product_id: int
    month_on: date
    floor_packs: int
    stretch_packs: int
    version: int | None = None
    is_locked: bool | None = None

    @property
    def place(self) -> _Place:
        """Hospital, product and month."""
        return self.hospital_id, self.product_id, self.month_on


@dataclass(frozen=True)
class Assigned:
    """What became of a block of cells.

    targets   those that were added or changed
    reopened  splits that had been handed in or approved for another target: drafts again
    """

    targets: Sequence[HospitalTarget]
    reopened: Sequence[QuotaSplit]


def assign_targets(
    session: Session, scope: Scope, edits: Sequence[CellEdit], *, now: datetime, reason: str = ""
) -> Assigned:
    """Give hospitals their targets: a block of cells at once, all of it or nothing.

    scope    a lead assigns within the own region; an administrator's import anywhere
    reason   why, where targets are planned anew; the journal keeps the former values (S20)
    returns  what was changed; cells that already held the same values are left alone
    raises   NotFound for a hospital out of scope or an unknown product, RuleBroken for a stretch below its floor,
             StaleCells naming who and which cells if any of them is no longer at the version that was shown

    One block at a time in a region: the second of two leads waits, then sees what the first has done. A changed
    floor makes a split that was handed in or approved a draft again.
    """
    hospitals = _lock_hospitals(session, scope, {edit.hospital_id for edit in edits})
    _check_products(session, {edit.product_id for edit in edits})
    present = _present(session, edits)
    stale = [edit for edit in edits if _is_stale(edit, present.get(edit.place))]
    if stale:
        raise StaleCells(_stale_cells(session, stale, present, hospitals))
    changed: list[HospitalTarget] = []
    refloored: list[int] = []
    for edit in edits:
        check_range(edit.floor_packs, edit.stretch_packs)
        target = present.get(edit.place)
        if target is None:
            target = present[edit.place] = _add(session, scope, edit, now, reason)
        else:
            old_floor = target.floor_packs
            if not _change(session, scope, target, edit, now, reason):
                continue
            if target.floor_packs != old_floor:
                refloored.append(target.id)
        changed.append(target)
    return Assigned(changed, _reopen(session, scope, refloored, now))


def ask_of_region(
    session: Session,
    scope: Scope,
    region_id: int,
    product_id: int,
    asked: Mapping[date, Range],
    *,
    versions: Mapping[date, int] | None = None,
    now: datetime,
    reason: str = "",
) -> list[PeriodTarget]:
    """Note what the company asks of a region for a product, month by month: what its hospitals have to add up to.

    asked     first day of the month -> floor and stretch
    versions  month -> the version that was shown, 0 for none; left away: take whatever is there
    returns   the months that changed
    raises    NotFound for another region, RuleBroken for a stretch below its floor, Conflict for a stale version
    """
    if scope.role is Role.REP or (scope.role is Role.LEAD and region_id != scope.region_id):
        raise NotFound(N_("There is no such region here."))
    _lock_regions(session, {region_id})
    _check_products(session, {product_id})
    present = {
        target.month_on: target
        for target in session.scalars(
            select(PeriodTarget)
            .where(PeriodTarget.region_id == region_id, PeriodTarget.product_id == product_id)
            .where(PeriodTarget.month_on.in_(asked))
            .execution_options(populate_existing=True)
        )
    }
    changed = []
    for month_on, (floor, stretch) in asked.items():
        _check_month(month_on)
        check_range(floor, stretch)
        target = present.get(month_on)
        if versions is not None and versions.get(month_on, 0) != (target.version if target else 0):
            raise Conflict(N_("What is asked of the region has changed since you opened the page."))
        if target and (target.floor_packs, target.stretch_packs) == (floor, stretch):
            continue
        before = values_of(target, "floor_packs", "stretch_packs") if target else None
        if target is None:
            target = PeriodTarget(region_id=region_id, product_id=product_id, month_on=month_on, version=0)
            session.add(target)
        target.floor_packs, target.stretch_packs = floor, stretch
        target.version += 1
        session.flush()
        after = values_of(target, "floor_packs", "stretch_packs")
        record(session, scope.user_id, ASKED, target.id, "ask_of_region", before, after, reason, at=now)
        changed.append(target)
    return changed


def _lock_hospitals(session: Session, scope: Scope, hospital_ids: Collection[int]) -> dict[int, str]:
    """Lock the regions of the hospitals against another block, and return the hospitals' names."""
    wanted = select(Hospital.id, Hospital.name, Hospital.region_id).where(Hospital.id.in_(hospital_ids))
    if scope.role is not Role.ADMIN:
        wanted = wanted.where(Hospital.region_id == scope.region_id)
    found = session.execute(wanted).all()
    if scope.role is Role.REP or len(found) != len(hospital_ids):
        raise NotFound(N_("There is no such hospital here."))
    _lock_regions(session, {region_id for _, _, region_id in found})
    return {hospital_id: name for hospital_id, name, _ in found}


def _lock_regions(session: Session, region_ids: Collection[int]) -> None:
    # FOR NO KEY UPDATE: people and hospitals of the region may be added meanwhile. SQLite writers wait in any case.
    session.execute(
        select(Region.id).where(Region.id.in_(region_ids)).order_by(Region.id).with_for_update(key_share=True)
    )


def _check_products(session: Session, product_ids: Collection[int]) -> None:
    if len(session.scalars(select(Product.id).where(Product.id.in_(product_ids))).all()) != len(product_ids):
        raise NotFound(N_("There is no such product here."))


def _present(session: Session, edits: Sequence[CellEdit]) -> dict[_Place, HospitalTarget]:
    found = session.scalars(
        select(HospitalTarget)
        .where(
            HospitalTarget.hospital_id.in_({edit.hospital_id for edit in edits}),
            HospitalTarget.product_id.in_({edit.product_id for edit in edits}),
            HospitalTarget.month_on.in_({edit.month_on for edit in edits}),
        )
        .order_by(HospitalTarget.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {(target.hospital_id, target.product_id, target.month_on): target for target in found}


def _is_stale(edit: CellEdit, target: HospitalTarget | None) -> bool:
    return edit.version is not None and edit.version != (target.version if target else 0)


def _stale_cells(
    session: Session, edits: Iterable[CellEdit], present: Mapping[_Place, HospitalTarget], names: Mapping[int, str]
) -> list[StaleCell]:
    who = _last_editors(session, [present[edit.place].id for edit in edits if edit.place in present])
    cells = []
    for edit in edits:
        target = present.get(edit.place)
        cells.append(
            StaleCell(
                CellKey(edit.hospital_id, edit.month_on),
                names[edit.hospital_id],
                who.get(target.id) if target else None,
                target.floor_packs if target else 0,
                target.stretch_packs if target else 0,
                target.version if target else 0,
            )
        )
    return cells


def _last_editors(session: Session, target_ids: Collection[int]) -> dict[int, str]:
    entries = session.execute(
        select(JournalEntry.subject_id, User.name)
        .join(User, User.id == JournalEntry.actor_id)
        .where(JournalEntry.subject == TARGET, JournalEntry.subject_id.in_(target_ids))
        .order_by(JournalEntry.id)
    )
    return dict(entries.all())


def _add(session: Session, scope: Scope, edit: CellEdit, now: datetime, reason: str) -> HospitalTarget:
    _check_month(edit.month_on)
    target = HospitalTarget(
        hospital_id=edit.hospital_id,
        product_id=edit.product_id,
        month_on=edit.month_on,
        floor_packs=edit.floor_packs,
        stretch_packs=edit.stretch_packs,
        is_locked=bool(edit.is_locked),
    )
    session.add(target)
    session.flush()
    record(
        session, scope.user_id, TARGET, target.id, "assign_targets", None, values_of(target, *_VALUES), reason, at=now
    )
    return target


def _change(session: Session, scope: Scope, target: HospitalTarget, edit: CellEdit, now: datetime, reason: str) -> bool:
    before = values_of(target, *_VALUES)
    target.floor_packs, target.stretch_packs = edit.floor_packs, edit.stretch_packs
    if edit.is_locked is not None:
        target.is_locked = edit.is_locked
    after = values_of(target, *_VALUES)
    if after == before:
        return False
    target.version += 1
    session.flush()
    record(session, scope.user_id, TARGET, target.id, "assign_targets", before, after, reason, at=now)
    return True


def _reopen(session: Session, scope: Scope, target_ids: Collection[int], now: datetime) -> list[QuotaSplit]:
    """Make splits drafts again whose target is no longer the one they added up to."""
    if not target_ids:
        return []
    splits = session.scalars(
        select(QuotaSplit)
        .where(QuotaSplit.target_id.in_(target_ids))
        .where(QuotaSplit.status.in_((SplitStatus.PROPOSED, SplitStatus.APPROVED)))
        .order_by(QuotaSplit.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for split in splits:
        before = {"status": split.status}
        split.status = SplitStatus.DRAFT
        split.approved_by_id = split.approved_at = None
        split.version += 1
        session.flush()
        after = {"status": split.status}
        record(session, scope.user_id, SPLIT, split.id, "target_changed", before, after, at=now)
    return list(splits)


def _check_month(month_on: date) -> None:
    if month_on.day != 1:
        raise RuleBroken(N_("A target is for a whole month."))
