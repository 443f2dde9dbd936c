"""What a region and a hospital are to sell, and each doctor's part of it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from repcrm.accounts.models import Doctor, Hospital
from repcrm.catalogue.models import Product
from repcrm.core.words import N_, Term
from repcrm.db.base import Base, Versioned
from repcrm.db.types import UTCDateTime, term
from repcrm.organisation.models import Region, User


class PeriodTarget(Versioned, Base):
    """What the company asks of a region for one product and month: the parent that its hospitals' targets must meet."""

    __tablename__ = "period_target"
    __table_args__ = (
        UniqueConstraint("region_id", "product_id", "month_on"),
        CheckConstraint("0 <= floor_packs AND floor_packs <= stretch_packs", name="floor_below_stretch"),
    )

    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True)
    month_on: Mapped[date]
    floor_packs: Mapped[int]
    stretch_packs: Mapped[int]

    region: Mapped[Region] = relationship()
    product: Mapped[Product] = relationship()


class HospitalTarget(Versioned, Base):
    """One hospital's target for one product and month, in packs; longer periods are sums, weeks are slices."""

    __tablename__ = "hospital_target"
    __table_args__ = (
        UniqueConstraint("hospital_id", "product_id", "month_on"),
        CheckConstraint("0 <= floor_packs AND floor_packs <= stretch_packs", name="floor_below_stretch"),
        Index("ix_hospital_target_month_on", "month_on"),
    )

    hospital_id: Mapped[int] = mapped_column(ForeignKey("hospital.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True)
    month_on: Mapped[date]
    """The first day of the month."""
    floor_packs: Mapped[int]
    """The least that counts as on target."""
    stretch_packs: Mapped[int]
    is_locked: Mapped[bool] = mapped_column(default=False)
    """A locked cell keeps its value when a row is spread."""

    hospital: Mapped[Hospital] = relationship()
    product: Mapped[Product] = relationship()


class SplitStatus(Term):
    """A rep proposes, the lead approves."""

    DRAFT = "draft", N_("draft")
    PROPOSED = "proposed", N_("waiting for approval")
    APPROVED = "approved", N_("approved")
    RETURNED = "returned", N_("sent back")


class QuotaSplit(Versioned, Base):
    """The splitting of one hospital target among its doctors; its shares sum to the target's floor when handed in."""

    __tablename__ = "quota_split"

    target_id: Mapped[int] = mapped_column(ForeignKey("hospital_target.id"), unique=True)
    status: Mapped[SplitStatus] = mapped_column(term(SplitStatus), default=SplitStatus.DRAFT)
    edited_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    edited_at: Mapped[datetime] = mapped_column(UTCDateTime)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    comment: Mapped[str] = mapped_column(Text, default="")

    target: Mapped[HospitalTarget] = relationship()
    edited_by: Mapped[User] = relationship(foreign_keys=[edited_by_id])
    approved_by: Mapped[User | None] = relationship(foreign_keys=[approved_by_id])


class QuotaShare(Base):
    """A doctor's part of a hospital target: a planning figure of the company, in whole packs of the floor."""

    __tablename__ = "quota_share"
    __table_args__ = (
        UniqueConstraint("split_id", "doctor_id"),
        CheckConstraint("packs >= 0", name="packs_not_negative"),
    )

    split_id: Mapped[int] = mapped_column(ForeignKey("quota_split.id", ondelete="CASCADE"))
    doctor_id: Mapped[int] = mapped_column(ForeignKey("doctor.id"), index=True)
    packs: Mapped[int]
    is_locked: Mapped[bool] = mapped_column(default=False)

    doctor: Mapped[Doctor] = relationship()


class AdoptionFactor(Base):
    """How a rating weighs when a hospital's flow is apportioned among its doctors; monotone in the rating."""

    __tablename__ = "adoption_factor"
    __table_args__ = (
        UniqueConstraint("rating"),
        CheckConstraint("rating BETWEEN 0 AND 7", name="rating_zero_to_seven"),
        CheckConstraint("permille >= 0", name="permille_not_negative"),
    )

    rating: Mapped[int]
    """1 to 7; 0 stands for doctors not rated."""
    permille: Mapped[int]
    note: Mapped[str] = mapped_column(String(100), default="")
