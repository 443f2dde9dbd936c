"""How calls are planned: a region's rules, which its lead sees and sets, and the company's ceiling on contact."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from repcrm.calls.queries import find_ceiling_row
from repcrm.calls.service import set_ceiling
from repcrm.core import clock
from repcrm.extensions import db
from repcrm.organisation.access import Permission
from repcrm.planning import queries, service
from repcrm.planning.policy import RATINGS, RULES
from repcrm.planning.value import marginal_values, worth
from repcrm.web.forms.planning_settings import CeilingForm, RulesForm
from repcrm.web.guards import requires, writes
from repcrm.web.identity import current_scope

bp = Blueprint("planning_settings", __name__)

GROUPS = (
    (lambda: _("The day"), ("am_minutes", "pm_minutes", "eve_minutes", "calls_a_day", "evenings_a_week")),
    (
        lambda: _("Calls and ways"),
        (
            "call_minutes", "entry_minutes", "hospitals_a_session", "hop_minutes", "noon_break_minutes",
            "evening_break_minutes",
        ),
    ),
    (
        lambda: _("How often"),
        (
            "key_goal_calls", "key_must_calls", "key_spacing_days", "key_calls_a_week", "general_spacing_days",
            "general_calls_a_week",
        ),
    ),
    (
        lambda: _("What weighs how much"),
        (
            "least_worth_yuan", "pull_permille", "evenness_permille", "travel_price_an_hour", "evening_price",
            "must_price",
        ),
    ),
)  # fmt: skip
EXAMPLE_FEN = 200_000
"""Missing of the quota of the doctor who serves as example: 2,000 yuan."""


@bp.get("/plan/settings")
@requires(Permission.LEAD_PLANS)
def rules() -> ResponseReturnValue:
    """Show the rules of the lead's region."""
    kept = queries.find_rules(db.session, current_scope())
    policy = queries.get_policy(db.session, current_scope())
    return _page(RulesForm.of(policy, kept.version if kept else 0))


@bp.post("/plan/settings")
@requires(Permission.LEAD_PLANS)
@writes
def save_rules() -> ResponseReturnValue:
    """Set the rules of the lead's region; refused beside the field where nobody could plan by them."""
    form = RulesForm()
    if form.validate() and form.succeeds(
        lambda: service.set_policy(
            db.session, current_scope(), form.policy(), now=clock.now(), seen_version=form.version.data or 0
        )
    ):
        flash(_("The rules are saved. They hold for what is proposed from now on."), "success")
        return redirect(url_for(".rules"))
    return _page(form), 422


@bp.get("/plan/ceiling")
@requires(Permission.SET_CEILING)
def ceiling() -> ResponseReturnValue:
    """Show the company's ceiling on contact."""
    row = find_ceiling_row(db.session, current_scope())
    form = CeilingForm(formdata=None, version=row.version if row else 0, obj=row)
    return render_template("planning_settings/ceiling.html", form=form)


@bp.post("/plan/ceiling")
@requires(Permission.SET_CEILING)
@writes
def save_ceiling() -> ResponseReturnValue:
    """Set the company's ceiling on contact, or lift it."""
    form = CeilingForm()
    if form.validate() and form.succeeds(
        lambda: set_ceiling(
            db.session, current_scope(), form.ceiling(), now=clock.now(), seen_version=form.version.data or 0
        )
    ):
        flash(_("The ceiling is saved."), "success")
        return redirect(url_for(".ceiling"))
    return render_template("planning_settings/ceiling.html", form=form), 422


def _page(form: RulesForm) -> str:
    groups = [(title(), [(form[name], _(RULES[name].unit) if RULES[name].unit else "") for name in names])
              for title, names in GROUPS]  # fmt: skip
    return render_template("planning_settings/rules.html", form=form, groups=groups, ratings=RATINGS, curve=_curve())


def _curve() -> list[tuple[str, int, list[float]]]:
    """What calls on an example doctor of each rating are worth, by the rules that hold: shown beside the numbers."""
    policy = queries.get_policy(db.session, current_scope())
    lines = []
    for rating in RATINGS:
        total = worth(
            EXAMPLE_FEN, policy.least_worth_yuan * 100, policy.worths[rating].headroom_permille, policy.pull_permille
        )
        goal = policy.goal(False, rating)
        lines.append((str(rating) if rating else _("not rated"), goal, list(marginal_values(total, goal))))
    return lines
