"""The page of the target grid: what stands in each cell, and the sums around them."""

import json
from dataclasses import dataclass
from typing import Any

from babel.dates import format_date
from flask import render_template
from flask_babel import gettext as _

from repcrm.catalogue.models import Product
from repcrm.catalogue.queries import list_prices
from repcrm.core.errors import BadInput
from repcrm.core.periods import Period, PeriodKind
from repcrm.extensions import db
from repcrm.organisation.access import Permission, Role
from repcrm.organisation.calendar import work_calendar
from repcrm.organisation.queries import get_region
from repcrm.targets.grid import COLUMN_WAYS, ROW_WAYS, CellKey, Measure, StaleCell, StaleCells, read_packs
from repcrm.targets.models import PeriodTarget
from repcrm.targets.queries import Cell, GridRow, TargetGrid
from repcrm.targets.totals import Column, ColumnKind, add_up, columns_of, differences, figures, value_of
from repcrm.web.forms.targets import AskForm, GridForm, Shown, write_shown
from repcrm.web.identity import current_scope
from repcrm.web.languages import current_language, say

KINDS = (PeriodKind.QUARTER, PeriodKind.HALF, PeriodKind.YEAR)
"""The periods a grid can show."""


@dataclass(frozen=True)
class Choice:
    """Which part of the plan the page is about, out of its address."""

    product: Product
    products: list[Product]
    period: Period
    measure: Measure
    expanded: Period | None

    def args(self, **other: Any) -> dict[str, Any]:
        """The arguments of an address with the same choice, but for `other`."""
        chosen = {
            "product": self.product.id,
            "period": self.period,
            "measure": self.measure.value,
            "weeks": self.expanded,
        }
        return {name: value for name, value in {**chosen, **other}.items() if value is not None}


@dataclass(frozen=True)
class Box:
    """One cell as it is drawn.

    text  what stands in the box; saved, what is in the database
    """

    key: str
    text: str
    saved: str
    is_locked: bool
    cell: Cell
    error: str | None
    stale: StaleCell | None


def grid_page(
    choice: Choice,
    grid: TargetGrid,
    form: GridForm | None = None,
    *,
    conflict: StaleCells | None = None,
    is_proposal: bool = False,
    asking: AskForm | None = None,
) -> str:
    scope = current_scope()
    calendar = work_calendar(db.session, scope.region_id)
    may_edit = scope.may(Permission.ASSIGN_TARGETS)
    form = form or GridForm(formdata=None)
    columns = columns_of(choice.period, choice.expanded)
    boxes = {row.hospital_id: {month: _box(row, month, choice, form) for month in grid.months} for row in grid.rows}
    typed = {
        hospital_id: {month: packs for month, box in row.items() if (packs := _readable(box.text)) is not None}
        for hospital_id, row in boxes.items()
    }
    sums = add_up(typed.values())
    assigned = figures(columns, sums, calendar)
    prices = _prices(choice, grid)
    asked = figures(
        columns, {month: _measured(target, choice.measure) for month, target in grid.asked.items()}, calendar
    )
    form.shown.data = write_shown(form.base or _shown(grid))
    return render_template(
        "targets/grid.html",
        choice=choice,
        grid=grid,
        form=form,
        columns=list(zip(columns, map(_head, columns), strict=True)),
        boxes=boxes,
        row_figures={hospital_id: figures(columns, row, calendar) for hospital_id, row in typed.items()},
        last_year={row.hospital_id: sum(row.last_year.values()) if row.last_year else None for row in grid.rows},
        assigned=assigned,
        prices={str(month): fen for month, fen in prices.items()},
        value_fen=value_of(sums, prices),
        asked=asked,
        missing=differences(asked, assigned),
        asking=asking or _ask_form(grid),
        is_asking_wrong=asking is not None,
        conflict=say(conflict) if conflict else None,
        is_proposal=is_proposal,
        may_edit=may_edit,
        region=get_region(db.session, scope, scope.region_id) if scope.region_id else None,
        is_rep=scope.role is Role.REP,
        kinds=[(kind, Period.of(kind, choice.period.from_on)) for kind in KINDS],
        measures=list(Measure),
        column_ways=COLUMN_WAYS,
        row_ways=ROW_WAYS,
        doubts=calendar.doubts(choice.period.from_on, choice.period.to_on),
    )


def _head(column: Column) -> str:
    """The few words that stand over a column: 11月 / Nov, 47周 / W47, Q4, 合计 / Total."""
    match column.kind:
        case ColumnKind.MONTH:
            return format_date(column.period.from_on, "LLL", locale=current_language())
        case ColumnKind.WEEK:
            return _("W%(number)s", number=column.period.from_on.isocalendar().week)
        case ColumnKind.SUM:
            return str(column.period).partition("-")[2]
        case ColumnKind.TOTAL:
            return _("Total")


def _box(row: GridRow, month: Period, choice: Choice, form: GridForm) -> Box:
    key = CellKey(row.hospital_id, month.from_on)
    cell = row.cells.get(month, Cell())
    packs = cell.packs(choice.measure)
    saved = "" if packs is None else str(packs)
    text = form.typed.get(key, saved)
    is_locked = key in form.locks if form.typed else cell.is_locked
    return Box(str(key), text, saved, is_locked, cell, form.wrong.get(key), form.stale.get(key))


def _shown(grid: TargetGrid) -> dict[CellKey, Shown]:
    return {
        CellKey(row.hospital_id, month.from_on): Shown(cell.version, *cell.range, cell.is_locked)
        for row in grid.rows
        for month, cell in row.cells.items()
        if cell.range
    }


def _ask_form(grid: TargetGrid) -> AskForm:
    asked = grid.asked.values()
    return AskForm(
        formdata=None,
        versions=json.dumps({str(month): target.version for month, target in grid.asked.items()}),
        floor=sum(target.floor_packs for target in asked) if asked else None,
        stretch=sum(target.stretch_packs for target in asked) if asked else None,
    )


def _prices(choice: Choice, grid: TargetGrid) -> dict[Period, int]:
    """Month -> the price of a pack valid on its first day; a month before the first price is not in it."""
    history = list_prices(db.session, [choice.product.id]).get(choice.product.id, [])
    prices: dict[Period, int] = {}
    for month in grid.months:
        for price in history:
            if price.from_on <= month.from_on:
                prices[month] = price.price_fen
    return prices


def _measured(target: PeriodTarget, measure: Measure) -> int:
    return target.floor_packs if measure is Measure.FLOOR else target.stretch_packs


def _readable(text: str) -> int | None:
    try:
        return read_packs(text)
    except BadInput:
        return None
