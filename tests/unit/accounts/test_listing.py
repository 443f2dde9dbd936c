"""The listing pipeline: which way it may go."""

from datetime import date
from itertools import pairwise

import pytest

from repcrm.accounts.listing import BUYING, NEXT, STEPS, UNDER_WAY, ListingStage, check_move, step_of
from repcrm.core.errors import RuleBroken

S = ListingStage
MARCH, APRIL, MAY = date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)


def test_the_straight_way_leads_from_not_listed_to_listed():
    for stage, to in pairwise(STEPS):
        check_move(stage, MARCH, to, APRIL, MAY)
    assert step_of(S.COMMITTEE) == 3
    assert step_of(S.REFUSED) is None


@pytest.mark.parametrize(
    ("stage", "to"),
    [
        (S.NOT_LISTED, S.LISTED),
        (S.APPLIED, S.COMMITTEE),
        (S.LISTED, S.APPLIED),
        (S.REFUSED, S.LISTED),
        (S.LISTED, S.LISTED),
    ],
)
def test_a_stage_is_not_skipped(stage, to):
    with pytest.raises(RuleBroken) as refusal:
        check_move(stage, MARCH, to, APRIL, MAY)
    assert refusal.value.field == "stage"


def test_every_stage_leads_somewhere_and_can_be_reached():
    assert set(NEXT) == set(S)
    assert {to for ways in NEXT.values() for to in ways} == set(S)
    assert not BUYING & UNDER_WAY


@pytest.mark.parametrize("day", [date(2026, 2, 28), date(2026, 5, 2)])
def test_a_move_lies_between_the_last_one_and_today(day):
    with pytest.raises(RuleBroken) as refusal:
        check_move(S.APPLIED, MARCH, S.REFUSED, day, MAY)
    assert refusal.value.field == "moved_on"
