"""What is known of call plans, within the reader's scope."""

from repcrm.planning.queries.board import get_board, route_of_day
from repcrm.planning.queries.checks import check_every_slot, check_removal, check_visit
from repcrm.planning.queries.deviations import RepDeviations, Unseen, get_deviations, list_unseen
from repcrm.planning.queries.ground import get_ground
from repcrm.planning.queries.plans import (
    find_open_proposal,
    find_plan,
    get_change_request,
    get_plan,
    get_proposal,
    list_change_requests,
    list_plans,
    list_visits,
)
from repcrm.planning.queries.policy import find_rules, get_policy
from repcrm.planning.queries.scope import get_rep, plans_in

__all__ = [
    "RepDeviations",
    "Unseen",
    "check_every_slot",
    "check_removal",
    "check_visit",
    "find_open_proposal",
    "find_plan",
    "find_rules",
    "get_board",
    "get_change_request",
    "get_deviations",
    "get_ground",
    "get_plan",
    "get_policy",
    "get_proposal",
    "get_rep",
    "list_change_requests",
    "list_plans",
    "list_unseen",
    "list_visits",
    "plans_in",
    "route_of_day",
]
