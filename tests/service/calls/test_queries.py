"""Reading calls, sheets and promises: what is counted, and who sees it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from repcrm.calls import queries
from repcrm.calls.models import CallStatus, SheetStatus
from repcrm.calls.queries import CallCounts, Per
from repcrm.calls.terms import CallResult
from repcrm.core.errors import NotFound
from repcrm.core.workdays import WorkCalendar
from repcrm.organisation.access import Scope
from tests.factories import (
    make_call,
    make_call_product,
    make_doctor,
    make_follow_up,
    make_lead,
    make_sheet,
    scope_of,
)
from tests.service.calls.conftest import TODAY, Field

MONDAY, TUESDAY, NEXT_MONDAY = date(2026, 11, 16), date(2026, 11, 17), date(2026, 11, 23)


@pytest.fixture
def strangers(field: Field, other_rep: Any, admin: Any) -> list[Scope]:
    """Everybody who must see nothing of the rep's calls."""
    elsewhere = make_lead(field.session, region_id=other_rep.region_id)
    return [scope_of(who, TODAY) for who in (other_rep, elsewhere, admin)]


def test_calls_are_counted_once_under_rep_hospital_and_doctor(field: Field) -> None:
    sheet = make_sheet(field.session, rep_id=field.rep.user_id, day_on=MONDAY)
    there = {"sheet": sheet, "hospital": field.hospital}
    make_call(field.session, **there, main_doctor=field.doctor, is_planned=True)
    make_call(field.session, **there, main_doctor=field.doctor, result=CallResult.NOT_MET)
    make_call(field.session, **there, main_doctor=field.colleague, is_planned=True, status=CallStatus.PLANNED)
    make_call(field.session, **there, main_doctor=field.colleague, is_planned=True, status=CallStatus.CANCELLED)
    week = (MONDAY, NEXT_MONDAY)
    assert queries.count_calls_by(field.session, field.rep, *week) == {(): CallCounts(3, 2, 1)}
    assert queries.count_calls_by(field.session, field.lead, *week, Per.REP, Per.HOSPITAL) == {
        (field.rep.user_id, field.hospital.id): CallCounts(3, 2, 1)
    }
    assert queries.count_calls_by(field.session, field.lead, *week, Per.DOCTOR) == {
        (field.doctor.id,): CallCounts(1, 2, 1),
        (field.colleague.id,): CallCounts(2, 0, 0),
    }
    assert queries.count_calls_by(field.session, field.lead, MONDAY, MONDAY, Per.DAY) == {}


def test_nobody_counts_calls_of_others(field: Field, strangers: list[Scope]) -> None:
    make_call(field.session, rep_id=field.rep.user_id, day_on=MONDAY)
    for scope in strangers:
        assert queries.count_calls_by(field.session, scope, MONDAY, NEXT_MONDAY, Per.REP) == {}
        assert queries.last_calls(field.session, scope, NEXT_MONDAY) == {}


def test_the_last_call_is_the_last_one_made(field: Field) -> None:
    for day, status in ((MONDAY, CallStatus.DONE), (TUESDAY, CallStatus.CANCELLED), (NEXT_MONDAY, CallStatus.DONE)):
        make_call(field.session, rep_id=field.rep.user_id, day_on=day, main_doctor=field.doctor, status=status)
    assert queries.last_calls(field.session, field.rep, NEXT_MONDAY) == {field.doctor.id: MONDAY}
    assert queries.last_calls(field.session, field.rep, NEXT_MONDAY, [field.colleague.id]) == {}


def test_effective_calls_of_the_month_per_doctor(field: Field) -> None:
    for day, result in ((2, CallResult.GOAL_MET), (3, CallResult.PARTLY), (4, CallResult.DOCTOR_NOT_MET)):
        make_call(
            field.session, rep_id=field.rep.user_id, day_on=date(2026, 11, day), main_doctor=field.doctor, result=result
        )
    found = queries.effective_calls(field.session, field.rep, date(2026, 11, 1), date(2026, 12, 1))
    assert found == {field.doctor.id: 2}


def test_calls_of_a_doctor_come_newest_first_with_their_products(field: Field, strangers: list[Scope]) -> None:
    first = make_call(field.session, rep_id=field.rep.user_id, day_on=MONDAY, main_doctor=field.doctor)
    second = make_call(field.session, rep_id=field.rep.user_id, day_on=TUESDAY, main_doctor=field.doctor)
    make_call_product(field.session, call=second, product=field.other_product)
    make_call_product(field.session, call=second, product=field.product)
    for scope in (field.rep, field.lead):
        lines = queries.list_calls_of_doctor(field.session, scope, field.doctor.id)
        assert [line.id for line in lines] == [second.id, first.id]
        assert lines[0].products == (field.other_product.name, field.product.name)
    assert len(queries.list_calls_of_doctor(field.session, field.rep, field.doctor.id, limit=1)) == 1
    for scope in strangers:
        assert queries.list_calls_of_doctor(field.session, scope, field.doctor.id) == []


def test_a_call_or_sheet_out_of_scope_is_not_found(field: Field, strangers: list[Scope]) -> None:
    call = make_call(field.session, rep_id=field.rep.user_id, day_on=MONDAY)
    for scope in (field.rep, field.lead):
        assert queries.get_call(field.session, scope, call.id) is call
        assert queries.get_sheet(field.session, scope, call.sheet_id).id == call.sheet_id
    for scope in strangers:
        with pytest.raises(NotFound):
            queries.get_call(field.session, scope, call.id)
        with pytest.raises(NotFound):
            queries.get_sheet(field.session, scope, call.sheet_id)
        assert queries.list_calls_of_sheet(field.session, scope, call.sheet_id) == []
        assert queries.find_sheet(field.session, scope, field.rep.user_id, MONDAY) is None
        assert queries.filled_sheets(field.session, scope, None, MONDAY, NEXT_MONDAY) == {}


def test_sheets_wait_for_the_lead_only(field: Field, strangers: list[Scope]) -> None:
    waiting = make_sheet(field.session, rep_id=field.rep.user_id, day_on=MONDAY, status=SheetStatus.SUBMITTED)
    make_sheet(field.session, rep_id=field.rep.user_id, day_on=TUESDAY)
    make_call(field.session, sheet=waiting, is_planned=True)
    rows = queries.list_sheets_to_review(field.session, field.lead)
    assert [(row.id, row.planned, row.done, row.effective) for row in rows] == [(waiting.id, 1, 1, 1)]
    for scope in (field.rep, *strangers):
        assert queries.list_sheets_to_review(field.session, scope) == []


def test_promises_due_come_oldest_first_and_kept_ones_are_gone(field: Field, strangers: list[Scope]) -> None:
    call = make_call(field.session, rep_id=field.rep.user_id, day_on=MONDAY, main_doctor=field.doctor)
    late = make_follow_up(field.session, call=call, due_on=date(2026, 11, 20))
    today = make_follow_up(field.session, call=call, due_on=TODAY)
    later = make_follow_up(field.session, call=call, due_on=date(2026, 11, 24))
    kept = make_follow_up(field.session, call=call, due_on=MONDAY, done_at=datetime(2026, 11, 20, tzinfo=UTC))
    tomorrow = date(2026, 11, 24)
    assert [row.id for row in queries.list_follow_ups_due(field.session, field.rep, tomorrow)] == [late.id, today.id]
    assert [row.id for row in queries.list_follow_ups_to_come(field.session, field.rep, tomorrow)] == [later.id]
    assert queries.count_follow_ups_due(field.session, field.rep, tomorrow) == 2
    everything = queries.list_follow_ups_of_doctor(field.session, field.lead, field.doctor.id)
    assert [row.id for row in everything] == [late.id, today.id, later.id, kept.id]
    for scope in strangers:
        assert queries.list_follow_ups_of_doctor(field.session, scope, field.doctor.id) == []
        assert queries.list_follow_ups_due(field.session, scope, tomorrow) == []
        with pytest.raises(NotFound):
            queries.get_follow_up(field.session, scope, late.id)


def test_a_doctor_who_has_left_the_territory_still_stands_on_the_sheet(field: Field) -> None:
    gone = make_doctor(field.session, name="Gone")
    sheet = make_sheet(field.session, rep_id=field.rep.user_id, day_on=TODAY)
    make_call(field.session, sheet=sheet, main_doctor=gone, hospital=field.hospital, status=CallStatus.PLANNED)
    day = queries.get_day(field.session, field.rep, TODAY, TODAY, WorkCalendar([]))
    assert [card.name for group in day.planned for card in group.cards] == ["Gone"]


def test_a_day_gone_by_suggests_nobody(field: Field) -> None:
    make_follow_up(field.session, call=make_call(field.session, rep_id=field.rep.user_id, main_doctor=field.doctor))
    assert queries.get_day(field.session, field.rep, TODAY, TODAY, WorkCalendar([])).suggested != ()
    assert queries.get_day(field.session, field.rep, TODAY, date(2026, 11, 24), WorkCalendar([])).suggested == ()
