"""Forms of the listing pipeline."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional

from repcrm.accounts.listing import ListingStage
from repcrm.web.forms import Form
from repcrm.web.forms.fields import TermField, paragraph, version

NO_LESS = NumberRange(min=0, max=1_000_000)


class StageForm(Form):
    """A move in the listing pipeline."""

    version = version()
    stage = SelectField(_l("Goes to"), [InputRequired(_l("Choose where it goes."))])
    moved_on = DateField(_l("Since"), [InputRequired(_l("Enter the day."))])

    def offer(self, stages: tuple[ListingStage, ...], today: date) -> "StageForm":
        """Fill the list to choose from; the day is today unless another was typed."""
        self.stage.choices = [(stage.value, _(stage.label)) for stage in stages]
        self.moved_on.data = self.moved_on.data or today
        return self


class ListingForm(Form):
    """What is known of a product in a hospital, besides the stage."""

    version = version()
    potential_packs = IntegerField(
        _l("Potential"),
        [Optional(), NO_LESS],
        description=_l("Packs a month the hospital could use, as you estimate it."),
    )
    competitor_note = paragraph(
        _l("Competitors here"), description=_l("Which ones the hospital uses instead, and why.")
    )


class OpenListingForm(Form):
    """A product begun to be followed in a hospital."""

    stage = TermField(_l("Stage"), ListingStage, default=ListingStage.NOT_LISTED)
    since_on = DateField(_l("Since"), [InputRequired(_l("Enter the day."))])
