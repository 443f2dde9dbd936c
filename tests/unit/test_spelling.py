"""What the spellings of a name have in common."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repcrm.spelling import key, name_key, simplified


@pytest.mark.parametrize(
    "spelling",
    [
        "云泽市听澜医院", "云泽市 听澜 医院", "雲澤市聽瀾醫院", "云澤市听澜医院", "云泽市听澜医院\u200b",
        " 云泽市·听澜医院 ",
    ],
)  # fmt: skip
def test_blanks_and_traditional_characters_make_no_other_name(spelling):
    assert name_key(spelling) == name_key("云泽市听澜医院")


def test_every_traditional_character_is_known_not_a_handful():
    assert simplified("瀘縣婦幼保健醫療集團龍膽瀉肝鹽酸鈉") == "泸县妇幼保健医疗集团龙胆泻肝盐酸钠"


def test_numbers_in_a_name_stay_apart():
    assert name_key("第1-12卫生站") != name_key("第11-2卫生站")
    assert key("第1-12卫生站") == key("第11-2卫生站")  # words of a header: punctuation says nothing


def test_brackets_say_nothing_but_what_stands_in_them_does():
    assert name_key("听澜医院（东院区）") == name_key("听澜医院东院区") != name_key("听澜医院")


@given(st.text(alphabet="云雲泽澤医院醫（）()-1２aＡ ·", max_size=12))
def test_a_comparable_name_stays_as_it_is(name):
    assert name_key(name_key(name)) == name_key(name)
