"""Frozen gap reports: a snapshot never changes, late data makes another revision."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from repcrm.core.words import N_, Term
from repcrm.db.base import Base
from repcrm.db.types import UTCDateTime, term
from repcrm.organisation.models import Region


class ReportKind(Term):
    """How long a period a gap report looks at."""

    WEEK = "week", N_("weekly")
    MONTH = "month", N_("monthly")
    QUARTER = "quarter", N_("quarterly")


class ReportSnapshot(Base):
    """A gap report as it stood when it was frozen. Triggers refuse any change."""

    __tablename__ = "report_snapshot"
    __table_args__ = (
        UniqueConstraint("kind", "period", "region_id", "revision"),
        CheckConstraint("revision >= 1", name="revision_from_one"),
        CheckConstraint("revision = 1 OR reason <> ''", name="revised_with_a_reason"),
    )

    kind: Mapped[ReportKind] = mapped_column(term(ReportKind))
    period: Mapped[str] = mapped_column(String(10))
    """2026-W47, 2026-11, 2026-Q4."""
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)
    revision: Mapped[int]
    from_on: Mapped[date]
    until_on: Mapped[date]
    """Half-open: the day after the last."""
    data_as_of_at: Mapped[datetime] = mapped_column(UTCDateTime)
    frozen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    frozen_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    """None: the scheduler."""
    reason: Mapped[str] = mapped_column(Text, default="")
    schema_version: Mapped[int]
    body: Mapped[dict[str, Any]] = mapped_column(JSON, deferred=True)
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the body in canonical JSON."""

    region: Mapped[Region] = relationship()


class SnapshotChart(Base):
    """A chart drawn once, when its snapshot was frozen."""

    __tablename__ = "snapshot_chart"
    __table_args__ = (UniqueConstraint("snapshot_id", "name", "language"),)

    snapshot_id: Mapped[int] = mapped_column(ForeignKey("report_snapshot.id"))
    name: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(5))
    svg: Mapped[str] = mapped_column(Text)
