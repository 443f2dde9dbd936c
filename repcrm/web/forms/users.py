"""Forms of the user administration."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, Regexp
from wtforms.widgets import HiddenInput

from repcrm.organisation.access import Role
from repcrm.organisation.models import Region
from repcrm.web.forms import Form, choices


def _region_id(value: Any) -> int | None:
    return int(value) if value else None


class FactsForm(Form):
    """What a person is called."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    code = StringField(
        _l("Staff code"),
        [InputRequired(_l("Enter the staff code.")), Length(max=32)],
        description=_l("As in your files."),
    )
    name = StringField(_l("Name"), [InputRequired(_l("Enter the name.")), Length(max=100)])


class _HasRole(Form):
    """A role, and the region that goes with it."""

    role = SelectField(_l("Role"), [InputRequired()])
    region_id = SelectField(_l("Region"), [Optional()], coerce=_region_id, description=_l("Of a rep or regional lead."))

    def offer(self, regions: list[Region]) -> "_HasRole":
        """Fill the lists to choose from."""
        self.role.choices = choices((role.value, _(role.label)) for role in Role)
        self.region_id.choices = choices([("", _("none")), *((region.id, region.name) for region in regions)])
        return self


class NewUserForm(_HasRole):
    """A new person."""

    code = StringField(
        _l("Staff code"),
        [InputRequired(_l("Enter the staff code.")), Length(max=32)],
        description=_l("As in your files."),
    )
    name = StringField(_l("Name"), [InputRequired(_l("Enter the name.")), Length(max=100)])
    username = StringField(
        _l("User name"),
        [
            InputRequired(_l("Enter a user name.")),
            Length(max=64),
            Regexp(r"[A-Za-z0-9._@-]+\Z", message=_l("Use letters, digits and . _ - @ only.")),
        ],
        description=_l("To sign in with; cannot be changed later."),
        render_kw={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"},
    )


class RoleForm(_HasRole):
    """Another role or region, with the reason."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    reason = TextAreaField(_l("Reason"), [InputRequired(_l("Say why: the journal keeps it.")), Length(max=500)])


class AccessForm(Form):
    """Shutting a person out or letting them in, with the reason."""

    reason = TextAreaField(_l("Reason"), [InputRequired(_l("Say why: the journal keeps it.")), Length(max=500)])
