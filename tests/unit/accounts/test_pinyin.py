"""Reading names: surnames with several readings, ü, short names, and what people type."""

import pytest

from repcrm.accounts.pinyin import (
    SURNAMES,
    initials_column,
    pinyin_column,
    plain,
    readings_of_person,
    readings_of_place,
    spellings,
)


@pytest.mark.parametrize(
    ("name", "pinyin", "initials"),
    [
        ("张三", "zhangsan", "zs"),
        ("曾小贤", "zengxiaoxian cengxiaoxian", "zxx cxx"),
        ("单田方", "shantianfang dantianfang", "stf dtf"),
        ("吕方", "lvfang lufang", "lf"),
        ("仇和", "qiuhe chouhe", "qh ch"),
        ("区志明", "ouzhiming quzhiming", "ozm qzm"),
        ("欧阳明", "ouyangming", "oym"),
        ("万俟明", "moqiming wansiming", "mqm wsm"),
        ("阿依古丽·买买提", "ayigulimaimaiti", "ayglmmt"),
        ("John Smith", "johnsmith", "j"),
    ],
)
def test_every_reading_of_a_name_is_kept(name, pinyin, initials):
    readings = readings_of_person(name)
    assert pinyin_column(readings, 300) == pinyin
    assert initials_column(readings, 60) == initials


def test_the_map_holds_some_forty_surnames_that_are_misread():
    assert len(SURNAMES) >= 40
    for surname in "单仇曾解查任区华盖朴翟吕":
        assert surname in SURNAMES


def test_a_given_name_is_not_read_like_a_surname():
    assert pinyin_column(readings_of_person("王曾"), 300) == "wangceng"


def test_a_hospital_is_found_under_its_full_and_its_short_name():
    readings = readings_of_place("东海市人民医院", "东海人医")
    assert initials_column(readings, 200) == "dhsrmyy dhry"


def test_a_character_of_place_names_is_read_both_ways():
    assert set(pinyin_column(readings_of_place("长征医院"), 600).split()) == {"changzhengyiyuan", "zhangzhengyiyuan"}


def test_a_column_never_grows_beyond_its_length():
    assert pinyin_column([("abc",), ("defg",)], 7) == "abc"
    assert pinyin_column([("abcdef",)], 4) == "abcd"


def test_what_is_typed_is_compared_without_blanks_dots_and_umlauts():
    assert plain(" Zhang·San ") == "zhangsan"
    assert plain("Lü") == plain("lyu") == "lv"


def test_characters_and_letters_may_be_mixed():
    assert spellings("张w") == ["zhangw"]
    assert spellings("吕f") == ["lvf", "luf"]
