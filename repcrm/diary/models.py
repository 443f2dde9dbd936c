"""Time off, appointments, reception hours of hospitals, roads between them, and evening rounds."""

from datetime import date, time

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from repcrm.accounts.models import Hospital, Session
from repcrm.db.base import Base, Versioned
from repcrm.db.types import term
from repcrm.diary.terms import AppointmentKind, TimeOffKind
from repcrm.organisation.models import Region, User


class TimeOff(Base):
    """Days on which a rep is away, half-open: whole days, or the same part of each."""

    __tablename__ = "time_off"
    __table_args__ = (
        CheckConstraint("from_on < until_on", name="from_before_until"),
        Index("ix_time_off_rep_days", "rep_id", "from_on", "until_on"),
    )

    rep_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    from_on: Mapped[date]
    until_on: Mapped[date]
    part: Mapped[Session | None] = mapped_column(term(Session, "time_off_part"))
    """None: whole days."""
    kind: Mapped[TimeOffKind] = mapped_column(term(TimeOffKind))
    note: Mapped[str] = mapped_column(String(200), default="")

    rep: Mapped[User] = relationship()


class Appointment(Versioned, Base):
    """Something fixed in the calendar of a rep, or of everybody of a region: once, or every week on a weekday."""

    __tablename__ = "appointment"
    __table_args__ = (
        CheckConstraint("from_on < until_on", name="from_before_until"),
        CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday_monday_to_sunday"),
        CheckConstraint("weekday IS NOT NULL OR until_on IS NOT NULL", name="once_has_its_day"),
        CheckConstraint("minutes BETWEEN 5 AND 480", name="minutes_of_a_part"),
        Index("ix_appointment_region_days", "region_id", "from_on", "until_on"),
    )

    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    rep_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    """None: everybody of the region."""
    hospital_id: Mapped[int | None] = mapped_column(ForeignKey("hospital.id"), index=True)
    """Where one has to be; None: wherever the team meets, outside the hospitals."""
    kind: Mapped[AppointmentKind] = mapped_column(term(AppointmentKind))
    title: Mapped[str] = mapped_column(String(100), default="")
    """Empty where the kind says it all."""
    weekday: Mapped[int | None]
    """ISO: 1 Monday to 7 Sunday; None: once, on `from_on`."""
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    """Half-open; None: every week until it is cancelled."""
    part: Mapped[Session] = mapped_column(term(Session, "appointment_part"))
    starts_at_time: Mapped[time | None]
    """Time of day in the business time zone."""
    minutes: Mapped[int]
    with_lead: Mapped[bool] = mapped_column(default=False)
    """The regional lead takes part."""

    region: Mapped[Region] = relationship()
    rep: Mapped[User | None] = relationship()
    hospital: Mapped[Hospital | None] = relationship()


class ReceptionWindow(Base):
    """A weekday and part of the day in which a hospital receives reps; one without any receives them always."""

    __tablename__ = "reception_window"
    __table_args__ = (
        UniqueConstraint("hospital_id", "weekday", "part"),
        CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday_monday_to_sunday"),
    )

    hospital_id: Mapped[int] = mapped_column(ForeignKey("hospital.id"))
    weekday: Mapped[int]
    """ISO: 1 Monday to 7 Sunday."""
    part: Mapped[Session] = mapped_column(term(Session, "reception_window_part"))


class TravelOverride(Base):
    """Minutes between two hospitals, either way, where what the map says is wrong."""

    __tablename__ = "travel_override"
    __table_args__ = (
        UniqueConstraint("one_id", "other_id"),
        CheckConstraint("one_id < other_id", name="one_before_other"),
        CheckConstraint("minutes BETWEEN 0 AND 600", name="minutes_of_a_day"),
    )

    one_id: Mapped[int] = mapped_column(ForeignKey("hospital.id"))
    """The hospital with the smaller key."""
    other_id: Mapped[int] = mapped_column(ForeignKey("hospital.id"), index=True)
    minutes: Mapped[int]

    one: Mapped[Hospital] = relationship(foreign_keys=[one_id])
    other: Mapped[Hospital] = relationship(foreign_keys=[other_id])


class RepBase(Base):
    """Where a rep's day starts and ends, as a point on the map: never an address."""

    __tablename__ = "rep_base"
    __table_args__ = (
        CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude_on_earth"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude_on_earth"),
    )

    rep_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    latitude: Mapped[float]
    longitude: Mapped[float]

    rep: Mapped[User] = relationship()


class EveningRound(Base):
    """A weekday on whose evening somebody of the team is in a hospital (S18)."""

    __tablename__ = "evening_round"
    __table_args__ = (
        UniqueConstraint("hospital_id", "weekday"),
        CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday_monday_to_sunday"),
    )

    hospital_id: Mapped[int] = mapped_column(ForeignKey("hospital.id"))
    weekday: Mapped[int]
    """ISO: 1 Monday to 7 Sunday."""


class EveningDuty(Versioned, Base):
    """Who goes on a hospital's evening round on a day."""

    __tablename__ = "evening_duty"
    __table_args__ = (UniqueConstraint("hospital_id", "day_on"), Index("ix_evening_duty_rep_day", "rep_id", "day_on"))

    hospital_id: Mapped[int] = mapped_column(ForeignKey("hospital.id"))
    day_on: Mapped[date]
    rep_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    is_locked: Mapped[bool] = mapped_column(default=False)
    """Settled by hand: sharing the evenings out again leaves it alone."""

    hospital: Mapped[Hospital] = relationship()
    rep: Mapped[User] = relationship()
