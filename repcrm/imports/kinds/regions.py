"""Files of regions: code and name; a region on file is renamed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from repcrm.core.codes import code_key
from repcrm.core.words import N_
from repcrm.db.codes import find_by_codes
from repcrm.imports import values
from repcrm.imports.columns import Column
from repcrm.imports.kinds.codes import codes_on_file, refuse_mistakable
from repcrm.imports.kinds.shared import Context, Kind
from repcrm.imports.verdicts import Row, Verdict, refuse_duplicates
from repcrm.organisation.access import Scope
from repcrm.organisation.models import Region
from repcrm.organisation.regions import add_region, rename_region
from repcrm.sales.models import ImportKind

COLUMNS = (
    Column(
        "code", "Region code", "大区编码", values.text(32), ("大区代码", "大区编号", "区域编码", "区域代码", "编码",
        "region id"),
        required=True, note=N_("Your own code of the region; a region on file under it is renamed."),
        samples=("EAST", "EAST"),
    ),
    Column(
        "name", "Region", "大区名称", values.text(100), ("大区", "区域", "区域名称", "名称", "region name"),
        required=True, samples=("East", "华东大区"),
    ),
)  # fmt: skip


def judge(context: Context, rows: list[Row]) -> None:
    """Compare each row with the region of its code."""
    present = find_by_codes(context.session, Region, [row.values["code"] for row in rows if "code" in row.values])
    for row in rows:
        region = row.found["region"] = present.get(code_key(row.values.get("code", "")))
        if not row.is_stuck and region is not None:
            row.compare({"name": region.name}, {"name": row.values["name"]})
    refuse_duplicates(rows, lambda row: code_key(row.values["code"]))
    refuse_mistakable(context, rows, Region, "region")


def take(context: Context, rows: list[Row], scope: Scope, now: datetime) -> None:
    """Add and rename the regions."""
    for row in rows:
        region: Region | None = row.found["region"]
        if row.verdict is Verdict.NEW:
            add_region(context.session, scope.user_id, code=row.values["code"], name=row.values["name"], now=now)
        elif row.verdict is Verdict.CHANGED and region is not None:
            rename_region(context.session, scope.user_id, region, row.values["name"], now=now)


def watch(context: Context, rows: list[Row]) -> Sequence[Select[Any]]:
    """The regions named in the file."""
    return [select(Region).where(Region.code.in_(codes_on_file(rows, "region")))]


KIND = Kind(ImportKind.REGIONS, COLUMNS, judge, take, watch)
