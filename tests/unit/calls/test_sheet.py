"""The ladder of a call sheet and what stands in the way of handing it in."""

from datetime import date

import pytest

from repcrm.calls.sheet import (
    LADDER,
    Hand,
    Line,
    Step,
    check_log_day,
    check_plan_day,
    check_submission,
    climb,
    is_locked,
    permits,
    progress,
)
from repcrm.calls.terms import CallResult, CallStatus, SheetStatus
from repcrm.core.errors import NotFound, RuleBroken

MONDAY = date(2026, 11, 23)


def done(result: CallResult = CallResult.GOAL_MET, name: str = "Li") -> Line:
    return Line(CallStatus.DONE, is_planned=True, result=result, doctor_name=name)


def planned(name: str = "Li") -> Line:
    return Line(CallStatus.PLANNED, is_planned=True, result=None, doctor_name=name)


CANCELLED = Line(CallStatus.CANCELLED, is_planned=True, result=None)


def test_a_sheet_goes_from_draft_through_the_leads_hands_and_back() -> None:
    status = climb(SheetStatus.DRAFT, Step.SUBMIT, Hand.REP)
    status = climb(status, Step.RETURN, Hand.LEAD)
    assert status is SheetStatus.RETURNED
    assert climb(status, Step.WRITE, Hand.REP) is SheetStatus.RETURNED
    status = climb(status, Step.SUBMIT, Hand.REP)
    assert climb(status, Step.ACCEPT, Hand.LEAD) is SheetStatus.REVIEWED


def test_only_submitted_and_reviewed_are_locked() -> None:
    assert [status for status in SheetStatus if is_locked(status)] == [SheetStatus.SUBMITTED, SheetStatus.REVIEWED]


@pytest.mark.parametrize("status", SheetStatus)
@pytest.mark.parametrize("step", Step)
def test_a_step_that_is_not_on_the_ladder_is_refused(status: SheetStatus, step: Step) -> None:
    if (status, step) in LADDER:
        owner = LADDER[status, step][0]
        other = Hand.LEAD if owner is Hand.REP else Hand.REP
        assert permits(status, step, owner)
        assert not permits(status, step, other)
        with pytest.raises(NotFound):
            climb(status, step, other)
    else:
        for hand in Hand:
            assert not permits(status, step, hand)
            with pytest.raises(RuleBroken):
                climb(status, step, hand)


def test_a_locked_sheet_is_amended_and_an_open_one_is_not() -> None:
    for status in SheetStatus:
        assert permits(status, Step.AMEND, Hand.REP) is is_locked(status)


def test_cancelled_calls_are_neither_done_nor_to_do() -> None:
    counted = progress([done(), done(CallResult.NOT_MET), planned(), CANCELLED])
    assert (counted.done, counted.to_do, counted.left, counted.effective, counted.cancelled) == (2, 3, 1, 1, 1)


def test_partly_met_is_effective_and_a_doctor_not_met_is_not() -> None:
    assert progress([done(CallResult.PARTLY), done(CallResult.DOCTOR_NOT_MET)]).effective == 1


def test_a_day_with_open_calls_is_not_handed_in_and_the_refusal_names_them() -> None:
    with pytest.raises(RuleBroken) as refusal:
        check_submission(MONDAY, [done(), planned("Zhang"), planned("Wang")], MONDAY)
    assert refusal.value.params["names"] == "Zhang, Wang"


def test_a_day_to_come_is_not_handed_in() -> None:
    with pytest.raises(RuleBroken, match="before its day"):
        check_submission(date(2026, 11, 24), [], MONDAY)


def test_a_finished_or_an_empty_day_is_handed_in() -> None:
    check_submission(MONDAY, [done(), CANCELLED], MONDAY)
    check_submission(MONDAY, [], MONDAY)


def test_a_call_is_recorded_up_to_a_fortnight_late_and_never_ahead() -> None:
    check_log_day(MONDAY, MONDAY, SheetStatus.DRAFT)
    check_log_day(date(2026, 11, 9), MONDAY, SheetStatus.DRAFT)
    with pytest.raises(RuleBroken, match="14 days"):
        check_log_day(date(2026, 11, 8), MONDAY, SheetStatus.DRAFT)
    with pytest.raises(RuleBroken, match="before it was made"):
        check_log_day(date(2026, 11, 24), MONDAY, SheetStatus.DRAFT)


def test_a_sheet_sent_back_is_put_right_however_old() -> None:
    check_log_day(date(2026, 9, 1), MONDAY, SheetStatus.RETURNED)


def test_a_call_is_planned_from_today_to_sixty_days_ahead() -> None:
    check_plan_day(MONDAY, MONDAY)
    check_plan_day(date(2027, 1, 22), MONDAY)
    with pytest.raises(RuleBroken, match="gone by"):
        check_plan_day(date(2026, 11, 22), MONDAY)
    with pytest.raises(RuleBroken, match="60 days"):
        check_plan_day(date(2027, 1, 23), MONDAY)
