"""Units of work: one commit, or nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from repcrm.db.engine import WRITING


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
def unit_of_work(make_session: Callable[[], Session]) -> Iterator[Session]:
    """A session that writes: committed once at the end, rolled back if anything is raised.

    make_session  a sessionmaker or the like; the session is closed afterwards
    """
    with make_session() as session:
        begin_writing(session)
        yield session
        session.commit()
