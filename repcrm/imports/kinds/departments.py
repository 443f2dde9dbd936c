"""Files of departments: which a hospital has, and which count in the development rate."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from repcrm.accounts.models import Department
from repcrm.accounts.service import add_department, revise_department
from repcrm.core.words import N_
from repcrm.imports import values
from repcrm.imports.columns import Column
from repcrm.imports.kinds.products import YES_NO
from repcrm.imports.kinds.shared import HOSPITAL_CODE, HOSPITAL_NAME, PLACE_INSTEAD, Context, Kind, find_hospital
from repcrm.imports.text import key
from repcrm.imports.verdicts import Row, Verdict, refuse_duplicates
from repcrm.organisation.access import Scope
from repcrm.sales.models import ImportKind

COLUMNS = (
    HOSPITAL_CODE,
    HOSPITAL_NAME,
    Column(
        "name", "Department", "科室", values.text(60), ("科室名称", "部门", "department name"), required=True,
        samples=("Cardiology", "心内科"),
    ),
    Column("beds", "Beds", "床位数", values.whole(0, 100_000), ("床位", "编制床位"), samples=(60, 60)),
    Column(
        "in_scope", "In scope", "目标科室", values.one_of(YES_NO), ("是否目标科室", "是否目标", "target department"),
        note=N_("Whether it counts in the development rate; a new department does unless you say no."),
        samples=("yes", "是"),
    ),
    Column(
        "is_model", "Model department", "样板科室", values.one_of(YES_NO), ("是否样板科室", "是否样板"),
        samples=("no", "否"),
    ),
)  # fmt: skip
FACTS = ("name", "beds", "in_scope", "is_model")


def judge(context: Context, rows: list[Row]) -> None:
    """Compare each row with the department of that name."""
    for row in rows:
        find_hospital(context, row)
    present = {(one.hospital_id, key(one.name)): one for one in context.session.scalars(watch(context, rows)[0])}
    for row in rows:
        if row.is_stuck:
            continue
        on_file = row.found["department"] = present.get(_place(row))
        if on_file is not None:
            after = {name: row.values[name] for name in FACTS if name in row.values}
            row.compare({name: _json(getattr(on_file, name)) for name in after}, after)
    refuse_duplicates(rows, _place)


def take(context: Context, rows: list[Row], scope: Scope, now: datetime) -> None:
    """Add and revise the departments."""
    for row in rows:
        facts = _typed(row)
        if row.verdict is Verdict.NEW:
            add_department(context.session, row.found["hospital"], **facts)
        elif row.verdict is Verdict.CHANGED:
            on_file = row.found["department"]
            revise_department(context.session, on_file, **{name: getattr(on_file, name) for name in FACTS} | facts)


def watch(context: Context, rows: list[Row]) -> Sequence[Select[Any]]:
    """The departments of the hospitals in the file."""
    ids = {row.found["hospital"].id for row in rows if row.found.get("hospital")}
    return [select(Department).where(Department.hospital_id.in_(ids))]


def _place(row: Row) -> tuple[int, str]:
    return row.found["hospital"].id, key(row.values["name"])


def _typed(row: Row) -> dict[str, Any]:
    facts: dict[str, Any] = {name: row.values[name] for name in FACTS if name in row.values}
    for name in ("in_scope", "is_model"):
        if name in facts:
            facts[name] = facts[name] == "yes"
    return facts


def _json(value: Any) -> Any:
    return ("yes" if value else "no") if isinstance(value, bool) else value


KIND = Kind(ImportKind.DEPARTMENTS, COLUMNS, judge, take, watch, {"hospital_code": PLACE_INSTEAD["hospital_code"]})
