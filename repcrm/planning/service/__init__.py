"""What is done with call plans; each verb flushes, the door commits."""

from repcrm.calls.service import set_ceiling
from repcrm.planning.service.editing import (
    Copied,
    add_visit,
    copy_week,
    move_visit,
    open_plan,
    pin_visit,
    remove_visit,
)
from repcrm.planning.service.holding import check_unlocked
from repcrm.planning.service.policy import set_policy
from repcrm.planning.service.proposals import Result, accept_proposal, dismiss_proposal, keep_proposal
from repcrm.planning.service.proposing import ask_for_proposal, propose
from repcrm.planning.service.publishing import answer_change, ask_change, lock_plan, publish_plan, unlock_plan

__all__ = [
    "Copied",
    "Result",
    "accept_proposal",
    "add_visit",
    "answer_change",
    "ask_change",
    "ask_for_proposal",
    "check_unlocked",
    "copy_week",
    "dismiss_proposal",
    "keep_proposal",
    "lock_plan",
    "move_visit",
    "open_plan",
    "pin_visit",
    "propose",
    "publish_plan",
    "remove_visit",
    "set_ceiling",
    "set_policy",
    "unlock_plan",
]
