"""What distributors sold in to hospitals, and the files it came in."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from repcrm.core.words import N_, Term
from repcrm.db.base import Base, Versioned
from repcrm.db.types import UTCDateTime, term
from repcrm.organisation.models import Region, User


class DistributorTier(Term):
    """How far from the company a distributor stands."""

    FIRST = "first", N_("first tier")
    SECOND = "second", N_("second tier")


class DeliveryRhythm(Term):
    """How often a distributor sends its sales."""

    WEEKLY = "weekly", N_("every week")
    MONTHLY = "monthly", N_("every month")


class Intake(Term):
    """What happens to a file that arrives without a person and leaves nothing to ask."""

    PREVIEW = "preview", N_("wait for a person")
    APPLY = "apply", N_("apply what is clear")


class Distributor(Versioned, Base):
    """A company that delivers to hospitals and reports what it delivered."""

    __tablename__ = "distributor"
    __table_args__ = (
        CheckConstraint("1 <= due_day AND due_day <= 28", name="due_day_in_month"),
        CheckConstraint("rhythm <> 'weekly' OR due_day <= 7", name="due_day_in_week"),
    )

    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    tier: Mapped[DistributorTier] = mapped_column(term(DistributorTier), default=DistributorTier.FIRST)
    rhythm: Mapped[DeliveryRhythm] = mapped_column(term(DeliveryRhythm), default=DeliveryRhythm.MONTHLY)
    due_day: Mapped[int] = mapped_column(default=5)
    """By when a period's sales are expected: ISO weekday of the week after, or day of the month after."""
    is_active: Mapped[bool] = mapped_column(default=True)
    intake: Mapped[Intake] = mapped_column(term(Intake), default=Intake.PREVIEW)
    needs_second_person: Mapped[bool] = mapped_column(default=False)
    """Files of this distributor are applied by someone other than who uploaded or prepared them."""


class DistributorRegion(Base):
    """A region a distributor is meant to deliver to; without a row it may deliver everywhere."""

    __tablename__ = "distributor_region"
    __table_args__ = (UniqueConstraint("distributor_id", "region_id"),)

    distributor_id: Mapped[int] = mapped_column(ForeignKey("distributor.id"))
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))

    region: Mapped[Region] = relationship()


class ImportKind(Term):
    """What a file brings."""

    REGIONS = "regions", N_("regions")
    PEOPLE = "people", N_("people")
    PRODUCTS = "products", N_("products")
    PRICES = "prices", N_("prices")
    COMPETITORS = "competitors", N_("competitors")
    HOSPITALS = "hospitals", N_("hospitals")
    DEPARTMENTS = "departments", N_("departments")
    DOCTORS = "doctors", N_("doctors")
    LISTINGS = "listings", N_("listings")
    TERRITORIES = "territories", N_("territories")
    TARGETS = "targets", N_("targets")
    FLOW = "flow", N_("distributor flow")
    TIME_OFF = "time_off", N_("time off")
    APPOINTMENTS = "appointments", N_("appointments")
    RECEPTION = "reception", N_("reception hours")


class BatchStatus(Term):
    """Only lines of an applied batch count."""

    PREVIEWED = "previewed", N_("previewed")
    APPLIED = "applied", N_("applied")
    REPLACED = "replaced", N_("replaced by a later file")
    UNDONE = "undone", N_("undone")
    DISCARDED = "discarded", N_("discarded")
    UNCHANGED = "unchanged", N_("changed nothing")


class FlowMode(Term):
    """What a file of sales does to what its distributor reported before."""

    REPLACES = "replaces", N_("replaces its period")
    ADDS = "adds", N_("adds to its period")
    CORRECTS = "corrects", N_("corrects single lines")


class Channel(Term):
    """How a file arrived."""

    PAGE = "page", N_("import page")
    COMMAND = "command", N_("command line")
    API = "api", N_("direct connection")
    FOLDER = "folder", N_("watched folder")


_APPLIED_FLOW = text("kind = 'flow' AND status = 'applied'")


class ImportBatch(Base):
    """One file, taken whole or not at all."""

    __tablename__ = "import_batch"
    __table_args__ = (
        Index("ix_import_batch_source_period", "kind", "source", "period"),
        Index(
            "uq_import_batch_applied_flow",
            "source",
            "period",
            unique=True,
            sqlite_where=_APPLIED_FLOW,
            postgresql_where=_APPLIED_FLOW,
        ),
    )

    kind: Mapped[ImportKind] = mapped_column(term(ImportKind))
    source: Mapped[str] = mapped_column(String(60), default="")
    """The distributor, for flow; empty else."""
    period: Mapped[str] = mapped_column(String(10), default="")
    """What the file answers for, 2026-11 or 2026-W47, for flow; empty else. Applied ones of a source never overlap."""
    file_name: Mapped[str] = mapped_column(String(200))
    file_digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the bytes."""
    status: Mapped[BatchStatus] = mapped_column(term(BatchStatus))
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSON, deferred=True)
    """The rows as previewed, as `imports.verdicts.Row` writes them; read only when asked for, they may be many."""
    reading: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, deferred=True)
    """How the file was read: which columns of which sheet were taken for what, and what was left out."""
    count_new: Mapped[int] = mapped_column(default=0)
    count_changed: Mapped[int] = mapped_column(default=0)
    count_unchanged: Mapped[int] = mapped_column(default=0)
    count_refused: Mapped[int] = mapped_column(default=0)
    count_gone: Mapped[int] = mapped_column(default=0)
    """Lines of the file it replaces that it no longer has."""
    created_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    applied_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))
    distributor_id: Mapped[int | None] = mapped_column(ForeignKey("distributor.id"), index=True)
    """For flow; None else."""
    mode: Mapped[FlowMode | None] = mapped_column(term(FlowMode))
    """For flow; None else, and while nobody has said yet."""
    channel: Mapped[Channel] = mapped_column(term(Channel), default=Channel.PAGE)
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    """The bytes of the file while it waits: answers to questions read it again."""
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Key of a question -> what a person answered."""
    questions: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """What has to be answered before it can be applied, as `imports.questions` writes it."""
    sums: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, deferred=True)
    """Control sums of the preview: lines, packs and money of the file, before and after by distributor and month."""
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why a closed period is changed."""
    count_open: Mapped[int] = mapped_column(default=0)
    """Lines that wait for a name."""
    count_aside: Mapped[int] = mapped_column(default=0)
    """Lines a person has set aside."""

    created_by: Mapped[User] = relationship()


class ImportChange(Base):
    """What applying a batch did to one row, so that undoing it brings the former values back."""

    __tablename__ = "import_change"

    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"), index=True)
    subject: Mapped[str] = mapped_column(String(40))
    """The table."""
    subject_id: Mapped[int]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """None: the row was new."""
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class FlowGrain(Term):
    """How finely a source dates its lines."""

    DAY = "day", N_("by day")
    MONTH = "month", N_("by month")


class FlowLine(Base):
    """Packs a distributor delivered to a hospital on a day, or in a month; returns are negative."""

    __tablename__ = "flow_line"
    __table_args__ = (
        Index("ix_flow_line_on_hospital_product", "on_day", "hospital_id", "product_id"),
        UniqueConstraint("batch_id", "line_no"),
        CheckConstraint("value_fen IS NULL OR packs <> 0 OR value_fen = 0", name="value_without_packs"),
    )

    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"))
    line_no: Mapped[int]
    hospital_id: Mapped[int] = mapped_column(ForeignKey("hospital.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    on: Mapped[date] = mapped_column("on_day")
    """The day; for a monthly source the first of the month."""
    grain: Mapped[FlowGrain] = mapped_column(term(FlowGrain))
    packs: Mapped[int]
    document: Mapped[str] = mapped_column(String(60), default="")
    """Number of the delivery note, where the source names one."""
    value_fen: Mapped[int | None]
    """As the source says; None: packs x the price valid on the day."""
