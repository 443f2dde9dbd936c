"""One call: found, recorded, read, changed, corrected, moved, cancelled, taken back."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from repcrm.accounts.queries import find_doctors
from repcrm.calls import queries, service
from repcrm.calls.models import Call, CallStatus
from repcrm.calls.sheet import is_locked
from repcrm.calls.terms import CallPurpose, CallResult, CallType, MissReason
from repcrm.core.errors import Conflict, NotFound, RuleBroken
from repcrm.core.words import N_, Term
from repcrm.extensions import db
from repcrm.organisation.access import Permission, Scope
from repcrm.planning.service import check_unlocked
from repcrm.web.call_desk import Desk, desk_of
from repcrm.web.components import flash_with_undo
from repcrm.web.filters import day as day_words
from repcrm.web.forms.calls import CallForm, CancelForm, MissForm, MoveForm
from repcrm.web.guards import requires, writes
from repcrm.web.identity import current_scope
from repcrm.web.languages import say
from repcrm.web.terms import number_of
from repcrm.web.today import now_here, read_day

bp = Blueprint("calls", __name__, url_prefix="/calls")

FOUND = 12
"""Doctors shown for what somebody types."""


@bp.get("/find")
@requires(Permission.LOG_CALLS)
def find() -> ResponseReturnValue:
    """Look for the doctor of an unplanned call; a combobox gets the answers only."""
    scope = current_scope()
    day_on = read_day(request.args["day"]) if request.args.get("day") else scope.on
    typed = (request.args.get("q") or request.args.get("doctor_text") or "").strip()
    found = find_doctors(db.session, scope.as_of(day_on), typed, FOUND) if typed else []
    partial = request.headers.get("X-Requested-With") == "fetch"
    return render_template(
        "calls/_options.html" if partial else "calls/find.html", found=found, typed=typed, day_on=day_on
    )


@bp.get("/new")
@requires(Permission.LOG_CALLS)
def new() -> ResponseReturnValue:
    """Show the form of an unplanned call; of a planned one if the doctor stands in the plan."""
    scope = current_scope()
    doctor_id, day_on = _asked_for(scope)
    if not doctor_id:
        return redirect(url_for(".find", day=day_on))
    if planned := queries.find_planned(db.session, scope, doctor_id, day_on):
        return redirect(url_for(".record", call_id=planned.id))
    desk = desk_of(scope, doctor_id, day_on)
    return _form_page(desk, desk.blank_form(now_here()))


@bp.post("/new")
@requires(Permission.LOG_CALLS)
@writes
def save() -> ResponseReturnValue:
    """Record an unplanned call."""
    scope = current_scope()
    doctor_id, day_on = _asked_for(scope)
    desk = desk_of(scope, doctor_id, day_on)
    return _log(scope, desk, None)


@bp.get("/<int:call_id>/record")
@requires(Permission.LOG_CALLS)
def record(call_id: int) -> ResponseReturnValue:
    """Show the form of a planned call."""
    scope = current_scope()
    call = queries.get_call(db.session, scope, call_id)
    if call.status is not CallStatus.PLANNED:
        return redirect(url_for(".page", call_id=call_id))
    desk = desk_of(scope, call.main_doctor_id, call.day_on, call)
    return _form_page(desk, desk.blank_form(now_here()))


@bp.post("/<int:call_id>/record")
@requires(Permission.LOG_CALLS)
@writes
def log(call_id: int) -> ResponseReturnValue:
    """Record a planned call."""
    scope = current_scope()
    call = queries.get_call(db.session, scope, call_id)
    return _log(scope, desk_of(scope, call.main_doctor_id, call.day_on, call), call)


@bp.get("/<int:call_id>")
@requires(Permission.VIEW_CALLS)
def page(call_id: int) -> ResponseReturnValue:
    """Show a call with everything on it."""
    scope = current_scope()
    details = queries.get_details(db.session, scope, call_id)
    sheet = queries.get_sheet(db.session, scope, details.call.sheet_id)
    own = sheet.rep_id == scope.user_id
    return render_template("calls/page.html", details=details, sheet=sheet, own=own, locked=is_locked(sheet.status))


@bp.get("/<int:call_id>/edit")
@requires(Permission.LOG_CALLS)
def edit(call_id: int) -> ResponseReturnValue:
    """Show the form of a recorded call; on a locked sheet it asks for a reason."""
    scope = current_scope()
    details = queries.get_details(db.session, scope, call_id)
    if details.call.status is not CallStatus.DONE:
        return redirect(url_for(".page", call_id=call_id))
    desk = desk_of(scope, details.call.main_doctor_id, details.call.day_on, details.call, details)
    return _form_page(desk, desk.form_of(details))


@bp.post("/<int:call_id>/edit")
@requires(Permission.LOG_CALLS)
@writes
def revise(call_id: int) -> ResponseReturnValue:
    """Say a recorded call anew; on a locked sheet as a correction with its reason."""
    scope = current_scope()
    details = queries.get_details(db.session, scope, call_id)
    call = details.call
    desk = desk_of(scope, call.main_doctor_id, call.day_on, call, details)
    form = desk.form_of(details)

    def change() -> object:
        said, seen = form.report(desk.doctor.id, desk.day_on), form.version.data
        places = queries.places_of(db.session, scope.as_of(desk.day_on), said.doctor_ids)
        if desk.locked:
            reason = form.reason.data or ""
            return service.amend_call(
                db.session, scope, call, said, places, reason, now=now_here(), seen_version=seen
            )  # fmt: skip
        return service.revise_call(db.session, scope, call, said, places, now=now_here(), seen_version=seen)

    if answer := _refused(desk, form, change):
        return answer
    flash(_("The call is corrected.") if desk.locked else _("The call is changed."), "success")
    return redirect(url_for(".page", call_id=call_id))


@bp.get("/<int:call_id>/change")
@requires(Permission.LOG_CALLS)
def change(call_id: int) -> ResponseReturnValue:
    """Show how a planned call is moved or cancelled."""
    call = queries.get_call(db.session, current_scope(), call_id)
    return _change_page(call, _ChangeForms(call))


@bp.post("/<int:call_id>/move")
@requires(Permission.LOG_CALLS)
@writes
def move(call_id: int) -> ResponseReturnValue:
    """Move a planned call to another day."""
    scope = current_scope()
    call = queries.get_call(db.session, scope, call_id)
    from_on, form = call.day_on, MoveForm()

    def to_that_day() -> Call:
        day_on = form.day_on.data or call.day_on
        check_unlocked(db.session, scope, call.day_on, day_on)
        sheet = service.open_sheet(db.session, scope, day_on)
        return service.move_call(db.session, scope, call, sheet, now=now_here(), seen_version=form.version.data)

    if not (form.validate() and form.succeeds(to_that_day)):
        return _change_page(call, _ChangeForms(call, move=form)), 422
    flash(_("%(name)s is moved to %(day)s.", name=call.main_doctor.name, day=day_words(call.day_on)), "success")
    return redirect(url_for("today.page_on", day=from_on))


@bp.post("/<int:call_id>/cancel")
@requires(Permission.LOG_CALLS)
@writes
def cancel(call_id: int) -> ResponseReturnValue:
    """Cancel a planned call."""
    scope = current_scope()
    call = queries.get_call(db.session, scope, call_id)
    form = CancelForm()
    if not (
        form.validate()
        and form.succeeds(
            lambda: service.cancel_call(db.session, scope, call, form.reason.data or "", seen_version=form.version.data)
        )
    ):
        return _change_page(call, _ChangeForms(call, cancel=form)), 422
    flash(_("The call on %(name)s is cancelled.", name=call.main_doctor.name), "success")
    return redirect(url_for("today.page_on", day=call.day_on))


@bp.post("/<int:call_id>/miss")
@requires(Permission.LOG_CALLS)
@writes
def miss(call_id: int) -> ResponseReturnValue:
    """Say why a planned call was not made; the visit is owed again."""
    scope = current_scope()
    call = queries.get_call(db.session, scope, call_id)
    form = MissForm()

    def missed() -> Call:
        why, words, seen = form.why.data, form.words.data or "", form.version.data
        return service.miss_call(db.session, scope, call, why, words, seen_version=seen)

    if not (form.validate() and form.succeeds(missed)):
        return _change_page(call, _ChangeForms(call, miss=form)), 422
    flash_with_undo(
        _("%(name)s: not made, %(why)s.", name=call.main_doctor.name, why=_(form.why.data.label)),
        url_for(".reopen", call_id=call.id),
        version=call.version,
    )
    return redirect(_back_to(call.day_on))


@bp.post("/<int:call_id>/reopen")
@requires(Permission.LOG_CALLS)
@writes
def reopen(call_id: int) -> ResponseReturnValue:
    """Take back that a call was not made, or cancelled."""
    scope = current_scope()
    call = queries.get_call(db.session, scope, call_id)
    if call.miss_reason is MissReason.REPLANNED:
        check_unlocked(db.session, scope, call.day_on)
    service.reopen_call(db.session, scope, call, seen_version=request.form.get("version", type=int))
    flash(_("The call on %(name)s is on the plan again.", name=call.main_doctor.name), "info")
    return redirect(_back_to(call.day_on))


@bp.post("/<int:call_id>/undo")
@requires(Permission.LOG_CALLS)
@writes
def undo(call_id: int) -> ResponseReturnValue:
    """Take a recorded call back: a planned one is planned again, another is gone."""
    scope = current_scope()
    call = queries.get_call(db.session, scope, call_id)
    name, day_on = call.main_doctor.name, call.day_on
    service.withdraw_call(
        db.session, scope, call, now=now_here(), seen_version=request.form.get("version", type=int)
    )  # fmt: skip
    flash(_("The call on %(name)s is taken back.", name=name), "info")
    return redirect(url_for("today.page_on", day=day_on))


def _asked_for(scope: Scope) -> tuple[int, date]:
    day = request.args.get("day")
    return number_of(request.args.get("doctor_id")) or 0, read_day(day) if day else scope.on


def _log(scope: Scope, desk: Desk, planned: Call | None) -> ResponseReturnValue:
    form = desk.blank_form(now_here())

    def write() -> Call:
        said = form.report(desk.doctor.id, desk.day_on)
        places = queries.places_of(db.session, scope.as_of(desk.day_on), said.doctor_ids)
        sheet = service.open_sheet(db.session, scope, desk.day_on)
        return service.log_call(
            db.session, scope, sheet, said, places, now=now_here(), planned=planned, seen_version=form.version.data,
            known_ratings=desk.offer.ratings,
        )  # fmt: skip

    if answer := _refused(desk, form, write):
        return answer
    call: Call = form.result
    flash_with_undo(
        _("The call on %(name)s is saved.", name=desk.doctor.name),
        url_for(".undo", call_id=call.id),
        version=call.version,
    )
    return redirect(url_for("today.page_on", day=desk.day_on))


def _refused(desk: Desk, form: CallForm, action: Any) -> ResponseReturnValue | None:
    """Carry the form's action out; the answer to give if that failed, with what was typed still in it."""
    if not form.validate():
        return _form_page(desk, form), 422
    try:
        if not form.succeeds(action):
            return _form_page(desk, form), 422
    except Conflict as conflict:
        db.session.rollback()
        return _conflict_page(desk, form, say(conflict)), 409
    return None


def _form_page(desk: Desk, form: CallForm, conflict: str | None = None, now_stands: Any = None) -> str:
    return render_template("calls/form.html", desk=desk, form=form, conflict=conflict, now_stands=now_stands)


def _conflict_page(desk: Desk, form: CallForm, words: str) -> str:
    """The form with what was typed, beside what the call says now; sent again it replaces that."""
    scope = current_scope()
    if desk.call_id is None:
        raise NotFound(N_("There is no such call here."))
    details = queries.get_details(db.session, scope, desk.call_id)
    fresh = desk_of(scope, details.call.main_doctor_id, details.call.day_on, details.call, details)
    form.version.raw_data = None
    form.version.data = details.call.version
    return _form_page(fresh, form, words, details)


class _ChangeForms:
    """The ways a planned call can change, each with its form; the one that was refused keeps what was typed."""

    def __init__(
        self, call: Call, move: MoveForm | None = None, cancel: CancelForm | None = None, miss: MissForm | None = None
    ) -> None:
        self.move = move or MoveForm(formdata=None, version=call.version, day_on=None)
        self.cancel = cancel or CancelForm(formdata=None, version=call.version)
        self.miss = miss or MissForm(formdata=None, version=call.version, why=MissReason.OTHER)


def _change_page(call: Call, forms: _ChangeForms) -> str:
    if call.status is not CallStatus.PLANNED:
        raise RuleBroken(N_("This call is no longer open: it has been recorded or cancelled."))
    return render_template("calls/change.html", call=call, forms=forms)


def _back_to(day_on: date) -> str:
    """Where the reader came from: the plan of that day, or the day's page."""
    if request.form.get("back") == "plan":
        return url_for("plan.page_of", rep_id=current_scope().user_id, day=day_on)
    return url_for("today.page_on", day=day_on)


_WORDS: dict[str, type[Term]] = {"result": CallResult, "call_type": CallType, "purposes": CallPurpose}
"""Facts of a correction that are words of the trade."""


@bp.app_template_filter()
def fact_words(value: Any, name: str) -> str:
    """A fact of a correction as people read it: terms in the reader's language, lists with commas."""
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, dict):
        return ", ".join(f"{key}: {one}" if one not in (None, "") else str(key) for key, one in value.items())
    ones = value if isinstance(value, list) else [value]
    kind = _WORDS.get(name)
    return ", ".join(_(kind(one).label) if kind else str(one) for one in ones)
