"""Forms of the splits."""

import json
from collections.abc import Mapping
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from repcrm.core.errors import BadInput
from repcrm.targets.attribution import DEFAULT_FACTORS
from repcrm.targets.grid import read_packs
from repcrm.targets.service import Share
from repcrm.targets.split import Meeting, Part, meet
from repcrm.web.forms import Form
from repcrm.web.languages import say


class SplitForm(Form):
    """A hospital's split: a box for each doctor's part, a lock beside it, and what was shown in them."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    shown = HiddenField()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.base = _read_shown(self.shown.data)
        self.typed = dict(_numbered("part:"))
        self.locks = {doctor_id for doctor_id, _text in _numbered("keep:")}
        self.wrong: dict[int, str] = {}
        self.clashes: dict[int, Part] = {}
        """Doctor -> what somebody else has saved, where both have changed a part."""
        self._choose(dict(_numbered("pick:")))

    def meet(self, saved: Mapping[int, Part], version: int) -> Meeting:
        """Take note of what somebody else has saved, so that the next attempt is about that.

        Parts that only the other one has changed are taken over; the page says which.
        """
        mine = {doctor_id: Part(packs, doctor_id in self.locks) for doctor_id, packs in self.parts().items()}
        meeting = meet(self.base, mine, saved)
        for doctor_id in meeting.theirs:
            self._take(doctor_id, saved.get(doctor_id, Part()))
        self.clashes = {doctor_id: saved.get(doctor_id, Part()) for doctor_id in meeting.clashes}
        self.base = dict(saved)
        self.version.data, self.version.raw_data = version, None  # a field shows what was sent before what it holds
        return meeting

    def _choose(self, picks: Mapping[int, str]) -> None:
        """Settle the parts that the last answer asked about."""
        for doctor_id, _text in _numbered("clash:"):
            if picks.get(doctor_id) == "theirs":
                self._take(doctor_id, self.base.get(doctor_id, Part()))
            elif picks.get(doctor_id) != "mine":
                self.clashes[doctor_id] = self.base.get(doctor_id, Part())
                self.wrong[doctor_id] = _("Choose whose figure counts: yours or theirs.")

    def _take(self, doctor_id: int, part: Part) -> None:
        self.typed[doctor_id] = "" if part.packs is None else str(part.packs)
        self.locks = self.locks | {doctor_id} if part.is_locked else self.locks - {doctor_id}

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


def write_shown(parts: Mapping[int, Part]) -> str:
    """Put what was shown into one hidden field."""
    return json.dumps({str(doctor_id): part for doctor_id, part in parts.items()}, separators=(",", ":"))


def _read_shown(text: str | None) -> dict[int, Part]:
    try:
        found = json.loads(text or "{}")
        return {
            _whole(doctor_id): Part(None if packs is None else int(packs), bool(locked))
            for doctor_id, (packs, locked) in found.items()
        }
    except (AttributeError, TypeError, ValueError) as error:
        raise BadInput(_("The form did not arrive whole. Load the page again.")) from error


def _numbered(prefix: str) -> list[tuple[int, str]]:
    return [(_whole(name.removeprefix(prefix)), text) for name, text in request.form.items() if name.startswith(prefix)]


def _whole(text: str | None) -> int:
    if not text or not text.isascii() or not text.isdigit() or len(text) > 9:
        raise BadInput(_("The form did not arrive whole. Load the page again."))
    return int(text)
