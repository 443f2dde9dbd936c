"""Proposals for the grid's cells: a figure spread over a hospital's months, or a region's months over its hospitals."""

from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session

from repcrm.core.errors import BadInput, RuleBroken
from repcrm.core.periods import Period
from repcrm.core.words import N_
from repcrm.organisation.access import Scope
from repcrm.organisation.calendar import work_calendar
from repcrm.targets.cascade import even, like_last_year, like_run_rate, spread
from repcrm.targets.grid import CellKey, Measure, SpreadWay, rating_weight, spread_column
from repcrm.targets.queries import GridRow, TargetGrid, adoption_factors, hospital_ratings


def over_months(
    session: Session,
    scope: Scope,
    grid: TargetGrid,
    hospital_id: int | None,
    packs: int | None,
    way: SpreadWay,
    kept: Mapping[CellKey, int],
) -> dict[CellKey, int]:
    """Spread a figure over one hospital's months.

    kept    cell -> packs of locked cells, which stay
    raises  BadInput for a hospital that is not in the grid or a missing figure, RuleBroken if locks leave no way
    """
    row = next((row for row in grid.rows if row.hospital_id == hospital_id), None)
    if row is None or packs is None:
        raise BadInput(N_("Choose a hospital and enter the figure to spread."))
    locked = {month: kept[key] for month in grid.months if (key := _key(row, month)) in kept}
    weights = _month_weights(session, scope, grid, row, way)
    return {_key(row, month): part for month, part in spread(packs, weights, locked).items()}


def over_hospitals(
    session: Session,
    scope: Scope,
    product_id: int,
    grid: TargetGrid,
    measure: Measure,
    way: SpreadWay,
    kept: Mapping[CellKey, int],
) -> dict[CellKey, int]:
    """Spread what is asked of the region in each month over its hospitals.

    returns  the cells of the months in which something is asked
    raises   RuleBroken if nothing is asked, nothing is known to go by, or locks leave no way
    """
    if not grid.asked:
        raise RuleBroken(N_("Nothing is asked of the region in this period yet: enter that first."))
    weigh = _hospital_weights(session, scope, product_id, grid, way)
    proposal: dict[CellKey, int] = {}
    for month, asked in grid.asked.items():
        locked = {key.hospital_id: packs for key, packs in kept.items() if key.month_on == month.from_on}
        weights = {row.hospital_id: weigh(row, month) for row in grid.rows}
        packs = asked.floor_packs if measure is Measure.FLOOR else asked.stretch_packs
        for hospital_id, part in spread_column(packs, weights, locked).items():
            proposal[CellKey(hospital_id, month.from_on)] = part
    return proposal


def _month_weights(session: Session, scope: Scope, grid: TargetGrid, row: GridRow, way: SpreadWay) -> dict[Period, int]:
    if way is SpreadWay.LAST_YEAR:
        return like_last_year({month: row.last_year.get(month) for month in grid.months})
    if way is SpreadWay.RUN_RATE:
        return like_run_rate(grid.months, work_calendar(session, scope.region_id))
    return even(grid.months)


def _hospital_weights(
    session: Session, scope: Scope, product_id: int, grid: TargetGrid, way: SpreadWay
) -> Callable[[GridRow, Period], int]:
    if way is SpreadWay.LAST_YEAR:
        return lambda row, month: max(row.last_year.get(month, 0), 0)
    if way is SpreadWay.POTENTIAL:
        return lambda row, month: row.potential_packs or 0
    if way is SpreadWay.RATING:
        factors = adoption_factors(session)
        ratings = hospital_ratings(session, scope, product_id, [row.hospital_id for row in grid.rows])
        return lambda row, month: rating_weight(ratings.get(row.hospital_id, ()), factors)
    return lambda row, month: 1


def _key(row: GridRow, month: Period) -> CellKey:
    return CellKey(row.hospital_id, month.from_on)
