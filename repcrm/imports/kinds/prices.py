"""Files of prices: what a pack of a product costs from a day on."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select

from repcrm.catalogue.models import ProductPrice
from repcrm.catalogue.service import set_price
from repcrm.core.errors import BadInput
from repcrm.core.words import N_
from repcrm.imports import values
from repcrm.imports.columns import Column
from repcrm.imports.kinds.shared import PLACE_INSTEAD, PRODUCT_CODE, PRODUCT_NAME, Context, Kind, find_product
from repcrm.imports.verdicts import Row, Verdict, refuse_duplicates
from repcrm.organisation.access import Scope
from repcrm.sales.models import ImportKind

COLUMNS = (
    PRODUCT_CODE,
    PRODUCT_NAME,
    Column(
        "price", "Price (yuan)", "单价（元）", values.money, ("价格", "单价", "售价", "供货价", "考核价", "price",
        "unit price", "price per pack"),
        required=True, note=N_("Yuan per pack."), samples=(50.0, 50.0), shape="fen",
    ),
    Column(
        "from_on", "From", "开始日期", values.day, ("生效日期", "起始日期", "执行日期", "from on", "valid from",
        "effective from"),
        required=True,
        note=N_("The first day of this price. A price in the past changes money in reports frozen from now on."),
        samples=("2026-01-01", "2026-01-01"), shape="day",
    ),
)  # fmt: skip


def judge(context: Context, rows: list[Row]) -> None:
    """Compare each row with the price set for its day."""
    for row in rows:
        find_product(context, row)
    present = {(one.product_id, one.from_on): one for one in context.session.scalars(watch(context, rows)[0])}
    for row in rows:
        if row.is_stuck:
            continue
        if row.values["price"] <= 0:
            row.refuse(BadInput(N_("A price is more than 0.")), "price")
            continue
        on_file = present.get(_place(row))
        if on_file is not None:
            row.compare({"price": on_file.price_fen}, {"price": row.values["price"]})
    refuse_duplicates(rows, _place)


def take(context: Context, rows: list[Row], scope: Scope, now: datetime) -> None:
    """Set the new and changed prices."""
    for row in rows:
        if row.verdict in (Verdict.NEW, Verdict.CHANGED):
            set_price(
                context.session,
                row.found["product"],
                row.values["price"],
                _place(row)[1],
                actor_id=scope.user_id,
                now=now,
            )


def watch(context: Context, rows: list[Row]) -> Sequence[Select[Any]]:
    """The prices of the products in the file."""
    ids = {row.found["product"].id for row in rows if row.found.get("product")}
    return [select(ProductPrice).where(ProductPrice.product_id.in_(ids))]


def _place(row: Row) -> tuple[int, date]:
    return row.found["product"].id, date.fromisoformat(row.values["from_on"])


KIND = Kind(ImportKind.PRICES, COLUMNS, judge, take, watch, {"product_code": PLACE_INSTEAD["product_code"]})
