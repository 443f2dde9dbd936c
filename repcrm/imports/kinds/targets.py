"""Files of targets: floor and stretch of a hospital x product x month, a row each or with months across."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select

from repcrm.core.errors import RepCRMError
from repcrm.core.words import N_
from repcrm.imports import values
from repcrm.imports.columns import Column, MonthColumns, Use
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
        "month", "Month", "月份", values.month,
        ("月", "月度", "目标月份", "指标月份", "任务月份", "计划月份", "年月", "期间", "target month", "period", "year month"),
        required=True,
        note=N_("A month such as 2026-11. Months may also stand across: a column each, such as 2026-11, or two, "
                "2026-11 floor and 2026-11 stretch."),
        samples=("2026-11", "2026-11"), shape="month", use=Use.DATE, is_group=True,
    ),
    Column(
        "floor", "Floor (packs)", "保底（盒）", values.whole(0, 100_000_000),
        (
            "floor packs", "保底目标", "保底", "保底指标", "保底任务", "保底数量", "基础目标", "基础指标", "基本指标", "基本任务", "目标", "目标数量", "目标量",
            "目标盒数", "月目标", "月度目标", "销售目标", "销售目标数量", "目标销量", "指标", "指标数量", "指标量", "指标盒数", "月指标", "月度指标", "销售指标",
            "任务", "任务量", "任务数", "任务数量", "任务盒数", "月任务", "月度任务", "销售任务", "计划", "计划量", "计划数", "计划数量", "计划销量", "月计划",
            "月度计划", "销售计划", "考核指标", "考核目标", "target", "targets", "target packs", "target quantity", "target qty",
            "monthly target", "sales target", "quota", "quota packs", "plan", "plan packs", "plan quantity", "budget packs",
        ),
        required=True, note=N_("The least that counts as on target, in packs."), samples=(1600, 1600), shape="packs",
        use=Use.QUANTITY, doubtful=("预算", "预测", "数量", "盒数", "packs", "quantity", "budget", "forecast"),
    ),
    Column(
        "stretch", "Stretch (packs)", "挑战（盒）", values.whole(0, 100_000_000),
        (
            "stretch packs", "挑战目标", "挑战", "挑战指标", "挑战任务", "挑战数量", "冲刺", "冲刺目标", "冲刺指标", "冲刺任务", "冲刺数量", "争取目标",
            "stretch target", "stretch quantity", "stretch goal",
        ),
        note=N_("Left empty, it stays as on file, but is at least the floor."), samples=(2200, 2200), shape="packs",
        use=Use.QUANTITY,
    ),
)  # fmt: skip
ACROSS = MonthColumns(
    "month",
    {
        "": "floor", "保底": "floor", "保底目标": "floor", "保底指标": "floor", "floor": "floor", "目标": "floor", "指标": "floor",
        "任务": "floor", "任务量": "floor", "计划": "floor", "销售目标": "floor", "销售指标": "floor", "目标数量": "floor", "指标数量": "floor",
        "目标销量": "floor", "月目标": "floor", "月度目标": "floor", "target": "floor", "targets": "floor", "quota": "floor",
        "plan": "floor", "target packs": "floor", "挑战": "stretch", "挑战目标": "stretch", "挑战指标": "stretch", "冲刺": "stretch",
        "冲刺目标": "stretch", "冲刺指标": "stretch", "stretch": "stretch", "stretch target": "stretch",
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
