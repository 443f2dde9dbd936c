"""The page of a split: what stands in each box, the sums around them, and what somebody else has saved."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from flask import render_template

from repcrm.core.periods import Period, PeriodKind
from repcrm.organisation.access import Permission
from repcrm.targets import split
from repcrm.targets.models import SplitStatus
from repcrm.targets.queries import SplitPage
from repcrm.targets.queries.splits import SplitLine
from repcrm.web.forms.splits import SplitForm, VerdictForm, write_shown
from repcrm.web.identity import current_scope
from repcrm.web.languages import say

Group = TypeVar("Group", bound=Hashable)


@dataclass(frozen=True)
class Part:
    """A doctor on the page, with what stands in the box."""

    line: SplitLine
    text: str
    is_locked: bool
    error: str | None
    clash: split.Part | None
    """What somebody else has saved, where one has to choose."""


def saved_parts(found: SplitPage) -> dict[int, split.Part]:
    """Doctor -> the part in the database, of those who have one."""
    return {
        line.doctor.doctor_id: split.Part(line.packs, line.is_locked) for line in found.lines if line.packs is not None
    }


def may_edit(found: SplitPage) -> bool:
    """Whether the reader may change the parts: a rep until the lead has approved them."""
    scope = current_scope()
    is_approved = found.split is not None and found.split.status is SplitStatus.APPROVED
    return scope.may(Permission.PROPOSE_SPLIT) and (scope.may(Permission.APPROVE_SPLIT) or not is_approved)


def split_page(
    found: SplitPage,
    form: SplitForm | None = None,
    *,
    verdict: VerdictForm | None = None,
    is_proposal: bool = False,
    conflict: str | None = None,
    taken_over: Sequence[str] = (),
) -> str:
    scope = current_scope()
    form = form or SplitForm(formdata=None, version=found.version)
    form.shown.data = write_shown(form.base or saved_parts(found))
    packs = form.parts() if form.typed else {line.doctor.doctor_id: line.packs or 0 for line in found.lines}
    given = list(packs.values()) if form.typed else [line.packs for line in found.lines if line.packs is not None]
    blocked = split.obstacle(found.target.floor_packs, given)
    status = found.split.status if found.split else None
    may_approve = scope.may(Permission.APPROVE_SPLIT)
    return render_template(
        "splits/page.html",
        found=found,
        target=found.target,
        split=found.split,
        month=Period(PeriodKind.MONTH, found.target.month_on),
        form=form,
        parts=[_part(line, form) for line in found.lines],
        taking=sum(1 for part in packs.values() if part),
        departments=_sums(found, packs, lambda line: line.doctor.department),
        tiers=_sums(found, packs, lambda line: line.doctor.is_key),
        left=split.difference(found.target.floor_packs, given),
        blocked=say(blocked) if blocked else None,
        status=status,
        verdict=verdict or VerdictForm(formdata=None, version=found.version),
        is_verdict_wrong=verdict is not None,
        is_proposal=is_proposal,
        ways=list(split.Way),
        may_edit=may_edit(found),
        conflict=conflict,
        taken_over=taken_over,
        may_approve=may_approve,
        is_waiting=status is SplitStatus.PROPOSED,
    )


def _part(line: SplitLine, form: SplitForm) -> Part:
    doctor_id = line.doctor.doctor_id
    text = form.typed.get(doctor_id, "" if line.packs is None else str(line.packs))
    is_locked = doctor_id in form.locks if form.typed else line.is_locked
    return Part(line, text, is_locked, form.wrong.get(doctor_id), form.clashes.get(doctor_id))


def _sums(found: SplitPage, packs: dict[int, int], group: Callable[[SplitLine], Group]) -> list[tuple[Group, int]]:
    sums: dict[Group, int] = {}
    for line in found.lines:
        sums[group(line)] = sums.get(group(line), 0) + packs.get(line.doctor.doctor_id, 0)
    return list(sums.items())
