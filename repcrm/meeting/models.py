"""The Monday review of a gap report, and the actions it decides."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from repcrm.accounts.models import Hospital
from repcrm.db.base import Base, Versioned
from repcrm.db.types import UTCDateTime, term
from repcrm.meeting.terms import ActionStatus
from repcrm.organisation.models import Region, User
from repcrm.reports.models import ReportSnapshot


class Review(Versioned, Base):
    """One meeting about one week's report of a region; a revised report changes the snapshot it shows."""

    __tablename__ = "review"
    __table_args__ = (Index("ix_review_region_period", "region_id", "period", unique=True),)

    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    period: Mapped[str] = mapped_column(String(10))
    """The ISO week under review, 2026-W47."""
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("report_snapshot.id"), index=True)
    meets_on: Mapped[date]
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    notes: Mapped[str] = mapped_column(Text, default="")

    region: Mapped[Region] = relationship()
    snapshot: Mapped[ReportSnapshot] = relationship()


class Action(Versioned, Base):
    """What was decided: what, who, until when; carried until solved (S24)."""

    __tablename__ = "action"
    __table_args__ = (Index("ix_action_region_status", "region_id", "status"),)

    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"), index=True)
    """The meeting that decided it."""
    what: Mapped[str] = mapped_column(String(500))
    owner_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    due_on: Mapped[date]
    hospital_id: Mapped[int | None] = mapped_column(ForeignKey("hospital.id"), index=True)
    status: Mapped[ActionStatus] = mapped_column(term(ActionStatus), default=ActionStatus.OPEN)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    outcome: Mapped[str] = mapped_column(String(500), default="")

    review: Mapped[Review] = relationship()
    owner: Mapped[User] = relationship(foreign_keys=[owner_id])
    hospital: Mapped[Hospital | None] = relationship()
