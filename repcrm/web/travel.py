"""Minutes between hospitals where somebody knows better than the map."""

from typing import NamedTuple

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from repcrm.accounts.queries import get_hospital, list_hospital_choices
from repcrm.core import clock
from repcrm.diary import queries, service
from repcrm.diary.models import TravelOverride
from repcrm.diary.travel import point_of, way_minutes
from repcrm.extensions import db
from repcrm.organisation.access import Permission
from repcrm.web.components import flash_with_undo
from repcrm.web.forms.reception import WayForm
from repcrm.web.guards import requires, writes
from repcrm.web.identity import current_scope

bp = Blueprint("travel", __name__, url_prefix="/travel")


class Way(NamedTuple):
    """A known way, beside what the map says; None where one of the two is not on it."""

    override: TravelOverride
    by_map: int | None


@bp.get("")
@requires(Permission.EDIT_RECEPTION)
def index() -> ResponseReturnValue:
    """List the ways that are known better."""
    return _page(WayForm(formdata=None))


@bp.post("")
@requires(Permission.EDIT_RECEPTION)
@writes
def add() -> ResponseReturnValue:
    """Say how long it takes between two hospitals."""
    scope, form = current_scope(), _offer(WayForm())
    if form.validate() and form.succeeds(
        lambda: service.set_travel(
            db.session,
            scope,
            get_hospital(db.session, scope, form.one_id.data),
            get_hospital(db.session, scope, form.other_id.data),
            form.minutes.data,
            now=clock.now(),
        )
    ):
        flash(_("Saved."), "success")
        return redirect(url_for(".index"))
    return _page(form), 422


@bp.post("/<int:override_id>/forget")
@requires(Permission.EDIT_RECEPTION)
@writes
def forget(override_id: int) -> ResponseReturnValue:
    """Let the map decide again."""
    scope = current_scope()
    way = queries.get_travel_override(db.session, scope, override_id)
    undo = {"one_id": way.one_id, "other_id": way.other_id, "minutes": way.minutes}
    service.set_travel(db.session, scope, way.one, way.other, None, now=clock.now())
    flash_with_undo(_("The map decides again."), url_for(".add"), **undo)
    return redirect(url_for(".index"))


def _offer(form: WayForm) -> WayForm:
    return form.offer(list_hospital_choices(db.session, current_scope()))


def _page(form: WayForm) -> str:
    ways = [Way(one, _by_map(one)) for one in queries.list_travel_overrides(db.session, current_scope())]
    return render_template("travel/index.html", ways=ways, form=_offer(form))


def _by_map(way: TravelOverride) -> int | None:
    one, other = (point_of(end.latitude, end.longitude) for end in (way.one, way.other))
    return way_minutes(one, other) if one and other else None
