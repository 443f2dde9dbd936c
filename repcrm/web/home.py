"""The front door: everybody begins with the page their week turns on."""

from flask import Blueprint, current_app, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from repcrm.extensions import db
from repcrm.organisation.access import Permission
from repcrm.setup.queries import get_checklist
from repcrm.web.guards import signed_in
from repcrm.web.identity import current_scope
from repcrm.web.navigation import SETUP, navigation

bp = Blueprint("home", __name__)


@bp.get("/")
@signed_in
def page() -> ResponseReturnValue:
    """Go on to the first page of the person's role: today, the meeting, or the imports, setup first while it lasts."""
    if _has_to_set_up():
        return redirect(url_for(SETUP.endpoint))
    return redirect(url_for(next((entry.endpoint for entry in navigation()), "identity.me")))


def _has_to_set_up() -> bool:
    """Whether the person sets the company up, and no gap report of it can be trusted yet."""
    if not current_user.may(Permission.VIEW_SETUP):
        return False
    return not get_checklist(db.session, current_scope(), current_app.config["REPCRM"].zone).is_trusted
