"""What a correction consists of, worked out by hand."""

from datetime import date

import pytest

from repcrm.sales.corrections import correction_lines, day_of_correction, share_of
from repcrm.sales.models import ClaimKind, FlowGrain

DAY, MONTH = FlowGrain.DAY, FlowGrain.MONTH
THIRD, FIRST, LAST = date(2026, 11, 3), date(2026, 11, 1), date(2026, 11, 30)


@pytest.mark.parametrize(
    ("kind", "packs", "other", "lines"),
    [
        (ClaimKind.MISSING, 10, None, [(1, 10, 500)]),
        (ClaimKind.TOO_MUCH, 10, None, [(1, -10, -500)]),
        (ClaimKind.NOT_MINE, 10, None, [(1, -10, -500)]),
        (ClaimKind.NOT_MINE, 10, 2, [(1, -10, -500), (2, 10, 500)]),
        (ClaimKind.WRONG_HOSPITAL, 10, 2, [(1, -10, -500), (2, 10, 500)]),
        (ClaimKind.WRONG_HOSPITAL, -4, 2, [(1, 4, -500), (2, -4, 500)]),  # a return at the wrong hospital
    ],
)
def test_a_correction_takes_away_here_and_adds_there(kind, packs, other, lines):
    made = correction_lines(kind, packs, 1, other, 7, THIRD, DAY, 500)
    assert [(line.hospital_id, line.packs, line.value_fen) for line in made] == lines
    assert {(line.product_id, line.on, line.grain) for line in made} == {(7, THIRD, DAY)}


@pytest.mark.parametrize(
    ("value", "packs", "of_packs", "share"),
    [(6000, 120, 120, 6000), (6000, 20, 120, 1000), (1000, 1, 3, 333), (-500, -5, -10, -250), (None, 1, 3, None)],
)
def test_some_packs_of_a_line_take_their_share_of_its_money(value, packs, of_packs, share):
    assert share_of(value, packs, of_packs) == share


def test_a_month_is_corrected_as_finely_as_the_distributor_dates_it():
    assert day_of_correction([(THIRD, DAY)], FIRST, LAST) == (THIRD, DAY)
    assert day_of_correction([(FIRST, MONTH)], FIRST, LAST) == (FIRST, MONTH)
    assert day_of_correction([], FIRST, LAST) == (LAST, DAY)
