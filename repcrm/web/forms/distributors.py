"""Forms of the distributor pages."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, SelectMultipleField
from wtforms.validators import InputRequired, NumberRange

from repcrm.organisation.models import Region
from repcrm.sales.distributors import DistributorFacts
from repcrm.sales.models import DeliveryRhythm, Distributor, DistributorTier, Intake
from repcrm.web.forms import Form, choices
from repcrm.web.forms.fields import TermField, version, words


class _FactsForm(Form):
    """What is known of a distributor."""

    name = words(_l("Distributor name"), 100, required=_l("Enter the distributor’s name."))
    tier = TermField(_l("Tier"), DistributorTier, default=DistributorTier.FIRST)
    rhythm = TermField(_l("Sends sales"), DeliveryRhythm, default=DeliveryRhythm.MONTHLY)
    due_day = IntegerField(
        _l("Due day"),
        [InputRequired(_l("Enter the day.")), NumberRange(min=1, max=28)],
        default=5,
        description=_l(
            "Monthly: day of the next month, 1 to 28. Weekly: weekday of the next week, 1 Monday to 7 Sunday."
        ),
    )
    region_ids = SelectMultipleField(
        _l("Sales area"), coerce=int, description=_l("Regions it may deliver to. None chosen: everywhere.")
    )
    intake = TermField(_l("Files that arrive by themselves"), Intake, default=Intake.PREVIEW)
    needs_second_person = BooleanField(
        _l("A second person applies its files"),
        description=_l("Someone other than the person who uploaded or prepared them."),
    )
    is_active = BooleanField(_l("Active"), default=True)

    def facts(self) -> DistributorFacts:
        """Return what was typed, as the service takes it."""
        return DistributorFacts(**{name: self[name].data for name in DistributorFacts.__dataclass_fields__})

    def offer(self, regions: list[Region]) -> "_FactsForm":
        """Fill the list to choose from."""
        self.region_ids.choices = choices((region.id, region.name) for region in regions)
        return self


class NewDistributorForm(_FactsForm):
    """A new distributor."""

    code = words(_l("Code"), 32, required=_l("Enter the code."), description=_l("As in your files; it never changes."))


class DistributorForm(_FactsForm):
    """A distributor on file."""

    version = version()

    @classmethod
    def of(cls, distributor: Distributor, area: list[Region]) -> "DistributorForm":
        """Fill the form with what is on file."""
        return cls(formdata=None, obj=distributor, region_ids=[region.id for region in area])


class OtherNameForm(Form):
    """Another name of a distributor, as files have it."""

    spelling = words(_l("Other name"), 200, required=_l("Enter the name as the file has it."))


class TokenForm(Form):
    """A token of the direct connection."""

    label = words(
        _l("What the token is for"), 60, required=_l("Enter what the token is for."),
        description=_l("Such as the name of the system that sends the files."),
    )  # fmt: skip
