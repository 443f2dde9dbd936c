"""The rota of evening rounds: a month of it, sharing out some weeks, and who goes instead."""

from collections.abc import Sequence
from datetime import date, timedelta

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from repcrm.accounts.queries import list_hospital_choices
from repcrm.core import clock
from repcrm.core.errors import BadInput, NotFound
from repcrm.core.periods import Period, PeriodKind
from repcrm.core.words import N_
from repcrm.diary import queries, service
from repcrm.diary.models import EveningDuty
from repcrm.diary.queries import EveningLine
from repcrm.diary.service import Shared
from repcrm.extensions import db
from repcrm.organisation.access import Permission, Role
from repcrm.organisation.queries import get_region, list_reps
from repcrm.web.filters import short_day
from repcrm.web.forms.evenings import ShareForm, SwapForm
from repcrm.web.guards import requires, writes
from repcrm.web.identity import current_scope

bp = Blueprint("evenings", __name__, url_prefix="/evenings")

NAMED = 5
"""So many evenings that nobody can take are named at once; the rota shows all."""


@bp.get("")
@requires(Permission.VIEW_DIARY)
def page() -> ResponseReturnValue:
    """Show the running month; a phone begins with today."""
    return _page(Period.of(PeriodKind.MONTH, current_scope().on), hides_past=True)


@bp.get("/<month>")
@requires(Permission.VIEW_DIARY)
def page_of(month: str) -> ResponseReturnValue:
    """Show another month."""
    return _page(_read_month(month))


@bp.post("/share")
@requires(Permission.SHARE_EVENINGS)
@writes
def share() -> ResponseReturnValue:
    """Share the evenings of some weeks out among the teams."""
    scope, form = current_scope(), ShareForm()
    region = get_region(db.session, scope, scope.region_id or 0)
    if form.validate() and form.succeeds(
        lambda: service.share_evenings(
            db.session, scope, region, *form.span(), today=scope.on, now=clock.now(),
            most_a_week=form.most_a_week.data or 0,
        )
    ):  # fmt: skip
        _tell(form.result)
        return redirect(url_for(".page_of", month=Period.of(PeriodKind.MONTH, max(form.span()[0], scope.on))))
    return _page(Period.of(PeriodKind.MONTH, scope.on), form), 422


@bp.get("/duties/<int:duty_id>")
@requires(Permission.VIEW_DIARY)
def duty(duty_id: int) -> ResponseReturnValue:
    """Show whose evening it is, and let another take it."""
    found = queries.get_evening_duty(db.session, current_scope(), duty_id)
    return _duty_page(found, SwapForm(formdata=None, version=found.version, rep_id=found.rep_id))


@bp.post("/duties/<int:duty_id>")
@requires(Permission.EDIT_DIARY)
@writes
def swap(duty_id: int) -> ResponseReturnValue:
    """Let another rep take an evening."""
    scope = current_scope()
    found, form = queries.get_evening_duty(db.session, scope, duty_id), _offer(SwapForm())
    if form.validate() and form.succeeds(
        lambda: service.swap_evening(
            db.session,
            scope,
            found,
            queries.get_rep(db.session, scope, form.rep_id.data),
            today=scope.on,
            now=clock.now(),
            version=form.version.data,
        )
    ):
        flash(_("%(rep)s goes on %(day)s.", rep=form.result.rep.name, day=short_day(found.day_on)), "success")
        return redirect(url_for(".page_of", month=Period.of(PeriodKind.MONTH, found.day_on)))
    return _duty_page(found, form), 422


def _read_month(text: str) -> Period:
    try:
        month = Period.parse(text)
    except BadInput:
        month = None
    if month is None or month.kind is not PeriodKind.MONTH:
        raise NotFound(N_("There is no such month."))
    return month


def _tell(shared: Shared) -> None:
    """Say what came of sharing out, and name the evenings that nobody can take."""
    flash(ngettext("%(num)d evening is shared out.", "%(num)d evenings are shared out.", shared.given), "success")
    if shared.nobody:
        names = dict(list_hospital_choices(db.session, current_scope()))
        said = [f"{short_day(on)} {names.get(place, '')}" for on, place in shared.nobody[:NAMED]]
        more = len(shared.nobody) - len(said)
        words = "; ".join(said) + (" …" if more > 0 else "")
        flash(
            ngettext(
                "%(num)d evening nobody can take: %(evenings)s",
                "%(num)d evenings nobody can take: %(evenings)s",
                len(shared.nobody),
                evenings=words,
            ),
            "warning",
        )


def _page(month: Period, refused: ShareForm | None = None, *, hides_past: bool = False) -> str:
    scope = current_scope()
    lines = queries.list_evenings(db.session, scope, month.from_on, month.until_on)
    next_monday = scope.on + timedelta(days=7 - scope.on.weekday())
    return render_template(
        "evenings/page.html",
        month=month,
        weeks=_weeks(month, lines),
        has_lines=bool(lines),
        hides_past=hides_past,
        today=scope.on,
        user_id=scope.user_id,
        form=refused or ShareForm(formdata=None, from_on=next_monday),
        refused=refused,
        may_share=scope.may(Permission.SHARE_EVENINGS),
    )


def _weeks(month: Period, lines: Sequence[EveningLine]) -> list[list[tuple[date, bool, list[EveningLine]]]]:
    """The month as weeks of seven days: day, whether it is of the month, its evenings."""
    return [
        [(day, day in month, [line for line in lines if line.on == day]) for day in week.days()]
        for week in month.parts(PeriodKind.WEEK)
    ]


def _offer(form: SwapForm) -> SwapForm:
    return form.offer(list_reps(db.session, current_scope()))


def _duty_page(found: EveningDuty, form: SwapForm) -> str:
    scope = current_scope()
    return render_template(
        "evenings/duty.html",
        duty=found,
        form=_offer(form),
        is_over=found.day_on < scope.on,
        may_give=scope.role is Role.LEAD,
        is_own=found.rep_id == scope.user_id,
        user_id=scope.user_id,
    )
