"""What is done to targets and splits; everything is journalled and flushed."""

from repcrm.targets.service.assigning import Assigned, CellEdit, ask_of_region, assign_targets
from repcrm.targets.service.factors import set_factors
from repcrm.targets.service.history import PastSplit, take_over_splits
from repcrm.targets.service.splitting import Share, approve_split, propose_split, return_split, split_quota

__all__ = [
    "Assigned",
    "CellEdit",
    "PastSplit",
    "Share",
    "approve_split",
    "ask_of_region",
    "assign_targets",
    "propose_split",
    "return_split",
    "set_factors",
    "split_quota",
    "take_over_splits",
]
