"""The live board and the monthly report are one arithmetic: on a month's last day they say the same."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from repcrm.core.periods import Period, PeriodKind
from repcrm.demo import SMALL, build
from repcrm.organisation.access import Role
from repcrm.organisation.calendar import work_calendar
from repcrm.organisation.models import Region, User
from repcrm.reports.body import Body
from repcrm.reports.service import freeze
from repcrm.targets.queries import list_places
from tests.factories import scope_of

OCTOBER = Period(PeriodKind.MONTH, date(2026, 10, 1))
TODAY = date(2026, 11, 23)


@pytest.mark.slow
@pytest.mark.databases("sqlite")
def test_the_places_of_a_month_are_the_rows_of_its_report(session):
    build(session, TODAY, size=SMALL)
    region = session.scalars(select(Region).order_by(Region.id)).first()
    now = datetime(2026, 11, 23, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
    body = Body(freeze(session, OCTOBER, region, now=now, today=TODAY).body)
    reported = {
        (
            body.names["reps"][row.rep].id if row.rep is not None else None,
            body.names["hospitals"][row.hospital].id,
            body.names["products"][row.product].id,
        ): (row.floor, row.actual)
        for row in body.level("product")
        if row.hospital is not None and row.product is not None and (row.floor or row.actual)
    }
    assert len(reported) > 5

    def places_of(user: User) -> dict:
        places = list_places(
            session, scope_of(user, OCTOBER.to_on), OCTOBER.to_on, work_calendar(session, user.region_id)
        )
        return {
            place[:3]: (place.floor_packs or 0, place.actual_packs or 0)
            for place in places
            if place.floor_packs or place.actual_packs
        }

    people = session.scalars(select(User).where(User.region_id == region.id)).all()
    lead = next(user for user in people if user.role is Role.LEAD)
    assert places_of(lead) == reported
    for rep in people:
        if rep.role is Role.REP:
            own = {place: figures for place, figures in reported.items() if place[0] == rep.id}
            assert places_of(rep) == own
