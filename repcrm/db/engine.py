"""Engines: the same promises from SQLite and from PostgreSQL."""

import json
import sqlite3
import time
from functools import partial
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import IntegrityError

WRITING = "repcrm_writing"
"""Execution option of a connection whose next transaction will write (see `unit_of_work.begin_writing`)."""

_WAIT_SECONDS, _PAUSE_SECONDS = 5, 0.02

_PRAGMAS = (
    f"busy_timeout = {_WAIT_SECONDS * 1000}",  # milliseconds; first, so that the others wait too
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "recursive_triggers = ON",  # else INSERT OR REPLACE would slip past the triggers that refuse a DELETE
)


def make_engine(url: str | URL) -> Engine:
    """An engine for the database at `url`; it connects when it is first used.

    url      sqlite:///file.sqlite3 or postgresql+psycopg://...
    returns  an engine that checks foreign keys, waits for locks, keeps what it has committed and speaks UTC
    """
    address = make_url(url)
    to_json = partial(json.dumps, ensure_ascii=False)
    if address.get_backend_name() == "sqlite":
        engine = create_engine(address, json_serializer=to_json)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(
        address, json_serializer=to_json, pool_pre_ping=True, connect_args={"options": "-c timezone=UTC"}
    )


def is_taken(error: IntegrityError) -> bool:
    """Whether what was written exists already: somebody wrote the same after we had looked."""
    return getattr(error.orig, "sqlstate", None) == "23505" or "UNIQUE constraint failed" in str(error.orig)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # Python's driver no longer begins and commits behind our back
    for pragma in _PRAGMAS:
        _set(connection, pragma)


def _set(connection: Any, pragma: str) -> None:
    """Set a pragma, waiting for others: the switch of a new file to WAL does not heed busy_timeout."""
    give_up_at = time.monotonic() + _WAIT_SECONDS
    while True:
        try:
            connection.execute(f"PRAGMA {pragma}")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > give_up_at:
                raise
            time.sleep(_PAUSE_SECONDS)


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later is refused at once when another has written in between,
    # busy_timeout or not; one that says at its beginning that it will write waits for its turn.
    writing = connection.get_execution_options().get(WRITING, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
