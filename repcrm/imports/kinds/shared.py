"""What the kinds of files have in common: how a hospital or product is named, and what they are judged with."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from repcrm.accounts.models import Hospital
from repcrm.accounts.models import Session as DayPart
from repcrm.catalogue.models import Product
from repcrm.core.errors import BadInput, RuleBroken
from repcrm.core.periods import Period
from repcrm.core.words import N_
from repcrm.imports import values
from repcrm.imports.columns import Column, MonthColumns
from repcrm.imports.lookup import Known
from repcrm.imports.verdicts import Row, Verdict
from repcrm.organisation.access import Role, Scope
from repcrm.organisation.models import Region, User
from repcrm.sales.models import ImportBatch, ImportKind

PARTS = {
    "上午": "am", "早上": "am", "morning": "am", "am": "am", "下午": "pm", "afternoon": "pm", "pm": "pm",
    "晚上": "eve", "晚间": "eve", "夜间": "eve", "evening": "eve", "eve": "eve",
}  # fmt: skip

HOSPITAL_CODE = Column(
    "hospital_code",
    "Hospital code",
    "医院编码",
    values.text(150),
    (
        "医院代码",
        "医院编号",
        "客户编码",
        "客户代码",
        "终端编码",
        "机构编码",
        "hospital id",
        "hospital no",
        "account code",
    ),
    required=True,
    note=N_("Code of a hospital on file, or else its exact name."),
    samples=("H101", "H101"),
)
HOSPITAL_NAME = Column(
    "hospital_name",
    "Hospital",
    "医院名称",
    values.text(150),
    (
        "医院", "hospital name", "客户名称", "客户", "终端名称", "终端", "医疗机构", "医疗机构名称", "购货单位",
        "收货单位", "account", "account name", "customer", "customer name",
    ),
    note=N_("Exact name of the hospital, long or short; enough without a code."),
    samples=("Riverside First Hospital", "江岸第一医院"),
)  # fmt: skip
PRODUCT_CODE = Column(
    "product_code",
    "Product code",
    "产品编码",
    values.text(120),
    (
        "产品代码",
        "产品编号",
        "商品编码",
        "商品代码",
        "品种编码",
        "物料编码",
        "product id",
        "product no",
        "sku",
        "item code",
    ),
    required=True,
    note=N_("Code of a product on file, or else its exact name."),
    samples=("P01", "P01"),
)
PRODUCT_NAME = Column(
    "product_name",
    "Product",
    "产品名称",
    values.text(160),
    ("产品", "product name", "品名", "商品名称", "商品", "药品名称", "药品", "品种", "品种名称", "item", "item name"),
    note=N_("Exact name of the product; enough without a code."),
    samples=("Product A", "产品甲"),
)
REP_CODE = Column(
    "rep_code", "Rep code", "代表编码", values.text(64), ("代表工号", "工号", "代表代码", "员工编号",
    "staff code", "rep id"),
    required=True, note=N_("Staff code or user name of a rep on file, or else the exact name."),
    samples=("R01", "R01"),
)  # fmt: skip
REP_NAME = Column(
    "rep_name", "Rep", "医药代表", values.text(100), ("代表", "代表姓名", "rep name", "负责代表"),
    samples=("Chen Xiao", "陈晓"),
)  # fmt: skip
REGION = Column(
    "region", "Region", "大区", values.text(100), ("区域", "地区", "region code", "大区编码", "所属大区"),
    samples=("EAST", "EAST"),
)  # fmt: skip
PART = Column(
    "part", "Part of the day", "时段", values.one_of(PARTS), ("上午/下午", "session", "half day"),
    samples=("morning", "上午"), term=DayPart,
)  # fmt: skip
PLACE = (HOSPITAL_CODE, HOSPITAL_NAME, PRODUCT_CODE, PRODUCT_NAME)
PLACE_INSTEAD = {"hospital_code": ("hospital_name",), "product_code": ("product_name",)}


@dataclass
class Context:
    """What rows are judged with and taken in by.

    today     the business day
    batch     the batch the rows belong to
    replaced  of flow: the applied batch of the same source and period, None if there is none
    gone      of flow: how many lines of that batch the file no longer has; set by `judge`
    """

    session: Session
    today: date
    batch: ImportBatch
    known: Known
    replaced: ImportBatch | None = None
    gone: int = 0

    @property
    def period(self) -> Period:
        """Of flow: what the file answers for."""
        return Period.parse(self.batch.period)


Judge = Callable[[Context, list[Row]], None]
"""Gives every row that could be read a verdict, and puts into `found` what `Take` needs."""
Take = Callable[[Context, list[Row], Scope, datetime], None]
"""Carries out the new and changed rows, through the services of the feature that owns them."""
Watch = Callable[[Context, list[Row]], Sequence[Select[Any]]]
"""Selects of all rows that `Take` may add or change."""


@dataclass(frozen=True)
class Kind:
    """One kind of file.

    instead         required field -> other fields any of which will do, too
    across          where months may stand across
    names_doctors   True: each row is a doctor; False: rows are packs, and no column may name one; None: neither
    """

    kind: ImportKind
    columns: tuple[Column, ...]
    judge: Judge
    take: Take
    watch: Watch
    instead: Mapping[str, Collection[str]] = field(default_factory=dict)
    across: MonthColumns | None = None
    names_doctors: bool | None = None


def find_hospital(context: Context, row: Row) -> Hospital | None:
    """The hospital a row names, None after refusing the row."""
    found: Hospital | None = _find(context, row, "hospital")
    return found


def find_product(context: Context, row: Row) -> Product | None:
    """The product a row names, None after refusing the row."""
    found: Product | None = _find(context, row, "product")
    return found


def find_rep(context: Context, row: Row) -> User | None:
    """The rep a row names, None after refusing the row: for one who no longer works here, too."""
    code, name = row.values.get("rep_code"), row.values.get("rep_name")
    if code is None and name is None:
        return None  # refused already, for an empty cell, where the kind needs a rep
    of = "rep_name" if name is not None else "rep_code"
    rep: User | None = row.reads(of, lambda: context.known.find(context.known.reps, code, name))
    row.found["rep"] = rep
    if rep is not None and not rep.is_active:
        row.refuse(BadInput(N_("%(rep)s no longer works here."), rep=rep.name), of)
    return rep


def find_region(context: Context, row: Row) -> Region | None:
    """The region a row names, None where it names none or after refusing the row."""
    name = row.values.get("region")
    regions = context.known.regions

    def find() -> Region | None:
        if name and not regions.by_code:
            raise BadInput(N_("There are no regions yet. Add them on the Regions page or import a list of them."))
        return context.known.find(regions, name, None) if name else None

    region: Region | None = row.reads("region", find)
    row.found["region"] = region
    return region


def rehearse(context: Context, rows: Iterable[Row], do: Callable[[Row, Scope, datetime], object]) -> None:
    """Carry new rows out as `Take` will, refuse what the verbs refuse, and take everything back.

    do  one row through the verbs of its feature
    """
    who, now = Scope(context.batch.created_by_id, Role.ADMIN, None, context.today), context.batch.created_at
    with context.session.begin_nested() as rehearsal:
        for row in rows:
            if row.verdict is Verdict.NEW:
                try:
                    with context.session.begin_nested():
                        do(row, who, now)
                except (RuleBroken, BadInput) as error:
                    row.refuse(error)
        rehearsal.rollback()


def _find(context: Context, row: Row, what: str) -> Any:
    code, name = row.values.get(f"{what}_code"), row.values.get(f"{what}_name")
    if code is None and name is None:
        return None  # refused already, for an empty cell
    register: Any = context.known.hospitals if what == "hospital" else context.known.products
    of = f"{what}_name" if name is not None else f"{what}_code"
    found = row.reads(of, lambda: context.known.find(register, code, name))
    row.found[what] = found
    return found
