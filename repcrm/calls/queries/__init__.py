"""What is known of calls, sheets and promises, within the reader's scope."""

from repcrm.calls.queries.calls import (
    CallDetails,
    CallLine,
    details_of,
    find_planned,
    get_call,
    get_details,
    last_purposes,
    last_used_products,
    list_calls_of_doctor,
    list_calls_of_sheet,
    places_of,
)
from repcrm.calls.queries.ceiling import ceiling_of_company, days_met, find_ceiling_row
from repcrm.calls.queries.counts import CallCounts, Per, count_calls_by, effective_calls, last_calls
from repcrm.calls.queries.day import CardGroup, Day, DayCard, get_day, products_held
from repcrm.calls.queries.due import HospitalDue, list_hospitals_due
from repcrm.calls.queries.follow_ups import (
    FollowUpRow,
    count_follow_ups_due,
    get_follow_up,
    list_follow_ups_due,
    list_follow_ups_kept,
    list_follow_ups_of_doctor,
    list_follow_ups_to_come,
)
from repcrm.calls.queries.scope import calls_in, follow_ups_in, sheets_in
from repcrm.calls.queries.sheets import (
    SheetRow,
    filled_sheets,
    find_sheet,
    get_sheet,
    list_sheets_of_week,
    list_sheets_to_review,
    sheets_of_week,
)

__all__ = [
    "CallCounts",
    "CallDetails",
    "CallLine",
    "CardGroup",
    "Day",
    "DayCard",
    "FollowUpRow",
    "HospitalDue",
    "Per",
    "SheetRow",
    "calls_in",
    "ceiling_of_company",
    "count_calls_by",
    "count_follow_ups_due",
    "days_met",
    "details_of",
    "effective_calls",
    "filled_sheets",
    "find_ceiling_row",
    "find_planned",
    "find_sheet",
    "follow_ups_in",
    "get_call",
    "get_day",
    "get_details",
    "get_follow_up",
    "get_sheet",
    "last_calls",
    "last_purposes",
    "last_used_products",
    "list_calls_of_doctor",
    "list_calls_of_sheet",
    "list_follow_ups_due",
    "list_follow_ups_kept",
    "list_follow_ups_of_doctor",
    "list_follow_ups_to_come",
    "list_hospitals_due",
    "list_sheets_of_week",
    "list_sheets_to_review",
    "places_of",
    "products_held",
    "sheets_in",
    "sheets_of_week",
]
