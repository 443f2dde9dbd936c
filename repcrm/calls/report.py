"""What a rep says of a call: the values of the form, the rules they keep, and what a correction changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from repcrm.calls.terms import CallPurpose, CallResult, CallType
from repcrm.core.errors import BadInput, RuleBroken
from repcrm.core.words import N_

LONGEST_SUMMARY = 4000
NOON, SIX = time(12), time(18)


@dataclass(frozen=True)
class Place:
    """Where a doctor works on the day: the hospital and department of the post."""

    hospital_id: int
    department_id: int | None


@dataclass(frozen=True)
class ProductTalk:
    """A product talked about.

    rating       how far the main doctor uses it, 1 to 7; None: not rated in this call
    stock_packs  packs seen at the hospital; None: not looked
    """

    product_id: int
    rating: int | None = None
    stock_packs: int | None = None


@dataclass(frozen=True)
class Promise:
    """What is to happen next, and when."""

    due_on: date
    text: str = ""


@dataclass(frozen=True)
class CompetitorNote:
    """A competitor noticed at the hospital."""

    competitor_id: int
    note: str = ""


@dataclass(frozen=True)
class CallReport:
    """One call as its rep reports it.

    doctor_id           the main doctor
    products            in the order they were talked about: the first is the one the call counts for
    kept_follow_up_ids  earlier promises that this call has kept
    ceiling_reason      why it was needed, where it passes the company's ceiling on contact
    """

    doctor_id: int
    result: CallResult
    call_type: CallType = CallType.ONE_TO_ONE
    started_at_time: time | None = None
    other_doctor_ids: tuple[int, ...] = ()
    purposes: tuple[CallPurpose, ...] = ()
    products: tuple[ProductTalk, ...] = ()
    competitors: tuple[CompetitorNote, ...] = ()
    summary: str = ""
    follow_up: Promise | None = None
    kept_follow_up_ids: tuple[int, ...] = ()
    ceiling_reason: str = ""

    @property
    def doctor_ids(self) -> tuple[int, ...]:
        """Everybody met, the main one first."""
        return (self.doctor_id, *self.other_doctor_ids)

    @property
    def ratings(self) -> dict[int, int]:
        """Product -> rating, of those rated; nobody is rated who was not met."""
        if self.result is CallResult.DOCTOR_NOT_MET:
            return {}
        return {talk.product_id: talk.rating for talk in self.products if talk.rating is not None}


def check_report(report: CallReport, day_on: date, places: Mapping[int, Place]) -> None:
    """Refuse a report that cannot be true.

    day_on  the day of the call
    places  doctor -> where the doctor works that day, for everybody met
    raises  RuleBroken or BadInput, with the field of the form it belongs beside
    """
    if len(set(report.doctor_ids)) < len(report.doctor_ids):
        raise BadInput(N_("A doctor is named twice."), field="other_doctor_ids")
    if report.other_doctor_ids and report.call_type is CallType.ONE_TO_ONE:
        raise RuleBroken(N_("A call one to one has one doctor: choose another type."), field="call_type")
    hospital_id = places[report.doctor_id].hospital_id
    if any(places[doctor_id].hospital_id != hospital_id for doctor_id in report.other_doctor_ids):
        raise RuleBroken(N_("The doctors of one call work in one hospital."), field="other_doctor_ids")
    if any(not 1 <= talk.rating <= 7 for talk in report.products if talk.rating is not None):
        raise BadInput(N_("A rating is between 1 and 7."), field="products")
    if any(talk.stock_packs < 0 for talk in report.products if talk.stock_packs is not None):
        raise BadInput(N_("Stock cannot be less than nothing."), field="stock")
    if report.follow_up and report.follow_up.due_on <= day_on:
        raise RuleBroken(N_("A next step comes after the call."), field="follow_up_on")
    if len(report.summary) > LONGEST_SUMMARY:
        raise BadInput(N_("The notes are too long: up to %(most)s characters."), field="summary", most=LONGEST_SUMMARY)


def part_of_day(started_at_time: time) -> str:
    """The part of the day a time lies in: am, pm or eve."""
    return "am" if started_at_time < NOON else "pm" if started_at_time < SIX else "eve"


def what_changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The facts that a correction changed, as they were and as they are.

    raises  RuleBroken if nothing did: a correction corrects something
    """
    names = [name for name in after if before.get(name) != after[name]]
    if not names:
        raise RuleBroken(N_("Nothing has been changed."))
    return {name: before.get(name) for name in names}, {name: after[name] for name in names}
