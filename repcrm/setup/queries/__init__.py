"""Reading how far a company has been set up, for whoever may see the checklist."""

from datetime import tzinfo

from sqlalchemy.orm import Session

from repcrm.core.periods import PeriodKind
from repcrm.organisation.access import Scope
from repcrm.setup.checklist import Checklist, readiness
from repcrm.setup.queries.items import Items
from repcrm.setup.queries.periods import Periods

REPORTS = (PeriodKind.WEEK, PeriodKind.MONTH)
"""Lengths of gap reports that the checklist tells the first trusted one of; a quarter is three months."""


def get_checklist(session: Session, scope: Scope, zone: tzinfo) -> Checklist:
    """Return the checklist as of the scope's day.

    scope  an administrator's: master data of every region; of targets and sales only whether they are there
    zone   the business time zone: in it a file was applied on a day
    """
    periods = Periods(session, scope.on, zone)
    begins_on = periods.begins_on()
    return Checklist(
        Items(session, scope.on, periods).every(),
        [readiness(kind, begins_on, scope.on, periods.lacks) for kind in REPORTS],
    )
