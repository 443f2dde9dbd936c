"""The page that shows every component in every state, and the choice between light and dark."""

from datetime import date, time
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    Field,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, NumberRange

from repcrm.accounts.models import Session
from repcrm.core.workdays import Doubt, YearState
from repcrm.organisation.access import Permission
from repcrm.web.addresses import own_page
from repcrm.web.components import THEME_COOKIE, THEMES, flash_with_undo
from repcrm.web.forms import choices
from repcrm.web.forms.fields import SlotsField
from repcrm.web.guards import public, requires
from repcrm.web.security import is_https

bp = Blueprint("design", __name__)

A_YEAR = 365 * 24 * 3600
MONDAY = date(2026, 11, 23)
DOUBTFUL = (Doubt(2027, YearState.PROVISIONAL), Doubt(2028, YearState.MISSING))


class SampleForm(FlaskForm):
    """One field of each kind."""

    name = StringField(
        _l("Name"), [InputRequired(_l("Enter a name."))], description=_l("As on the door of the clinic.")
    )
    packs = IntegerField(_l("Packs"), [NumberRange(0, 9999, _l("Enter a number from 0 to 9,999."))])
    on = DateField(_l("Date"), default=MONDAY)
    at = TimeField(_l("Time"), default=time(9, 30))
    department = SelectField(_l("Department"), choices=choices([("1", _l("Cardiology")), ("2", _l("Emergency"))]))
    notes = TextAreaField(_l("Notes"))
    password = PasswordField(_l("Password"))
    result = RadioField(
        _l("Result"),
        choices=choices([("met", _l("goal met")), ("partly", _l("partly")), ("missed", _l("not met"))]),
        validators=[InputRequired(_l("Choose a result."))],
    )
    slots = SlotsField(_l("Can be met"))
    purposes = SelectMultipleField(
        _l("Purposes"), choices=choices([("a", _l("increase use")), ("b", _l("solve a problem"))])
    )
    joint = BooleanField(_l("The lead came along"))


@bp.get("/design")
@requires(Permission.MANAGE_USERS)
def page() -> ResponseReturnValue:
    """Show every component in every state."""
    refused = SampleForm(meta={"csrf": False}, formdata=None, prefix="refused", packs=-4)
    _refuse(refused, {"name": _("Enter a name."), "packs": _("Enter a number from 0 to 9,999.")})
    _refuse(refused, {"result": _("Choose a result.")})
    if request.args.get("toasts"):
        _flash_samples()
    filled = SampleForm(
        meta={"csrf": False},
        formdata=None,
        name=_("Cardiology"),
        packs=120,
        result="met",
        purposes=["a"],
        slots=["1-am", "3-pm"],
    )  # fmt: skip
    return render_template(
        "design/page.html",
        filled=filled,
        refused=refused,
        clinic={(1, Session.AM), (3, Session.PM)},
        doubts=DOUBTFUL,
        **_samples(),
    )


@bp.get("/design/options")
@requires(Permission.MANAGE_USERS)
def options() -> ResponseReturnValue:
    """Answer the sample combobox."""
    wanted = request.args.get("q", "").casefold()
    found = [(key, name) for key, name in enumerate(map(str, _departments()), 1) if wanted in name.casefold()]
    return render_template("design/_options.html", options=found)


@bp.post("/theme")
@public
def theme() -> ResponseReturnValue:
    """Remember light, dark or as the device in this browser, and go back."""
    chosen = request.form.get("theme", "auto")
    response = redirect(own_page(request.form.get("next")))
    if chosen in THEMES:
        response.set_cookie(THEME_COOKIE, chosen, max_age=A_YEAR, samesite="Lax", secure=is_https(current_app))
    return response


def _refuse(form: SampleForm, errors: dict[str, str]) -> None:
    for name, words in errors.items():
        field: Field = form[name]
        field.errors = [words]


def _flash_samples() -> None:
    flash_with_undo(_("Call saved."), url_for("design.theme"), theme="auto")
    flash(_("The week is not complete yet."), "warning")
    flash(_("Somebody else saved meanwhile"), "error")
    flash(_("Data up to 22 November"), "info")


def _departments() -> list[str]:
    return [_("Cardiology"), _("Emergency"), _("Respiratory medicine")]


def _samples() -> dict[str, Any]:
    """Return the values the samples on the page show."""
    states = [
        (_("Mon"), "reviewed", _("Monday: reviewed")),
        (_("Tue"), "submitted", _("Tuesday: submitted")),
        (_("Wed"), "returned", _("Wednesday: sent back")),
        (_("Thu"), "missing", _("Thursday: missing")),
        (_("Fri"), "draft", _("Friday: draft")),
    ]
    days = [
        {"text": text, "state": state, "words": words, "href": "#week-dots", "current": state == "draft"}
        for text, state, words in states
    ]
    bridge = [
        {"label": _("Gap last week"), "value": 240, "text": "240", "total": True},
        {"label": _("Late flow"), "value": -60, "text": "−60"},
        {"label": _("Missed calls"), "value": 95, "text": "+95"},
        {"label": _("Gap this week"), "value": 275, "text": "275", "total": True},
    ]
    return {"days": days, "bridge_steps": bridge, "monday": MONDAY, "departments": _departments()}
