"""The company's ceiling on contact: set by an administrator, kept when a call is logged."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from repcrm.accounts.models import Doctor
from repcrm.calls.ceiling import Ceiling, passes
from repcrm.calls.models import ContactCeiling
from repcrm.calls.queries.ceiling import ceiling_of_company, days_met
from repcrm.core.errors import Conflict, NotFound, RuleBroken
from repcrm.core.words import N_
from repcrm.db.journal import record
from repcrm.organisation.access import Permission, Scope

LONGEST_REASON = 200
FIELD = "ceiling_reason"
TAKEN = N_("Somebody has changed the ceiling since you opened the page.")


def set_ceiling(
    session: Session, who: Scope, ceiling: Ceiling | None, *, now: datetime, seen_version: int = 0
) -> ContactCeiling | None:
    """Set the most calls a doctor gets from the company within some days; None: there is no limit any more.

    who           an administrator
    seen_version  of the ceiling the form was shown; 0: there was none
    raises        Conflict if it was changed meanwhile
    """
    if not who.may(Permission.SET_CEILING):
        raise NotFound(N_("There is no such page here."))
    row = session.scalar(select(ContactCeiling).with_for_update().execution_options(populate_existing=True))
    if (row.version if row else 0) != seen_version:
        raise Conflict(TAKEN)
    before = {"calls": row.calls, "window_days": row.window_days} if row else None
    after = {"calls": ceiling.calls, "window_days": ceiling.window_days} if ceiling else None
    if before == after:
        return row
    if row is None:
        assert ceiling is not None, "nothing would have changed"
        row = _begin(session, ceiling)
    elif ceiling is None:
        session.delete(row)
    else:
        row.calls, row.window_days, row.version = ceiling.calls, ceiling.window_days, row.version + 1
    session.flush()
    record(session, who.user_id, "contact_ceiling", row.id, "set_ceiling", before, after, at=now)
    return row if ceiling else None


def _begin(session: Session, ceiling: Ceiling) -> ContactCeiling:
    row = ContactCeiling(id=1, calls=ceiling.calls, window_days=ceiling.window_days)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise Conflict(TAKEN) from error
    return row


def check_ceiling(session: Session, day_on: date, doctor_ids: Collection[int], reason: str) -> str:
    """Ask why, where a call on a day would pass the company's ceiling on one of its doctors.

    returns  the reason, to be kept on the call; "" where the ceiling is kept
    raises   RuleBroken without one, saying how many calls there were
    """
    ceiling = ceiling_of_company(session)
    if ceiling is None:
        return ""
    met = days_met(session, list(doctor_ids), day_on, ceiling)
    over = [doctor_id for doctor_id in doctor_ids if passes(day_on, met.get(doctor_id, ()), ceiling)]
    if not over:
        return ""
    reason = reason.strip()
    if not reason:
        raise RuleBroken(
            N_("%(name)s had %(calls)s calls of the company within %(days)s days already: say why this one is needed."),
            field=FIELD, name=session.scalar(select(Doctor.name).where(Doctor.id == over[0])), calls=ceiling.calls,
            days=ceiling.window_days,
        )  # fmt: skip
    if len(reason) > LONGEST_REASON:
        raise RuleBroken(N_("The reason is too long: up to %(most)s characters."), field=FIELD, most=LONGEST_REASON)
    return reason
