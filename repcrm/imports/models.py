"""What people have taught the imports: what a spelling stands for, and how files of one layout are read."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from repcrm.accounts.models import Hospital
from repcrm.catalogue.models import Product
from repcrm.core.words import N_, Term
from repcrm.db.base import Base
from repcrm.db.types import UTCDateTime, term
from repcrm.organisation.models import Region, User
from repcrm.sales.models import Distributor, ImportKind


class NameKind(Term):
    """What a name in a file stands for."""

    HOSPITAL = "hospital", N_("hospital")
    PRODUCT = "product", N_("product")
    REP = "rep", N_("rep")
    DISTRIBUTOR = "distributor", N_("distributor")
    REGION = "region", N_("region")


_ACTIVE_GENERAL = text("undone_at IS NULL AND distributor_id IS NULL")
_ACTIVE_OF_ONE = text("undone_at IS NULL AND distributor_id IS NOT NULL")


class NameAlias(Base):
    """A spelling, and what a person said it means; without a target it is not ours."""

    __tablename__ = "name_alias"
    __table_args__ = (
        Index(
            "uq_name_alias_active_general", "kind", "spelling_key", unique=True,
            sqlite_where=_ACTIVE_GENERAL, postgresql_where=_ACTIVE_GENERAL,
        ),
        Index(
            "uq_name_alias_active_of_distributor", "distributor_id", "kind", "spelling_key", unique=True,
            sqlite_where=_ACTIVE_OF_ONE, postgresql_where=_ACTIVE_OF_ONE,
        ),
        CheckConstraint("hospital_id IS NULL OR kind = 'hospital'", name="hospital_of_its_kind"),
        CheckConstraint("product_id IS NULL OR kind = 'product'", name="product_of_its_kind"),
        CheckConstraint("user_id IS NULL OR kind = 'rep'", name="rep_of_its_kind"),
        CheckConstraint("named_distributor_id IS NULL OR kind = 'distributor'", name="distributor_of_its_kind"),
        CheckConstraint("region_id IS NULL OR kind = 'region'", name="region_of_its_kind"),
        CheckConstraint("(undone_at IS NULL) = (undone_by_id IS NULL)", name="undone_by_somebody"),
    )  # fmt: skip

    kind: Mapped[NameKind] = mapped_column(term(NameKind))
    spelling: Mapped[str] = mapped_column(String(200))
    """As the file has it."""
    spelling_key: Mapped[str] = mapped_column(String(200))
    """Comparable, as `spelling.name_key` gives it."""
    distributor_id: Mapped[int | None] = mapped_column(ForeignKey("distributor.id"))
    """Whose files say so; None: everybody's."""
    hospital_id: Mapped[int | None] = mapped_column(ForeignKey("hospital.id"), index=True)
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    named_distributor_id: Mapped[int | None] = mapped_column(ForeignKey("distributor.id"), index=True)
    region_id: Mapped[int | None] = mapped_column(ForeignKey("region.id"), index=True)
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime] = mapped_column(UTCDateTime)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    distributor: Mapped[Distributor | None] = relationship(foreign_keys=[distributor_id])
    hospital: Mapped[Hospital | None] = relationship()
    product: Mapped[Product | None] = relationship()
    user: Mapped[User | None] = relationship(foreign_keys=[user_id])
    named_distributor: Mapped[Distributor | None] = relationship(foreign_keys=[named_distributor_id])
    region: Mapped[Region | None] = relationship()
    decided_by: Mapped[User] = relationship(foreign_keys=[decided_by_id])

    @property
    def target(self) -> "Hospital | Product | User | Distributor | Region | None":
        """What the spelling stands for; None: not ours."""
        return self.hospital or self.product or self.user or self.named_distributor or self.region


Named = Hospital | Product | User | Distributor | Region
"""What a name can stand for."""
TARGET_COLUMNS = {
    NameKind.HOSPITAL: "hospital_id",
    NameKind.PRODUCT: "product_id",
    NameKind.REP: "user_id",
    NameKind.DISTRIBUTOR: "named_distributor_id",
    NameKind.REGION: "region_id",
}
"""Kind -> the column that holds what its names stand for."""


class ImportLayout(Base):
    """How files of one layout are read: the answers a person gave the first time."""

    __tablename__ = "import_layout"
    __table_args__ = (UniqueConstraint("kind", "distributor_id", "signature"),)

    kind: Mapped[ImportKind] = mapped_column(term(ImportKind))
    distributor_id: Mapped[int | None] = mapped_column(ForeignKey("distributor.id"))
    signature: Mapped[str] = mapped_column(String(64))
    """Digest of the headings."""
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Key of a question -> answer, of questions about the layout."""
    confirmed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    confirmed_at: Mapped[datetime] = mapped_column(UTCDateTime)

    confirmed_by: Mapped[User] = relationship()
