"""Hospitals, their departments and doctors, what we rate and know of them, and where a product is listed."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from repcrm.accounts.listing import ListingStage as ListingStage
from repcrm.catalogue.models import Product
from repcrm.core.words import N_, Term
from repcrm.db.base import Base, Versioned
from repcrm.db.codes import Coded
from repcrm.db.types import UTCDateTime, term
from repcrm.organisation.models import Region, User


class HospitalGrade(Term):
    """Level and class of a hospital in the national scheme."""

    G3A = "3A", N_("Grade 3A")
    G3B = "3B", N_("Grade 3B")
    G3C = "3C", N_("Grade 3C")
    G2A = "2A", N_("Grade 2A")
    G2B = "2B", N_("Grade 2B")
    G2C = "2C", N_("Grade 2C")
    G1A = "1A", N_("Grade 1A")
    G1B = "1B", N_("Grade 1B")
    G1C = "1C", N_("Grade 1C")
    UNGRADED = "ungraded", N_("ungraded")


class HospitalStatus(Term):
    """Whether a hospital is worked."""

    ACTIVE = "active", N_("active")
    PAUSED = "paused", N_("paused")
    CLOSED = "closed", N_("closed")


class Hospital(Coded, Versioned, Base):
    """An account: the hospital's archive (S3)."""

    __tablename__ = "hospital"
    __table_args__ = (
        CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude_on_earth"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude_on_earth"),
        CheckConstraint("beds >= 0", name="beds_not_negative"),
    )

    name: Mapped[str] = mapped_column(String(150))
    short_name: Mapped[str] = mapped_column(String(50), default="")
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)
    grade: Mapped[HospitalGrade | None] = mapped_column(term(HospitalGrade))
    status: Mapped[HospitalStatus] = mapped_column(term(HospitalStatus), default=HospitalStatus.ACTIVE)
    city: Mapped[str] = mapped_column(String(50), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    beds: Mapped[int | None]
    pharmacy_note: Mapped[str] = mapped_column(Text, default="")
    """How the pharmacy works: purchasing rhythm, drug committee dates."""
    key_people_note: Mapped[str] = mapped_column(Text, default="")
    """Professional roles only: director, pharmacy head, drug committee secretary."""
    name_pinyin: Mapped[str] = mapped_column(String(600), default="")
    """Every reading, without tones or spaces, readings separated by a blank; written on save."""
    name_initials: Mapped[str] = mapped_column(String(200), default="")

    region: Mapped[Region] = relationship()


class Department(Base):
    """A department of a hospital."""

    __tablename__ = "department"
    __table_args__ = (UniqueConstraint("hospital_id", "name"),)

    hospital_id: Mapped[int] = mapped_column(ForeignKey("hospital.id"))
    name: Mapped[str] = mapped_column(String(60))
    beds: Mapped[int | None]
    in_scope: Mapped[bool] = mapped_column(default=True)
    """Counts in the development rate (S16)."""
    is_model: Mapped[bool] = mapped_column(default=False)

    hospital: Mapped[Hospital] = relationship()


class DoctorClass(Term):
    """S4, S5."""

    CHIEF = "chief", N_("chief level")
    EXPERT = "expert", N_("re-hired expert")
    GENERAL = "general", N_("general doctor")
    NURSING = "nursing", N_("nursing")


class Tier(Term):
    """Decides how often a doctor is called on."""

    KEY = "key", N_("key")
    GENERAL = "general", N_("general")


class Doctor(Coded, Versioned, Base):
    """A person we may call on; professional contact only."""

    __tablename__ = "doctor"

    name: Mapped[str] = mapped_column(String(60))
    doctor_class: Mapped[DoctorClass] = mapped_column(term(DoctorClass))
    tier: Mapped[Tier] = mapped_column(term(Tier), default=Tier.GENERAL)
    title: Mapped[str] = mapped_column(String(60), default="")
    office_phone: Mapped[str] = mapped_column(String(40), default="")
    work_email: Mapped[str] = mapped_column(String(120), default="")
    is_active: Mapped[bool] = mapped_column(default=True)
    name_pinyin: Mapped[str] = mapped_column(String(300), default="")
    name_initials: Mapped[str] = mapped_column(String(60), default="")


class Post(Base):
    """A doctor in a department, dated. A doctor's hospital on a day is the hospital of the post held that day."""

    __tablename__ = "post"
    __table_args__ = (
        UniqueConstraint("doctor_id", "department_id", "from_on"),
        CheckConstraint("until_on IS NULL OR from_on < until_on", name="from_before_until"),
    )

    doctor_id: Mapped[int] = mapped_column(ForeignKey("doctor.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    from_on: Mapped[date]
    until_on: Mapped[date | None]

    doctor: Mapped[Doctor] = relationship()
    department: Mapped[Department] = relationship()


class AdoptionRating(Base):
    """How far a doctor has taken up a product, 1 to 7, from a day on; the newest day counts, then the newest row."""

    __tablename__ = "adoption_rating"
    __table_args__ = (
        CheckConstraint("rating BETWEEN 1 AND 7", name="rating_one_to_seven"),
        Index("ix_adoption_rating_latest", "doctor_id", "product_id", "rated_on"),
        Index("ix_adoption_rating_call_id", "call_id"),
    )

    doctor_id: Mapped[int] = mapped_column(ForeignKey("doctor.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True)
    rating: Mapped[int]
    rated_on: Mapped[date]
    set_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    set_at: Mapped[datetime] = mapped_column(UTCDateTime)
    call_id: Mapped[int | None] = mapped_column(ForeignKey("call.id", ondelete="SET NULL"))
    """The call it came out of."""

    doctor: Mapped[Doctor] = relationship()
    product: Mapped[Product] = relationship()
    set_by: Mapped[User] = relationship()


class Session(Term):
    """A part of the day in which a doctor can be met."""

    AM = "am", N_("morning")
    PM = "pm", N_("afternoon")
    EVE = "eve", N_("evening")


class ClinicSession(Base):
    """One line of a doctor's clinic roster: a weekday and session in which the doctor can be met."""

    __tablename__ = "clinic_session"
    __table_args__ = (
        UniqueConstraint("doctor_id", "weekday", "session"),
        CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday_monday_to_sunday"),
    )

    doctor_id: Mapped[int] = mapped_column(ForeignKey("doctor.id"))
    weekday: Mapped[int]
    """ISO: 1 Monday to 7 Sunday."""
    session: Mapped[Session] = mapped_column(term(Session, "clinic_session_part"))


class Listing(Versioned, Base):
    """A product in a hospital: where it stands in the listing pipeline, and what it could become."""

    __tablename__ = "listing"
    __table_args__ = (
        UniqueConstraint("hospital_id", "product_id"),
        CheckConstraint("potential_packs >= 0", name="potential_not_negative"),
    )

    hospital_id: Mapped[int] = mapped_column(ForeignKey("hospital.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True)
    stage: Mapped[ListingStage] = mapped_column(term(ListingStage), default=ListingStage.NOT_LISTED)
    since_on: Mapped[date]
    potential_packs: Mapped[int | None]
    """Packs a month the hospital could use, as estimated."""
    competitor_note: Mapped[str] = mapped_column(Text, default="")

    hospital: Mapped[Hospital] = relationship()
    product: Mapped[Product] = relationship()
