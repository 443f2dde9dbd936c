"""What only grows: the database itself refuses to change the journal, report snapshots and their charts."""

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DBAPIError

from repcrm.db.append_only import APPEND_ONLY
from repcrm.db.base import Base
from tests.factories import make_chart, make_journal_entry, make_snapshot

MAKE = {"journal_entry": make_journal_entry, "report_snapshot": make_snapshot, "snapshot_chart": make_chart}
CHANGE: dict[str, dict[str, object]] = {
    "journal_entry": {"reason": "Never mind"},
    "report_snapshot": {"revision": 2},
    "snapshot_chart": {"svg": ""},
}
tables = pytest.mark.parametrize("table", APPEND_ONLY)


def refuses(session, statement) -> bool:
    """Whether the database refuses a statement because the table only grows."""
    with pytest.raises(DBAPIError) as refusal:
        session.execute(statement)
    session.rollback()
    return "append-only" in str(refusal.value)


@tables
def test_a_row_cannot_be_changed(session, save, table):
    save(MAKE[table](session))
    assert refuses(session, update(Base.metadata.tables[table]).values(**CHANGE[table]))


@tables
def test_a_row_cannot_be_taken_away(session, save, table):
    save(MAKE[table](session))
    assert refuses(session, delete(Base.metadata.tables[table]))


@tables
def test_a_changed_object_cannot_be_flushed(session, save, table):
    row = save(MAKE[table](session))
    for name, value in CHANGE[table].items():
        setattr(row, name, value)
    with pytest.raises(DBAPIError, match="append-only"):
        session.flush()


@pytest.mark.databases("sqlite")
def test_a_row_cannot_be_replaced_under_its_key(session, save):
    entry = save(make_journal_entry(session))
    columns = "id, at, subject, subject_id, verb"
    forged = text(f"INSERT OR REPLACE INTO journal_entry ({columns}) VALUES (:id, '2026-01-01', 'x', 1, 'x')")
    assert refuses(session, forged.bindparams(id=entry.id))


@pytest.mark.databases("postgresql")
@tables
def test_a_table_cannot_be_emptied(session, save, table):
    save(MAKE[table](session))
    assert refuses(session, text(f"TRUNCATE {table} CASCADE"))
