"""Where and when a rep can be, within the reader's scope."""

from repcrm.diary.queries.days import (
    get_appointment,
    get_time_off,
    list_appointments,
    list_time_off,
    openings,
)
from repcrm.diary.queries.evenings import EveningLine, evening_duties, get_evening_duty, list_evenings
from repcrm.diary.queries.places import (
    Reception,
    Slot,
    evening_rounds_of,
    find_base,
    get_travel_override,
    list_bases,
    list_reception_windows,
    list_travel_overrides,
    reception_of,
    travel_matrix,
)
from repcrm.diary.queries.scope import get_rep
from repcrm.diary.queries.week import DiaryDay, DiaryWeek, Entry, get_week

__all__ = [
    "DiaryDay",
    "DiaryWeek",
    "Entry",
    "EveningLine",
    "Reception",
    "Slot",
    "evening_duties",
    "evening_rounds_of",
    "find_base",
    "get_appointment",
    "get_evening_duty",
    "get_rep",
    "get_time_off",
    "get_travel_override",
    "get_week",
    "list_appointments",
    "list_bases",
    "list_evenings",
    "list_reception_windows",
    "list_time_off",
    "list_travel_overrides",
    "openings",
    "reception_of",
    "travel_matrix",
]
