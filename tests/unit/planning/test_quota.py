from datetime import date
from fractions import Fraction

from repcrm.core.workdays import WorkCalendar
from repcrm.planning.cycle import Cycle
from repcrm.planning.quota import missing_fen, parts_of_months
from repcrm.targets.attribution import DEFAULT_FACTORS

NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)


def test_the_part_of_each_month_by_working_days():
    # 30 November is one of its 21 working days; to 25 December are 19 of 23
    parts = parts_of_months(Cycle(date(2026, 11, 30)), WorkCalendar([]))
    assert parts == {NOVEMBER: Fraction(1, 21), DECEMBER: Fraction(19, 23)}


def test_what_is_missing_worked_out_by_hand():
    shares = {(1, 1, NOVEMBER): {10: 60, 11: 40}, (1, 2, NOVEMBER): {10: 10}}
    # of 50 packs sold, share x factor: 60 x 1000 and 40 x 600, so 36 and 14; missing are 24 and 26
    found = missing_fen(
        shares, {(1, 1, NOVEMBER): 50, (1, 2, NOVEMBER): 25}, {(10, 1): 7, (11, 1): 4}, DEFAULT_FACTORS,
        {1: 1000, 2: 500}, {NOVEMBER: Fraction(1, 2)},
    )  # fmt: skip
    assert found == {10: 12000, 11: 13000}
