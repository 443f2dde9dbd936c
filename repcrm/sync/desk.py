"""What an operation may be about: the call it names, the doctors and products that are the rep's."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.calls.models import Call, CallProduct, CompetitorSeen
from repcrm.calls.queries import places_of, products_held
from repcrm.calls.report import CallReport, Place
from repcrm.catalogue.queries import list_competitors
from repcrm.core.errors import BadInput, NotFound
from repcrm.core.words import N_
from repcrm.organisation.access import Scope
from repcrm.sync.operation import CALL


class Moved(Exception):
    """Somebody met was not in the rep's territory on the day: the rep has to say what becomes of the call."""


def call_of(session: Session, who: Scope, entity_id: str) -> Call | None:
    """Return the rep's own call of this name, None if there is none.

    raises  NotFound if the name is that of somebody else's call
    """
    key = entity_id.removeprefix(CALL)
    named = Call.id == int(key) if key != entity_id and key.isdigit() else Call.client_id == entity_id
    call = session.scalar(select(Call).where(named).execution_options(populate_existing=True))
    if call is not None and call.rep_id != who.user_id:
        raise NotFound(N_("There is no such call here."))
    return call


def places(session: Session, who: Scope, report: CallReport, day_on: date) -> dict[int, Place]:
    """Return where everybody met worked that day.

    raises  Moved if one of them was not in the rep's territory
    """
    try:
        return places_of(session, who.as_of(day_on), report.doctor_ids)
    except NotFound:
        raise Moved from None


def check_offer(
    session: Session, who: Scope, report: CallReport, hospital_id: int, day_on: date, call: Call | None
) -> None:
    """Refuse products that are not the rep's at the hospital, and competitors of none of them.

    call  what stands on it already may stay
    """
    held = {product.id for product in products_held(session, who.as_of(day_on), hospital_id)}
    if call is not None:
        held |= set(session.scalars(select(CallProduct.product_id).where(CallProduct.call_id == call.id)))
    if not {talk.product_id for talk in report.products} <= held:
        raise BadInput(N_("A product is not yours at this hospital."), field="products")
    rivals = {rival.id for ones in list_competitors(session, held).values() for rival in ones}
    if call is not None:
        rivals |= set(session.scalars(select(CompetitorSeen.competitor_id).where(CompetitorSeen.call_id == call.id)))
    if not {note.competitor_id for note in report.competitors} <= rivals:
        raise BadInput(N_("A competitor is not one of your products'."), field="competitors")
