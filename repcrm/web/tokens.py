"""Tokens of the direct connection, on a distributor's page: made and shown once, revoked."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from repcrm.core import clock
from repcrm.extensions import db
from repcrm.organisation.access import Permission
from repcrm.sales.queries import get_distributor
from repcrm.sales.tokens import make_token, revoke_token
from repcrm.web.distributors import distributor_page
from repcrm.web.forms.distributors import TokenForm
from repcrm.web.guards import requires, writes
from repcrm.web.identity import current_scope

bp = Blueprint("tokens", __name__, url_prefix="/distributors/<int:distributor_id>/tokens")


@bp.post("")
@requires(Permission.CONNECT_DISTRIBUTORS)
@writes
def make(distributor_id: int) -> ResponseReturnValue:
    """Make a token and show it, once."""
    distributor, form = get_distributor(db.session, current_scope(), distributor_id), TokenForm()
    if form.validate() and form.succeeds(
        lambda: make_token(db.session, distributor, form.label.data or "", actor_id=current_user.id, now=clock.now())
    ):
        address = url_for("sales_files.send", _external=True)
        return render_template("tokens/made.html", distributor=distributor, token=form.result, address=address)
    return distributor_page(distributor, token_form=form), 422


@bp.post("/<int:token_id>/revoke")
@requires(Permission.CONNECT_DISTRIBUTORS)
@writes
def revoke(distributor_id: int, token_id: int) -> ResponseReturnValue:
    """End a token."""
    distributor = get_distributor(db.session, current_scope(), distributor_id)
    revoke_token(db.session, distributor, token_id, actor_id=current_user.id, now=clock.now())
    flash(_("Token revoked. Requests with it are refused."), "success")
    return redirect(url_for("distributors.page", distributor_id=distributor_id, _anchor="tokens"))
