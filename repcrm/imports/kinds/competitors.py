"""Files of competitors: which other companies' products a product meets."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from repcrm.catalogue.models import Competitor
from repcrm.catalogue.service import add_competitor, revise_competitor
from repcrm.imports import values
from repcrm.imports.columns import Column
from repcrm.imports.kinds.shared import PLACE_INSTEAD, PRODUCT_CODE, PRODUCT_NAME, Context, Kind, find_product
from repcrm.imports.text import key
from repcrm.imports.verdicts import Row, Verdict, refuse_duplicates
from repcrm.organisation.access import Scope
from repcrm.sales.models import ImportKind

COLUMNS = (
    PRODUCT_CODE,
    PRODUCT_NAME,
    Column(
        "name", "Competitor", "竞品名称", values.text(100), ("竞品", "竞争产品", "竞品名", "competing product"),
        required=True, samples=("Product X", "竞品甲"),
    ),
    Column(
        "maker", "Maker", "生产企业", values.text(100), ("竞品厂家", "厂家", "生产厂家", "manufacturer", "company"),
        samples=("Another company", "某药企（虚构）"),
    ),
)  # fmt: skip


def judge(context: Context, rows: list[Row]) -> None:
    """Compare each row with the competitor of that name."""
    for row in rows:
        find_product(context, row)
    present = {(one.product_id, key(one.name)): one for one in context.session.scalars(watch(context, rows)[0])}
    for row in rows:
        if row.is_stuck:
            continue
        on_file = row.found["competitor"] = present.get(_place(row))
        if on_file is not None:
            after: dict[str, Any] = {name: row.values[name] for name in ("name", "maker") if name in row.values}
            row.compare({"name": on_file.name, "maker": on_file.maker}, after)
    refuse_duplicates(rows, _place)


def take(context: Context, rows: list[Row], scope: Scope, now: datetime) -> None:
    """Add and revise the competitors."""
    for row in rows:
        name, on_file = row.values["name"], row.found["competitor"]
        if row.verdict is Verdict.NEW:
            add_competitor(context.session, row.found["product"], name, row.values.get("maker", ""))
        elif row.verdict is Verdict.CHANGED:
            revise_competitor(context.session, on_file, name, row.values.get("maker", on_file.maker))


def watch(context: Context, rows: list[Row]) -> Sequence[Select[Any]]:
    """The competitors of the products in the file."""
    ids = {row.found["product"].id for row in rows if row.found.get("product")}
    return [select(Competitor).where(Competitor.product_id.in_(ids))]


def _place(row: Row) -> tuple[int, str]:
    return row.found["product"].id, key(row.values["name"])


KIND = Kind(ImportKind.COMPETITORS, COLUMNS, judge, take, watch, {"product_code": PLACE_INSTEAD["product_code"]})
