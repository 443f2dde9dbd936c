"""Call sheets, the calls on them, what was promised, and what was corrected afterwards."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from repcrm.accounts.models import Department, Doctor, Hospital, Session
from repcrm.calls.terms import EFFECTIVE, CallPurpose, CallResult, CallStatus, CallType, MissReason, SheetStatus
from repcrm.catalogue.models import Competitor, Product
from repcrm.db.base import Base, Versioned
from repcrm.db.types import UTCDateTime, term
from repcrm.organisation.models import User

__all__ = [
    "EFFECTIVE",
    "Amendment",
    "Call",
    "CallDoctor",
    "CallProduct",
    "CallPurpose",
    "CallPurposeChoice",
    "CallResult",
    "CallSheet",
    "CallStatus",
    "CallType",
    "CompetitorSeen",
    "ContactCeiling",
    "FollowUp",
    "MissReason",
    "SheetStatus",
]


class CallSheet(Versioned, Base):
    """A rep's calls of one day (S10)."""

    __tablename__ = "call_sheet"
    __table_args__ = (UniqueConstraint("rep_id", "day_on"), Index("ix_call_sheet_day_on", "day_on"))

    rep_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    day_on: Mapped[date]
    status: Mapped[SheetStatus] = mapped_column(term(SheetStatus), default=SheetStatus.DRAFT)
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reviewed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    review_comment: Mapped[str] = mapped_column(Text, default="")

    rep: Mapped[User] = relationship(foreign_keys=[rep_id])
    reviewed_by: Mapped[User | None] = relationship(foreign_keys=[reviewed_by_id])


class Call(Versioned, Base):
    """One meeting with a doctor, or several of whom one is the main one; planned, then done or cancelled."""

    __tablename__ = "call"
    __table_args__ = (
        CheckConstraint("(status = 'done') = (result IS NOT NULL)", name="done_has_a_result"),
        CheckConstraint("miss_reason IS NULL OR status = 'cancelled'", name="missed_is_cancelled"),
        Index("ix_call_rep_day", "rep_id", "day_on"),
        Index("ix_call_main_doctor_day", "main_doctor_id", "day_on"),
        Index("ix_call_hospital_day", "hospital_id", "day_on"),
    )

    sheet_id: Mapped[int] = mapped_column(ForeignKey("call_sheet.id"), index=True)
    rep_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    """The sheet's rep, kept here so that a period's calls are found without joining."""
    day_on: Mapped[date]
    """The sheet's day."""
    hospital_id: Mapped[int] = mapped_column(ForeignKey("hospital.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    main_doctor_id: Mapped[int] = mapped_column(ForeignKey("doctor.id"))
    status: Mapped[CallStatus] = mapped_column(term(CallStatus))
    is_planned: Mapped[bool] = mapped_column(default=False)
    """It stood in the plan before it was made; a planned call counts as planned whatever became of it."""
    session: Mapped[Session | None] = mapped_column(term(Session, "call_part"))
    started_at_time: Mapped[time | None]
    """Time of day in the business time zone."""
    call_type: Mapped[CallType] = mapped_column(term(CallType), default=CallType.ONE_TO_ONE)
    result: Mapped[CallResult | None] = mapped_column(term(CallResult))
    summary: Mapped[str] = mapped_column(Text, default="")
    is_pinned: Mapped[bool] = mapped_column(default=False)
    """Agreed with the doctor: planning anew leaves it where it is."""
    cancel_reason: Mapped[str] = mapped_column(String(200), default="")
    miss_reason: Mapped[MissReason | None] = mapped_column(term(MissReason))
    """Set on a cancelled call that counts as missed; the visit is still owed."""
    ceiling_reason: Mapped[str] = mapped_column(String(200), default="")
    """Why the doctor was called on more often than the company's ceiling allows."""
    logged_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    client_id: Mapped[str | None] = mapped_column(String(36), unique=True)
    """What the device called it on which it was written down first (repcrm/sync)."""

    sheet: Mapped[CallSheet] = relationship()
    hospital: Mapped[Hospital] = relationship()
    department: Mapped[Department | None] = relationship()
    main_doctor: Mapped[Doctor] = relationship()
    rep: Mapped[User] = relationship()


class CallDoctor(Base):
    """A doctor met in a call; the main one stands here too."""

    __tablename__ = "call_doctor"
    __table_args__ = (UniqueConstraint("call_id", "doctor_id"),)

    call_id: Mapped[int] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"))
    doctor_id: Mapped[int] = mapped_column(ForeignKey("doctor.id"), index=True)

    doctor: Mapped[Doctor] = relationship()


class CallPurposeChoice(Base):
    """A purpose of a call."""

    __tablename__ = "call_purpose"
    __table_args__ = (UniqueConstraint("call_id", "purpose"),)

    call_id: Mapped[int] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"))
    purpose: Mapped[CallPurpose] = mapped_column(term(CallPurpose))


class CallProduct(Base):
    """A product talked about in a call, the rating given, and the stock seen."""

    __tablename__ = "call_product"
    __table_args__ = (
        UniqueConstraint("call_id", "product_id"),
        CheckConstraint("rating BETWEEN 1 AND 7", name="rating_one_to_seven"),
        CheckConstraint("stock_packs >= 0", name="stock_not_negative"),
    )

    call_id: Mapped[int] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"))
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True)
    rating: Mapped[int | None]
    stock_packs: Mapped[int | None]
    """Packs seen at the hospital; None: not looked."""

    product: Mapped[Product] = relationship()


class CompetitorSeen(Base):
    """A competitor noticed in a call (S8)."""

    __tablename__ = "competitor_seen"
    __table_args__ = (UniqueConstraint("call_id", "competitor_id"),)

    call_id: Mapped[int] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"))
    competitor_id: Mapped[int] = mapped_column(ForeignKey("competitor.id"), index=True)
    note: Mapped[str] = mapped_column(String(300), default="")

    competitor: Mapped[Competitor] = relationship()


class FollowUp(Base):
    """A dated promise out of a call; it comes back on its day (S45)."""

    __tablename__ = "follow_up"
    __table_args__ = (Index("ix_follow_up_rep_due", "rep_id", "due_on"),)

    call_id: Mapped[int] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"), index=True)
    rep_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    doctor_id: Mapped[int] = mapped_column(ForeignKey("doctor.id"), index=True)
    due_on: Mapped[date]
    text: Mapped[str] = mapped_column(String(500), default="")
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    kept_by_call_id: Mapped[int | None] = mapped_column(ForeignKey("call.id", ondelete="SET NULL"), index=True)
    """The later call that kept it; None: open, or ticked off by hand."""

    doctor: Mapped[Doctor] = relationship()


class Amendment(Base):
    """A correction of a call on a locked sheet: what was, what is, why, and by whom."""

    __tablename__ = "amendment"

    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    reason: Mapped[str] = mapped_column(String(500))
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)

    by: Mapped[User] = relationship()


class ContactCeiling(Versioned, Base):
    """The most calls a doctor gets from the whole company within some days; without a row there is no limit."""

    __tablename__ = "contact_ceiling"
    __table_args__ = (
        CheckConstraint("calls >= 1", name="calls_positive"),
        CheckConstraint("window_days BETWEEN 1 AND 366", name="window_within_a_year"),
    )

    calls: Mapped[int]
    window_days: Mapped[int]
    """Calendar days; every stretch of so many days keeps the ceiling."""
