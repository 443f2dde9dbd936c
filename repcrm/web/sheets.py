"""Sheets handed in: which wait for review, week by week, and one at a time."""

from collections import Counter

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from repcrm.calls import queries, service
from repcrm.calls.packet import week_packet
from repcrm.calls.sheet import Hand, Line, Step, permits, progress
from repcrm.core.periods import Period, PeriodKind
from repcrm.extensions import db
from repcrm.organisation.access import Permission, Role
from repcrm.organisation.calendar import work_calendar
from repcrm.organisation.queries import list_reps
from repcrm.web.filters import day as day_words
from repcrm.web.filters import weekday
from repcrm.web.forms.calls import ReviewForm
from repcrm.web.guards import requires, writes
from repcrm.web.identity import current_scope
from repcrm.web.today import STATE_WORDS, now_here
from repcrm.web.week import read_week

bp = Blueprint("sheets", __name__, url_prefix="/sheets")

SHOWN = 100
"""Sheets listed at once: whoever lets more lie begins with the oldest."""


@bp.get("")
@requires(Permission.REVIEW_SHEETS)
def index() -> ResponseReturnValue:
    """List the sheets that wait for review, of everybody or one rep."""
    scope = current_scope()
    waiting = queries.list_sheets_to_review(db.session, scope)
    rep_id = request.args.get("rep_id", type=int)
    counts = Counter((row.rep_id, row.rep_name) for row in waiting)
    reps = [(key, name, count) for (key, name), count in sorted(counts.items(), key=lambda item: item[0][1])]
    wanted = [row for row in waiting if rep_id in (None, row.rep_id)]
    return render_template(
        "sheets/index.html",
        rows=wanted[:SHOWN],
        left_out=len(wanted) - len(wanted[:SHOWN]),
        total=len(waiting),
        reps=reps,
        rep_id=rep_id,
        week=Period.of(PeriodKind.WEEK, scope.on),
    )


@bp.get("/week/<week>")
@requires(Permission.REVIEW_SHEETS)
def week(week: str) -> ResponseReturnValue:
    """Show whose sheets of a week are in and whose are missing."""
    scope, period = current_scope(), read_week(week)
    calendar = work_calendar(db.session, scope.region_id)
    sheets = queries.filled_sheets(db.session, scope, None, period.from_on, period.until_on)
    rows = []
    for rep in list_reps(db.session, scope):
        packet = week_packet(period, calendar, sheets.get(rep.id, {}), scope.on)
        days = [
            {
                "text": weekday(one.day_on),
                "state": one.state.value,
                "words": f"{day_words(one.day_on)}: {_(STATE_WORDS[one.state])}",
                "href": url_for(".page", sheet_id=one.sheet.sheet_id) if one.sheet else None,
            }
            for one in packet.days
        ]
        rows.append((rep, packet, days))
    doubts = calendar.doubts(period.from_on, period.to_on)
    waiting = len(queries.list_sheets_to_review(db.session, scope))
    return render_template("sheets/week.html", rows=rows, week=period, today=scope.on, waiting=waiting, doubts=doubts)


@bp.get("/<int:sheet_id>")
@requires(Permission.VIEW_CALLS)
def page(sheet_id: int) -> ResponseReturnValue:
    """Show a sheet with all its calls."""
    return _page(sheet_id, None)


@bp.post("/<int:sheet_id>/accept")
@requires(Permission.REVIEW_SHEETS)
@writes
def accept(sheet_id: int) -> ResponseReturnValue:
    """Accept a sheet, with a comment if there is one."""
    return _review(sheet_id, Step.ACCEPT)


@bp.post("/<int:sheet_id>/return")
@requires(Permission.REVIEW_SHEETS)
@writes
def send_back(sheet_id: int) -> ResponseReturnValue:
    """Send a sheet back with the reason."""
    return _review(sheet_id, Step.RETURN)


def _review(sheet_id: int, step: Step) -> ResponseReturnValue:
    scope = current_scope()
    sheet = queries.get_sheet(db.session, scope, sheet_id)
    form = ReviewForm()
    verb = service.accept_sheet if step is Step.ACCEPT else service.return_sheet

    def review() -> object:
        words = form.comment.data or ""
        return verb(db.session, scope, sheet, words, now=now_here(), seen_version=form.version.data)

    if not (form.validate() and form.succeeds(review)):
        return _page(sheet_id, form), 422
    flash(_("The sheet is accepted.") if step is Step.ACCEPT else _("The sheet is sent back."), "success")
    following = queries.list_sheets_to_review(db.session, scope)
    return redirect(url_for(".page", sheet_id=following[0].id) if following else url_for(".index"))


def _page(sheet_id: int, form: ReviewForm | None) -> str:
    scope = current_scope()
    sheet = queries.get_sheet(db.session, scope, sheet_id)
    calls = queries.list_calls_of_sheet(db.session, scope, sheet_id)
    hand = Hand.LEAD if scope.role is Role.LEAD else Hand.REP
    return render_template(
        "sheets/page.html",
        sheet=sheet,
        calls=queries.details_of(db.session, scope, calls),
        progress=progress([Line(call.status, call.is_planned, call.result) for call in calls]),
        may_review=permits(sheet.status, Step.ACCEPT, hand),
        own=sheet.rep_id == scope.user_id,
        form=form or ReviewForm(formdata=None, version=sheet.version),
    )
