"""Forms of the territories."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectMultipleField
from wtforms.validators import InputRequired

from repcrm.catalogue.models import Product
from repcrm.organisation.models import Region, Territory, User
from repcrm.web.forms import Form
from repcrm.web.forms.fields import ThingField, words
from repcrm.web.terms import is_within_reach

NOBODY = 0
"""In the place of a rep's key: the products are left without a rep."""


class HandOverForm(Form):
    """Products of a hospital handed over from a day on."""

    product_ids = SelectMultipleField(_l("Products"), [InputRequired(_l("Choose at least one product."))], coerce=int)
    rep_id = ThingField(
        _l("Given to"),
        validators=[InputRequired(_l("Choose a rep, or nobody."))],
        description=_l("Nobody: the products are without a rep from that day on."),
    )
    territory_id = ThingField(_l("Territory"))
    from_on = DateField(
        _l("From"),
        [InputRequired(_l("Enter the day."))],
        description=_l("Days before it keep their rep, and so do their figures."),
    )
    reason = words(_l("Reason"), 200, required=_l("Enter the reason: it stands in the journal."))

    def offer(self, products: list[Product], reps: list[User], territories: list[Territory]) -> "HandOverForm":
        """Fill the lists to choose from."""
        self.product_ids.choices = [(product.id, product.name) for product in products]
        self.rep_id.offer([*((rep.id, rep.name) for rep in reps), (NOBODY, _("nobody"))], blank=_("choose"))
        self.territory_id.offer([(territory.id, territory.name) for territory in territories])
        return self


class DayForm(Form):
    """The day whose territories are looked at."""

    class Meta:
        csrf = False

    on = DateField(_l("Day"))

    def day(self, today: date) -> date:
        """Return the day typed, today where it cannot be read."""
        return self.on.data if self.on.data and is_within_reach(self.on.data) else today


class TerritoryForm(Form):
    """A new territory."""

    code = words(_l("Code"), 32, required=_l("Enter the code."), description=_l("As in your files; it never changes."))
    name = words(_l("Name"), 100, required=_l("Enter the name."))
    region_id = ThingField(_l("Region"), validators=[InputRequired(_l("Choose the region."))])

    def offer(self, regions: list[Region]) -> "TerritoryForm":
        """Fill the list to choose from."""
        self.region_id.offer([(region.id, region.name) for region in regions])
        return self
