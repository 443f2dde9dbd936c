"""The checklist on a database: each line missing, incomplete and done, and the first report that can be trusted."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from repcrm.accounts.models import HospitalStatus
from repcrm.core.periods import Period
from repcrm.organisation.access import Role, Scope
from repcrm.organisation.models import TerritoryAssignment
from repcrm.sales.models import ImportBatch
from repcrm.setup.checklist import State, Topic
from repcrm.setup.queries import get_checklist
from repcrm.setup.queries.periods import Periods
from repcrm.setup.words import Speech
from tests import factories as make

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOVEMBER = date(2026, 11, 1)
SPEECH = Speech(lambda message: message)


@pytest.fixture
def checklist(session):
    """The checklist of a day, Tuesday 24 November 2026 unless another is given."""

    def read(on: date = date(2026, 11, 24)):
        session.commit()
        return get_checklist(session, Scope(0, Role.ADMIN, None, on), SHANGHAI)

    return read


@pytest.fixture
def line(checklist):
    """The state of a line, and what it says is missing."""

    def read(topic: Topic, on: date = date(2026, 11, 24)):
        found = checklist(on).items[list(Topic).index(topic)]
        return found.state, [SPEECH.finding(finding) for finding in found.findings]

    return read


@pytest.fixture
def company(session, region):
    """All that the reports of November 2026 need but the sales: they are delivered in the tests."""
    make.make_calendar_day(session)
    lead = make.make_lead(session, region=region, name="Lead", password_hash="x")
    rep = make.make_rep(session, region=region, name="Rep", password_hash="x")
    hospital = make.make_hospital(session, code="H1", name="First Hospital", region=region)
    product = make.make_product(session, code="P1", name="Product A")
    make.make_price(session, product=product, from_on=date(2026, 1, 1))
    make.make_doctor(session, hospital=hospital)
    make.make_assignment(session, hospital=hospital, product=product, rep=rep, from_on=NOVEMBER)
    make.make_target(session, hospital=hospital, product=product, month_on=NOVEMBER)
    make.make_target(session, hospital=hospital, product=product, month_on=date(2026, 12, 1))
    distributor = make.make_distributor(session, name="Distributor A")
    session.commit()
    return {"lead": lead, "rep": rep, "hospital": hospital, "product": product, "distributor": distributor}


def deliver(session, company, at: str = "2026-11-23T09:00+08:00", period: str = "2026-11", **line):
    """A file of the distributor, applied at an instant."""
    batch = make.make_batch(
        session, distributor_id=company["distributor"].id, period=period,
        applied_at=datetime.fromisoformat(at).astimezone(UTC), created_by=make.make_admin(session, password_hash="x"),
    )  # fmt: skip
    place = {"hospital": company["hospital"], "product": company["product"], **line}
    return make.make_flow(session, batch=batch, **place)


def trusted(checklist):
    """Week and month that can be trusted first, as text."""
    return [str(one.first) if one.first else None for one in checklist.readiness]


def obstacles(checklist, place: int = 0):
    """Which period could be the first, and what it lacks."""
    found = checklist.readiness[place]
    return str(found.nearest), [SPEECH.finding(finding) for finding in found.obstacles]


def test_an_empty_installation_lacks_everything(checklist):
    found = checklist()
    assert [item.state for item in found.items] == [State.MISSING] * 8
    assert not found.is_trusted
    assert not found.is_complete
    assert obstacles(found) == (
        "2026-W47",
        [
            "There are no public holidays on file for 2026: Monday to Friday are counted as working days.",
            "No distributor sales for 2026-W47.",
            "No rep has a territory in 2026-W47.",
        ],
    )


def test_a_company_that_has_everything_is_told_so(session, company, checklist):
    deliver(session, company)
    found = checklist()
    assert [item.state for item in found.items] == [State.DONE] * 8
    assert trusted(found) == ["2026-W45", None]  # the first week wholly in November: W44 began in October
    assert found.is_complete


def test_the_calendar_needs_the_year_of_the_next_weeks_too(session, company, line):
    assert line(Topic.CALENDAR) == (State.DONE, [])
    assert line(Topic.CALENDAR, date(2026, 12, 24)) == (
        State.PARTLY,
        ["There are no public holidays on file for 2027: Monday to Friday are counted as working days."],
    )


def test_regions_need_a_lead_and_reps_and_people_need_passwords(session, company, line):
    assert line(Topic.PEOPLE) == (State.DONE, [])
    make.make_rep(session, region=make.make_region(session, code="WEST", name="West"), name="Newcomer")
    assert line(Topic.PEOPLE) == (
        State.PARTLY,
        ["Regions without a lead: 1 (West)", "People without a password: 1 (Newcomer)"],
    )
    company["rep"].is_active = False
    assert line(Topic.PEOPLE)[1][1] == "Regions without a rep: 1 (East)"


def test_every_product_sold_needs_a_price(session, company, line):
    assert line(Topic.PRODUCTS) == (State.DONE, [])
    new = make.make_product(session, code="P2", name="Product B")
    make.make_price(session, product=new, from_on=date(2027, 1, 1))
    make.make_product(session, code="P3", name="Product C", is_active=False)
    assert line(Topic.PRODUCTS) == (State.PARTLY, ["Products without a price on 2026-11-24: 1 (Product B)"])
    assert line(Topic.PRODUCTS, date(2027, 1, 1))[0] is State.DONE


def test_hospitals_that_are_worked_need_doctors(session, region, company, line):
    make.make_hospital(session, code="H2", name="Second Hospital", region=region)
    make.make_hospital(session, code="H3", name="Closed Hospital", region=region, status=HospitalStatus.CLOSED)
    gone = make.make_hospital(session, code="H4", name="Fourth Hospital", region=region)
    make.make_doctor(session, hospital=gone, is_active=False)
    assert line(Topic.ACCOUNTS) == (
        State.PARTLY,
        ["Hospitals in East without a doctor: 2 (Second Hospital, Fourth Hospital)"],
    )


def test_hospitals_and_reps_need_a_territory(session, region, company, line):
    assert line(Topic.TERRITORIES) == (State.DONE, [])
    make.make_hospital(session, code="H2", name="Second Hospital", region=region)
    make.make_rep(session, region=region, name="Idle", password_hash="x")
    assert line(Topic.TERRITORIES) == (
        State.PARTLY,
        ["Hospitals in East that belong to no territory: 1 (Second Hospital)", "Reps without a territory: 1 (Idle)"],
    )


def test_targets_of_the_month_after_are_missed_two_weeks_ahead(session, company, line):
    assert line(Topic.TARGETS, date(2026, 12, 17)) == (State.DONE, [])
    assert line(Topic.TARGETS, date(2026, 12, 18)) == (
        State.PARTLY,
        ["Regions without targets for 2027-01: 1 (East)"],
    )


def test_distributors_are_missing_until_they_are_on_the_list(session, company, line):
    assert line(Topic.DISTRIBUTORS)[0] is State.DONE
    company["distributor"].is_active = False
    assert line(Topic.DISTRIBUTORS)[0] is State.MISSING


def test_each_distributor_has_to_deliver(session, company, line):
    deliver(session, company)
    make.make_distributor(session, name="Distributor B")
    assert line(Topic.SALES) == (
        State.PARTLY,
        ["Distributors that have not delivered any sales: 1 (Distributor B)"],
    )


def test_a_month_that_is_over_has_to_be_delivered_to_its_end(session, company, line):
    deliver(session, company)
    assert line(Topic.SALES)[0] is State.DONE
    december = date(2026, 12, 1)
    late = "Distributors whose sales for 2026-11 are not complete: 1 (Distributor A)"
    assert line(Topic.SALES, december) == (State.PARTLY, [late])


def test_the_monthly_report_waits_for_the_whole_month(session, company, checklist):
    deliver(session, company)
    late = ["Distributors whose sales for 2026-11 are not complete: 1 (Distributor A)"]
    assert obstacles(checklist(), 1) == ("2026-11", late)
    deliver(session, company, at="2026-12-01T08:00+08:00", period="2026-W49")  # of another period
    assert trusted(checklist(date(2026, 12, 1)))[1] is None


def test_the_month_delivered_after_its_end_can_be_trusted(session, company, checklist):
    deliver(session, company, at="2026-12-01T05:10+08:00")  # still 30 November in UTC
    assert trusted(checklist(date(2026, 12, 1))) == ["2026-W45", "2026-11"]


@pytest.mark.parametrize("on", [None, date(2026, 11, 18)])
def test_a_week_in_which_nobody_held_a_target_is_not_trusted(session, company, checklist, on):
    """From 16 November on there is a second hospital with a target: without a rep, or with one from Wednesday on."""
    second = make.make_hospital(session, code="H2", name="Second Hospital", region_id=company["hospital"].region_id)
    make.make_target(session, hospital=second, product=company["product"], month_on=NOVEMBER)
    if on:
        make.make_assignment(session, hospital=second, product=company["product"], rep=company["rep"], from_on=on)
    deliver(session, company, at="2026-11-30T09:00+08:00")
    found = checklist(date(2026, 11, 30))
    if on:
        assert trusted(found) == ["2026-W48", None]  # W47 begins on Monday 16, two days too early
        return
    assert obstacles(found) == (
        "2026-W48",
        ["Targets or sales without a rep in 2026-W48: 1 (Second Hospital: Product A)"],
    )


def test_a_handover_within_the_week_leaves_no_gap_but_a_pause_does(session, company, checklist):
    held = session.scalars(select(TerritoryAssignment)).one()
    held.until_on = date(2026, 11, 18)
    after = make.make_assignment(
        session, hospital=company["hospital"], product=company["product"], rep=company["rep"],
        territory=held.territory, from_on=date(2026, 11, 18),
    )  # fmt: skip
    make.make_target(session, hospital=company["hospital"], product=company["product"], month_on=date(2026, 10, 1))
    deliver(session, company, at="2026-11-23T09:00+08:00", period="2026-W47")
    assert trusted(checklist())[0] == "2026-W47"
    after.from_on = date(2026, 11, 19)
    elsewhere = make.make_hospital(session, region_id=company["hospital"].region_id)  # taken over just that day
    make.make_assignment(
        session, hospital=elsewhere, product=company["product"], rep=company["rep"], from_on=date(2026, 11, 18)
    )
    assert trusted(checklist())[0] is None


def test_sales_without_a_target_or_a_price_stand_in_the_way(session, company):
    new = make.make_product(session, code="P2", name="Product B")
    make.make_assignment(session, hospital=company["hospital"], product=new, rep=company["rep"], from_on=NOVEMBER)
    deliver(session, company, product=new)
    week = Period.parse("2026-W47")
    assert [SPEECH.finding(one) for one in Periods(session, date(2026, 11, 24), SHANGHAI).lacks(week)] == [
        "Sales without a target for 2026-11: 1 (First Hospital: Product B)",
        "Products without a price on 2026-11-16: 1 (Product B)",
    ]


def test_reading_takes_as_many_statements_however_much_there_is(session, company, checklist, query_counter):
    batch = session.get_one(ImportBatch, deliver(session, company).batch_id)
    with query_counter() as few:
        checklist()
    for _ in range(5):
        hospital = make.make_hospital(session, region_id=company["hospital"].region_id)
        make.make_target(session, hospital=hospital, product=company["product"], month_on=NOVEMBER)
        make.make_assignment(
            session, hospital=hospital, product=company["product"], rep=company["rep"], from_on=NOVEMBER
        )
        make.make_flow(session, batch=batch, hospital=hospital, product=company["product"])
    session.commit()
    with query_counter() as many:
        checklist()
    assert len(many) == len(few)
