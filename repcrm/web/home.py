"""The front door: everybody begins with the page their week turns on."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from repcrm.web.guards import signed_in
from repcrm.web.navigation import navigation

bp = Blueprint("home", __name__)


@bp.get("/")
@signed_in
def page() -> ResponseReturnValue:
    """Go on to the first page of the person's role: today, the meeting, or the imports."""
    return redirect(url_for(next((entry.endpoint for entry in navigation()), "identity.me")))
