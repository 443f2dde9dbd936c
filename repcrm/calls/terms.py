"""The closed lists of words a call sheet is filled in with."""

from repcrm.core.words import N_, Term


class SheetStatus(Term):
    """Where a day's sheet stands; submitted and reviewed are locked."""

    DRAFT = "draft", N_("draft")
    SUBMITTED = "submitted", N_("submitted")
    RETURNED = "returned", N_("sent back")
    REVIEWED = "reviewed", N_("reviewed")


class CallStatus(Term):
    """Whether a call is still to come."""

    PLANNED = "planned", N_("planned")
    DONE = "done", N_("done")
    CANCELLED = "cancelled", N_("cancelled")


class CallType(Term):
    """S28."""

    ONE_TO_ONE = "one_to_one", N_("one to one")
    ONE_TO_SEVERAL = "one_to_several", N_("one to several")
    DEPARTMENT_MEETING = "department_meeting", N_("department meeting")
    PHONE = "phone", N_("phone or message")


class CallPurpose(Term):
    """What a call is for."""

    SUPPORT_LISTING = "support_listing", N_("support listing")
    INCREASE_USE = "increase_use", N_("increase use")
    MAINTAIN_USE = "maintain_use", N_("maintain use")
    INTRODUCE_PRODUCT = "introduce_product", N_("introduce a product")
    IN_HOSPITAL_MEETING = "in_hospital_meeting", N_("in-hospital meeting")
    CHECK_STOCK = "check_stock", N_("check stock, use, take order")
    SOLVE_PROBLEM = "solve_problem", N_("solve a problem")
    OTHER = "other", N_("other")


class CallResult(Term):
    """How a call ended; not met is a normal answer. Effective = goal met or partly met."""

    GOAL_MET = "goal_met", N_("goal met")
    PARTLY = "partly", N_("partly met")
    NOT_MET = "not_met", N_("not met")
    DOCTOR_NOT_MET = "doctor_not_met", N_("doctor not met")


EFFECTIVE = (CallResult.GOAL_MET, CallResult.PARTLY)


class MissReason(Term):
    """Why a planned call did not come about."""

    DOCTOR_AWAY = "doctor_away", N_("doctor away")
    CLINIC_CANCELLED = "clinic_cancelled", N_("clinic cancelled")
    NOT_RECEIVED = "not_received", N_("not received")
    NO_TIME = "no_time", N_("no time")
    CALLED_ELSEWHERE = "called_elsewhere", N_("called elsewhere")
    LEAVE = "leave", N_("on leave")
    REPLANNED = "replanned", N_("planned anew")
    OTHER = "other", N_("another reason")
