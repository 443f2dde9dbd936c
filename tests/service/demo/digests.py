"""What a whole database says, table by table, short enough to compare; with a file and a day it builds one first."""

import hashlib
import json
import sys
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Table, select
from sqlalchemy.orm import Session, sessionmaker

import repcrm.tables  # noqa: F401 - every model
from repcrm.db.base import Base
from repcrm.db.engine import make_engine
from repcrm.db.schema import upgrade
from repcrm.db.unit_of_work import unit_of_work
from repcrm.demo import SMALL, build

SALTED = {("user_account", "password_hash")}
"""Different every time, as it has to be."""


def digests_of(session: Session) -> dict[str, str]:
    """Table -> digest of all its rows, keys included."""
    return {table.name: _digest(session, table) for table in Base.metadata.sorted_tables}


def built(path: Path, day: date, now: datetime | None = None) -> Session:
    """A new SQLite file with a small company in it; the caller closes the session."""
    engine = make_engine(f"sqlite:///{path}")
    upgrade(engine)
    with unit_of_work(sessionmaker(engine)) as session:
        build(session, day, now, size=SMALL)
    return Session(engine)


def _digest(session: Session, table: Table) -> str:
    columns = [column for column in table.columns if (table.name, column.name) not in SALTED]
    rows = session.execute(select(*columns).order_by(table.c.id)).all()
    text = json.dumps([list(row) for row in rows], default=str, sort_keys=True, ensure_ascii=False)
    return f"{len(rows)} {hashlib.sha256(text.encode()).hexdigest()[:16]}"


if __name__ == "__main__":
    with built(Path(sys.argv[1]), date.fromisoformat(sys.argv[2])) as session:
        sys.stdout.write(json.dumps(digests_of(session)))
