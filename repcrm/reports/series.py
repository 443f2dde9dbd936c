"""Series: the last periods of a region, each product and each rep, beside the same periods of the year before."""

from typing import Any

import numpy as np
import pandas as pd

from repcrm.core.periods import Period
from repcrm.reports.span import Span

TARGET_LINES = ("floor", "stretch", "floor_fen")
FLOW_LINES = ("actual", "actual_fen")

Series = dict[str, list[int | None]]
"""Line -> one whole number a period of the trail, None where there was no target (flow) at all; lines that
begin with `last_` are of the year before."""


def series_of(targets: pd.DataFrame, flow: pd.DataFrame, span: Span) -> Series:
    """The series of some slice rows: a region's, a product's or a rep's.

    targets, flow  slice rows of all periods of the span
    """
    lines: Series = {}
    for prefix, periods in (("", span.trail), ("last_", span.compared)):
        for table, names in ((targets, TARGET_LINES), (flow, FLOW_LINES)):
            sums = _sums(table, periods, list(names))
            lines.update({prefix + name: values for name, values in sums.items()})
    return lines


def series_by(key: str, targets: pd.DataFrame, flow: pd.DataFrame, span: Span) -> dict[int, Series]:
    """The series of each product or rep.

    key      product or rep
    returns  its key -> its series
    """
    keys = sorted({*targets[key], *flow[key]})
    by_target, by_flow = dict(list(targets.groupby(key))), dict(list(flow.groupby(key)))
    return {
        int(one): series_of(by_target.get(one, targets.iloc[:0]), by_flow.get(one, flow.iloc[:0]), span) for one in keys
    }


def _sums(table: pd.DataFrame, periods: tuple[Period, ...], names: list[str]) -> dict[str, list[int | None]]:
    """The measures added up per period; rows lie wholly within one period, so their first day decides."""
    ordered = table.sort_values("slice_on")
    days = ordered["slice_on"].to_numpy()
    edges = [
        tuple(int(np.searchsorted(days, day.toordinal())) for day in (period.from_on, period.until_on))
        for period in periods
    ]
    found: dict[str, list[int | None]] = {}
    for name in names:
        running: Any = np.concatenate([[0], ordered[name].to_numpy(dtype=np.int64).cumsum()])
        found[name] = [int(running[end] - running[start]) if end > start else None for start, end in edges]
    return found
