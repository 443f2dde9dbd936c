"""The columns of targets, by every heading the trade is known to write; actuals of a year are none of them."""

from repcrm.core.words import N_
from repcrm.imports import values
from repcrm.imports.columns import Column, MonthColumns, Use
from repcrm.imports.kinds.shared import PLACE

COLUMNS = (
    *PLACE,
    Column(
        "month", "Month", "月份", values.month,
        ( "月", "月度", "目标月份", "指标月份", "任务月份", "计划月份", "年月", "期间", "target month", "period",
         "year month"),
        required=True,
        note=N_("A month such as 2026-11. Months may also stand across: a column each, such as 2026-11, or two, "
                "2026-11 floor and 2026-11 stretch."),
        samples=("2026-11", "2026-11"), shape="month", use=Use.DATE, is_group=True,
    ),
    Column(
        "floor", "Floor (packs)", "保底（盒）", values.whole(0, 100_000_000),
        (
            "floor packs", "保底目标", "保底", "保底指标", "保底任务", "保底数量", "基础目标", "基础指标", "基本指标",
            "基本任务", "目标", "目标数量", "目标量",
            "目标盒数", "月目标", "月度目标", "销售目标", "销售目标数量", "目标销量", "指标", "指标数量", "指标量",
            "指标盒数", "月指标", "月度指标", "销售指标",
            "任务", "任务量", "任务数", "任务数量", "任务盒数", "月任务", "月度任务", "销售任务", "计划", "计划量",
            "计划数", "计划数量", "计划销量", "月计划",
            "月度计划", "销售计划", "考核指标", "考核目标", "target", "targets", "target packs", "target quantity",
            "target qty",
            "monthly target", "sales target", "quota", "quota packs", "plan", "plan packs", "plan quantity",
            "budget packs",
        ),
        required=True, note=N_("The least that counts as on target, in packs."), samples=(1600, 1600), shape="packs",
        use=Use.QUANTITY, doubtful=("预算", "预测", "数量", "盒数", "packs", "quantity", "budget", "forecast"),
    ),
    Column(
        "stretch", "Stretch (packs)", "挑战（盒）", values.whole(0, 100_000_000),
        (
            "stretch packs", "挑战目标", "挑战", "挑战指标", "挑战任务", "挑战数量", "冲刺", "冲刺目标", "冲刺指标",
            "冲刺任务", "冲刺数量", "争取目标",
            "stretch target", "stretch quantity", "stretch goal",
        ),
        note=N_("Left empty, it stays as on file, but is at least the floor."), samples=(2200, 2200), shape="packs",
        use=Use.QUANTITY,
    ),
    Column(
        "unit", "Unit", "单位", values.text(20), ("计量单位", "包装单位", "数量单位", "指标单位", "uom"),
        in_template=False, use=Use.UNIT,
    ),
)  # fmt: skip
ACROSS = MonthColumns(
    "month",
    {
        "": "floor", "保底": "floor", "保底目标": "floor", "保底指标": "floor", "floor": "floor", "目标": "floor",
        "指标": "floor",
        "任务": "floor", "任务量": "floor", "计划": "floor", "销售目标": "floor", "销售指标": "floor",
        "目标数量": "floor", "指标数量": "floor",
        "目标销量": "floor", "月目标": "floor", "月度目标": "floor", "target": "floor", "targets": "floor",
        "quota": "floor",
        "plan": "floor", "target packs": "floor", "挑战": "stretch", "挑战目标": "stretch", "挑战指标": "stretch",
        "冲刺": "stretch",
        "冲刺目标": "stretch", "冲刺指标": "stretch", "stretch": "stretch", "stretch target": "stretch",
    },
    is_plan=True,
)  # fmt: skip
