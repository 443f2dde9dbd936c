"""Accepting a claim: a correction of its own under the distributor concerned, in the month concerned; never an edit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from repcrm.accounts.models import Hospital
from repcrm.core.errors import RuleBroken
from repcrm.core.periods import Period, PeriodKind
from repcrm.core.words import N_
from repcrm.db.journal import record
from repcrm.imports.closed import check_reason, touched_reports
from repcrm.imports.naming import NameKind, Resolver
from repcrm.imports.service.revising import enqueue_revisions
from repcrm.organisation.access import Scope
from repcrm.reports.models import ReportSnapshot
from repcrm.sales.claim_queries import days_of_month
from repcrm.sales.claims import LONGEST, SUBJECT, check_packs, facts_of, lock_open
from repcrm.sales.comparing import changed_days
from repcrm.sales.corrections import correction_lines, day_of_correction, share_of
from repcrm.sales.lines import Delivery
from repcrm.sales.models import (
    BatchStatus,
    ClaimKind,
    ClaimState,
    Distributor,
    FlowMode,
    ImportBatch,
    SalesClaim,
)
from repcrm.sales.service import take_flow
from repcrm.sales.staging import lock_flow


@dataclass(frozen=True)
class Decision:
    """What the back office decides about a claim it accepts.

    packs           how many, at most as many as there are
    distributor_id  whose sales they are; of a claim about a line the line says so
    other_hospital  code or name of the hospital they belong to; empty: none
    answer          words for the rep; may be empty
    reason          why a closed month or quarter is changed
    """

    packs: int
    distributor_id: int | None = None
    other_hospital: str = ""
    answer: str = ""
    reason: str = ""


def accept_claim(
    session: Session, scope: Scope, claim: SalesClaim, decided: Decision, *, now: datetime
) -> Sequence[ReportSnapshot]:
    """Accept an open claim and apply the correction that it asks for.

    returns  the frozen reports whose figures it changes; a worker revises them
    raises   RuleBroken (field `packs`, `distributor_id`, `other_hospital`, `answer` or `reason`) for a decision that
             cannot be carried out; Conflict if the claim is no longer open
    """
    lock_flow(session)
    lock_open(session, claim)
    if len(decided.answer.strip()) > LONGEST:
        raise RuleBroken(N_("At most %(most)s characters."), field="answer", most=LONGEST)
    other = _other_hospital(session, scope, claim, decided.other_hospital)
    distributor = _distributor(session, claim, decided.distributor_id)
    line = claim.line
    check_packs(
        session, claim.kind, decided.packs, line, claim.hospital_id, claim.product_id, claim.month_on, but=claim.id
    )
    lines = _lines(session, scope, claim, decided.packs, distributor, other)
    touched = touched_reports(session, changed_days(session, lines))
    check_reason(touched, decided.reason)
    period = Period.of(PeriodKind.MONTH, claim.month_on)
    reason = decided.reason.strip() or claim.note
    batch = take_flow(session, scope.user_id, distributor, period, lines, now, mode=FlowMode.CORRECTS, reason=reason)
    claim.state, claim.answered_by_id, claim.closed_at = ClaimState.ACCEPTED, scope.user_id, now
    claim.answer, claim.batch_id = decided.answer.strip(), batch.id
    claim.packs, claim.other_hospital_id = decided.packs, other.id if other else None
    session.flush()
    before = {"claim_state": ClaimState.OPEN}
    record(session, scope.user_id, SUBJECT, claim.id, "accept_claim", before, facts_of(claim), reason, at=now)
    enqueue_revisions(session, scope, batch, touched, now=now)
    return touched


def _lines(
    session: Session, scope: Scope, claim: SalesClaim, packs: int, distributor: Distributor, other: Hospital | None
) -> list[Delivery]:
    place = claim.hospital_id, other.id if other else None, claim.product_id
    if line := claim.line:
        signed = packs if line.packs > 0 else -packs
        value = share_of(line.value_fen, signed, line.packs)
        return correction_lines(claim.kind, signed, *place, line.on, line.grain, value, line.document)
    last_on = min(Period.of(PeriodKind.MONTH, claim.month_on).to_on, scope.on)
    on_file = days_of_month(session, distributor.id, [claim.hospital_id], claim.product_id, claim.month_on)
    return correction_lines(claim.kind, packs, *place, *day_of_correction(on_file, claim.month_on, last_on))


def _distributor(session: Session, claim: SalesClaim, chosen_id: int | None) -> Distributor:
    if claim.line is not None:
        batch = session.get_one(ImportBatch, claim.line.batch_id)
        if batch.status is not BatchStatus.APPLIED:
            raise RuleBroken(
                N_("The line of this claim no longer counts: its file was replaced or reverted. Decline the claim.")
            )
        chosen_id = batch.distributor_id
    distributor = session.get(Distributor, chosen_id) if chosen_id is not None else None
    if distributor is None:
        raise RuleBroken(N_("Choose the distributor whose sales are corrected."), field="distributor_id")
    return distributor


def _other_hospital(session: Session, scope: Scope, claim: SalesClaim, named: str) -> Hospital | None:
    """Return where the packs belong."""
    if claim.kind not in (ClaimKind.WRONG_HOSPITAL, ClaimKind.NOT_MINE):
        return None
    if not named.strip():
        if claim.kind is ClaimKind.WRONG_HOSPITAL:
            raise RuleBroken(N_("Enter the hospital that the packs belong to."), field="other_hospital")
        return None
    match = Resolver(session, scope.on).find(NameKind.HOSPITAL, None, named.strip())
    if match.thing is None:
        raise RuleBroken(N_("No hospital has the code or name “%(name)s”."), field="other_hospital", name=named.strip())
    hospital: Hospital = match.thing
    if hospital.id == claim.hospital_id:
        raise RuleBroken(N_("Enter another hospital than the one the packs are wrong at."), field="other_hospital")
    return hospital
