"""Work that takes more than a moment: who asked for it, how far it is, and how it ended."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from repcrm.core.words import N_, Term
from repcrm.db.base import Base
from repcrm.db.types import UTCDateTime, term
from repcrm.organisation.models import User


class WorkState(Term):
    """Where a piece of work stands; the last three are ends."""

    WAITING = "waiting", N_("waiting")
    RUNNING = "running", N_("running")
    DONE = "done", N_("done")
    FAILED = "failed", N_("failed")
    STOPPED = "stopped", N_("stopped")


class LongWork(Base):
    """One piece of work that a worker process does for somebody who may watch it."""

    __tablename__ = "long_work"
    __table_args__ = (Index("ix_long_work_state_asked_at", "state", "asked_at"),)

    kind: Mapped[str] = mapped_column(String(40))
    """A row of `repcrm.worker.kinds.KINDS`."""
    wish: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What exactly is asked for, as its kind reads it."""
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[WorkState] = mapped_column(term(WorkState), default=WorkState.WAITING)
    worker: Mapped[str] = mapped_column(String(100), default="")
    begun_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    heartbeat_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When its worker was last heard of."""
    silent_until_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """While the worker saves in one transaction it cannot be heard of on SQLite; until then that means nothing."""
    stop_asked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    stage: Mapped[str] = mapped_column(String(200), default="")
    """What is being done, an English message."""
    steps_done: Mapped[int] = mapped_column(default=0)
    steps: Mapped[int | None]
    """Of how many; None: nobody knows."""
    figures: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What the work can say of itself so far, for its page to draw."""
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """What came of it: keys of what was made."""
    error: Mapped[str] = mapped_column(Text, default="")
    """Why it failed, an English message."""
    error_values: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Its values; `{"term": message}` where one is a word of ours."""

    asked_by: Mapped[User] = relationship()
    attached: Mapped["WorkAttachment | None"] = relationship(cascade="all, delete-orphan")


class WorkAttachment(Base):
    """A file that came with a wish; taken away when the work has ended.

    Apart from the work: SQLite writes a row anew as a whole, and a worker says every second how far it is.
    """

    __tablename__ = "work_attachment"
    __table_args__ = (UniqueConstraint("work_id"),)

    work_id: Mapped[int] = mapped_column(ForeignKey("long_work.id", ondelete="CASCADE"))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
