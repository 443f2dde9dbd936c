"""The seed says what the source plan says (product.md, S14 and S15), and names nobody twice."""

from collections import Counter

import pytest

from repcrm.demo.facts import read_facts
from repcrm.paths import SEED

FACTS = read_facts(SEED)


def yuan(hospital: str, half_month: int) -> tuple[float, float]:
    newest = {row["product"]: int(row["price_fen"]) for row in FACTS.prices}
    rows = [row for row in FACTS.targets if (row["hospital"], row["half_month"]) == (hospital, str(half_month))]
    floor = sum(int(row["floor_packs"]) * newest[row["product"]] for row in rows)
    stretch = sum(int(row["stretch_packs"]) * newest[row["product"]] for row in rows)
    return floor / 100, stretch / 100


@pytest.mark.parametrize(
    ("hospital", "half_month", "expected"),
    [
        ("H001", 0, (44_000, 44_000)),
        ("H001", 1, (60_000, 60_000)),
        ("H001", 2, (65_000, 80_000)),
        ("H002", 0, (130_000, 130_000)),
        ("H002", 2, (230_000, 249_950)),
    ],
)
def test_two_hospitals_carry_the_money_of_s14(hospital, half_month, expected):
    assert yuan(hospital, half_month) == expected


def test_the_packs_of_s15_are_in_it():
    packs = {(int(row["floor_packs"]), int(row["stretch_packs"])) for row in FACTS.targets}
    assert {(4000, 4000), (2200, 2200), (1600, 1600), (150, 300), (230, 230), (700, 1000)} <= packs


def test_there_are_forty_hospitals_eight_reps_and_six_products():
    roles = Counter(row["role"] for row in FACTS.people)
    assert (len(FACTS.hospitals), roles["rep"], len(FACTS.products)) == (40, 8, 6)


@pytest.mark.parametrize("rows", [FACTS.hospitals, FACTS.people, FACTS.products])
def test_codes_and_names_are_unique(rows):
    assert len({row["code"] for row in rows}) == len({row["name"] for row in rows}) == len(rows)


def test_every_hospital_belongs_to_a_territory():
    territories = {row["territory"] for row in FACTS.people if row["territory"]}
    assert {row["territory"] for row in FACTS.hospitals} == territories
