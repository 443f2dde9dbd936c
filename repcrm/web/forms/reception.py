"""Forms of what holds for hospitals and ways: reception hours, evening rounds, minutes between two."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectMultipleField
from wtforms.validators import InputRequired

from repcrm.web.filters import names_of_weekdays
from repcrm.web.forms import Form
from repcrm.web.forms.fields import SlotsField, ThingField


class ReceptionForm(Form):
    """When a hospital receives reps, and on which evenings somebody of the team is there."""

    slots = SlotsField(_l("Reception hours"))
    rounds = SelectMultipleField(
        _l("Evening rounds"),
        coerce=int,
        choices=lambda: list(enumerate(names_of_weekdays(range(1, 8)), 1)),
        description=_l("On these evenings one rep of the team is there."),
    )


class WayForm(Form):
    """Minutes between two hospitals."""

    one_id = ThingField(_l("Hospital"), validators=[InputRequired(_l("Choose the hospital."))])
    other_id = ThingField(_l("Other hospital"), validators=[InputRequired(_l("Choose the hospital."))])
    minutes = IntegerField(_l("Minutes"), [InputRequired(_l("Enter how long it takes."))])

    def offer(self, hospitals: list[tuple[int, str]]) -> "WayForm":
        """Fill the lists to choose from."""
        for field in (self.one_id, self.other_id):
            field.offer(hospitals, blank="–")
        return self
