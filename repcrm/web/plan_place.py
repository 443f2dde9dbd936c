"""One doctor in the plan: what is known, what can be done with the visit, and what each slot of a week would cost."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from repcrm.accounts.models import Session as DayPart
from repcrm.planning.board import Board, BoardDay, BoardDoctor, BoardPart, BoardVisit
from repcrm.planning.moves import MoveCheck, Refusal
from repcrm.planning.terms import VisitState
from repcrm.web.filters import day as day_words
from repcrm.web.filters import short_day, signed
from repcrm.web.plan_page import Tool
from repcrm.web.plan_view import PARTS, Drawer, hindrance, seen_words, week_words
from repcrm.web.today import MISS_REASONS

Checks = Mapping[tuple[date, DayPart], MoveCheck]


@dataclass(frozen=True)
class SlotView:
    """A slot to choose: takes is yes, no (words say which rule), or here (the visit stands in it)."""

    slot: str
    name: str
    takes: str
    words: str


@dataclass(frozen=True)
class PlaceDay:
    """A day of the week with its slots."""

    day_on: date
    words: str
    slots: list[SlotView]


@dataclass(frozen=True)
class PlaceView:
    """A doctor in the plan."""

    name: str
    where: str
    facts: list[str]
    back_url: str
    actions: list[Tool]
    links: list[tuple[str, str, str]]
    miss_url: str | None
    miss_version: int | None
    miss_reasons: list[tuple[str, str]]
    question: str
    post_url: str
    remove_url: str | None
    fields: Mapping[str, Any]
    asks_reason: bool
    weeks: list[dict[str, Any]] = field(default_factory=list)
    days: list[PlaceDay] = field(default_factory=list)


def open_slots(drawer: Drawer) -> list[tuple[date, DayPart]]:
    """The slots of the week in which a call could be made at all: what is closed needs no weighing."""
    return [
        (day.day_on, part.part)
        for day in drawer.week
        if day.works and day.day_on >= drawer.board.today
        for part in day.parts
        if part.minutes > 0
    ]


def place_view(
    board: Board, drawer: Drawer, doctor: BoardDoctor | None, visit: BoardVisit | None, checks: Checks
) -> PlaceView:
    """Return a doctor's page.

    doctor  None: no longer one of the rep's
    visit   the visit that was opened; None: the doctor, to be put somewhere
    checks  what each open slot of the shown week would cost; empty: nothing can be put anywhere
    """
    hospital = (visit and visit.hospital_id) or (doctor and doctor.hospital_id) or 0
    open_call = visit is not None and visit.state in (VisitState.PLANNED, VisitState.UNRECORDED)
    asks_why = drawer.may_edit and visit is not None and visit.call_id is not None and visit.day_on <= board.today
    return PlaceView(
        name=visit.doctor if visit else doctor.name if doctor else "",
        where=" · ".join(
            words for words in (board.hospitals.get(hospital, ""), doctor.department if doctor else "") if words
        ),
        facts=_facts(doctor, visit),
        back_url=drawer.url("plan.page_of"),
        actions=_actions(board, drawer, visit) if drawer.may_edit and visit else [],
        links=_links(board, drawer, visit, doctor),
        miss_url=url_for("calls.miss", call_id=visit.call_id) if visit and open_call and asks_why else None,
        miss_version=visit.call_version if visit else None,
        miss_reasons=[(reason.value, _(reason.label)) for reason in MISS_REASONS],
        question=_("Move to…") if visit else _("Put on a day"),
        post_url=drawer.url("plan.put"),
        remove_url=drawer.url("plan.take_out", visit.day_on) if visit else None,
        fields={
            "doctor_id": doctor.id if doctor else 0,
            "version": drawer.plan_version,
            **({"on": visit.day_on, "was": visit.part.value} if visit else {}),
        },
        asks_reason=is_locked(board),
        weeks=_weeks(board, drawer, doctor, visit) if checks else [],
        days=[_day(board, day, visit, checks) for day in drawer.week if day.day_on >= board.today] if checks else [],
    )


def is_locked(board: Board) -> bool:
    """Whether the lead has to be asked for a change."""
    return board.plan is not None and board.plan.locked_at is not None


def cost_words(check: MoveCheck) -> str:
    """What a slot brings and costs: value, and minutes on the road."""
    return _(
        "value %(value)s · way %(minutes)s min",
        value=signed(round(check.total_delta)),
        minutes=signed(check.travel_delta_minutes),
    )


def slot_words(day_on: date, part: DayPart) -> str:
    """A slot, such as Mon 30 Nov morning."""
    return f"{short_day(day_on)} {_(PARTS[part])}"


def rule_words(refusal: Refusal) -> str:
    """The rule that stands against a slot."""
    return _(refusal.message) % refusal.params


def _facts(doctor: BoardDoctor | None, visit: BoardVisit | None) -> list[str]:
    facts = []
    if visit:
        facts.append(f"{day_words(visit.day_on)} {_(PARTS[visit.part])} · {_(visit.state.label)}")
        if visit.moved_from:
            facts.append(_("moved from %(slot)s", slot=short_day(visit.moved_from)))
        if visit.miss_reason:
            facts.append(_("Not made: %(why)s", why=_(visit.miss_reason.label)))
        if visit.origin:
            facts.append(_(visit.origin.label))
    if doctor:
        facts += [
            _("rating %(value)s of 7", value=doctor.rating) if doctor.rating else _("not rated"),
            _(doctor.tier.label),
            _("due %(goal)s, made %(done)s, planned %(planned)s", goal=doctor.goal, done=doctor.done,
              planned=doctor.planned),
            seen_words(doctor),
        ]  # fmt: skip
        if doctor.missed:
            facts.append(ngettext("%(num)s missed", "%(num)s missed", doctor.missed))
    return facts


def _actions(board: Board, drawer: Drawer, visit: BoardVisit) -> list[Tool]:
    if visit.state is not VisitState.PLANNED or is_locked(board):
        return []
    version = drawer.plan_version
    fields = {"doctor_id": visit.doctor_id, "on": visit.day_on, "was": visit.part.value, "version": version}
    pinned = Tool(_("Unpin"), drawer.url("plan.pin"), "pin", {**fields, "pinned": ""})
    loose = Tool(_("Pin"), drawer.url("plan.pin"), "pin", {**fields, "pinned": "y"})
    return [
        pinned if visit.is_pinned else loose,
        Tool(_("Take out"), drawer.url("plan.take_out"), "trash", fields, "caution"),
    ]


def _links(
    board: Board, drawer: Drawer, visit: BoardVisit | None, doctor: BoardDoctor | None
) -> list[tuple[str, str, str]]:
    links = []
    if visit and visit.call_id:
        if visit.state in (VisitState.PLANNED, VisitState.UNRECORDED):
            if drawer.may_edit and visit.day_on <= board.today:
                links.append((_("Record"), url_for("calls.record", call_id=visit.call_id), "check"))
        else:
            links.append((_("The call"), url_for("calls.page", call_id=visit.call_id), "eye"))
    if doctor:
        links.append((_("Doctor's card"), url_for("doctors.page", doctor_id=doctor.id), "person"))
    return links


def _weeks(board: Board, drawer: Drawer, doctor: BoardDoctor | None, visit: BoardVisit | None) -> list[dict[str, Any]]:
    asked: dict[str, Any] = {"doctor": doctor.id if doctor else 0}
    if visit:
        asked["on"] = visit.day_on
    tabs = []
    for week, monday in enumerate(board.cycle.mondays):
        days = [day.day_on for day in board.weeks[week] if day.day_on >= board.today]
        if days:
            text = week_words(week, monday)
            shown = board.cycle.week_of(drawer.day_on) == week
            tabs.append({"text": text, "href": drawer.url("plan.place", days[0], **asked), "current": shown})
    return tabs


def _day(board: Board, day: BoardDay, visit: BoardVisit | None, checks: Checks) -> PlaceDay:
    if not day.works:
        return PlaceDay(day.day_on, _("no working day"), [])
    return PlaceDay(
        day.day_on,
        _("%(calls)s/%(most)s calls", calls=day.calls, most=day.most_calls),
        [_slot(day, part, visit, checks.get((day.day_on, part.part))) for part in day.parts],
    )


def _slot(day: BoardDay, part: BoardPart, visit: BoardVisit | None, check: MoveCheck | None) -> SlotView:
    slot, name = f"{day.day_on}.{part.part.value}", _(PARTS[part.part])
    if visit and (visit.day_on, visit.part) == (day.day_on, part.part):
        return SlotView(slot, name, "here", _("here now"))
    if check is None:
        closed = [hindrance(reason) for reason in part.reasons]
        return SlotView(slot, name, "no", ", ".join(closed) or _("closed"))
    if check.breaches:
        return SlotView(slot, name, "no", rule_words(check.breaches[0]))
    return SlotView(slot, name, "yes", cost_words(check))
