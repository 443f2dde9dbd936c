"""Engines: the same promises from SQLite and from PostgreSQL."""

import json
import sqlite3
import time
from functools import partial
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

WRITING = "repcrm_writing"
"""Execution option of a connection whose next transaction will write (see `unit_of_work.begin_writing`)."""

_WAIT_SECONDS, _PAUSE_SECONDS = 5, 0.02
_BUSY = {
    "55P03",  # lock_not_available: lock_timeout ran out
    "57014",  # query_canceled: statement_timeout ran out
    "40001",  # serialization_failure
    "40P01",  # deadlock_detected
    "53300",  # too_many_connections
    "57P03",  # cannot_connect_now: the server is starting or stopping
}
"""SQLSTATEs of PostgreSQL after which the same may succeed a moment later."""

_PRAGMAS = (
    f"busy_timeout = {_WAIT_SECONDS * 1000}",  # milliseconds; first, so that the others wait too
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "recursive_triggers = ON",  # else INSERT OR REPLACE would slip past the triggers that refuse a DELETE
)


def make_engine(url: str | URL, *, gives_up: bool = False) -> Engine:
    """An engine for the database at `url`; it connects when it is first used.

    url       sqlite:///file.sqlite3 or postgresql+psycopg://...
    gives_up  on PostgreSQL, wait for a lock as long as SQLite does (5 s), then fail: somebody is waiting for an answer
    returns   an engine that checks foreign keys, waits for locks, keeps what it has committed and speaks UTC
    """
    address = make_url(url)
    to_json = partial(json.dumps, ensure_ascii=False)
    if address.get_backend_name() == "sqlite":
        engine = create_engine(address, json_serializer=to_json)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    options = "-c timezone=UTC" + (f" -c lock_timeout={_WAIT_SECONDS}s" if gives_up else "")
    return create_engine(address, json_serializer=to_json, pool_pre_ping=True, connect_args={"options": options})


def is_busy(error: BaseException) -> bool:
    """Whether a wait for the database ran out: nothing was written, and the same may succeed a moment later."""
    if isinstance(error, PoolTimeout):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if isinstance(error.orig, sqlite3.OperationalError):
        primary = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF  # the higher bytes say more precisely why
        return primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return getattr(error.orig, "sqlstate", None) in _BUSY


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
