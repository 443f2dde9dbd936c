"""Forms of signing in and of the person's own page."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, SelectField, StringField
from wtforms.validators import EqualTo, InputRequired, Length, Optional

from repcrm.organisation.passwords import LONGEST
from repcrm.web.forms import Form, choices
from repcrm.web.languages import LANGUAGES


class SignInForm(Form):
    """User name and password."""

    username = StringField(
        _l("User name"),
        [InputRequired(_l("Enter your user name.")), Length(max=64)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        _l("Password"),
        [InputRequired(_l("Enter your password.")), Length(max=LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()


class LanguageForm(Form):
    """The language the product speaks to one person."""

    language = SelectField(
        _l("Language"), [Optional()], choices=choices([("", _l("Like my browser")), *LANGUAGES.items()]), default=""
    )


class PasswordForm(Form):
    """A new password, confirmed with the old one."""

    current = PasswordField(
        _l("Current password"),
        [InputRequired(_l("Enter your current password.")), Length(max=LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )
    password = PasswordField(
        _l("New password"),
        [InputRequired(_l("Enter a new password."))],
        description=_l("At least 12 characters, without your user name in it."),
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        _l("New password again"),
        [EqualTo("password", _l("The two new passwords differ."))],
        render_kw={"autocomplete": "new-password"},
    )
