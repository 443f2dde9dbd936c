"""Forms of the Monday meeting: an action, what became of one, the notes."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import DateField
from wtforms.validators import InputRequired

from repcrm.meeting.service import Decision
from repcrm.organisation.models import User
from repcrm.web.forms import Form
from repcrm.web.forms.fields import ThingField, paragraph, version, words

LONGEST = 500


class DecideForm(Form):
    """What, who, until when, and where."""

    what = words(_l("What is to be done"), LONGEST, required=_l("Say what is to be done."))
    owner_id = ThingField(_l("Who does it"), validators=[InputRequired(_l("Choose who does it."))])
    due_on = DateField(_l("Until when"), [InputRequired(_l("Choose the day."))])
    hospital_id = ThingField(_l("Hospital"))

    def offer(self, people: Iterable[User], hospitals: list[tuple[int, str]]) -> "DecideForm":
        """Fill the lists to choose from."""
        self.owner_id.offer([(one.id, one.name) for one in people], blank="–")
        self.hospital_id.offer(hospitals, blank=_l("no hospital"))
        return self

    def decision(self) -> Decision:
        """What a valid form decides."""
        assert self.due_on.data is not None
        return Decision(self.what.data or "", self.owner_id.data, self.due_on.data, self.hospital_id.data)


class NotesForm(Form):
    """What was said."""

    version = version()
    notes = paragraph(_l("Notes"), 8000)


class VersionForm(Form):
    """The version that was shown, for a step that says nothing more."""

    version = version()


class FinishForm(Form):
    """What came of an action."""

    version = version()
    outcome = words(_l("What came of it"), LONGEST)


class DropForm(Form):
    """Why an action is dropped."""

    version = version()
    reason = words(_l("Why it is dropped"), LONGEST, required=_l("Say why it is dropped."))


class CarryForm(Form):
    """Until when an action is carried on."""

    version = version()
    due_on = DateField(_l("Until when"), [InputRequired(_l("Choose the day."))])
