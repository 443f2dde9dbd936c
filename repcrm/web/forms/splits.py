"""Forms of the splits."""

from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from repcrm.core.errors import BadInput
from repcrm.targets.attribution import DEFAULT_FACTORS
from repcrm.targets.grid import read_packs
from repcrm.targets.service import Share
from repcrm.web.forms import Form
from repcrm.web.languages import say


class SplitForm(Form):
    """A hospital's split: a box for each doctor's part, a lock beside it."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.typed = dict(_numbered("part:"))
        self.locks = {doctor_id for doctor_id, _text in _numbered("keep:")}
        self.wrong: dict[int, str] = {}

    def parts(self) -> dict[int, int]:
        """Doctor -> packs; boxes left empty are not in it, what cannot be read is noted in `wrong`."""
        found = {}
        for doctor_id, text in self.typed.items():
            try:
                packs = read_packs(text)
            except BadInput as error:
                self.wrong[doctor_id] = say(error)
                continue
            if packs is not None:
                found[doctor_id] = packs
        return found

    def shares(self) -> list[Share]:
        """The parts as the service takes them."""
        return [Share(doctor_id, packs, doctor_id in self.locks) for doctor_id, packs in self.parts().items()]


class VerdictForm(Form):
    """Approving a split or sending it back."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    comment = TextAreaField(_l("Comment for the rep"), [Optional(), Length(max=500)])


class FactorsForm(Form):
    """How much each adoption rating weighs, in per mille."""

    def factors(self) -> dict[int, int]:
        """Rating -> permille as entered."""
        return {rating: self[f"factor_{rating}"].data or 0 for rating in DEFAULT_FACTORS}

    def shown(self) -> dict[int, int]:
        """Rating -> permille as it was shown."""
        return {rating: _whole(request.form.get(f"shown_{rating}")) for rating in DEFAULT_FACTORS}


def _factor_field(rating: int) -> IntegerField:
    label = _l("Rating %(rating)s", rating=rating) if rating else _l("Not rated")
    return IntegerField(
        label,
        [
            InputRequired(_l("Enter a whole number from 0 to 1000.")),
            NumberRange(0, 1000, _l("Enter a whole number from 0 to 1000.")),
        ],
    )


for _rating in DEFAULT_FACTORS:
    setattr(FactorsForm, f"factor_{_rating}", _factor_field(_rating))


def _numbered(prefix: str) -> list[tuple[int, str]]:
    return [(_whole(name.removeprefix(prefix)), text) for name, text in request.form.items() if name.startswith(prefix)]


def _whole(text: str | None) -> int:
    if not text or not text.isascii() or not text.isdigit() or len(text) > 9:
        raise BadInput(_("The form did not arrive whole. Load the page again."))
    return int(text)
