"""Files of distributor sales: packs by hospital x product and day or month, for one source and period."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select

from repcrm.imports.flow import preview
from repcrm.imports.kinds.flow_columns import ACROSS, COLUMNS
from repcrm.imports.kinds.shared import PLACE_INSTEAD, Context, Kind
from repcrm.imports.verdicts import Row
from repcrm.organisation.access import Scope
from repcrm.sales.models import ImportKind

INSTEAD = {**PLACE_INSTEAD, "on": ("month",)}


def judge(context: Context, rows: list[Row]) -> None:
    """Judge the lines of a file whose distributor and period are known: see `flow.preview` for whole files."""
    preview.begin(context, rows).judge(rows)


def take(context: Context, rows: list[Row], scope: Scope, now: datetime) -> None:
    """Nothing: lines of sales are staged, see `flow.staging`."""


def watch(context: Context, rows: list[Row]) -> Sequence[Select[Any]]:
    """Nothing: a batch of sales is its own memory, its lines count only while it is applied."""
    return []


KIND = Kind(ImportKind.FLOW, COLUMNS, judge, take, watch, INSTEAD, ACROSS, names_doctors=False)
