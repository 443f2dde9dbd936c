"""The Monday meeting as its pages show it: actions and facts worded, and the way back to where one stood."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from repcrm.core.periods import Period, PeriodKind
from repcrm.extensions import db
from repcrm.meeting import agenda
from repcrm.meeting.models import Action, Review
from repcrm.meeting.service import may_close
from repcrm.meeting.terms import ActionStatus, Standing, Topic
from repcrm.organisation.access import Permission, Scope
from repcrm.organisation.calendar import work_calendar
from repcrm.organisation.models import User
from repcrm.reports.body import Body
from repcrm.web.filters import number, plain_day, short_day
from repcrm.web.report_view import FactLine, ReportView

PLACE = ("at", "rep", "hospital", "product", "view", "sort", "order")
"""What an address says of where on the page or among the slides one stands."""

TONES = {Standing.OVERDUE: "behind", Standing.DUE: "watch", Standing.DONE: "good"}
"""Standing -> tone; the others have none."""

ANCHORS = {Topic.BEHIND: "table", Topic.NEW_ACTIONS: "new-action"}
"""Topic -> its place on the page, where that is not called like the topic."""

FORMATTED = ("packs", "month", "missed", "days", "count")
"""Numbers of a fact that are shown with separators."""


@dataclass(frozen=True)
class ActionLine:
    """One action, worded."""

    action: Action
    standing: Standing
    tone: str
    due: str
    origin: str
    is_open: bool
    hospital_url: str | None
    may_close: bool
    may_carry_on: bool
    may_reopen: bool
    next_on: date
    """Until when `not done` carries it on."""


@dataclass(frozen=True)
class FactOffer:
    """A fact, and the address where it becomes an action; None where there is nothing to do, or not by this reader."""

    line: FactLine
    url: str | None


@dataclass(frozen=True)
class Eyes:
    """What wording a list of actions needs to know about its reader.

    scope      who reads
    hospitals  keys of the hospitals whose pages the reader may open
    next_on    the day of the next meeting
    """

    scope: Scope
    hospitals: frozenset[int]
    next_on: date

    def line(self, action: Action, heard: str) -> ActionLine:
        """Word an action.

        heard  the week whose meeting hears of it
        """
        standing, runs = agenda.standing(action, self.scope.on), self.scope.may(Permission.RUN_MEETING)
        is_open = standing in (Standing.OVERDUE, Standing.DUE, Standing.OPEN)
        mine = may_close(self.scope, action)
        known = action.hospital_id in self.hospitals
        return ActionLine(
            action=action,
            standing=standing,
            tone=TONES.get(standing, "neutral"),
            due=self._due(action, standing),
            origin=origin_of(action, heard),
            is_open=is_open,
            hospital_url=url_for("hospitals.page", hospital_id=action.hospital_id) if known else None,
            may_close=is_open and mine,
            may_carry_on=is_open and runs and action.due_on < self.next_on,
            may_reopen=not is_open and (runs or (mine and standing is Standing.DONE)),
            next_on=self.next_on,
        )

    def lines(self, actions: Iterable[Action], heard: str) -> list[ActionLine]:
        """Word a list of actions."""
        return [self.line(action, heard) for action in actions]

    def _due(self, action: Action, standing: Standing) -> str:
        if standing is Standing.OVERDUE:
            days = (self.scope.on - action.due_on).days
            late = ngettext("%(num)d day late", "%(num)d days late", days)
            return f"{short_day(action.due_on)} · {late}"
        return (
            f"{short_day(action.due_on)} · {_(standing.label)}"
            if standing is Standing.DUE
            else short_day(action.due_on)
        )


def origin_of(action: Action, heard: str) -> str:
    """Which meeting decided an action, and how often it has come back since if it is still open."""
    weeks = agenda.weeks_between(action.review.period, heard)
    if weeks < 2 or action.status is not ActionStatus.OPEN:
        return action.review.period
    return _("%(period)s, for %(weeks)s weeks", period=action.review.period, weeks=weeks)


def next_meeting_on(scope: Scope) -> date:
    """The day of the meeting about the week that runs now."""
    return agenda.meeting_day(Period.of(PeriodKind.WEEK, scope.on), work_calendar(db.session, scope.region_id))


def place() -> dict[str, Any]:
    """Where on the page or among the slides the reader stands."""
    return {name: value for name in PLACE if (value := request.args.get(name))}


@dataclass(frozen=True)
class WayBack:
    """What forms post along in their address, so that the reader comes back to the same place.

    mode   page or slides
    place  where on it
    args   both, and which meeting, for forms of actions
    """

    mode: str
    place: dict[str, Any]
    args: dict[str, Any]


def way_back(review: Review, mode: str) -> WayBack:
    """The way back to where the reader stands in a meeting."""
    return WayBack(mode, place(), {"review": review.id, "mode": mode, **place()})


def topics() -> list[dict[str, str]]:
    """The order of the thirty minutes as links down the page, each with its minutes."""
    return [
        {
            "text": _(topic.label),
            "href": f"#{ANCHORS.get(topic, topic.value)}",
            "count": _("%(minutes)s min", minutes=minutes),
            "current": "",
        }
        for topic, minutes in agenda.MINUTES.items()
    ]


def place_in_meeting(review_id: int, mode: str | None, anchor: str | None = None) -> str:
    """The address of the place in a meeting where the reader stood."""
    if mode == "slides":
        return url_for("meeting.slides", review_id=review_id, **place())
    return url_for("meeting.page", review_id=review_id, **place(), _anchor=anchor)


def fact_offers(view: ReportView, review: Review, mode: str, may_decide: bool) -> list[FactOffer]:
    """The facts of the row in view, each with the way to make it an action."""
    lines, facts = replace(view, table=replace(view.table, path=())).facts(), view.body.raw["facts"]
    offers = []
    about = agenda.facts_about(enumerate(facts), view.table.path[:2])
    for key in agenda.by_urgency(about, [fact["code"] for fact in facts]):
        url = None
        if may_decide and agenda.to_do(facts[key], view.body, str) is not None:
            where: dict[str, Any] = {"at": "decide"} if mode == "slides" else place()
            url = url_for(f"meeting.{mode}", review_id=review.id, **where, fact=key, _anchor="new-action")
        offers.append(FactOffer(lines[key], url))
    return offers


def proposal(body: Body, people: Iterable[User], scope: Scope, due_on: date) -> dict[str, Any]:
    """What the form of a new action begins with: the fact that was chosen, or the rep and hospital in view.

    people  who may own an action
    """
    by_code = {person.code: person.id for person in people}
    begun: dict[str, Any] = {"due_on": due_on}
    chosen = request.args.get("fact", type=int)
    facts = body.raw["facts"]
    if chosen is not None and 0 <= chosen < len(facts):
        fact = facts[chosen]
        begun["what"] = agenda.to_do(worded(fact), body, _)
        code = agenda.owner_of(fact, body)
        begun["owner_id"] = by_code.get(code) if code else scope.user_id
        hospital = body.name("hospitals", fact.get("hospital"))
        begun["hospital_id"] = hospital.id if hospital else None
        return begun
    begun["owner_id"] = by_code.get(request.args.get("rep", ""))
    place_there = body.place_of("hospitals", request.args.get("hospital", ""))
    hospital = body.name("hospitals", place_there)
    begun["hospital_id"] = hospital.id if hospital else None
    return begun


def worded(fact: Mapping[str, Any]) -> dict[str, Any]:
    """A fact with its numbers and days formatted."""
    found = dict(fact)
    for name in FORMATTED:
        if found.get(name) is not None:
            found[name] = number(found[name])
    if "last_on" in found:
        found["last_on"] = plain_day(date.fromisoformat(found["last_on"]))
    return found
