"""The demo company: the same every time, on any database, and whole or not there at all."""

import json
import os
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import sessionmaker

from repcrm.calls.models import Call, CallSheet
from repcrm.calls.terms import CallStatus, SheetStatus
from repcrm.db.journal import JournalEntry
from repcrm.db.unit_of_work import unit_of_work
from repcrm.demo import SMALL, build
from repcrm.organisation.models import TerritoryAssignment, User
from repcrm.organisation.passwords import is_right
from repcrm.reports.models import ReportSnapshot
from repcrm.sales.models import BatchStatus, ImportBatch
from repcrm.settings import DEMO_PASSWORD
from repcrm.web.journal_words import FIELDS, VERBS
from tests.service.demo import digests

MONDAY = date(2026, 11, 23)
TREE = Path(__file__).resolve().parents[3]


@pytest.mark.thorough
@pytest.mark.slow
def test_the_same_day_gives_the_same_rows_in_another_process_and_on_another_database(session, tmp_path):
    build(session, MONDAY, size=SMALL)
    command = [sys.executable, "-m", "tests.service.demo.digests", str(tmp_path / "other.sqlite3"), str(MONDAY)]
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": str(TREE)}
    other = subprocess.run(command, cwd=TREE, env=environment, check=True, capture_output=True)
    assert digests.digests_of(session) == json.loads(other.stdout)


def test_a_build_that_is_interrupted_leaves_nothing(session):
    def stop(line: str) -> None:
        if "%" in line:
            raise KeyboardInterrupt

    engine = session.get_bind()
    session.close()
    with pytest.raises(KeyboardInterrupt), unit_of_work(sessionmaker(engine)) as building:
        build(building, MONDAY, size=SMALL, say=stop)
    assert session.scalar(select(func.count(User.id))) == 0


def test_the_company_has_something_to_say_on_every_page(session):
    build(session, MONDAY, size=SMALL)
    people = session.scalars(select(User).order_by(User.id)).all()
    assert [user.username for user in people] == ["admin", "lead", "rep1", "rep2"]
    assert all(is_right(user.password_hash, DEMO_PASSWORD) and not user.must_change_password for user in people)
    frozen = session.scalars(select(ReportSnapshot).order_by(ReportSnapshot.id)).all()
    assert [(str(one.period), one.revision) for one in frozen] == [("2026-W46", 1), ("2026-W46", 2), ("2026-W47", 1)]
    today = session.scalars(select(Call.status).where(Call.day_on == MONDAY)).all()
    assert {CallStatus.DONE, CallStatus.PLANNED} <= set(today)
    assert set(session.scalars(select(CallSheet.status))) == set(SheetStatus)
    handed_over = select(TerritoryAssignment.from_on).where(TerritoryAssignment.from_on > date(2026, 11, 1))
    assert set(session.scalars(handed_over)) == {date(2026, 11, 18)}
    statuses = set(session.scalars(select(ImportBatch.status)))
    assert statuses >= {BatchStatus.APPLIED, BatchStatus.REPLACED, BatchStatus.DISCARDED}
    for entry in session.scalars(select(JournalEntry)):
        assert entry.verb in VERBS, "the journal has no word for it"
        assert {*(entry.before or {}), *(entry.after or {})} <= FIELDS.keys(), entry.verb


def test_nothing_is_dated_after_the_minute_it_is_built_at(session):
    early = datetime(2026, 11, 23, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    build(session, MONDAY, early, size=SMALL)
    assert max(at for at in session.scalars(select(Call.logged_at)) if at is not None) <= early
    assert max(session.scalars(select(ReportSnapshot.frozen_at))) <= early


@pytest.mark.thorough
@pytest.mark.slow
@pytest.mark.parametrize("day", ["2026-10-05", "2028-02-29"])
def test_it_can_be_built_on_any_day(day, tmp_path):
    with digests.built(tmp_path / "any.sqlite3", date.fromisoformat(day)) as session:
        assert len(session.scalars(select(ReportSnapshot.id)).all()) >= 2
