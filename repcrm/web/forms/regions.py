"""Forms of the regions."""

from flask_babel import lazy_gettext as _l

from repcrm.web.forms import Form
from repcrm.web.forms.fields import words


class RegionForm(Form):
    """What a region is called."""

    name = words(_l("Name"), 100, required=_l("Enter the name."))


class NewRegionForm(RegionForm):
    """A new region."""

    code = words(_l("Code"), 32, required=_l("Enter the code."), description=_l("As in your files; it never changes."))
