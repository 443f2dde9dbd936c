"""The journal page: who reads what, filters, words."""

import ast
from datetime import UTC, datetime
from pathlib import Path

import pytest

from repcrm.web.journal_words import SUBJECTS, VERBS
from tests import factories

RECORDERS = {"record", "_record", "_journal", "_move"}
"""The functions through which services write in the journal; the verb is among their arguments."""


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
    assert "stretch" not in page
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


def test_keys_terms_days_and_money_are_said_in_words(client_as, session, save, lead):
    hospital = save(factories.make_hospital(session, name="东方医院"))
    doctor = save(factories.make_doctor(session, name="Dr Zhou"))
    save(
        factories.make_journal_entry(
            session,
            actor=lead,
            subject="quota_split",
            verb="split_quota",
            before={"status": "draft", "shares": {str(doctor.id): 5}, "is_locked": False},
            after={"status": "approved", "shares": {str(doctor.id): 7}, "is_locked": True, "hospital_id": hospital.id},
        ),
        factories.make_journal_entry(
            session,
            actor=lead,
            verb="new_verb",
            before={"price_fen": 5000, "from_on": "2026-01-01", "odd": [1]},
            after=None,
        ),
    )
    page = client_as(lead).get("/admin/journal").text
    for words in (
        "status: draft → approved",
        "doctors&#39; parts (packs): Dr Zhou: 5 → 7",
        "locked: no → yes",
        "hospital: – → 东方医院",
        "price: ¥50 → –",
        "from: 1 Jan 2026 → –",
        "odd: 1 → –",
        "new_verb",
    ):
        assert words in page


def test_every_verb_that_a_service_writes_down_has_words():
    verbs = set()
    for path in (Path(__file__).parents[2] / "repcrm").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in RECORDERS:
                named = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
                verbs |= {word for word in named if isinstance(word, str) and word.isidentifier()} - set(SUBJECTS)
    assert sorted(verbs - set(VERBS)) == []
