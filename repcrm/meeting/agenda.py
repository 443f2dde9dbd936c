"""The thirty minutes of the Monday meeting: their order, what is carried over, what to make of a fact. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol, TypeVar

from repcrm.core.periods import Period
from repcrm.core.words import N_
from repcrm.core.workdays import WorkCalendar
from repcrm.meeting.terms import ActionStatus, Standing, Topic
from repcrm.reports.body import Body, Row
from repcrm.reports.sentences import name_of
from repcrm.reports.words import Say

MINUTES: dict[Topic, int] = {
    Topic.LAST_ACTIONS: 5, Topic.FIGURES: 3, Topic.PRODUCTS: 3, Topic.BEHIND: 10, Topic.FACTS: 3,
    Topic.NEW_ACTIONS: 4, Topic.NEXT_WEEK: 2,
}  # fmt: skip
"""Topic -> its minutes; half an hour together."""

TO_DO = {
    "gap_missed_calls": N_("Make up %(missed)s missed calls at %(hospital)s, %(packs)s packs behind"),
    "top_doctor_unseen": N_(
        "See %(doctor)s at %(hospital)s, rated %(rating)s for %(product)s, last met %(days)s days ago"
    ),
    "top_doctor_never": N_("See %(doctor)s at %(hospital)s, rated %(rating)s for %(product)s, not met yet"),
    "listing_stuck": N_("Get the listing of %(product)s at %(hospital)s moving, stuck for %(days)s days"),
    "stock_low": N_("Have %(product)s reordered at %(hospital)s: %(packs)s packs left, %(month)s used a month"),
    "late_data": N_("Get the flow of %(source)s after %(last_on)s"),
    "sold_without_target": N_("Set the %(count)s targets missing for %(rep)s, %(packs)s packs sold without"),
    "not_split": N_("Split %(count)s targets of %(rep)s among doctors"),
}
"""Code of a fact -> the action it asks for. A fact about the calendar asks for none."""

FIRST_OF_EACH = 2
"""So many facts of a kind come before the first of those that can wait."""

OF_THE_LEAD = frozenset({"late_data", "sold_without_target"})
"""Facts that the lead has to act on, whoever they are about."""


class Meeting(Protocol):
    """A meeting, as far as the agenda of a later one cares."""

    @property
    def id(self) -> int: ...
    @property
    def opened_at(self) -> datetime: ...
    @property
    def closed_at(self) -> datetime | None: ...


class Promised(Protocol):
    """An action, as far as the agenda cares."""

    @property
    def id(self) -> int: ...
    @property
    def review_id(self) -> int: ...
    @property
    def due_on(self) -> date: ...
    @property
    def status(self) -> ActionStatus: ...
    @property
    def closed_at(self) -> datetime | None: ...


Some = TypeVar("Some", bound=Promised)


@dataclass(frozen=True)
class Stop:
    """One slide of meeting mode.

    key  how it is addressed: a topic's value, `trend` or `rep`
    rep  place of the rep in the body, where the slide is about one
    row  the rep's row likewise
    """

    key: str
    topic: Topic
    rep: int | None = None
    row: Row | None = None


def meeting_day(week: Period, calendar: WorkCalendar) -> date:
    """The day a week is talked about: the Monday after it, or the first working day after that Monday."""
    monday = week.until_on
    return next((day for day in calendar.days(monday, monday + timedelta(days=14))), monday)


def carried_over(actions: Iterable[Some], previous: Meeting | None) -> list[Some]:
    """Pick what a meeting has to hear about first, out of the actions of all earlier meetings.

    previous  the meeting before; None for the first one, which has nothing to hear about
    returns   what is still open, what the meeting before decided, and what was closed since; open ones first,
              the longest due first
    """
    if previous is None:
        return []
    since = previous.closed_at or previous.opened_at
    found = [
        action
        for action in actions
        if action.status is ActionStatus.OPEN
        or action.review_id == previous.id
        or (action.closed_at is not None and action.closed_at >= since)
    ]
    return in_order(found)


def in_order(actions: Iterable[Some]) -> list[Some]:
    """Open ones first, the longest due first."""
    return sorted(actions, key=lambda one: (one.status is not ActionStatus.OPEN, one.due_on, one.id))


def standing(action: Promised, on: date) -> Standing:
    """How an action stands on a day."""
    if action.status is not ActionStatus.OPEN:
        return Standing(action.status.value)
    if action.due_on == on:
        return Standing.DUE
    return Standing.OVERDUE if action.due_on < on else Standing.OPEN


def weeks_between(decided: str, heard: str) -> int:
    """How often an action has come back: the weeks from the one that decided it to the one that hears of it.

    decided, heard  periods of two meetings, 2026-W46
    """
    return max(0, (Period.parse(heard).from_on - Period.parse(decided).from_on).days // 7)


def reps_in_order(body: Body) -> list[Row]:
    """The reps of a report, the largest gap in money first; what nobody holds last."""
    rows = sorted(body.level("rep"), key=lambda row: (row.rep is None, -row.gap_fen, -row.gap))
    return [row for row in rows if row.rep is not None or row.floor or row.actual]


def stops(body: Body) -> list[Stop]:
    """The slides of a meeting: every topic in its order, one slide a rep in the middle."""
    found = []
    for topic in Topic:
        if topic is Topic.BEHIND:
            found += [Stop("rep", topic, row.rep, row) for row in reps_in_order(body)]
        else:
            found.append(Stop(topic.value, topic))
        if topic is Topic.FIGURES:
            found.append(Stop("trend", topic))
    return found


def facts_about(facts: Iterable[tuple[int, Mapping[str, Any]]], path: tuple[int | None, ...]) -> list[int]:
    """The numbers of the facts that are about a rep, or a rep's hospital.

    facts  number and fact
    path   places of rep and hospital; empty for all
    """
    wanted = dict(zip(("rep", "hospital"), path, strict=False))
    return [number for number, fact in facts if all(key in fact and fact[key] == wanted[key] for key in wanted)]


def by_urgency(numbers: Iterable[int], codes: Sequence[str]) -> list[int]:
    """Put facts into the order a short meeting hears them: FIRST_OF_EACH of every kind, then the rest.

    numbers  of the facts, in the order the report found them
    codes    the kind of every fact of the report
    """
    seen: Counter[str] = Counter()
    first: list[int] = []
    rest: list[int] = []
    for number in numbers:
        seen[codes[number]] += 1
        (first if seen[codes[number]] <= FIRST_OF_EACH else rest).append(number)
    return [*first, *rest]


def to_do(fact: Mapping[str, Any], body: Body, say: Say) -> str | None:
    """What a fact asks for, in words: the action a lead makes of it.

    fact  as the body keeps it, its numbers formatted
    say   from message to words
    """
    code = fact["code"]
    if code == "top_doctor_unseen" and fact["days"] is None:
        code = "top_doctor_never"
    if code not in TO_DO:
        return None
    named = {
        key: name_of(body, f"{key}s", fact[key], say) for key in ("rep", "hospital", "product", "doctor") if key in fact
    }
    return say(TO_DO[code]) % {**fact, **named}


def owner_of(fact: Mapping[str, Any], body: Body) -> str | None:
    """The code of the rep who should act on a fact; None: the lead."""
    named = body.name("reps", fact.get("rep")) if fact["code"] not in OF_THE_LEAD else None
    return named.code if named else None
