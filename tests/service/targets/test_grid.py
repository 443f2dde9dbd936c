"""The target grid as read from the database."""

from datetime import date
from fractions import Fraction

import pytest

from repcrm.accounts.models import HospitalStatus
from repcrm.core.periods import Period
from repcrm.core.workdays import WorkCalendar
from repcrm.sales.models import BatchStatus, FlowGrain
from repcrm.targets.grid import Measure, Range
from repcrm.targets.models import SplitStatus
from repcrm.targets.queries import hospital_ratings, target_grid
from repcrm.targets.service import CellEdit, assign_targets
from tests.factories import (
    MONTH,
    NOW,
    make_assignment,
    make_batch,
    make_doctor,
    make_flow,
    make_hospital,
    make_listing,
    make_period_target,
    make_product,
    make_rating,
    make_split,
    make_target,
    scope_of,
)

NOVEMBER = Period.parse("2026-11")
WEEKDAYS = WorkCalendar([])
MONDAY_23 = date(2026, 11, 23)


@pytest.fixture
def product(session, save):
    return save(make_product(session))


@pytest.fixture
def hospital(session, region, save):
    return save(make_hospital(session, region=region, name="Alpha"))


def grid_of(session, scope, product, period="2026-Q4"):
    return target_grid(session, scope, product.id, Period.parse(period), WEEKDAYS)


def test_an_empty_region_has_an_empty_grid(session, lead, product):
    grid = grid_of(session, scope_of(lead), product)
    assert [str(month) for month in grid.months] == ["2026-10", "2026-11", "2026-12"]
    assert (grid.rows, grid.asked) == ([], {})


def test_a_lead_sees_every_hospital_of_the_region(session, lead, rep, product, hospital, region, save):
    beta = make_hospital(session, region=region, name="Beta")
    make_hospital(session, region=region, name="Closed", status=HospitalStatus.CLOSED)
    make_hospital(session, name="Elsewhere")
    make_assignment(session, hospital=hospital, product=product, rep=rep)
    make_listing(session, hospital=beta, product=product, potential_packs=300)
    target = make_target(session, hospital=hospital, product=product, is_locked=True)
    make_split(session, target=target, status=SplitStatus.APPROVED)
    save(make_period_target(session, region=region, product=product))
    grid = grid_of(session, scope_of(lead), product)
    assert [(row.hospital, row.rep, row.potential_packs) for row in grid.rows] == [
        ("Alpha", "Rep of the East", None), ("Beta", None, 300),
    ]  # fmt: skip
    cell = grid.rows[0].cells[NOVEMBER]
    assert (cell.range, cell.is_locked, cell.split_status, cell.original) == (
        Range(100, 120), True, SplitStatus.APPROVED, None,
    )  # fmt: skip
    assert (cell.packs(Measure.FLOOR), cell.packs(Measure.STRETCH)) == (100, 120)
    assert grid.asked[NOVEMBER].floor_packs == 1000


def test_a_rep_sees_what_is_held_today(session, rep, product, hospital, region, save):
    handed_over = make_hospital(session, region=region, name="Beta")
    make_assignment(session, hospital=hospital, product=product, rep=rep)
    make_assignment(session, hospital=handed_over, product=product, rep=rep, until_on=MONTH)
    save(make_period_target(session, region=region, product=product))
    grid = grid_of(session, scope_of(rep), product)
    assert [row.hospital for row in grid.rows] == ["Alpha"]
    assert grid.asked == {}
    assert [row.hospital for row in grid_of(session, scope_of(rep, date(2026, 10, 31)), product).rows] == [
        "Alpha", "Beta",
    ]  # fmt: skip
    assert grid_of(session, scope_of(rep), save(make_product(session))).rows == []


def test_a_cell_remembers_what_it_was_at_first(session, lead, product, hospital):
    scope = scope_of(lead)
    for version, packs in enumerate((100, 130, 140)):
        assign_targets(session, scope, [CellEdit(hospital.id, product.id, MONTH, packs, packs, version)], now=NOW)
    cell = grid_of(session, scope, product).rows[0].cells[NOVEMBER]
    assert (cell.range, cell.original, cell.version) == (Range(140, 140), Range(100, 100), 3)


def test_last_year_counts_applied_flow_of_the_same_months(session, lead, product, hospital, save):
    for on, packs in [(date(2025, 10, 31), 7), (date(2025, 11, 3), 40), (date(2025, 11, 28), -5), (MONTH, 99)]:
        make_flow(session, hospital=hospital, product=product, on=on, packs=packs)
    undone = make_batch(session, status=BatchStatus.UNDONE)
    save(make_flow(session, batch=undone, hospital=hospital, product=product, on=date(2025, 11, 4), packs=1000))
    row = grid_of(session, scope_of(lead), product).rows[0]
    assert row.last_year == {Period.parse("2026-10"): 7, NOVEMBER: 35}


def test_the_run_rate_looks_back_on_20_working_days(session, lead, product, hospital, save):
    # 23 November: 20 working days before it begin on Monday 26 October
    make_flow(session, hospital=hospital, product=product, on=date(2026, 10, 23), packs=500)
    make_flow(session, hospital=hospital, product=product, on=date(2026, 10, 26), packs=50)
    make_flow(session, hospital=hospital, product=product, on=date(2026, 11, 20), packs=10)
    save(make_flow(session, hospital=hospital, product=product, on=MONDAY_23, packs=70))
    row = grid_of(session, scope_of(lead, MONDAY_23), product).rows[0]
    assert row.run_rate == Fraction(60, 20)


def test_a_monthly_source_counts_by_the_working_days_that_lie_in_the_window(session, lead, product, hospital, save):
    # October 2026 has 22 weekdays; 5 of them, the 26th to the 30th, lie in the window
    save(make_flow(session, hospital=hospital, product=product, on=date(2026, 10, 1), grain=FlowGrain.MONTH, packs=220))
    row = grid_of(session, scope_of(lead, MONDAY_23), product).rows[0]
    assert row.run_rate == Fraction(50, 20)


def test_no_flow_is_no_run_rate(session, lead, product, hospital):
    assert grid_of(session, scope_of(lead), product).rows[0].run_rate is None


def test_the_grid_of_40_hospitals_takes_as_many_queries_as_that_of_one(
    session, lead, product, region, query_counter, save
):
    make_target(session, hospital=make_hospital(session, region=region), product=product)
    save()
    scope = scope_of(lead)
    with query_counter() as for_one:
        grid_of(session, scope, product)
    for _ in range(39):
        make_target(session, hospital=make_hospital(session, region=region), product=product)
    save()
    with query_counter() as for_forty:
        assert len(grid_of(session, scope, product).rows) == 40
    assert len(for_forty) == len(for_one) <= 6


def test_ratings_by_hospital_count_the_doctors_not_rated(session, lead, rep, product, hospital, save):
    rated = make_doctor(session, hospital=hospital)
    make_doctor(session, hospital=hospital)
    make_doctor(session, hospital=hospital, is_active=False)
    save(make_rating(session, doctor=rated, product=product, rating=5))
    assert sorted(hospital_ratings(session, scope_of(lead), product.id, [hospital.id])[hospital.id]) == [0, 5]
