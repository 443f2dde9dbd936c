"""What the clock has run: one row per job, period and region, claimed once."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from repcrm.core.words import N_, Term
from repcrm.db.base import Base
from repcrm.db.types import UTCDateTime, term


class RunStatus(Term):
    """How a run stands; a claim whose lease ran out may be taken over."""

    CLAIMED = "claimed", N_("running")
    DONE = "done", N_("done")
    FAILED = "failed", N_("failed")


class JobRun(Base):
    """A job for a period and region: the unique key is what makes it happen once."""

    __tablename__ = "job_run"
    __table_args__ = (UniqueConstraint("job", "period", "region_id"),)

    job: Mapped[str] = mapped_column(String(40))
    period: Mapped[str] = mapped_column(String(10))
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)
    status: Mapped[RunStatus] = mapped_column(term(RunStatus))
    claimed_by: Mapped[str] = mapped_column(String(100))
    claimed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    lease_until_at: Mapped[datetime] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=1)
    error: Mapped[str] = mapped_column(Text, default="")
