"""Whom to see today: the doctors worth a call, in order, each with the reasons why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from repcrm.core.words import N_, Term

CALLS_A_MONTH: Mapping[str, int] = {"key": 8, "general": 2}
"""Tier -> effective calls a month that a doctor of it is to get (S17)."""
CALLS_A_DAY = 10
"""So many calls a day are suggested, those already planned included."""
ALWAYS = 3
"""So many are suggested however full the day is."""
LONG_UNSEEN_DAYS = 30


class Why(Term):
    """A reason why a doctor is on the list."""

    FOLLOW_UP_OVERDUE = "follow_up_overdue", N_("follow-up overdue")
    FOLLOW_UP_TODAY = "follow_up_today", N_("follow-up due today")
    CLINIC = "clinic", N_("in clinic today")
    BEHIND = "behind", N_("fewer calls than the month asks for")
    LONG_UNSEEN = "long_unseen", N_("not seen for long")
    NEVER_SEEN = "never_seen", N_("not called on yet")


WEIGHTS: Mapping[Why, int] = {
    Why.FOLLOW_UP_OVERDUE: 100,
    Why.FOLLOW_UP_TODAY: 90,
    Why.CLINIC: 40,
    Why.BEHIND: 30,
    Why.LONG_UNSEEN: 12,
    Why.NEVER_SEEN: 8,
}
"""How much a reason counts. `BEHIND` counts in proportion to the part of the month's calls that lacks."""
KEY_BONUS = 15
"""What a key doctor counts more."""


@dataclass(frozen=True)
class Candidate:
    """A doctor who could be called on today, as far as the ranking needs to know.

    tier              key or general
    sessions          the parts of the day the doctor is in clinic today, in order: am, pm, eve
    last_call_on      the last call made, None if there was none
    calls_this_month  effective calls of the month so far
    follow_up_on      when the oldest open promise is due; None: nothing promised, or not due yet
    """

    doctor_id: int
    hospital_id: int
    tier: str
    sessions: tuple[str, ...] = ()
    last_call_on: date | None = None
    calls_this_month: int = 0
    follow_up_on: date | None = None

    @property
    def goal(self) -> int:
        """Calls this doctor is to get in a month."""
        return CALLS_A_MONTH[self.tier]


@dataclass(frozen=True)
class Suggestion:
    """A doctor worth a call today. `reasons` stand in order of weight; the first is the one to show."""

    candidate: Candidate
    reasons: tuple[Why, ...]
    score: Fraction


def suggest(candidates: Iterable[Candidate], today: date, elapsed: Fraction, already: int = 0) -> list[Suggestion]:
    """Choose and rank the doctors to call on today.

    candidates  doctors in the rep's territory who are not on today's sheet yet
    elapsed     part of the month's working days gone by, today included: 0 to 1
    already     calls on today's sheet; the list fills the day up to `CALLS_A_DAY`
    returns     best first. Whoever was promised something is on it first; others must be in clinic today, so that
                going there makes sense, and have calls to come this month
    """
    ranked = sorted((_weigh(each, today, elapsed) for each in candidates), key=_order)
    worth_it = [one for one in ranked if one.candidate.follow_up_on or _is_worth_it(one.candidate, today)]
    return worth_it[: max(ALWAYS, CALLS_A_DAY - already)]


def _is_worth_it(candidate: Candidate, today: date) -> bool:
    return bool(candidate.sessions) and candidate.calls_this_month < candidate.goal and candidate.last_call_on != today


def _weigh(candidate: Candidate, today: date, elapsed: Fraction) -> Suggestion:
    lack = max(Fraction(0), candidate.goal * elapsed - candidate.calls_this_month) / candidate.goal
    weights = {why: Fraction(WEIGHTS[why]) for why in _reasons(candidate, today, lack)}
    if Why.BEHIND in weights:
        weights[Why.BEHIND] *= lack
    reasons = tuple(sorted(weights, key=lambda why: -WEIGHTS[why]))
    return Suggestion(candidate, reasons, sum(weights.values(), Fraction(KEY_BONUS if candidate.tier == "key" else 0)))


def _reasons(candidate: Candidate, today: date, lack: Fraction) -> Iterable[Why]:
    if candidate.follow_up_on:
        yield Why.FOLLOW_UP_OVERDUE if candidate.follow_up_on < today else Why.FOLLOW_UP_TODAY
    if candidate.sessions:
        yield Why.CLINIC
    if lack:
        yield Why.BEHIND
    if candidate.last_call_on is None:
        yield Why.NEVER_SEEN
    elif (today - candidate.last_call_on).days >= LONG_UNSEEN_DAYS:
        yield Why.LONG_UNSEEN


def _order(one: Suggestion) -> tuple[Fraction, date, int]:
    """Best first; then the one not seen for longest; then by key, so that the same day gives the same list."""
    return -one.score, one.candidate.last_call_on or date.min, one.candidate.doctor_id
