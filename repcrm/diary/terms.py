"""The closed lists of words a diary is kept in."""

from repcrm.core.words import N_, Term


class TimeOffKind(Term):
    """Why a rep is away; nothing more is asked, and there is no place for medical details."""

    ANNUAL = "annual", N_("annual leave")
    SICK = "sick", N_("sick leave")
    TRAINING = "training", N_("away for training")
    OTHER = "other", N_("other time off")


class AppointmentKind(Term):
    """What an appointment is."""

    TEAM_MEETING = "team_meeting", N_("team meeting")
    TRAINING = "training", N_("training session")
    DEPARTMENT_MEETING = "department_meeting", N_("department meeting")
    JOINT_VISIT = "joint_visit", N_("joint visit")
    OTHER = "other", N_("other appointment")


TAKES_NO_TIME = frozenset({AppointmentKind.JOINT_VISIT})
"""On a joint visit the rep calls on doctors as always, with the lead beside: it binds the place, but no minutes."""


class Hindrance(Term):
    """Why a part of a day has fewer minutes than others."""

    NOT_WORKED = "not_worked", N_("not a working day")
    TIME_OFF = "time_off", N_("time off")
    APPOINTMENT = "appointment", N_("appointment")
