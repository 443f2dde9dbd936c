"""Time off: taken in a few taps, cancelled in two."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from repcrm.core import clock
from repcrm.core.periods import Period, PeriodKind
from repcrm.diary import queries, service
from repcrm.diary.models import TimeOff
from repcrm.extensions import db
from repcrm.organisation.access import Permission
from repcrm.organisation.queries import list_reps
from repcrm.web.components import flash_with_undo
from repcrm.web.forms.diary import ONE_DAY, TimeOffForm
from repcrm.web.guards import requires, writes
from repcrm.web.identity import current_scope
from repcrm.web.terms import day_of, number_of

bp = Blueprint("time_off", __name__, url_prefix="/time-off")


@bp.get("/new")
@requires(Permission.EDIT_DIARY)
def new() -> ResponseReturnValue:
    """Show the form of time off, from the day asked for."""
    day = day_of(request.args.get("day")) or current_scope().on
    return _new_page(TimeOffForm(formdata=None, from_on=day, rep_id=number_of(request.args.get("rep"))))


@bp.post("/new")
@requires(Permission.EDIT_DIARY)
@writes
def add() -> ResponseReturnValue:
    """Note that a rep is away."""
    scope, form = current_scope(), _offer(TimeOffForm())
    if form.validate() and form.succeeds(
        lambda: service.take_time_off(
            db.session, scope, queries.get_rep(db.session, scope, form.rep_id.data), form.absence(), now=clock.now()
        )
    ):
        taken: TimeOff = form.result
        flash_with_undo(_("Time off is noted."), url_for(".cancel", time_off_id=taken.id))
        return _back(taken)
    return _new_page(form), 422


@bp.get("/<int:time_off_id>")
@requires(Permission.VIEW_DIARY)
def page(time_off_id: int) -> ResponseReturnValue:
    """Show a time off."""
    scope = current_scope()
    found = queries.get_time_off(db.session, scope, time_off_id)
    return render_template(
        "time_off/page.html",
        time_off=found,
        last_on=found.until_on - ONE_DAY,
        is_over=found.until_on <= scope.on,
        has_begun=found.from_on < scope.on,
    )


@bp.post("/<int:time_off_id>/cancel")
@requires(Permission.EDIT_DIARY)
@writes
def cancel(time_off_id: int) -> ResponseReturnValue:
    """Take back what is still to come of a time off."""
    scope = current_scope()
    found = queries.get_time_off(db.session, scope, time_off_id)
    back, undo = _back(found), _typed(found)
    service.cancel_time_off(db.session, scope, found, today=scope.on, now=clock.now())
    undo["from_on"] = max(found.from_on, scope.on).isoformat()
    flash_with_undo(_("Time off is cancelled."), url_for(".add"), **undo)
    return back


def _typed(time_off: TimeOff) -> dict[str, object]:
    """A time off as its form sends it."""
    return {
        "rep_id": time_off.rep_id,
        "kind": time_off.kind.value,
        "from_on": time_off.from_on.isoformat(),
        "to_on": (time_off.until_on - ONE_DAY).isoformat(),
        "part": time_off.part.value if time_off.part else "",
        "note": time_off.note,
    }


def _back(time_off: TimeOff) -> ResponseReturnValue:
    return redirect(url_for("diary.page_of", week=Period.of(PeriodKind.WEEK, time_off.from_on)))


def _offer(form: TimeOffForm) -> TimeOffForm:
    return form.offer(list_reps(db.session, current_scope()))


def _new_page(form: TimeOffForm) -> str:
    return render_template("time_off/new.html", form=_offer(form))
