"""Why a call is planned and why a doctor is left out: codes with numbers, which a door puts into words."""

from dataclasses import dataclass

from repcrm.core.words import N_, Term
from repcrm.planning.engine.rulebook import Rule


class Why(Term):
    """A reason, in a sentence with the numbers it carries. Hard rules are told by `Rule`."""

    # for a call
    VALUE = "value", N_("Call number %(number)s of the cycle is worth %(value)s.")
    EVENNESS = "evenness", N_("It keeps the rhythm: %(value)s.")
    GUARANTEED = "guaranteed", N_("It is guaranteed; missing it would cost %(value)s.")
    PINNED = "pinned", N_("It is pinned.")
    ON_THE_WAY = "on_the_way", N_("The hospital is on the way already: +%(minutes)s min.")
    OPENS_HOSPITAL = "opens_hospital", N_("Only for this call: +%(minutes)s min, %(travel)s of them travel.")
    LONG_NOT_SEEN = "long_not_seen", N_("Last called %(days)s working days before the cycle.")
    # for a doctor left out
    NO_CLINIC_SESSION = "no_clinic_session", N_("No clinic session within the time to come.")
    NO_SLOT_FAR_ENOUGH = (
        "no_slot_far_enough",
        N_("Every clinic session is too close to another call or over the weekly limit."),
    )
    DAY_FULL = "day_full", N_("Every such day has its %(most)s calls; the least of them there is worth %(displaced)s.")
    SESSIONS_FULL = "sessions_full", N_("Every such session is full.")
    NOT_WORTH_TRAVEL = "not_worth_travel", N_("A call would earn %(value)s and cost %(price)s of travel.")
    COULD_BE_ADDED = "could_be_added", N_("A call would earn %(value)s more than it costs.")
    WORTH_NOTHING = "worth_nothing", N_("A further call is worth nothing.")


class Cause(Term):
    """Why a visit was changed or kept when a plan was mended, in a sentence; hard rules are told by `Rule`."""

    STILL_GOOD = "still_good", N_("Nothing speaks against it.")
    PINNED = "pinned", N_("It is pinned.")
    ROOM_FOR_BETTER = "room_for_better", N_("Its place goes to calls that are worth more.")
    BETTER_PLACE = "better_place", N_("It fits better there.")
    FILLS_GAP = "fills_gap", N_("There is room for it now.")


@dataclass(frozen=True)
class Reason:
    """A reason and the numbers of its sentence."""

    code: Why | Rule
    numbers: dict[str, float]


CODES: tuple[Why | Cause | Rule, ...] = (*Why, *Cause, *Rule)
"""Every code there is."""
