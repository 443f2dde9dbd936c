"""The week packet: five sheets, what is missing, when they are due."""

from datetime import date

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from repcrm.core.errors import BadInput, NotFound
from repcrm.core.periods import Period, PeriodKind
from repcrm.core.words import N_
from repcrm.extensions import db
from repcrm.organisation.access import Permission
from repcrm.organisation.calendar import work_calendar
from repcrm.web.guards import requires
from repcrm.web.identity import current_scope
from repcrm.web.today import STATE_WORDS, dots, packet_of

bp = Blueprint("week", __name__, url_prefix="/week")


@bp.get("")
@requires(Permission.LOG_CALLS)
def page() -> ResponseReturnValue:
    """Show this week."""
    return _page(Period.of(PeriodKind.WEEK, current_scope().on))


@bp.get("/<week>")
@requires(Permission.LOG_CALLS)
def page_of(week: str) -> ResponseReturnValue:
    """Show another week."""
    return _page(read_week(week))


def read_week(text: str) -> Period:
    """The week of an address such as 2026-W47, or NotFound."""
    try:
        week = Period.parse(text)
    except BadInput:
        week = None
    if week is None or week.kind is not PeriodKind.WEEK:
        raise NotFound(N_("There is no such week."))
    return week


def _page(week: Period) -> str:
    scope = current_scope()
    calendar = work_calendar(db.session, scope.region_id)
    packet = packet_of(scope, week, calendar)
    return render_template(
        "week/page.html",
        packet=packet,
        today=scope.on,
        dots=dots(packet, scope.on),
        doubts=calendar.doubts(week.from_on, week.to_on),
        state_words=STATE_WORDS,
    )


@bp.app_template_filter()
def week_of(day_on: date) -> Period:
    """The week a day lies in."""
    return Period.of(PeriodKind.WEEK, day_on)
