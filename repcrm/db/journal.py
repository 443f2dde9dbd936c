"""The journal: who changed what, when, from what to what, and why. It only ever grows."""

from collections.abc import Mapping
from datetime import date, datetime, time
from enum import Enum
from fractions import Fraction
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from repcrm.db.base import Base
from repcrm.db.types import UTCDateTime

Values = Mapping[str, Any]


class JournalEntry(Base):
    """One change of something that has to be accounted for. Triggers refuse any change of the entry itself."""

    __tablename__ = "journal_entry"
    __table_args__ = (
        Index("ix_journal_entry_subject_subject_id", "subject", "subject_id"),
        Index("ix_journal_entry_at", "at"),
    )

    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    """Who did it; None: the machine itself, such as the scheduler."""
    subject: Mapped[str] = mapped_column(String(40))
    """What kind of thing was changed: the name of its table."""
    subject_id: Mapped[int]
    verb: Mapped[str] = mapped_column(String(40))
    """What was done, in the word of the service that did it."""
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """The values as they were; None: there was nothing."""
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """The values as they are; None: there is nothing any more."""
    reason: Mapped[str] = mapped_column(Text, default="", server_default="")


def record(
    session: Session,
    actor_id: int | None,
    subject: str,
    subject_id: int,
    verb: str,
    before: Values | None,
    after: Values | None,
    reason: str | None = None,
    *,
    at: datetime,
) -> JournalEntry:
    """Write down a change, in the same transaction as the change itself.

    actor_id  who did it; None for the machine itself
    subject   the table of the thing, subject_id its key (flush first, so that a new thing has one)
    verb      what was done: `split_quota`, `submit_sheet`
    before    name -> value, None if there was nothing; dates, terms and fractions are kept as text
    after     the same names, None if there is nothing any more
    reason    in the words of the one who did it, where the trade asks for one
    at        aware
    """
    entry = JournalEntry(
        at=at,
        actor_id=actor_id,
        subject=subject,
        subject_id=subject_id,
        verb=verb,
        before=_plain(before),
        after=_plain(after),
        reason=reason or "",
    )
    session.add(entry)
    session.flush()
    return entry


def values_of(thing: object, *names: str) -> dict[str, Any]:
    """The named values of a thing as they are now, to hand to `record` as before or after."""
    return {name: getattr(thing, name) for name in names}


def _plain(value: Any) -> Any:
    """A value as JSON can keep it."""
    match value:
        case Mapping():
            return {str(name): _plain(inner) for name, inner in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_plain(inner) for inner in value]
        case date() | time():
            return value.isoformat()
        case Enum():
            return _plain(value.value)
        case Fraction():
            return str(value)
        case _:
            return value


def newest_entry(session: Session) -> int:
    """Return the number of the newest entry, 0 before any: as long as it stays, nothing that matters has changed."""
    return session.scalar(select(func.max(JournalEntry.id))) or 0
