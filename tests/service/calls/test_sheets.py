"""A sheet on its way: handed in, sent back, accepted; and two devices at once."""

from collections.abc import Callable
from datetime import date
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from repcrm.calls import service
from repcrm.calls.models import Call, CallSheet, SheetStatus
from repcrm.core.errors import Conflict, NotFound, RuleBroken
from repcrm.db.journal import JournalEntry
from repcrm.db.unit_of_work import begin_writing
from tests import factories
from tests.service.calls.conftest import NOW, TODAY, Field

YESTERDAY, TOMORROW = date(2026, 11, 22), date(2026, 11, 24)


def log(field: Field) -> Call:
    return service.log_call(field.session, field.rep, field.sheet(), field.report(), field.places(), now=NOW)


def test_a_day_has_one_sheet(field: Field) -> None:
    assert field.sheet() is field.sheet()
    assert field.sheet().status is SheetStatus.DRAFT
    assert field.sheet(TOMORROW).id != field.sheet().id


def test_handing_in_locks_the_sheet_and_is_journalled(field: Field) -> None:
    sheet = log(field).sheet
    service.submit_sheet(field.session, field.rep, sheet, now=NOW)
    assert (sheet.status, sheet.submitted_at, sheet.version) == (SheetStatus.SUBMITTED, NOW, 2)
    entry = field.session.scalars(select(JournalEntry).where(JournalEntry.subject == "call_sheet")).one()
    assert (entry.verb, entry.actor_id) == ("submit_sheet", field.rep.user_id)
    assert (entry.before, entry.after) == ({"status": "draft"}, {"status": "submitted", "calls_done": 1})


def test_a_sheet_with_an_open_call_is_refused_naming_the_doctor(field: Field) -> None:
    sheet = field.sheet()
    service.plan_call(field.session, field.rep, sheet, field.doctor.id, field.places()[field.doctor.id], now=NOW)
    with pytest.raises(RuleBroken) as refusal:
        service.submit_sheet(field.session, field.rep, sheet, now=NOW)
    assert refusal.value.params == {"names": "Li Min"}
    assert (sheet.status, sheet.version) == (SheetStatus.DRAFT, 1)


def test_tomorrow_is_not_handed_in_today(field: Field) -> None:
    with pytest.raises(RuleBroken):
        service.submit_sheet(field.session, field.rep, field.sheet(TOMORROW), now=NOW)


def test_a_sheet_is_not_handed_in_twice_nor_from_a_stale_page(field: Field) -> None:
    sheet = field.sheet()
    with pytest.raises(Conflict):
        service.submit_sheet(field.session, field.rep, sheet, now=NOW, seen_version=7)
    service.submit_sheet(field.session, field.rep, sheet, now=NOW, seen_version=1)
    with pytest.raises(RuleBroken, match="already"):
        service.submit_sheet(field.session, field.rep, sheet, now=NOW)


def test_the_lead_accepts_with_a_word(field: Field) -> None:
    sheet = service.submit_sheet(field.session, field.rep, field.sheet(), now=NOW)
    service.accept_sheet(field.session, field.lead, sheet, "Well done", now=NOW, seen_version=2)
    assert (sheet.status, sheet.review_comment) == (SheetStatus.REVIEWED, "Well done")
    assert (sheet.reviewed_at, sheet.reviewed_by_id) == (NOW, field.lead.user_id)


def test_a_sheet_sent_back_is_open_again_and_the_reason_stays(field: Field) -> None:
    sheet = service.submit_sheet(field.session, field.rep, field.sheet(), now=NOW)
    with pytest.raises(RuleBroken, match="put right"):
        service.return_sheet(field.session, field.lead, sheet, "", now=NOW)
    service.return_sheet(field.session, field.lead, sheet, "Two calls are missing", now=NOW)
    assert (sheet.status, sheet.review_comment) == (SheetStatus.RETURNED, "Two calls are missing")
    log(field)
    service.submit_sheet(field.session, field.rep, sheet, now=NOW)
    assert sheet.status is SheetStatus.SUBMITTED
    verbs = field.session.scalars(select(JournalEntry.verb).order_by(JournalEntry.id)).all()
    assert verbs == ["submit_sheet", "return_sheet", "submit_sheet"]


def test_only_a_sheet_that_waits_is_reviewed(field: Field) -> None:
    sheet = field.sheet()
    for review in (service.accept_sheet, service.return_sheet):
        with pytest.raises(RuleBroken):
            review(field.session, field.lead, sheet, "x", now=NOW)
    assert sheet.status is SheetStatus.DRAFT


def test_nobody_reviews_but_the_lead_of_the_region(field: Field, other_rep: Any) -> None:
    sheet = service.submit_sheet(field.session, field.rep, field.sheet(), now=NOW)
    elsewhere = factories.make_lead(field.session, region_id=other_rep.region_id)
    for who in (field.rep, factories.scope_of(other_rep, TODAY), factories.scope_of(elsewhere, TODAY)):
        with pytest.raises(NotFound):
            service.accept_sheet(field.session, who, sheet, now=NOW)
    assert sheet.status is SheetStatus.SUBMITTED


def test_a_lead_does_not_hand_in_for_a_rep(field: Field) -> None:
    with pytest.raises(NotFound):
        service.submit_sheet(field.session, field.lead, field.sheet(), now=NOW)


def test_a_correction_makes_the_page_the_lead_reads_stale(field: Field) -> None:
    call = log(field)
    sheet = service.submit_sheet(field.session, field.rep, call.sheet, now=NOW)
    service.amend_call(field.session, field.rep, call, field.report(summary="new"), field.places(), "late", now=NOW)
    with pytest.raises(Conflict):
        service.accept_sheet(field.session, field.lead, sheet, now=NOW, seen_version=2)


def test_a_call_does_not_slip_onto_a_sheet_that_is_being_handed_in(
    field: Field, engine: Engine, save: Callable[..., Any]
) -> None:
    """Two devices of one rep: the second waits for the lock, then finds the sheet locked."""
    sheet = field.sheet()
    places, report = field.places(), field.report()
    save()
    began, outcome = Event(), []

    def other_device() -> None:
        with Session(engine) as second:
            began.set()
            begin_writing(second)
            try:
                theirs = service.open_sheet(second, field.rep, TODAY)
                service.log_call(second, field.rep, theirs, report, places, now=NOW)
                second.commit()
                outcome.append("logged")
            except RuleBroken:
                outcome.append("refused")

    begin_writing(field.session)
    service.submit_sheet(field.session, field.rep, sheet, now=NOW)
    thread = Thread(target=other_device)
    thread.start()
    began.wait(5)
    thread.join(0.3)
    assert outcome == []
    field.session.commit()
    thread.join(10)
    assert outcome == ["refused"]
    assert field.session.scalars(select(Call)).all() == []


def test_two_devices_begin_the_same_day(field: Field, engine: Engine, save: Callable[..., Any]) -> None:
    save()
    found: list[int] = []

    def begin() -> None:
        with Session(engine) as session:
            begin_writing(session)
            found.append(service.open_sheet(session, field.rep, TODAY).id)
            session.commit()

    threads = [Thread(target=begin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(15)
    assert len(found) == 4
    assert len(set(found)) == 1
    assert len(field.session.scalars(select(CallSheet)).all()) == 1
