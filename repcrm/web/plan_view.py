"""The plan page as its templates want it: every value in words, nothing left to count."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from repcrm.accounts.models import Session as DayPart
from repcrm.accounts.models import Tier
from repcrm.core.words import N_
from repcrm.diary.openings import Reason
from repcrm.diary.terms import Hindrance
from repcrm.organisation.access import Permission, Scope
from repcrm.planning.board import Board, BoardDay, BoardDoctor, BoardPart, BoardVisit, Ghost
from repcrm.planning.terms import Change, VisitState
from repcrm.web.filters import number, short_day, weekday
from repcrm.web.languages import current_language
from repcrm.web.plan_filters import Filters
from repcrm.web.plan_reasons import said

PARTS = {DayPart.AM: N_("morning"), DayPart.PM: N_("afternoon"), DayPart.EVE: N_("evening")}
LOOKS = {
    VisitState.PLANNED: ("planned", None),
    VisitState.DONE: ("done", "check"),
    VisitState.MISSED: ("missed", "status-behind"),
    VisitState.CANCELLED: ("missed", "close"),
    VisitState.UNRECORDED: ("open", "clock"),
}
"""State of a visit -> how it looks: its colour and its icon; its word is the term's own."""
TONES = {Change.MOVED: "watch", Change.ADDED: "good", Change.DROPPED: "behind"}


@dataclass(frozen=True)
class VisitView:
    """A visit in its slot."""

    id: str
    doctor_id: int
    name: str
    rating: int | None
    state: str
    symbol: str | None
    words: str
    is_pinned: bool
    href: str | None
    slot: tuple[date, str] | None
    """The day and part it may be dragged from; None: it cannot be moved."""


@dataclass(frozen=True)
class GhostView:
    """A visit that is only proposed."""

    id: str
    name: str
    rating: int | None
    change: str
    words: str
    tone: str
    where: str
    reasons: list[str]
    accept_url: str
    fields: Mapping[str, Any]
    may_pin: bool


@dataclass
class StopView:
    """A hospital of a slot, in the order of the day's way."""

    hospital: str
    way: str = ""
    visits: list[VisitView] = field(default_factory=list)
    ghosts: list[GhostView] = field(default_factory=list)


@dataclass(frozen=True)
class PartView:
    """A slot."""

    slot: str
    name: str
    left: str
    taken: list[str]
    """What takes its minutes, or all of them."""
    is_closed: bool
    is_open: bool
    """Whether a visit may be put there."""
    stops: list[StopView]


@dataclass(frozen=True)
class RouteView:
    """A hospital of the day's way."""

    hospital: str
    words: str
    way: str


@dataclass(frozen=True)
class DayView:
    """A day of the week shown."""

    day_on: date
    works: bool
    is_today: bool
    is_chosen: bool
    strip: str
    parts: list[PartView]
    route: list[RouteView]


@dataclass(frozen=True)
class StripDay:
    """A day of the strip on a phone, weekends too."""

    weekday: str
    number: int
    words: str
    href: str
    works: bool
    is_today: bool
    is_chosen: bool


@dataclass(frozen=True)
class DoctorView:
    """A doctor of the list at the left."""

    id: int
    name: str
    rating: int | None
    is_key: bool
    facts: str
    due: str
    count: str
    href: str | None


class Drawer:
    """Turns a board into what is shown of one of its weeks.

    day_on  the day shown on a phone; its week is the one shown on the desktop
    """

    def __init__(self, board: Board, scope: Scope, day_on: date, filters: Filters) -> None:
        self.board, self.scope, self.day_on, self.filters = board, scope, day_on, filters
        self.week = board.week_of(day_on)
        self.may_edit = scope.may(Permission.PLAN_CALLS) and board.cycle.last_on >= board.today
        self.ratings = {doctor.id: doctor.rating for doctor in board.doctors}

    def url(self, endpoint: str, day: date | None = None, **args: Any) -> str:
        """An address of this plan that keeps what is filtered."""
        return url_for(endpoint, rep_id=self.board.rep_id, day=day or self.day_on, **self.filters.args(), **args)

    def days(self) -> list[DayView]:
        """The days of the week."""
        return [self._day(day) for day in self.week]

    def strip(self) -> list[StripDay]:
        """The seven days of the week."""
        monday = self.day_on - timedelta(days=self.day_on.weekday())
        known = {day.day_on: day for day in self.week}
        strip = []
        for step in range(7):
            day_on = monday + timedelta(days=step)
            day = known.get(day_on)
            works = bool(day and day.works)
            strip.append(
                StripDay(
                    weekday(day_on),
                    day_on.day,
                    str(day.calls) if day and works else _("off"),
                    self.url("plan.page_of", day_on),
                    works,
                    day_on == self.board.today,
                    day_on == self.day_on,
                )
            )
        return strip

    def doctors(self) -> list[DoctorView]:
        """The doctors that pass the filters, those owed most first."""
        chosen = [doctor for doctor in self.board.doctors if self.filters.takes(doctor)]
        chosen.sort(key=lambda doctor: (-doctor.due, -doctor.remaining, -(doctor.days_unseen or 999), doctor.name))
        return [self._doctor(doctor) for doctor in chosen]

    def ghost(self, ghost: Ghost) -> GhostView:
        """A proposed visit, with why."""
        proposal = self.board.proposal
        assert proposal is not None, "a ghost is of a proposal"
        place = self.board.hospitals.get(ghost.hospital_id, "")
        here = f"{short_day(ghost.day_on)} {_(PARTS[ghost.part])}"
        if ghost.change is Change.MOVED and ghost.from_on and ghost.from_part:
            came_from = f"{short_day(ghost.from_on)} {_(PARTS[ghost.from_part])}"
            words = _("moved from %(slot)s", slot=came_from)
        else:
            words = _(ghost.change.label)
        return GhostView(
            id=f"ghost-{ghost.key}",
            name=ghost.doctor,
            rating=self.ratings.get(ghost.doctor_id),
            change=ghost.change.value,
            words=words,
            tone=TONES[ghost.change],
            where=f"{here} · {place}",
            reasons=said(ghost.reasons),
            accept_url=url_for("proposals.accept", proposal_id=proposal.id),
            fields={"version": self.plan_version, "day": self.day_on, "key": ghost.key},
            may_pin=ghost.change is not Change.DROPPED,
        )

    @property
    def plan_version(self) -> int:
        """The version of the plan the reader sees; 0: there is none yet."""
        return self.board.plan.version if self.board.plan else 0

    def _day(self, day: BoardDay) -> DayView:
        return DayView(
            day_on=day.day_on,
            works=day.works,
            is_today=day.day_on == self.board.today,
            is_chosen=day.day_on == self.day_on,
            strip=self._strip_words(day),
            parts=[self._part(day, part) for part in day.parts] if day.works or day.visits else [],
            route=[
                RouteView(
                    self.board.hospitals.get(stop.hospital_id, ""),
                    f"{_(PARTS[stop.part])} · " + ngettext("%(num)s call", "%(num)s calls", stop.calls),
                    _("%(minutes)s min", minutes=stop.minutes),
                )
                for stop in day.route
            ],
        )

    def _strip_words(self, day: BoardDay) -> str:
        if not day.works:
            names = dict(zip(("zh", "en"), day.holiday, strict=True)) if day.holiday else {}
            return names.get(current_language()) or _("no working day")
        words = [
            _("%(calls)s/%(most)s calls", calls=day.calls, most=day.most_calls),
            ngettext("%(num)s hospital", "%(num)s hospitals", day.hospitals),
        ]
        if day.way_minutes:
            words.append(_("way %(minutes)s min", minutes=day.way_minutes))
        if day.day_on >= self.board.today:
            words.append(_("%(hours)s h left", hours=number(max(0, day.minutes_left) / 60, 1)))
        return " · ".join(words)

    def _part(self, day: BoardDay, part: BoardPart) -> PartView:
        stops: dict[int, StopView] = {}
        for stop in day.route:
            if stop.part is part.part:
                way = _("%(minutes)s min", minutes=stop.minutes)
                stops[stop.hospital_id] = StopView(self.board.hospitals.get(stop.hospital_id, ""), way)
        for visit in part.visits:
            self._stop(stops, visit.hospital_id).visits.append(self._visit(visit, is_closed=part.minutes <= 0))
        for ghost in part.ghosts:
            self._stop(stops, ghost.hospital_id).ghosts.append(self.ghost(ghost))
        return PartView(
            slot=f"{day.day_on}.{part.part.value}",
            name=_(PARTS[part.part]),
            left=self._left(day, part),
            taken=[hindrance(reason) for reason in part.reasons],
            is_closed=part.minutes <= 0,
            is_open=self.may_edit and part.minutes > 0 and day.day_on >= self.board.today,
            stops=[stop for stop in stops.values() if stop.visits or stop.ghosts or stop.hospital],
        )

    def _left(self, day: BoardDay, part: BoardPart) -> str:
        if not part.minutes or day.day_on < self.board.today:
            return ""
        if part.minutes_left < 0:
            return _("%(minutes)s min too long", minutes=-part.minutes_left)
        return _("%(minutes)s min left", minutes=part.minutes_left)

    def _stop(self, stops: dict[int, StopView], hospital_id: int) -> StopView:
        return stops.setdefault(hospital_id, StopView(self.board.hospitals.get(hospital_id, _("another hospital"))))

    def _visit(self, visit: BoardVisit, is_closed: bool) -> VisitView:
        look, symbol = LOOKS[visit.state]
        words = "" if visit.state is VisitState.PLANNED else _(visit.state.label)
        if not visit.is_planned:
            words = _("not planned")
        elif is_closed and visit.state is VisitState.PLANNED:
            look, symbol, words = "open", "alert", _("cannot be made")
        movable = self.may_edit and visit.state is VisitState.PLANNED and visit.day_on >= self.board.today
        args = {"doctor": visit.doctor_id, "on": visit.day_on}
        return VisitView(
            id=f"visit-{visit.key}",
            doctor_id=visit.doctor_id,
            name=visit.doctor,
            rating=self.ratings.get(visit.doctor_id),
            state=look if visit.is_planned else f"{look} plan-visit--unplanned",
            symbol=symbol,
            words=words,
            is_pinned=visit.is_pinned,
            href=self.url("plan.place", visit.day_on, **args),
            slot=(visit.day_on, visit.part.value) if movable else None,
        )

    def _doctor(self, doctor: BoardDoctor) -> DoctorView:
        return DoctorView(
            id=doctor.id,
            name=doctor.name,
            rating=doctor.rating,
            is_key=doctor.tier is Tier.KEY,
            facts=f"{seen_words(doctor)} · {self.board.hospitals.get(doctor.hospital_id, '')}",
            due=_("owed %(calls)s", calls=doctor.due) if doctor.due else "",
            count=f"{doctor.done}+{doctor.planned}/{doctor.goal}",
            href=self.url("plan.place", doctor=doctor.id),
        )


def week_words(week: int, monday: date) -> str:
    """A week of the cycle, such as Week 2 11/9.

    week  from 0
    """
    return _("Week %(number)s", number=week + 1) + f" {monday.month}/{monday.day}"


def seen_words(doctor: BoardDoctor) -> str:
    """How long ago the doctor was met last."""
    if doctor.days_unseen is None:
        return _("never seen")
    return ngettext("seen %(num)s day ago", "seen %(num)s days ago", doctor.days_unseen)


def hindrance(reason: Reason) -> str:
    """Why a part of a day is closed, or shorter than others."""
    if reason.hindrance is Hindrance.NOT_WORKED:
        return _(reason.hindrance.label)
    what = reason.title or _((reason.kind or reason.hindrance).label)
    if reason.hindrance is Hindrance.TIME_OFF:
        return what
    return _("%(what)s, %(minutes)s min", what=what, minutes=reason.minutes)
