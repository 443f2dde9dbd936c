"""The log of operations that devices have sent, and what people have to decide because of them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from repcrm.calls.models import Call
from repcrm.db.base import Base
from repcrm.db.types import UTCDateTime, term
from repcrm.organisation.models import User
from repcrm.sync.operation import ConflictKind, Kind, Outcome


class SyncOperation(Base):
    """One thing a person did on a device; the answer of its first arrival is the answer of every arrival."""

    __tablename__ = "sync_operation"
    __table_args__ = (Index("ix_sync_operation_user_entity", "user_id", "entity_id"),)

    op_id: Mapped[str] = mapped_column(String(36), unique=True)
    """Made by the device (UUIDv7)."""
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    device_id: Mapped[str] = mapped_column(String(36))
    entity_id: Mapped[str] = mapped_column(String(40))
    kind: Mapped[Kind] = mapped_column(term(Kind, "operation_kind"))
    base_version: Mapped[int | None]
    said: Mapped[dict[str, Any]] = mapped_column(JSON)
    """All of it, refused or not: nothing that reached the server is lost."""
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of everything it said: the same key with other words is refused."""
    device_time: Mapped[datetime] = mapped_column(UTCDateTime)
    """When, by the device's clock: shown, never trusted."""
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    """When, by the server's clock: this orders."""
    outcome: Mapped[Outcome] = mapped_column(term(Outcome, "operation_outcome"))
    answer: Mapped[str] = mapped_column(Text)
    """JSON as it was sent, byte for byte."""


class SyncConflict(Base):
    """Two versions of a call that only its rep can choose between; both are kept here until then and after."""

    __tablename__ = "sync_conflict"
    __table_args__ = (Index("ix_sync_conflict_user_settled", "user_id", "settled_at"),)

    operation_id: Mapped[int] = mapped_column(ForeignKey("sync_operation.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    call_id: Mapped[int | None] = mapped_column(ForeignKey("call.id", ondelete="SET NULL"), index=True)
    """The call as it stands; None: there is none (any more)."""
    day_on: Mapped[date | None]
    """Of the call."""
    kind: Mapped[ConflictKind] = mapped_column(term(ConflictKind))
    mine: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What the device said, of the facts in question."""
    theirs: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What stood there when it arrived, of the same facts."""
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    choice: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    """Fact -> whose words were kept; None while it is open."""

    operation: Mapped[SyncOperation] = relationship()
    user: Mapped[User] = relationship()
    call: Mapped[Call | None] = relationship()
