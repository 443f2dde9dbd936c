"""The live board: the month at this moment, for a rep and for the region."""

from datetime import date

import pytest

from repcrm.sales.models import FlowGrain
from repcrm.targets.queries import month_board
from tests.factories import make_assignment, make_flow, make_hospital, make_product, make_rep, make_target, scope_of

TODAY = date(2026, 11, 23)
# Working days before it: November has 15 (2nd to 20th); the window of 20 opens on Monday 26 October.


@pytest.fixture
def product(session, save):
    return save(make_product(session, name="Alpha"))


@pytest.fixture
def hospital(session, region, save):
    return save(make_hospital(session, region=region, name="East Hospital"))


def figures(lines):
    return [
        (line.name, line.standing.floor_packs, line.standing.actual_packs, line.standing.landing_packs)
        for line in lines
    ]


def test_a_rep_sees_the_own_month(session, rep, product, hospital, save):
    make_assignment(session, hospital=hospital, product=product, rep=rep)
    make_target(session, hospital=hospital, product=product)
    make_flow(session, hospital=hospital, product=product, on=date(2026, 10, 23), packs=999)  # before the window
    make_flow(session, hospital=hospital, product=product, on=date(2026, 10, 26), packs=18)
    save(make_flow(session, hospital=hospital, product=product, on=date(2026, 11, 20), packs=62))
    board = month_board(session, scope_of(rep, TODAY), TODAY)
    assert (board.clock.days_left, board.clock.elapsed.numerator, board.clock.elapsed.denominator) == (6, 5, 7)
    # 18 + 62 = 80 packs in 20 working days are 4 a day: 62 + 6 x 4 = 86
    assert figures(board.hospitals) == [("East Hospital", 100, 62, 86)]
    assert figures(board.products) == [("Alpha", 100, 62, 86)]
    assert board.reps == ()
    assert board.total == board.hospitals[0].standing
    assert board.flow_at is not None


def test_a_lead_sees_the_reps_of_the_region_and_what_nobody_holds(session, lead, rep, region, product, hospital, save):
    make_assignment(session, hospital=hospital, product=product, rep=rep)
    other = make_rep(session, region=region, name="Second")
    second, free = (make_hospital(session, region=region, name=name) for name in ("Second Hospital", "Free Hospital"))
    make_assignment(session, hospital=second, product=product, rep=other)
    for place, packs in ((hospital, 30), (second, 110), (free, 5)):
        make_target(session, hospital=place, product=product)
        make_flow(session, hospital=place, product=product, on=date(2026, 11, 20), packs=packs)
    make_target(session, product=product)  # of another region
    session.commit()
    board = month_board(session, scope_of(lead, TODAY), TODAY)
    # landings: 30 packs in 20 days are 1.5 a day, 30 + 9 = 39; 110 + 33 = 143; 5 + 1.5 = 6.5, half rounds up: 7
    assert figures(board.reps) == [("", 100, 5, 7), ("Rep of the East", 100, 30, 39), ("Second", 100, 110, 143)]
    assert [line.name for line in board.hospitals] == ["Free Hospital", "East Hospital", "Second Hospital"]
    assert (board.total.floor_packs, board.total.actual_packs, board.total.left_packs) == (300, 145, 155)


def test_a_territory_that_changed_hands_stands_with_both_and_its_pace_with_who_holds_it(
    session, lead, rep, region, product, hospital, save
):
    # held from Monday the 16th on: 11 of 21 working days; 2100 packs give 1100
    former = make_rep(session, region=region, name="Former")
    make_assignment(session, hospital=hospital, product=product, rep=former, until_on=date(2026, 11, 16))
    make_assignment(session, hospital=hospital, product=product, rep=rep, from_on=date(2026, 11, 16))
    make_target(session, hospital=hospital, product=product, floor_packs=2100, stretch_packs=2100)
    make_flow(session, hospital=hospital, product=product, on=date(2026, 11, 13), packs=500)
    save(make_flow(session, hospital=hospital, product=product, on=date(2026, 11, 16), packs=200))
    # the 700 recent packs are 35 a day, the rep's to keep up: 200 + 6 x 35 = 410; the former's month is over
    board = month_board(session, scope_of(lead, TODAY), TODAY)
    assert figures(board.reps) == [("Rep of the East", 1100, 200, 410), ("Former", 1000, 500, 500)]
    own = month_board(session, scope_of(rep, TODAY), TODAY)
    assert figures(own.hospitals) == [("East Hospital", 1100, 200, 410)]


def test_a_monthly_source_counts_in_the_pace_by_working_days(session, rep, product, hospital, save):
    make_assignment(session, hospital=hospital, product=product, rep=rep)
    make_target(session, hospital=hospital, product=product, floor_packs=500, stretch_packs=500)
    # 5 of October's 22 weekdays lie in the window: 220 packs give 50; 15 of November's 21 have passed: 210 give 150
    make_flow(session, hospital=hospital, product=product, on=date(2026, 10, 1), grain=FlowGrain.MONTH, packs=220)
    save(make_flow(session, hospital=hospital, product=product, on=date(2026, 11, 1), grain=FlowGrain.MONTH, packs=210))
    board = month_board(session, scope_of(rep, TODAY), TODAY)
    assert board.total.recent_packs == 50 + 150
    assert figures(board.products) == [("Alpha", 500, 210, 270)]  # 200 / 20 = 10 a day: 210 + 6 x 10


def test_what_others_hold_is_not_there(session, rep, other_rep, product, hospital, save):
    make_assignment(session, hospital=hospital, product=product, rep=rep)
    save(make_target(session, hospital=hospital, product=product))
    board = month_board(session, scope_of(other_rep, TODAY), TODAY)
    assert (board.hospitals, board.total.floor_packs) == ((), None)
