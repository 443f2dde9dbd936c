"""Forms of the evening rounds."""

from datetime import date, timedelta

from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField
from wtforms.validators import InputRequired, NumberRange

from repcrm.diary.rota import EVENINGS_A_WEEK
from repcrm.organisation.models import User
from repcrm.web.forms import Form
from repcrm.web.forms.fields import ThingField, version

MOST_WEEKS = 13


class ShareForm(Form):
    """Which weeks are shared out, and how many evenings one rep takes at most."""

    from_on = DateField(_l("From"), [InputRequired(_l("Enter the day."))])
    weeks = IntegerField(
        _l("Weeks"), [InputRequired(_l("Enter the number of weeks.")), NumberRange(1, MOST_WEEKS)], default=4
    )
    most_a_week = IntegerField(
        _l("Evenings a week, at most"), [InputRequired(_l("Enter a number."))], default=EVENINGS_A_WEEK
    )

    def span(self) -> tuple[date, date]:
        """The days of a valid form, half-open."""
        assert self.from_on.data is not None
        assert self.weeks.data is not None
        return self.from_on.data, self.from_on.data + timedelta(weeks=self.weeks.data)


class SwapForm(Form):
    """Who takes an evening instead."""

    version = version()
    rep_id = ThingField(_l("Who goes"), validators=[InputRequired(_l("Choose the rep."))])

    def offer(self, reps: list[User]) -> "SwapForm":
        """Fill the list to choose from."""
        self.rep_id.offer([(rep.id, rep.name) for rep in reps])
        return self
