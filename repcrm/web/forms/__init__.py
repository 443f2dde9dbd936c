"""Forms of the pages, one module a feature; here what all of them share."""

from collections.abc import Callable, Iterable
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the types

from repcrm.core.errors import BadInput, RepCRMError, RuleBroken
from repcrm.extensions import db
from repcrm.web.languages import say
from repcrm.web.terms import is_within_reach

LARGEST = 2**31 - 1
"""The largest whole number that a column holds."""


def choices(pairs: Iterable[tuple[object, str]]) -> list[SelectChoice]:
    """Return what a select, radio or multiple choice offers, of (value, words in the reader's language) pairs."""
    return [SelectChoice(str(value), words) for value, words in pairs]


class Form(FlaskForm):
    """A form that can show what a service refuses.

    if form.validate() and form.succeeds(lambda: service.rename(db.session, thing, form.name.data)):
        return redirect(...)
    return render_template(..., form=form), 422
    """

    result: Any = None
    """What the last successful action returned."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether everything was typed as it should be, in numbers and days that can be kept."""
        fine = super().validate(extra_validators)
        for field in self:
            if len(field.errors) > len(field.process_errors):
                field.errors = field.errors[len(field.process_errors) :]  # what the field asks for says more
            if isinstance(field, IntegerField) and abs(field.data or 0) > LARGEST:
                field.errors = [*field.errors, _("This number is too large.")]
                fine = False
            if isinstance(field, DateField) and field.data and not is_within_reach(field.data):
                field.errors = [*field.errors, _("This day is too far away.")]
                fine = False
        return fine

    def succeeds(self, action: Callable[[], Any]) -> bool:
        """Carry out an action of a service, or keep nothing of it and put its refusal beside the field.

        action   called inside a savepoint; what it returns is kept in `result`
        returns  False after RuleBroken or BadInput; NotFound and Conflict rise to their own page
        """
        try:
            with db.session.begin_nested():
                self.result = action()
        except (RuleBroken, BadInput) as error:
            self.refuse(error)
            return False
        return True

    def refuse(self, error: RepCRMError) -> None:
        """Show an error from below: beside the field it names, else on top."""
        words = say(error)
        if error.field and error.field in self._fields:
            field = self._fields[error.field]
            field.errors = [*field.errors, words]
        else:
            self.form_errors.append(words)
