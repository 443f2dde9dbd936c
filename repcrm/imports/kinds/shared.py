"""What the kinds of files have in common: how a hospital or product is named, and what they are judged with."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from repcrm.accounts.models import Hospital
from repcrm.accounts.models import Session as DayPart
from repcrm.catalogue.models import Product, ProductConversion
from repcrm.catalogue.queries import list_conversions
from repcrm.core.codes import code_key
from repcrm.core.errors import BadInput, RuleBroken
from repcrm.core.words import N_
from repcrm.imports import values
from repcrm.imports.columns import Column, MonthColumns
from repcrm.imports.naming import NameKind, Resolver
from repcrm.imports.questions import Answers, Question
from repcrm.imports.verdicts import Row, Verdict
from repcrm.organisation.access import Role, Scope
from repcrm.organisation.models import Region, Territory, User
from repcrm.sales.models import Distributor, FlowMode, ImportKind

NO_REGIONS = N_("There are no regions yet. Add them on the Regions page or import a list of them.")
PARTS = {
    "上午": "am", "早上": "am", "morning": "am", "am": "am", "下午": "pm", "afternoon": "pm", "pm": "pm",
    "晚上": "eve", "晚间": "eve", "夜间": "eve", "evening": "eve", "eve": "eve",
}  # fmt: skip

HOSPITAL_CODE = Column(
    "hospital_code", "Hospital code", "医院编码", values.text(150),
    (
        "医院代码", "医院编号", "医院id", "终端编码", "终端代码", "终端编号", "终端id", "终端客户编码", "机构编码",
        "机构代码", "医疗机构编码",
        "医疗机构代码", "目标终端编码", "hospital id", "hospital no", "hospital number", "account code", "account id",
        "institution code", "outlet code",
    ),
    required=True, note=N_("Code of a hospital on file, or else its exact name."), samples=("H101", "H101"),
    is_group=True,
    broad=(
        "客户编码", "客户代码", "客户编号", "客户id", "往来单位编码", "单位编码", "购货单位编码", "收货单位编码",
        "收货方编码", "customer code",
        "customer id", "customer no", "customer number", "sold to code", "ship to code",
    ),
    broad_field="sub_distributor_code",
)  # fmt: skip
HOSPITAL_NAME = Column(
    "hospital_name", "Hospital", "医院名称", values.text(150),
    (
        "医院", "医院全称", "医院简称", "终端名称", "终端", "终端客户", "终端客户名称", "最终客户", "最终客户名称",
        "最终用户", "终端医院", "终端医院名称",
        "目标医院", "目标终端", "医疗机构", "医疗机构名称", "机构名称", "使用单位", "hospital name", "account",
        "account name",
        "end customer", "end user", "final customer", "institution", "institution name", "outlet", "outlet name",
    ),
    note=N_("Exact name of the hospital, long or short; enough without a code."),
    samples=("Riverside First Hospital", "江岸第一医院"), is_group=True,
    broad=(
        "客户名称", "客户", "客户全称", "客户简称", "客商名称", "往来单位", "往来单位名称", "单位名称", "购货单位",
        "购货单位名称", "购货方", "购货方名称",
        "购买单位", "购买方", "购买方名称", "购方名称", "采购单位", "收货单位", "收货单位名称", "收货方",
        "收货方名称", "收货客户", "销往单位", "销售客户",
        "下游客户", "下游客户名称", "流向客户", "流向单位", "流向名称", "销售对象", "开票单位", "customer",
        "customer name", "client",
        "client name", "sold to", "sold to party", "ship to", "ship to party", "ship to name", "buyer",
    ),
    broad_field="sub_distributor",
)  # fmt: skip
PRODUCT_CODE = Column(
    "product_code", "Product code", "产品编码", values.text(120),
    (
        "产品代码", "产品编号", "产品id", "商品编码", "商品代码", "商品编号", "商品id", "品种编码", "品种代码",
        "品种编号", "物料编码", "物料代码", "物料编号",
        "物料号", "药品编码", "药品代码", "药品编号", "货号", "存货编码", "存货代码", "品规编码", "产品货号",
        "商品货号", "product id",
        "product no", "product number", "sku", "sku code", "item code", "item no", "item number", "material",
        "material code", "material no", "material number", "article no",
    ),
    required=True, note=N_("Code of a product on file, or else its exact name."), samples=("P01", "P01"),
    is_group=True,
)  # fmt: skip
PRODUCT_NAME = Column(
    "product_name", "Product", "产品名称", values.text(160),
    (
        "产品", "产品全称", "产品名", "product name", "品名", "品名规格", "品名及规格", "产品名称及规格",
        "商品名称及规格", "产品名称规格", "商品名称规格", "品规",
        "品规名称", "产品规格", "商品名称", "商品", "商品名", "商品全名", "药品名称", "药品", "药品名", "药名",
        "品种", "品种名称", "通用名", "通用名称",
        "药品通用名", "物料名称", "物料描述", "货品名称", "货物名称", "存货名称", "货名", "item", "item name",
        "item description",
        "product description", "material description", "description", "brand", "drug", "drug name", "medicine",
    ),
    note=N_("Exact name of the product; enough without a code."), samples=("Product A", "产品甲"), is_group=True,
)  # fmt: skip
REP_CODE = Column(
    "rep_code", "Rep code", "代表编码", values.text(64), ("代表工号", "工号", "代表代码", "员工编号",
    "staff code", "rep id"),
    required=True, note=N_("Staff code or user name of a rep on file, or else the exact name."),
    samples=("R01", "R01"), is_group=True,
)  # fmt: skip
REP_NAME = Column(
    "rep_name", "Rep", "医药代表", values.text(100), ("代表", "代表姓名", "rep name", "负责代表"),
    samples=("Chen Xiao", "陈晓"), is_group=True,
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
    """What rows are judged with and applied by.

    today      the business day
    actor_id   who imports
    now        the instant of the preview or of applying
    file_name  for the audit log
    answers    what a person has answered so far
    questions  what the judging leaves to a person

    Of sales: the distributor, None while nobody knows it, how the file spells one that is not known, and whether it
    adds or replaces, None while nobody has said.
    """

    session: Session
    today: date
    actor_id: int
    now: datetime
    file_name: str
    names: Resolver
    answers: Answers = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    distributor: Distributor | None = None
    unknown_distributor: str = ""
    mode: FlowMode | None = None

    @cached_property
    def conversions(self) -> Mapping[int, list[ProductConversion]]:
        """Product -> its table of units."""
        return list_conversions(self.session)

    @cached_property
    def territories(self) -> Mapping[str, Territory]:
        """By code, comparable."""
        return {code_key(one.code): one for one in self.session.scalars(select(Territory))}


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
    rehearses       judging tries the rows in the database and rolls back, so it needs a transaction that writes
    """

    kind: ImportKind
    columns: tuple[Column, ...]
    judge: Judge
    take: Take
    watch: Watch
    instead: Mapping[str, Collection[str]] = field(default_factory=dict)
    across: MonthColumns | None = None
    names_doctors: bool | None = None
    rehearses: bool = False


def find_hospital(context: Context, row: Row) -> Hospital | None:
    """Return the hospital a row names; None where the row cannot go on."""
    found: Hospital | None = _find(context, row, NameKind.HOSPITAL)
    return found


def find_product(context: Context, row: Row) -> Product | None:
    """Return the product a row names; None where the row cannot go on."""
    found: Product | None = _find(context, row, NameKind.PRODUCT)
    return found


def find_rep(context: Context, row: Row) -> User | None:
    """Return the rep a row names; None where the row cannot go on, as for one who no longer works here."""
    rep: User | None = _find(context, row, NameKind.REP)
    of = "rep_name" if "rep_name" in row.values else "rep_code"
    if rep is not None and not rep.is_active:
        row.refuse(BadInput(N_("%(rep)s no longer works here."), rep=rep.name), of)
    return rep


def find_region(context: Context, row: Row) -> Region | None:
    """The region a row names, None where it names none or after refusing the row."""
    name = row.values.get("region")
    if name and not context.names.index(NameKind.REGION).entries:
        row.refuse(
            BadInput(N_("There are no regions yet. Add them on the Regions page or import a list of them.")), "region"
        )
    elif name:
        row.found["region"] = resolve(context, row, NameKind.REGION, name, None)
    region: Region | None = row.found.setdefault("region", None)
    return region


def rehearse(context: Context, rows: Iterable[Row], do: Callable[[Row, Scope, datetime], object]) -> None:
    """Carry new and changed rows out as `Take` will, refuse what the verbs refuse, and take everything back.

    do  one row through the verbs of its feature
    """
    who, now = Scope(context.actor_id, Role.ADMIN, None, context.today), context.now
    with context.session.begin_nested() as rehearsal:
        for row in rows:
            if row.verdict in (Verdict.NEW, Verdict.CHANGED):
                try:
                    with context.session.begin_nested():
                        do(row, who, now)
                except (RuleBroken, BadInput) as error:
                    row.refuse(error)
        rehearsal.rollback()


def _find(context: Context, row: Row, what: NameKind) -> Any:
    """Return what a row names; None where it names nothing, waits for a name, or is not ours and set aside."""
    code, name = row.values.get(f"{what}_code"), row.values.get(f"{what}_name")
    if code is None and name is None:
        return None  # rejected already, for an empty cell, where the kind needs one
    also = row.values.get("pack_size", "") if what is NameKind.PRODUCT else ""
    found = row.found[what.value] = resolve(context, row, what, code, name, also)
    return found


def resolve(context: Context, row: Row, kind: NameKind, code: str | None, name: str | None, also: str = "") -> Any:
    """Return what a code or name stands for; None where the row waits for it, or where it is not ours.

    also  what a column of its own says of a product's pack
    """
    match = context.names.find(kind, code, name, also=also)
    spelling = f"{name or code} {also}".strip()
    if match.state == "open":
        row.wait_for(kind.value, spelling)
    elif match.state == "not_ours":
        row.set_aside("")
        row.explain(N_("“%(name)s” is not ours."), name=spelling)
    return match.thing
