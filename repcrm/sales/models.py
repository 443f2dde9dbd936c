"""What distributors sold in to hospitals, and the files it came in."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from repcrm.accounts.models import Hospital
from repcrm.catalogue.models import Product
from repcrm.core.words import N_, Term
from repcrm.db.base import Base, Versioned
from repcrm.db.codes import Coded
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


class Distributor(Coded, Versioned, Base):
    """A company that delivers to hospitals and reports what it delivered."""

    __tablename__ = "distributor"
    __table_args__ = (
        CheckConstraint("1 <= due_day AND due_day <= 28", name="due_day_in_month"),
        CheckConstraint("rhythm <> 'weekly' OR due_day <= 7", name="due_day_in_week"),
    )

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
    FLOW = "flow", N_("distributor sales")
    TIME_OFF = "time_off", N_("time off")
    APPOINTMENTS = "appointments", N_("appointments")
    RECEPTION = "reception", N_("reception hours")
    DISTRIBUTORS = "distributors", N_("distributors")
    CONVERSIONS = "conversions", N_("unit conversions")
    WORKDAYS = "workdays", N_("working days")


class BatchStatus(Term):
    """Only lines of an applied batch count."""

    READING = "reading", N_("being read")
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


MACHINES = (Channel.API, Channel.FOLDER)
"""Channels through which files arrive without a person."""


class SalesToken(Base):
    """A secret with which a distributor's system sends files and reads what became of them; only its digest is kept."""

    __tablename__ = "sales_token"
    __table_args__ = (CheckConstraint("(revoked_at IS NULL) = (revoked_by_id IS NULL)", name="revoked_by_somebody"),)

    distributor_id: Mapped[int] = mapped_column(ForeignKey("distributor.id"), index=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    label: Mapped[str] = mapped_column(String(60))
    """What it is used for, so that people can tell tokens apart."""
    created_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    """The admin who answers for what it brings; it stops working when they are deactivated."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When a file was last sent with it."""
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    distributor: Mapped[Distributor] = relationship()
    created_by: Mapped[User] = relationship(foreign_keys=[created_by_id])


class ImportBatch(Base):
    """One file, taken whole or not at all."""

    __tablename__ = "import_batch"
    __table_args__ = (
        Index("ix_import_batch_distributor_status", "distributor_id", "status"),
        Index("ix_import_batch_file_digest", "file_digest"),
        CheckConstraint("(status = 'replaced') = (replaced_by_id IS NOT NULL)", name="replaced_by_a_batch"),
    )

    kind: Mapped[ImportKind] = mapped_column(term(ImportKind))
    distributor_id: Mapped[int | None] = mapped_column(ForeignKey("distributor.id"))
    """For flow; None else."""
    period: Mapped[str] = mapped_column(String(10), default="")
    """What the file answers for, 2026-11 or 2026-W47, for flow; empty else."""
    mode: Mapped[FlowMode | None] = mapped_column(term(FlowMode))
    """For flow; None else, and while nobody has said yet."""
    file_name: Mapped[str] = mapped_column(String(200))
    file_digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the bytes."""
    status: Mapped[BatchStatus] = mapped_column(term(BatchStatus))
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
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"), index=True)
    """The batch that has taken its place; it counts again when that one is reverted."""
    staged_lines: Mapped[int] = mapped_column(default=0)
    """Lines of sales stored for it; kept by `sales.staging` in the transactions that store and remove them."""
    staged_packs: Mapped[int] = mapped_column(default=0)
    staged_late: Mapped[int] = mapped_column(default=0)
    """Those of days before its period."""
    last_on: Mapped[date | None]
    """The last day that its stored lines speak of."""
    channel: Mapped[Channel] = mapped_column(term(Channel), default=Channel.PAGE)
    token_id: Mapped[int | None] = mapped_column(ForeignKey("sales_token.id"))
    """The token it was sent with over the direct connection."""
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Key of a question -> what a person answered."""
    questions: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """What has to be answered before it can be applied, as `imports.questions` writes it."""
    sums: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, deferred=True)
    """Control sums of the preview: lines, packs and money of the file, before and after by distributor and month."""
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why a closed period is changed."""
    count_open: Mapped[int] = mapped_column(default=0)
    """Lines that wait for an answer about a name or a remark."""
    count_aside: Mapped[int] = mapped_column(default=0)
    """Lines a person has set aside."""

    created_by: Mapped[User] = relationship()
    distributor: Mapped[Distributor | None] = relationship()
    stored: Mapped["ImportContent | None"] = relationship(cascade="all, delete-orphan")

    @property
    def content(self) -> bytes | None:
        """The bytes of the file while it waits: answers to questions read it again."""
        return self.stored.content if self.stored else None

    @content.setter
    def content(self, content: bytes | None) -> None:
        if content is None:
            self.stored = None
        elif self.stored is None:
            self.stored = ImportContent(content=content)
        else:
            self.stored.content = content

    @property
    def source(self) -> str:
        """Name of the distributor; empty for other kinds of file."""
        return self.distributor.name if self.distributor else ""


class ImportContent(Base):
    """The bytes of a file that waits.

    Apart from its batch: SQLite writes a row anew as a whole, however little of it changes, and a batch counts its
    lines after each portion of them.
    """

    __tablename__ = "import_content"
    __table_args__ = (UniqueConstraint("batch_id"),)

    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id", ondelete="CASCADE"))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class ImportRow(Base):
    """One row of a file as previewed: what it says, what applying it would do, and why not."""

    __tablename__ = "import_row"
    __table_args__ = (
        UniqueConstraint("batch_id", "number"),
        Index("ix_import_row_batch_verdict", "batch_id", "verdict", "number"),
    )

    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id", ondelete="CASCADE"))
    number: Mapped[int]
    """Its place among the rows of the file, from 1."""
    verdict: Mapped[str] = mapped_column(String(12))
    """A member of `imports.verdicts.Verdict`."""
    kept: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The rest of it, as `imports.verdicts.Row.as_json` writes it."""
    aside_reason: Mapped[str] = mapped_column(String(200), default="")
    """Why a person has set it aside; empty: nobody has."""


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
        Index("ix_flow_line_batch_on_hospital_packs", "batch_id", "on_day", "hospital_id", "packs"),
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
    chain: Mapped[str] = mapped_column(String(100), default="")
    """The sub-distributor that delivered, as the file spells it; empty where the distributor delivered itself."""


class StockLine(Base):
    """Packs in stock on a day, as a purchase-sales-stock sheet reports them."""

    __tablename__ = "stock_line"
    __table_args__ = (UniqueConstraint("batch_id", "line_no"),)

    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"))
    line_no: Mapped[int]
    hospital_id: Mapped[int | None] = mapped_column(ForeignKey("hospital.id"), index=True)
    """Whose stock it is; None: the distributor's own."""
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True)
    on: Mapped[date] = mapped_column("on_day")
    packs: Mapped[int]
    """As the sheet says: a stock in the books may be negative."""


class ClaimKind(Term):
    """What a rep says is wrong with the sales of a hospital."""

    NOT_MINE = "not_mine", N_("not mine")
    WRONG_HOSPITAL = "wrong_hospital", N_("wrong hospital")
    MISSING = "missing", N_("packs missing")
    TOO_MUCH = "too_much", N_("too many packs")


class ClaimState(Term):
    """Where a claim stands; whether an accepted one still counts is what its correction says."""

    OPEN = "open", N_("to be answered")
    ACCEPTED = "accepted", N_("corrected")
    DECLINED = "declined", N_("declined")
    WITHDRAWN = "withdrawn", N_("withdrawn")


class SalesClaim(Base):
    """A rep's objection to a line, or to a month of a hospital and product, and what the back office answered."""

    __tablename__ = "sales_claim"
    __table_args__ = (
        Index("ix_sales_claim_state", "state", "made_at"),
        Index("ix_sales_claim_place", "hospital_id", "product_id", "month_on"),
        CheckConstraint("packs > 0", name="some_packs"),
        CheckConstraint("(state IN ('accepted', 'declined')) = (answered_by_id IS NOT NULL)", name="answered"),
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed"),
        CheckConstraint("(state = 'accepted') = (batch_id IS NOT NULL)", name="accepted_is_corrected"),
        CheckConstraint("line_id IS NULL OR kind <> 'missing'", name="a_line_is_not_missing"),
        CheckConstraint("other_hospital_id IS NULL OR other_hospital_id <> hospital_id", name="another_hospital"),
    )

    kind: Mapped[ClaimKind] = mapped_column(term(ClaimKind))
    state: Mapped[ClaimState] = mapped_column(term(ClaimState), default=ClaimState.OPEN)
    hospital_id: Mapped[int] = mapped_column(ForeignKey("hospital.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    month_on: Mapped[date]
    """First day of the month concerned."""
    line_id: Mapped[int | None] = mapped_column(ForeignKey("flow_line.id"), index=True)
    """The line concerned; None: the whole month."""
    packs: Mapped[int]
    """How many packs are wrong or missing; of a return, how many of those returned."""
    other_hospital_id: Mapped[int | None] = mapped_column(ForeignKey("hospital.id"))
    """Where the packs belong, as the rep says until it is accepted, then as the back office decided."""
    note: Mapped[str] = mapped_column(String(500))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When it was answered or withdrawn."""
    answer: Mapped[str] = mapped_column(String(500), default="")
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"), unique=True)
    """The correction that was made of it."""

    hospital: Mapped[Hospital] = relationship(foreign_keys=[hospital_id])
    other_hospital: Mapped[Hospital | None] = relationship(foreign_keys=[other_hospital_id])
    product: Mapped[Product] = relationship()
    line: Mapped[FlowLine | None] = relationship()
    made_by: Mapped[User] = relationship(foreign_keys=[made_by_id])
    answered_by: Mapped[User | None] = relationship(foreign_keys=[answered_by_id])
    batch: Mapped[ImportBatch | None] = relationship()
