"""What a rep does with the own plan by hand; each verb is undone by its opposite.

`now` is aware and in the business time zone everywhere here: its date is today.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from repcrm.accounts.models import Session as DayPart
from repcrm.core.errors import RuleBroken
from repcrm.core.words import N_
from repcrm.db.journal import record
from repcrm.organisation.access import Scope
from repcrm.organisation.models import User
from repcrm.planning.case import Case
from repcrm.planning.cycle import Cycle
from repcrm.planning.engine.problem import Visit
from repcrm.planning.field import Field
from repcrm.planning.ground import PARTS
from repcrm.planning.models import CallPlan
from repcrm.planning.moves import Refusal, weigh
from repcrm.planning.queries import find_plan
from repcrm.planning.queries.case import case_of
from repcrm.planning.queries.ground import ground_of
from repcrm.planning.queries.scope import get_rep
from repcrm.planning.queries.standing import standing_visits
from repcrm.planning.service.holding import changed, check_to_come, take_own
from repcrm.planning.service.placing import Desk
from repcrm.planning.terms import PlanStatus, VisitOrigin, Wish
from repcrm.planning.wishes import Wanted

WEEK = timedelta(weeks=1)


def open_plan(session: Session, who: Scope, rep: User, start_on: date, *, now: datetime) -> CallPlan:
    """Return a rep's plan of a cycle, begun as an empty draft if there was none.

    who     the rep, or the lead who lets a plan be proposed
    raises  RuleBroken for a cycle that is over; BadInput if no cycle begins on that day
    """
    get_rep(session, who, rep.id)
    if Cycle(start_on).until_on <= now.date():
        raise RuleBroken(N_("This cycle is over."), field="start_on")
    if found := find_plan(session, who, rep.id, start_on):
        return found
    plan = CallPlan(rep_id=rep.id, start_on=start_on, status=PlanStatus.DRAFT)
    try:
        with session.begin_nested():
            session.add(plan)
    except IntegrityError:  # begun by the rep and the lead at the same moment
        found = find_plan(session, who, rep.id, start_on)
        assert found, "the unique key was taken by a plan in scope"
        return found
    return plan


def add_visit(
    session: Session,
    who: Scope,
    plan: CallPlan,
    doctor_id: int,
    day_on: date,
    part: DayPart,
    *,
    now: datetime,
    seen_version: int | None = None,
) -> CallPlan:
    """Put a doctor on a day. Goes into the journal.

    raises  RuleBroken with the rule that stands against it, or while the plan is locked; Conflict if it has changed
    """
    plan = take_own(session, who, plan, seen_version)
    return carry_out(session, who, plan, Wanted(Wish.ADD, doctor_id, day_on=day_on, part=part), now=now)


def move_visit(
    session: Session,
    who: Scope,
    plan: CallPlan,
    doctor_id: int,
    from_on: date,
    day_on: date,
    part: DayPart,
    *,
    now: datetime,
    seen_version: int | None = None,
) -> CallPlan:
    """Move a visit to another day or part of the day. Goes into the journal; raises as `add_visit`."""
    plan = take_own(session, who, plan, seen_version)
    return carry_out(session, who, plan, Wanted(Wish.MOVE, doctor_id, from_on, day_on, part), now=now)


def remove_visit(
    session: Session,
    who: Scope,
    plan: CallPlan,
    doctor_id: int,
    day_on: date,
    *,
    now: datetime,
    seen_version: int | None = None,
) -> CallPlan:
    """Take a visit out; a published one stays on its sheet as planned anew, and the call is owed again.

    Goes into the journal. To undo it, add the visit again on the same day.
    """
    plan = take_own(session, who, plan, seen_version)
    return carry_out(session, who, plan, Wanted(Wish.REMOVE, doctor_id, from_on=day_on), now=now)


def pin_visit(
    session: Session,
    who: Scope,
    plan: CallPlan,
    doctor_id: int,
    day_on: date,
    is_pinned: bool = True,
    *,
    now: datetime,
    seen_version: int | None = None,
) -> CallPlan:
    """Say that a visit is agreed with the doctor: proposals leave it where it is; or that it no longer is."""
    plan = take_own(session, who, plan, seen_version)
    Desk(session, plan, Field({}, {}), now).pin(doctor_id, day_on, is_pinned)
    _journal(session, who, plan, "pin_visit", None, {"doctor_id": doctor_id, "day_on": day_on, "is_pinned": is_pinned},
             now)  # fmt: skip
    return changed(session, plan)


@dataclass(frozen=True)
class Copied:
    """What came of copying a week.

    skipped  doctor, day, and the rule that stood against it
    """

    visits: int
    skipped: tuple[tuple[int, date, Refusal], ...]


def copy_week(
    session: Session,
    who: Scope,
    plan: CallPlan,
    from_monday: date,
    to_monday: date,
    *,
    now: datetime,
    seen_version: int | None = None,
) -> Copied:
    """Plan a week as another one was, on the same weekdays; what a rule stands against is skipped and named.

    from_monday  of any week of this cycle or the one before
    to_monday    of a week of the plan's cycle
    raises       RuleBroken if the plan is locked or the week is not one of its cycle
    """
    plan = take_own(session, who, plan, seen_version)
    if to_monday not in Cycle(plan.start_on).mondays or from_monday.weekday() or from_monday == to_monday:
        raise RuleBroken(N_("Choose another week of the cycle."), field="week")
    source = _week_of(session, who, plan, from_monday, now.date())
    skipped: list[tuple[int, date, Refusal]] = []
    case = _case(session, who, plan, now)
    desk, visits = Desk(session, plan, case.ground.field, now), case.coming
    for doctor_id, day_on, part in source:
        day = day_on + (to_monday - from_monday)
        found = weigh(case, doctor_id, day, part, before=visits)
        if found.breaches:
            skipped.append((doctor_id, day, found.breaches[0]))
            continue
        desk.put(doctor_id, day, part, VisitOrigin.COPIED)
        visits = (*visits, Visit(case.ground.day_index[day], PARTS.index(part), doctor_id))
    copied = len(source) - len(skipped)
    after = {"from_on": from_monday, "to_on": to_monday, "visits": copied}
    _journal(session, who, plan, "copy_week", None, after, now)
    changed(session, plan)
    return Copied(copied, tuple(skipped))


def carry_out(
    session: Session, who: Scope, plan: CallPlan, wanted: Wanted, *, now: datetime, reason: str = ""
) -> CallPlan:
    """Change one visit of a plan that has been taken, if no rule stands against it. Goes into the journal."""
    check_to_come(wanted.from_on, now.date())
    case = _case(session, who, plan, now)
    desk = Desk(session, plan, case.ground.field, now)
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    if wanted.from_on is not None:
        part = desk.part_of(wanted.doctor_id, wanted.from_on)
        before = {"doctor_id": wanted.doctor_id, "day_on": wanted.from_on, "part": part}
    if wanted.day_on is None or wanted.part is None:
        assert wanted.from_on is not None, "a visit that is taken out stood somewhere"
        desk.take_off(wanted.doctor_id, wanted.from_on)
    else:
        weigh(case, wanted.doctor_id, wanted.day_on, wanted.part, wanted.from_on).refuse()
        after = {"doctor_id": wanted.doctor_id, "day_on": wanted.day_on, "part": wanted.part}
        if wanted.from_on is None:
            desk.put(wanted.doctor_id, wanted.day_on, wanted.part, VisitOrigin.BY_HAND)
        else:
            desk.shift(wanted.doctor_id, wanted.from_on, wanted.day_on, wanted.part)
    _journal(session, who, plan, f"{wanted.what.value}_visit", before, after, now, reason)
    return changed(session, plan)


def _week_of(
    session: Session, who: Scope, plan: CallPlan, monday: date, today: date
) -> list[tuple[int, date, DayPart]]:
    """The visits of a week as they were planned or made."""
    cycle = Cycle.of(monday)
    rep = plan.rep
    of_cycle = plan if cycle.start_on == plan.start_on else find_plan(session, who, rep.id, cycle.start_on)
    ground = ground_of(session, rep, cycle.start_on, today)
    visits = standing_visits(session, who, rep, ground, of_cycle)
    return [
        (visit.doctor_id, visit.day_on, visit.part)
        for visit in visits
        if visit.takes_time and monday <= visit.day_on < monday + WEEK
    ]


def _case(session: Session, who: Scope, plan: CallPlan, now: datetime) -> Case:
    return case_of(session, who, plan.rep, plan.start_on, plan, now.date())


def _journal(
    session: Session,
    who: Scope,
    plan: CallPlan,
    verb: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    now: datetime,
    reason: str = "",
) -> None:
    record(session, who.user_id, "call_plan", plan.id, verb, before, after, reason, at=now)
