"""When hospitals receive reps, and on which evenings somebody is there."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from repcrm.accounts.models import Hospital
from repcrm.accounts.queries import get_hospital, list_hospital_choices
from repcrm.core import clock
from repcrm.diary import queries, service
from repcrm.extensions import db
from repcrm.organisation.access import Permission
from repcrm.web.forms.fields import SlotsField
from repcrm.web.forms.reception import ReceptionForm
from repcrm.web.guards import requires, writes
from repcrm.web.identity import current_scope

bp = Blueprint("reception", __name__, url_prefix="/reception")


@bp.get("")
@requires(Permission.EDIT_RECEPTION)
def index() -> ResponseReturnValue:
    """List the hospitals that receive reps at times, or keep an evening round."""
    scope = current_scope()
    rows = queries.list_reception_windows(db.session, scope)
    named = {row.hospital_id for row in rows}
    others = [(id_, name) for id_, name in list_hospital_choices(db.session, scope) if id_ not in named]
    return render_template("reception/index.html", rows=rows, others=others)


@bp.get("/<int:hospital_id>")
@requires(Permission.EDIT_RECEPTION)
def edit(hospital_id: int) -> ResponseReturnValue:
    """Show when a hospital receives reps, as a form."""
    scope, hospital = current_scope(), _hospital(hospital_id)
    slots = queries.reception_of(db.session, scope, [hospital_id]).get(hospital_id, frozenset())
    rounds = queries.evening_rounds_of(db.session, scope, [hospital_id]).get(hospital_id, frozenset())
    return _page(hospital, ReceptionForm(formdata=None, slots=SlotsField.ticks(slots), rounds=sorted(rounds)))


@bp.post("/<int:hospital_id>")
@requires(Permission.EDIT_RECEPTION)
@writes
def save(hospital_id: int) -> ResponseReturnValue:
    """Say when a hospital receives reps, and on which evenings somebody is there."""
    scope, hospital, form = current_scope(), _hospital(hospital_id), ReceptionForm()

    def settle() -> None:
        now = clock.now()
        service.set_reception(db.session, scope, hospital, form.slots.slots, now=now)
        service.set_rounds(db.session, scope, hospital, form.rounds.data or [], now=now)

    if form.validate() and form.succeeds(settle):
        flash(_("Saved."), "success")
        return redirect(url_for(".index"))
    return _page(hospital, form), 422


def _hospital(hospital_id: int) -> Hospital:
    return get_hospital(db.session, current_scope(), hospital_id)


def _page(hospital: Hospital, form: ReceptionForm) -> str:
    return render_template("reception/edit.html", hospital=hospital, form=form)
