"""What is left for the month."""

from datetime import date

import pytest

from repcrm.sales.models import BatchStatus, FlowGrain
from repcrm.targets.queries import month_left
from tests.factories import make_assignment, make_batch, make_flow, make_hospital, make_product, make_target, scope_of

TODAY = date(2026, 11, 23)


@pytest.fixture
def product(session, save):
    return save(make_product(session, name="Alpha"))


@pytest.fixture
def hospital(session, region, save):
    return save(make_hospital(session, region=region))


def figures(rows):
    return [(row.product, row.floor_packs, row.actual_packs, row.left_packs, row.days_left) for row in rows]


def test_a_rep_who_holds_it_all_month(session, rep, product, hospital, save):
    make_assignment(session, hospital=hospital, product=product, rep=rep)
    make_target(session, hospital=hospital, product=product)
    make_flow(session, hospital=hospital, product=product, on=date(2026, 11, 20), packs=62)
    save(make_flow(session, hospital=hospital, product=product, on=date(2026, 10, 30), packs=900))
    assert figures(month_left(session, scope_of(rep, TODAY), TODAY)) == [("Alpha", 100, 62, 38, 6)]


def test_a_territory_that_changed_hands_is_credited_day_by_day(session, rep, product, hospital, save):
    # held from Monday the 16th on: 11 of 21 working days; 2100 packs give 1100
    make_assignment(session, hospital=hospital, product=product, until_on=date(2026, 11, 16))
    make_assignment(session, hospital=hospital, product=product, rep=rep, from_on=date(2026, 11, 16))
    make_target(session, hospital=hospital, product=product, floor_packs=2100, stretch_packs=2100)
    make_flow(session, hospital=hospital, product=product, on=date(2026, 11, 13), packs=500)
    make_flow(session, hospital=hospital, product=product, on=date(2026, 11, 16), packs=200)
    save(make_flow(session, hospital=hospital, product=product, on=date(2026, 11, 1), grain=FlowGrain.MONTH, packs=210))
    assert figures(month_left(session, scope_of(rep, TODAY), TODAY)) == [("Alpha", 1100, 310, 790, 6)]


def test_no_flow_and_no_target_are_said_and_not_0(session, rep, product, hospital, save):
    other = make_product(session, name="Beta")
    for thing in (product, other):
        make_assignment(session, hospital=hospital, product=thing, rep=rep)
    make_target(session, hospital=hospital, product=product)
    batch = make_batch(session, status=BatchStatus.REPLACED)
    make_flow(session, batch=batch, hospital=hospital, product=product, packs=5)
    save(make_flow(session, hospital=hospital, product=other, packs=5))
    assert figures(month_left(session, scope_of(rep, TODAY), TODAY)) == [
        ("Alpha", 100, None, 100, 6), ("Beta", None, 5, None, 6),
    ]  # fmt: skip


def test_a_target_that_is_reached_leaves_0(session, rep, product, hospital, save):
    make_assignment(session, hospital=hospital, product=product, rep=rep)
    make_target(session, hospital=hospital, product=product)
    save(make_flow(session, hospital=hospital, product=product, packs=130))
    assert figures(month_left(session, scope_of(rep, TODAY), TODAY)) == [("Alpha", 100, 130, 0, 6)]


def test_what_others_hold_is_not_counted(session, rep, other_rep, product, hospital, save):
    held = make_assignment(session, hospital=hospital, product=product, rep=rep)
    elsewhere = make_hospital(session)
    make_target(session, hospital=elsewhere, product=product)
    make_target(session, hospital=hospital)  # another product, which nobody holds
    save(make_target(session, hospital=hospital, product_id=held.product_id))
    assert figures(month_left(session, scope_of(rep, TODAY), TODAY)) == [("Alpha", 100, None, 100, 6)]
    assert month_left(session, scope_of(other_rep, TODAY), TODAY) == []


def test_a_lead_sees_the_region(session, lead, product, hospital, region, save):
    make_target(session, hospital=hospital, product=product)
    make_target(session, hospital=make_hospital(session, region=region), product=product)
    make_target(session, product=product)
    save(make_flow(session, hospital=hospital, product=product, packs=130))
    assert figures(month_left(session, scope_of(lead, TODAY), TODAY)) == [("Alpha", 200, 130, 70, 6)]
