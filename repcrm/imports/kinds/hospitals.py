"""Files of hospitals: the archive's facts, by code; an empty cell leaves what is on file."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from repcrm.accounts.models import Hospital, HospitalGrade, HospitalStatus
from repcrm.accounts.service import HospitalFacts, open_hospital, revise_hospital
from repcrm.core.codes import code_key
from repcrm.core.errors import BadInput
from repcrm.core.words import N_
from repcrm.db.codes import find_by_codes
from repcrm.imports import values
from repcrm.imports.columns import Column
from repcrm.imports.kinds.alike import ask_about_names, hospitals_by_name, note_alike
from repcrm.imports.kinds.codes import codes_on_file, refuse_mistakable
from repcrm.imports.kinds.shared import REGION, Context, Kind, find_region
from repcrm.imports.verdicts import Row, Verdict, refuse_duplicates
from repcrm.organisation.access import Scope
from repcrm.sales.models import ImportKind

_LEVELS = {"三": "3", "二": "2", "一": "1"}
_CLASSES = {"甲": "A", "乙": "B", "丙": "C"}
GRADES = {
    spelling: f"{level}{letter}"
    for chinese, level in _LEVELS.items()
    for han, letter in _CLASSES.items()
    for spelling in (
        f"{chinese}级{han}等",
        f"{level}{letter}",
        f"{chinese}{han}",
        f"{level}级{han}等",
        f"Grade {level}{letter}",
    )
} | {"未定级": "ungraded", "未评级": "ungraded", "ungraded": "ungraded"}
STATUSES = {
    "active": "active", "在用": "active", "正常": "active", "合作": "active", "开展": "active",
    "paused": "paused", "暂停": "paused", "closed": "closed", "关闭": "closed", "停业": "closed",
}  # fmt: skip

COLUMNS = (
    Column(
        "code", "Hospital code", "医院编码", values.text(32), ("医院代码", "医院编号", "编码", "客户编码",
        "hospital id"),
        required=True, note=N_("Your own code of the hospital; what is on file under it is revised."),
        samples=("H101", "H101"),
    ),
    Column(
        "name", "Hospital", "医院名称", values.text(150), ("医院", "名称", "hospital name", "客户名称", "医疗机构名称"),
        required=True, samples=("Riverside First Hospital", "江岸第一医院"),
    ),
    Column("short_name", "Short name", "简称", values.text(50), ("医院简称",), samples=("Riverside", "江岸一院")),
    replace(REGION, note=N_("Code or name of a region on file; needed for a new hospital.")),
    Column(
        "grade", "Grade", "等级", values.one_of(GRADES), ("医院等级", "级别", "医院级别", "hospital grade"),
        samples=("3A", "三级甲等"), term=HospitalGrade,
    ),
    Column(
        "status", "Status", "状态", values.one_of(STATUSES), ("合作状态",), samples=("active", "正常"),
        term=HospitalStatus,
    ),
    Column("city", "City", "城市", values.text(50), ("所在城市", "地市"), samples=("Riverside", "江岸市")),
    Column("address", "Address", "地址", values.text(200), ("医院地址", "详细地址"), samples=("1 River Road",
    "滨江路1号")),
    Column("beds", "Beds", "床位数", values.whole(0, 100_000), ("床位", "编制床位"), samples=(900, 900)),
    Column("latitude", "Latitude", "纬度", values.degrees(90), ("lat",), samples=(31.2, 31.2)),
    Column("longitude", "Longitude", "经度", values.degrees(180), ("lng", "lon"), samples=(121.5, 121.5)),
    Column(
        "pharmacy_note", "Pharmacy", "药剂科情况", values.text(2000), ("药房情况", "药事信息", "pharmacy note"),
        note=N_("Purchasing rhythm, dates of the drug committee."),
        samples=("orders on Tuesdays", "每周二采购"),
    ),
)  # fmt: skip
FACTS = tuple(field.name for field in fields(HospitalFacts) if field.name in {column.field for column in COLUMNS})


def judge(context: Context, rows: list[Row]) -> None:
    """Compare each row with the archive of its code."""
    present = find_by_codes(context.session, Hospital, [row.values["code"] for row in rows if "code" in row.values])
    for row in rows:
        region = find_region(context, row)
        hospital = row.found["hospital"] = present.get(code_key(row.values.get("code", "")))
        if row.is_stuck:
            continue
        if hospital is None:
            if region is None:
                row.refuse(BadInput(N_("A new hospital needs its region.")), "region")
            continue
        if region is not None and region.id != hospital.region_id:
            row.refuse(
                BadInput(
                    N_("The hospital lies in %(region)s on file. A file cannot move it to another region."),
                    region=hospital.region.name,
                ),
                "region",
            )
            continue
        facts = _facts(row)
        before = {name: getattr(hospital, name) for name in facts}
        row.compare({name: getattr(value, "value", value) for name, value in before.items()}, facts)
    refuse_duplicates(rows, lambda row: code_key(row.values["code"]))
    refuse_mistakable(context, rows, Hospital, "hospital")
    note_alike(rows, hospitals_by_name(context))
    ask_about_names(context, rows)


def take(context: Context, rows: list[Row], scope: Scope, now: datetime) -> None:
    """Open and revise the archives."""
    for row in rows:
        hospital: Hospital | None = row.found["hospital"]
        facts = _typed(_facts(row))
        if row.verdict is Verdict.NEW:
            code, region = row.values["code"], row.found["region"]
            open_hospital(context.session, code, region.id, HospitalFacts(**facts), confirmed_new=True)
        elif row.verdict is Verdict.CHANGED and hospital is not None:
            on_file = HospitalFacts(**{f.name: getattr(hospital, f.name) for f in fields(HospitalFacts)})
            revise_hospital(context.session, hospital, replace(on_file, **facts))


def watch(context: Context, rows: list[Row]) -> Sequence[Select[Any]]:
    """The archives named in the file."""
    return [select(Hospital).where(Hospital.code.in_(codes_on_file(rows, "hospital")))]


def _facts(row: Row) -> dict[str, Any]:
    return {name: row.values[name] for name in FACTS if name in row.values}


def _typed(facts: dict[str, Any]) -> dict[str, Any]:
    terms = {"grade": HospitalGrade, "status": HospitalStatus}
    return {name: terms[name](value) if name in terms else value for name, value in facts.items()}


KIND = Kind(ImportKind.HOSPITALS, COLUMNS, judge, take, watch)
