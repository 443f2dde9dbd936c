"""What is done in a rep's day; each verb flushes, the door commits."""

from repcrm.calls.service.calls import amend_call, log_call, revise_call, withdraw_call
from repcrm.calls.service.ceiling import set_ceiling
from repcrm.calls.service.follow_ups import keep_follow_up, reopen_follow_up
from repcrm.calls.service.history import PastCall, PastSheet, take_over_sheets
from repcrm.calls.service.plan import cancel_call, miss_call, move_call, pin_call, plan_call, reopen_call
from repcrm.calls.service.sheets import accept_sheet, open_sheet, return_sheet, submit_sheet

__all__ = [
    "PastCall",
    "PastSheet",
    "accept_sheet",
    "amend_call",
    "cancel_call",
    "keep_follow_up",
    "log_call",
    "miss_call",
    "move_call",
    "open_sheet",
    "pin_call",
    "plan_call",
    "reopen_call",
    "reopen_follow_up",
    "return_sheet",
    "revise_call",
    "set_ceiling",
    "submit_sheet",
    "take_over_sheets",
    "withdraw_call",
]
