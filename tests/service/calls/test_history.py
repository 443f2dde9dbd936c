"""Sheets of the time before are taken over at once: as they were reviewed, by the rules of any call."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from repcrm.accounts.models import AdoptionRating
from repcrm.calls.models import Call, CallSheet, FollowUp
from repcrm.calls.queries import get_details
from repcrm.calls.report import ProductTalk, Promise
from repcrm.calls.service import PastCall, PastSheet, take_over_sheets
from repcrm.calls.terms import CallPurpose, CallResult, CallStatus, SheetStatus
from repcrm.core.errors import NotFound, RuleBroken
from repcrm.db.journal import JournalEntry
from tests.service.calls.conftest import NOW, Field

DAY = date(2026, 3, 2)
THEN = datetime(2026, 3, 2, 10, 30, tzinfo=NOW.tzinfo)


def past_sheet(field: Field, *calls: PastCall, day: date = DAY) -> PastSheet:
    return PastSheet(day, calls, THEN, THEN + timedelta(days=7), field.lead.user_id, "fine")


def made(field: Field, *, is_planned: bool = False, **said: Any) -> PastCall:
    places = field.places(DAY)
    return PastCall(field.doctor.id, places, field.report(**said), is_planned=is_planned, logged_at=THEN)


def test_a_reviewed_sheet_is_taken_over_with_all_that_hangs_on_its_calls(field):
    talks = (ProductTalk(field.product.id, 4, 30), ProductTalk(field.other_product.id))
    call = made(
        field, products=talks, purposes=(CallPurpose.CHECK_STOCK,), follow_up=Promise(date(2026, 3, 9), "paper")
    )
    cancelled = PastCall(field.colleague.id, field.places(DAY), None, is_planned=True, cancel_reason="away")
    (promise,) = take_over_sheets(field.session, field.rep, [past_sheet(field, call, cancelled)])
    sheet = field.session.scalars(select(CallSheet)).one()
    assert (sheet.status, sheet.review_comment, sheet.reviewed_by_id) == (
        SheetStatus.REVIEWED, "fine", field.lead.user_id,
    )  # fmt: skip
    first, second = field.session.scalars(select(Call).order_by(Call.id)).all()
    assert (first.status, second.status, second.cancel_reason) == (CallStatus.DONE, CallStatus.CANCELLED, "away")
    facts = get_details(field.session, field.rep, first.id).facts()
    assert facts["ratings"] == {field.product.name: 4}
    assert facts["stock"] == {field.product.name: 30}
    assert (facts["purposes"], facts["follow_up"]) == ([CallPurpose.CHECK_STOCK], ["2026-03-09 paper"])
    assert (promise.call_id, promise.doctor_id, promise.done_at) == (first.id, field.doctor.id, None)
    verbs = field.session.scalars(select(JournalEntry.verb).order_by(JournalEntry.id)).all()
    assert verbs == ["rate_doctor", "submit_sheet", "accept_sheet"]


def test_only_a_rating_that_says_something_new_becomes_the_doctors(field):
    sheets = [
        past_sheet(field, made(field, products=(ProductTalk(field.product.id, rating),)), day=DAY + timedelta(days=n))
        for n, rating in enumerate((3, 3, 5))
    ]
    take_over_sheets(field.session, field.rep, sheets)
    rows = field.session.execute(select(AdoptionRating.rating, AdoptionRating.rated_on).order_by(AdoptionRating.id))
    assert [tuple(row) for row in rows] == [(3, DAY), (5, DAY + timedelta(days=2))]


def test_a_promise_that_a_past_call_kept_is_ticked_off(field):
    given = made(field, follow_up=Promise(date(2026, 3, 9)))
    (promise,) = take_over_sheets(field.session, field.rep, [past_sheet(field, given)])
    keeping = made(field, kept_follow_up_ids=(promise.id,))
    take_over_sheets(field.session, field.rep, [past_sheet(field, keeping, day=date(2026, 3, 9))])
    field.session.expire_all()
    assert field.session.scalars(select(FollowUp.done_at)).one() == THEN


def test_what_cannot_be_true_is_refused_and_nothing_is_taken_over(field):
    wrong = made(field, result=CallResult.GOAL_MET, follow_up=Promise(DAY))
    with pytest.raises(RuleBroken):
        take_over_sheets(field.session, field.rep, [past_sheet(field, made(field), wrong)])
    assert field.session.scalars(select(CallSheet)).all() == []


def test_nobody_but_a_rep_has_sheets(field):
    with pytest.raises(NotFound):
        take_over_sheets(field.session, field.lead, [past_sheet(field, made(field))])
