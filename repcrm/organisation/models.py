"""Regions, territories, the people of the field force, their sign-ins, and the working calendar."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from repcrm.core.workdays import DayKind
from repcrm.db.base import Base, Versioned
from repcrm.db.codes import Coded
from repcrm.db.types import UTCDateTime, term
from repcrm.organisation.access import Role

DEFAULT_COUNTRY = "CN"
"""Whose public holidays count where a region has not chosen."""


class Region(Coded, Base):
    """A part of the market that one regional lead answers for."""

    __tablename__ = "region"

    name: Mapped[str] = mapped_column(String(100))


class User(Coded, Versioned, Base):
    """A person who signs in: a rep, a regional lead or an administrator."""

    __tablename__ = "user_account"
    __table_args__ = (CheckConstraint("role = 'admin' OR region_id IS NOT NULL", name="field_people_have_a_region"),)

    username: Mapped[str] = mapped_column(String(64), unique=True)
    """Kept in lower case."""
    name: Mapped[str] = mapped_column(String(100))
    role: Mapped[Role] = mapped_column(term(Role))
    region_id: Mapped[int | None] = mapped_column(ForeignKey("region.id"), index=True)
    password_hash: Mapped[str | None] = mapped_column(String(255))
    """argon2id; None for one who cannot sign in yet."""
    is_active: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str | None] = mapped_column(String(5))
    """zh or en; None follows the browser."""
    must_change_password: Mapped[bool] = mapped_column(default=False)
    """The password was set by somebody else: nothing but changing it is open."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    region: Mapped[Region | None] = relationship()


class Territory(Coded, Base):
    """A named set of hospitals x products; who holds them when stands in its assignments."""

    __tablename__ = "territory"

    name: Mapped[str] = mapped_column(String(100))
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)

    region: Mapped[Region] = relationship()


class TerritoryAssignment(Base):
    """A hospital x product given to a rep from a day on, until (not including) another."""

    __tablename__ = "territory_assignment"
    __table_args__ = (
        UniqueConstraint("hospital_id", "product_id", "from_on"),
        CheckConstraint("until_on IS NULL OR from_on < until_on", name="from_before_until"),
        Index("ix_territory_assignment_rep_days", "rep_id", "from_on", "until_on"),
    )

    territory_id: Mapped[int] = mapped_column(ForeignKey("territory.id"), index=True)
    hospital_id: Mapped[int] = mapped_column(ForeignKey("hospital.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True)
    rep_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    from_on: Mapped[date]
    until_on: Mapped[date | None]

    territory: Mapped[Territory] = relationship()
    rep: Mapped[User] = relationship()


class LoginSession(Base):
    """One signed-in browser; the cookie carries the token, the table only its digest."""

    __tablename__ = "login_session"

    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    agent: Mapped[str] = mapped_column(String(255), default="")

    user: Mapped[User] = relationship()


class CalendarFeed(Base):
    """A secret address at which a calendar reads somebody's calls; the table keeps only the digest of its secret."""

    __tablename__ = "calendar_feed"

    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    user: Mapped[User] = relationship()


class SignInThrottle(Base):
    """Failed sign-ins of one account name, known or not."""

    __tablename__ = "sign_in_throttle"

    username: Mapped[str] = mapped_column(String(64), unique=True)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class CalendarDay(Base):
    """A public holiday of a country, or a weekend day that is worked in its place."""

    __tablename__ = "calendar_day"
    __table_args__ = (
        UniqueConstraint("country", "on_day"),
        CheckConstraint("length(country) = 2", name="country_of_two_letters"),
    )

    country: Mapped[str] = mapped_column(String(2), default=DEFAULT_COUNTRY)
    """ISO 3166: CN."""
    on: Mapped[date] = mapped_column("on_day")
    kind: Mapped[DayKind] = mapped_column(term(DayKind))
    name_zh: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(100))
    is_provisional: Mapped[bool] = mapped_column(default=False)
    """Not announced yet: may still move."""


class ShippedYear(Base):
    """A year of a calendar that came with a release, and what it said: whether people have changed it since."""

    __tablename__ = "shipped_year"
    __table_args__ = (UniqueConstraint("country", "year"),)

    country: Mapped[str] = mapped_column(String(2))
    year: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    """Of its days as the release had them."""


class RegionCalendar(Base):
    """From a day on, a region follows the public holidays of a country; without any, those of DEFAULT_COUNTRY."""

    __tablename__ = "region_calendar"
    __table_args__ = (
        UniqueConstraint("region_id", "from_on"),
        CheckConstraint("length(country) = 2", name="country_of_two_letters"),
    )

    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    from_on: Mapped[date]
    country: Mapped[str] = mapped_column(String(2))

    region: Mapped[Region] = relationship()
