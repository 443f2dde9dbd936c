"""What a report says of deliveries, by hand: overdue, expected later, arrived since, and how much is usual."""

from datetime import date
from fractions import Fraction

import pytest
from sqlalchemy.orm import Session

from repcrm.core.periods import Period
from repcrm.organisation.calendar import work_calendar
from repcrm.organisation.models import User
from repcrm.reports.compose import compose
from repcrm.reports.deliveries import Delivery, arrived_since, deliveries_in, share_missing
from repcrm.sales.deliveries import DeliveryState
from repcrm.sales.expecting import missing_deliveries
from repcrm.sales.lines import Delivery as Line
from repcrm.sales.models import DeliveryRhythm, Distributor
from repcrm.sales.service import take_flow
from tests import factories
from tests.factories import NOW
from tests.service.reports.conftest import Company

WEEK = "2026-W47"


@pytest.fixture
def weekly(session: Session) -> Distributor:
    return factories.make_distributor(session, code="D1", name="Weekly", rhythm=DeliveryRhythm.WEEKLY, due_day=2)


@pytest.fixture
def monthly(session: Session) -> Distributor:
    return factories.make_distributor(session, code="D2", name="Monthly", due_day=5)


def deliver(company: Company, admin: User, distributor: Distributor, period: str, packs: int) -> None:
    """Sales of a period, all on its first day."""
    first = Period.parse(period)
    line = Line(company.hospital.id, company.product.id, first.from_on, packs)
    take_flow(company.session, admin.id, distributor, first, [line], NOW)


def raw(company: Company, period: str, today: date) -> dict:
    calendar = work_calendar(company.session, company.region.id)
    return compose(company.session, company.region, Period.parse(period), calendar, today=today)


@pytest.fixture
def delivered(company: Company, admin: User, weekly: Distributor, monthly: Distributor) -> None:
    """Weeks 44 to 46 of 100, 110 and 120 packs, and October of 310; nothing of W47 and November."""
    for period, packs in (("2026-W44", 100), ("2026-W45", 110), ("2026-W46", 120)):
        deliver(company, admin, weekly, period, packs)
    deliver(company, admin, monthly, "2026-10", 310)


@pytest.mark.usefixtures("delivered")
def test_a_week_lacks_the_overdue_weekly_file_and_expects_the_monthly_one(company: Company) -> None:
    found = deliveries_in(raw(company, WEEK, date(2026, 11, 25)))
    # (100 + 110 + 120) / 3 = 110 a week; 310 a month, of which 7 of 30 days are 72.3.
    assert found == [
        Delivery("D1", "Weekly", "weekly", WEEK, "2026-11-24", "missing", None, 110),
        Delivery("D2", "Monthly", "monthly", "2026-11", "2026-12-05", "expected", None, 72),
    ]


@pytest.mark.usefixtures("delivered")
def test_on_monday_the_weekly_file_is_not_overdue_yet_but_said_to_be_expected(company: Company) -> None:
    found = deliveries_in(raw(company, WEEK, date(2026, 11, 23)))
    assert [one.state for one in found] == ["expected", "expected"]


@pytest.mark.usefixtures("delivered")
def test_what_has_arrived_is_told_apart_and_no_longer_missing(
    company: Company, admin: User, weekly: Distributor
) -> None:
    before = raw(company, WEEK, date(2026, 11, 25))
    deliver(company, admin, weekly, WEEK, 90)
    after = raw(company, WEEK, date(2026, 11, 26))
    assert share_missing(before) == 1
    assert share_missing(after) == Fraction(72, 182)
    assert arrived_since(before, after) == [["Weekly", WEEK, NOW.isoformat()]]
    assert arrived_since(after, after) == []


@pytest.mark.usefixtures("delivered")
def test_a_region_hears_only_of_the_distributors_that_sell_in_it_or_are_meant_to(
    company: Company, session: Session, monthly: Distributor
) -> None:
    elsewhere = factories.make_region(session)
    calendar, week = work_calendar(session, elsewhere.id), Period.parse(WEEK)
    assert deliveries_in(compose(session, elsewhere, week, calendar, today=date(2026, 11, 25))) == []
    factories.make_distributor_region(session, distributor=monthly, region=elsewhere)
    found = deliveries_in(compose(session, elsewhere, week, calendar, today=date(2026, 11, 25)))
    assert [(one.code, one.packs) for one in found] == [("D2", 0)]


@pytest.mark.usefixtures("delivered")
def test_the_import_page_lists_what_is_overdue_with_its_share(session: Session, company: Company) -> None:
    found = missing_deliveries(session, date(2026, 11, 25))
    assert [(one.sender.code, str(one.period), one.state) for one in found.items] == [
        ("D1", WEEK, DeliveryState.MISSING)
    ]
    assert (found.packs, found.usual_packs, found.share) == (110, 110, 1)
    later = missing_deliveries(session, date(2026, 12, 6))
    # By 6 December W48 and November are overdue too: 110 + 110 + 310. All that was due in November: besides these W45
    # and W46, for which 100 and (100 + 110) / 2 = 105 were usual.
    assert [(one.sender.code, str(one.period)) for one in later.items] == [
        ("D2", "2026-11"), ("D1", WEEK), ("D1", "2026-W48"),
    ]  # fmt: skip
    assert (later.packs, later.usual_packs) == (530, 735)


@pytest.mark.usefixtures("weekly", "monthly")
def test_distributors_that_never_delivered_owe_the_newest_period_that_is_over(session: Session) -> None:
    found = missing_deliveries(session, date(2026, 11, 25))
    assert [(one.sender.code, str(one.period), one.usual_packs) for one in found.items] == [
        ("D1", WEEK, 0), ("D2", "2026-10", 0),
    ]  # fmt: skip
    assert found.share is None
