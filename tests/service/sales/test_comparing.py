"""What an import changes, by hand: packs and money before and after, what is gone, what does not add up or belong."""

from datetime import date

import pytest

from repcrm.core.periods import Period
from repcrm.sales.comparing import (
    Changed,
    Movement,
    Outside,
    StockDifference,
    Sum,
    changed_days,
    find_outside_area,
    months_before_after,
    stock_differences,
)
from repcrm.sales.lines import Delivery
from repcrm.sales.models import FlowGrain, FlowMode
from repcrm.sales.service import take_flow
from tests.factories import (
    NOW,
    make_distributor,
    make_distributor_region,
    make_hospital,
    make_price,
    make_product,
    make_region,
)

Place = tuple[int, int]
NOVEMBER = Period.parse("2026-11")
DAY, OCTOBER_DAY = date(2026, 11, 3), date(2026, 10, 9)


@pytest.fixture
def hospitals(session, region):
    return [make_hospital(session, region=region).id for _ in range(2)]


@pytest.fixture
def product(session):
    """50 yuan a pack, 60 from 16 November on."""
    product = make_product(session)
    make_price(session, product=product, from_on=date(2026, 1, 1), price_fen=50_00)
    make_price(session, product=product, from_on=date(2026, 11, 16), price_fen=60_00)
    return product.id


@pytest.fixture
def first(session):
    return make_distributor(session, name="甲")


def test_months_before_and_after_a_file_that_replaces(session, admin, hospitals, product, first):
    here, there = hospitals
    on_file = [Delivery(here, product, DAY, 100, 4_000_00), Delivery(there, product, DAY, 30)]
    take_flow(session, admin.id, first, NOVEMBER, on_file, NOW)
    take_flow(session, admin.id, first, Period.parse("2026-10"), [Delivery(here, product, OCTOBER_DAY, 9)], NOW)
    # another distributor's sales are nobody's business here
    take_flow(session, admin.id, make_distributor(session), NOVEMBER, [Delivery(here, product, DAY, 777)], NOW)
    new = [
        Delivery(here, product, DAY, 90),
        Delivery(here, product, date(2026, 11, 20), 10),
        Delivery(here, product, OCTOBER_DAY, -4),
    ]

    october, november = months_before_after(session, first, NOVEMBER, FlowMode.REPLACES, iter(new))

    # October: 9 packs at 50 yuan stay, 4 come back.
    assert (october.month, october.before, october.after) == (
        Period.parse("2026-10"),
        Sum(1, 9, 450_00),
        Sum(2, 5, 250_00),
    )
    assert october.gone == {}
    # November before: 4,000 yuan as the file says, and 30 packs at 50. After: 90 packs at 50 and 10 at 60.
    assert (november.before, november.after) == (Sum(2, 130, 5_500_00), Sum(2, 100, 5_100_00))
    assert november.gone == {(there, product): 30}


def test_months_before_and_after_a_file_that_adds(session, admin, hospitals, product, first):
    here, _ = hospitals
    take_flow(session, admin.id, first, NOVEMBER, [Delivery(here, product, DAY, 100)], NOW)
    (november,) = months_before_after(session, first, NOVEMBER, FlowMode.ADDS, [Delivery(here, product, DAY, 5)])
    assert (november.before, november.after, november.gone) == (Sum(1, 100, 5_000_00), Sum(2, 105, 5_250_00), {})


def test_an_empty_file_that_replaces_takes_everything_away(session, admin, hospitals, product, first):
    take_flow(session, admin.id, first, NOVEMBER, [Delivery(hospitals[0], product, DAY, 100)], NOW)
    (november,) = months_before_after(session, first, NOVEMBER, FlowMode.REPLACES, [])
    assert (november.after, november.gone) == (Sum(), {(hospitals[0], product): 100})
    assert months_before_after(session, first, Period.parse("2026-12"), FlowMode.REPLACES, []) == []


def test_sales_outside_the_area_of_a_distributor_are_listed(session, hospitals, product, region):
    wide, narrow = make_distributor(session), make_distributor(session)
    make_distributor_region(session, distributor=narrow, region=region)
    west = make_region(session, name="West")
    far = make_hospital(session, name="西山医院", region=west).id
    lines = [Delivery(hospitals[0], product, DAY, 10), Delivery(far, product, DAY, 7), Delivery(far, product, DAY, -2)]
    assert find_outside_area(session, narrow, lines) == [Outside(far, "西山医院", "West", 2, 5)]
    assert find_outside_area(session, wide, lines) == []


def test_stock_that_does_not_add_up_is_listed_by_distributor_and_product():
    sheet = [
        Movement("甲", 1, 100, 50, 120, 30),  # 100 + 50 - 120 = 30
        Movement("甲", 2, 10, 0, 4, 3), Movement("甲", 2, 5, 0, None, 5),  # 15 + 0 - 4 = 11, not 8
        Movement("乙", 1, 100, None, 120, 30),  # says nothing of what came in
        Movement("乙", 2, 0, 5, 8, -3),  # 0 + 5 - 8 = -3
    ]  # fmt: skip
    assert stock_differences(sheet) == [StockDifference("甲", 2, expected=11, closing=8)]


def test_days_change_where_packs_or_money_do(session, admin, hospitals, product, region, first):
    here, there = hospitals
    same = [Delivery(here, product, DAY, 10), Delivery(there, product, DAY, 5, 250_00)]
    on_file = take_flow(session, admin.id, first, NOVEMBER, same, NOW)
    again = [Delivery(here, product, DAY, 4), Delivery(here, product, DAY, 6), same[1]]
    assert changed_days(session, again, replaced=[on_file.id]) == set()
    moved = [Delivery(here, product, date(2026, 11, 4), 10), same[1]]
    assert changed_days(session, moved, replaced=[on_file.id]) == {
        Changed(region.id, DAY), Changed(region.id, date(2026, 11, 4)),
    }  # fmt: skip
    dearer = [same[0], Delivery(there, product, DAY, 5, 251_00)]
    assert changed_days(session, dearer, replaced=[on_file.id]) == {Changed(region.id, DAY)}
    assert changed_days(session, [], replaced=[on_file.id]) == {Changed(region.id, DAY)}
    assert changed_days(session, [], staged=on_file.id, replaced=[on_file.id]) == set()


def test_a_line_of_a_month_changes_all_of_its_days(session, hospitals, product, region):
    line = Delivery(hospitals[0], product, date(2026, 11, 1), 10, grain=FlowGrain.MONTH)
    assert changed_days(session, [line]) == {Changed(region.id, day) for day in NOVEMBER.days()}
