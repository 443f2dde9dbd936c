"""What lies on the desk when a call is written down: the doctor, the products, what was promised, a filled-in form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask import request

from repcrm.accounts.queries import DoctorRow, find_doctor_row, latest_ratings, list_doctors_of_hospital
from repcrm.calls import queries
from repcrm.calls.models import Call, CallPurpose, CallType
from repcrm.calls.queries import CallDetails
from repcrm.calls.sheet import is_locked
from repcrm.catalogue.models import Competitor, Product
from repcrm.catalogue.queries import list_competitors
from repcrm.core.errors import NotFound
from repcrm.core.words import N_
from repcrm.extensions import db
from repcrm.organisation.access import Scope
from repcrm.sync.facts import BLANK
from repcrm.sync.operation import entity_of
from repcrm.sync.queries import call_facts
from repcrm.web.forms.calls import ON_A_DAY, CallForm, Offer, call_form


@dataclass(frozen=True)
class Desk:
    """A doctor on a day, and what a call there may be about."""

    doctor: DoctorRow
    day_on: date
    today: date
    offer: Offer
    call_id: int | None = None
    version: int | None = None
    recorded: bool = False
    locked: bool = False
    draft: Mapping[str, Any] = field(default_factory=dict)
    """What the phone's own log needs to know of the call (static/js/offline/log.js, `about`)."""

    def blank_form(self, now: datetime) -> CallForm:
        """The form of a call not recorded yet, filled in as far as can be known."""
        due = [one.id for one in self.offer.promises if one.due_on <= self.day_on]
        return self._form(
            started_at_time=now.time().replace(second=0, microsecond=0) if self.day_on == now.date() else None,
            call_type=CallType.ONE_TO_ONE.value,
            purposes=[purpose.value for purpose in self.offer.purposes or (CallPurpose.INCREASE_USE,)],
            kept=due,
        )

    def form_of(self, details: CallDetails) -> CallForm:
        """The form of a recorded call, as it stands."""
        call = details.call
        promise = next((one for one in details.follow_ups if one.done_at is None), None)
        given: dict[str, Any] = {f"stock_{row.product_id}": row.stock_packs for row in details.products}
        given |= {f"rating_{row.product_id}": str(row.rating or "") for row in details.products}
        return self._form(
            **given,
            outcome=call.result.value if call.result else None,
            call_type=call.call_type.value,
            started_at_time=call.started_at_time,
            purposes=[purpose.value for purpose in details.purposes],
            product_ids=[row.product_id for row in details.products],
            other_doctor_ids=[doctor.id for doctor in details.others],
            competitor_ids=[row.competitor_id for row in details.competitors],
            competitor_note=next((row.note for row in details.competitors if row.note), ""),
            summary=call.summary,
            next_step=ON_A_DAY if promise else "",
            follow_up_on=promise.due_on if promise else None,
            follow_up_text=promise.text if promise else "",
        )

    def _form(self, **given: Any) -> CallForm:
        if request.method != "POST":
            return call_form(self.offer, formdata=None, version=self.version, **given)
        return call_form(self.offer)


def desk_of(
    scope: Scope, doctor_id: int, day_on: date, call: Call | None = None, details: CallDetails | None = None
) -> Desk:
    """Lay out the desk for a call on a doctor.

    call     the planned or recorded call; None for a new one
    details  of a recorded call: what stands on it is on offer, too
    raises   NotFound for a doctor who was not in the reader's territory on that day
    """
    then = scope.as_of(day_on)
    doctor = find_doctor_row(db.session, then, doctor_id)
    if doctor is None or doctor.hospital_id is None:
        raise NotFound(N_("There is no such doctor."))
    hospital_id = call.hospital_id if details and call else doctor.hospital_id
    products = _products(then, doctor_id, hospital_id, details)
    ratings = latest_ratings(db.session, then, [doctor_id], day_on)
    offer = Offer(
        products=products,
        ratings={product_id: rating for (_, product_id), rating in ratings.items()},
        competitors=_competitors(products),
        others=_others(then, doctor, hospital_id, day_on),
        promises=[
            one for one in queries.list_follow_ups_of_doctor(db.session, scope, doctor_id, open_only=True)
            if call is None or one.call_id != call.id
        ],
        purposes=_purposes(scope, doctor_id, call),
    )  # fmt: skip
    draft: dict[str, Any] = {
        "entity_id": None, "version": None, "day_on": day_on.isoformat(), "doctor_id": doctor_id,
        "doctor": doctor.name, "facts": BLANK,
    }  # fmt: skip
    if call is None:
        return Desk(doctor, day_on, scope.on, offer, draft=draft)
    facts = call_facts(db.session, scope, [call])[call.id]
    draft |= {"entity_id": entity_of(call.id, call.client_id), "version": call.version, "facts": facts}
    locked = is_locked(call.sheet.status)
    return Desk(doctor, day_on, scope.on, offer, call.id, call.version, details is not None, locked, draft)


def _products(then: Scope, doctor_id: int, hospital_id: int, details: CallDetails | None) -> list[Product]:
    """The rep's products at the hospital, those last talked about with the doctor first."""
    products = queries.products_held(db.session, then, hospital_id)
    known = {product.id for product in products}
    products += [row.product for row in details.products if row.product_id not in known] if details else []
    latest = queries.last_used_products(db.session, then, doctor_id)
    return sorted(products, key=lambda one: latest.index(one.id) if one.id in latest else len(latest))


def _competitors(products: list[Product]) -> list[Competitor]:
    rivals = list_competitors(db.session, [product.id for product in products])
    return [one for ones in rivals.values() for one in ones]


def _others(then: Scope, doctor: DoctorRow, hospital_id: int, day_on: date) -> list[DoctorRow]:
    rows = list_doctors_of_hospital(db.session, then, hospital_id, day_on)
    others = {row.id: row for row in rows if row.id != doctor.id}.values()
    return sorted(others, key=lambda row: row.department_id != doctor.department_id)


def _purposes(scope: Scope, doctor_id: int, call: Call | None) -> list[CallPurpose]:
    """Those of the plan, else those of the last call."""
    planned = queries.details_of(db.session, scope, [call])[0].purposes if call else []
    return planned or queries.last_purposes(db.session, scope, doctor_id)
