"""Forms of the call plan: a slot chosen, a visit named, a reason given."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, StringField
from wtforms.validators import AnyOf, InputRequired, Optional, ValidationError
from wtforms.widgets import HiddenInput

from repcrm.accounts.models import Session as DayPart
from repcrm.web.forms import Form
from repcrm.web.forms.fields import words
from repcrm.web.terms import day_of, member_of


class SlotField(StringField):
    """A slot such as 2026-12-01.am: the day and its part."""

    day_on: date
    part: DayPart

    def pre_validate(self, form: Any) -> None:
        """Refuse what is no slot."""
        day, _dot, part = (self.data or "").partition(".")
        day_on, part_of_day = day_of(day), member_of(DayPart, part)
        if day_on is None or part_of_day is None:
            raise ValidationError(_("Choose a slot."))
        self.day_on, self.part = day_on, part_of_day


class VersionForm(Form):
    """The version of the plan the reader saw; 0 of one that was not begun."""

    version = IntegerField(validators=[InputRequired(_l("Load the page again."))], widget=HiddenInput())

    @property
    def seen(self) -> int:
        """The version to hold the plan against: one that was not begun has its first by the time it is changed."""
        return self.version.data or 1


class VisitForm(VersionForm):
    """A visit of the plan: the doctor, the day it stands on, and the part of the day it stood in, to undo it."""

    doctor_id = IntegerField(validators=[InputRequired()], widget=HiddenInput())
    on = DateField(validators=[InputRequired()], widget=HiddenInput())
    was = StringField(validators=[Optional(), AnyOf([part.value for part in DayPart])], widget=HiddenInput())
    reason = words(_l("Why the plan should change"), 200)
    """Needed while the lead has locked the plan."""


class PutForm(VisitForm):
    """A slot for a doctor; `on` is the day of the visit that moves there, without it the visit is a new one."""

    on = DateField(validators=[Optional()], widget=HiddenInput())
    slot = SlotField()


class PinForm(VisitForm):
    """Whether a visit is agreed with the doctor."""

    pinned = BooleanField(false_values=("", "false"))


class AnswerForm(Form):
    """The lead's answer to a change that was asked for."""

    granted = BooleanField(false_values=("", "false"))
    answer = words(_l("Answer to the rep"), 200)
