"""Quantities of other units counted in packs."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from repcrm.catalogue.conversions import to_packs
from repcrm.catalogue.units import PackUnit, unit_key
from repcrm.core.errors import BadInput

NOVEMBER = date(2026, 11, 3)
TABLETS = SimpleNamespace(name="云舒平片", unit=PackUnit.BOX, pack_size="5 mg × 28 片")
VIALS = SimpleNamespace(name="澄肺清注射液", unit=PackUnit.VIAL, pack_size="10 ml")


def row(unit, packs, units=1, from_on=date(2026, 1, 1), until_on=None):
    return SimpleNamespace(unit=unit, packs_num=packs, packs_den=units, from_on=from_on, until_on=until_on)


CASE = row("件", 200)


@pytest.mark.parametrize(
    ("quantity", "unit", "packs"),
    [
        ("2", "件", 400),  # 2 x 200
        ("0.5", "cases", 100),
        ("-1", "件", -200),
        ("280", "片", 10),  # 28 in a pack, as printed on it
        ("-56", "tablets", -2),
        ("30", "盒", 30),
        ("30", "boxes", 30),
        ("30", "packs", 30),
        ("30", "", 30),
    ],
)
def test_a_quantity_is_counted_in_packs(quantity, unit, packs):
    assert to_packs(Decimal(quantity), unit, TABLETS, NOVEMBER, [CASE]) == packs


@pytest.mark.parametrize(("quantity", "unit"), [("281", "片"), ("0.001", "件"), ("1.5", "盒")])
def test_what_does_not_come_out_in_whole_packs_is_refused(quantity, unit):
    with pytest.raises(BadInput, match=rf"{quantity} {unit} of 云舒平片 do not come out in whole packs"):
        to_packs(Decimal(quantity), unit, TABLETS, NOVEMBER, [CASE])


@pytest.mark.parametrize(("product", "unit"), [(TABLETS, "箱"), (TABLETS, "支"), (VIALS, "盒"), (VIALS, "件")])
def test_a_unit_nobody_has_explained_is_refused(product, unit):
    with pytest.raises(BadInput, match=f"no conversion for {unit}"):
        to_packs(Decimal(2), unit, product, NOVEMBER, [CASE] if product is TABLETS else [])


def test_the_own_unit_of_each_product_is_a_pack():
    assert to_packs(Decimal(7), "支", VIALS, NOVEMBER, []) == 7


def test_the_newest_conversion_of_the_day_counts():
    table = [row("件", 200, until_on=date(2026, 10, 1)), row("件", 240, from_on=date(2026, 10, 1))]
    assert to_packs(Decimal(1), "件", TABLETS, date(2026, 9, 30), table) == 200
    assert to_packs(Decimal(1), "件", TABLETS, NOVEMBER, table) == 240


def test_an_ended_conversion_no_longer_counts():
    with pytest.raises(BadInput, match="no conversion for 件"):
        to_packs(Decimal(1), "件", TABLETS, NOVEMBER, [row("件", 200, until_on=date(2026, 11, 3))])


def test_a_row_of_the_table_beats_what_the_pack_says():
    assert to_packs(Decimal(280), "片", TABLETS, NOVEMBER, [row("片", 1, 14)]) == 20


def test_units_are_compared_by_what_they_mean():
    assert unit_key("件") == unit_key("Cases") == unit_key("大件")
    assert unit_key("箱") != unit_key("件")
    assert unit_key("麻袋") == "麻袋"
