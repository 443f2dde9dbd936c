"""The diary of a week: a rep's own, or the team's for its lead; and where a rep's day starts."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from repcrm.accounts.queries import get_hospital, list_hospital_choices
from repcrm.core import clock
from repcrm.core.errors import RuleBroken
from repcrm.core.periods import Period, PeriodKind
from repcrm.core.words import N_
from repcrm.diary import queries, service
from repcrm.diary.queries import Entry
from repcrm.diary.travel import Point, point_of
from repcrm.extensions import db
from repcrm.organisation.access import Permission, Role
from repcrm.organisation.models import User
from repcrm.web.forms.diary import BaseForm
from repcrm.web.guards import requires, writes
from repcrm.web.identity import current_scope
from repcrm.web.week import read_week

bp = Blueprint("diary", __name__, url_prefix="/diary")


@bp.get("")
@requires(Permission.VIEW_DIARY)
def page() -> ResponseReturnValue:
    """Show this week."""
    return _page(Period.of(PeriodKind.WEEK, current_scope().on))


@bp.get("/<week>")
@requires(Permission.VIEW_DIARY)
def page_of(week: str) -> ResponseReturnValue:
    """Show another week."""
    return _page(read_week(week))


@bp.get("/base/<int:rep_id>")
@requires(Permission.EDIT_DIARY)
def base(rep_id: int) -> ResponseReturnValue:
    """Show where a rep's day starts, as a form."""
    rep = queries.get_rep(db.session, current_scope(), rep_id)
    known = queries.find_base(db.session, current_scope(), rep_id)
    return _base_page(rep, BaseForm(formdata=None, obj=known, hospital_id=None))


@bp.post("/base/<int:rep_id>")
@requires(Permission.EDIT_DIARY)
@writes
def set_base(rep_id: int) -> ResponseReturnValue:
    """Say where a rep's day starts."""
    scope = current_scope()
    rep, form = queries.get_rep(db.session, scope, rep_id), _offer_places(BaseForm())
    if form.validate() and form.succeeds(
        lambda: service.set_base(db.session, scope, rep, *_named_point(form), now=clock.now())
    ):
        flash(_("Saved."), "success")
        return redirect(url_for(".page"))
    return _base_page(rep, form), 422


@bp.post("/base/<int:rep_id>/forget")
@requires(Permission.EDIT_DIARY)
@writes
def forget_base(rep_id: int) -> ResponseReturnValue:
    """Forget where a rep's day starts."""
    scope = current_scope()
    service.set_base(db.session, scope, queries.get_rep(db.session, scope, rep_id), "", None, now=clock.now())
    flash(_("Forgotten."), "success")
    return redirect(url_for(".page"))


def path_of(entry: Entry) -> str:
    """The page on which something in the diary is looked at, changed or cancelled."""
    if entry.time_off is not None:
        return url_for("time_off.page", time_off_id=entry.time_off.id)
    if entry.appointment is not None:
        return url_for("appointments.page", appointment_id=entry.appointment.id)
    assert entry.duty is not None
    return url_for("evenings.duty", duty_id=entry.duty.id)


def _page(week: Period) -> str:
    scope = current_scope()
    found = queries.get_week(db.session, scope, week)
    own = scope.role is Role.REP
    return render_template(
        "diary/own.html" if own else "diary/team.html",
        week=week,
        days=[day for day in found.days if not day.is_idle],
        reps=found.reps,
        rep_id=scope.user_id,
        bases=queries.list_bases(db.session, scope),
        today=scope.on,
        path_of=path_of,
    )


def _named_point(form: BaseForm) -> tuple[str, Point]:
    """The name and place that were typed, or those of the hospital chosen."""
    if form.hospital_id.data is not None:
        hospital = get_hospital(db.session, current_scope(), form.hospital_id.data)
        place = point_of(hospital.latitude, hospital.longitude)
        if place is None:
            raise RuleBroken(N_("This hospital is not on the map: nobody entered its place."), field="hospital_id")
        name = form.name.data or hospital.short_name or hospital.name
        return name[:60], place
    for name in ("latitude", "longitude"):
        if form[name].data is None:
            raise RuleBroken(N_("Choose a hospital, or enter both coordinates."), field=name)
    return form.name.data or "", Point(form.latitude.data or 0, form.longitude.data or 0)


def _offer_places(form: BaseForm) -> BaseForm:
    return form.offer(list_hospital_choices(db.session, current_scope()))


def _base_page(rep: User, form: BaseForm) -> str:
    scope = current_scope()
    return render_template(
        "diary/base.html",
        rep=rep,
        form=_offer_places(form),
        known=queries.find_base(db.session, scope, rep.id),
        is_own=rep.id == scope.user_id,
    )
