"""The plan page put together: what its templates show of a board, and what may be done with the plan."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from repcrm.core.workdays import Doubt
from repcrm.organisation.access import Permission, Scope
from repcrm.planning.board import Board
from repcrm.web.filters import local, short_day
from repcrm.web.plan_coverage import CoverRow, after_all, after_the_week, by_rating, by_tier
from repcrm.web.plan_filters import Filters
from repcrm.web.plan_lead import cycle_words
from repcrm.web.plan_proposal import ProposalView, proposal_view
from repcrm.web.plan_view import DayView, DoctorView, Drawer, StripDay, week_words


@dataclass(frozen=True)
class Tool:
    """A button: a POST with its fields."""

    text: str
    url: str
    icon: str
    fields: Mapping[str, Any]
    kind: str = "secondary"
    attrs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PlanPage:
    """Everything on the page."""

    rep_name: str
    url: str
    cycle_words: str
    doubts: tuple[Doubt, ...]
    previous_url: str
    next_url: str
    today_url: str | None
    state: str
    state_words: str
    lock_words: str
    lock_hint: str
    requests_url: str | None
    requests_words: str
    tools: list[Tool]
    more: list[Tool]
    links: list[tuple[str, str, str]]
    week_title: str
    weeks: list[dict[str, Any]]
    day_on: date
    strip: list[StripDay]
    days: list[DayView]
    doctors: list[DoctorView]
    filters: Mapping[str, Any]
    is_filtered: bool
    after: str
    after_note: str
    by_rating: list[CoverRow]
    by_tier: list[CoverRow]
    proposal: ProposalView | None
    work: Any
    may_edit: bool
    may_decide: bool
    add_url: str
    version: int


def plan_page(board: Board, scope: Scope, day_on: date, filters: Filters, work: Any = None) -> PlanPage:
    """Return the page of a board, for its reader, with the week of a day."""
    drawer = Drawer(board, scope, day_on, filters)
    own = scope.user_id == board.rep_id
    cycle = board.cycle
    week = cycle.week_of(day_on)
    state, state_words = _state(board)
    is_locked = bool(board.plan and board.plan.locked_at)
    tools, more = _tools(board, drawer, scope, is_working=work is not None)
    return PlanPage(
        rep_name="" if own else board.rep,
        url=drawer.url("plan.page_of"),
        cycle_words=cycle_words(cycle),
        doubts=board.doubts,
        previous_url=drawer.url("plan.page_of", cycle.previous.start_on),
        next_url=drawer.url("plan.page_of", cycle.next.start_on),
        today_url=None if board.today == day_on else drawer.url("plan.page_of", board.today),
        state=state,
        state_words=state_words,
        lock_hint=_("Choose a visit or a doctor to ask your lead for a change.") if is_locked and own else "",
        lock_words=_("locked by %(name)s", name=board.plan.locked_by or "–") if is_locked and board.plan else "",
        requests_url=drawer.url("plan_changes.index") if board.open_requests else None,
        requests_words=ngettext("%(num)s change asked for", "%(num)s changes asked for", board.open_requests),
        tools=tools,
        more=more,
        links=_links(board, drawer, scope),
        week_title=_week_words(board, week),
        weeks=_weeks(board, drawer, week),
        day_on=day_on,
        strip=drawer.strip(),
        days=drawer.days(),
        doctors=drawer.doctors(),
        filters=filters.offers(board),
        is_filtered=bool(filters.args()),
        after=after_the_week(board, week),
        after_note=after_all(board),
        by_rating=by_rating(board),
        by_tier=by_tier(board),
        proposal=proposal_view(board, board.proposal, drawer) if board.proposal else None,
        work=work,
        may_edit=drawer.may_edit,
        may_decide=drawer.may_edit and not is_locked,
        add_url=drawer.url("plan.put"),
        version=drawer.plan_version,
    )


def _state(board: Board) -> tuple[str, str]:
    plan = board.plan
    if plan is None:
        return "unknown", _("nothing planned yet")
    if plan.published_at is None:
        return "draft", _("draft")
    return "done", _("published %(day)s", day=short_day(local(plan.published_at).date()))


def _tools(board: Board, drawer: Drawer, scope: Scope, is_working: bool) -> tuple[list[Tool], list[Tool]]:
    """What may be done: the buttons, and what stands in the menu."""
    plan, version = board.plan, {"version": drawer.plan_version}
    tools, more = [], []
    look = "secondary" if board.proposal else "primary"
    is_locked = bool(plan and plan.locked_at)
    if drawer.may_edit and not is_locked:
        is_published = bool(plan and plan.published_at)
        if is_published and not is_working:
            tools.append(Tool(_("Mend from today on"), drawer.url("proposals.ask"), "refresh", {"kind": "mend"}))
        elif not is_working:
            tools.append(Tool(_("Propose a plan"), drawer.url("proposals.ask"), "target", {"kind": "propose"}, look))
        if plan and not plan.published_at:
            tools.append(Tool(_("Publish"), drawer.url("plan.publish"), "check-circle", version))
        more.append(Tool(_("Copy last week into this one"), drawer.url("plan.copy"), "copy", version))
    if plan and scope.may(Permission.LEAD_PLANS):
        if is_locked:
            tools.append(Tool(_("Unlock"), drawer.url("plan.unlock"), "unlock", version))
        else:
            tools.append(Tool(_("Lock"), drawer.url("plan.lock"), "lock", version))
    return tools, more


def _links(board: Board, drawer: Drawer, scope: Scope) -> list[tuple[str, str, str]]:
    links = [(_("Changes asked for"), drawer.url("plan_changes.index"), "message")] if board.plan else []
    if scope.may(Permission.LEAD_PLANS):
        links.append((_("All reps"), url_for("plan.page"), "people"))
    return links


def _week_words(board: Board, week: int) -> str:
    monday = board.cycle.mondays[week]
    return _("Week %(number)s", number=week + 1) + f" · {short_day(monday)} – {short_day(monday + timedelta(days=6))}"


def _weeks(board: Board, drawer: Drawer, chosen: int) -> list[dict[str, Any]]:
    tabs = []
    for week, monday in enumerate(board.cycle.mondays):
        day_on = board.today if board.cycle.week_of(board.today) == week and board.today in board.cycle else monday
        tabs.append(
            {
                "text": week_words(week, monday),
                "href": drawer.url("plan.page_of", day_on),
                "current": week == chosen,
            }
        )
    return tabs
