"""What is done to hospitals and doctors; each verb flushes, the door commits."""

from repcrm.accounts.service.doctors import (
    DoctorFacts,
    post_doctor,
    propose_duplicates,
    rate_doctor,
    register_doctor,
    revise_doctor,
    set_clinic_roster,
)
from repcrm.accounts.service.hospitals import (
    HospitalFacts,
    add_department,
    open_hospital,
    revise_department,
    revise_hospital,
)
from repcrm.accounts.service.listings import move_listing, open_listing, revise_listing
from repcrm.accounts.service.namesakes import has_doctor_named, has_hospital_named

__all__ = [
    "DoctorFacts",
    "HospitalFacts",
    "add_department",
    "has_doctor_named",
    "has_hospital_named",
    "move_listing",
    "open_hospital",
    "open_listing",
    "post_doctor",
    "propose_duplicates",
    "rate_doctor",
    "register_doctor",
    "revise_department",
    "revise_doctor",
    "revise_hospital",
    "revise_listing",
    "set_clinic_roster",
]
