"""What stands on a pack, read apart."""

from decimal import Decimal

import pytest

from repcrm.catalogue.pack_form import PackForm, doses_of_pack, read_pack_form

FIVE = (("mass", Decimal(5000)),)
"""5 mg in micrograms."""


@pytest.mark.parametrize(
    "words",
    [
        "云舒平片 5mg*28片", "云舒平片5mg×28片/盒", "云舒平片 5 mg × 28 片", "云舒平片 5 mg x 28 片",
        "云舒平片（5mg×7片×4板）", "雲舒平片 ５ｍｇ＊２８片", "云舒平片 0.005g*28片", "云舒平片 5毫克 28片装",
        "云舒平片5mg*28T", "云舒平片5mg*28片*1盒",
    ],
)  # fmt: skip
def test_many_spellings_say_one_pack(words):
    assert read_pack_form(words) == PackForm("云舒平片", FIVE, 28, "片")


def test_what_is_not_said_is_not_known():
    assert read_pack_form("云舒平片") == PackForm("云舒平片")
    assert read_pack_form("云舒平片(5mg)") == PackForm("云舒平片", FIVE)
    assert read_pack_form("10 mg x 28") == PackForm("", (("mass", Decimal(10_000)),), 28)


def test_digits_of_a_name_are_no_count():
    assert read_pack_form("维生素B1片 10mg*100片").name == "维生素b1片"
    assert read_pack_form("产品12") == PackForm("产品12")


def test_a_solution_has_a_volume_and_a_mass():
    form = read_pack_form("澄肺清注射液 2ml:10mg×5支")
    assert form == PackForm("澄肺清注射液", (("volume", Decimal(2)), ("mass", Decimal(10_000))), 5, "支")


def test_another_strength_count_or_dose_does_not_agree():
    on_file = read_pack_form("云舒平片 5 mg × 28 片")
    for words in ("云舒平片 10mg×14片", "云舒平片 10mg×28片", "云舒平片 5mg×14片", "云舒平片 5mg×28粒"):
        assert not read_pack_form(words).agrees_with(on_file)
    for words in ("云舒平片", "云舒平片 5mg", "云舒平片 28片"):
        assert read_pack_form(words).is_within(on_file)


def test_a_pack_that_says_less_does_not_vouch_for_one_that_says_more():
    assert not read_pack_form("云舒平片 5mg×28片").is_within(read_pack_form("云舒平片"))


@pytest.mark.parametrize(
    ("pack", "own", "doses"),
    [
        ("5 mg × 28 片", "盒", (28, "片")),
        ("10ml×6支", "盒", (6, "支")),
        ("10 ml", "支", None),
        ("10 mg x 28", "盒", None),
        ("2ml×1支", "支", None),
    ],
)
def test_tablets_in_a_pack_are_known_only_where_the_pack_names_them(pack, own, doses):
    assert doses_of_pack(pack, own) == doses
