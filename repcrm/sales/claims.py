"""Claims: a rep says that sales of a hospital are wrong, withdraws it, or has it declined.

Accepting one makes a correction of its own and may touch closed periods: see `imports.correcting`.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from repcrm.core.errors import Conflict, RuleBroken
from repcrm.core.words import N_
from repcrm.db.journal import record
from repcrm.organisation.access import Scope
from repcrm.sales.claim_queries import check_place, packs_of_month
from repcrm.sales.models import BatchStatus, ClaimKind, ClaimState, FlowLine, ImportBatch, SalesClaim
from repcrm.sales.staging import lock_flow

SUBJECT = "sales_claim"
LONGEST = 500
MOST_PACKS = 1_000_000


@dataclass(frozen=True)
class Objection:
    """What a rep says is wrong.

    month_on           first day of the month concerned
    line               the line concerned; None: the whole month
    other_hospital_id  where the packs belong, if the rep knows
    """

    kind: ClaimKind
    hospital_id: int
    product_id: int
    month_on: date
    packs: int
    note: str
    line: FlowLine | None = None
    other_hospital_id: int | None = None


def make_claim(session: Session, scope: Scope, said: Objection, *, now: datetime) -> SalesClaim:
    """Make a claim about a hospital and product of the rep's own territory.

    returns  the claim, open
    raises   NotFound for another rep's hospital or product; RuleBroken (field `note`, `packs`, `other_hospital_id`)
             for a claim that says too little or more than was sold, or that is open already
    """
    check_place(session, scope, said.hospital_id, said.product_id)
    lock_flow(session)
    note = _words(said.note, N_("Say what is wrong, so that the back office can check it."), "note")
    if said.month_on > scope.on:
        raise RuleBroken(N_("Sales of a month to come cannot be wrong yet."), field="month")
    other_id = said.other_hospital_id if said.kind is ClaimKind.WRONG_HOSPITAL else None
    if other_id == said.hospital_id:
        raise RuleBroken(N_("Choose another hospital than the one the packs are wrong at."), field="other_hospital_id")
    line = None if said.kind is ClaimKind.MISSING else said.line
    _check_not_open(session, said, line)
    check_packs(session, said.kind, said.packs, line, said.hospital_id, said.product_id, said.month_on)
    claim = SalesClaim(
        kind=said.kind, hospital_id=said.hospital_id, product_id=said.product_id, month_on=said.month_on, line=line,
        packs=said.packs, other_hospital_id=other_id, note=note, made_by_id=scope.user_id, made_at=now,
    )  # fmt: skip
    session.add(claim)
    session.flush()
    record(session, scope.user_id, SUBJECT, claim.id, "make_claim", None, facts_of(claim), note, at=now)
    return claim


def withdraw_claim(session: Session, scope: Scope, claim: SalesClaim, *, now: datetime) -> None:
    """Take an open claim of one's own back.

    raises  RuleBroken for another's claim, Conflict if it has been answered
    """
    lock_open(session, claim)
    if claim.made_by_id != scope.user_id:
        raise RuleBroken(N_("Only the rep who made a claim can withdraw it."))
    claim.state, claim.closed_at = ClaimState.WITHDRAWN, now
    session.flush()
    _record_answer(session, scope, claim, "withdraw_claim", now)


def decline_claim(session: Session, scope: Scope, claim: SalesClaim, answer: str, *, now: datetime) -> None:
    """Decline an open claim; the rep reads why.

    raises  RuleBroken (field `answer`) without words, Conflict if it has been answered or withdrawn
    """
    lock_open(session, claim)
    claim.answer = _words(answer, N_("Say why the claim is declined. The rep reads it."), "answer")
    claim.state, claim.answered_by_id, claim.closed_at = ClaimState.DECLINED, scope.user_id, now
    session.flush()
    _record_answer(session, scope, claim, "decline_claim", now)


def lock_open(session: Session, claim: SalesClaim) -> None:
    """Keep an open claim to oneself until the transaction ends.

    raises  Conflict if it is no longer open
    """
    session.refresh(claim, with_for_update=True)
    if claim.state is not ClaimState.OPEN:
        raise Conflict(N_("This claim is no longer open: it is %(state)s."), state=claim.state)


def check_packs(
    session: Session,
    kind: ClaimKind,
    packs: int,
    line: FlowLine | None,
    hospital_id: int,
    product_id: int,
    month_on: date,
    *,
    but: int | None = None,
) -> None:
    """Refuse more packs than there are to be wrong: of the line, less what other claims took, or of the month.

    but     id of the claim that is being answered
    raises  RuleBroken (field `packs`)
    """
    if not 1 <= packs <= MOST_PACKS:
        raise RuleBroken(N_("Enter how many packs, from 1 to %(most)s."), field="packs", most=MOST_PACKS)
    if kind is ClaimKind.MISSING:
        return
    if line is not None:
        left = abs(line.packs) - _claimed(session, line.id, but)
    else:
        left = packs_of_month(session, hospital_id, product_id, month_on)
    if packs > left:
        raise RuleBroken(
            N_("There are only %(left)s packs that this claim can be about."), field="packs", left=max(left, 0)
        )


def facts_of(claim: SalesClaim) -> dict[str, Any]:
    """Return what the audit log says of a claim."""
    return {
        "claim": claim.kind, "claim_state": claim.state, "hospital_id": claim.hospital_id,
        "product_id": claim.product_id, "period": f"{claim.month_on:%Y-%m}", "packs": claim.packs,
        "right_hospital_id": claim.other_hospital_id, "import": claim.batch_id,
    }  # fmt: skip


def _record_answer(session: Session, scope: Scope, claim: SalesClaim, verb: str, now: datetime) -> None:
    before = {"claim_state": ClaimState.OPEN}
    record(session, scope.user_id, SUBJECT, claim.id, verb, before, facts_of(claim), claim.answer or None, at=now)


def _words(said: str, without: str, name: str) -> str:
    said = said.strip()
    if not said:
        raise RuleBroken(without, field=name)
    if len(said) > LONGEST:
        raise RuleBroken(N_("At most %(most)s characters."), field=name, most=LONGEST)
    return said


def _check_not_open(session: Session, said: Objection, line: FlowLine | None) -> None:
    same = (
        SalesClaim.state == ClaimState.OPEN, SalesClaim.hospital_id == said.hospital_id,
        SalesClaim.product_id == said.product_id, SalesClaim.month_on == said.month_on, SalesClaim.kind == said.kind,
        SalesClaim.line_id.is_(None) if line is None else SalesClaim.line_id == line.id,
    )  # fmt: skip
    if session.scalar(select(SalesClaim.id).where(*same).limit(1)) is not None:
        raise RuleBroken(N_("There is an open claim about this already."))


def _claimed(session: Session, line_id: int, but: int | None) -> int:
    """Return the packs of a line that open claims are about, or corrections that count have moved."""
    counting = select(ImportBatch.id).where(ImportBatch.status == BatchStatus.APPLIED)
    wanted = select(func.coalesce(func.sum(SalesClaim.packs), 0)).where(
        SalesClaim.line_id == line_id,
        (SalesClaim.state == ClaimState.OPEN) | SalesClaim.batch_id.in_(counting),
    )
    if but is not None:
        wanted = wanted.where(SalesClaim.id != but)
    return session.scalar(wanted) or 0
