"""Changes of a locked plan: what the rep asks for and why, and the lead's answer."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from repcrm.accounts.queries import list_doctor_rows
from repcrm.core.errors import Conflict
from repcrm.extensions import db
from repcrm.organisation.access import Permission
from repcrm.planning import queries, service
from repcrm.planning.cycle import Cycle
from repcrm.planning.models import ChangeRequest
from repcrm.planning.terms import RequestState
from repcrm.planning.wishes import read_wanted
from repcrm.web.filters import instant, short_day
from repcrm.web.forms.plan import AnswerForm
from repcrm.web.guards import requires, writes
from repcrm.web.identity import current_scope
from repcrm.web.languages import say
from repcrm.web.plan_place import slot_words
from repcrm.web.today import now_here, read_day

bp = Blueprint("plan_changes", __name__, url_prefix="/plan")

LOOKS = {RequestState.OPEN: "waiting", RequestState.GRANTED: "done", RequestState.REFUSED: "returned"}


@dataclass(frozen=True)
class AskedView:
    """A change that was asked for."""

    id: int
    what: str
    who: str
    reason: str
    state: str
    words: str
    answer: str
    form: AnswerForm | None
    """None: there is nothing to answer any more, or not for this reader."""


@bp.get("/<int:rep_id>/<day>/changes")
@requires(Permission.VIEW_PLANS)
def index(rep_id: int, day: str) -> ResponseReturnValue:
    """Show what was asked for in a plan, and what became of it."""
    return _page(rep_id, day)


@bp.post("/changes/<int:request_id>/answer")
@requires(Permission.LEAD_PLANS)
@writes
def answer(request_id: int) -> ResponseReturnValue:
    """Grant or refuse a change; granted, it is carried out at once."""
    scope = current_scope()
    asked = queries.get_change_request(db.session, scope, request_id)
    form = AnswerForm()
    rep_id, day = asked.plan.rep_id, (scope.on if scope.on in Cycle(asked.plan.start_on) else asked.plan.start_on)

    def said() -> ChangeRequest:
        return service.answer_change(
            db.session, scope, asked, bool(form.granted.data), form.answer.data or "", now=now_here()
        )

    try:
        if not (form.validate() and form.succeeds(said)):
            return _page(rep_id, day.isoformat(), refused=(request_id, form)), 422
    except Conflict as conflict:
        db.session.rollback()
        flash(say(conflict), "warning")
    else:
        flash(
            _("The change is granted and carried out.") if form.granted.data else _("The change is refused."), "success"
        )
    return redirect(url_for(".index", rep_id=rep_id, day=day))


def _page(rep_id: int, day: str, refused: tuple[int, AnswerForm] | None = None) -> str:
    scope, day_on = current_scope(), read_day(day)
    rep = queries.get_rep(db.session, scope, rep_id)
    plan = queries.find_plan(db.session, scope, rep_id, Cycle.of(day_on).start_on)
    rows = queries.list_change_requests(db.session, scope, plan_id=plan.id, state=None) if plan else []
    doctors = list_doctor_rows(db.session, scope, {row.wanted["doctor_id"] for row in rows})
    names = {doctor_id: row.name for doctor_id, row in doctors.items()}
    return render_template(
        "plan/changes.html",
        rep=rep,
        own=rep_id == scope.user_id,
        back_url=url_for("plan.page_of", rep_id=rep_id, day=day_on),
        rows=[_view(row, names, refused) for row in reversed(rows)],
        wrong=refused[1] if refused else None,
    )


def _view(row: ChangeRequest, names: Mapping[int, str], refused: tuple[int, AnswerForm] | None) -> AskedView:
    may_answer = row.state is RequestState.OPEN and current_scope().may(Permission.LEAD_PLANS)
    form = AnswerForm(formdata=None) if may_answer else None
    if refused and refused[0] == row.id:
        form = refused[1]
    return AskedView(
        id=row.id,
        what=_what(row, names),
        who=f"{row.asked_by.name} · {instant(row.asked_at)}",
        reason=row.reason,
        state=LOOKS[row.state],
        words=_(row.state.label),
        answer=row.answer,
        form=form,
    )


def _what(row: ChangeRequest, names: Mapping[int, str]) -> str:
    wanted = read_wanted(row.wanted)
    name = names.get(wanted.doctor_id, "–")
    where = slot_words(wanted.day_on, wanted.part) if wanted.day_on and wanted.part else ""
    if wanted.from_on and where:
        return _("%(name)s from %(day)s to %(slot)s", name=name, day=short_day(wanted.from_on), slot=where)
    if where:
        return _("%(name)s on %(slot)s", name=name, slot=where)
    return _("%(name)s off %(day)s", name=name, day=short_day(wanted.from_on))
