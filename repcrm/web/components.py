"""What the macros of templates/components ask of Python: drawings, the errors of a form, the theme."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask import Blueprint, flash, request
from wtforms import Field, Form

from repcrm.accounts.models import Session
from repcrm.core.periods import days_between
from repcrm.core.words import N_
from repcrm.web import drawing

bp = Blueprint("components", __name__)

THEMES = {"auto": N_("As the device"), "light": N_("Light"), "dark": N_("Dark")}
"""Theme -> its words; the choice lives in a cookie of this browser."""
THEME_COOKIE = "theme"

bp.add_app_template_global(drawing.draw_bullet)
bp.add_app_template_global(drawing.draw_sparkline)
bp.add_app_template_global(drawing.draw_bridge)
bp.add_app_template_global(N_, "N_")


@bp.app_template_global()
def themes() -> dict[str, str]:
    """Return the themes one may choose, each with its words."""
    return THEMES


@bp.app_template_global()
def chosen_theme() -> str:
    """Return the theme this browser chose: auto, light or dark."""
    theme = request.cookies.get(THEME_COOKIE, "auto")
    return theme if theme in THEMES else "auto"


@bp.app_template_global()
def weekdays() -> list[date]:
    """Return a Monday to Sunday, only to be read as weekdays."""
    return days_between(date(2024, 1, 1), date(2024, 1, 8))


@bp.app_template_global()
def day_parts() -> list[Session]:
    """Return the parts of a day."""
    return list(Session)


def flash_with_undo(text: str, undo_url: str, **fields: object) -> None:
    """Say on the next page what has happened, with a button that takes it back.

    undo_url  a POST; it is sent the fields
    """
    flash({"text": text, "undo_url": undo_url, "fields": fields}, "success")  # type: ignore[arg-type]  # kept as JSON


@bp.app_template_global()
def choices_of(field: Any) -> list[tuple[str, str]]:
    """Return (value, words) of what a field of choices offers."""
    return [(str(value), label) for value, label, *_ in field.iter_choices()]


@bp.app_template_global()
def chosen_in(field: Any) -> list[str]:
    """Return the values chosen in a field of choices."""
    return [str(value) for value, _, is_chosen, *_ in field.iter_choices() if is_chosen]


@bp.app_template_global()
def form_errors(form: Form) -> list[tuple[str, str | None]]:
    """Return (words, address of the field) of everything wrong with a form, in the order of its fields.

    The first thing of each field: the same that stands beside it.
    """
    return [(message, None) for message in form.form_errors] + list(_errors_of(form))


def _errors_of(fields: Iterable[Field]) -> Iterable[tuple[str, str | None]]:
    for field in fields:
        if hasattr(field, "entries"):
            yield from _errors_of(field.entries)
        elif hasattr(field, "form"):
            yield from _errors_of(field.form)
        if not isinstance(field.errors, Mapping):
            said = [message for message in field.errors if not isinstance(message, Mapping | list | tuple)]
            if said:
                yield said[0], f"#{field.id}"
