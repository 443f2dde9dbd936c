"""A plan becomes the calls on the sheets; a lead locks it, and says yes or no to a change then."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from repcrm.core.errors import Conflict, NotFound, RuleBroken
from repcrm.core.words import N_
from repcrm.db.journal import record
from repcrm.organisation.access import Scope
from repcrm.planning.models import CallPlan, ChangeRequest
from repcrm.planning.moves import weigh
from repcrm.planning.queries.case import case_of
from repcrm.planning.queries.ground import ground_of
from repcrm.planning.service.editing import carry_out
from repcrm.planning.service.holding import (
    LONGEST_REASON,
    changed,
    check_to_come,
    reason_of,
    take_as_lead,
    take_own,
    take_plan,
    visits_of,
)
from repcrm.planning.service.placing import Desk
from repcrm.planning.terms import PlanStatus, RequestState, Wish
from repcrm.planning.wishes import Wanted, read_wanted


def publish_plan(
    session: Session, who: Scope, plan: CallPlan, *, now: datetime, seen_version: int | None = None
) -> CallPlan:
    """Put every visit of a draft on its day's sheet, all of them or none. Goes into the journal.

    now     aware, in the business time zone: its date is today; visits of days gone by are dropped from the draft
    raises  RuleBroken while the plan is locked, if it is published already or empty, for a visit where nothing is open
            or whose doctor is not the rep's on its day, for a sheet that has been handed in
            Conflict if the plan has changed since it was shown
    """
    plan = take_own(session, who, plan, seen_version)
    if plan.is_published:
        raise RuleBroken(N_("This plan is published already."))
    ground = ground_of(session, plan.rep, plan.start_on, now.date())
    desk = Desk(session, plan, ground.field, now)
    dropped = desk.drop_drafted_before(now.date())
    visits = visits_of(session, plan)
    if not visits:
        raise RuleBroken(N_("There is no visit to publish yet."))
    for visit in visits:
        if not ground.openings[visit.day_on, visit.part].minutes:
            doctor = ground.field.doctors[visit.doctor_id].name if visit.doctor_id in ground.field.doctors else ""
            raise RuleBroken(
                N_("%(doctor)s stands on %(day)s where nothing is open: move the visit first."),
                doctor=doctor,
                day=visit.day_on.isoformat(),
            )
        desk.publish(visit)
    plan.status, plan.published_at, plan.published_by_id = PlanStatus.PUBLISHED, now, who.user_id
    changed(session, plan)
    after = {"status": plan.status, "visits": len(visits), "dropped": dropped}
    record(session, who.user_id, "call_plan", plan.id, "publish_plan", {"status": PlanStatus.DRAFT}, after, at=now)
    return plan


def lock_plan(
    session: Session, who: Scope, plan: CallPlan, *, now: datetime, seen_version: int | None = None
) -> CallPlan:
    """Lock a plan: from now on its rep asks for a change. Goes into the journal.

    who     the lead of the rep's region
    raises  RuleBroken if it is locked already
    """
    plan = take_as_lead(session, who, plan, seen_version)
    if plan.is_locked:
        raise RuleBroken(N_("This plan is locked already."))
    plan.locked_at, plan.locked_by_id = now, who.user_id
    return _locked(session, who, plan, "lock_plan", now)


def unlock_plan(
    session: Session, who: Scope, plan: CallPlan, *, now: datetime, seen_version: int | None = None
) -> CallPlan:
    """Let the rep change the plan again. Goes into the journal; raises as `lock_plan`."""
    plan = take_as_lead(session, who, plan, seen_version)
    if not plan.is_locked:
        raise RuleBroken(N_("This plan is not locked."))
    plan.locked_at = plan.locked_by_id = None
    return _locked(session, who, plan, "unlock_plan", now)


def ask_change(
    session: Session, who: Scope, plan: CallPlan, wanted: Wanted, reason: str, *, now: datetime
) -> ChangeRequest:
    """Ask the lead for a change of a locked plan. Goes into the journal.

    who     the rep
    reason  why; it cannot be empty
    raises  RuleBroken without a reason, if the plan is not locked, or with the rule that stands against the change
    """
    if who.user_id != plan.rep_id:
        raise NotFound(N_("There is no such plan here."))
    plan = take_plan(session, who, plan, None)
    if not plan.is_locked:
        raise RuleBroken(N_("This plan is not locked: change it yourself."))
    reason = reason_of(reason)
    check_to_come(wanted.from_on, now.date())
    case = case_of(session, who, plan.rep, plan.start_on, plan, now.date())
    if wanted.from_on is not None:
        Desk(session, plan, case.ground.field, now).part_of(wanted.doctor_id, wanted.from_on)
    if wanted.day_on is not None and wanted.part is not None and wanted.what is not Wish.REMOVE:
        weigh(case, wanted.doctor_id, wanted.day_on, wanted.part, wanted.from_on).refuse()
    asked = ChangeRequest(
        plan_id=plan.id, asked_by_id=who.user_id, asked_at=now, reason=reason, wanted=wanted.to_json(),
        state=RequestState.OPEN, answer="",
    )  # fmt: skip
    session.add(asked)
    session.flush()
    record(session, who.user_id, "change_request", asked.id, "ask_change", None, wanted.to_json(), reason, at=now)
    return asked


def answer_change(
    session: Session, who: Scope, asked: ChangeRequest, granted: bool, answer: str = "", *, now: datetime
) -> ChangeRequest:
    """Say yes or no to a change; yes carries it out at once. Goes into the journal.

    who     the lead of the rep's region
    answer  with a no it says why and cannot be empty
    raises  RuleBroken without words to a no, or with the rule that has come to stand against the change
            Conflict if it has been answered already
    """
    plan = take_as_lead(session, who, asked.plan, None)
    wanted = select(ChangeRequest).options(joinedload(ChangeRequest.plan)).where(ChangeRequest.id == asked.id)
    asked = session.scalars(wanted.execution_options(populate_existing=True)).one()
    if asked.state is not RequestState.OPEN:
        raise Conflict(N_("This request has been answered already."))
    if len(answer) > LONGEST_REASON or not granted:
        answer = reason_of(answer, field="answer")
    if granted:
        carry_out(session, who, plan, read_wanted(asked.wanted), now=now, reason=asked.reason)
    asked.state = RequestState.GRANTED if granted else RequestState.REFUSED
    asked.answered_at, asked.answered_by_id, asked.answer = now, who.user_id, answer.strip()
    asked.version += 1
    session.flush()
    before, after = {"state": RequestState.OPEN}, {"state": asked.state}
    record(session, who.user_id, "change_request", asked.id, "answer_change", before, after, asked.answer, at=now)
    return asked


def _locked(session: Session, who: Scope, plan: CallPlan, verb: str, now: datetime) -> CallPlan:
    changed(session, plan)
    record(
        session, who.user_id, "call_plan", plan.id, verb, {"is_locked": not plan.is_locked},
        {"is_locked": plan.is_locked}, at=now,
    )  # fmt: skip
    return plan
