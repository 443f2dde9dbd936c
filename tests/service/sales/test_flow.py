"""Flow taken in by source and period, and read within scope."""

from datetime import date

import pytest

from repcrm.core.errors import NotFound, RuleBroken
from repcrm.core.periods import Period
from repcrm.sales.models import BatchStatus, FlowGrain
from repcrm.sales.queries import Flow, get_batch, list_flow, list_monthly_flow, list_sources
from repcrm.sales.service import Delivery, take_back_flow, take_flow
from tests.factories import NOW, make_assignment, make_hospital, make_lead, make_product, scope_of

Place = tuple[int, int]
NOVEMBER, DECEMBER = Period.parse("2026-11"), Period.parse("2026-12")
DAY = date(2026, 11, 3)


@pytest.fixture
def place(session, region, rep) -> Place:
    """A hospital x product held by the rep: hospital id, product id."""
    hospital, product = make_hospital(session, region=region), make_product(session)
    make_assignment(session, hospital=hospital, product=product, rep=rep)
    return hospital.id, product.id


def test_lines_are_added_up_by_hospital_product_and_day(session, admin, place: Place):
    lines = [
        Delivery(*place, DAY, 100, 5000_00), Delivery(*place, DAY, 20), Delivery(*place, DAY, -5, -250_00),
        Delivery(*place, date(2026, 11, 1), 400, grain=FlowGrain.MONTH),
    ]  # fmt: skip
    take_flow(session, admin.id, "甲", NOVEMBER, lines, NOW)
    assert list_flow(session, scope_of(admin), NOVEMBER.from_on, NOVEMBER.until_on) == [
        Flow(*place, date(2026, 11, 1), FlowGrain.MONTH, 400, 0, 400),
        Flow(*place, DAY, FlowGrain.DAY, 115, 4750_00, 20),
    ]
    assert list_monthly_flow(session, scope_of(admin), [NOVEMBER, DECEMBER]) == {(*place, date(2026, 11, 1)): 515}


def test_each_source_and_period_counts_once(session, admin, place: Place):
    first = take_flow(session, admin.id, "甲", NOVEMBER, [Delivery(*place, DAY, 100)], NOW)
    take_flow(session, admin.id, "乙", NOVEMBER, [Delivery(*place, DAY, 7)], NOW)
    second = take_flow(session, admin.id, "甲", NOVEMBER, [Delivery(*place, DAY, 90)], NOW)
    assert (first.status, second.replaces_id) == (BatchStatus.REPLACED, first.id)
    assert [flow.packs for flow in list_flow(session, scope_of(admin), DAY, date(2026, 11, 4))] == [97]
    assert take_back_flow(session, second, admin.id, NOW) is first
    assert [flow.packs for flow in list_flow(session, scope_of(admin), DAY, date(2026, 11, 4))] == [107]
    assert list_sources(session, scope_of(admin)) == sorted(["乙", "甲"])


def test_a_line_outside_the_period_is_refused(session, admin, place: Place):
    with pytest.raises(RuleBroken, match="does not lie in 2026-12"):
        take_flow(session, admin.id, "甲", DECEMBER, [Delivery(*place, DAY, 1)], NOW)


def test_nobody_sees_flow_out_of_scope(session, admin, rep, other_rep, region, place: Place):
    elsewhere = make_product(session)
    lines = [Delivery(*place, DAY, 100), Delivery(place[0], elsewhere.id, DAY, 3)]
    batch = take_flow(session, admin.id, "甲", NOVEMBER, lines, NOW)

    def seen(person):
        return sorted(flow.packs for flow in list_flow(session, scope_of(person), DAY, date(2026, 11, 4)))

    assert seen(admin) == seen(make_lead(session, region=region)) == [3, 100]
    assert seen(rep) == [100]
    assert seen(other_rep) == seen(make_lead(session)) == []
    with pytest.raises(NotFound):
        get_batch(session, scope_of(rep), batch.id)
