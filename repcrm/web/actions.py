"""Actions: whose, until when, and what became of them."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from repcrm.accounts.queries import list_hospital_choices
from repcrm.core import clock
from repcrm.core.periods import Period, PeriodKind
from repcrm.extensions import db
from repcrm.meeting import queries, service
from repcrm.meeting.models import Action
from repcrm.meeting.queries import ActionFilter
from repcrm.organisation.access import Permission, Role, Scope
from repcrm.web.components import flash_with_undo
from repcrm.web.filters import day
from repcrm.web.forms import Form
from repcrm.web.forms.meeting import CarryForm, DropForm, FinishForm, VersionForm
from repcrm.web.guards import requires, writes
from repcrm.web.identity import current_scope
from repcrm.web.meeting_view import PLACE, Eyes, next_meeting_on, place_in_meeting
from repcrm.web.terms import number_of

ASKED = ("review", "mode", *PLACE, "whose", "show")
"""Arguments of an address that say where one came from."""

bp = Blueprint("actions", __name__, url_prefix="/actions")


@bp.get("")
@requires(Permission.CLOSE_ACTIONS)
def index() -> ResponseReturnValue:
    """List actions: one's own or the region's, open, overdue or closed."""
    scope = current_scope()
    default = "mine" if scope.role is Role.REP else "all"
    whose = request.args.get("whose", default)
    owners = {str(person.id): person.name for person in queries.list_owners(db.session, scope)}
    whose = whose if whose in ("mine", "all", *owners) else default
    owner_id = scope.user_id if whose == "mine" else None if whose == "all" else int(whose)
    asked = request.args.get("show", ActionFilter.OPEN.value)
    show = ActionFilter(asked) if asked in list(ActionFilter) else ActionFilter.OPEN
    page = queries.list_actions(
        db.session, scope, show, owner_id=owner_id, page=request.args.get("page", 1, type=int)
    )  # fmt: skip
    return render_template(
        "actions/index.html",
        page=page,
        lines=_eyes().lines(page.items, _last_week(scope)),
        show=show,
        whose=whose,
        owners=owners,
        show_tabs=_tabs(queries.count_actions(db.session, scope, owner_id=owner_id), show, whose),
        back={"whose": whose, "show": show.value},
    )


@bp.get("/<int:action_id>")
@requires(Permission.CLOSE_ACTIONS)
def page(action_id: int) -> ResponseReturnValue:
    """Show an action, with the ways to close it."""
    return _page(queries.get_action(db.session, current_scope(), action_id))


@bp.post("/<int:action_id>/finish")
@requires(Permission.CLOSE_ACTIONS)
@writes
def finish(action_id: int) -> ResponseReturnValue:
    """Say that an action is done, and what came of it."""
    scope, form = current_scope(), FinishForm()
    action = queries.get_action(db.session, scope, action_id)
    return _close(
        action,
        form,
        lambda: service.finish_action(
            db.session, scope, action, form.outcome.data or "", now=clock.now(), version=form.version.data or 0
        ),
        _("Done: %(what)s", what=action.what),
        undo=True,
    )


@bp.post("/<int:action_id>/drop")
@requires(Permission.RUN_MEETING)
@writes
def drop(action_id: int) -> ResponseReturnValue:
    """Give an action up."""
    scope, form = current_scope(), DropForm()
    action = queries.get_action(db.session, scope, action_id)
    return _close(
        action,
        form,
        lambda: service.drop_action(
            db.session, scope, action, form.reason.data or "", now=clock.now(), version=form.version.data or 0
        ),
        _("Dropped: %(what)s", what=action.what),
        undo=True,
    )


@bp.post("/<int:action_id>/reopen")
@requires(Permission.CLOSE_ACTIONS)
@writes
def reopen(action_id: int) -> ResponseReturnValue:
    """Take back that an action was done or dropped."""
    scope, form = current_scope(), VersionForm()
    action = queries.get_action(db.session, scope, action_id)
    return _close(
        action,
        form,
        lambda: service.reopen_action(
            db.session, scope, action, now=clock.now(), version=form.version.data or 0
        ),
        _("Open again: %(what)s", what=action.what),
    )  # fmt: skip


@bp.post("/<int:action_id>/carry-on")
@requires(Permission.RUN_MEETING)
@writes
def carry_on(action_id: int) -> ResponseReturnValue:
    """Not done: carry an action on until another day."""
    scope, form = current_scope(), CarryForm()
    action = queries.get_action(db.session, scope, action_id)
    return _close(
        action,
        form,
        lambda: service.carry_action_on(
            db.session, scope, action, form.due_on.data or scope.on, now=clock.now(), version=form.version.data or 0
        ),
        _("Carried on until %(day)s: %(what)s", day=day(form.due_on.data), what=action.what),
    )


def _close(
    action: Action, form: Form, verb: Callable[[], object], said: str, undo: bool = False
) -> ResponseReturnValue:
    """Carry a step out and go back to where it was asked for; a refusal is shown on the action's own page."""
    if not (form.validate() and form.succeeds(verb)):
        return _page(action, form), 422
    if undo:
        flash_with_undo(said, url_for(".reopen", action_id=action.id, **_asked()), version=action.version)
    else:
        flash(said, "success")
    review_id = number_of(request.args.get("review"))
    if review_id is not None:
        return redirect(place_in_meeting(review_id, request.args.get("mode")))
    wanted = {name: value for name, value in _asked().items() if name in ("whose", "show")}
    return redirect(url_for(".index", **wanted))


def _asked() -> dict[str, Any]:
    """What the address says of where to come back to."""
    asked = {name: value for name in ASKED if (value := request.args.get(name))}
    if number_of(asked.get("review", "0")) is None:
        del asked["review"]
    return asked


def _page(action: Action, refused: Form | None = None) -> str:
    line = _eyes().line(action, _last_week(current_scope()))
    version = action.version
    fresh: list[Form] = [
        FinishForm(formdata=None, version=version),
        DropForm(formdata=None, version=version),
        CarryForm(formdata=None, version=version, due_on=max(line.next_on, action.due_on)),
    ]
    finish, drop, carry = (refused if refused and type(refused) is type(one) else one for one in fresh)
    return render_template(
        "actions/page.html",
        line=line,
        finish=finish,
        drop=drop,
        carry=carry,
        refused=refused,
        may_run=current_scope().may(Permission.RUN_MEETING),
        back=_asked(),
    )


def _tabs(counts: dict[ActionFilter, int], show: ActionFilter, whose: str) -> list[dict[str, Any]]:
    return [
        {
            "text": _(one.label),
            "href": url_for(".index", whose=whose, show=one.value),
            "current": one is show,
            "count": count,
        }
        for one, count in counts.items()
    ]


def _last_week(scope: Scope) -> str:
    """The week whose meeting is the latest."""
    return str(Period.of(PeriodKind.WEEK, scope.on).previous())


def _eyes() -> Eyes:
    scope = current_scope()
    hospitals = frozenset(key for key, _name in list_hospital_choices(db.session, scope))
    return Eyes(scope, hospitals, next_meeting_on(scope))
