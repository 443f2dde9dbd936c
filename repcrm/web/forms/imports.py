"""Form of the import page: a file, what it brings, and for flow whose and of when."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired, Length

from repcrm.sales.models import ImportKind
from repcrm.web.forms import Form, choices


class FileForm(Form):
    """A file to read."""

    kind = RadioField(_l("What the file brings"), [InputRequired(_l("Choose what the file brings."))])
    file = FileField(_l("File"), [FileRequired(_l("Choose a file."))])
    source = StringField(
        _l("Distributor"), [Length(max=60)], description=_l("For flow; may be left empty if the file names it.")
    )
    period = StringField(
        _l("Period"),
        [Length(max=10)],
        description=_l("For flow, such as 2026-11 or 2026-W47; left empty, it is the month of the days in the file."),
    )

    def offer(self) -> "FileForm":
        """Fill the list to choose from, flow first: it comes every week."""
        kinds = sorted(ImportKind, key=lambda kind: kind is not ImportKind.FLOW)
        self.kind.choices = choices((kind.value, _(kind.label)) for kind in kinds)
        return self
