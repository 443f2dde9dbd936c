"""What an unknown name may stand for, the likeliest first."""

from types import SimpleNamespace

import pytest

from repcrm.catalogue.pack_form import read_pack_form
from repcrm.imports.naming.index import Entry
from repcrm.imports.naming.likeness import INITIALS, SAME_CORE, SAME_SOUND, VARIANT
from repcrm.imports.naming.suggesting import CALLED_LIKE, CALLED_SO, Suggester


def entry(number, code, *names, city=""):
    return Entry(SimpleNamespace(id=number), (code,), names, city)


def product(number, code, name, pack):
    return Entry(SimpleNamespace(id=number), (code,), (name, f"{name} {pack}"), form=read_pack_form(f"{name} {pack}"))


HOSPITALS = [
    entry(1, "H001", "云泽市听澜医院", city="云泽市"),
    entry(2, "H002", "澄湖市中心医院", city="澄湖市"),
    entry(3, "H003", "云泽市中心医院", city="云泽市"),
]
PRODUCTS = [
    product(1, "P1", "云舒平片", "5 mg × 28 片"),
    product(2, "P2", "云舒平片", "10 mg × 14 片"),
    product(3, "P3", "岚络通胶囊", "0.3 g × 24 粒"),
]


def first(spelling, entries=HOSPITALS, suggesting=None, likelier=frozenset(), also="", is_company=False):
    found = Suggester(entries, suggesting or {}, likelier, is_company).suggest(spelling, also)
    return (found[0].code, found[0].why) if found else None


@pytest.mark.parametrize(
    ("spelling", "why"),
    [
        ("云泽听澜医院", SAME_CORE),  # without 市
        ("听澜医院", SAME_CORE),  # without the city
        ("雲澤聽瀾", SAME_CORE),
        ("YZTL", INITIALS),
        ("yunzetinglan", SAME_SOUND),
        ("云泽市听兰医院", SAME_SOUND),  # mistyped
        ("云泽市听澜医院药房", VARIANT),
        ("云泽市听澜医院（东院区）", VARIANT),
        ("云泽市听澜医院有限公司", VARIANT),
    ],
)
def test_other_spellings_of_a_hospital_suggest_it_first(spelling, why):
    assert first(spelling) == ("H001", why)


def test_a_pharmacy_branch_or_company_is_less_likely_than_a_mistyped_name():
    def score(spelling):
        return Suggester(HOSPITALS, {}, frozenset()).suggest(spelling)[0].score

    assert max(map(score, ("云泽市听澜医院药房", "云泽市听澜医院(东院区)"))) < score("云泽市听兰医院")


@pytest.mark.parametrize("spelling", ["青麦医药有限公司", "合计大药房", "总和医院", "???"])
def test_what_is_like_nothing_suggests_nothing(spelling):
    assert first(spelling) is None


@pytest.mark.parametrize("spelling", ["云舒平", "通用名甲(云舒平)", "YSPP", "云书平片"])
def test_other_spellings_of_a_product_suggest_it(spelling):
    assert first(spelling, PRODUCTS)[0] in ("P1", "P2")


def test_a_product_of_another_pack_is_never_suggested():
    found = Suggester(PRODUCTS, {}, frozenset()).suggest("云舒平 10mg×14片")
    assert [one.code for one in found] == ["P2"]
    assert Suggester(PRODUCTS[:1], {}, frozenset()).suggest("云舒平 10mg×14片") == ()
    assert Suggester(PRODUCTS[:1], {}, frozenset()).suggest("云舒平", "10mg*14片") == ()


def test_what_the_name_was_confirmed_for_elsewhere_comes_first():
    assert first("客户甲", suggesting={"客户甲": [2]}) == ("H002", CALLED_SO)
    assert first("澄湖中心医院新大楼药剂科", suggesting={"澄湖中心医院新大楼药剂科室": [1]}) == ("H001", CALLED_LIKE)


def test_hospitals_the_distributor_delivers_to_come_first_among_equals():
    assert first("中心医院", likelier=frozenset({2}))[0] == "H002"
    assert first("中心医院", likelier=frozenset({3}))[0] == "H003"


def test_what_makes_a_company_of_a_name_tells_no_two_distributors_apart():
    assert first("甲医药有限公司", [entry(1, "D1", "甲医药")], is_company=True) == ("D1", SAME_CORE)


def test_at_most_five_are_suggested():
    many = [entry(number, f"H{number}", f"云泽市第{number}人民医院", city="云泽市") for number in range(20)]
    assert len(Suggester(many, {}, frozenset()).suggest("云泽市人民医院")) == 5
