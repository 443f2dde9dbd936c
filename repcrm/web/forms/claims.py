"""Forms of claims: what a rep says is wrong, and what the back office answers."""

from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from repcrm.sales.claims import LONGEST, MOST_PACKS, Objection
from repcrm.sales.models import ClaimKind, FlowLine, SalesClaim
from repcrm.web.forms import Form
from repcrm.web.forms.fields import TermField, ThingField, words

_PACKS = (InputRequired(_l("Enter how many packs.")), NumberRange(1, MOST_PACKS, _l("Enter how many packs.")))


class ClaimForm(Form):
    """What a rep says is wrong with a line or a month."""

    kind = TermField(_l("What is wrong?"), ClaimKind)
    packs = IntegerField(_l("Packs"), _PACKS, description=_l("How many packs are wrong or missing."))
    other_hospital_id = ThingField(
        _l("Right hospital"), description=_l("For “wrong hospital”. If it is not in the list, write it in the note.")
    )
    note = TextAreaField(
        _l("Note"),
        [Length(max=LONGEST)],
        description=_l("What the back office needs to check it with the distributor."),
    )

    def offer(self, hospitals: list[tuple[int, str]]) -> "ClaimForm":
        """Fill the list to choose from."""
        self.other_hospital_id.offer(hospitals, blank=_l("not known"))
        return self

    def objection(self, line: FlowLine | None, hospital_id: int, product_id: int, month_on: date) -> Objection:
        """Return what was said, as the service takes it."""
        return Objection(
            self.kind.data, hospital_id, product_id, month_on, self.packs.data or 0, self.note.data or "", line,
            self.other_hospital_id.data,
        )  # fmt: skip


class LineClaimForm(ClaimForm):
    """What a rep says is wrong with a line: one that is there is not missing."""

    kind = TermField(_l("What is wrong?"), ClaimKind, but=ClaimKind.MISSING)


class AcceptForm(Form):
    """What the back office decides about a claim it accepts."""

    packs = IntegerField(_l("Packs to correct"), _PACKS)
    distributor_id = ThingField(_l("Distributor"))
    other_hospital = words(_l("Right hospital"), 150, description=_l("Code or exact name."))
    answer = TextAreaField(_l("Answer"), [Length(max=LONGEST)], description=_l("The rep reads it."))
    reason = words(
        _l("Reason"), 200, description=_l("Required if the report of the month or quarter is already frozen.")
    )

    @classmethod
    def of(cls, claim: SalesClaim, distributor_id: int | None) -> "AcceptForm":
        """Fill the form with what the rep said."""
        other = claim.other_hospital.code if claim.other_hospital else ""
        return cls(formdata=None, packs=claim.packs, other_hospital=other, distributor_id=distributor_id)


class DeclineForm(Form):
    """Why a claim is declined."""

    answer = TextAreaField(_l("Answer"), [Length(max=LONGEST)], description=_l("The rep reads it."))
