"""The form of a call: what a thumb chooses, what may be typed, and how it becomes a report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, RadioField, SelectMultipleField, TimeField
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import HiddenInput

from repcrm.accounts.queries import DoctorRow
from repcrm.calls.queries import FollowUpRow
from repcrm.calls.report import CallReport, CompetitorNote, ProductTalk, Promise
from repcrm.calls.sheet import PLANNED_AHEAD_DAYS
from repcrm.calls.terms import CallPurpose, CallResult, CallType, MissReason
from repcrm.catalogue.models import Competitor, Product
from repcrm.web.filters import short_day
from repcrm.web.forms import Form, choices
from repcrm.web.forms.fields import TermField, paragraph, words

NEXT_STEPS = (7, 14, 28)
"""Days until the next step, as chips."""
ON_A_DAY = "date"


@dataclass(frozen=True)
class Offer:
    """What a call on one doctor may be about.

    products     the rep's at the hospital, those last talked about first
    ratings      product -> the doctor's rating that counts on the day
    others       doctors of the same hospital, the same department first
    promises     open follow-ups of the doctor
    """

    products: Sequence[Product]
    ratings: Mapping[int, int]
    competitors: Sequence[Competitor] = ()
    others: Sequence[DoctorRow] = ()
    promises: Sequence[FollowUpRow] = ()
    purposes: Sequence[CallPurpose] = field(default_factory=tuple)


class CallForm(Form):
    """A call as it was; only the result has to be chosen, everything else is filled in or may stay empty."""

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])
    outcome = RadioField(_l("Result"), validators=[InputRequired(_l("Choose how the call ended."))])
    kept = SelectMultipleField(_l("Promised before: tick what is done"), coerce=int)
    product_ids = SelectMultipleField(_l("Products talked about"), coerce=int)
    next_step = RadioField(_l("Next step"), default="", validators=[Optional()])
    follow_up_on = DateField(_l("On"), [Optional()])
    follow_up_text = words(_l("What was promised"), 500)
    summary = paragraph(_l("Notes"), 4000)
    purposes = SelectMultipleField(_l("Purpose"), validators=[InputRequired(_l("Choose what the call was for."))])
    call_type = RadioField(_l("Type"), validators=[InputRequired()])
    started_at_time = TimeField(_l("Time"), [Optional()])
    other_doctor_ids = SelectMultipleField(_l("Other doctors met"), coerce=int)
    competitor_ids = SelectMultipleField(_l("Competitors seen"), coerce=int)
    competitor_note = words(_l("What was noticed"), 300)
    reason = words(_l("Why it is corrected"), 200)
    ceiling_reason = words(_l("Why this call is needed"), 200)

    ratings: Mapping[int, str] = {}
    """Product -> name of its rating field."""
    stocks: Mapping[int, str] = {}
    """Product -> name of its stock field."""

    def report(self, doctor_id: int, day_on: date) -> CallReport:
        """What the form says of a call on a doctor on a day."""
        result = CallResult(self.outcome.data)
        others = tuple(self.other_doctor_ids.data or ())
        call_type = CallType(self.call_type.data)
        chosen = [int(key) for key in self.product_ids.data or ()]
        stock_only = [key for key in self.stocks if key not in chosen and self._stock(key) is not None]
        note = self.competitor_note.data or ""
        return CallReport(
            doctor_id=doctor_id,
            result=result,
            call_type=CallType.ONE_TO_SEVERAL if others and call_type is CallType.ONE_TO_ONE else call_type,
            started_at_time=self.started_at_time.data,
            other_doctor_ids=others,
            purposes=tuple(CallPurpose(value) for value in self.purposes.data or ()),
            products=tuple(
                ProductTalk(key, self._rating(key) if key in chosen else None, self._stock(key))
                for key in [*chosen, *stock_only]
            ),
            competitors=tuple(CompetitorNote(key, note) for key in self.competitor_ids.data or ()),
            summary=self.summary.data or "",
            follow_up=self._promise(day_on),
            kept_follow_up_ids=tuple(self.kept.data or ()) if result is not CallResult.DOCTOR_NOT_MET else (),
            ceiling_reason=self.ceiling_reason.data or "",
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse a day left open."""
        fine = super().validate(extra_validators)
        if self.next_step.data == ON_A_DAY and not self.follow_up_on.data:
            self.follow_up_on.errors = [*self.follow_up_on.errors, _("Choose the day.")]
            return False
        return bool(fine)

    def _rating(self, product_id: int) -> int | None:
        value = self[self.ratings[product_id]].data
        return int(value) if value else None

    def _stock(self, product_id: int) -> int | None:
        return self[self.stocks[product_id]].data

    def _promise(self, day_on: date) -> Promise | None:
        step, text = self.next_step.data, self.follow_up_text.data or ""
        if step == ON_A_DAY and self.follow_up_on.data:
            return Promise(self.follow_up_on.data, text)
        return Promise(day_on + timedelta(days=int(step)), text) if step and step != ON_A_DAY else None


def call_form(offer: Offer, **given: Any) -> CallForm:
    """Return the form of a call on one doctor, with a rating and a stock field for every product on offer."""
    ratings = {product.id: f"rating_{product.id}" for product in offer.products}
    stocks = {product.id: f"stock_{product.id}" for product in offer.products}
    body: dict[str, Any] = {"ratings": ratings, "stocks": stocks}
    steps = [("", _("not rated")), *((str(step), str(step)) for step in range(1, 8))]
    for product in offer.products:
        body[ratings[product.id]] = RadioField(product.name, choices=choices(steps), validators=[Optional()])
        body[stocks[product.id]] = IntegerField(product.name, [Optional(), NumberRange(0, 1_000_000)])
        given.setdefault(ratings[product.id], str(offer.ratings.get(product.id, "")))
    form: CallForm = type("CallFormOfDoctor", (CallForm,), body)(**given)
    _fill_choices(form, offer)
    return form


def _fill_choices(form: CallForm, offer: Offer) -> None:
    form.outcome.choices = choices((one.value, _(one.label)) for one in CallResult)
    form.call_type.choices = choices((one.value, _(one.label)) for one in CallType)
    form.purposes.choices = choices((one.value, _(one.label)) for one in CallPurpose)
    form.product_ids.choices = choices((product.id, product.name) for product in offer.products)
    form.next_step.choices = choices(
        [
            ("", _("none")),
            *((str(days), _("in %(days)s days", days=days)) for days in NEXT_STEPS),
            (ON_A_DAY, _("on a day")),
        ]
    )
    form.other_doctor_ids.choices = choices((row.id, _doctor_words(row)) for row in offer.others)
    form.competitor_ids.choices = choices((one.id, one.name) for one in offer.competitors)
    form.kept.choices = choices((one.id, f"{short_day(one.due_on)} {one.text}".strip()) for one in offer.promises)


def _doctor_words(row: DoctorRow) -> str:
    return f"{row.name} · {row.department_name}" if row.department_name else row.name


class MoveForm(Form):
    """Another day for a planned call."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    day_on = DateField(
        _l("Day"),
        [InputRequired(_l("Choose the day."))],
        description=_l("Up to %(days)s days ahead.", days=PLANNED_AHEAD_DAYS),
    )


class CancelForm(Form):
    """A planned call that will not be made, and why."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    reason = words(_l("Why it is cancelled"), 200, required=_l("Say why."))


class MissForm(Form):
    """A planned call that did not come about, and why."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    why = TermField(_l("Why it was not made"), MissReason, but=MissReason.REPLANNED)  # only the plan says so
    words = words(_l("More about it"), 200)


class ReviewForm(Form):
    """What a lead says of a sheet."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    comment = paragraph(_l("Comment for the rep"), 2000)


class SubmitForm(Form):
    """The version of the sheet that is handed in."""

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])
