"""Files of distributors: by code; an empty cell leaves what is on file."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select

from repcrm.core.codes import code_key
from repcrm.core.errors import BadInput
from repcrm.core.words import N_
from repcrm.db.codes import find_by_codes
from repcrm.imports import values
from repcrm.imports.columns import Column
from repcrm.imports.kinds.codes import codes_on_file, refuse_mistakable
from repcrm.imports.kinds.shared import Context, Kind, rehearse
from repcrm.imports.models import NameAlias, NameKind
from repcrm.imports.naming.service import answer_name
from repcrm.imports.verdicts import Row, Verdict, refuse_duplicates
from repcrm.organisation.access import Scope
from repcrm.sales.distributors import DistributorFacts, add_distributor, revise_distributor
from repcrm.sales.models import DeliveryRhythm, Distributor, DistributorRegion, DistributorTier, ImportKind, Intake
from repcrm.spelling import name_key

TIERS = {
    "一级": "first", "一级商业": "first", "first tier": "first", "first": "first", "1": "first",
    "二级": "second", "二级商业": "second", "分销": "second", "second tier": "second", "second": "second",
    "2": "second",
}  # fmt: skip
RHYTHMS = {
    "每月": "monthly", "月": "monthly", "every month": "monthly", "monthly": "monthly",
    "每周": "weekly", "周": "weekly", "every week": "weekly", "weekly": "weekly",
}  # fmt: skip
INTAKES = {
    "等待人工处理": "preview", "人工": "preview", "wait for a person": "preview", "preview": "preview",
    "应用无疑问的": "apply", "自动": "apply", "apply what is clear": "apply", "apply": "apply",
}  # fmt: skip
YES_OR_NO = {"是": "yes", "yes": "yes", "y": "yes", "否": "no", "no": "no", "n": "no"}
ACTIVE = {"启用": "yes", "在用": "yes", "active": "yes", "停用": "no", "inactive": "no", **YES_OR_NO}
_SEPARATORS = re.compile(r"[;；、|\n]+")

COLUMNS = (
    Column(
        "code", "Distributor code", "商业公司编码", values.text(32), ("经销商编码", "商业编码", "配送商编码", "编码"),
        required=True, note=N_("Your own code of the distributor; an existing one is updated."),
        samples=("D-A", "D-A"),
    ),
    Column(
        "name", "Distributor", "商业公司", values.text(100), ("商业公司名称", "经销商", "经销商名称", "配送商", "名称"),
        required=True, samples=("Example Distribution", "示例医药商业"),
    ),
    Column(
        "aliases", "Other names", "别名", values.text(1000), ("其他名称", "曾用名", "aliases"),
        note=N_("Other spellings in files, separated by semicolons."),
        samples=("Example Distr.; Example Distribution Ltd", "示例医药；示例医药商业有限公司"),
    ),
    Column(
        "tier", "Tier", "级别", values.one_of(TIERS), ("商业级别",), samples=("first tier", "一级"),
        term=DistributorTier,
    ),
    Column(
        "rhythm", "Sends sales", "报送频率", values.one_of(RHYTHMS), ("频率", "流向频率"),
        samples=("every month", "每月"), term=DeliveryRhythm,
    ),
    Column(
        "due_day", "Due day", "到期日", values.whole(1, 28), ("应报日", "报送日"),
        note=N_("Monthly: day of the next month, 1 to 28. Weekly: weekday of the next week, 1 Monday to 7 Sunday."),
        samples=(5, 5),
    ),
    Column(
        "regions", "Sales area", "销售区域", values.text(500), ("区域", "大区", "授权区域"),
        note=N_("Codes or names of regions, separated by semicolons; empty for a new one: everywhere."),
        samples=("EAST", "EAST"),
    ),
    Column(
        "intake", "Files that arrive by themselves", "自动接收的文件", values.one_of(INTAKES),
        samples=("wait for a person", "等待人工处理"), term=Intake,
    ),
    Column(
        "needs_second_person", "Second person", "双人复核", values.one_of(YES_OR_NO), ("复核",), samples=("no", "否"),
        note=N_("Whether someone other than the person who uploaded a file has to apply it."),
    ),
    Column("is_active", "Active", "是否启用", values.one_of(ACTIVE), ("状态",), samples=("yes", "是")),
)  # fmt: skip
FACTS = tuple(field.name for field in fields(DistributorFacts))
_TYPES: dict[str, Any] = {"tier": DistributorTier, "rhythm": DeliveryRhythm, "intake": Intake}


def judge(context: Context, rows: list[Row]) -> None:
    """Compare each row with the distributor of its code."""
    present = find_by_codes(context.session, Distributor, [row.values["code"] for row in rows if "code" in row.values])
    areas = _areas(context, present.values())
    for row in rows:
        distributor = row.found["distributor"] = present.get(code_key(row.values.get("code", "")))
        row.found["regions"] = _regions(context, row, areas.get(distributor.id, []) if distributor else [])
        if row.verdict is not Verdict.REFUSED and distributor is not None:
            _compare(context, row, distributor, areas.get(distributor.id, []))
    refuse_duplicates(rows, lambda row: code_key(row.values["code"]))
    refuse_duplicates(rows, lambda row: name_key(row.values["name"]))
    refuse_mistakable(context, rows, Distributor, "distributor")
    rehearse(context, rows, lambda row, who, now: _do(context, row, who, now))


def take(context: Context, rows: list[Row], scope: Scope, now: datetime) -> None:
    """Add and revise the distributors, and remember their other names."""
    for row in rows:
        if row.verdict in (Verdict.NEW, Verdict.CHANGED):
            _do(context, row, scope, now)


def watch(context: Context, rows: list[Row]) -> Sequence[Select[Any]]:
    """The distributors of the file, their areas and other names."""
    ids = select(Distributor.id).where(Distributor.code.in_(codes_on_file(rows, "distributor")))
    keys = {name_key(alias) for row in rows for alias in _aliases(row)}
    named = (NameAlias.kind == NameKind.DISTRIBUTOR) & NameAlias.spelling_key.in_(keys)
    return [
        select(Distributor).where(Distributor.id.in_(ids)),
        select(DistributorRegion).where(DistributorRegion.distributor_id.in_(ids)),
        select(NameAlias).where(or_(named, NameAlias.named_distributor_id.in_(ids))),
    ]


def _do(context: Context, row: Row, scope: Scope, now: datetime) -> None:
    distributor: Distributor | None = row.found["distributor"]
    facts, regions = _typed(row), row.found["regions"]
    session, actor_id = context.session, scope.user_id
    if distributor is None:
        new = DistributorFacts(**facts)
        distributor = add_distributor(session, row.values["code"], new, regions, actor_id=actor_id, now=now)
    else:
        on_file = DistributorFacts(**{name: getattr(distributor, name) for name in FACTS})
        revise_distributor(session, distributor, replace(on_file, **facts), regions, actor_id=actor_id, now=now)
    for alias in _aliases(row):
        answer_name(session, scope, NameKind.DISTRIBUTOR, alias, distributor, now=now)


def _compare(context: Context, row: Row, distributor: Distributor, area: list[int]) -> None:
    given = {name: row.values[name] for name in FACTS if name in row.values}
    before = {name: _json(getattr(distributor, name)) for name in given}
    if "regions" in row.values:
        given["regions"], before["regions"] = _said(context, row.found["regions"]), _said(context, area)
    new = [alias for alias in _aliases(row) if not _is_known(context, alias, distributor)]
    if new:
        given["aliases"], before["aliases"] = "; ".join(new), ""
    row.compare(before, given)


def _is_known(context: Context, alias: str, distributor: Distributor) -> bool:
    return context.names.find(NameKind.DISTRIBUTOR, None, alias).thing is distributor


def _aliases(row: Row) -> list[str]:
    """Other names in the file, the name itself left out."""
    own = name_key(row.values.get("name", ""))
    return [alias for alias in _parts(row.values.get("aliases", "")) if name_key(alias) != own]


def _regions(context: Context, row: Row, area: list[int]) -> list[int]:
    """Keys of the regions a row names; those on file where it names none."""
    if "regions" not in row.values:
        return area
    found = []
    for part in _parts(row.values["regions"]):
        match = context.names.find(NameKind.REGION, part, None)
        if match.thing is None:
            row.refuse(BadInput(N_("There is no region “%(name)s”."), name=part), "regions")
        else:
            found.append(match.thing.id)
    return sorted(set(found))


def _areas(context: Context, distributors: Any) -> dict[int, list[int]]:
    ids = [one.id for one in distributors]
    areas: dict[int, list[int]] = {}
    wanted = select(DistributorRegion).where(DistributorRegion.distributor_id.in_(ids))
    for one in context.session.scalars(wanted.order_by(DistributorRegion.region_id)):
        areas.setdefault(one.distributor_id, []).append(one.region_id)
    return areas


def _said(context: Context, region_ids: list[int]) -> str:
    entries = context.names.index(NameKind.REGION)
    return "; ".join(sorted(entry.code for one in region_ids if (entry := entries.of(one)) is not None))


def _parts(words: str) -> Iterator[str]:
    return (part.strip() for part in _SEPARATORS.split(words) if part.strip())


def _typed(row: Row) -> dict[str, Any]:
    facts = {name: row.values[name] for name in FACTS if name in row.values}
    return {
        name: _TYPES[name](value) if name in _TYPES else value == "yes" if name in ("is_active", "needs_second_person")
        else value
        for name, value in facts.items()
    }  # fmt: skip


def _json(value: Any) -> Any:
    return ("yes" if value else "no") if isinstance(value, bool) else getattr(value, "value", value)


KIND = Kind(ImportKind.DISTRIBUTORS, COLUMNS, judge, take, watch)
