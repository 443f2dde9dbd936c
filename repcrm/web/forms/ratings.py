"""The form of a doctor's ratings."""

from collections.abc import Iterable
from datetime import date

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField
from wtforms.validators import InputRequired, ValidationError

from repcrm.web.forms import Form
from repcrm.web.forms.fields import words
from repcrm.web.terms import number_of


class RateForm(Form):
    """Ratings of several products at once; each product is a row of radio buttons named `product-<id>`."""

    rated_on = DateField(_l("As of"), [InputRequired(_l("Enter the day."))])
    reason = words(_l("Why"), 200, description=_l("What you saw or heard; it stands in the journal."))

    def __init__(self, today: date, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.today = today
        self.rated_on.data = self.rated_on.data or today

    def validate_rated_on(self, field: DateField) -> None:
        """Refuse a day that is still to come."""
        if field.data and field.data > self.today:
            raise ValidationError(_("That day is still to come."))

    @staticmethod
    def typed(product_id: int, current: int | None) -> int | None:
        """Return what was chosen for a product; what was current where nothing was sent."""
        text = request.form.get(f"product-{product_id}")
        if text is None:
            return current
        return number_of(text)

    @classmethod
    def shown(cls, product_id: int, current: int | None) -> int | None:
        """Return what to show as chosen: what was typed, if it is on the scale."""
        rating = cls.typed(product_id, current)
        return rating if rating in range(1, 8) else None

    @classmethod
    def changed(cls, products: Iterable[int], current: dict[int, int]) -> dict[int, int]:
        """Return the ratings that differ from the current ones: product id -> rating.

        A rating cannot be unsaid: "not rated" where there is one leaves it alone.
        """
        chosen = {product_id: cls.typed(product_id, current.get(product_id)) for product_id in products}
        return {
            product_id: rating
            for product_id, rating in chosen.items()
            if rating is not None and rating != current.get(product_id)
        }
