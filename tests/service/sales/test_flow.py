"""Distributor sales applied, replaced, added to, corrected and reverted, and read within scope."""

from datetime import date

import pytest
from sqlalchemy import select

from repcrm.core.errors import Conflict, NotFound, RuleBroken
from repcrm.core.periods import Period
from repcrm.db.journal import JournalEntry
from repcrm.sales.lines import Delivery
from repcrm.sales.models import BatchStatus, FlowGrain, FlowMode
from repcrm.sales.queries import Flow, get_batch, list_distributors, list_flow, list_monthly_flow
from repcrm.sales.replacing import list_replaced
from repcrm.sales.service import take_back_flow, take_flow
from tests.factories import (
    NOW,
    make_assignment,
    make_distributor,
    make_hospital,
    make_lead,
    make_product,
    scope_of,
)

Place = tuple[int, int]
NOVEMBER, DECEMBER, Q4 = Period.parse("2026-11"), Period.parse("2026-12"), Period.parse("2026-Q4")
DAY = date(2026, 11, 3)


@pytest.fixture
def place(session, region, rep) -> Place:
    """A hospital x product held by the rep: hospital id, product id."""
    hospital, product = make_hospital(session, region=region), make_product(session)
    make_assignment(session, hospital=hospital, product=product, rep=rep)
    return hospital.id, product.id


@pytest.fixture
def first(session):
    return make_distributor(session, name="甲")


@pytest.fixture
def apply(session, admin, place: Place, first):
    """Apply packs by day for a period of the first distributor, unless another one is named."""

    def apply(period: str, packs: dict[date, int], distributor=first, **options):
        lines = [Delivery(*place, on, count) for on, count in packs.items()]
        return take_flow(session, admin.id, distributor, Period.parse(period), lines, NOW, **options)

    return apply


@pytest.fixture
def packs_of(session, admin):
    """The packs that count in a month."""
    return lambda month=NOVEMBER: sum(list_monthly_flow(session, scope_of(admin), [month]).values())


def test_lines_are_added_up_by_hospital_product_and_day(session, admin, first, place: Place):
    lines = [
        Delivery(*place, DAY, 100, 5000_00), Delivery(*place, DAY, 20), Delivery(*place, DAY, -5, -250_00),
        Delivery(*place, date(2026, 11, 1), 400, grain=FlowGrain.MONTH),
    ]  # fmt: skip
    take_flow(session, admin.id, first, NOVEMBER, lines, NOW)
    assert list_flow(session, scope_of(admin), NOVEMBER.from_on, NOVEMBER.until_on) == [
        Flow(*place, date(2026, 11, 1), FlowGrain.MONTH, 400, 0, 400),
        Flow(*place, DAY, FlowGrain.DAY, 115, 4750_00, 20),
    ]
    assert list_monthly_flow(session, scope_of(admin), [NOVEMBER, DECEMBER]) == {(*place, date(2026, 11, 1)): 515}


def test_a_file_replaces_what_its_distributor_sent_for_the_period_before(session, admin, first, apply, packs_of):
    second = make_distributor(session, name="乙")
    before, _other = apply("2026-11", {DAY: 100}), apply("2026-11", {DAY: 7}, second)
    after = apply("2026-11", {DAY: 90})
    assert (before.status, before.replaced_by_id) == (BatchStatus.REPLACED, after.id)
    assert packs_of() == 97
    assert take_back_flow(session, after, admin.id, NOW) == [before]
    assert (before.status, before.replaced_by_id, packs_of()) == (BatchStatus.APPLIED, None, 107)
    assert sorted(one.name for one in list_distributors(session, scope_of(admin), active_only=True)) == sorted(
        ["乙", "甲"]
    )


def test_a_quarter_replaces_all_of_its_months_and_gives_them_back(session, admin, apply, packs_of):
    october, november = apply("2026-10", {date(2026, 10, 9): 5}), apply("2026-11", {DAY: 10})
    added = apply("2026-11", {DAY: 1}, mode=FlowMode.ADDS)
    before_that = apply("2026-09", {date(2026, 9, 1): 3})
    quarter = apply("2026-Q4", {DAY: 4})
    assert list(list_replaced(session, quarter)) == [october, november, added]
    assert before_that.status is BatchStatus.APPLIED
    assert packs_of() == 4
    assert take_back_flow(session, quarter, admin.id, NOW) == [october, november, added]
    assert packs_of() == 11


def test_a_replaced_file_cannot_be_reverted_and_the_later_one_is_named(session, admin, apply):
    before = apply("2026-11", {DAY: 100})
    after = apply("2026-11", {DAY: 90})
    with pytest.raises(Conflict, match=rf"^Import {after.id} \(甲, 2026-11\) has replaced it"):
        take_back_flow(session, before, admin.id, NOW)
    assert (before.status, after.status) == (BatchStatus.REPLACED, BatchStatus.APPLIED)


def test_a_file_that_adds_takes_nothing_away_and_reverting_it_brings_nothing_back(session, admin, apply, packs_of):
    apply("2026-11", {DAY: 100})
    added = apply("2026-11", {DAY: 20}, mode=FlowMode.ADDS)
    assert packs_of() == 120
    assert take_back_flow(session, added, admin.id, NOW) == []
    assert packs_of() == 100


def test_a_correction_counts_on_its_own_day_beside_the_line_it_corrects(session, apply, packs_of):
    apply("2026-11", {DAY: 100})
    apply("2026-11", {DAY: -30}, mode=FlowMode.CORRECTS, reason="Delivered to another hospital")
    assert packs_of() == 70
    entry = session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc())).first()
    assert (entry.reason, entry.after["mode"]) == ("Delivered to another hospital", "corrects")


@pytest.mark.parametrize(("there", "new"), [("2026-11", "2026-W45"), ("2026-W49", "2026-11"), ("2026-Q4", "2026-11")])
def test_periods_that_overlap_in_part_are_refused(apply, there: str, new: str, packs_of):
    # W45: 2 to 8 November. W49: 30 November to 6 December.
    apply(there, {date(2026, 11, 30): 1} if there == "2026-W49" else {DAY: 1})
    with pytest.raises(RuleBroken, match=f"甲 already has sales for {there}"):
        apply(new, {DAY: 1})
    assert packs_of() == 1


def test_a_correction_does_not_keep_a_week_from_being_replaced(apply, packs_of):
    apply("2026-11", {DAY: -2}, mode=FlowMode.CORRECTS)
    apply("2026-W45", {DAY: 10})
    assert packs_of() == 8


def test_a_line_after_the_period_is_refused_and_one_before_it_counts_on_its_day_if_allowed(session, apply, packs_of):
    with pytest.raises(RuleBroken, match="2026-12-01 does not lie in 2026-11"):
        apply("2026-11", {date(2026, 12, 1): 1}, late=True)
    with pytest.raises(RuleBroken, match="2026-11-03 does not lie in 2026-12"):
        apply("2026-12", {DAY: -4})
    apply("2026-12", {date(2026, 12, 1): 9, DAY: -4}, late=True)
    assert (packs_of(), packs_of(DECEMBER)) == (-4, 9)
    entry = session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc())).first()
    assert (entry.after["lines"], entry.after["packs"], entry.after["late"]) == (2, 5, 1)


def test_a_month_that_only_begins_before_the_week_is_not_a_late_line(session, admin, first, place: Place):
    # November begins before W45 (2 to 8 November), but goes on after it.
    line = Delivery(*place, date(2026, 11, 1), 5, grain=FlowGrain.MONTH)
    with pytest.raises(RuleBroken, match="does not lie in 2026-W45"):
        take_flow(session, admin.id, first, Period.parse("2026-W45"), [line], NOW, late=True)


def test_nobody_sees_flow_out_of_scope(session, admin, rep, other_rep, region, first, place: Place):
    elsewhere = make_product(session)
    lines = [Delivery(*place, DAY, 100), Delivery(place[0], elsewhere.id, DAY, 3)]
    batch = take_flow(session, admin.id, first, NOVEMBER, lines, NOW)

    def seen(person):
        return sorted(flow.packs for flow in list_flow(session, scope_of(person), DAY, date(2026, 11, 4)))

    assert seen(admin) == seen(make_lead(session, region=region)) == [3, 100]
    assert seen(rep) == [100]
    assert seen(other_rep) == seen(make_lead(session)) == []
    with pytest.raises(NotFound):
        get_batch(session, scope_of(rep), batch.id)
