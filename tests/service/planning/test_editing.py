"""What a rep does with the own plan by hand."""

from datetime import date, timedelta

import pytest

from repcrm.accounts.models import Session as DayPart
from repcrm.accounts.models import Tier
from repcrm.calls.ceiling import Ceiling
from repcrm.calls.models import CallStatus
from repcrm.calls.service import set_ceiling
from repcrm.calls.terms import MissReason
from repcrm.core.errors import Conflict, NotFound, RuleBroken
from repcrm.db.journal import JournalEntry
from repcrm.diary.service import Absence, take_time_off
from repcrm.diary.terms import TimeOffKind
from repcrm.planning import service
from repcrm.planning.queries import check_every_slot, check_visit, list_visits
from repcrm.planning.queries.board import get_board
from tests import factories as make
from tests.service.planning.conftest import NEXT, NOW, TODAY

TUESDAY, WEDNESDAY = date(2026, 12, 1), date(2026, 12, 2)


def places(session, beat, plan):
    return [(visit.doctor_id, visit.day_on, visit.part) for visit in list_visits(session, beat.scope(), plan.id)]


def test_a_plan_is_begun_once(session, beat):
    first = service.open_plan(session, beat.scope(), beat.rep, NEXT, now=NOW)
    assert service.open_plan(session, beat.scope(beat.lead), beat.rep, NEXT, now=NOW).id == first.id
    with pytest.raises(RuleBroken, match="over"):
        service.open_plan(session, beat.scope(), beat.rep, date(2026, 10, 5), now=NOW)
    with pytest.raises(NotFound):
        service.open_plan(session, beat.scope(beat.stranger), beat.rep, NEXT, now=NOW)


def test_a_visit_is_added_moved_and_taken_out_and_every_step_undone(session, beat):
    doctor, plan = beat.doctor(), beat.plan()
    service.add_visit(session, beat.scope(), plan, doctor.id, NEXT, DayPart.AM, now=NOW, seen_version=1)
    service.move_visit(session, beat.scope(), plan, doctor.id, NEXT, WEDNESDAY, DayPart.AM, now=NOW, seen_version=2)
    assert places(session, beat, plan) == [(doctor.id, WEDNESDAY, DayPart.AM)]
    service.move_visit(session, beat.scope(), plan, doctor.id, WEDNESDAY, NEXT, DayPart.AM, now=NOW)
    service.remove_visit(session, beat.scope(), plan, doctor.id, NEXT, now=NOW)
    assert places(session, beat, plan) == []
    service.add_visit(session, beat.scope(), plan, doctor.id, NEXT, DayPart.AM, now=NOW)
    assert places(session, beat, plan) == [(doctor.id, NEXT, DayPart.AM)]
    verbs = [entry.verb for entry in session.query(JournalEntry).order_by(JournalEntry.id)]
    assert verbs == ["add_visit", "move_visit", "move_visit", "remove_visit", "add_visit"]


def test_a_hard_rule_refuses_a_visit_in_words(session, beat):
    mornings = beat.doctor(slots=((1, DayPart.AM), (2, DayPart.AM)), tier=Tier.KEY)
    plan = beat.plan()

    def add(day, part=DayPart.AM):
        service.add_visit(session, beat.scope(), plan, mornings.id, day, part, now=NOW)

    with pytest.raises(RuleBroken, match="no clinic session"):
        add(WEDNESDAY)
    with pytest.raises(RuleBroken, match="Nobody works"):
        add(date(2026, 12, 5))
    add(NEXT)
    with pytest.raises(RuleBroken, match="1 working days from another call"):
        add(TUESDAY)
    with pytest.raises(RuleBroken, match="that day already"):
        add(NEXT)
    assert len(places(session, beat, plan)) == 1


def test_time_off_closes_a_session(session, beat):
    doctor, plan = beat.doctor(), beat.plan()
    away = Absence(NEXT, NEXT + timedelta(days=1), TimeOffKind.ANNUAL)
    take_time_off(session, beat.scope(), beat.rep, away, now=NOW)
    check = check_visit(session, beat.scope(), plan, doctor.id, NEXT, DayPart.AM)
    assert [refusal.message for refusal in check.breaches] == [
        "The session would take %(minutes)s minutes; there are %(most)s."
    ]


def test_a_check_says_what_a_visit_brings_and_costs(session, beat):
    # 500 yuan x headroom 1000 x pull 100 permille = 50; of four calls the first earns 50 (1 - exp(-0.35)) = 14.77
    # and the evenness of a week of its own 12 % of that, 1.77; on the way are 30 minutes there and 30 back
    doctor, plan = beat.doctor(rating=4), beat.plan()
    check = check_visit(session, beat.scope(), plan, doctor.id, NEXT, DayPart.AM)
    assert check.is_allowed
    assert check.value_delta == pytest.approx(14.77 + 1.77)
    assert check.travel_delta_minutes == 60
    assert check.total_delta == pytest.approx(14.77 + 1.77 - 60 * 0.5)
    everywhere = check_every_slot(session, beat.scope(), plan, doctor.id)
    assert {part for (_, part), found in everywhere.items() if found.is_allowed} == {DayPart.AM}


def test_the_ceiling_of_the_company_is_kept_by_hand_too(session, beat):
    doctor, plan = beat.doctor(), beat.plan()
    colleague = make.make_rep(session, region=beat.region)
    for day in (2, 9):
        sheet = make.make_sheet(session, rep=colleague, day_on=date(2026, 11, day))
        make.make_call(session, sheet=sheet, main_doctor=doctor, hospital=beat.hospital)
    set_ceiling(session, beat.scope(make.make_admin(session)), Ceiling(2, 28), now=NOW)
    check = check_visit(session, beat.scope(), plan, doctor.id, date(2026, 12, 1), DayPart.AM)
    assert check.is_allowed  # 28 days from 9 November on end with 6 December; 2 November lies outside
    service.add_visit(session, beat.scope(), plan, doctor.id, date(2026, 12, 1), DayPart.AM, now=NOW)
    with pytest.raises(RuleBroken):
        service.add_visit(session, beat.scope(), plan, doctor.id, date(2026, 12, 14), DayPart.AM, now=NOW)


def test_a_plan_that_changed_meanwhile_is_a_conflict(session, beat):
    doctor, plan = beat.doctor(), beat.plan()
    service.add_visit(session, beat.scope(), plan, doctor.id, NEXT, DayPart.AM, now=NOW, seen_version=1)
    with pytest.raises(Conflict):
        service.remove_visit(session, beat.scope(), plan, doctor.id, NEXT, now=NOW, seen_version=1)
    with pytest.raises(Conflict):
        service.remove_visit(session, beat.scope(), plan, doctor.id, TUESDAY, now=NOW)


def test_a_week_is_copied_as_far_as_the_rules_allow(session, beat):
    daily, once = beat.doctor(tier=Tier.KEY), beat.doctor(rating=1)
    plan = beat.plan()
    for doctor, day in ((daily, NEXT), (daily, WEDNESDAY), (once, NEXT)):
        service.add_visit(session, beat.scope(), plan, doctor.id, day, DayPart.AM, now=NOW)

    copied = service.copy_week(session, beat.scope(), plan, NEXT, NEXT + timedelta(weeks=1), now=NOW)

    assert copied.visits == 2
    assert [(doctor_id, day) for doctor_id, day, _ in copied.skipped] == [(once.id, date(2026, 12, 7))]
    assert len(places(session, beat, plan)) == 5


def test_the_last_week_of_the_cycle_before_can_be_copied(session, beat):
    doctor, plan = beat.doctor(), beat.plan()
    beat.call(doctor, date(2026, 11, 24), is_planned=True)
    service.copy_week(session, beat.scope(), plan, date(2026, 11, 23), NEXT, now=NOW)
    assert places(session, beat, plan) == [(doctor.id, TUESDAY, DayPart.AM)]


def test_once_published_the_calls_are_moved_and_taken_off(session, beat):
    moved, dropped, plan = beat.doctor(), beat.doctor(), beat.plan()
    for doctor in (moved, dropped):
        service.add_visit(session, beat.scope(), plan, doctor.id, NEXT, DayPart.AM, now=NOW)
    service.publish_plan(session, beat.scope(), plan, now=NOW)
    service.move_visit(session, beat.scope(), plan, moved.id, NEXT, TUESDAY, DayPart.AM, now=NOW)
    service.remove_visit(session, beat.scope(), plan, dropped.id, NEXT, now=NOW)

    board = get_board(session, beat.scope(), beat.rep.id, NEXT, TODAY)
    visits = {visit.doctor_id: visit for day in board.days for visit in day.visits}
    assert (visits[moved.id].day_on, visits[moved.id].moved_from) == (TUESDAY, NEXT)
    assert visits[dropped.id].miss_reason is MissReason.REPLANNED
    assert places(session, beat, plan) == [(doctor.id, NEXT, DayPart.AM) for doctor in (moved, dropped)]

    service.add_visit(session, beat.scope(), plan, dropped.id, NEXT, DayPart.AM, now=NOW)
    visit = next(one for one in list_visits(session, beat.scope(), plan.id) if one.doctor_id == dropped.id)
    assert visit.call
    assert visit.call.status is CallStatus.PLANNED


def test_only_the_rep_changes_a_plan(session, beat):
    doctor, plan = beat.doctor(), beat.plan()
    for who in (beat.lead, beat.stranger):
        with pytest.raises(NotFound):
            service.add_visit(session, beat.scope(who), plan, doctor.id, NEXT, DayPart.AM, now=NOW)


def test_a_day_of_leave_is_emptied_visit_by_visit(session, beat):
    first, second, plan = beat.doctor(), beat.doctor(), beat.plan()
    for doctor in (first, second):
        service.add_visit(session, beat.scope(), plan, doctor.id, NEXT, DayPart.AM, now=NOW)
    away = Absence(NEXT, NEXT + timedelta(days=1), TimeOffKind.SICK)
    take_time_off(session, beat.scope(), beat.rep, away, now=NOW)
    for doctor in (first, second):
        service.move_visit(session, beat.scope(), plan, doctor.id, NEXT, TUESDAY, DayPart.AM, now=NOW)
    assert {day for _, day, _ in places(session, beat, plan)} == {TUESDAY}
    with pytest.raises(RuleBroken, match="minutes"):
        service.move_visit(session, beat.scope(), plan, first.id, TUESDAY, NEXT, DayPart.AM, now=NOW)
