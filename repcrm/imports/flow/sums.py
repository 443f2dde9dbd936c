"""Control sums of a sales file: its lines, packs and money, and each month before and after."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from repcrm.core.periods import Period
from repcrm.imports.flow.judging import COUNT
from repcrm.imports.flow.tally import Sum, Tally, by_month, total
from repcrm.imports.kinds.shared import Context
from repcrm.sales import queries
from repcrm.sales.lines import Delivery
from repcrm.sales.models import Distributor, FlowMode, ImportBatch


def control_sums(
    context: Context,
    tally: Tally,
    distributor: Distributor,
    period: Period,
    mode: FlowMode | None,
    replaced: Collection[ImportBatch],
) -> dict[str, Any]:
    """Return what the page shows and what applying is held to.

    lines, packs, fen, unpriced  of all lines of the file; `unpriced` of them carry no money
    staged                       lines and packs that will be written
    months                       month, lines, packs of the file, packs before, after, fen of the file, before, after
    late                         month, lines and packs of months before the period
    basis                        ids of the imports that count: applying is refused when they have changed
    """
    whole, written = total(tally.file.values()), _written(context, tally, period, mode)
    before = queries.sums_by_month(context.session, distributor)
    dropped = queries.sums_by_month(context.session, distributor, [batch.id for batch in replaced]) if replaced else {}
    months = sorted(tally.file.keys() | {month for month in before if month in period})
    rows = []
    for month in months:
        packs, fen = before.get(month, (0, 0))
        gone_packs, gone_fen = dropped.get(month, (0, 0))
        of_file, added = tally.file.get(month, Sum()), written.get(month, Sum())
        rows.append([
            month.isoformat()[:7], of_file.lines, of_file.packs, packs, packs - gone_packs + added.packs, of_file.fen,
            fen, fen - gone_fen + added.fen,
        ])  # fmt: skip
    staged = total(written.values())
    return {
        "lines": whole.lines,
        "packs": whole.packs,
        "fen": whole.fen,
        "unpriced": whole.unpriced,
        "staged": [staged.lines, staged.packs],
        "months": rows,
        "late": [
            [month.isoformat()[:7], one.lines, one.packs]
            for month, one in tally.file.items()
            if month < period.from_on.replace(day=1)
        ],
        "basis": queries.applied_ids(context.session, distributor),
    }


def with_rest(sums: Mapping[str, Any], lines: Sequence[Delivery], period: Period) -> dict[str, Any]:
    """Return control sums with lines that waited and count by now; what was before stays what it was before.

    sums  as `control_sums` returned them
    """
    months = {row[0]: list(row) for row in sums["months"]}
    late = {row[0]: list(row) for row in sums["late"]}
    for line in lines:
        month, fen = line.on.isoformat()[:7], line.value_fen or 0
        row = months.setdefault(month, [month, *[0] * 7])
        for at, more in enumerate((1, line.packs, 0, line.packs, fen, 0, fen), 1):
            row[at] += more
        if line.on < period.from_on.replace(day=1):
            row = late.setdefault(month, [month, 0, 0])
            row[1], row[2] = row[1] + 1, row[2] + line.packs
    return {
        **sums,
        "lines": sums["lines"] + len(lines),
        "packs": sums["packs"] + sum(line.packs for line in lines),
        "fen": sums["fen"] + sum(line.value_fen or 0 for line in lines),
        "unpriced": sums["unpriced"] + sum(line.value_fen is None for line in lines),
        "months": [months[month] for month in sorted(months)],
        "late": [late[month] for month in sorted(late)],
    }


def _written(context: Context, tally: Tally, period: Period, mode: FlowMode | None) -> dict[date, Sum]:
    """Return what will be written, by month: see `staging.counts`."""
    again = context.answers.get("on_file") == COUNT
    written = dict(tally.fresh)
    for day, one in tally.on_file.items():
        if again or (mode is not FlowMode.ADDS and day >= period.from_on):
            written[day] = written.get(day, Sum()) + one
    return by_month(written)
