"""One leader among any number of processes. It spares work; that a job runs once is the JobRun row's doing."""

from pathlib import Path
from typing import IO

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

try:
    import fcntl
except ImportError:  # Windows has none: there every process may lead, and the JobRun row alone decides
    fcntl = None  # type: ignore[assignment]

ADVISORY_LOCK = 0x7265706372
"""The key of the advisory lock on PostgreSQL: 'repcr' in ASCII."""


class Leadership:
    """The claim of one process to lead, held as long as the process lives.

    On PostgreSQL an advisory lock on a connection of its own, on SQLite a lock on a file beside the database: both are
    given up by the system when the process dies, however it dies.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None
        self._file: IO[str] | None = None

    def hold(self) -> bool:
        """Whether this process leads now; asks for it if nobody does."""
        if self._engine.dialect.name == "sqlite":
            return self._hold_file()
        return self._hold_lock()

    def release(self) -> None:
        """Give it up."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if self._file is not None:
            self._file.close()
            self._file = None

    def _hold_lock(self) -> bool:
        if self._connection is not None:
            try:
                self._connection.execute(text("SELECT 1"))
                return True
            except DBAPIError:  # the server went away, and the lock with it
                self._connection.invalidate()
                self._connection.close()
                self._connection = None
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        if connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": ADVISORY_LOCK}):
            self._connection = connection
            return True
        connection.close()
        return False

    def _hold_file(self) -> bool:
        name = self._engine.url.database
        if fcntl is None or not name or name == ":memory:":
            return True
        if self._file is not None:
            return True
        file = Path(f"{name}.clock").open("w", encoding="utf-8")  # noqa: SIM115 - open as long as this process leads
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            return False
        self._file = file
        return True
