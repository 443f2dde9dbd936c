"""Units of work: one commit, or nothing."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from repcrm.db.engine import WRITING, is_busy

PATIENCE = 60.0
"""Seconds that a process with nobody in front of it waits for its turn to write: what it has computed is not lost."""


def begin_writing(session: Session) -> None:
    """Open the session's transaction as one that writes; doors call it before they load what they will change.

    raises  RuntimeError if the session already holds changes: they would be lost

    A transaction that has only read so far is ended, and what it loaded is read afresh inside the new one:
    nobody decides on what another has changed meanwhile. On SQLite it then waits for its turn to write.
    """
    if session.in_transaction():
        if session.connection().get_execution_options().get(WRITING):
            return
        if session.new or session.dirty or session.deleted:
            raise RuntimeError("begin_writing comes before the first change")
        session.rollback()
    session.connection(execution_options={WRITING: True})


@contextmanager
def unit_of_work(make_session: Callable[[], Session], *, patience: float = 0.0) -> Iterator[Session]:
    """A session that writes: committed once at the end, rolled back if anything is raised.

    make_session  a sessionmaker or the like; the session is closed afterwards
    patience      seconds for which it asks again for its turn to write, beyond the 5 s that every connection waits
    """
    with make_session() as session:
        give_up_at = time.monotonic() + patience
        while not _begins_writing(session, give_up_at):
            pass
        yield session
        session.commit()


def _begins_writing(session: Session, give_up_at: float) -> bool:
    try:
        begin_writing(session)
    except SQLAlchemyError as error:
        if not is_busy(error) or time.monotonic() >= give_up_at:
            raise
        session.rollback()
        return False
    return True
