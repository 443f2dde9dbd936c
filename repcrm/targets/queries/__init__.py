"""What is known of targets and splits, within the reader's scope."""

from repcrm.targets.queries.grid import Cell, GridRow, TargetGrid, hospital_ratings, target_grid
from repcrm.targets.queries.month import Board, BoardLine, MonthLeft, month_board, month_left
from repcrm.targets.queries.places import list_places
from repcrm.targets.queries.scope import covers, get_target, targets_in
from repcrm.targets.queries.shares import (
    DoctorShare,
    adoption_factors,
    approved_shares,
    list_shares_of_doctor,
)
from repcrm.targets.queries.splits import (
    DoctorHere,
    SplitFilter,
    SplitPage,
    SplitRow,
    count_splits,
    doctors_of_target,
    list_splits,
    list_splits_waiting,
    split_page,
)

__all__ = [
    "Board",
    "BoardLine",
    "Cell",
    "DoctorHere",
    "DoctorShare",
    "GridRow",
    "MonthLeft",
    "SplitFilter",
    "SplitPage",
    "SplitRow",
    "TargetGrid",
    "adoption_factors",
    "approved_shares",
    "count_splits",
    "covers",
    "doctors_of_target",
    "get_target",
    "hospital_ratings",
    "list_places",
    "list_shares_of_doctor",
    "list_splits",
    "list_splits_waiting",
    "month_board",
    "month_left",
    "split_page",
    "target_grid",
    "targets_in",
]
