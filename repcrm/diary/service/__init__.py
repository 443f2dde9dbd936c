"""What is done with the diary: time off, appointments, what holds for hospitals and ways, evening rounds."""

from repcrm.diary.service.appointments import (
    FACTS,
    AppointmentFacts,
    cancel_appointment,
    change_appointment,
    check_facts,
    make_appointment,
    skip_appointment,
)
from repcrm.diary.service.evenings import Shared, share_evenings, swap_evening
from repcrm.diary.service.places import set_base, set_reception, set_rounds, set_travel
from repcrm.diary.service.time_off import Absence, cancel_time_off, check_absence, take_time_off

__all__ = [
    "FACTS",
    "Absence",
    "AppointmentFacts",
    "Shared",
    "cancel_appointment",
    "cancel_time_off",
    "change_appointment",
    "check_absence",
    "check_facts",
    "make_appointment",
    "set_base",
    "set_reception",
    "set_rounds",
    "set_travel",
    "share_evenings",
    "skip_appointment",
    "swap_evening",
    "take_time_off",
]
