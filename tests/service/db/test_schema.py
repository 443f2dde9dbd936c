"""Bringing a database up to date."""

import threading

import pytest
from sqlalchemy import inspect, text

from repcrm.db import schema
from repcrm.db.engine import make_engine
from tests.factories import make_department


@pytest.fixture
def empty(database_kind, request, tmp_path):
    """The address of a database without a table."""
    if database_kind == "postgresql":
        server = request.getfixturevalue("postgresql")
        name = server.create()
        yield server.url(name)
        server.drop(name)
    else:
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"


def test_an_empty_database_gets_every_table_and_says_which_migrations_ran(empty):
    engine = make_engine(empty)
    assert schema.upgrade(engine) == ["0001"]
    assert schema.upgrade(engine) == []
    assert {"hospital", "journal_entry", "report_snapshot"} <= set(inspect(engine).get_table_names())
    engine.dispose()


def test_of_several_processes_that_upgrade_at_once_one_does_it(empty):
    done: list[list[str]] = []
    ready = threading.Barrier(4)

    def upgrade() -> None:
        engine = make_engine(empty)
        ready.wait()
        done.append(schema.upgrade(engine))
        engine.dispose()

    threads = [threading.Thread(target=upgrade) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [[], [], [], ["0001"]]


@pytest.mark.databases("sqlite")
def test_an_upgrade_that_leaves_a_key_pointing_nowhere_is_refused(engine, session):
    make_department(session)
    session.commit()
    session.close()
    with engine.connect() as connection:
        connection.connection.execute("PRAGMA foreign_keys = OFF")
        connection.connection.execute("DELETE FROM hospital")
        connection.connection.execute("PRAGMA foreign_keys = ON")
    with pytest.raises(RuntimeError, match="row of hospital that is not there"):
        schema.upgrade(engine)


@pytest.mark.databases("sqlite")
def test_foreign_keys_are_checked_again_after_an_upgrade(engine):
    schema.upgrade(engine)
    with engine.connect() as connection:
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1
