"""Appointments: made, changed, left out once, cancelled."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from repcrm.accounts.queries import list_hospital_choices
from repcrm.core import clock
from repcrm.core.periods import Period, PeriodKind, days_between
from repcrm.diary import queries, service
from repcrm.diary.models import Appointment
from repcrm.diary.openings import falls_on
from repcrm.extensions import db
from repcrm.organisation.access import Permission, Role
from repcrm.organisation.queries import get_region, list_reps
from repcrm.web.components import flash_with_undo
from repcrm.web.filters import short_day
from repcrm.web.forms.diary import ONE_DAY, AppointmentForm, AppointmentOnFileForm, SkipForm
from repcrm.web.forms.meeting import VersionForm
from repcrm.web.guards import requires, writes
from repcrm.web.identity import current_scope
from repcrm.web.terms import day_of, number_of

bp = Blueprint("appointments", __name__, url_prefix="/appointments")

WEEKS_AHEAD = 4
"""So many of the next days of something weekly are offered to be left out."""


@bp.get("/new")
@requires(Permission.EDIT_DIARY)
def new() -> ResponseReturnValue:
    """Show the form of an appointment, from the day asked for."""
    scope = current_scope()
    own = scope.user_id if scope.role is Role.REP else None
    day = day_of(request.args.get("day")) or scope.on
    form = AppointmentForm(formdata=None, from_on=day, rep_id=own or number_of(request.args.get("rep")))
    return _new_page(form)


@bp.post("/new")
@requires(Permission.EDIT_DIARY)
@writes
def add() -> ResponseReturnValue:
    """Put an appointment into a diary, or everybody's."""
    scope, form = current_scope(), _offer(AppointmentForm())
    region = get_region(db.session, scope, scope.region_id or 0)
    if form.validate() and form.succeeds(
        lambda: service.make_appointment(db.session, scope, region, form.facts(), now=clock.now())
    ):
        made: Appointment = form.result
        flash_with_undo(
            _("The appointment stands in the diary."), url_for(".cancel", appointment_id=made.id), version=made.version
        )
        return _back(made.from_on)
    return _new_page(form), 422


@bp.get("/<int:appointment_id>")
@requires(Permission.VIEW_DIARY)
def page(appointment_id: int) -> ResponseReturnValue:
    """Show an appointment; to those who may, as a form."""
    return _page(_appointment(appointment_id))


@bp.post("/<int:appointment_id>")
@requires(Permission.EDIT_DIARY)
@writes
def save(appointment_id: int) -> ResponseReturnValue:
    """Make an appointment another one from today on."""
    scope, found, form = current_scope(), _appointment(appointment_id), _offer(AppointmentOnFileForm())
    if form.validate() and form.succeeds(
        lambda: service.change_appointment(
            db.session, scope, found, form.facts(), today=scope.on, now=clock.now(), version=form.version.data
        )
    ):
        changed: Appointment = form.result
        flash(_("Saved."), "success")
        return _back(max(changed.from_on, scope.on))
    return _page(found, form), 422


@bp.post("/<int:appointment_id>/skip")
@requires(Permission.EDIT_DIARY)
@writes
def skip(appointment_id: int) -> ResponseReturnValue:
    """Leave something weekly out on one day."""
    scope, found, form = current_scope(), _appointment(appointment_id), SkipForm()
    if form.validate() and form.succeeds(
        lambda: service.skip_appointment(
            db.session, scope, found, form.day.data or scope.on, today=scope.on, now=clock.now()
        )
    ):
        flash(_("Left out on %(day)s.", day=short_day(form.day.data)), "success")
        return _back(form.day.data or scope.on)
    return _page(found, refused=form), 422


@bp.post("/<int:appointment_id>/cancel")
@requires(Permission.EDIT_DIARY)
@writes
def cancel(appointment_id: int) -> ResponseReturnValue:
    """Cancel what is still to come of an appointment."""
    scope, found, form = current_scope(), _appointment(appointment_id), VersionForm()
    undo = _typed(found, scope.on)
    if form.validate() and form.succeeds(
        lambda: service.cancel_appointment(
            db.session, scope, found, today=scope.on, now=clock.now(), version=form.version.data
        )
    ):
        flash_with_undo(_("The appointment is cancelled."), url_for(".add"), **undo)
        return _back(max(found.from_on, scope.on))
    return _page(found, refused=form), 422


def _appointment(appointment_id: int) -> Appointment:
    return queries.get_appointment(db.session, current_scope(), appointment_id)


def _typed(one: Appointment, today: date) -> dict[str, object]:
    """What is still to come of an appointment, as its form sends it; a box without its tick is not sent."""
    typed: dict[str, object] = {
        "rep_id": one.rep_id or "",
        "kind": one.kind.value,
        "title": one.title,
        "from_on": max(one.from_on, today).isoformat(),
        "weekday": one.weekday or "",
        "to_on": (one.until_on - ONE_DAY).isoformat() if one.until_on and one.weekday else "",
        "part": one.part.value,
        "starts_at_time": f"{one.starts_at_time:%H:%M}" if one.starts_at_time else "",
        "minutes": one.minutes,
        "hospital_id": one.hospital_id or "",
    }
    return {**typed, "with_lead": "y"} if one.with_lead else typed


def _back(day: date) -> ResponseReturnValue:
    return redirect(url_for("diary.page_of", week=Period.of(PeriodKind.WEEK, day)))


def _offer(form: AppointmentForm) -> AppointmentForm:
    scope = current_scope()
    reps, hospitals = list_reps(db.session, scope), list_hospital_choices(db.session, scope)
    return form.offer(reps, hospitals, for_everybody=scope.role is Role.LEAD)


def _new_page(form: AppointmentForm) -> str:
    return render_template("appointments/new.html", form=_offer(form))


def _page(
    found: Appointment, form: AppointmentOnFileForm | None = None, refused: SkipForm | VersionForm | None = None
) -> str:
    scope = current_scope()
    is_over = found.until_on is not None and found.until_on <= scope.on
    may_edit = not is_over and (scope.role is Role.LEAD or found.rep_id == scope.user_id)
    ahead = days_between(scope.on, scope.on + WEEKS_AHEAD * 7 * ONE_DAY)
    return render_template(
        "appointments/page.html",
        appointment=found,
        form=_offer(form or AppointmentOnFileForm.of(found)) if may_edit else None,
        wrong=form or refused,
        is_over=is_over,
        days=[day for day in ahead if falls_on(found, day)] if found.weekday is not None else [],
    )
