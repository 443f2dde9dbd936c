"""The rep's day: what is planned, whom else to see, what is left for the month, and handing the sheet in."""

from datetime import date, datetime, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from repcrm.calls import queries, service
from repcrm.calls.packet import DayState, Packet, week_packet
from repcrm.calls.sheet import Step, is_locked
from repcrm.calls.terms import MissReason
from repcrm.core import clock
from repcrm.core.errors import NotFound, RuleBroken
from repcrm.core.periods import Period, PeriodKind
from repcrm.core.words import N_
from repcrm.core.workdays import WorkCalendar
from repcrm.extensions import db
from repcrm.organisation.access import Permission, Scope
from repcrm.organisation.calendar import work_calendar
from repcrm.planning.service import check_unlocked
from repcrm.sync.queries import count_conflicts
from repcrm.sync.service import hand_in
from repcrm.targets.queries import month_left
from repcrm.web.filters import day as day_words
from repcrm.web.filters import local, weekday
from repcrm.web.forms.calls import SubmitForm
from repcrm.web.guards import requires, writes
from repcrm.web.identity import current_scope
from repcrm.web.languages import say
from repcrm.web.terms import day_of, number_of

bp = Blueprint("today", __name__, url_prefix="/today")

MISS_REASONS = tuple(reason for reason in MissReason if reason not in (MissReason.REPLANNED, MissReason.OTHER))
"""Offered for one tap: planning anew is the planner's own reason, and another reason needs words."""
STATE_WORDS = {
    DayState.DRAFT: N_("not handed in yet"),
    DayState.SUBMITTED: N_("submitted"),
    DayState.RETURNED: N_("sent back"),
    DayState.REVIEWED: N_("reviewed"),
    DayState.MISSING: N_("missing"),
    DayState.FUTURE: N_("to come"),
    DayState.OFF: N_("no working day"),
}


@bp.get("")
@requires(Permission.LOG_CALLS)
def page() -> ResponseReturnValue:
    """Show today."""
    return _page(current_scope(), current_scope().on)


@bp.get("/<day>")
@requires(Permission.LOG_CALLS)
def page_on(day: str) -> ResponseReturnValue:
    """Show another day."""
    return _page(current_scope(), read_day(day))


@bp.post("/<day>/plan")
@requires(Permission.LOG_CALLS)
@writes
def plan(day: str) -> ResponseReturnValue:
    """Put doctors on the plan of the day; those on it already stay there once."""
    scope, day_on = current_scope(), read_day(day)
    doctor_ids = list(dict.fromkeys(number_of(text) or 0 for text in request.form.getlist("doctor_id")))
    places = queries.places_of(db.session, scope.as_of(day_on), doctor_ids)
    check_unlocked(db.session, scope, day_on)
    sheet = service.open_sheet(db.session, scope, day_on)
    planned = 0
    for doctor_id in doctor_ids:
        if not queries.find_planned(db.session, scope, doctor_id, day_on):
            service.plan_call(db.session, scope, sheet, doctor_id, places[doctor_id], now=now_here())
            planned += 1
    flash(ngettext("%(num)s call is on the plan.", "%(num)s calls are on the plan.", planned), "success")
    return redirect(url_for(".page_on", day=day_on))


@bp.post("/<day>/submit")
@requires(Permission.LOG_CALLS)
@writes
def submit(day: str) -> ResponseReturnValue:
    """Hand the day's sheet in, or show the day again with what stands in the way."""
    scope, day_on = current_scope(), read_day(day)
    form = SubmitForm()
    if not form.validate():
        raise NotFound(N_("There is no such call sheet here."))
    try:
        with db.session.begin_nested():
            hand_in(db.session, scope, day_on, now=now_here(), seen_version=form.version.data)
    except RuleBroken as error:
        return _page(scope, day_on, say(error)), 422
    flash(_("The sheet of %(day)s is handed in.", day=day_words(day_on)), "success")
    return redirect(url_for(".page_on", day=day_on))


def read_day(text: str) -> date:
    """The day of an address such as 2026-11-23, or NotFound."""
    day = day_of(text)
    if day is None:
        raise NotFound(N_("There is no such day."))
    return day


def now_here() -> datetime:
    """This instant as the clock on the office wall shows it: its date is today."""
    return local(clock.now())


@bp.app_template_filter()
def days_ago(day_on: date, today: date) -> str:
    """12 days ago; today; yesterday."""
    days = (today - day_on).days
    if days <= 0:
        return _("today")
    return _("yesterday") if days == 1 else ngettext("%(num)s day ago", "%(num)s days ago", days)


@bp.app_template_filter()
def clock_face(value: object) -> str:
    """14:05, of a time of day."""
    return value.strftime("%H:%M") if hasattr(value, "strftime") else ""


def dots(packet: Packet, today: date, current: date | None = None) -> list[dict[str, object]]:
    """The packet's days as the week-dots component draws them, each a link to its day."""
    return [
        {
            "text": weekday(one.day_on),
            "state": one.state.value,
            "words": f"{day_words(one.day_on)}: {_(STATE_WORDS[one.state])}",
            "href": url_for("today.page_on", day=one.day_on),
            "current": one.day_on == (current or today),
        }
        for one in packet.days
    ]


def packet_of(scope: Scope, week: Period, calendar: WorkCalendar) -> Packet:
    """The reader's own packet of a week, as it stands today."""
    sheets = queries.sheets_of_week(db.session, scope, scope.user_id, week.from_on, week.until_on)
    return week_packet(week, calendar, sheets, scope.on)


def _page(scope: Scope, day_on: date, problem: str | None = None) -> str:
    calendar = work_calendar(db.session, scope.region_id)
    day = queries.get_day(db.session, scope, day_on, scope.on, calendar)
    week, month = Period.of(PeriodKind.WEEK, day_on), Period.of(PeriodKind.MONTH, day_on)
    packet = packet_of(scope, week, calendar)
    status = day.sheet.status if day.sheet else None
    return render_template(
        "today/page.html",
        day=day,
        today=scope.on,
        problem=problem,
        dots=dots(packet, scope.on, day_on),
        left=month_left(db.session, scope, scope.on) if day_on == scope.on else [],
        locked=bool(status and is_locked(status)),
        returned=bool(status and status.value == "returned"),
        doubts=calendar.doubts(min(week.from_on, month.from_on), max(week.to_on, month.to_on)),
        works=calendar.is_working(day_on),
        yesterday=day_on - timedelta(days=1),
        tomorrow=day_on + timedelta(days=1),
        next_working=_next_working(max(day_on, scope.on), calendar),
        step=Step,
        undecided=count_conflicts(db.session, scope),
        miss_reasons=MISS_REASONS,
    )


def _next_working(day_on: date, calendar: WorkCalendar) -> date:
    day_on += timedelta(days=1)
    while not calendar.is_working(day_on):
        day_on += timedelta(days=1)
    return day_on
