"""Files of targets: floor and stretch of a hospital x product x month, a row each or with months across."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select

from repcrm.core.errors import RepCRMError
from repcrm.core.words import N_
from repcrm.imports import values
from repcrm.imports.columns import Column, MonthColumns
from repcrm.imports.kinds.shared import PLACE, PLACE_INSTEAD, Context, Kind, find_hospital, find_product
from repcrm.imports.verdicts import Row, Verdict, refuse_duplicates
from repcrm.organisation.access import Scope
from repcrm.sales.models import ImportKind
from repcrm.targets.grid import check_range
from repcrm.targets.models import HospitalTarget, QuotaSplit
from repcrm.targets.service import CellEdit, assign_targets

COLUMNS = (
    *PLACE,
    Column(
        "month", "Month", "月份", values.month, ("月", "目标月份", "年月", "target month", "period"), required=True,
        note=N_("A month such as 2026-11. Months may also stand across: a column each, such as 2026-11, or two, "
                "2026-11 floor and 2026-11 stretch."),
        samples=("2026-11", "2026-11"), shape="month",
    ),
    Column(
        "floor", "Floor (packs)", "保底（盒）", values.whole(0, 100_000_000),
        ("floor packs", "保底目标", "保底", "目标", "目标数量", "目标盒数", "月目标", "target", "target packs"),
        required=True, note=N_("The least that counts as on target, in packs."), samples=(1600, 1600), shape="packs",
    ),
    Column(
        "stretch", "Stretch (packs)", "挑战（盒）", values.whole(0, 100_000_000),
        ("stretch packs", "挑战目标", "挑战", "冲刺", "冲刺目标"),
        note=N_("Left empty, it stays as on file, but is at least the floor."), samples=(2200, 2200), shape="packs",
    ),
)  # fmt: skip
ACROSS = MonthColumns(
    "month",
    {
        "": "floor", "保底": "floor", "floor": "floor", "挑战": "stretch", "冲刺": "stretch", "stretch": "stretch",
        "目标": "floor", "target": "floor",
    },
)  # fmt: skip


def judge(context: Context, rows: list[Row]) -> None:
    """Compare each row with the target on file."""
    for row in rows:
        find_hospital(context, row)
        find_product(context, row)
    present = _present(context, rows)
    for row in rows:
        if row.verdict is Verdict.REFUSED:
            continue
        target = present.get(_place(row))
        floor = row.values["floor"]
        stretch = row.values.get("stretch")
        if stretch is None:
            stretch = max(floor, target.stretch_packs if target else floor)
        row.found["range"] = floor, stretch
        try:
            check_range(floor, stretch)
        except RepCRMError as error:
            row.refuse(error, "stretch")
            continue
        if target is not None:
            row.compare(
                {"floor": target.floor_packs, "stretch": target.stretch_packs}, {"floor": floor, "stretch": stretch}
            )
    refuse_duplicates(rows, _place)


def take(context: Context, rows: list[Row], scope: Scope, now: datetime) -> None:
    """Assign the new and changed targets, all at once."""
    edits = [
        CellEdit(*_place(row), *row.found["range"])
        for row in rows
        if row.verdict in (Verdict.NEW, Verdict.CHANGED)
    ]  # fmt: skip
    assign_targets(context.session, scope, edits, now=now, reason=context.batch.file_name)


def watch(context: Context, rows: list[Row]) -> Sequence[Select[Any]]:
    """The targets of the file, and their splits: a changed floor makes a split a draft again."""
    targets = HospitalTarget.hospital_id.in_({row.found["hospital"].id for row in rows}) & HospitalTarget.month_on.in_(
        {_place(row)[2] for row in rows}
    )
    return [
        select(HospitalTarget).where(targets),
        select(QuotaSplit).join(HospitalTarget, HospitalTarget.id == QuotaSplit.target_id).where(targets),
    ]


def _place(row: Row) -> tuple[int, int, date]:
    return row.found["hospital"].id, row.found["product"].id, date.fromisoformat(row.values["month"])


def _present(context: Context, rows: list[Row]) -> dict[tuple[int, int, date], HospitalTarget]:
    places = [_place(row) for row in rows if row.verdict is not Verdict.REFUSED]
    found = context.session.scalars(
        select(HospitalTarget).where(
            HospitalTarget.hospital_id.in_({place[0] for place in places}),
            HospitalTarget.month_on.in_({place[2] for place in places}),
        )
    )
    return {(one.hospital_id, one.product_id, one.month_on): one for one in found}


KIND = Kind(ImportKind.TARGETS, COLUMNS, judge, take, watch, PLACE_INSTEAD, ACROSS)
