"""Files of products: name, pack and unit, by code; an empty cell leaves what is on file."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from repcrm.catalogue.models import PackUnit, Product
from repcrm.catalogue.service import ProductFacts, add_product, revise_product
from repcrm.core.codes import code_key
from repcrm.core.errors import BadInput
from repcrm.core.words import N_
from repcrm.db.codes import find_by_codes
from repcrm.imports import values
from repcrm.imports.columns import Column
from repcrm.imports.kinds.codes import codes_on_file, refuse_mistakable
from repcrm.imports.kinds.shared import Context, Kind
from repcrm.imports.verdicts import Row, Verdict, refuse_duplicates
from repcrm.organisation.access import Scope
from repcrm.sales.models import ImportKind

UNITS = {
    "盒": "box", "box": "box", "boxes": "box", "支": "vial", "vial": "vial", "vials": "vial", "瓶": "bottle",
    "bottle": "bottle", "bottles": "bottle",
}  # fmt: skip
YES_NO = {"是": "yes", "yes": "yes", "y": "yes", "否": "no", "no": "no", "n": "no"}
SOLD = {**YES_NO, "在售": "yes", "停售": "no", "停产": "no", "discontinued": "no"}

COLUMNS = (
    Column(
        "code", "Product code", "产品编码", values.text(32), ("产品代码", "产品编号", "商品编码", "商品代码",
        "品种编码", "物料编码", "product id", "sku", "item code"),
        required=True, note=N_("Your own code of the product; a product on file under it is revised."),
        samples=("P01", "P01"),
    ),
    Column(
        "name", "Product", "产品名称", values.text(100), ("产品", "品名", "通用名", "商品名称", "药品名称", "品种名称",
        "product name", "item name"),
        required=True, samples=("Product A", "产品甲"),
    ),
    Column(
        "pack_size", "Pack", "规格", values.text(60), ("包装规格", "产品规格", "药品规格", "pack size", "strength"),
        note=N_("As printed on the pack, such as 10 mg x 28; needed for a new product."),
        samples=("10 mg x 28", "10mg×28片"),
    ),
    Column(
        "unit", "Unit", "单位", values.one_of(UNITS), ("包装单位", "计量单位", "销售单位", "pack unit"),
        note=N_("What one pack is called: box, vial or bottle; needed for a new product."), samples=("box", "盒"),
        term=PackUnit,
    ),
    Column(
        "is_active", "Sold", "是否在售", values.one_of(SOLD), ("在售", "销售状态", "状态", "active"),
        samples=("yes", "是"),
    ),
    Column(
        "in_uptake", "Being built up", "上量产品", values.one_of(YES_NO), ("是否上量", "上量", "in uptake"),
        note=N_("Watched week by week in the report."), samples=("no", "否"),
    ),
)  # fmt: skip
FACTS = tuple(field.name for field in fields(ProductFacts))


def judge(context: Context, rows: list[Row]) -> None:
    """Compare each row with the product of its code."""
    present = find_by_codes(context.session, Product, [row.values["code"] for row in rows if "code" in row.values])
    for row in rows:
        product = row.found["product"] = present.get(code_key(row.values.get("code", "")))
        if row.is_stuck:
            continue
        if product is not None:
            facts = {name: row.values[name] for name in FACTS if name in row.values}
            row.compare({name: _json(getattr(product, name)) for name in facts}, facts)
            continue
        for name, message in (
            ("pack_size", N_("A new product needs its pack, such as 10 mg x 28.")),
            ("unit", N_("A new product needs its unit: box, vial or bottle.")),
        ):
            if name not in row.values:
                row.refuse(BadInput(message), name)
    refuse_duplicates(rows, lambda row: code_key(row.values["code"]))
    refuse_mistakable(context, rows, Product, "product")


def take(context: Context, rows: list[Row], scope: Scope, now: datetime) -> None:
    """Add and revise the products."""
    for row in rows:
        product: Product | None = row.found["product"]
        facts = _typed(row)
        if row.verdict is Verdict.NEW:
            add_product(context.session, row.values["code"], ProductFacts(**facts))
        elif row.verdict is Verdict.CHANGED and product is not None:
            on_file = ProductFacts(**{name: getattr(product, name) for name in FACTS})
            revise_product(context.session, product, replace(on_file, **facts))


def watch(context: Context, rows: list[Row]) -> Sequence[Select[Any]]:
    """The products named in the file."""
    return [select(Product).where(Product.code.in_(codes_on_file(rows, "product")))]


def _typed(row: Row) -> dict[str, Any]:
    facts: dict[str, Any] = {name: row.values[name] for name in FACTS if name in row.values}
    for name in ("is_active", "in_uptake"):
        if name in facts:
            facts[name] = facts[name] == "yes"
    if "unit" in facts:
        facts["unit"] = PackUnit(facts["unit"])
    return facts


def _json(value: Any) -> Any:
    return ("yes" if value else "no") if isinstance(value, bool) else getattr(value, "value", value)


KIND = Kind(ImportKind.PRODUCTS, COLUMNS, judge, take, watch)
