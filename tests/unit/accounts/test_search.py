"""Ranking what somebody typed: characters, pinyin, initials, slips of the finger."""

import random

import pytest

from repcrm.accounts.pinyin import initials_column, pinyin_column, readings_of_person
from repcrm.accounts.search import Entry, Wanted, rank, slips_allowed


def entry(number, name, code=""):
    readings = readings_of_person(name)
    return Entry(number, name, pinyin_column(readings, 300), initials_column(readings, 60), code)


PEOPLE = [
    entry(number, name)
    for number, name in enumerate(["张三", "张伟", "章炜", "曾伟", "吕方", "王芳", "张三丰", "周三", "李小明"])
]


def found(query, limit=10):
    return [one.name for one in rank(Wanted.read(query), PEOPLE, limit)]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("张", ["张三", "张伟", "张三丰", "章炜"]),
        ("张三", ["张三", "张三丰"]),
        ("三丰", ["张三丰"]),
        ("zs", ["周三", "张三", "张三丰"]),
        ("zhangs", ["张三", "张三丰"]),
        ("ZHANG SAN", ["张三", "张三丰"]),
        ("ceng", ["曾伟"]),
        ("zengwei", ["曾伟"]),
        ("lufang", ["吕方"]),
        ("lvf", ["吕方"]),
        ("lüfang", ["吕方"]),
        ("sanfeng", ["张三丰"]),
    ],
)
def test_characters_readings_and_initials_find_the_same_people(query, names):
    assert found(query) == names


def test_a_wrong_character_of_the_same_sound_finds_the_right_one():
    assert found("李晓明") == ["李小明"]


@pytest.mark.parametrize("typed", ["lixaoming", "lixiaomng", "lixioaming", "lixiiaoming", "lixiaominh"])
def test_a_letter_missing_doubled_swapped_or_wrong_does_not_matter(typed):
    assert found(typed) == ["李小明"]


def test_slips_are_not_looked_for_while_something_fits():
    assert found("zhangwei") == ["张伟", "章炜"]  # not 曾伟, one letter away


def test_short_words_are_taken_at_their_word():
    assert [slips_allowed(word) for word in ("zs", "zha", "zhan", "zhangsan")] == [0, 0, 1, 2]
    assert found("xyz") == []


@pytest.mark.parametrize("nothing", ["", "   ", "···", "%", "_"])
def test_signs_alone_find_nobody(nothing):
    assert found(nothing) == []


def test_the_order_of_the_candidates_does_not_matter():
    shuffled = random.Random(7).sample(PEOPLE, len(PEOPLE))
    assert [one.id for one in rank(Wanted.read("z"), shuffled, 9)] == [
        one.id for one in rank(Wanted.read("z"), PEOPLE, 9)
    ]


def test_no_more_than_asked_for_come_back():
    assert found("z", limit=2) == found("z")[:2]


def test_a_code_finds_its_owner_first():
    people = [*PEOPLE, entry(99, "无名", code="ZS01")]
    assert rank(Wanted.read("zs01"), people, 3)[0].name == "无名"
