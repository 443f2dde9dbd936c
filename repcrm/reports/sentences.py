"""Facts and missing inputs in a sentence each, in the language of whoever says them."""

from collections.abc import Mapping
from typing import Any

from repcrm.accounts.models import ListingStage
from repcrm.core.words import N_
from repcrm.core.workdays import DOUBTS
from repcrm.reports.body import Body
from repcrm.reports.words import Say

FACTS = {
    "gap_missed_calls": N_(
        "%(hospital)s is %(packs)s packs behind, and %(missed)s of %(planned)s planned calls were not made."
    ),
    "top_doctor_unseen": N_(
        "%(doctor)s (%(hospital)s, rated %(rating)s for %(product)s) was last met %(days)s days ago."
    ),
    "top_doctor_never": N_("%(doctor)s (%(hospital)s, rated %(rating)s for %(product)s) has not been met yet."),
    "listing_stuck": N_("%(product)s at %(hospital)s: “%(stage)s” for %(days)s days."),
    "stock_low": N_("%(product)s at %(hospital)s: %(packs)s packs in stock, %(month)s are used in a month."),
    "late_data": N_("%(source)s: no flow after %(last_on)s."),
    **{f"{state}_calendar": sentence for state, sentence in DOUBTS.items()},
    "sold_without_target": N_("%(rep)s: %(packs)s packs sold in %(count)s hospital products without a target."),
    "not_split": N_("%(rep)s: %(count)s targets are not split among doctors yet."),
}
"""Code of a fact -> what it says."""

MISSING = {
    "no_target": N_("no target"),
    "no_flow": N_("no flow yet"),
    "some_no_flow": N_("flow incomplete"),
    "not_split": N_("not split yet"),
}
"""Code of a missing input -> the word for it."""

METHODS = {
    "attainment": N_("Attainment is actual packs / target packs (the floor). No target or no flow yet: no percentage."),
    "gap": N_(
        "Gap is target less actual: above 0 is behind. A week's target is the sum of its slices: each month's target "
        "divided by working days. Money: target packs at the price of the month's first day; actual as the "
        "distributor reports it, else at the price of the day."
    ),
    "elapsed": N_(
        "Time elapsed is working days passed / working days of the longer period this report lands in, with public "
        "holidays and make-up days counted."
    ),
    "landing": N_(
        "Landing is the actual so far plus the remaining working days x the run rate: packs a working day over the "
        "last 20 working days."
    ),
    "credit": N_(
        "Flow is credited to the rep who held the hospital and product on its day. Flow dated by month only is "
        "divided by working days and marked estimated."
    ),
    "doctors": N_(
        "A doctor's target is the approved split. A doctor's actual is an estimate: the hospital's packs divided by "
        "split x adoption factor of the rating, in whole packs that add up exactly. Nobody's prescriptions are counted."
    ),
    "calls": N_(
        "A call counts once: under its rep, hospital, first product and main doctor. Effective is goal met or partly "
        "met."
    ),
    "development": N_(
        "A doctor is developed whose newest rating of any of our products is 4 or more; a department, where such a "
        "doctor works."
    ),
    "coverage": N_(
        "A doctor met or developed counts once in each row: whoever was met by two reps, or works where both of them "
        "hold something, stands in both rows and once in the total. In a product's row only the ratings of that "
        "product count, and every call in which it was a subject."
    ),
    "stock": N_("Months of stock are the packs last seen / the packs of the last 20 working days."),
}
"""Figure -> how it is computed."""

NOBODY = {
    "reps": N_("unassigned"),
    "products": N_("no product named"),
    "doctors": N_("not split yet"),
    "hospitals": N_("no hospital"),
}
"""What stands where a row has nobody."""


def sentence(fact: Mapping[str, Any], body: Body, say: Say) -> str:
    """Put a fact into words.

    fact  as the body keeps it
    say   from message to words
    """
    named = {
        key: name_of(body, f"{key}s", fact[key], say) for key in ("rep", "hospital", "product", "doctor") if key in fact
    }
    code = fact["code"]
    if code == "top_doctor_unseen" and fact["days"] is None:
        code = "top_doctor_never"
    stage = {"stage": say(ListingStage(fact["stage"]).label)} if "stage" in fact else {}
    return say(FACTS[code]) % {**fact, **named, **stage}


def name_of(body: Body, kind: str, place: int | None, say: Say) -> str:
    """What a key of a row is called, in words where there is nobody.

    kind  reps, hospitals, products or doctors
    """
    named = body.name(kind, place)
    return named.name if named else say(NOBODY[kind])
