"""The journal page: who reads what, filters, words."""

from datetime import UTC, datetime

import pytest

from tests import factories


@pytest.fixture
def lead(session, save, region):
    return save(factories.make_lead(session, region=region, name="Lin", language="en"))


def test_a_change_is_shown_with_before_after_and_reason(client_as, session, save, lead):
    save(
        factories.make_journal_entry(
            session,
            actor=lead,
            verb="assign_target",
            before={"floor_packs": 100, "stretch_packs": 120},
            after={"floor_packs": 90, "stretch_packs": 120},
            reason="tender lost",
        )
    )
    page = client_as(lead).get("/admin/journal").text
    assert "100 → 90" in page
    assert "120" not in page
    assert "tender lost" in page
    assert "Lin" in page


def test_the_day_is_one_of_the_business_time_zone(client_as, session, save, lead):
    late = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
    save(factories.make_journal_entry(session, actor=lead, at=late, reason="after midnight in Shanghai"))
    browser = client_as(lead)
    assert "after midnight" in browser.get("/admin/journal?day=2026-11-23").text
    assert "after midnight" not in browser.get("/admin/journal?day=2026-11-22").text
    assert "23 Nov 2026, 00:30" in browser.get("/admin/journal").text
    assert browser.get("/admin/journal?day=nonsense&actor=x&page=x&id=x").status_code == 200


def test_entries_are_found_by_subject_and_person(client_as, session, save, lead, rep):
    save(
        factories.make_journal_entry(session, actor=lead, subject="hospital_target", reason="by the lead"),
        factories.make_journal_entry(session, actor=rep, subject="quota_split", reason="by the rep"),
    )
    browser = client_as(lead)
    assert "by the lead" not in browser.get("/admin/journal?subject=quota_split").text
    assert "by the rep" not in browser.get(f"/admin/journal?actor={lead.id}").text
    assert "by the rep" in browser.get(f"/admin/journal?actor={rep.id}&subject=quota_split").text


def test_long_journals_come_in_pages(client_as, session, save, lead, query_counter):
    save(*(factories.make_journal_entry(session, actor=lead, reason=f"entry {number:03}") for number in range(120)))
    browser = client_as(lead)
    with query_counter() as queries:
        first = browser.get("/admin/journal").text
    assert len(queries) <= 6
    assert "entry 119" in first
    assert "entry 069" not in first
    assert "Page 1 of 3" in first
    assert "entry 069" in browser.get("/admin/journal?page=2").text
