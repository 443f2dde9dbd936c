"""Products, their prices, and whom they compete with."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from repcrm.core.words import N_, Term
from repcrm.db.base import Base, Versioned
from repcrm.db.codes import Coded
from repcrm.db.types import term


class PackUnit(Term):
    """What one pack is called."""

    BOX = "box", N_("box")
    VIAL = "vial", N_("vial")
    BOTTLE = "bottle", N_("bottle")


class Product(Coded, Versioned, Base):
    """Something the company sells, counted in packs."""

    __tablename__ = "product"

    name: Mapped[str] = mapped_column(String(100))
    pack_size: Mapped[str] = mapped_column(String(60))
    """As printed on the pack, such as 10 mg x 28."""
    unit: Mapped[PackUnit] = mapped_column(term(PackUnit))
    is_active: Mapped[bool] = mapped_column(default=True)
    in_uptake: Mapped[bool] = mapped_column(default=False)
    """Being built up: watched week by week (S9)."""


class ProductPrice(Base):
    """The price of a pack from a day on, until the next one."""

    __tablename__ = "product_price"
    __table_args__ = (
        UniqueConstraint("product_id", "from_on"),
        CheckConstraint("price_fen > 0", name="price_positive"),
    )

    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    from_on: Mapped[date]
    price_fen: Mapped[int]

    product: Mapped[Product] = relationship()


class Competitor(Base):
    """Another company's product that fits the same patients."""

    __tablename__ = "competitor"
    __table_args__ = (UniqueConstraint("product_id", "name"),)

    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    name: Mapped[str] = mapped_column(String(100))
    maker: Mapped[str] = mapped_column(String(100), default="")

    product: Mapped[Product] = relationship()
