"""The journal."""

from datetime import UTC, date, datetime
from fractions import Fraction

from sqlalchemy import select

from repcrm.db.journal import JournalEntry, record, values_of
from repcrm.organisation.access import Role
from tests.factories import MONDAY, NOW


def test_a_change_is_written_down_with_who_when_what_and_why(session, admin):
    record(
        session, admin.id, "user_account", 7, "change_role", {"role": Role.REP}, {"role": Role.LEAD}, "Promoted", at=NOW
    )
    session.commit()
    entry = session.scalars(select(JournalEntry)).one()
    assert (entry.actor_id, entry.subject, entry.subject_id, entry.verb) == (admin.id, "user_account", 7, "change_role")
    assert (entry.before, entry.after, entry.reason) == ({"role": "rep"}, {"role": "lead"}, "Promoted")
    assert entry.at == NOW


def test_values_of_the_trade_are_kept_as_text(session):
    after = {"on": MONDAY, "at": datetime(2026, 11, 16, tzinfo=UTC), "share": Fraction(1, 3), "packs": [1, 2]}
    entry = record(session, None, "thing", 1, "make", None, after, at=NOW)
    session.expire_all()
    assert entry.before is None
    assert entry.after == {"on": "2026-11-16", "at": "2026-11-16T00:00:00+00:00", "share": "1/3", "packs": [1, 2]}


def test_the_values_of_a_thing_are_taken_by_name(rep):
    assert values_of(rep, "name", "role") == {"name": "Rep of the East", "role": Role.REP}
    assert values_of(date(2026, 11, 16), "year", "month") == {"year": 2026, "month": 11}
