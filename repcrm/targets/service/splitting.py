"""Splitting a hospital's month among its doctors: the rep proposes, the lead approves or sends back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from repcrm.core.errors import BadInput, Conflict, NotFound, RuleBroken
from repcrm.core.words import N_
from repcrm.db.journal import record
from repcrm.organisation.access import Permission, Scope
from repcrm.organisation.models import User
from repcrm.targets.grid import MOST_PACKS
from repcrm.targets.models import HospitalTarget, QuotaShare, QuotaSplit, SplitStatus
from repcrm.targets.queries import doctors_of_target, targets_in
from repcrm.targets.service.assigning import SPLIT
from repcrm.targets.split import obstacle


@dataclass(frozen=True)
class Share:
    """A doctor's part as somebody wants it."""

    doctor_id: int
    packs: int
    is_locked: bool = False


def split_quota(
    session: Session, scope: Scope, target_id: int, shares: Sequence[Share], *, version: int, now: datetime
) -> QuotaSplit:
    """Replace the parts of a hospital's target by these, as a draft.

    shares   one for each doctor that takes part; they need not add up yet
    version  of the split as it was shown, 0 if there was none
    returns  the split, a draft whatever it was before
    raises   NotFound out of scope or for a doctor of another hospital, Conflict if somebody else saved meanwhile,
             RuleBroken for a rep once the lead has approved: the doctors' targets would leave the reports

    The target's row is locked first, so that two people never write parts of one target at once.
    """
    target = _lock_target(session, scope, target_id)
    split = _split_at(session, target, version)
    if split and split.status is SplitStatus.APPROVED and not scope.may(Permission.APPROVE_SPLIT):
        raise RuleBroken(N_("This split is approved. Only your lead can change it now."))
    _check_shares(session, scope, target, shares, split)
    before = _facts(session, split) if split else None
    if split is None:
        split = QuotaSplit(target_id=target.id, version=0)
        session.add(split)
    split.status = SplitStatus.DRAFT
    split.approved_by_id = split.approved_at = None
    _touch(split, scope, now)
    session.flush()
    _replace_shares(session, split, shares)
    record(session, scope.user_id, SPLIT, split.id, "split_quota", before, _facts(session, split), at=now)
    return split


def propose_split(session: Session, scope: Scope, target_id: int, *, version: int, now: datetime) -> QuotaSplit:
    """Hand a split in to the lead.

    raises  RuleBroken saying what is missing unless the parts add up to the target, Conflict for a stale version
    """
    target, split = _lock_both(session, scope, target_id, version)
    if split.status not in (SplitStatus.DRAFT, SplitStatus.RETURNED):
        raise RuleBroken(N_("This split has been handed in already."))
    _check_sum(session, target, split)
    return _move(session, scope, split, SplitStatus.PROPOSED, "propose_split", "", now)


def approve_split(
    session: Session, scope: Scope, target_id: int, *, version: int, now: datetime, comment: str = ""
) -> QuotaSplit:
    """Approve a split that was handed in: from now on doctors have targets.

    raises  RuleBroken if it was not handed in or does not add up, Conflict for a stale version
    """
    target, split = _lock_both(session, scope, target_id, version)
    if split.status is not SplitStatus.PROPOSED:
        raise RuleBroken(N_("Only a split that was handed in can be approved."))
    _check_sum(session, target, split)
    split.approved_by_id, split.approved_at = scope.user_id, now
    return _move(session, scope, split, SplitStatus.APPROVED, "approve_split", comment, now)


def return_split(
    session: Session, scope: Scope, target_id: int, *, version: int, now: datetime, reason: str
) -> QuotaSplit:
    """Send a split that was handed in back to the rep.

    reason  what should be different; it is shown to the rep
    raises  RuleBroken without a reason or if it was not handed in, Conflict for a stale version
    """
    _, split = _lock_both(session, scope, target_id, version)
    if split.status is not SplitStatus.PROPOSED:
        raise RuleBroken(N_("Only a split that was handed in can be sent back."))
    if not reason.strip():
        raise RuleBroken(N_("Say what should be different."), field="comment")
    return _move(session, scope, split, SplitStatus.RETURNED, "return_split", reason.strip(), now)


def _lock_target(session: Session, scope: Scope, target_id: int) -> HospitalTarget:
    target = session.scalar(
        select(HospitalTarget)
        .where(HospitalTarget.id == target_id, targets_in(scope))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if target is None:
        raise NotFound(N_("There is no such target here."))
    return target


def _split_at(session: Session, target: HospitalTarget, version: int) -> QuotaSplit | None:
    """The split of a locked target, if it is still as it was shown."""
    split = session.scalar(
        select(QuotaSplit)
        .options(joinedload(QuotaSplit.edited_by))
        .where(QuotaSplit.target_id == target.id)
        .execution_options(populate_existing=True)
    )
    if version != (split.version if split else 0):
        who = session.get_one(User, split.edited_by_id).name if split else ""
        raise Conflict(N_("%(who)s has changed this split since you opened it."), who=who)
    return split


def _lock_both(session: Session, scope: Scope, target_id: int, version: int) -> tuple[HospitalTarget, QuotaSplit]:
    target = _lock_target(session, scope, target_id)
    split = _split_at(session, target, version)
    if split is None:
        raise RuleBroken(N_("This target has not been split yet."))
    return target, split


def _check_shares(
    session: Session, scope: Scope, target: HospitalTarget, shares: Sequence[Share], split: QuotaSplit | None
) -> None:
    if len({share.doctor_id for share in shares}) != len(shares):
        raise BadInput(N_("A doctor can have one part only."))
    if any(not 0 <= share.packs <= MOST_PACKS for share in shares):
        raise BadInput(N_("A part is a whole number of packs, 0 or more."))
    here = {doctor.doctor_id for doctor in doctors_of_target(session, scope, target)}
    if split:
        here |= {share.doctor_id for share in _shares_of(session, split)}
    if any(share.doctor_id not in here for share in shares):
        raise NotFound(N_("There is no such doctor here."))


def _replace_shares(session: Session, split: QuotaSplit, shares: Sequence[Share]) -> None:
    present = {share.doctor_id: share for share in _shares_of(session, split)}
    for share in shares:
        kept = present.pop(share.doctor_id, None)
        if kept is None:
            session.add(QuotaShare(split_id=split.id, **vars(share)))
        else:
            kept.packs, kept.is_locked = share.packs, share.is_locked
    for gone in present.values():
        session.delete(gone)
    session.flush()


def _shares_of(session: Session, split: QuotaSplit) -> Sequence[QuotaShare]:
    return session.scalars(
        select(QuotaShare)
        .where(QuotaShare.split_id == split.id)
        .order_by(QuotaShare.id)
        .execution_options(populate_existing=True)
    ).all()


def _check_sum(session: Session, target: HospitalTarget, split: QuotaSplit) -> None:
    if found := obstacle(target.floor_packs, [share.packs for share in _shares_of(session, split)]):
        raise found


def _move(
    session: Session, scope: Scope, split: QuotaSplit, status: SplitStatus, verb: str, comment: str, now: datetime
) -> QuotaSplit:
    before = _facts(session, split)
    split.status, split.comment = status, comment
    split.version += 1
    session.flush()
    record(session, scope.user_id, SPLIT, split.id, verb, before, _facts(session, split), comment, at=now)
    return split


def _touch(split: QuotaSplit, scope: Scope, now: datetime) -> None:
    split.edited_by_id, split.edited_at = scope.user_id, now
    split.version += 1


def _facts(session: Session, split: QuotaSplit) -> dict[str, object]:
    shares = {share.doctor_id: share.packs for share in _shares_of(session, split)}
    return {"status": split.status, "shares": shares}
