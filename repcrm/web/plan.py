"""The call plan: a rep's four weeks, changed slot by slot, published onto the call sheets, locked by the lead."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from repcrm.accounts.queries import list_doctor_rows
from repcrm.core.errors import Conflict
from repcrm.extensions import db
from repcrm.organisation.access import Permission, Role
from repcrm.planning import queries, service
from repcrm.planning.cycle import Cycle
from repcrm.planning.models import CallPlan
from repcrm.planning.terms import Wish
from repcrm.planning.wishes import Wanted
from repcrm.web.components import flash_with_undo, form_errors
from repcrm.web.filters import short_day
from repcrm.web.forms import Form
from repcrm.web.forms.plan import PinForm, PutForm, VersionForm, VisitForm
from repcrm.web.guards import requires, writes
from repcrm.web.identity import current_scope
from repcrm.web.languages import say
from repcrm.web.plan_desk import show, show_place
from repcrm.web.plan_filters import Filters
from repcrm.web.plan_lead import cycle_asked, reps_page
from repcrm.web.plan_place import rule_words, slot_words
from repcrm.web.today import now_here, read_day

bp = Blueprint("plan", __name__, url_prefix="/plan")

WEEK = timedelta(weeks=1)
MOST_SKIPPED = 3
"""Visits that were not copied and are named; more would hide the page."""


@bp.get("")
@requires(Permission.VIEW_PLANS)
def page() -> ResponseReturnValue:
    """Show a rep the running cycle; a lead chooses among the reps of the region."""
    scope = current_scope()
    return show(scope.user_id, scope.on) if scope.role is Role.REP else reps_page(cycle_asked())


@bp.get("/<int:rep_id>/<day>")
@requires(Permission.VIEW_PLANS)
def page_of(rep_id: int, day: str) -> ResponseReturnValue:
    """Show the week of a day in its cycle."""
    return show(rep_id, read_day(day))


@bp.get("/<int:rep_id>/<day>/place")
@requires(Permission.VIEW_PLANS)
def place(rep_id: int, day: str) -> ResponseReturnValue:
    """Show a doctor in the plan, with what each slot of the week would cost; a dialog gets the partial only."""
    return show_place(rep_id, read_day(day), request.headers.get("X-Requested-With") == "fetch")


@bp.post("/<int:rep_id>/<day>/place")
@requires(Permission.PLAN_CALLS)
@writes
def put(rep_id: int, day: str) -> ResponseReturnValue:
    """Put a visit into a slot: a new one, or the one of the day that is named; of a locked plan it is asked for."""
    form = PutForm()

    def change(plan: CallPlan) -> str:
        scope, slot, on = current_scope(), form.slot, form.on.data
        doctor_id, seen, now = form.doctor_id.data or 0, form.seen, now_here()
        if plan.is_locked:
            _ask(plan, Wanted(Wish.MOVE if on else Wish.ADD, doctor_id, on, slot.day_on, slot.part), form)
            return _here(rep_id, slot.day_on)
        undo: dict[str, Any] = {"doctor_id": doctor_id, "on": slot.day_on}
        if on is None:
            service.add_visit(db.session, scope, plan, doctor_id, slot.day_on, slot.part, now=now, seen_version=seen)
            back = _here(rep_id, slot.day_on, "plan.take_out")
            undo["was"] = slot.part.value
        else:
            service.move_visit(
                db.session, scope, plan, doctor_id, on, slot.day_on, slot.part, now=now, seen_version=seen
            )
            back = _here(rep_id, on, "plan.put")
            undo |= {"slot": f"{on}.{form.was.data}", "was": slot.part.value}
        words = _("%(name)s stands on %(slot)s.", name=_name(doctor_id), slot=slot_words(slot.day_on, slot.part))
        flash_with_undo(words, back, version=plan.version, **undo)
        return _here(rep_id, slot.day_on)

    return _changed(rep_id, read_day(day), form, change)


@bp.post("/<int:rep_id>/<day>/remove")
@requires(Permission.PLAN_CALLS)
@writes
def take_out(rep_id: int, day: str) -> ResponseReturnValue:
    """Take a visit out of the plan; of a locked plan it is asked for."""
    form = VisitForm()

    def change(plan: CallPlan) -> str:
        scope, doctor_id, on = current_scope(), form.doctor_id.data or 0, form.on.data or read_day(day)
        if plan.is_locked:
            _ask(plan, Wanted(Wish.REMOVE, doctor_id, on), form)
            return _here(rep_id, on)
        service.remove_visit(db.session, scope, plan, doctor_id, on, now=now_here(), seen_version=form.seen)
        flash_with_undo(
            _("%(name)s is taken out of %(day)s.", name=_name(doctor_id), day=short_day(on)),
            _here(rep_id, on, "plan.put"),
            doctor_id=doctor_id,
            slot=f"{on}.{form.was.data}",
            version=plan.version,
        )
        return _here(rep_id, on)

    return _changed(rep_id, read_day(day), form, change)


@bp.post("/<int:rep_id>/<day>/pin")
@requires(Permission.PLAN_CALLS)
@writes
def pin(rep_id: int, day: str) -> ResponseReturnValue:
    """Say that a visit is agreed with the doctor, or no longer is."""
    form = PinForm()

    def change(plan: CallPlan) -> str:
        scope, doctor_id, on, pinned = current_scope(), form.doctor_id.data or 0, form.on.data, form.pinned.data
        assert on is not None, "the form asks for it"
        service.pin_visit(db.session, scope, plan, doctor_id, on, pinned, now=now_here(), seen_version=form.seen)
        said = (
            _("%(name)s is pinned: proposals leave it where it is.") if pinned else _("%(name)s is no longer pinned.")
        )
        flash_with_undo(
            said % {"name": _name(doctor_id)},
            _here(rep_id, on, "plan.pin"),
            doctor_id=doctor_id,
            on=on,
            pinned="" if pinned else "y",
            version=plan.version,
        )
        return _here(rep_id, on)

    return _changed(rep_id, read_day(day), form, change)


@bp.post("/<int:rep_id>/<day>/copy")
@requires(Permission.PLAN_CALLS)
@writes
def copy(rep_id: int, day: str) -> ResponseReturnValue:
    """Copy the week before into the week of a day."""
    day_on, form = read_day(day), VersionForm()

    def change(plan: CallPlan) -> str:
        monday, seen = day_on - timedelta(days=day_on.weekday()), form.seen
        copied = service.copy_week(
            db.session, current_scope(), plan, monday - WEEK, monday, now=now_here(), seen_version=seen
        )
        flash(ngettext("%(num)s call is copied.", "%(num)s calls are copied.", copied.visits), "success")
        for doctor_id, on, refusal in copied.skipped[:MOST_SKIPPED]:
            reason = rule_words(refusal)
            flash(
                _("%(name)s, %(day)s: %(reason)s", name=_name(doctor_id), day=short_day(on), reason=reason), "warning"
            )
        return _here(rep_id, day_on)

    return _changed(rep_id, day_on, form, change)


@bp.post("/<int:rep_id>/<day>/publish")
@requires(Permission.PLAN_CALLS)
@writes
def publish(rep_id: int, day: str) -> ResponseReturnValue:
    """Put the plan's visits onto the call sheets."""
    form = VersionForm()

    def change(plan: CallPlan) -> str:
        service.publish_plan(db.session, current_scope(), plan, now=now_here(), seen_version=form.seen)
        flash(_("The plan is published: its calls stand on your days."), "success")
        return _here(rep_id, read_day(day))

    return _changed(rep_id, read_day(day), form, change)


@bp.post("/<int:rep_id>/<day>/lock")
@requires(Permission.LEAD_PLANS)
@writes
def lock(rep_id: int, day: str) -> ResponseReturnValue:
    """Let the rep ask before anything changes."""
    return _locked(rep_id, read_day(day), service.lock_plan, _("The plan is locked: its rep asks you for changes."))


@bp.post("/<int:rep_id>/<day>/unlock")
@requires(Permission.LEAD_PLANS)
@writes
def unlock(rep_id: int, day: str) -> ResponseReturnValue:
    """Give the plan back to its rep."""
    return _locked(rep_id, read_day(day), service.unlock_plan, _("The plan is open to its rep again."))


def _locked(rep_id: int, day_on: date, verb: Callable[..., Any], said: str) -> ResponseReturnValue:
    form = VersionForm()

    def change(plan: CallPlan) -> str:
        verb(db.session, current_scope(), plan, now=now_here(), seen_version=form.seen)
        flash(said, "success")
        return _here(rep_id, day_on)

    return _changed(rep_id, day_on, form, change)


def _changed(rep_id: int, day_on: date, form: Form, change: Callable[[CallPlan], str]) -> ResponseReturnValue:
    """Carry out a change of the plan of a day's cycle; refused, the page says which rule stands against it.

    change   gets the plan, begun where there was none, and returns where to go on
    """
    scope = current_scope()
    rep = queries.get_rep(db.session, scope, rep_id)

    def carried_out() -> str:
        return change(service.open_plan(db.session, scope, rep, Cycle.of(day_on).start_on, now=now_here()))

    try:
        if form.validate() and form.succeeds(carried_out):
            return redirect(form.result)
    except Conflict as conflict:
        db.session.rollback()
        return show(rep_id, day_on, say(conflict)), 409
    return show(rep_id, day_on, form_errors(form)[0][0]), 422


def _ask(plan: CallPlan, wanted: Wanted, form: VisitForm) -> None:
    """Ask the lead for a change of a locked plan."""
    service.ask_change(db.session, current_scope(), plan, wanted, form.reason.data or "", now=now_here())
    flash(_("Your lead is asked for the change."), "success")


def _here(rep_id: int, day_on: date, endpoint: str = "plan.page_of") -> str:
    """An address of the plan that keeps what is filtered."""
    return url_for(endpoint, rep_id=rep_id, day=day_on, **Filters.read(request.args).args())


def _name(doctor_id: int) -> str:
    found = list_doctor_rows(db.session, current_scope(), [doctor_id]).get(doctor_id)
    return found.name if found else _("The doctor")
