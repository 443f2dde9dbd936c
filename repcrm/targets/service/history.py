"""Splits of a time before the company worked with this system: taken over many at once, as they were approved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from repcrm.accounts.models import Department, Post
from repcrm.core.errors import NotFound
from repcrm.core.words import N_
from repcrm.db.base import Base
from repcrm.db.journal import JournalEntry
from repcrm.organisation.access import Permission, Scope
from repcrm.targets.models import HospitalTarget, QuotaShare, QuotaSplit, SplitStatus
from repcrm.targets.queries import targets_in
from repcrm.targets.service.assigning import SPLIT
from repcrm.targets.split import obstacle


@dataclass(frozen=True)
class PastSplit:
    """How a target was split among its doctors, and who proposed it.

    shares  doctor -> packs; they sum to the target's floor
    """

    target_id: int
    shares: Mapping[int, int]
    proposed_by_id: int
    proposed_at: datetime


def take_over_splits(session: Session, who: Scope, splits: Sequence[PastSplit], *, approved_at: datetime) -> None:
    """Take over approved splits of targets that have none yet. Goes into the journal, one entry a split.

    who     the lead who approved them
    raises  NotFound for a target out of scope or a doctor of another hospital, RuleBroken for one that does not
            add up: then nothing is taken over
    """
    if not who.may(Permission.APPROVE_SPLIT):
        raise NotFound(N_("There is no such target here."))
    targets = _targets(session, who, [split.target_id for split in splits])
    _check_doctors(session, targets, splits)
    for split in splits:
        if found := obstacle(targets[split.target_id].floor_packs, list(split.shares.values())):
            raise found
    ids = _insert(session, QuotaSplit, [
        {
            "target_id": split.target_id, "status": SplitStatus.APPROVED, "edited_by_id": split.proposed_by_id,
            "edited_at": split.proposed_at, "approved_by_id": who.user_id, "approved_at": approved_at,
            "comment": "", "version": 3,
        }
        for split in splits
    ])  # fmt: skip
    pairs = list(zip(ids, splits, strict=True))
    _insert(session, QuotaShare, [
        {"split_id": one, "doctor_id": doctor_id, "packs": packs, "is_locked": False}
        for one, split in pairs
        for doctor_id, packs in split.shares.items()
    ])  # fmt: skip
    _insert(session, JournalEntry, [
        {
            "at": approved_at, "actor_id": who.user_id, "subject": SPLIT, "subject_id": one, "verb": "approve_split",
            "before": None, "after": {"status": SplitStatus.APPROVED.value, "shares": _named(split)}, "reason": "",
        }
        for one, split in pairs
    ])  # fmt: skip


def _targets(session: Session, who: Scope, target_ids: Sequence[int]) -> dict[int, HospitalTarget]:
    wanted = select(HospitalTarget).where(HospitalTarget.id.in_(target_ids), targets_in(who))
    targets = {target.id: target for target in session.scalars(wanted)}
    if len(targets) != len(target_ids):
        raise NotFound(N_("There is no such target here."))
    return targets


def _check_doctors(session: Session, targets: Mapping[int, HospitalTarget], splits: Sequence[PastSplit]) -> None:
    hospital_ids = {target.hospital_id for target in targets.values()}
    posts = (
        select(Department.hospital_id, Post.doctor_id)
        .join(Post, Post.department_id == Department.id)
        .where(Department.hospital_id.in_(hospital_ids))
    )
    posted = {(hospital_id, doctor_id) for hospital_id, doctor_id in session.execute(posts)}
    for split in splits:
        hospital_id = targets[split.target_id].hospital_id
        if any((hospital_id, doctor_id) not in posted for doctor_id in split.shares):
            raise NotFound(N_("There is no such doctor here."))


def _named(split: PastSplit) -> dict[str, int]:
    return {str(doctor_id): packs for doctor_id, packs in split.shares.items()}


def _insert(session: Session, kind: type[Base], rows: list[dict[str, Any]]) -> list[int]:
    if not rows:
        return []
    table = Base.metadata.tables[kind.__tablename__]
    return list(session.scalars(insert(table).returning(table.c.id, sort_by_parameter_order=True), rows))
