"""Forms of the catalogue."""

from decimal import Decimal

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, DecimalField, IntegerField
from wtforms.validators import InputRequired, NumberRange

from repcrm.catalogue.models import PackUnit, Product
from repcrm.catalogue.service import ProductFacts
from repcrm.web.forms import Form
from repcrm.web.forms.fields import TermField, version, words


class _FactsForm(Form):
    """What is known of a product."""

    name = words(_l("Name"), 100, required=_l("Enter the name."))
    pack_size = words(
        _l("Pack"), 60, required=_l("Enter what stands on the pack."), description=_l("Such as 10 mg x 28.")
    )
    unit = TermField(_l("Unit"), PackUnit, default=PackUnit.BOX)
    is_active = BooleanField(_l("Sold"), default=True)
    in_uptake = BooleanField(_l("Being built up"), description=_l("Watched week by week."))

    def facts(self) -> ProductFacts:
        """Return what was typed, as the service takes it."""
        return ProductFacts(**{name: self[name].data for name in ProductFacts.__dataclass_fields__})


class NewProductForm(_FactsForm):
    """A new product."""

    code = words(_l("Code"), 32, required=_l("Enter the code."), description=_l("As in your files; it never changes."))


class ProductForm(_FactsForm):
    """A product on file."""

    version = version()

    @classmethod
    def of(cls, product: Product) -> "ProductForm":
        """Fill the form with what is on file."""
        return cls(formdata=None, obj=product)


class PriceForm(Form):
    """A price from a day on."""

    price = DecimalField(
        _l("Price of a pack in yuan"),
        [InputRequired(_l("Enter the price.")), NumberRange(min=Decimal("0.01"), max=1_000_000)],
        places=2,
    )
    from_on = DateField(_l("From"), [InputRequired(_l("Enter the day."))])

    @property
    def price_fen(self) -> int:
        """The price in fen; a third decimal is rounded."""
        return int((Decimal(self.price.data or 0) * 100).to_integral_value())


class CompetitorForm(Form):
    """Another company's product."""

    name = words(_l("Name"), 100, required=_l("Enter the name."))
    maker = words(_l("Maker"), 100)


class ConversionForm(Form):
    """How many packs a unit holds, from a day on."""

    unit = words(_l("Unit"), 20, required=_l("Enter the unit."), description=_l("Such as case or tablet."))
    packs_num = IntegerField(_l("Packs"), [InputRequired(_l("Enter the packs.")), NumberRange(min=1)], default=1)
    packs_den = IntegerField(
        _l("In how many units"), [InputRequired(_l("Enter the number of units.")), NumberRange(min=1)], default=1
    )
    from_on = DateField(_l("From"), [InputRequired(_l("Enter the day."))])


class EndForm(Form):
    """The day from which a conversion no longer holds."""

    until_on = DateField(_l("Until"), [InputRequired(_l("Enter the day."))])
