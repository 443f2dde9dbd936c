"""Files of unit conversions: how many packs of a product a case or a tablet is, from a day on."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select

from repcrm.catalogue.converting import MOST, set_conversion
from repcrm.catalogue.models import ProductConversion
from repcrm.catalogue.units import unit_key
from repcrm.core.words import N_
from repcrm.imports import values
from repcrm.imports.columns import Column
from repcrm.imports.kinds.shared import PRODUCT_CODE, PRODUCT_NAME, Context, Kind, find_product, rehearse
from repcrm.imports.verdicts import Row, Verdict, refuse_duplicates
from repcrm.organisation.access import Scope
from repcrm.sales.models import ImportKind

COLUMNS = (
    PRODUCT_CODE,
    PRODUCT_NAME,
    Column(
        "unit", "Unit", "单位", values.text(20), ("换算单位", "计量单位"), required=True,
        note=N_("What distributors count in, such as case or tablet."), samples=("case", "件"),
    ),
    Column(
        "packs_num", "Packs", "盒数", values.whole(1, MOST), ("数量", "换算数量", "盒"), required=True,
        note=N_("A case of 200 packs: 200 packs in 1 unit. 28 tablets in a pack: 1 pack in 28 units."),
        samples=(200, 200),
    ),
    Column(
        "packs_den", "In how many units", "对应单位数", values.whole(1, MOST), ("单位数",),
        note=N_("Left empty, it is 1."), samples=(1, 1),
    ),
    Column(
        "from_on", "From", "开始日期", values.day, ("生效日期", "from on", "valid from"), required=True,
        note=N_("The first day on which it holds."), samples=("2026-01-01", "2026-01-01"), shape="day",
    ),
)  # fmt: skip


def judge(context: Context, rows: list[Row]) -> None:
    """Compare each row with the conversion of its product, unit and day."""
    for row in rows:
        find_product(context, row)
    refuse_duplicates(rows, _place)
    present = {(one.product_id, one.unit, one.from_on): one for one in context.session.scalars(_on_file(rows))}
    for row in rows:
        if row.verdict is Verdict.REFUSED:
            continue
        conversion = present.get(_place(row))
        if conversion is not None:
            before = {"packs_num": conversion.packs_num, "packs_den": conversion.packs_den}
            row.compare(before, {"packs_num": row.values["packs_num"], "packs_den": row.values.get("packs_den", 1)})
    rehearse(context, rows, lambda row, who, now: _do(context, row, who, now))


def take(context: Context, rows: list[Row], scope: Scope, now: datetime) -> None:
    """Set the conversions in the order of their days."""
    ours = [row for row in rows if row.verdict in (Verdict.NEW, Verdict.CHANGED)]
    for row in sorted(ours, key=lambda one: str(one.values["from_on"])):
        _do(context, row, scope, now)


def watch(context: Context, rows: list[Row]) -> Sequence[Select[Any]]:
    """The conversions of the products in the file."""
    return [_on_file(rows)]


def _do(context: Context, row: Row, scope: Scope, now: datetime) -> None:
    said = row.values
    set_conversion(
        context.session,
        row.found["product"],
        said["unit"],
        said["packs_num"],
        said.get("packs_den", 1),
        date.fromisoformat(said["from_on"]),
        actor_id=scope.user_id,
        now=now,
    )


def _on_file(rows: Sequence[Row]) -> Select[ProductConversion]:
    ids = {row.found["product"].id for row in rows if row.found.get("product") is not None}
    return select(ProductConversion).where(ProductConversion.product_id.in_(ids))


def _place(row: Row) -> tuple[int, str, date]:
    return row.found["product"].id, unit_key(row.values["unit"]), date.fromisoformat(row.values["from_on"])


KIND = Kind(ImportKind.CONVERSIONS, COLUMNS, judge, take, watch, {"product_code": ("product_name",)})
