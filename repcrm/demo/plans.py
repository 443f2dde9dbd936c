"""The demo company's running cycle: planned and published on the Friday before, locked by the lead, and asked about."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from repcrm.calls.models import Call, CallStatus
from repcrm.demo.world import World
from repcrm.organisation.models import User
from repcrm.planning import service
from repcrm.planning.cycle import Cycle
from repcrm.planning.engine.greedy import greedy
from repcrm.planning.models import CallPlan
from repcrm.planning.policy import Policy
from repcrm.planning.queries import find_plan
from repcrm.planning.queries.case import case_of
from repcrm.planning.reasons import Explained
from repcrm.planning.service.proposing import result_of
from repcrm.planning.terms import ProposalKind, Wish
from repcrm.planning.wishes import Wanted

GUARANTEED = 1
"""Calls a cycle on key doctors that the lead guarantees: the company has many of them."""


def plan_cycle(world: World) -> None:
    """Put the running cycle's planning on the agenda."""
    cycle = Cycle.of(world.today)
    friday = world.instant(cycle.start_on - timedelta(days=3), 15)
    if friday.date() < world.begins_on:
        return
    world.happens(friday, lambda: _set_rules(world, friday))
    for place, rep in enumerate(world.reps):
        _plan(world, rep, cycle, friday + timedelta(minutes=10 + 3 * place))
    locked_at = world.instant(world.next_working_day(cycle.start_on), 9)
    world.happens(locked_at, lambda: _lock(world, cycle, world.reps[0], locked_at))
    asked_at = world.instant(world.today, 8, 45)
    world.happens(asked_at, lambda: _ask(world, cycle, world.reps[0], asked_at))


def _set_rules(world: World, at: datetime) -> None:
    rules = replace(Policy(), calls_a_day=world.size.most_calls, key_must_calls=GUARANTEED)
    service.set_policy(world.session, world.scope(world.lead, at.date()), rules, now=at)


def _plan(world: World, rep: User, cycle: Cycle, at: datetime) -> None:
    """Let the first plan that keeps the rules be proposed, take it, and publish it."""

    def publish() -> None:
        session, who = world.session, world.scope(rep, at.date())
        plan = service.open_plan(session, who, rep, cycle.start_on, now=at)
        case = case_of(session, who, rep, cycle.start_on, plan, at.date())
        found = result_of(case, ProposalKind.PROPOSE, plan.version, greedy(case.problem), Explained())
        proposal = service.keep_proposal(session, who, plan, found, now=at)
        service.accept_proposal(session, who, plan, proposal, now=at + timedelta(minutes=1))
        service.publish_plan(session, who, plan, now=at + timedelta(minutes=2))

    world.happens(at, publish)


def _lock(world: World, cycle: Cycle, rep: User, at: datetime) -> None:
    service.lock_plan(world.session, world.scope(world.lead, at.date()), _plan_of(world, cycle, rep), now=at)


def _ask(world: World, cycle: Cycle, rep: User, at: datetime) -> None:
    """The rep whose plan is locked asks for a visit to come to be taken out."""
    plan = _plan_of(world, cycle, rep)
    coming = select(Call).where(Call.rep_id == rep.id, Call.status == CallStatus.PLANNED, Call.day_on > at.date())
    call = world.session.scalars(coming.order_by(Call.day_on, Call.id).limit(1)).first()
    if call is not None and plan.is_locked:
        wanted = Wanted(Wish.REMOVE, call.main_doctor_id, from_on=call.day_on)
        service.ask_change(world.session, world.scope(rep, at.date()), plan, wanted, "医生外出参加学术会议", now=at)


def _plan_of(world: World, cycle: Cycle, rep: User) -> CallPlan:
    found = find_plan(world.session, world.scope(rep, cycle.start_on), rep.id, cycle.start_on)
    assert found, "planned on the Friday before"
    return found
