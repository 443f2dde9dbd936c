"""What was promised: overdue, due today, to come, and kept."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from repcrm.calls import queries, service
from repcrm.extensions import db
from repcrm.organisation.access import Permission
from repcrm.web.components import flash_with_undo
from repcrm.web.guards import requires, writes
from repcrm.web.identity import current_scope
from repcrm.web.today import now_here

bp = Blueprint("follow_ups", __name__, url_prefix="/follow-ups")

KEPT_DAYS = 7
"""So long a kept promise stays in sight."""


@bp.get("")
@requires(Permission.LOG_CALLS)
def index() -> ResponseReturnValue:
    """List what was promised."""
    scope, now = current_scope(), now_here()
    due = queries.list_follow_ups_due(db.session, scope, scope.on + timedelta(days=1))
    return render_template(
        "follow_ups/index.html",
        overdue=[row for row in due if row.due_on < scope.on],
        due=[row for row in due if row.due_on == scope.on],
        to_come=queries.list_follow_ups_to_come(db.session, scope, scope.on + timedelta(days=1)),
        kept=queries.list_follow_ups_kept(db.session, scope, now - timedelta(days=KEPT_DAYS)),
        today=scope.on,
    )


@bp.post("/<int:follow_up_id>/keep")
@requires(Permission.LOG_CALLS)
@writes
def keep(follow_up_id: int) -> ResponseReturnValue:
    """Tick a promise off."""
    scope = current_scope()
    promise = queries.get_follow_up(db.session, scope, follow_up_id)
    service.keep_follow_up(db.session, scope, promise, now=now_here())
    flash_with_undo(
        _("Done: what was promised to %(name)s.", name=promise.doctor.name),
        url_for(".reopen", follow_up_id=follow_up_id),
    )
    return redirect(url_for(".index"))


@bp.post("/<int:follow_up_id>/reopen")
@requires(Permission.LOG_CALLS)
@writes
def reopen(follow_up_id: int) -> ResponseReturnValue:
    """Take the tick back."""
    scope = current_scope()
    promise = queries.get_follow_up(db.session, scope, follow_up_id)
    service.reopen_follow_up(db.session, scope, promise)
    flash(_("Open again: what was promised to %(name)s.", name=promise.doctor.name), "info")
    return redirect(url_for(".index"))
