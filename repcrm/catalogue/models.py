"""Products, their prices, and whom they compete with."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from repcrm.catalogue.units import PackUnit as PackUnit
from repcrm.db.base import Base, Versioned
from repcrm.db.codes import Coded
from repcrm.db.types import term


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


class ProductConversion(Base):
    """How many packs another unit holds, such as a case, from a day on; the newest day counts.

    One unit is `packs_num` / `packs_den` packs: a case of 200 is 200/1, one tablet of 28 is 1/28.
    """

    __tablename__ = "product_conversion"
    __table_args__ = (
        UniqueConstraint("product_id", "unit", "from_on"),
        CheckConstraint("packs_num > 0 AND packs_den > 0", name="packs_positive"),
        CheckConstraint("until_on IS NULL OR from_on < until_on", name="from_before_until"),
    )

    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    unit: Mapped[str] = mapped_column(String(20))
    """Comparable word, as `units.unit_key` gives it."""
    packs_num: Mapped[int]
    packs_den: Mapped[int] = mapped_column(default=1)
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    """The first day on which it no longer holds."""

    product: Mapped[Product] = relationship()


class Competitor(Base):
    """Another company's product that fits the same patients."""

    __tablename__ = "competitor"
    __table_args__ = (UniqueConstraint("product_id", "name"),)

    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    name: Mapped[str] = mapped_column(String(100))
    maker: Mapped[str] = mapped_column(String(100), default="")

    product: Mapped[Product] = relationship()
