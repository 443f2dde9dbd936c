"""Forms of the gap reports: which period to freeze, and why one is frozen again."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from repcrm.web.forms import Form


class FreezeForm(Form):
    """A period that is over."""

    period = StringField(_l("Period"), [InputRequired(), Length(max=10)])


class ReviseForm(Form):
    """Why a report is frozen again."""

    reason = TextAreaField(_l("Reason"), [InputRequired(), Length(max=500)])
